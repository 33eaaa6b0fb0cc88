"""Every number that bounds what is taken: below it, at it, and beyond it."""

import dataclasses

import pandas as pd
import pytest

from riskmap.ingest.boundary_checks import distance_to_line_km
from riskmap.ingest.options import IngestOptions
from riskmap.ingest.raw import Limits

# where each limit of a file is tested at n - 1, n and n + 1
LIMITS = {
    "bytes": "test_reading", "rows": "test_reading", "columns": "test_reading",
    "line_chars": "test_reading", "depth": "test_reading", "members": "test_formats",
    "ratio": "test_formats",
    # the kernel counts these, in pages and seconds: bounded, not exact
    "memory_bytes": "test_hostile", "cpu_s": "test_hostile",
}  # fmt: skip

HERE = {
    "earliest_year", "far_km", "river_km", "wrong_side_km", "coarsest_m",
    "most_harmed", "region", "jurisdiction_km",
}  # fmt: skip

NEAR_KM = 0.001


def codes(batch):
    return set(batch.faults["code"])


def away_km(lon, lat, line):
    """How far a point lies from the line, as the checks measure it."""
    found = distance_to_line_km(pd.Series([lon]), pd.Series([lat]), line)
    return float(found["km"].iloc[0])


def test_every_bound_is_tested():
    assert {field.name for field in dataclasses.fields(Limits)} == set(LIMITS)
    own = {field.name for field in dataclasses.fields(IngestOptions)}
    assert own - {"limits"} == HERE


@pytest.mark.parametrize(("year", "fits"), [(2015, True), (2016, True), (2017, False)])
def test_the_earliest_year_is_itself_possible(year, fits, read_rows):
    found = read_rows({"date": "2016-02-03"}, earliest_year=year)
    assert ("date_too_early" not in codes(found)) is fits


@pytest.mark.parametrize(("most", "fits"), [(4, False), (5, True), (6, True)])
def test_as_many_may_be_harmed_as_the_number_says(most, fits, read_rows):
    found = read_rows({"dead": "5"}, most_harmed=most)
    assert ("count_too_large" not in codes(found)) is fits


@pytest.mark.parametrize(("most", "fits"), [(999, False), (1_000, True), (1_001, True)])
def test_a_place_may_be_as_coarse_as_the_number_says(most, fits, read_rows):
    found = read_rows({"accuracy": "1000"}, coarsest_m=float(most))
    assert ("place_is_area" not in codes(found)) is fits


@pytest.mark.parametrize("side", [0, 1, 2, 3])
def test_the_edge_of_the_region_lies_in_it(side, read_rows):
    lon, lat = -110.5203, 31.4501
    inside = [-130.0, 14.0, -65.0, 50.0]
    edge = (lon, lat, lon, lat)[side]
    inward = 1 if side < 2 else -1
    for step, fits in ((-1, True), (0, True), (1, False)):
        region = list(inside)
        region[side] = edge + inward * step * 1e-6
        found = read_rows({}, region=tuple(region))
        assert (not codes(found)) is fits


@pytest.mark.parametrize(("more", "fits"), [(-1, False), (0, True), (1, True)])
def test_a_record_may_lie_as_far_from_the_line_as_the_number_says(
    more, fits, read_rows, line
):
    km = away_km(-110.5203, 31.4501, line)
    found = read_rows({}, far_km=km + more * NEAR_KM)
    assert ("coordinates_far_from_border" not in codes(found)) is fits


@pytest.mark.parametrize(("more", "fits"), [(-1, False), (0, True), (1, True)])
def test_a_body_in_the_river_may_lie_as_far_as_the_number_says(
    more, fits, read_rows, line
):
    km = away_km(-110.5203, 31.4501, line)
    found = read_rows({"place": "Rio Grande"}, river_km=km + more * NEAR_KM)
    assert ("coordinates_far_from_river" not in codes(found)) is fits


@pytest.mark.parametrize(("more", "fits"), [(-1, False), (1, True)])
def test_the_wrong_side_is_allowed_beyond_the_accuracy(more, fits, read_rows, line):
    # the sum of both is no number that floats hold to the last digit
    km = away_km(-110.5203, 31.4501, line) - 0.1
    found = read_rows({"country": "MX"}, wrong_side_km=km + more * NEAR_KM)
    assert ("country_contradicts" not in codes(found)) is fits


def test_the_margin_of_a_county_has_one_threshold(read_rows):
    row = {"district": "Cochise", "state": "Arizona"}

    def fits(km):
        return "outside_municipio" not in codes(read_rows(row, jurisdiction_km=km))

    # Cochise begins at -110.4: 0.1203 degrees at 31.45 degrees north, less 100 m
    low, high = 0.0, 40.0
    for _ in range(14):
        middle = (low + high) / 2
        low, high = (low, middle) if fits(middle) else (middle, high)
    assert high == pytest.approx(11.43 - 0.1, abs=0.1)

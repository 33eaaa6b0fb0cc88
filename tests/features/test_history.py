"""History layers: rates worked out by hand, and records that are not all alike."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from riskmap.cells import points_to_cells
from riskmap.features.build import layers_named
from riskmap.features.history import HALF_LIFE_YEARS

DEATHS, EXPOSURE, DROWNING, VIOLENCE, YEARS = layers_named(
    [
        "migrant_death_events_per_100km2_year",
        "exposure_death_events_per_100km2_year",
        "drowning_events_per_100km2_year",
        "violence_events_per_100km2_year",
        "life_saving_record_years",
    ]
)
HALF_LIFE = HALF_LIFE_YEARS["life_saving"]


def a_day(day):
    return pd.Timestamp(day, tz="UTC")


def total_per_year(rate, inputs):
    """Incidents a year over all cells under record."""
    return float((rate * inputs.cells["area_km2"]).sum() / 100)


@pytest.fixture
def watched(inputs):
    """Both sides watched for deaths, all along, since 2017."""
    coverage = inputs.coverage.iloc[:1].assign(
        from_km=0.0, to_km=3_182.0, from_on="2017-01-01", to_on=""
    )
    return replace(inputs, coverage=coverage)


def aged_years(first, as_of, half_life=HALF_LIFE):
    """Years of record, each counting less the longer ago: the integral of 2^(-t/H)."""
    years = (a_day(as_of) - a_day(first)).days / 365.25
    return half_life / np.log(2) * (1 - 0.5 ** (years / half_life))


def test_one_incident_adds_up_to_its_aged_share_of_the_record(watched):
    one = watched.incidents.iloc[:1]
    rate = DEATHS.compute(replace(watched, incidents=one))
    age = (watched.as_of - one["occurred_on"].iloc[0]).days / 365.25
    expected = 0.5 ** (age / HALF_LIFE) / aged_years("2017-01-01", "2021-01-01")
    assert total_per_year(rate, watched) == pytest.approx(expected, rel=1e-6)


def test_one_incident_a_year_is_one_a_year(watched):
    days = pd.date_range("2017-01-01", "2020-12-31", freq="1D", tz="UTC")
    one = watched.incidents.iloc[[0] * len(days)]
    daily = one.assign(occurred_on=days).set_index(
        pd.Index([f"ev-{n}" for n in range(len(days))], name="event_id")
    )
    rate = DEATHS.compute(replace(watched, incidents=daily))
    assert total_per_year(rate, watched) == pytest.approx(365.25, rel=1e-3)


def test_none_of_an_incident_falls_where_nobody_records(inputs):
    one = inputs.incidents.iloc[:1]
    for to_km in (2_311.0, 2_340.0):
        some = replace(
            inputs,
            incidents=one,
            coverage=inputs.coverage.iloc[:1].assign(to_km=to_km),
        )
        rate = DEATHS.compute(some)
        assert total_per_year(rate, some) == pytest.approx(
            0.5 ** (550 / 365.25 / HALF_LIFE) / aged_years("2018-01-01", "2021-01-01"),
            rel=1e-6,
        )


def test_a_short_record_does_not_look_like_few_incidents(watched):
    first = watched.incidents["occurred_on"].min().strftime("%Y-%m-%d")
    late = watched.coverage.assign(from_on="2019-01-01")
    short = replace(watched, coverage=late)
    assert first >= "2018"
    deaths = replace(short, incidents=short.incidents.iloc[:2])
    known_long = replace(watched, incidents=watched.incidents.iloc[:2])
    assert total_per_year(DEATHS.compute(deaths), short) > total_per_year(
        DEATHS.compute(known_long), watched
    )


def test_an_incident_before_the_record_began_does_not_count(watched):
    late = watched.coverage.assign(from_on="2020-01-01")
    rate = DEATHS.compute(replace(watched, coverage=late))
    after = watched.incidents[watched.incidents["occurred_on"] >= a_day("2020-01-01")]
    assert rate.equals(DEATHS.compute(replace(watched, coverage=late, incidents=after)))


def test_an_older_incident_counts_less(watched):
    one = watched.incidents.iloc[:1]
    old = one.assign(occurred_on=one["occurred_on"] - pd.Timedelta(days=365))
    new = DEATHS.compute(replace(watched, incidents=one))
    less = DEATHS.compute(replace(watched, incidents=old))
    assert (less / new).dropna().to_numpy() == pytest.approx(
        0.5 ** (365 / 365.25 / HALF_LIFE)
    )


def test_a_rough_place_is_spread_flatter_but_counts_as_much(watched):
    one = watched.incidents.iloc[:1]
    sharp = DEATHS.compute(replace(watched, incidents=one))
    rough = one.assign(accuracy_m=10_000.0)
    flat = DEATHS.compute(replace(watched, incidents=rough))
    assert flat.max() < sharp.max()
    assert flat.min() > sharp.min()
    assert total_per_year(flat, watched) == pytest.approx(
        total_per_year(sharp, watched), rel=0.01
    )


def test_the_rate_is_highest_where_it_happened(watched):
    one = watched.incidents.iloc[:1]
    rate = DEATHS.compute(replace(watched, incidents=one))
    here = points_to_cells(one.geometry.x, one.geometry.y, 7)[0]
    assert rate.idxmax() == here


def test_causes_are_parts_of_the_whole(watched):
    whole, exposure, drowning = (
        layer.compute(watched) for layer in (DEATHS, EXPOSURE, DROWNING)
    )
    assert (exposure + drowning <= whole + 1e-12).all()
    assert exposure.sum() > 0
    assert drowning.sum() > 0
    assert not exposure.equals(drowning)


def test_violence_is_no_migrant_death(watched):
    only_violence = watched.incidents[watched.incidents["purpose"] == "public_safety"]
    assert DEATHS.compute(replace(watched, incidents=only_violence)).max() == 0


def test_a_month_not_yet_over_is_not_known(watched):
    august = watched.incidents.iloc[[2]]
    for as_of, known in (("2020-08-31", False), ("2020-09-01", True)):
        rate = DEATHS.compute(replace(watched, incidents=august, as_of=a_day(as_of)))
        assert (rate.max() > 0) == known


def test_an_incident_outside_the_cells_does_not_count(watched):
    away = watched.incidents.iloc[:1].set_geometry(
        watched.incidents.geometry.iloc[:1].translate(xoff=3.0)
    )
    assert DEATHS.compute(replace(watched, incidents=away)).max() == 0


def test_years_of_record_are_counted_once_for_two_sources(watched):
    second = watched.coverage.assign(
        source="pcoeme", from_on="2015-01-01", to_on="2018-12-31"
    )
    both = replace(watched, coverage=pd.concat([watched.coverage, second]))
    years = YEARS.compute(both)
    assert years.to_numpy() == pytest.approx(6.0, abs=0.01)


def test_the_record_ends_on_the_day_asked_for(watched):
    early = replace(watched, as_of=a_day("2018-01-01"))
    assert YEARS.compute(early).to_numpy() == pytest.approx(1.0, abs=0.01)
    before = replace(watched, as_of=a_day("2016-06-01"))
    assert YEARS.compute(before).isna().all()
    assert DEATHS.compute(before).isna().all()


def test_a_source_that_nobody_described_is_taken_at_its_records(inputs):
    # better assumed than dropped in silence
    strange = inputs.incidents.iloc[:4].assign(source="a_sheriff")
    bare = replace(inputs, incidents=strange, coverage=inputs.coverage.iloc[1:])
    assert DEATHS.compute(bare).max() > 0


def test_violence_forgets_sooner_than_deaths():
    assert HALF_LIFE_YEARS["public_safety"] < HALF_LIFE_YEARS["life_saving"]


def test_violence_counts_its_own_half_life(inputs):
    here = inputs.incidents[inputs.incidents["purpose"] == "public_safety"]
    one = here.iloc[:1].assign(occurred_on=a_day("2020-01-01"))
    old = one.assign(occurred_on=a_day("2018-01-01"))
    new, less = (
        VIOLENCE.compute(replace(inputs, incidents=events)) for events in (one, old)
    )
    assert (less / new).dropna().to_numpy() == pytest.approx(0.5, abs=1e-3)

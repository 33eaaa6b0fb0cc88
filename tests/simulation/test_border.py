"""The made border: its truth adds up, its gaps are gaps, its change is a change."""

import numpy as np
import pandas as pd
import pytest
import shapely

from riskmap import cells as h3_cells
from riskmap.boundary import CorridorOptions, corridor_cells
from riskmap.errors import OptionError
from riskmap.history.ground import lay_ground
from riskmap.pipeline.simulation import _boundary
from riskmap.simulation.border import (
    SOURCE,
    BorderOptions,
    draw_deaths,
    made_coverage,
    made_routes,
    true_intensity,
)

OPTIONS = BorderOptions(years=8, change_year=2014)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    boundary = _boundary(tmp_path_factory.mktemp("border"))
    corridor = CorridorOptions(half_width_km=40.0, resolution=6)
    cells = corridor_cells(boundary, corridor)
    return cells, true_intensity(lay_ground(cells), OPTIONS), boundary


def test_the_truth_adds_up_to_the_deaths_of_a_year(world):
    _, truth, _ = world
    for year in (2010, 2017):
        total = truth.filter(like=f"_{year}").to_numpy().sum()
        assert total == pytest.approx(OPTIONS.deaths_per_year)
    assert (truth >= 0).all().all()


def near_route(cells, name, reach_deg=0.1):
    points = shapely.points(cells["x"], cells["y"])
    return shapely.distance(points, made_routes()[name]) < reach_deg


def test_one_route_is_given_up_for_another_in_the_year_of_change(world):
    cells, truth, _ = world
    held = {
        (name, year): truth.loc[near_route(cells, name), f"exposure_{year}"].sum()
        for name in ("old", "new", "lasting")
        for year in (2013, 2014)
    }
    assert held["old", 2014] < held["old", 2013] / 4
    assert held["new", 2013] < held["new", 2014] / 4
    ratio = held["lasting", 2014] / held["lasting", 2013]
    assert ratio == pytest.approx(1, abs=0.3)
    still = true_intensity(lay_ground(cells), BorderOptions(years=8, change_year=0))
    assert np.allclose(still["exposure_2010"], still["exposure_2017"])


def test_nothing_is_recorded_where_or_when_nobody_watches(world):
    cells, truth, boundary = world
    deaths = draw_deaths(cells, truth, OPTIONS)
    length = float(boundary["to_km"].max())
    coverage = made_coverage(OPTIONS, length)
    assert set(coverage["source"]) == {SOURCE} == set(deaths["source"])
    low, high = OPTIONS.gap_km
    assert (coverage["to_km"] <= low).any()
    assert (coverage["from_km"] >= high).any()
    assert len(deaths) < truth.to_numpy().sum()
    fine = deaths[deaths["accuracy_m"] == 100]
    found = cells.index.get_indexer(
        h3_cells.points_to_cells(fine["lon"], fine["lat"], 6)
    )
    km = cells["km"].to_numpy()[found[found >= 0]]
    # a record may lie a cell's width from where it was drawn
    assert not ((km > low + 8) & (km < high - 8)).any()
    assert ((km < low).sum(), (km > high).sum()) > (100, 100)
    south = coverage[coverage["side"] == "MX"]
    assert (south["from_on"].dt.year == OPTIONS.mx_from_year).all()


def test_the_same_seed_gives_the_same_deaths_and_another_does_not(world):
    cells, truth, _ = world
    first, second = (draw_deaths(cells, truth, OPTIONS) for _ in range(2))
    assert first.equals(second)
    other = draw_deaths(cells, truth, BorderOptions(seed=1, years=8, change_year=2014))
    assert not first["lon"].equals(other["lon"])


def test_what_is_drawn_is_what_the_truth_expects(world):
    cells, truth, _ = world
    whole = BorderOptions(
        years=8,
        change_year=2014,
        found_us=1.0,
        found_mx=1.0,
        gap_km=(-2.0, -1.0),
        mx_from_year=2010,
    )
    deaths = draw_deaths(cells, truth, whole)
    expected = truth.to_numpy().sum()
    assert len(deaths) == pytest.approx(expected, abs=4 * np.sqrt(expected))
    drowned = (deaths["cause"] == "drowning").mean()
    share = truth.filter(like="drowning").to_numpy().sum() / expected
    assert drowned == pytest.approx(share, abs=0.05)


@pytest.mark.parametrize(
    ("name", "value"), [("years", 0), ("deaths_per_year", 0.0), ("found_mx", 1.5)]
)
def test_numbers_that_make_no_border_are_refused(name, value):
    with pytest.raises(OptionError):
        BorderOptions(**{name: value})


def test_days_lie_in_their_years(world):
    cells, truth, _ = world
    days = pd.to_datetime(draw_deaths(cells, truth, OPTIONS)["date"])
    assert days.dt.year.between(2010, 2017).all()

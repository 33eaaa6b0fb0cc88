"""Boundary checks: the same answer as the geometry that cells are made by."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from riskmap.boundary import (
    boundary_line,
    kilometres_along,
    read_boundary,
    side_of,
)
from riskmap.ingest.boundary_checks import (
    RIVER_WORDS,
    distance_to_line_km,
    surely_within,
)

DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.fixture(scope="module")
def reaches():
    return read_boundary(DATA / "boundary" / "boundary.geojson")


@pytest.fixture(scope="module")
def places(reaches):
    random = np.random.default_rng(7)
    x, y = random.uniform(-117, -97.3, 400), random.uniform(25.5, 33, 400)
    points = pd.DataFrame({"x": x, "y": y})
    return points.join(distance_to_line_km(points["x"], points["y"], reaches))


def test_the_side_is_that_of_the_corridor(places, reaches):
    sides = side_of(reaches, places["x"], places["y"])
    assert (places["side"] == sides).all()


def test_the_distance_is_the_one_on_the_ellipsoid_to_a_third_of_a_percent(
    places, reaches
):
    _, km = kilometres_along(boundary_line(reaches), places["x"], places["y"])
    near = km < 300
    assert near.sum() > 200
    np.testing.assert_allclose(places.loc[near, "km"], km[near], rtol=0.0033, atol=0.05)


@pytest.mark.parametrize("far_km", [50, 500, 1_500])
def test_what_is_surely_near_is_near(places, reaches, far_km):
    sure = surely_within(places["x"], places["y"], reaches, far_km)
    assert (places.loc[sure, "km"] < far_km).all()
    assert sure.any()
    far = pd.Series([-66.2]), pd.Series([14.1])
    assert surely_within(*far, reaches, 2_000).tolist() == [False]


@pytest.mark.parametrize(
    ("text", "names_river"),
    [
        ("Río Bravo, Piedras Negras", True),
        ("on the RIO GRANDE near Laredo", True),
        ("Rio Grande City, Starr County", False),
        ("Rio Grande Valley Sector", False),
        ("Rio Grande, Sector 5", False),
        ("Rancho Grande", False),
    ],
)
def test_the_border_river_is_told_from_what_is_named_after_it(text, names_river):
    assert pd.Series([text]).str.contains(RIVER_WORDS).tolist() == [names_river]

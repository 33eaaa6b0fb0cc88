"""Points leave at the centre of their cell, or moved alike every time."""

import numpy as np
import pandas as pd
import pyproj

from riskmap.sharing.points import jittered, to_cell_centres

RADIUS_M = 5_000.0


def records(number):
    names = [f"r{n}" for n in range(number)]
    return pd.DataFrame({"x": -110.0, "y": 31.0}, index=names)


def test_a_move_is_the_same_whenever_and_with_whomever_it_is_asked():
    asked = {"audience": "MX", "secret": b"s", "radius_m": RADIUS_M}
    all_of_them = jittered(records(50), **asked)
    one = jittered(records(50).iloc[[7]], **asked)
    assert one.equals(all_of_them.iloc[[7]])
    assert not jittered(records(50), **(asked | {"audience": "US"})).equals(all_of_them)
    assert not jittered(records(50), **(asked | {"secret": b"t"})).equals(all_of_them)


def test_moves_fill_the_disc_evenly_and_stay_within_it():
    moved = jittered(records(4000), audience="MX", secret=b"s", radius_m=RADIUS_M)
    _, _, metres = pyproj.Geod(ellps="WGS84").inv(
        np.full(4000, -110.0), np.full(4000, 31.0), moved["x"], moved["y"]
    )
    assert metres.max() <= RADIUS_M + 1e-6
    # half of a disc's area lies within 1/sqrt(2) of its radius
    assert abs((metres < RADIUS_M / np.sqrt(2)).mean() - 0.5) < 0.03


def test_points_of_one_cell_cannot_be_told_apart():
    x, y = [-110.94, -110.941, -105.0], [31.33, 31.331, 31.0]
    centres = to_cell_centres(x, y, 5)
    assert centres.iloc[0].equals(centres.iloc[1])
    assert not centres.iloc[0].equals(centres.iloc[2])

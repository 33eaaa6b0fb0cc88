"""One reading of grid references for places and files, checked against PROJ."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmap import grids
from riskmap.ingest.projections import read_grid

# on the equator itself either hemisphere may be written
LAT = st.one_of(st.floats(-79.9, -1e-6), st.floats(1e-6, 83.9))
LON = st.floats(-179.9, 179.9)


@settings(max_examples=150, deadline=None)
@given(lon=LON, lat=LAT, digits=st.integers(1, 5))
def test_what_is_written_is_read_within_its_square(lon, lat, digits):
    (text,) = grids.to_mgrs([lon], [lat], digits)
    square = grids.read_square(text)
    assert square is not None, text
    zone, east, north, side, up = square
    (there,), (x,), (y,) = grids.to_utm([lon], [lat])
    assert (zone, up) == (there, lat >= 0)
    assert abs(x - east) <= side / 2 + 1e-6
    assert abs(y - north) <= side / 2 + 1e-6


@settings(max_examples=60, deadline=None)
@given(lon=LON, lat=st.floats(0.1, 83.9))
def test_files_and_places_read_the_same_square(lon, lat):
    (text,) = grids.to_mgrs([lon], [lat])
    assert read_grid(text) == grids.read_square(text)[:4]


@pytest.mark.parametrize(
    "text", ["12R WZ 05708 66176", "61R WV 05708 66176", "12R WV 0570 66176", "12S AA"]
)
def test_letters_of_no_such_zone_or_band_are_no_reference(text):
    assert grids.read_square(text) is None


def test_a_reference_of_the_south_is_none_for_files_and_one_for_places():
    (text,) = grids.to_mgrs([-58.4], [-34.6])
    assert read_grid(text) is None
    assert np.allclose(grids.from_mgrs(text)[:2], [-58.4, -34.6], atol=1e-4)

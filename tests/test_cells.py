"""Cells: h3's own functions as the oracle, and the traps of 64-bit numbers."""

import h3.api.basic_int as oracle
import h3.api.basic_str as oracle_text
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmap import cells
from riskmap.errors import CellIndexError

# the land about the border
WEST, SOUTH, EAST, NORTH = -118.0, 25.0, -97.0, 33.0

lons = st.floats(WEST, EAST)
lats = st.floats(SOUTH, NORTH)


@pytest.fixture(scope="module")
def index():
    rng = np.random.default_rng(7)
    x, y = rng.uniform(WEST, EAST, 300), rng.uniform(SOUTH, NORTH, 300)
    return cells.cell_index(cells.points_to_cells(x, y, 7))


class TestIndex:
    def test_an_index_is_sorted_unique_and_named(self):
        index = cells.cell_index(
            [614553222213795839, 614553222205407231, 614553222205407231]
        )
        assert index.name == "cell"
        assert index.dtype == "uint64"
        assert index.tolist() == [614553222205407231, 614553222213795839]

    def test_cells_that_became_floats_are_refused(self, index):
        with pytest.raises(CellIndexError) as caught:
            cells.cell_index(index.to_numpy().astype(float))
        assert caught.value.fields["reason"] == "dtype"

    def test_a_concat_of_unsigned_and_signed_makes_other_cells_and_is_refused(
        self, index
    ):
        signed = pd.Series(index.to_numpy().astype(np.int64)[:3])
        mixed = pd.concat([pd.Series(index.to_numpy()[3:6]), signed])
        if mixed.dtype.kind == "f":
            assert set(mixed.astype(np.uint64)) != set(index.to_numpy()[:6])
        with pytest.raises(CellIndexError):
            cells.cell_index(mixed)

    def test_an_index_joined_with_a_signed_one_is_refused(self, index):
        signed = pd.Index(index.to_numpy()[:3].astype(np.int64))
        joined = np.append(index.to_numpy()[3:6], signed.to_numpy())
        assert joined.dtype == np.float64
        with pytest.raises(CellIndexError):
            cells.cell_index(joined)

    def test_a_column_with_gaps_is_refused(self, index):
        gaps = pd.Series(index.to_numpy()).where(np.arange(len(index)) > 0)
        with pytest.raises(CellIndexError):
            cells.cell_index(gaps)

    def test_signed_cells_as_a_csv_gives_them_are_taken(self, index):
        signed = index.to_numpy().astype(np.int64)
        assert cells.cell_index(signed).equals(index)

    @pytest.mark.parametrize("wrong", [[0], [1], [-1], [2**63 - 1]])
    def test_numbers_that_are_no_cells_are_refused(self, wrong):
        with pytest.raises(CellIndexError) as caught:
            cells.cell_index(wrong)
        assert caught.value.fields["reason"] == "invalid"

    def test_texts_are_refused(self):
        with pytest.raises(CellIndexError):
            cells.cell_index(["88754e6499fffff"])

    def test_two_resolutions_are_refused(self, index):
        coarse = cells.parents(index[:2], 5)
        with pytest.raises(CellIndexError) as caught:
            cells.cell_index(np.concatenate([coarse, index.to_numpy()]))
        assert caught.value.fields["reason"] == "mixed"

    def test_no_cells_are_an_index(self):
        empty = cells.cell_index([])
        assert len(empty) == 0
        assert empty.dtype == "uint64"


class TestText:
    def test_texts_are_h3s_own(self, index):
        texts = cells.cell_hex(index).tolist()
        assert texts == [oracle.int_to_str(int(cell)) for cell in index]

    def test_texts_come_back_as_the_same_cells(self, index):
        assert (cells.parse_cells(cells.cell_hex(index)) == index.to_numpy()).all()

    @pytest.mark.parametrize(
        "wrong", ["", "zz", "88754e6499ffff", "-1", "0", "nan", "f" * 30, None, 3.5]
    )
    def test_texts_that_are_no_cells_are_refused(self, wrong):
        with pytest.raises(CellIndexError) as caught:
            cells.parse_cells([wrong])
        assert caught.value.fields["reason"] == "text"

    @given(st.text(max_size=20))
    def test_any_text_is_a_cell_or_is_refused(self, text):
        try:
            found = cells.parse_cells([text])
        except CellIndexError:
            return
        assert oracle.is_valid_cell(int(found[0]))


class TestPlaces:
    @given(x=lons, y=lats, resolution=st.integers(0, 12))
    def test_a_point_is_in_the_cell_h3_says(self, x, y, resolution):
        found = cells.points_to_cells([x], [y], resolution)[0]
        assert int(found) == oracle.latlng_to_cell(y, x, resolution)

    def test_a_missing_place_has_no_cell(self):
        found = cells.points_to_cells([np.nan, -110, np.inf], [31, np.nan, 31], 7)
        assert found.tolist() == [0, 0, 0]

    def test_one_missing_place_moves_no_other(self):
        found = cells.points_to_cells([-110, np.nan, -105], [31, 31, 30], 7)
        assert int(found[0]) == oracle.latlng_to_cell(31, -110, 7)
        assert int(found[2]) == oracle.latlng_to_cell(30, -105, 7)

    def test_no_places_have_no_cells(self):
        assert cells.points_to_cells([], [], 7).size == 0

    def test_centres_are_h3s_own(self, index):
        centres = cells.cell_centres(index)
        assert centres.index.equals(index)
        own = np.array([oracle.cell_to_latlng(int(cell)) for cell in index])
        assert np.allclose(centres[["y", "x"]], own, atol=1e-9)

    def test_hexagons_are_h3s_own_and_turn_left(self, index):
        polygons = cells.cell_polygons(index)
        assert polygons.index.equals(index)
        assert polygons.crs.to_epsg() == 4326
        assert polygons.map(lambda shape: shape.exterior.is_ccw).all()
        for cell, polygon in polygons.head(20).items():
            own = shapely.Polygon(
                [(x, y) for y, x in oracle.cell_to_boundary(int(cell))]
            )
            assert (
                polygon.equals_exact(own, 1e-9)
                or polygon.symmetric_difference(own).area < 1e-12
            )

    def test_areas_are_h3s_own(self, index):
        own = [oracle.cell_area(int(cell), unit="km^2") for cell in index]
        areas = cells.cell_areas_km2(index)
        assert areas.name == "area_km2"
        assert np.allclose(areas, own, rtol=1e-9)

    def test_cells_of_the_border_are_larger_than_the_worlds_mean(self):
        x, y = [-117.1, -106.5, -97.15], [32.5, 31.78, 25.95]
        areas = cells.cell_areas_km2(cells.cell_index(cells.points_to_cells(x, y, 7)))
        assert areas.between(5.86, 6.13).all()

    def test_parents_are_h3s_own(self, index):
        own = [oracle.cell_to_parent(int(cell), 5) for cell in index]
        assert cells.parents(index, 5).tolist() == own
        assert (cells.parents(index, 7) == index.to_numpy()).all()

    @pytest.mark.parametrize("resolution", [0, 4, 7, 10, 15])
    def test_the_resolution_is_read_off(self, resolution):
        cell = oracle.latlng_to_cell(31, -110, resolution)
        assert cells.resolution_of(np.array([cell], dtype=np.uint64)) == resolution


class TestFilling:
    @given(x=lons, y=lats, width=st.floats(0.01, 0.3), height=st.floats(0.01, 0.3))
    @settings(max_examples=25, deadline=None)
    def test_no_cell_that_touches_is_left_out(self, x, y, width, height):
        box = shapely.box(x, y, x + width, y + height)
        found = cells.cells_touching(box, 6)
        rng = np.random.default_rng(1)
        xs, ys = rng.uniform(x, x + width, 500), rng.uniform(y, y + height, 500)
        corners = shapely.get_coordinates(box)
        xs, ys = np.append(xs, corners[:, 0]), np.append(ys, corners[:, 1])
        for px, py in zip(xs, ys, strict=True):
            # the oracle of h3 itself, one point at a time
            assert oracle.latlng_to_cell(py, px, 6) in found

    def test_no_cell_far_off_is_taken(self):
        box = shapely.box(-110.2, 31.2, -110, 31.4)
        polygons = cells.cell_polygons(cells.cells_touching(box, 7))
        assert shapely.distance(polygons.to_numpy(), box).max() < 1e-6

    def test_a_hole_is_left_open(self):
        ring = shapely.box(-111, 31, -110, 32) - shapely.box(-110.8, 31.2, -110.2, 31.8)
        middle = oracle.latlng_to_cell(31.5, -110.5, 7)
        assert middle not in cells.cells_touching(ring, 7)

    def test_the_outline_of_a_disk_has_its_area(self):
        middle = oracle.latlng_to_cell(31.5, -110.5, 7)
        disk = cells.cell_index(oracle.grid_disk(middle, 4))
        drawn = cells.outline(disk)
        together = shapely.union_all(cells.cell_polygons(disk))
        assert len(drawn.geoms) == 1
        assert drawn.symmetric_difference(together).area < 1e-9
        assert drawn.geoms[0].exterior.is_ccw

    def test_the_outline_of_a_ring_has_a_hole(self):
        middle = oracle.latlng_to_cell(31.5, -110.5, 7)
        ring = cells.cell_index(oracle.grid_ring(middle, 3))
        assert len(cells.outline(ring).geoms[0].interiors) == 1

    def test_the_same_cells_give_the_same_outline(self, index):
        texts = {shapely.to_wkt(cells.outline(index)) for _ in range(5)}
        assert len(texts) == 1

    def test_no_cells_have_no_outline(self):
        assert cells.outline(cells.cell_index([])).is_empty


def test_texts_and_numbers_name_the_same_cell():
    text = oracle_text.latlng_to_cell(31.33, -110.94, 7)
    number = cells.parse_cells([text])
    assert number[0] == cells.points_to_cells([-110.94], [31.33], 7)[0]

"""Terrain: a table of one resolution carried to cells of another."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from riskmap import cells
from riskmap.errors import CellIndexError, ColumnMissingError, FileMissingError
from riskmap.features.terrain import COLUMNS, at_cells, read_terrain

DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.fixture
def family():
    """Two parents of resolution 6, and all their children of resolution 8."""
    x, y = np.meshgrid(np.linspace(-111.2, -110.6, 241), np.linspace(31.1, 31.7, 241))
    fine = cells.cell_index(cells.points_to_cells(x.ravel(), y.ravel(), 8))
    parents = cells.parents(fine, 6)
    numbers, counts = np.unique(parents, return_counts=True)
    whole = numbers[counts == 49][:2]
    return cells.cell_index(whole), fine[np.isin(parents, whole)]


def test_a_finer_cell_takes_its_ancestors_value(family):
    coarse, fine = family
    table = pd.DataFrame({"elevation_m": [812.0, 1_200.0]}, index=coarse)
    found = at_cells(table, "elevation_m", fine)
    assert found.value_counts().to_dict() == {812.0: 49, 1_200.0: 49}
    assert found.index.equals(fine)


def test_a_coarser_cell_takes_the_mean_by_area(family):
    coarse, fine = family
    rng = np.random.default_rng(5)
    table = pd.DataFrame({"elevation_m": rng.uniform(0, 999, len(fine))}, index=fine)
    found = at_cells(table, "elevation_m", coarse)
    for cell in coarse:
        mine = cells.parents(fine, 6) == cell
        area_km2 = cells.cell_areas_km2(fine[mine])
        expected = np.average(table["elevation_m"][mine], weights=area_km2)
        assert found[cell] == pytest.approx(expected)


def test_down_and_up_again_gives_back_the_table(family):
    coarse, fine = family
    table = pd.DataFrame({"slope_deg": [3.25, np.nan]}, index=coarse)
    down = at_cells(table, "slope_deg", fine).to_frame()
    back = at_cells(down, "slope_deg", coarse)
    pd.testing.assert_series_equal(back, table["slope_deg"])


def test_children_without_a_value_do_not_count_as_zero(family):
    coarse, fine = family
    table = pd.DataFrame({"elevation_m": np.nan}, index=fine)
    table.iloc[0] = 500.0
    found = at_cells(table, "elevation_m", coarse)
    assert found.dropna().tolist() == [500.0]


def test_a_cell_without_an_ancestor_in_the_table_is_missing(family):
    coarse, fine = family
    table = pd.DataFrame({"elevation_m": [812.0]}, index=coarse[:1])
    assert at_cells(table, "elevation_m", fine).isna().sum() == 49


def test_the_bundled_table_is_read_and_is_land():
    table = read_terrain(DATA / "terrain" / "terrain_r6.csv")
    assert table.columns.tolist() == list(COLUMNS)
    assert cells.resolution_of(table.index) == 6
    assert cells.cell_index(table.index).equals(table.index)
    assert len(table) > 10_000
    assert table["elevation_m"].between(-100, 3_200).all()
    assert table["slope_deg"].between(0, 45).all()
    assert table["ruggedness"].between(0, 0.3).all()


def test_a_missing_file_a_missing_column_and_a_wrong_cell_are_named(tmp_path):
    path = tmp_path / "terrain.csv"
    with pytest.raises(FileMissingError):
        read_terrain(path)
    path.write_text("cell,elevation_m\n8648ec7b7ffffff,1000\n", encoding="utf-8")
    with pytest.raises(ColumnMissingError) as caught:
        read_terrain(path)
    assert caught.value.fields["columns"] == "slope_deg, ruggedness"
    head = ",".join(("cell", *COLUMNS))
    path.write_text(f"{head}\nNogales,1000,3,0\n", encoding="utf-8")
    with pytest.raises(CellIndexError):
        read_terrain(path)

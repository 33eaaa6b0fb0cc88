"""Areas: exact figures of an outline, the interval of a sum, no data said."""

import numpy as np
import pytest
import shapely

from riskmap import pipeline
from riskmap.crs import GEOD
from riskmap.history.spread import dispersion_of, sum_interval
from tests.webmap.tiny import EAST, LINE_Y, NORTH, SOUTH, WEST, tiny_tables

TABLES = tiny_tables()


def box(west, south, east, north):
    return shapely.MultiPolygon([shapely.box(west, south, east, north)])


def area_km2(shape):
    return abs(GEOD.geometry_area_perimeter(shapely.segmentize(shape, 0.01))[0]) / 1e6


def test_each_side_has_its_part_of_the_outline():
    facts = pipeline.describe_area(TABLES, box(-111.0, 31.3, -110.95, 31.4))
    north = area_km2(shapely.box(-111.0, LINE_Y, -110.95, 31.4))
    south = area_km2(shapely.box(-111.0, 31.3, -110.95, LINE_Y))
    assert facts.us_km2 == pytest.approx(north, rel=1e-3)
    assert facts.mx_km2 == pytest.approx(south, rel=2e-3)
    assert facts.area_km2 == pytest.approx(north + south, rel=1e-6)


def test_cells_count_whole_if_their_centre_is_inside():
    facts = pipeline.describe_area(TABLES, box(-111.0, 31.25, -110.9, 31.4))
    cells = TABLES.cells
    inside = cells["x"].between(-111.0, -110.9) & cells["y"].between(31.25, 31.4)
    assert facts.cells.tolist() == cells.index[inside].tolist()
    assert facts.cells_km2 == pytest.approx(cells.loc[inside, "area_km2"].sum())


def test_the_interval_is_that_of_a_sum_and_narrower_than_the_sum_of_ends():
    facts = pipeline.describe_area(TABLES, box(WEST, SOUTH, EAST, NORTH))
    held = TABLES.cells.loc[facts.cells]
    for score, row in facts.scores.iterrows():
        mean, high = held[score].to_numpy(), held[f"{score}_high"].to_numpy()
        assert row["expected"] == pytest.approx(np.nansum(mean))
        assert (row["low"], row["high"]) == pytest.approx(
            sum_interval(mean, dispersion_of(mean, high))
        )
        assert np.nansum(held[f"{score}_low"]) < row["low"] < row["expected"]
        assert row["expected"] < row["high"] < np.nansum(high)


def test_no_data_is_said_and_is_no_zero():
    cells = TABLES.cells
    blind = cells.index[cells["migrant_danger"].isna()]
    place = cells.loc[blind[len(blind) // 2], ["x", "y"]]
    about = box(place.x - 0.01, place.y - 0.01, place.x + 0.01, place.y + 0.01)
    facts = pipeline.describe_area(TABLES, about)
    assert facts.scores["expected"].isna().all()
    assert (facts.scores["no_data_share"] == 1).all()
    assert (facts.watched["no_data_share"] == 1).all()
    assert facts.records.empty


def test_counts_by_kind_and_year_are_those_of_the_register():
    facts = pipeline.describe_area(TABLES, box(WEST, SOUTH, EAST, NORTH))
    rows = TABLES.periods[TABLES.periods["cell"].isin(facts.cells)]
    whole = rows.groupby(["kind", "year"])["events"].sum()
    found = facts.records.set_index(["kind", "year"])["events"]
    assert found.to_dict() == whole.to_dict()
    # violence is watched in one of the three years of records, where anybody looks
    held = TABLES.cells.loc[facts.cells]
    seen = TABLES.watch.loc[facts.cells] > 0
    dark = held.loc[~seen, "area_km2"].sum() / held["area_km2"].sum()
    share = facts.watched["no_data_share"]
    assert share["migrant_death"] == pytest.approx(dark)
    assert share["violence_nonstate"] == pytest.approx(dark + (1 - dark) * 2 / 3)


def test_an_area_within_a_cell_takes_that_cell():
    cell = TABLES.cells.iloc[100]
    corner = (cell.x + 0.004, cell.y + 0.004)
    facts = pipeline.describe_area(
        TABLES, box(*corner, corner[0] + 1e-4, corner[1] + 1e-4)
    )
    assert facts.within_one
    assert facts.cells.tolist() == [TABLES.cells.index[100]]


def test_an_area_outside_the_corridor_holds_no_cell():
    facts = pipeline.describe_area(TABLES, box(-100, 40, -99, 41))
    assert len(facts.cells) == 0
    assert facts.cells_km2 == 0
    assert facts.scores["expected"].isna().all()
    assert facts.area_km2 > 1000


def test_landmarks_are_those_within_the_outline_itself():
    facts = pipeline.describe_area(TABLES, box(-110.935, 31.34, -110.92, 31.36))
    assert facts.landmarks.index.tolist() == ["h-1"]


def test_an_area_is_a_region_for_exports():
    part = pipeline.area_region(TABLES, box(-111.0, 31.25, -110.9, 31.4))
    facts = pipeline.describe_area(TABLES, box(-111.0, 31.25, -110.9, 31.4))
    assert part.cells.tolist() == facts.cells.tolist()
    assert set(part.zones) <= set(TABLES.zones.index)

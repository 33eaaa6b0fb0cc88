"""Effort: hours laid over cells, and what a record there is worth."""

import numpy as np
import pandas as pd
import pytest

from riskmap import cells as h3_cells
from riskmap.errors import (
    CellIndexError,
    EffortFaultyError,
    OptionError,
    TableContractError,
)
from riskmap.history.effort import (
    LEAST_LOOKED,
    MOST_LOOKED,
    lay_effort,
    looked_at,
    read_log,
)
from riskmap.history.options import EffortOptions

CENTRE = h3_cells.points_to_cells([-110.94], [31.35], 7)
RING = h3_cells.cells_touching(h3_cells.cell_polygons(CENTRE).iloc[0], 7)
ROW = {
    "from_on": "2021-01-01",
    "to_on": "2021-01-31",
    "cell": h3_cells.cell_hex(CENTRE)[0],
    "hours": "10",
    "kind": "patrol",
    "state": "done",
    "side": "US",
    "agency": "station",
}


def logged(*rows):
    return read_log(pd.DataFrame([ROW | row for row in rows]), 7)


@pytest.fixture
def cells():
    return h3_cells.cell_areas_km2(RING).to_frame()


def laid(cells, *rows, share=0.5, as_of="2022-01-01"):
    return lay_effort(cells, logged(*rows), as_of=as_of, reported_share=share)


def test_hours_of_a_larger_cell_are_spread_over_its_area(cells):
    parent = h3_cells.parents(RING, 6)
    rows = [{"cell": f"{cell:x}"} for cell in np.unique(parent).tolist()]
    found = laid(cells, *rows).set_index("cell")["hours"]
    for cell in np.unique(parent):
        mine = found[RING[parent == cell]]
        assert mine.sum() == pytest.approx(10)
        density = mine / cells["area_km2"][mine.index]
        assert density.max() == pytest.approx(density.min())


def test_hours_of_smaller_cells_are_added_up(cells):
    below = h3_cells.cells_touching(h3_cells.cell_polygons(CENTRE).iloc[0], 8)
    inside = below[h3_cells.parents(below, 7) == CENTRE[0]][:3]
    found = laid(cells, *({"cell": f"{cell:x}"} for cell in inside.tolist()))
    assert found["hours"].tolist() == [30.0]
    assert found["cell"].tolist() == CENTRE.tolist()


def test_a_cell_looked_at_twice_as_much_yields_what_the_reported_share_says(cells):
    one, other = RING[:2]
    rows = [{"cell": f"{one:x}", "hours": 30}, {"cell": f"{other:x}", "hours": 10}]
    found = laid(cells.assign(area_km2=5.0), *rows, share=0.4)
    # means of 1.5 and 0.5: 0.4 + 0.6 * 1.5 and 0.4 + 0.6 * 0.5
    assert found.set_index("cell")["looked"].round(6).to_dict() == {
        one: 1.3,
        other: 0.7,
    }


def test_one_cell_outweighs_another_ten_times_at_most(cells):
    rows = [{"cell": f"{cell:x}", "hours": 0.0} for cell in RING[1:].tolist()]
    found = laid(cells, {"cell": f"{RING[0]:x}", "hours": 1e6}, *rows, share=0.01)
    assert found["looked"].max() == pytest.approx(MOST_LOOKED)
    assert found["looked"].min() == pytest.approx(LEAST_LOOKED)
    assert pytest.approx(10) == MOST_LOOKED / LEAST_LOOKED


def test_what_is_planned_or_still_to_come_counts_nothing(cells):
    found = laid(cells, {"state": "planned", "hours": 99}, {"hours": 1})
    assert found["hours"].tolist() == [1.0]
    assert laid(cells, {}, as_of="2021-01-31").empty


def test_the_log_of_one_side_of_the_wall_corrects_nothing_on_the_other(cells):
    one, other = RING[:2]
    rows = [{"cell": f"{one:x}", "hours": 30}, {"cell": f"{other:x}", "hours": 10}]
    found = laid(cells, *rows)
    assert looked_at(RING, found, "life_saving") is None
    patrols = looked_at(RING, found, "public_safety")
    assert patrols[0] > 1 > patrols[1]
    # cells that no log names are unknown: neither more nor less
    assert (patrols[2:] == 1).all()


def test_nobody_having_said_the_reported_share_corrects_nothing(cells):
    one, other = RING[:2]
    rows = [{"cell": f"{one:x}", "hours": 30}, {"cell": f"{other:x}", "hours": 10}]
    assert looked_at(RING, laid(cells, *rows, share=0.0), "public_safety") is None


def test_a_point_becomes_its_cell():
    row = {key: value for key, value in ROW.items() if key != "cell"}
    row |= {"latitude": "31.35", "longitude": "-110.94"}
    assert read_log(pd.DataFrame([row]), 7)["cell"].tolist() == [ROW["cell"]]


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ({"hours": "-1"}, TableContractError),
        ({"hours": "many"}, TableContractError),
        ({"kind": "raid"}, TableContractError),
        ({"cell": "not a cell"}, CellIndexError),
        ({"from_on": "31/01/2021"}, EffortFaultyError),
        ({"to_on": "2020-12-31"}, EffortFaultyError),
        ({"hours": "0"}, EffortFaultyError),
    ],
)
def test_a_wrong_row_is_refused(row, error):
    with pytest.raises(error):
        logged(row)


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_out_of_range_is_refused(share):
    with pytest.raises(OptionError):
        EffortOptions(reported_share=share)

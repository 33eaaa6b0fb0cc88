"""Counting puts each record in its cell, and none that has no cell."""

import pandas as pd

from riskmap import cells
from riskmap.sharing.counting import count_records, lay_grid

INDEX = cells.cell_index([0x8748EC7B4FFFFFF])


def counted(area):
    centre = cells.cell_centres(INDEX).iloc[0]
    records = pd.DataFrame(
        {
            "x": [centre.x] * 3,
            "y": [centre.y] * 3,
            "kind": ["rescue"] * 3,
            "source": ["a"] * 3,
            "stratum": ["open"] * 3,
            "occurred_on": pd.to_datetime(["2020-05-01"] * 3, utc=True),
            "time_precision": ["day"] * 3,
            "area": area,
        }
    )
    found = count_records(
        records,
        {"life_saving": lay_grid(INDEX, (4, 5))},
        {"rescue": "life_saving"},
        years=["2020"],
        epoch="year",
    )
    return {one.stratum: one.counts for one in found}


def test_the_middle_of_an_area_is_in_no_cell_and_in_no_sum():
    # the whole, and a cell of each resolution; all kinds, and the one
    assert counted(["", "", ""])["open"].tolist() == [[[3], [3]]] * 3
    assert counted(["04003", "", None])["open"].tolist() == [[[2], [2]]] * 3
    assert not counted(["04003"] * 3)["open"].any()

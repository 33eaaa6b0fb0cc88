"""Danger: how a score's mean changed, by hand, and blocks of time drawn anew."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmap.history.ground import Placed
from riskmap.hotspots.danger import DANGER_TABLE, danger_rows, draw_blocks
from riskmap.schema import check_table

BLOCK_DAYS = 10


def events_on(days):
    day = np.sort(np.array(days, dtype=np.int64))
    nowhere = np.zeros((1, 2))
    return Placed(
        day=day,
        known_day=day + 1,
        site=np.arange(len(day)),
        site_cell=np.zeros(len(day), dtype=np.intp),
        site_xy_km=nowhere,
        site_lonlat=nowhere,
        site_spread_km=np.zeros(len(day)),
    )


def test_an_area_that_doubled_while_the_controls_rose_by_half():
    # 1 became 2, in the controls 2 became 3: (2 / 1) / (3 / 2) = 1.333
    rows = danger_rows(np.array([[1.0, 2.0]]), np.array([[2.0, 3.0]]), (), 0.05)
    assert rows["ratio"].tolist()[0] == pytest.approx(4 / 3)
    assert rows["change"].tolist() == [1, 1]
    assert np.isnan(rows["low"]).all()
    check_table(rows, DANGER_TABLE, name="danger")


def test_an_interval_is_as_wide_as_the_drawn_scores_vary():
    # logs of three draws 0, ln 2 and -ln 2: deviation ln 2, t of 2 degrees 4.303
    after = np.array([[1.0, 1.0], [1.0, 1.0], [2.0, 1.0], [0.5, 1.0]])
    rows = danger_rows(np.ones((4, 2)), after, (), 0.05)
    assert rows["high"].iloc[0] == pytest.approx(2**4.302653, rel=1e-5)
    assert rows["low"].iloc[0] == pytest.approx(2**-4.302653, rel=1e-5)


def test_an_area_of_which_nothing_is_known_has_no_number():
    rows = danger_rows(np.array([[np.nan, 1.0]]), np.array([[1.0, 1.0]]), (), 0.05)
    assert rows.loc[0, ["before", "change", "ratio"]].isna().all()


@given(st.lists(st.integers(-50, 119), max_size=60))
def test_blocks_in_their_own_order_change_nothing(days):
    events = events_on(days)
    kept = draw_blocks(events, np.arange(12), 0, BLOCK_DAYS)
    assert kept.day.tolist() == events.day.tolist()
    assert kept.site.tolist() == events.site.tolist()


@given(
    st.lists(st.integers(-50, 119), max_size=60),
    st.lists(st.integers(0, 11), min_size=12, max_size=12),
)
def test_each_block_gets_what_the_drawn_one_held(days, picks):
    events = events_on(days)
    drawn = draw_blocks(events, np.array(picks), 0, BLOCK_DAYS)
    assert (np.diff(drawn.day) >= 0).all()
    assert (drawn.known_day - drawn.day == 1).all()
    held = np.bincount(events.day[events.day >= 0] // BLOCK_DAYS, minlength=12)
    got = np.bincount(drawn.day[drawn.day >= 0] // BLOCK_DAYS, minlength=12)
    assert got.tolist() == held[picks].tolist()
    assert (drawn.day < 0).sum() == (events.day < 0).sum()

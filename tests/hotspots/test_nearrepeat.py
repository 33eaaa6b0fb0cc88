"""Near repeats: a planted process is found, shuffled days are not; pointpats agrees."""

import warnings
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from scipy import stats

from riskmap.errors import OptionError
from riskmap.hotspots.nearrepeat import (
    BAND_TABLE,
    NearRepeatOptions,
    knox,
    local_knox,
)
from riskmap.hotspots.plot import draw_bands
from riskmap.schema import check_table

FEW = NearRepeatOptions(deals=399)


@pytest.fixture(scope="module")
def burkitt():
    """The example of pointpats: 188 cases of Burkitt's lymphoma in Uganda."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pointpats = pytest.importorskip("pointpats")
        libpysal = pytest.importorskip("libpysal")
        path = libpysal.examples.get_path("burkitt.shp")
        events = pointpats.SpaceTimeEvents(path, "T")
    day = np.asarray(events.t, dtype=float).ravel().astype(np.int64)
    return pointpats, np.asarray(events.space, dtype=float), day


def planted(seed, *, follow=0.5):
    """Make 400 events of which some are followed nearby within a week."""
    rng = np.random.default_rng(seed)
    xy, day = rng.uniform(0, 200, (400, 2)), rng.integers(0, 1000, 400)
    again = rng.random(400) < follow
    near = xy[again] + rng.normal(0, 0.5, (again.sum(), 2))
    soon = day[again] + rng.integers(0, 7, again.sum())
    return np.vstack([xy, near]), np.concatenate([day, soon])


def test_a_planted_process_is_found_with_its_reach():
    xy, day = planted(0)
    found = knox(xy, day, np.zeros(len(day), dtype=int), FEW)
    assert (found.reach_km, found.reach_days) == (2.0, 7)
    check_table(found.bands, BAND_TABLE, name="bands")


def test_the_same_places_with_shuffled_days_show_nothing():
    rng = np.random.default_rng(1)
    claimed = 0
    for seed in range(20):
        xy, day = planted(seed)
        dealt = knox(xy, rng.permutation(day), np.zeros(len(day), dtype=int), FEW)
        claimed += dealt.reach_days > 0
    assert claimed <= stats.binom.ppf(0.999, 20, 0.05)


def test_sources_that_begin_on_other_days_are_not_taken_for_repeats():
    # two regions, each watched for one year: apart in place and in time by design
    rng = np.random.default_rng(2)
    xy = np.vstack([rng.uniform(0, 60, (150, 2)), rng.uniform(900, 960, (150, 2))])
    day = np.concatenate([rng.integers(0, 365, 150), rng.integers(2000, 2365, 150)])
    ground = np.repeat([0, 1], 150)
    assert knox(xy, day, ground, FEW).reach_days == 0
    mixed = knox(xy, day, np.zeros(300, dtype=int), FEW)
    assert mixed.bands["ratio"].median() > 1.5


def test_counts_and_p_are_those_of_pointpats(burkitt):
    pointpats, xy, day = burkitt
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        np.random.seed(12345)  # noqa: NPY002 - pointpats draws from the old generator
        theirs = pointpats.Knox(xy, day[:, None], delta=20, tau=5, permutations=999)
    one = NearRepeatOptions(distances_km=(20.0,), days=(5,), deals=1_999)
    ours = knox(xy, day, np.zeros(len(day), dtype=int), one).bands.iloc[0]
    assert ours["pairs"] == theirs.statistic_ == 13
    spread = np.sqrt(theirs.p_sim * (1 - theirs.p_sim) / 999)
    assert ours["p"] == pytest.approx(theirs.p_sim, abs=4 * spread)


def test_local_counts_and_p_are_those_of_pointpats(burkitt):
    pointpats, xy, day = burkitt
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        np.random.seed(12345)  # noqa: NPY002 - as above
        theirs = pointpats.KnoxLocal(xy, day[:, None], delta=20, tau=5, permutations=99)
    ours = local_knox(xy, day, within_km=20, within_days=5)
    assert ours["near_both"].tolist() == theirs.nsti.astype(int).tolist()
    # theirs takes the mean over the days of all events, ours its own day
    place, time = ours["near_place"].to_numpy(), ours["near_time"].to_numpy()
    tail = stats.hypergeom.sf(theirs.nsti[:, None] - 1, 187, time, place[:, None])
    np.testing.assert_allclose(tail.mean(axis=1), theirs.p_hypergeom, atol=1e-9)
    exact = ours["p"].to_numpy()
    seen = ours["near_both"].to_numpy() > 0
    spread = np.sqrt(exact * (1 - exact) / 99)
    off = np.abs(np.asarray(theirs.p_sims) - exact)
    assert (off[seen] <= 4 * spread[seen] + 0.02).mean() > 0.97


def test_the_local_form_worked_out_by_hand():
    # one other is near in place; 1 of 3 others is near in time: P(X >= 1) = 1/3
    xy = np.array([[0.0, 0], [1, 0], [50, 0], [90, 0]])
    found = local_knox(xy, np.array([0, 1, 100, 200]), within_km=2, within_days=7)
    assert found["p"].tolist() == pytest.approx([1 / 3, 1 / 3, 1, 1])


def test_bands_count_every_pair_once_ends_included():
    xy = np.array([[0.0, 0], [2, 0], [2.0001, 0]])
    found = knox(xy, np.array([0, 7, 15]), np.zeros(3, dtype=int), FEW).bands
    assert found.loc[found["pairs"] > 0, ["to_km", "to_days"]].to_numpy().tolist() == [
        [2.0, 7],
        [2.0, 14],
        [5.0, 28],
    ]


def test_deals_too_few_to_find_one_raised_band_are_refused():
    with pytest.raises(OptionError):
        NearRepeatOptions(deals=199)


@pytest.mark.parametrize("ends", [(), (0.0, 5.0), (5.0, 2.0), (2.0, 2.0)])
def test_bands_that_do_not_ascend_are_refused(ends):
    with pytest.raises(OptionError):
        NearRepeatOptions(distances_km=ends)


def test_the_plot_is_whole_and_names_every_band():
    xy, day = planted(0)
    bands = knox(xy, day, np.zeros(len(day), dtype=int), FEW).bands
    text = draw_bands(bands, title="a < b & c", label=str)
    words = [node.text for node in ET.fromstring(text).iter() if node.text]  # noqa: S314
    assert "a < b & c" in words
    assert [f"n = {n}" for n in bands["pairs"]] == [w for w in words if w[:3] == "n ="]

"""Backtests: nothing later is seen, intervals hold, the verdict follows."""

import numpy as np
import pandas as pd
import pytest

from riskmap.errors import NoEventsError
from riskmap.evaluation.backtest import (
    HINDSIGHT,
    NOISE_CEILING,
    SKILL_TABLE,
    BacktestOptions,
    backtest,
    try_origin,
)
from riskmap.evaluation.baselines import (
    BASELINES,
    FLOOR,
    count_all,
    count_last_year,
    count_neighbours,
    distance_to_line,
    uniform,
)
from riskmap.evaluation.holdout import holdout_skill, last_origins
from riskmap.evaluation.metrics import METRICS, tally
from riskmap.evaluation.resampling import Resampling, bounds, draw_weights
from riskmap.evaluation.verdict import RAW_COUNTS, SIMPLE, verdict_of
from riskmap.history.ground import day_number
from riskmap.history.records import keep_records
from riskmap.schema import check_table
from riskmap.scoring import PRESETS, mixture_forecaster, target_records

ORIGINS = tuple(day_number(f"{year}-01-01") for year in (2015, 2016, 2017, 2018))
FEW = Resampling(draws=60)


@pytest.fixture(scope="module")
def records(world):
    mine = world.coverage[world.coverage["purpose"] == "life_saving"]
    return keep_records(
        world.cells, world.incidents, mine, kinds=("migrant_death",), as_of="2020-01-01"
    )


def test_a_forecaster_sees_only_what_was_over_before_its_origin(records):
    seen = []

    def watch(past, horizon_days):
        seen.append((past.as_of_day, past.events.known_day.max(), horizon_days))
        return uniform(past, horizon_days)

    for origin in ORIGINS:
        try_origin(records, {"watch": watch}, origin, 365)
    assert [day for day, _, _ in seen] == list(ORIGINS)
    assert all(last <= day for day, last, _ in seen)
    assert {horizon for _, _, horizon in seen} == {365}


def test_what_came_is_counted_from_the_origin_on(records):
    trial = try_origin(records, {RAW_COUNTS: count_all}, ORIGINS[0], 365)
    pinned = records.events.pinned
    inside = (pinned.day >= ORIGINS[0]) & (pinned.day < ORIGINS[0] + 365)
    assert trial.counts.sum() == inside.sum() > 0


@pytest.mark.parametrize("name", BASELINES)
def test_a_baseline_expects_something_everywhere_it_is_watched(records, name):
    found = BASELINES[name](records.before(ORIGINS[0]), 365)
    assert found.shape == (len(records.ground),)
    assert (found > 0).all()
    day = records.events.day
    last_year = ((day >= ORIGINS[0] - 365) & (day < ORIGINS[0])).sum()
    assert found.sum() == pytest.approx(last_year)


@pytest.mark.parametrize("name", BASELINES)
def test_a_baseline_without_events_falls_back_on_area(records, name):
    none = records.before(day_number("2010-01-01"))
    found = BASELINES[name](none, 365)
    if name == "distance_to_line":
        assert np.isfinite(found).all()
        return
    # before the first day nothing is watched either
    assert found.sum() == 0 or found.std() / found.mean() < 0.1


def test_counts_are_what_their_names_say(records):
    past = records.before(ORIGINS[1])
    area = records.ground.area_km2
    even = area / area.sum()
    events = past.events
    last = (events.day >= ORIGINS[1] - 365).sum()
    ever = np.bincount(events.cell, minlength=len(area))
    expected = last * ((1 - FLOOR) * ever / ever.sum() + FLOOR * even)
    assert count_all(past, 365) == pytest.approx(expected)
    recent = np.bincount(
        events.cell[events.day >= ORIGINS[1] - 365], minlength=len(area)
    )
    hot = np.argmax(recent)
    assert np.argmax(count_last_year(past, 365) / area) == hot
    assert count_neighbours(past, 365).argmax() in np.flatnonzero(
        np.asarray(records.ground.neighbours[ever.argmax()].todense()).ravel()
    )


def test_distance_to_the_line_thins_out_from_it(records):
    found = distance_to_line(records, 365) / records.ground.area_km2
    order = np.argsort(records.ground.cells["distance_km"].to_numpy())
    assert (np.diff(found[order]) <= 1e-12).all()


@pytest.fixture(scope="module")
def skill(records, world):
    options = BacktestOptions(origins=ORIGINS, resampling=FEW)
    forecasters = {
        "mixture": mixture_forecaster(PRESETS[0], world.features),
        **BASELINES,
    }
    return backtest(records, forecasters, options, score="migrant_danger")


def test_the_skill_table_keeps_its_contract(skill):
    check_table(skill, SKILL_TABLE, name="skill")
    own = skill[skill["versus"] == ""]
    assert set(own["model"]) == {"mixture", *BASELINES, NOISE_CEILING, HINDSIGHT}
    assert set(own["metric"]) == set(METRICS)
    assert not own.duplicated(["model", "metric"]).any()
    assert {"", RAW_COUNTS} <= set(skill["versus"]) <= {"", RAW_COUNTS, *SIMPLE}
    assert skill["from_on"].iloc[0] == pd.Timestamp("2015-01-01", tz="UTC")


def test_an_interval_holds_its_value(skill):
    drawn = skill.dropna(subset="low")
    assert (drawn["low"] <= drawn["value"] + 1e-9).mean() > 0.95
    assert (drawn["high"] >= drawn["value"] - 1e-9).mean() > 0.95


def test_a_difference_is_the_difference_of_the_values(skill):
    own = skill[skill["versus"] == ""].set_index(["model", "metric"])["value"]
    gap = skill[skill["versus"] == RAW_COUNTS].set_index(["model", "metric"])["value"]
    for (model, metric), value in gap.items():
        expected = own[model, metric] - own[RAW_COUNTS, metric]
        assert value == pytest.approx(expected, abs=1e-12)


def test_the_score_beats_raw_counts_where_there_is_a_hot_spot(skill):
    verdict = verdict_of(skill, "migrant_danger")
    assert verdict.gain_low > 0
    # half of these events lie about one spot, which a tuned kernel finds as well
    assert (verdict.code == "better") == (verdict.best_gain_low > 0)
    assert verdict.best in SIMPLE
    assert verdict.pai_5pct >= verdict.raw_pai_5pct


def test_the_same_backtest_gives_the_same_bytes(records):
    options = BacktestOptions(origins=ORIGINS[:2], resampling=FEW)
    first, second = (
        backtest(
            records, {RAW_COUNTS: count_all, "uniform": uniform}, options, score="s"
        )
        for _ in range(2)
    )
    assert first.equals(second)


def test_horizons_without_events_cannot_be_judged(records):
    options = BacktestOptions(origins=(day_number("2021-01-01"),), resampling=FEW)
    with pytest.raises(NoEventsError):
        backtest(records, {RAW_COUNTS: count_all}, options, score="s")


def test_a_map_against_itself_differs_by_nothing(records):
    trial = try_origin(records, {RAW_COUNTS: count_all}, ORIGINS[0], 365)
    one = [tally(trial.maps[RAW_COUNTS], trial.counts, trial.area_km2)]
    found = bounds(one, draw_weights(one, FEW), 0.95, against=one)
    assert all(ends == (0.0, 0.0) for ends in found.values())


def test_more_events_narrow_an_interval():
    draw = np.random.default_rng(0)
    widths = []
    for n_cells in (50, 5_000):
        counts = draw.poisson(0.5, n_cells).astype(float)
        one = [tally(draw.uniform(1, 2, n_cells), counts, np.ones(n_cells))]
        low, high = bounds(one, draw_weights(one, FEW), 0.95)["information_gain_bits"]
        widths.append(high - low)
    assert widths[1] < widths[0] / 3


def test_blocks_of_horizons_stay_together():
    parts = [tally(np.ones(2), np.array([1.0, k + 1.0]), np.ones(2)) for k in range(6)]
    for horizons, _ in draw_weights(parts, Resampling(draws=30, block=3)):
        assert len(horizons) == 6
        assert ((horizons[1] - horizons[0]) % 6, (horizons[4] - horizons[3]) % 6) == (
            1,
            1,
        )


def skill_row(model, versus, metric, value, low=np.nan):
    return ("s", model, versus, metric, value, low, value + 1, 99)


@pytest.mark.parametrize(
    ("gain", "low", "pai", "code"),
    [
        (0.5, 0.2, 10.0, "better"),
        (0.5, -0.1, 10.0, "not_better"),
        (0.5, 0.2, 8.0, "not_better"),
        (-0.5, -0.9, 10.0, "not_better"),
    ],
)
def test_a_gain_whose_interval_holds_nought_is_none(gain, low, pai, code):
    table = pd.DataFrame(
        [
            skill_row("mixture", RAW_COUNTS, "information_gain_bits", gain, low),
            skill_row("mixture", "", "pai_5pct", pai),
            skill_row(RAW_COUNTS, "", "pai_5pct", 9.0),
        ],
        columns=[
            "score",
            "model",
            "versus",
            "metric",
            "value",
            "low",
            "high",
            "events",
        ],
    )
    assert verdict_of(table, "s").code == code
    assert verdict_of(table, "other").code == "untested"


def held_out(world, preset, as_of):
    records = target_records(
        world.cells, world.incidents, world.coverage, preset, as_of=as_of
    )
    forecaster = mixture_forecaster(preset, world.features)
    return holdout_skill(records, forecaster, score=preset.name)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_a_run_holds_out_its_last_three_watched_years(world, preset):
    found = held_out(world, preset, "2022-01-01")
    check_table(found, SKILL_TABLE, name="skill")
    assert set(found["score"]) == {preset.name}
    # the coverage ended with 2019
    assert found["to_on"].iloc[0] == pd.Timestamp("2020-01-01", tz="UTC")
    assert (found["to_on"] - found["from_on"]).iloc[0].days == 3 * 365


def test_without_a_watched_year_nothing_is_held_out(world, records):
    assert last_origins(records.before(day_number("2010-06-01"))) == ()
    found = held_out(world, PRESETS[0], "2010-06-01")
    assert found.empty
    check_table(found, SKILL_TABLE, name="skill")

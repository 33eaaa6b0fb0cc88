"""Scores: the contract of both tables, from no event to many, with gaps."""

import numpy as np
import pandas as pd
import pytest

from riskmap.errors import ColumnMissingError
from riskmap.scoring import PRESETS, score_cells
from riskmap.scoring.expectation import PARTS
from tests.scoring.conftest import SCORES

AS_OF = "2019-01-01"
DANGER, PATROL = PRESETS


@pytest.fixture(params=SCORES, ids=lambda preset: preset.name)
def preset(request):
    return request.param


def score(world, preset, incidents=None, coverage=None, as_of=AS_OF):
    return score_cells(
        world.cells,
        world.features,
        world.incidents if incidents is None else incidents,
        world.coverage if coverage is None else coverage,
        preset,
        as_of=as_of,
    )


def test_the_table_keeps_the_contract(world, preset):
    table, _ = score(world, preset)
    name = preset.name
    suffixes = ("", "_low", "_high", "_rank", "_percentile", "_evidence")
    suffixes += ("_top1pct", "_top5pct", "_top10pct")
    assert list(table.columns) == [f"{name}{suffix}" for suffix in suffixes]
    assert table.index.equals(world.cells.index)
    assert table.dtypes.astype(str).to_list() == [
        "float64",
        "float64",
        "float64",
        "Int64",
        "float64",
        "str",
        *["float64"] * 3,
    ]
    known = table[table[f"{name}_evidence"] != "no_data"]
    assert (known[name] > 0).all()
    assert (known[f"{name}_low"] <= known[name]).all()
    assert (known[name] <= known[f"{name}_high"]).all()
    assert known[f"{name}_percentile"].between(0, 100).all()
    area = world.cells["area_km2"][known.index]
    for share in (1, 5, 10):
        chance = known[f"{name}_top{share}pct"]
        assert chance.between(0, 1).all()
        # as much area is expected among the densest as there is room for
        assert (chance * area).sum() == pytest.approx(
            share / 100 * area.sum(), rel=0.02
        )
    assert sorted(known[f"{name}_rank"]) == list(range(1, len(known) + 1))


def test_rank_one_is_the_densest_cell(world, preset):
    table, _ = score(world, preset)
    density = table[preset.name] / world.cells["area_km2"]
    assert table[f"{preset.name}_rank"].idxmin() == density.idxmax()
    assert table[f"{preset.name}_percentile"].max() == 100


def test_the_parts_add_up_to_the_score_exactly(world, preset):
    table, reasons = score(world, preset)
    assert set(reasons["part"]) <= set(PARTS)
    assert (reasons["value"] > 0).all()
    assert str(reasons["cell"].dtype) == "uint64"
    total = reasons.groupby("cell")["value"].sum()
    expected = table[preset.name].dropna()
    assert np.abs(total.reindex(expected.index) - expected).max() < 1e-9


def test_the_hot_spot_is_on_top(world, preset):
    table, _ = score(world, preset)
    top = world.cells.loc[table[f"{preset.name}_rank"].idxmin()]
    assert np.hypot(top["x"] + 110.94, top["y"] - 31.35) < 0.05


def test_all_events_of_a_year_are_shared_out(world, preset):
    table, _ = score(world, preset)
    # 160 events in ten years, some of them outside the cells
    assert 8 < table[preset.name].sum() < 25


def test_a_part_nobody_watched_is_no_data_for_patrols(world):
    half = world.coverage.assign(from_km=9.5)
    table, reasons = score(world, PATROL, coverage=half)
    dark = world.cells["km"] < 9.5
    assert table.loc[dark, "patrol_risk"].isna().all()
    assert table.loc[dark, "patrol_risk_rank"].isna().all()
    assert (table.loc[dark, "patrol_risk_evidence"] == "no_data").all()
    assert table.loc[~dark, "patrol_risk"].notna().all()
    assert not set(reasons["cell"]) & set(world.cells.index[dark])


def test_a_part_nobody_watched_is_judged_by_its_place_for_danger(world):
    half = world.coverage.assign(from_km=9.5)
    table, reasons = score(world, DANGER, coverage=half)
    dark = world.cells["km"] < 9.5
    assert (table.loc[dark, "migrant_danger_evidence"] == "prior").all()
    assert (table.loc[~dark, "migrant_danger_evidence"] == "records").all()
    assert table["migrant_danger"].notna().all()
    parts = reasons[reasons["cell"].isin(world.cells.index[dark])]
    assert set(parts["part"]) == {"place"}
    width = (table["migrant_danger_high"] - table["migrant_danger_low"]) / table[
        "migrant_danger"
    ]
    assert width[dark].min() >= width[~dark].max() - 1e-9


def test_one_watched_side_leaves_the_other_without_data(world):
    table, _ = score(world, PATROL, coverage=world.coverage.assign(side="MX"))
    alone = world.cells["side"] == "US"
    assert table.loc[alone, "patrol_risk"].isna().all()
    assert table.loc[world.cells["side"] == "MX", "patrol_risk"].notna().all()


def test_a_cell_mostly_on_the_unwatched_side_has_no_data(world):
    table, _ = score(world, PATROL, coverage=world.coverage.assign(side="MX"))
    mostly_us = world.cells["share_mx"].between(0, 0.5)
    assert (world.cells.loc[mostly_us, "side"] == "both").any()
    assert (table.loc[mostly_us, "patrol_risk_evidence"] == "no_data").all()


def test_no_event_leaves_danger_a_prior_and_patrols_nothing(world):
    none = world.incidents.iloc[:0]
    danger, _ = score(world, DANGER, none)
    assert (danger["migrant_danger_evidence"] == "prior").all()
    # half an event in nine watched years, by area
    assert danger["migrant_danger"].sum() == pytest.approx(0.5 / 9, rel=0.01)
    patrol, reasons = score(world, PATROL, none)
    assert patrol["patrol_risk"].isna().all()
    assert (patrol["patrol_risk_evidence"] == "no_data").all()
    assert reasons.empty


def test_one_event_raises_its_own_cell(world, preset):
    one = world.incidents[world.incidents["kind"].isin(preset.kinds)].iloc[:1]
    one = one.assign(accuracy_m=100.0)
    table, _ = score(world, preset, one)
    assert table[preset.name].notna().all()
    top = world.cells.loc[table[f"{preset.name}_rank"].idxmin()]
    apart = np.hypot(
        top["x"] - one.geometry.x.iloc[0], top["y"] - one.geometry.y.iloc[0]
    )
    assert apart < 0.03


def test_nothing_watched_and_nothing_recorded_is_no_data(world, preset):
    table, _ = score(world, preset, world.incidents.iloc[:0], world.coverage.iloc[:0])
    assert table[preset.name].isna().all()
    assert (table[f"{preset.name}_evidence"] == "no_data").all()


def test_events_all_after_the_day_count_for_nothing(world):
    table, _ = score(world, PATROL, as_of="2009-06-01")
    assert table["patrol_risk"].isna().all()


def test_a_source_without_coverage_watches_where_it_records(world, preset):
    table, _ = score(world, preset, coverage=world.coverage.iloc[:0])
    assert (table[f"{preset.name}_evidence"] == "records").any()


def test_a_missing_layer_is_named(world, preset):
    gone = preset.layers[0]
    with pytest.raises(ColumnMissingError, match=gone):
        score_cells(
            world.cells,
            world.features.drop(columns=gone),
            world.incidents,
            world.coverage,
            preset,
            as_of=AS_OF,
        )


def test_layers_that_are_constant_or_missing_throughout_do_no_harm(world, preset):
    flat = world.features.assign(elevation_m=5.0, slope_deg=np.nan)
    table, _ = score_cells(
        world.cells, flat, world.incidents, world.coverage, preset, as_of=AS_OF
    )
    assert np.isfinite(table[preset.name].dropna()).all()
    assert table[preset.name].notna().any()


def test_all_events_in_one_cell(world, preset):
    mine = world.incidents[world.incidents["kind"].isin(preset.kinds)]
    spot = mine.geometry.iloc[0]
    table, _ = score(
        world, preset, mine.assign(geometry=[spot] * len(mine), accuracy_m=100.0)
    )
    assert np.isfinite(table[preset.name].dropna()).all()
    assert table[preset.name].max() > table[preset.name].sum() / 2


def test_the_day_can_be_text_or_a_timestamp(world):
    text, _ = score(world, DANGER)
    stamp, _ = score(world, DANGER, as_of=pd.Timestamp(AS_OF, tz="UTC"))
    assert text.equals(stamp)


def test_long_after_the_last_watched_day_the_map_is_still_that_day_s(world, preset):
    then, _ = score(world, preset, as_of="2020-01-01")
    now, _ = score(world, preset, as_of="2024-01-01")
    assert now.equals(then)


def test_places_known_to_a_municipality_only_make_a_smooth_map(world, preset):
    coarse = world.incidents.assign(accuracy_m=40_000.0)
    table, _ = score(world, preset, coarse)
    density = table[preset.name] / world.cells["area_km2"]
    assert density.max() < 3 * density.median()

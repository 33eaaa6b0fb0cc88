"""Scenario views: what a scenario changes on the map, cell by cell and zone by zone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from riskmap.errors import ScenarioRefusedError, UnknownNameError
from riskmap.evaluation.stability import jaccard
from riskmap.pipeline.in_use import changed_settings
from riskmap.pipeline.model_shelf import columns_of
from riskmap.pipeline.scenario_changes import BY_MONTH, settings_of, table_of
from riskmap.pipeline.scenario_layers import layers_of_scenario
from riskmap.pipeline.scenario_register import (
    Scenario,
    find_scenario,
    scenario_events,
)
from riskmap.pipeline.scenario_runs import NEVER, STALE, scenario_state
from riskmap.project import Project
from riskmap.scoring import PRESETS, preset_named
from riskmap.scoring.rank_changes import (
    BEYOND,
    NO_DATA,
    SAME,
    UNTOLD,
    WITHIN,
    compare_scores,
    compare_values,
)
from riskmap.zones.matching import match_zones

TOP_SHARES = (0.01, 0.05, 0.10)

# what of the skill of two maps is told side by side
SKILL_METRICS = ("information_gain_bits", "hit_rate_5pct")
MODEL = "mixture"

# cells that a list of moves looks at: the densest of either map
LISTED_SHARE = 0.05

# a chance of less than one in a million is none: what is left of it ranks no cell
LEAST_HAZARD = 1e-6

BY_CHANGE, BY_RANK = "change", "rank"
ORDERS = (BY_CHANGE, BY_RANK)


@dataclass(frozen=True, kw_only=True, eq=False)
class Comparison:
    """Two maps side by side.

    Parameters
    ----------
    what
        The score or the hazard that is compared.
    before, after
        The scenarios; ``before`` is None for the map of the last run.
    as_of
        Day of each map, ISO 8601.
    stale
        Whether the project has changed since each was made.
    facts
        ``cells``, and how many of them are ``beyond``, ``within``, ``same``,
        ``untold``, ``no_data``; ``total_before``, ``total_after``; ``kept_1pct``,
        ``kept_5pct``, ``kept_10pct``: agreement of the densest part of the area.
    cells
        As :data:`riskmap.scoring.rank_changes.CHANGE_TABLE`, after ``side``, ``km``
        and ``area_km2``; the largest change of density first.
    zones
        Zones before and after; empty for a hazard.
    skill
        What each map is worth on the last watched years: ``map``, ``metric``,
        ``value``, ``low``, ``high``; empty where nothing could be judged.
    """

    what: str
    before: Scenario | None
    after: Scenario
    as_of: tuple[str, str]
    stale: tuple[bool, bool]
    facts: Mapping[str, Any]
    cells: pd.DataFrame
    zones: pd.DataFrame
    skill: pd.DataFrame = field(repr=False)

    def listed(self, top: int, *, order: str = BY_CHANGE) -> pd.DataFrame:
        """List the cells that changed most, unchanged ones left out.

        Parameters
        ----------
        top
            How many.
        order
            ``change`` of the figure, or places moved in the ``rank``, this of cells
            among the densest twentieth of either map.

        Returns
        -------
        pandas.DataFrame
            Rows of ``cells``.
        """
        moved = self.cells[~self.cells["doubt"].isin([SAME, NO_DATA])]
        if order == BY_RANK:
            last = max(round(LISTED_SHARE * len(self.cells)), 1)
            highest = moved[["rank_before", "rank_after"]].min(axis=1)
            moved = moved[(highest <= last).fillna(value=False)]
            size = moved["rank_change"].abs()
            moved = moved.loc[size.sort_values(ascending=False, kind="stable").index]
        return moved.head(top)


def scenario_facts(project: Project, asked: str) -> dict[str, Any]:
    """Tell all that is recorded of a scenario.

    Parameters
    ----------
    project
        A project that has been run.
    asked
        Its number or name.

    Returns
    -------
    dict
        ``scenario``, its ``state``, the ``model`` settings that differ from what
        riskmap brings, the ``as_of`` day, the ``tables`` it keeps with their
        checksums, and the ``events`` of the register.

    Raises
    ------
    ScenarioRefusedError
        If there is none.
    """
    one = find_scenario(project, asked)
    settings = settings_of(project, one.changes)
    events = scenario_events(project)
    own = events[events["scenario_id"] == one.scenario_id]
    names = ("scores", "reasons", "skill", "zones", "zone_cells", "hazards")
    made = {name: project.snapshot(table_of(one.changes, name)) for name in names}
    preset = settings.presets[0]
    return {
        "scenario": one,
        "state": scenario_state(project, one.changes),
        "purpose": preset.purpose,
        "as_of": settings.as_of,
        "month": settings.config.hazards.month,
        "model": changed_settings(preset, preset_named(preset.name, PRESETS)),
        "tables": {name: kept.sha256 for name, kept in made.items() if kept},
        "events": own.drop(columns=["scenario_id", "changes"]).to_dict("records"),
    }


def compare_scenarios(
    project: Project, after: str, before: str = "", *, what: str = ""
) -> Comparison:
    """Lay a scenario beside the map of the last run, or beside another scenario.

    Parameters
    ----------
    project
        A project that has been run.
    after
        The scenario, by number or name.
    before
        The other scenario; empty for the map of the last run.
    what
        The score, or a hazard; by default the first that one of the two changes.

    Returns
    -------
    Comparison
        Not stored: what it is made of is.

    Raises
    ------
    ScenarioRefusedError
        If there is no such scenario, the two are of different scores or cells, or one
        has not been worked out.
    UnknownNameError
        If neither changes ``what``.
    TableMissingError
        Before the first run.
    """
    pair = (find_scenario(project, before) if before else None,
            find_scenario(project, after))  # fmt: skip
    first, second = pair
    if first and first.changes.target != second.changes.target:
        raise _refused(first, "other_score")
    layers = [layer for one in pair if one for layer in layers_of_scenario(one.changes)]
    if what and what not in layers:
        known = tuple(dict.fromkeys(layers))
        msg = f"`what` must be one of {known}, got {what!r}."
        raise UnknownNameError(msg, kind="layer", value=what, known=known)
    chosen = what or next(layer for layer in (second.changes.target, *layers)
                          if layer in layers)  # fmt: skip
    states = [scenario_state(project, one.changes) if one else "" for one in pair]
    for one, state in zip(pair, states, strict=True):
        if one and state == NEVER:
            raise _refused(one, "never")
    found = _changes_of(project, pair, chosen)
    place = project.read("cells")[["side", "km", "area_km2"]]
    area = place["area_km2"].to_numpy(dtype=np.float64)
    size = (found["change"].abs() / area).fillna(-1.0)
    order = size.sort_values(ascending=False, kind="stable").index
    scored = chosen == second.changes.target
    days = [settings_of(project, (one or second).changes).as_of for one in pair]
    made = project.snapshot("scores")
    if first is None and made:
        days[0] = str(made.options["as_of"])
    return Comparison(
        what=chosen,
        before=first,
        after=second,
        as_of=(days[0], days[1]),
        stale=(states[0] == STALE, states[1] == STALE),
        facts=_facts(found, area, scored=scored),
        cells=place.join(found).loc[order],
        zones=_zone_changes(project, pair, chosen) if scored else pd.DataFrame(),
        skill=_skill(project, pair, chosen) if scored else pd.DataFrame(),
    )


def _refused(one: Scenario, reason: str) -> ScenarioRefusedError:
    """Say why a scenario cannot be shown."""
    msg = f"{one.scenario_id} cannot be shown: {reason}."
    return ScenarioRefusedError(msg, scenario=one.name, reason=reason)


def _own(one: Scenario | None, *, hazards: bool = False) -> bool:
    """Tell whether a scenario has a table of its own, or shows that of the run."""
    if one is None:
        return False
    return bool(one.changes.month) if hazards else one.changes.scored


def _read(project: Project, one: Scenario | None, name: str, target: str) -> Any:
    """Read a table of a scenario, or of the last run where it has none."""
    if one is not None and _own(one, hazards=name == "hazards"):
        return project.read(table_of(one.changes, name))
    table = project.read(name)
    if name == "zone_cells":
        return table[table["zone_id"].str.startswith(f"{target}-")]
    return table[table["score"] == target] if "score" in table else table


def _changes_of(
    project: Project, pair: tuple[Scenario | None, Scenario], what: str
) -> pd.DataFrame:
    """Compare the two maps cell by cell."""
    hazards = what in BY_MONTH
    cells = project.read("cells").index
    tables, reasons = [], []
    for one in pair:
        if hazards:
            table = _read(project, one, "hazards", what)
        elif _own(one):
            table = _read(project, one, "scores", what)
            reasons.append(_read(project, one, "reasons", what))
        else:
            table, parts = columns_of(project, what)
            reasons.append(parts)
        if one and not table.index.equals(cells):
            raise _refused(one, "other_cells")
        tables.append(table)
    if hazards:
        numbers = (table[what].where(_told(table[what]), 0.0) for table in tables)
        return compare_values(*numbers)
    return compare_scores(tables[0], tables[1], (reasons[0], reasons[1]), score=what)


def _told(values: pd.Series) -> pd.Series:
    """Tell which numbers are not next to nothing: missing ones are told as missing."""
    return values.isna() | (values.abs() >= LEAST_HAZARD)


def _facts(found: pd.DataFrame, area: Any, *, scored: bool) -> dict[str, Any]:
    """Count what changed, and how far the two agree on where it is densest."""
    counts = found["doubt"].value_counts()
    facts: dict[str, Any] = {"cells": len(found)}
    for code in (BEYOND, WITHIN, SAME, UNTOLD, NO_DATA):
        facts[code] = int(counts.get(code, 0))
    both = found[["before", "after"]].notna().all(axis=1).to_numpy()
    before, after = (found[name].fillna(0.0).to_numpy() for name in ("before", "after"))
    # a hazard is a number of the place: its density means nothing
    ground = np.where(both, area, 0.0)
    per_cell = (before, after) if scored else (before * ground, after * ground)
    for share in TOP_SHARES:
        kept = jaccard(per_cell[0], per_cell[1], ground, share=share)
        facts[f"kept_{round(100 * share)}pct"] = kept
    if scored:
        facts |= {
            "total_before": float(before.sum()),
            "total_after": float(after.sum()),
        }
    return facts


def _zone_changes(
    project: Project, pair: tuple[Scenario | None, Scenario], target: str
) -> pd.DataFrame:
    """Pair the zones of the two maps, with rank and expected records of each."""
    zones = [_read(project, one, "zones", target) for one in pair]
    members = [_read(project, one, "zone_cells", target) for one in pair]
    pairs = match_zones(members[0], members[1])
    rows = []
    for row in pairs.to_dict("records"):
        old, new = (
            table.loc[row[name]] if row[name] else None
            for table, name in zip(zones, ("zone_before", "zone_after"), strict=True)
        )
        # a pair has one zone at least
        held: Any = new if new is not None else old
        told = {str(name): value for name, value in row.items()}
        names = ("side", "from_km", "to_km", "landmark_en", "landmark_es")
        told |= {name: held[name] for name in names}
        for side, zone in (("before", old), ("after", new)):
            told[f"rank_{side}"] = pd.NA if zone is None else int(zone["rank"])
            for end in ("", "_low", "_high"):
                value = None if zone is None else zone[f"expected{end}_per_year"]
                told[f"expected_{side}{end}"] = np.nan if value is None else value
        told["doubt"] = _zone_doubt(told)
        rows.append(told)
    table = pd.DataFrame(rows)
    if table.empty:
        return table
    table = table.astype(dict.fromkeys(("rank_before", "rank_after"), "Int64"))
    first = table["rank_after"].fillna(table["rank_before"])
    gone = table["rank_after"].isna()
    order = pd.DataFrame({"side": table["side"], "gone": gone, "rank": first})
    return table.loc[order.sort_values(["side", "gone", "rank"]).index].reset_index(
        drop=True
    )


def _zone_doubt(told: Mapping[str, Any]) -> str:
    """Tell whether the records expected in a zone changed beyond the doubt."""
    before, after = told["expected_before"], told["expected_after"]
    if np.isnan(before) or np.isnan(after):
        return NO_DATA
    if np.isclose(before, after, rtol=1e-9, atol=0.0):
        return SAME
    inside = told["expected_before_low"] <= after <= told["expected_before_high"]
    inside |= told["expected_after_low"] <= before <= told["expected_after_high"]
    return WITHIN if inside else BEYOND


def _skill(
    project: Project, pair: tuple[Scenario | None, Scenario], target: str
) -> pd.DataFrame:
    """Read what each map is worth on the last watched years."""
    parts = []
    for name, one in zip(("before", "after"), pair, strict=True):
        if (_own(one) and one and project.snapshot(table_of(one.changes, "skill"))
                is None):  # fmt: skip
            continue
        table = _read(project, one, "skill", target)
        mine = table[(table["model"] == MODEL) & (table["versus"] == "")]
        mine = mine[mine["metric"].isin(SKILL_METRICS)]
        parts.append(mine.assign(map=name))
    columns = ["map", "metric", "value", "low", "high", "events", "from_on", "to_on"]
    if not parts:
        return pd.DataFrame(columns=columns)
    return pd.concat(parts, ignore_index=True)[columns]

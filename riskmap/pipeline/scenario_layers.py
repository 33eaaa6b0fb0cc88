"""Scenario layers: what of the scenarios the map offers, beside the last run."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from riskmap.hazards.catalogue import HAZARDS
from riskmap.pipeline.changes import checksums
from riskmap.pipeline.model_shelf import columns_of
from riskmap.pipeline.scenario_changes import BY_MONTH, table_of
from riskmap.pipeline.scenario_register import Changes, Scenario, list_scenarios
from riskmap.pipeline.scenario_runs import CURRENT, scenario_state
from riskmap.project import Project
from riskmap.scoring.rank_changes import WITHIN, compare_scores, doubt_of
from riskmap.webmap.layer_of_values import ValueLayer

GROUP = "scenario"

# columns of a score that a card tells beside the figure
TOLD = ("low", "high", "rank")
# column of what is told of the difference from the last run
DOUBT = "told"
PRIOR = "prior"

# differences of a hazard, in its own unit, that begin a class; the middle one is none
CHANGE_BREAKS: Mapping[str, tuple[float, ...]] = {
    "heat_debt_l": (-2.0, -1.0, -0.1, 0.1, 1.0, 2.0),
    "heat_chance": (-0.2, -0.05, -0.001, 0.001, 0.05, 0.2),
}

UNITS: Mapping[str, str] = {hazard.name: hazard.column.unit for hazard in HAZARDS}


def layers_of_scenario(changes: Changes) -> tuple[str, ...]:
    """Name what a scenario changes on the map.

    Parameters
    ----------
    changes
        What is changed of the options.

    Returns
    -------
    tuple of str
        The score, if it is made anew, then hazards.

    Examples
    --------
    >>> layers_of_scenario(Changes(target="migrant_danger", month=1))
    ('heat_debt_l', 'heat_chance')
    """
    scored = (changes.target,) if changes.scored else ()
    return (*scored, *(BY_MONTH if changes.month else ()))


def scenario_layer_name(one: Scenario, what: str) -> str:
    """Name the column of the map that a scenario has of a score or a hazard.

    Parameters
    ----------
    one
        The scenario.
    what
        The score or the hazard.

    Returns
    -------
    str
        Never given to another scenario.
    """
    own = f"scenario_{one.scenario_id}"
    return own if what == one.changes.target else f"{own}_{what}"


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One layer of a scenario, and where its numbers are.

    Parameters
    ----------
    layer
        As the map shows it.
    what
        The score or the hazard.
    tables, base
        Names of the scenario's tables, and of those of the last run, to checksums.
    """

    layer: ValueLayer
    what: str
    tables: Mapping[str, str]
    base: Mapping[str, str]

    def read(self, project: Project) -> pd.DataFrame:
        """Read the columns of the layer, on the cell index."""
        name = self.layer.name
        held = {table: project.read(table, at=sha256)
                for table, sha256 in self.tables.items()}  # fmt: skip
        if not self.layer.rate:
            (table,) = held.values()
            return table[[self.what]].set_axis([name], axis="columns")
        scores, reasons = held.values()
        found = {name: scores[self.what]}
        found |= {f"{name}_{part}": scores[f"{self.what}_{part}"] for part in TOLD}
        found[self.layer.doubt] = scores[f"{self.what}_evidence"] == PRIOR
        base = columns_of(project, self.what, at=self.base)
        changed = compare_scores(base[0], scores, (base[1], reasons), score=self.what)
        found[f"{name}_{DOUBT}"] = changed["doubt"]
        found[self.layer.within] = changed["doubt"] == WITHIN
        return pd.DataFrame(found)


def scenario_offers(project: Project) -> tuple[Offer, ...]:
    """List the layers of the scenarios that are of what is now in the project.

    Parameters
    ----------
    project
        A project that has been run.

    Returns
    -------
    tuple of Offer
        In the order that the scenarios were made.
    """
    found: list[Offer] = []
    base = checksums(project, ("scores", "reasons"))
    for one in list_scenarios(project):
        if scenario_state(project, one.changes) != CURRENT:
            continue
        for what in layers_of_scenario(one.changes):
            tables = ("hazards",) if what in BY_MONTH else ("scores", "reasons")
            names = tuple(table_of(one.changes, table) for table in tables)
            sums = checksums(project, names)
            layer = _layer(one, what)
            layer = replace(layer, apart=_others(layer, found))
            found.append(Offer(layer=layer, what=what, tables=sums, base=base))
    return tuple(found)


def _others(layer: ValueLayer, before: Sequence[Offer]) -> tuple[tuple[str, str], ...]:
    """Name the scenarios of the same score before it, and a column for each pair."""
    names = [one.layer.name for one in before if one.layer.of == layer.of]
    if not layer.rate:
        return ()
    return tuple((other, f"{layer.name}_within_{other}") for other in names)


def pairs_within(values: pd.DataFrame, layers: Iterable[ValueLayer]) -> pd.DataFrame:
    """Tell of two scenarios of one score where they differ by less than the doubt.

    Parameters
    ----------
    values
        Columns of the layers, with the ends of their intervals.
    layers
        Scenarios; those that name no other are passed over.

    Returns
    -------
    pandas.DataFrame
        A column of true and false for each pair, on the same index.
    """
    found = {}
    for layer in layers:
        for other, column in layer.apart:
            sides = {"before": other, "after": layer.name}
            ends = {
                f"{side}{end}": values[f"{name}{end}"]
                for side, name in sides.items()
                for end in ("", "_low", "_high")
            }
            told = np.asarray(doubt_of(pd.DataFrame(ends)))
            found[column] = pd.Series(told == WITHIN, index=values.index)
    return pd.DataFrame(found, index=values.index)


def _layer(one: Scenario, what: str) -> ValueLayer:
    """Describe a layer for the map."""
    name = scenario_layer_name(one, what)
    told: dict[str, Any] = {"name": name, "group": GROUP, "title": one.name}
    if what in BY_MONTH:
        breaks = CHANGE_BREAKS[what]
        return ValueLayer(
            **told, unit=UNITS[what], of=f"layer.{what}", change_breaks=breaks
        )
    return ValueLayer(
        **told,
        of=f"score.{what}",
        rate=True,
        doubt=f"{name}_doubt",
        within=f"{name}_within",
    )

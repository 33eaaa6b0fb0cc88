"""Map layers: which tables' columns the map offers beside scores and counts."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from riskmap.features.catalogue import LAYERS
from riskmap.features.hazard_audience import AUDIENCE_LAYERS
from riskmap.hazards.catalogue import HAZARDS
from riskmap.hazards.options import GIVEN
from riskmap.pipeline.change_layers import CHANGE_LAYERS, is_of_now
from riskmap.pipeline.scenario_register import list_scenarios
from riskmap.project import Project
from riskmap.webmap.layer_of_values import ValueLayer

# table of the project -> the columns of it that the map offers; a table that has not
# been made offers none
OFFERS: dict[str, tuple[ValueLayer, ...]] = {
    "layers": tuple(
        ValueLayer(name=layer.column.name, unit=layer.column.unit, group="ground")
        for layer in LAYERS
        if not layer.from_incidents
    ),
    "history": tuple(
        ValueLayer(name=layer.column.name, unit=layer.column.unit, group="history")
        for layer in LAYERS
        if layer.from_incidents
    ),
    "people_at_risk": tuple(
        ValueLayer(name=layer.column.name, unit=layer.column.unit, group="history")
        for layer in AUDIENCE_LAYERS
    ),
    "hazards": tuple(
        ValueLayer(
            name=hazard.name, unit=hazard.column.unit, group="hazard", saved=True
        )
        for hazard in HAZARDS
        if hazard.shown
    ),
    **CHANGE_LAYERS,
}


def _scenarios(project: Project) -> tuple[Any, ...]:
    """Offer the project's scenarios, if it has any."""
    if not list_scenarios(project):
        return ()
    # scenarios know the steps of a run, which take a second to import
    from riskmap.pipeline.scenario_layers import scenario_offers  # noqa: PLC0415

    return scenario_offers(project)


def offered(project: Project) -> tuple[ValueLayer, ...]:
    """List the further layers that a project has for the map.

    Parameters
    ----------
    project
        A project.

    Returns
    -------
    tuple of ValueLayer
        In the order of the menu; only of tables that have been made.
    """
    made = [table for table in OFFERS if is_of_now(project, table)]
    layers = [layer for table in made for layer in _held(project, table)]
    return (*layers, *(offer.layer for offer in _scenarios(project)))


def _held(project: Project, table: str) -> tuple[ValueLayer, ...]:
    """List the columns of a table that is made: a hazard of a file only if given."""
    snapshot = project.snapshot(table)
    if table != "hazards" or snapshot is None:
        return OFFERS[table]
    absent = {f"{kind}_hazard" for kind in GIVEN if not snapshot.options.get(kind)}
    return tuple(layer for layer in OFFERS[table] if layer.name not in absent)


def values_of(project: Project) -> tuple[Callable[[], pd.DataFrame], str]:
    """Give a reader of the further layers, and the sum of what it will read.

    Parameters
    ----------
    project
        A project.

    Returns
    -------
    Callable
        Reads every offered column, on the cell index, as of now even if another run
        has been made since.
    str
        Sums of the tables.
    """
    found = {
        table: snapshot.sha256
        for table in OFFERS
        if (snapshot := project.snapshot(table)) is not None
        and is_of_now(project, table)
    }

    names = {table: [layer.name for layer in _held(project, table)] for table in found}
    offers = _scenarios(project)

    def read() -> pd.DataFrame:
        parts = [
            project.read(table, at=sha256)[names[table]]
            for table, sha256 in found.items()
        ]
        parts += [offer.read(project) for offer in offers]
        values = pd.concat(parts, axis=1)
        if not offers:
            return values
        from riskmap.pipeline.scenario_layers import pairs_within  # noqa: PLC0415

        pairs = pairs_within(values, (offer.layer for offer in offers))
        return pd.concat([values, pairs], axis=1)

    sums = [*found.items()]
    for offer in offers:
        # the base is in it: whether a change is within the doubt depends on both
        sums += [(offer.layer.name, offer.layer.title), *offer.tables.items()]
    return read, "|".join(f"{table}:{sha256}" for table, sha256 in sums)

"""Change layers: what of the results on change the map offers."""

from collections.abc import Mapping

from riskmap.hotspots.classes import (
    COLD,
    FADING,
    GROWING,
    HISTORICAL,
    HOT,
    NEW,
    NONE,
    PERSISTENT,
    SPORADIC,
)
from riskmap.project import Project, Snapshot
from riskmap.scoring.presets import BROUGHT
from riskmap.webmap.layer_of_values import ValueLayer

# ColorBrewer's RdBu and YlOrRd with grey for nothing found: told apart by people who
# do not tell red from green, and never by colour alone: the card names the class
NOTHING = "#e6e6e6"
STATES = {HOT: "#b2182b", COLD: "#2166ac", NONE: NOTHING}
TRENDS = {
    NEW: "#67000d",
    GROWING: "#cb181d",
    PERSISTENT: "#fc8d59",
    SPORADIC: "#fed976",
    FADING: "#92c5de",
    HISTORICAL: "#2166ac",
    NONE: NOTHING,
}
REPEATS = {"repeat": "#b2182b", NONE: NOTHING}
CLUSTERS = {"cluster": "#b2182b", NONE: NOTHING}
ROUTES = {"route": "#b2182b", NONE: NOTHING}


def _layer(name: str, classes: Mapping[str, str]) -> ValueLayer:
    """Make a layer of a table whose class stands in a column of the table's name."""
    return ValueLayer(
        name=name,
        group="change",
        classes=tuple(classes),
        colours=tuple(classes.values()),
    )


_STEPS = (
    ("hotspots", STATES),
    ("trends", TRENDS),
    ("scan", CLUSTERS),
    ("routes", ROUTES),
)
_NAMES = {
    f"{step}_{preset.name}": classes for step, classes in _STEPS for preset in BROUGHT
}
_KINDS = {f"nearrepeat_{kind}": REPEATS for preset in BROUGHT for kind in preset.kinds}

# table of the project, and the column of it, which has the same name -> the layer
CHANGE_LAYERS: dict[str, tuple[ValueLayer, ...]] = {
    name: (_layer(name, classes),) for name, classes in (_NAMES | _KINDS).items()
}


def is_of_now(project: Project, table: str) -> bool:
    """Tell whether a result on change was made of the tables that now hold.

    Parameters
    ----------
    project
        The project.
    table
        Its table; one that is no result on change is always of now.

    Returns
    -------
    bool
        False where cells, incidents or coverage have changed since: what was found
        may no longer be so, and the map does not show it.
    """
    made = project.snapshot(table)
    if made is None or table not in CHANGE_LAYERS:
        return made is not None
    return is_made_of_now(project, made)


def is_made_of_now(project: Project, made: Snapshot) -> bool:
    """Tell whether a table was made of the tables that now hold.

    Parameters
    ----------
    project
        The project.
    made
        The table.

    Returns
    -------
    bool
        False where one of them has changed since.
    """
    found = {name: project.snapshot(name) for name in made.inputs}
    return all(
        now is not None and now.sha256 == made.inputs[name]
        for name, now in found.items()
    )

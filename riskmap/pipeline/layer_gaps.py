"""Layer gaps: layers of a score that say little, so that nobody is misled."""

from typing import Any

import numpy as np

from riskmap.pipeline.road import read_settings
from riskmap.project import Project

MISSING, PARTIAL, SAME = "missing", "partial", "same"

# a layer known of less than this share of the cells is said to be partial: the bundled
# terrain leaves out the sea, a twelfth of the corridor
LEAST_KNOWN = 0.75


def thin_layers(project: Project) -> list[dict[str, Any]]:
    """List the layers of scores that are missing, partial or the same everywhere.

    Parameters
    ----------
    project
        A project that has been run.

    Returns
    -------
    list of dict
        ``layer``, ``state`` (``missing``, ``partial`` or ``same``) and ``known``, the
        share of the cells that it is known of, 0 to 1. A score takes the middle value
        where a layer is missing, and learns nothing from one that is the same
        everywhere.

    Raises
    ------
    TableMissingError
        Before the first run.
    """
    presets = read_settings(project).presets
    names = sorted({layer for preset in presets for layer in preset.layers})
    table = project.read("layers")
    found: list[dict[str, Any]] = []
    for name in names:
        values = table[name].to_numpy(dtype=np.float64)
        held = values[np.isfinite(values)]
        known = len(held) / max(len(values), 1)
        if not len(held):
            state = MISSING
        elif held.min() == held.max():
            state = SAME
        elif known < LEAST_KNOWN:
            state = PARTIAL
        else:
            continue
        found.append({"layer": name, "state": state, "known": known})
    return found

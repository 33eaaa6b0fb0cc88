"""Audiences: recorded harm to migrants, to officers and to communities, apart."""

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from riskmap.features.history import event_rate, rate_column
from riskmap.features.layer import Inputs, Layer, on_cells
from riskmap.features.sources import MIGRANTS, VIOLENCE

# audience to the purpose that its records serve: the wall stands between them
AUDIENCES = {
    "migrants": "life_saving",
    "officers": "public_safety",
    "communities": "public_safety",
}

# violence by people against migrants (agreement 004 III.3): a danger to migrants
ASSAULTS = ("assault_on_migrant", "detention_by_civilians")


def audience_rate(
    inputs: Inputs, *, name: str, audience: str, kinds: tuple[str, ...] = ()
) -> pd.Series:
    """Measure how often harm to one audience was recorded about each cell.

    As :func:`riskmap.features.history.event_rate`, of the records of one audience
    and of the purpose that goes with it: what endangers one group of people is never
    added to another's.

    Parameters
    ----------
    inputs
        Cells, incidents with ``audience``, coverage, the metric CRS and ``as_of``.
    name
        Name of the layer.
    audience
        ``migrants``, ``officers`` or ``communities``.
    kinds
        Kinds to count; empty counts all of the audience.

    Returns
    -------
    pandas.Series of shape (n_cells,)
        Incidents per 100 km² and year; NaN where no source covers the cell, and
        everywhere if no source has ever recorded such an incident: coverage says
        who watches, not for what.
    """
    events = inputs.incidents
    if "audience" not in events:
        return on_cells(np.nan, inputs, name)
    mine = events["audience"] == audience
    if kinds:
        mine &= events["kind"].isin(kinds)
    mine &= events["occurred_on"] < inputs.as_of
    if not mine.any():
        return on_cells(np.nan, inputs, name)
    kept = replace(inputs, incidents=events[mine])
    return event_rate(kept, name=name, purpose=AUDIENCES[audience])


def _layer(
    what: str, audience: str, meaning: str, kinds: tuple[str, ...] = ()
) -> Layer:
    """Describe the rate of one audience."""
    column = rate_column(what, meaning)
    purpose = AUDIENCES[audience]
    return Layer(
        column=column,
        purpose=purpose,
        compute=partial(
            audience_rate, name=column.name, audience=audience, kinds=kinds
        ),
        source=MIGRANTS if purpose == "life_saving" else VIOLENCE,
        reads=("cells", "incidents", "coverage"),
        missing_rule="Where no source covers the cell, or none has such a record.",
    )


AUDIENCE_LAYERS: tuple[Layer, ...] = (
    _layer(
        "migrants_harmed_events",
        "migrants",
        "Recorded incidents that endangered migrants, of every kind.",
    ),
    _layer(
        "officers_harmed_events",
        "officers",
        "Recorded incidents that endangered officers, of every kind.",
    ),
    _layer(
        "communities_harmed_events",
        "communities",
        "Recorded incidents that endangered border communities, of every kind.",
    ),
    _layer(
        "migrant_assault_events",
        "migrants",
        "Recorded assaults on migrants and detentions by civilians.",
        ASSAULTS,
    ),
)
"""Three people at risk, apart, and assaults on migrants by themselves.

They are no layers of the catalogue: no score is learned from them.
"""

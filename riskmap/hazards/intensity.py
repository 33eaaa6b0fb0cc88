"""Intensity: people who pass, times hazard, times the chance of being found."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskmap.errors import OptionError, TableContractError

Floats = npt.NDArray[np.float64]

# half of those on foot have reached a road, help or custody after so many hours:
# judgement, one day's walk; no source counts them
HALF_WAY_HOURS = 8.0

# hazard of each cause, by column of the hazards; the others have no physics here and
# go with the people who pass
CAUSE_HAZARDS: Mapping[str, str] = {
    "exposure": "heat_loss_l_per_km",
    "drowning": "drowning_drift",
}

# what a cause counts for before any record of it: half an event, Jeffreys' prior
PRIOR_EVENTS = 0.5


def share_on_foot(walk_hours: npt.ArrayLike, half_way_hours: float) -> Floats:
    """Tell what share of those who set out at the line are still on foot.

    An assumption about exposure, not a count: it halves every so many hours.

    Parameters
    ----------
    walk_hours
        Hours on foot from the line, of any shape.
    half_way_hours
        Above 0.

    Returns
    -------
    numpy.ndarray
        0 to 1, of the same shape; NaN where no way leads.

    Raises
    ------
    OptionError
        If ``half_way_hours`` is not above 0.

    Examples
    --------
    >>> share_on_foot([0.0, 8.0, 16.0], 8.0).tolist()
    [1.0, 0.5, 0.25]
    """
    if not 0 < half_way_hours < np.inf:
        msg = f"`half_way_hours` must be above 0, got {half_way_hours!r}."
        raise OptionError(msg, option="half_way_hours", value=half_way_hours)
    hours = np.asarray(walk_hours, dtype=np.float64)
    return np.asarray(0.5 ** (hours / half_way_hours))


def cause_intensity(
    flow: npt.ArrayLike, hazard: npt.ArrayLike, detectability: npt.ArrayLike = 1.0
) -> Floats:
    """Multiply flow, hazard and detectability of one cause.

    Parameters
    ----------
    flow
        People who pass, in any unit, of shape (n_cells,).
    hazard
        Chance or rate of harm to one who passes.
    detectability
        Chance that harm is found and recorded.

    Returns
    -------
    numpy.ndarray of shape (n_cells,)
        In the units multiplied; NaN where any is unknown.

    Raises
    ------
    TableContractError
        If any is negative.

    Examples
    --------
    >>> cause_intensity([10.0, 10.0], [0.1, np.nan], 0.5).tolist()
    [0.5, nan]
    """
    parts = {"flow": flow, "hazard": hazard, "detectability": detectability}
    product: Floats = np.ones(1)
    for name, values in parts.items():
        numbers = np.asarray(values, dtype=np.float64)
        if (numbers < 0).any():
            msg = f"{name} must not be negative."
            raise TableContractError(msg, table="intensity", faults=msg)
        product = product * numbers
    return product


def intensities_by_cause(
    hazards: pd.DataFrame,
    causes: tuple[str, ...],
    *,
    flow: Floats | None = None,
    detectability: Floats | float = 1.0,
) -> pd.DataFrame:
    """Lay out the intensity of each cause, apart, each to its own scale.

    Parameters
    ----------
    hazards
        The hazard table: ``heat_loss_l_per_km``, ``drowning_drift``, ``walk_hours``.
    causes
        Causes of death; those without physics of their own go with the flow.
    flow
        People who pass; by default the share still on foot.
    detectability
        Chance of being found, of shape (n_cells,) or one for all.

    Returns
    -------
    pandas.DataFrame of shape (n_cells, n_causes)
        Not yet events a year: see :func:`scaled`. NaN where flow or hazard is
        unknown.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {"heat_loss_l_per_km": [0.2], "drowning_drift": [0.1], "walk_hours": [8.0]}
    ... )
    >>> intensities_by_cause(table, ("exposure", "fall")).iloc[0].tolist()
    [0.1, 0.5]
    """
    passing = flow
    if passing is None:
        passing = share_on_foot(hazards["walk_hours"], HALF_WAY_HOURS)
    found = {}
    for cause in causes:
        column = CAUSE_HAZARDS.get(cause)
        hazard = np.ones(len(hazards)) if column is None else hazards[column]
        found[cause] = cause_intensity(passing, hazard, detectability)
    return pd.DataFrame(found, index=hazards.index)


def cause_rates(
    parts: pd.DataFrame, events: Mapping[str, float], exposed_km2_years: Floats
) -> dict[str, float]:
    """Learn the scale of each cause from records of watched ground.

    Parameters
    ----------
    parts
        As :func:`intensities_by_cause` gives.
    events
        Cause to the number of recorded events on that ground; 0 if not named.
    exposed_km2_years
        Area times years of record of each cell, 0 where no source watched.

    Returns
    -------
    dict of str to float
        Events per km² and year for an intensity of 1; half an event is added to each
        cause, so that what never was recorded is not impossible.

    Examples
    --------
    >>> parts = pd.DataFrame({"exposure": [0.5, 0.5]})
    >>> cause_rates(parts, {"exposure": 9.5}, np.array([10.0, 10.0]))
    {'exposure': 1.0}
    """
    known = exposed_km2_years > 0
    rates = {}
    for cause in parts:
        whole = float(
            np.nansum(parts[cause].to_numpy()[known] * exposed_km2_years[known])
        )
        counted = float(events.get(str(cause), 0.0)) + PRIOR_EVENTS
        rates[str(cause)] = counted / whole if whole > 0 else 0.0
    return rates


def scaled(parts: pd.DataFrame, rates: Mapping[str, float]) -> pd.DataFrame:
    """Bring the intensities of causes to events per km² and year, and add them up.

    Parameters
    ----------
    parts
        As :func:`intensities_by_cause` gives.
    rates
        As :func:`cause_rates` gives.

    Returns
    -------
    pandas.DataFrame of shape (n_cells, n_causes + 1)
        Each cause, and ``total``; NaN in ``total`` only where every cause is unknown.

    Examples
    --------
    >>> parts = pd.DataFrame({"exposure": [0.5], "fall": [0.1]})
    >>> scaled(parts, {"exposure": 1.0, "fall": 2.0})["total"].tolist()
    [0.7]
    """
    found = parts.mul(pd.Series(rates), axis="columns")[list(parts.columns)]
    return found.assign(total=found.sum(axis=1, min_count=1))


def blended(
    prior: npt.ArrayLike,
    events: npt.ArrayLike,
    exposed_km2_years: npt.ArrayLike,
    *,
    strength_events: float,
) -> Floats:
    """Blend physics with the record of each place, by how much record there is.

    The physics is the mean of a gamma prior that weighs like so many events; the
    record is Poisson. Where nobody watched it is the physics alone: unknown, not
    safe. The more is recorded, the less the physics counts.

    Parameters
    ----------
    prior
        Events per km² and year by physics, as ``total`` of :func:`scaled`, above 0.
    events
        Recorded there, such as past drownings.
    exposed_km2_years
        Area times years of record, 0 where nobody watched.
    strength_events
        How many events the physics is worth, above 0.

    Returns
    -------
    numpy.ndarray of shape (n_cells,)
        Events per km² and year; NaN where the prior is unknown.

    Raises
    ------
    OptionError
        If ``strength_events`` is not above 0.

    Examples
    --------
    >>> blended([0.1, 0.1], [0, 3], [0.0, 10.0], strength_events=1.0).tolist()
    [0.1, 0.2]
    """
    if not 0 < strength_events < np.inf:
        msg = f"`strength_events` must be above 0, got {strength_events!r}."
        raise OptionError(msg, option="strength_events", value=strength_events)
    mean = np.asarray(prior, dtype=np.float64)
    counted = np.asarray(events, dtype=np.float64) + strength_events
    watched = np.asarray(exposed_km2_years, dtype=np.float64) * mean
    return np.asarray(mean * counted / (strength_events + watched))

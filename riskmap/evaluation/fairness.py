"""Fairness: on whose ground a map errs, and where it raises false alarms.

Nobody's group is known or asked for: what is compared is ground, by side, region,
remoteness and how finely its records are placed.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from riskmap.evaluation.backtest import Trial
from riskmap.evaluation.metrics import inclusion
from riskmap.history.ground import Floats
from riskmap.history.records import Records
from riskmap.schema import Column

# an alarm is raised on the densest share of the area
ALARM_SHARE = 0.05

# remote ground is farther than this from the nearest town with a name, kilometres:
# thirds of the corridor would move with its width
REMOTENESS_KM = (10.0, 30.0)

# grades of how finely records are placed, metres
GRADES_M = (500.0, 5_000.0, 20_000.0)

FAIRNESS_TABLE: tuple[Column, ...] = (
    Column(name="model", dtype="str"),
    Column(name="by", dtype="str", meaning="side, region, remoteness or accuracy."),
    Column(name="group", dtype="str"),
    Column(name="share_of_area", dtype="float64", lowest=0, highest=1),
    Column(name="events", dtype="int64", lowest=0),
    Column(name="expected", dtype="float64", lowest=0),
    Column(name="expected_per_event", dtype="float64", lowest=0, missing=True),
    Column(name="missed", dtype="float64", lowest=0, highest=1, missing=True),
    Column(name="alarm_share", dtype="float64", lowest=0, highest=1, missing=True),
    Column(name="false_alarm", dtype="float64", lowest=0, highest=1, missing=True),
)


def fairness_table(
    trials: Sequence[Trial],
    model: str,
    groups: Mapping[str, pd.Series],
    *,
    share: float = ALARM_SHARE,
) -> pd.DataFrame:
    """Compare a map's errors between groups of ground.

    Parameters
    ----------
    trials
        One an origin.
    model
        Which map.
    groups
        For each way of grouping the group of each cell, on the cell index; empty for
        none.
    share
        Share of the area on which alarms are raised.

    Returns
    -------
    pandas.DataFrame
        As :data:`FAIRNESS_TABLE`: ``missed``, share of the events that came outside
        the alarms; ``false_alarm``, share of the alarmed ground on which nothing came
        within the horizon; ``alarm_share``, share of the group's area under alarm.
        Where alarms fall on many small cells nearly all are false: compare groups,
        not values.
    """
    found: dict[tuple[str, str], Floats] = {}
    whole = sum(float(trial.area_km2.sum()) for trial in trials)
    for trial in trials:
        alarm = inclusion(trial.maps[model], trial.area_km2, share)
        per_cell = np.stack(
            [
                trial.area_km2,
                trial.counts,
                np.where(trial.area_km2 > 0, trial.maps[model], 0.0),
                alarm * trial.counts,
                alarm * trial.area_km2,
                alarm * trial.area_km2 * (trial.counts == 0),
            ],
            axis=1,
        )
        for by, names in groups.items():
            for name, sums in _sums(names, per_cell).items():
                key = (by, name)
                found[key] = found.get(key, np.zeros(per_cell.shape[1])) + sums
    rows = []
    for (by, name), sums in sorted(found.items()):
        area, events, expected, caught, alarmed, quiet = sums.tolist()
        if area <= 0:
            continue
        rows.append(
            (
                model,
                by,
                name,
                area / whole,
                round(events),
                expected,
                expected / events if events else np.nan,
                1 - caught / events if events else np.nan,
                alarmed / area,
                quiet / alarmed if alarmed else np.nan,
            )
        )
    table = pd.DataFrame(rows, columns=[column.name for column in FAIRNESS_TABLE])
    return table.astype({column.name: column.dtype for column in FAIRNESS_TABLE})


def _sums(names: pd.Series, per_cell: Floats) -> dict[str, Floats]:
    """Add cells up by group."""
    codes, known = pd.factorize(names, sort=True)
    return {
        str(name): per_cell[codes == place].sum(axis=0)
        for place, name in enumerate(known)
        if str(name)
    }


def remoteness(distance_km: pd.Series) -> pd.Series:
    """Grade ground by how far it is from the nearest town.

    Parameters
    ----------
    distance_km
        Distance of each cell, on the cell index; NaN where unknown.

    Returns
    -------
    pandas.Series of str
        ``near`` (under 10 km), ``middle``, ``remote`` (30 km or more); empty where
        unknown.

    Examples
    --------
    >>> remoteness(pd.Series([5.0, 12.0, 99.0])).tolist()
    ['near', 'middle', 'remote']
    """
    names = np.array(["near", "middle", "remote"])
    grade = np.searchsorted(REMOTENESS_KM, distance_km.to_numpy(), side="right")
    found = np.where(distance_km.isna(), "", names[np.minimum(grade, 2)])
    return pd.Series(found, index=distance_km.index, dtype="str")


def accuracy_grade(records: Records) -> pd.Series:
    """Grade ground by how finely most of its records are placed.

    Parameters
    ----------
    records
        The target's records.

    Returns
    -------
    pandas.Series of str
        On the cell index: ``to_500_m``, ``to_5_km``, ``to_20_km``, ``coarser``; empty
        where nothing was recorded.
    """
    names = np.array(["to_500_m", "to_5_km", "to_20_km", "coarser"])
    events = records.events
    # a spread is half the accuracy, in kilometres
    accuracy_m = events.site_spread_km[events.site] * 2_000
    # the last bit of a spread must not change the grade
    grade = np.searchsorted(GRADES_M, np.round(accuracy_m, 6), side="left")
    tally = np.zeros((len(records.ground), len(names)))
    np.add.at(tally, (events.cell, grade), 1.0)
    found = np.where(tally.sum(axis=1) > 0, names[tally.argmax(axis=1)], "")
    return pd.Series(found, index=records.ground.index, dtype="str")

"""Tree grounds: what boosted trees make of one cell, where a stack is in use."""

from collections.abc import Mapping

import numpy as np

from riskmap.history.learners import HistoryRegressor
from riskmap.models.shapley import shapley_values
from riskmap.pipeline.bench import Bench
from riskmap.pipeline.scored import RANDOM_STATE
from riskmap.scoring.basis import STACK_HORIZONS
from riskmap.scoring.stack import TREES

# what columns of a cell's past are about; a layer stands for itself
NEAR, OWN, SINCE, WHERE, SEASON = "near", "own", "since", "where", "season"

ABOUT: Mapping[str, str] = {
    "days_since": SINCE,
    "east_km": WHERE,
    "north_km": WHERE,
    "season_sin": SEASON,
    "season_cos": SEASON,
}

# the rate that trees expect of the rows they learned from, on average
AVERAGE = "average"


def about(column: str, layers: tuple[str, ...]) -> str:
    """Say what a column of the trees is about.

    Parameters
    ----------
    column
        Its name, as :class:`riskmap.history.traces.Traces` gives it.
    layers
        Names of the layers among the columns.

    Returns
    -------
    str
        ``near``, ``own``, ``since``, ``where``, ``season`` or the layer.

    Examples
    --------
    >>> [about(name, ("slope_deg",)) for name in ("7km_all", "own_1", "slope_deg")]
    ['near', 'own', 'slope_deg']
    """
    if column in layers:
        return column
    if column.startswith(("own_", "around_")):
        return OWN
    return ABOUT.get(column, NEAR)


def tree_grounds(bench: Bench, place: int) -> dict[str, float]:
    """Take apart what the trees of a stack expect of one cell.

    Shapley values, exact (:mod:`riskmap.models.shapley`), of columns about the same
    thing added up.

    Parameters
    ----------
    bench
        Records and layers; its preset asks for a stack.
    place
        Position of the cell.

    Returns
    -------
    dict of str to float
        ``average``, the events that trees expect of an average row, then for each thing
        how many times as many it makes, farthest from 1 first; all multiplied are what
        the trees expect of the cell. Empty where no stack is in use, nothing could be
        learned or the cell is not watched.
    """
    numbers, records = bench.preset.numbers, bench.records
    if not numbers.get(STACK_HORIZONS) or records.watched[place] == 0:
        return {}
    layers = bench.features[list(bench.preset.layers)]
    learner = HistoryRegressor(
        how=TREES, horizon_days=numbers["horizon_days"], random_state=RANDOM_STATE
    ).fit(records, layers=layers)
    if learner.model_ is None:
        return {}
    columns = learner.traces_.at(records, records.as_of_day)[:, learner.used_]
    names = np.array(learner.traces_.names)[learner.used_]
    base, values = shapley_values(learner.model_, columns[place].astype(np.float64))
    added: dict[str, float] = {}
    for name, value in zip(names.tolist(), values.tolist(), strict=True):
        thing = about(name, bench.preset.layers)
        added[thing] = added.get(thing, 0.0) + value
    ranked = sorted(added.items(), key=lambda item: -abs(item[1]))
    return {
        AVERAGE: float(np.exp(base)),
        **{thing: float(np.exp(value)) for thing, value in ranked},
    }

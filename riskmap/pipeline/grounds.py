"""Grounds: why a cell is high or low, in one sentence of each language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from riskmap import cells as h3_cells
from riskmap.errors import CellIndexError, UnknownNameError
from riskmap.history.ground import Floats
from riskmap.models.effects import dependence_table, importance_table
from riskmap.pipeline.bench import Bench, lay_bench
from riskmap.pipeline.causes import causes_at
from riskmap.pipeline.tree_grounds import AVERAGE, tree_grounds
from riskmap.pipeline.views import SCORES, reasons
from riskmap.pipeline.whereabouts import find_place, read_whereabouts
from riskmap.project import Project
from riskmap.scoring.expectation import LEARNED
from riskmap.scoring.place import Hinges, PoissonRidge
from riskmap.scoring.presets import NAMES

Label = Callable[..., str]

# how far and how long back incidents are counted in a sentence
NEAR_KM, RECENT_DAYS = 10.0, 730

# percentiles above which a cell is said to be high, and below which low
HIGH, LOW = 90.0, 50.0

# layers named in a sentence, those that matter most to the cell
MOST_LAYERS = 2

# from here on a decimal says nothing
WHOLE_FROM = 10.0

# a layer that changes the rate by less than a fifth is not worth a word
LEAST_EFFECT = float(np.log(1.2))

# a cause of less than a twentieth of the danger is not named
LEAST_CAUSE = 0.05

# things named of what the trees say
MOST_TREES = 4


@dataclass(frozen=True, kw_only=True, eq=False)
class Grounds:
    """Why one score is what it is in one cell.

    Parameters
    ----------
    cell
        The cell.
    score
        The score.
    evidence
        ``records``, ``prior`` or ``no_data``.
    value, low, high, percentile
        The score, its interval and its place; NaN if nothing is known.
    recent, ever
        Incidents recorded within 10 km of the cell's centre in two years, and ever.
    parts
        Part to what it adds to the score.
    layers
        Layer to its value and to how many times the rate of average ground it makes.
    causes
        Cause to what it adds to the danger, the largest first; empty where the score
        is not split.
    trees
        Where a stack is in use, what its trees make of the cell, as
        :func:`riskmap.pipeline.tree_grounds.tree_grounds` gives it.
    """

    cell: int
    score: str
    evidence: str
    value: float
    low: float
    high: float
    percentile: float
    recent: int
    ever: int
    parts: Mapping[str, float]
    layers: Mapping[str, tuple[float, float]]
    causes: Mapping[str, float] = field(default_factory=dict)
    trees: Mapping[str, float] = field(default_factory=dict)


def cell_at(project: Project, text: str) -> int:
    """Find the project's cell of a cell's text or of a place's name.

    Parameters
    ----------
    project
        The project, once run.
    text
        A cell in hexadecimal, of any resolution, or what somebody said of a place.

    Returns
    -------
    int
        The cell's number.

    Raises
    ------
    CellIndexError
        If the place lies outside the project's cells.
    UnknownNameError
        If no place of the name is known.
    """
    index = project.read("cells").index
    try:
        centre = h3_cells.cell_centres(h3_cells.parse_cells([text])).iloc[0]
        lon, lat = float(centre.x), float(centre.y)
    except CellIndexError:
        found = find_place(read_whereabouts(project), text)
        if not found.candidates:
            msg = f"No place {text!r} is known."
            raise UnknownNameError(msg, kind="place", value=text, known="") from None
        lon, lat = found.candidates[0].lon, found.candidates[0].lat
    cell = h3_cells.points_to_cells(
        np.array([lon]), np.array([lat]), h3_cells.resolution_of(index)
    )
    if index.get_indexer(cell)[0] < 0:
        msg = f"{text!r} lies outside the project's cells."
        raise CellIndexError(msg, reason="outside", got=text)
    return int(cell[0])


def place_effects(bench: Bench) -> pd.DataFrame:
    """Fit the place part of a score, and take it apart by layer.

    Parameters
    ----------
    bench
        Records and layers.

    Returns
    -------
    pandas.DataFrame
        On the cell index, a column a layer of the score: its term of the logarithm of
        the rate, less its average over watched ground.
    """
    records, names = bench.records, list(bench.preset.layers)
    layers = bench.features[names].to_numpy(dtype=np.float64)
    hinges = Hinges().fit(layers)
    terms = hinges.transform(layers)
    area = records.ground.area_km2
    watched = records.coverage.discounted_days(records.as_of_day, np.inf)
    counts = _pinned(bench)
    rows = np.flatnonzero(watched > 0)
    if counts[rows].sum() == 0:
        # nothing was recorded: no layer is known to matter
        return pd.DataFrame(0.0, index=records.ground.index, columns=names)
    model = PoissonRidge(float(bench.preset.numbers["place_penalty"])).fit(
        terms[rows],
        counts[rows],
        exposure=(area * watched)[rows],
        weight=np.ones(len(rows)),
    )
    found, first = {}, 0
    weights = area * records.watched
    for layer, knots in zip(hinges.layers_, hinges.knots_, strict=True):
        last = first + len(knots) - 1
        line = terms[:, first:last] @ model.coef_[first:last]
        found[names[layer]] = line - np.average(line, weights=weights)
        first = last
    return pd.DataFrame(found, index=records.ground.index)


def _pinned(bench: Bench) -> Floats:
    """Count the incidents that are placed finely enough to tell their cell."""
    cell = bench.records.events.pinned.cell
    return np.bincount(cell, minlength=len(bench.records.ground)).astype(np.float64)


def influence(project: Project, target: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tell which layers matter to a score, how, and whether it is the known way.

    Parameters
    ----------
    project
        The project, once run.
    target
        The score.

    Returns
    -------
    importance : pandas.DataFrame
        As :data:`riskmap.models.effects.IMPORTANCE_TABLE`.
    dependence : pandas.DataFrame
        As :data:`riskmap.models.effects.DEPENDENCE_TABLE`.

    Raises
    ------
    UnknownNameError
        If there is no such score.
    TableMissingError
        Before the first run.
    """
    bench = lay_bench(project, target)
    effects = place_effects(bench)
    layers = bench.features[effects.columns]
    area = bench.records.ground.area_km2 * bench.records.watched
    importance = importance_table(effects, layers, area, _pinned(bench))
    return importance, dependence_table(effects, layers)


def grounds_of(project: Project, cell: int, target: str) -> Grounds:
    """Gather why one score is what it is in one cell.

    Parameters
    ----------
    project
        The project, once run.
    cell
        The cell's number.
    target
        The score.

    Returns
    -------
    Grounds
        Numbers; :func:`say_grounds` says them.

    Raises
    ------
    CellIndexError
        If the cell is none of the project's.
    UnknownNameError
        If there is no such score.
    TableMissingError
        Before the first run.
    """
    bench = lay_bench(project, target)
    ground, events = bench.records.ground, bench.records.events
    place = int(ground.index.get_indexer([np.uint64(cell)])[0])
    if place < 0:
        msg = f"{cell:x} is none of the project's cells."
        raise CellIndexError(msg, reason="outside", got=f"{cell:x}")
    row = project.read("scores").iloc[place]
    away = np.hypot(*(events.site_xy_km[events.site] - ground.xy_km[place]).T)
    near = away <= NEAR_KM
    recent = near & (events.day >= bench.records.as_of_day - RECENT_DAYS)
    mine = reasons(project, cell)
    mine = mine[mine["score"] == target]
    effects = place_effects(bench).iloc[place]
    values = bench.features.iloc[place]
    return Grounds(
        cell=cell,
        score=target,
        evidence=str(row[f"{target}_evidence"]),
        value=float(row[target]),
        low=float(row[f"{target}_low"]),
        high=float(row[f"{target}_high"]),
        percentile=float(row[f"{target}_percentile"]),
        recent=int(recent.sum()),
        ever=int(near.sum()),
        parts=dict(zip(mine["part"], mine["value"], strict=True)),
        layers={
            name: (float(values[name]), float(np.exp(effects[name])))
            for name in effects.index
        },
        causes=causes_at(project, cell, target),
        trees=tree_grounds(bench, place),
    )


def say_grounds(found: Grounds, label: Label, *, plural: Label) -> str:
    """Say in one sentence why a score is high or low in a cell.

    Parameters
    ----------
    found
        As :func:`grounds_of` gathers it.
    label
        Words of one language.
    plural
        Words of one language for a count: ``plural(key, n)``.

    Returns
    -------
    str
        A sentence; no data is said to be none.
    """
    if found.evidence == "no_data":
        return label("why.no_data")
    if found.percentile >= HIGH:
        level, side = "why.high", 1.0
    elif found.percentile < LOW:
        level, side = "why.low", -1.0
    else:
        level, side = "why.middle", 0.0
    said = []
    # what a score of another package counts has no words of its own here
    counts = found.score if found.score in NAMES else "other"
    if found.evidence == "prior":
        said.append(label("why.prior"))
    elif found.recent:
        said.append(plural(f"why.recent.{counts}", found.recent))
    elif found.ever:
        said.append(plural(f"why.ever.{counts}", found.ever))
    else:
        said.append(label("why.none"))
    # where a stack is in use, part of the score is what learners make of all this
    learned = found.parts.get(LEARNED, 0.0) / found.value if found.value else 0.0
    if round(100 * learned):
        said.append(label("why.learned", percent=round(100 * learned)))
    ranked = sorted(found.layers.items(), key=lambda item: -abs(np.log(item[1][1])))
    told = [
        label(f"why.layer.{name}", value=_rounded(name, value))
        for name, (value, times) in ranked
        if np.isfinite(value)
        and abs(np.log(times)) >= LEAST_EFFECT
        and np.log(times) * side >= 0
    ]
    sentence = label(level, reasons="; ".join(said + told[:MOST_LAYERS]))
    return " ".join([sentence, *_say_causes(found, label), *_say_trees(found, label)])


def _say_causes(found: Grounds, label: Label) -> list[str]:
    """Say what the danger is made of, the causes that matter most."""
    whole = sum(found.causes.values())
    if whole <= 0:
        return []
    parts = [
        label("why.cause", cause=label(f"cause.{code}"), percent=round(100 * share))
        for code, value in found.causes.items()
        if (share := value / whole) >= LEAST_CAUSE
    ]
    return [label("why.causes", causes=", ".join(parts))]


def _say_trees(found: Grounds, label: Label) -> list[str]:
    """Say what matters most to the trees of a stack, and how many times."""
    told = [
        label(
            "why.tree",
            what=label(f"layer.{thing}" if thing in found.layers else f"why.{thing}"),
            times=float(f"{times:.2g}"),
        )
        for thing, times in found.trees.items()
        if thing != AVERAGE and abs(np.log(times)) >= LEAST_EFFECT
    ]
    if not found.trees:
        return []
    return [label("why.trees", parts=", ".join(told[:MOST_TREES]) or "—")]


def _rounded(name: str, value: float) -> float:
    """Keep as many digits as a person can use."""
    if name == "ruggedness":
        return round(value, 4)
    return float(round(value, 0 if abs(value) >= WHOLE_FROM else 1))


def why(
    project: Project, text: str, words: Mapping[str, Any], target: str | None = None
) -> list[dict[str, Any]]:
    """Say why scores are what they are at a place, in every language.

    Parameters
    ----------
    project
        The project, once run.
    text
        A cell in hexadecimal, or a place.
    words
        Language to its words.
    target
        One score; all if not given.

    Returns
    -------
    list of dict
        For each score its numbers and ``text_XX``.

    Raises
    ------
    CellIndexError
        If the place lies outside the project's cells.
    UnknownNameError
        If no such place or score is known.
    """
    cell = cell_at(project, text)
    found = []
    for score in (target,) if target else SCORES:
        grounds = grounds_of(project, cell, score)
        facts = dict(vars(grounds)) | {"cell": f"{cell:x}"}
        for lang, one in words.items():
            facts[f"text_{lang}"] = say_grounds(grounds, one.text, plural=one.plural)
        found.append(facts)
    return found

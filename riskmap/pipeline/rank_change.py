"""Rank change: what moved since an earlier assessment, by new data or another model."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from riskmap import cells as cells_
from riskmap.config import Config
from riskmap.errors import OptionError, TableMissingError, UnknownNameError
from riskmap.pipeline.in_use import preset_with
from riskmap.pipeline.plugins import scores_in_use
from riskmap.pipeline.reports import Progress, tell_nobody
from riskmap.pipeline.runner import Settings
from riskmap.pipeline.scored import RECORD_TABLES, score_cells
from riskmap.project import Project, Snapshot
from riskmap.scoring import Preset

SCORES: Final = "scores"

RANKS_LISTED: Final = 100
"""Cells in the list that people leave and enter, unless another number is asked for."""

DATA, MODEL, BOTH = "data", "model", "both"
CAUSES: Final = (DATA, MODEL, BOTH)

ENTERED, LEFT, STAYED, OUTSIDE = "entered", "left", "stayed", "outside"


@dataclass(frozen=True, kw_only=True, eq=False)
class RankChange:
    """What moved between two assessments of one score.

    Parameters
    ----------
    score
        Name of the score.
    before, after
        The two assessments: versions of the table of scores.
    same_data, same_model
        Whether records, coverage, cells, layers and the day are the same; whether
        settings and version of riskmap are.
    top
        How many cells the list holds.
    cells
        On ``cell``, every cell whose rank is not what it was: ``side``, ``km``,
        ``before`` and ``after`` (Int64, 1 is the highest; NA is no data), ``new_data``
        (rank of new data under the old model), ``new_model`` (of old data under the new
        model), ``change`` (places up are negative; NaN beside no data), ``by_data`` and
        ``by_model`` (places; they add up to ``change``), ``cause`` (of
        :data:`CAUSES`) and ``list`` (``entered``, ``left``, ``stayed`` or ``outside``).
    """

    score: str
    before: Snapshot
    after: Snapshot
    same_data: bool
    same_model: bool
    top: int
    cells: pd.DataFrame

    def listed(self) -> pd.DataFrame:
        """List the cells that entered the top of the list or left it.

        Returns
        -------
        pandas.DataFrame
            Rows of ``cells``, entries first, each by its rank.
        """
        moved = self.cells[self.cells["list"].isin([ENTERED, LEFT])]
        best = moved[["before", "after"]].astype("float64").min(axis=1)
        order = np.lexsort((moved.index, best, moved["list"] == LEFT))
        return moved.iloc[order]

    def counts(self) -> pd.DataFrame:
        """Count the changes by cause, and of them those of the list.

        Returns
        -------
        pandas.DataFrame
            On ``cause``: ``cells``, ``entered`` and ``left``; int64.
        """
        groups = self.cells.groupby("cause")["list"]
        table = pd.DataFrame(
            {
                "cells": groups.size(),
                ENTERED: groups.apply(lambda g: int((g == ENTERED).sum())),
                LEFT: groups.apply(lambda g: int((g == LEFT).sum())),
            }
        )
        index = pd.Index(CAUSES, name="cause", dtype="str")
        return table.reindex(index).fillna(0).astype("int64")


def say_rank_changes(found: RankChange, words: Any) -> list[str]:
    """Say in words what was compared, and how many cells moved for what.

    Parameters
    ----------
    found
        From :func:`rank_changes`.
    words
        With ``text`` and ``date``, of the reader's language.

    Returns
    -------
    list of str
        Sentences.
    """
    days = [
        words.date(datetime.date.fromisoformat(str(one.options["as_of"])[:10]))
        for one in (found.before, found.after)
    ]
    sums = [one.sha256[:12] for one in (found.before, found.after)]
    same = "data" if found.same_data else "model" if found.same_model else "none"
    facts = {"before": days[0], "after": days[1]}
    facts |= {"before_sum": sums[0], "after_sum": sums[1]}
    said = [
        words.text("ranks.since", score=words.text(f"score.{found.score}"), **facts),
        words.text(f"ranks.same.{same}"),
    ]
    for cause, row in found.counts().iterrows():
        counts = {name: int(row[name]) for name in ("cells", ENTERED, LEFT)}
        if counts["cells"]:
            name = words.text(f"ranks.cause.{cause}")
            said.append(words.text("ranks.counts", cause=name, top=found.top, **counts))
    return said


def list_assessments(project: Project) -> tuple[Snapshot, ...]:
    """List the assessments that a project keeps, oldest first.

    Parameters
    ----------
    project
        The project.

    Returns
    -------
    tuple of Snapshot
        Versions of the table of scores; what was made again in between stands where it
        was made last.
    """
    held = {one.sha256: one for one in project.snapshots(SCORES)}
    return tuple(sorted(held.values(), key=lambda one: one.seq))


def rank_changes(
    project: Project,
    score: str,
    *,
    since: str = "",
    top: int = RANKS_LISTED,
    progress: Progress | None = None,
) -> RankChange:
    """Split every change of rank since an assessment into data, model, or both.

    Each of the two is held still while the other moves: the old model ranks the new
    data, and the new model the old data. A change is ``data`` if new data alone make
    the whole of it and the new model alone nothing; ``model`` the other way round;
    else ``both``. Places are shared out by the mean over the two orders in which data
    and model can be changed (the Shapley value of two players), so that the two parts
    add up exactly.

    Parameters
    ----------
    project
        A project that has been run more than once.
    score
        Name of a score.
    since
        Checksum of an earlier assessment or its beginning, or the day that it was
        made as of, ISO 8601; the last one that was another if empty.
    top
        How many cells the list holds.
    progress
        Told ``(step, done, total)``.

    Returns
    -------
    RankChange
        Nothing is stored. An older version of riskmap cannot be run again: what it
        ranked otherwise counts as model.

    Raises
    ------
    TableMissingError
        If there is no earlier assessment, or none at all.
    UnknownNameError
        If there is no such score or assessment.
    OptionError
        If ``top`` is less than 1, or the two have cells of different sizes.
    """
    if top < 1:
        msg = f"`top` must be 1 or more, got {top}."
        raise OptionError(msg, option="top", value=top)
    preset = _preset_named(score)
    before, after = _pair(project, since)
    tables = [_tables(project, one) for one in (before, after)]
    sizes = [cells_.resolution_of(one["cells"].index) for one in tables]
    if sizes[0] != sizes[1]:
        msg = f"The assessments have cells of resolutions {sizes[0]} and {sizes[1]}."
        raise OptionError(msg, option="since", value=since or before.sha256[:16])
    days = [str(one.options["as_of"]) for one in (before, after)]
    presets = [_preset_of(preset, one) for one in (before, after)]
    same_data = before.inputs == after.inputs and days[0] == days[1]
    versions = [one.riskmap_version for one in (before, after)]
    same_model = presets[0] == presets[1] and versions[0] == versions[1]
    told, column = progress or tell_nobody, f"{score}_rank"

    def ranked(data: int, model: int) -> pd.Series:
        settings = Settings(
            config=Config(), as_of=days[data], presets=(presets[model],)
        )
        return score_cells(tables[data], settings, tell_nobody)[column]

    stored = [project.read(SCORES, at=o.sha256)[column] for o in (before, after)]
    told(SCORES, 0, 2)
    # what differs in one thing only needs no other run
    one_moved = same_data or same_model
    new_data = stored[0 if same_data else 1] if one_moved else ranked(1, 0)
    told(SCORES, 1, 2)
    new_model = stored[0 if same_model else 1] if one_moved else ranked(0, 1)
    told(SCORES, 2, 2)
    ranks = pd.DataFrame(
        {
            "before": stored[0],
            "after": stored[1],
            "new_data": new_data,
            "new_model": new_model,
        }
    ).astype("Int64")
    place = pd.concat([one["cells"][["side", "km"]] for one in tables[::-1]])
    place = place[~place.index.duplicated()]
    return RankChange(
        score=score,
        before=before,
        after=after,
        same_data=same_data,
        same_model=same_model,
        top=top,
        cells=place.loc[ranks.index].join(_split(ranks, top)).loc[_moved(ranks)],
    )


def _preset_named(score: str) -> Preset:
    """Find a score among those in use."""
    known = {preset.name: preset for preset in scores_in_use()}
    if score not in known:
        names = ", ".join(known)
        msg = f"`score` must be one of {names}, got {score!r}."
        raise UnknownNameError(msg, kind="score", value=score, known=names)
    return known[score]


def _pair(project: Project, since: str) -> tuple[Snapshot, Snapshot]:
    """Find the earlier assessment and the newest."""
    *earlier, newest = list_assessments(project) or (None,)
    if newest is None or not earlier:
        msg = "There is no earlier assessment to compare with."
        raise TableMissingError(msg, path=str(project.path), table=SCORES)
    fits = [
        one
        for one in earlier
        if one.sha256.startswith(since) or one.options.get("as_of") == since
    ]
    if not fits:
        known = ", ".join(
            f"{one.sha256[:12]} ({one.options['as_of']})" for one in earlier
        )
        msg = f"There is no assessment {since!r} before the newest; there are {known}."
        raise UnknownNameError(msg, kind="assessment", value=since, known=known)
    return fits[-1], newest


def _tables(project: Project, made: Snapshot) -> Mapping[str, Any]:
    """Read the tables that an assessment was made of, as they were."""
    known = [n for n in RECORD_TABLES if n in made.inputs]
    return {n: project.read(n, at=made.inputs[n]) for n in known}


def _preset_of(brought: Preset, made: Snapshot) -> Preset:
    """Find the settings that an assessment was made with."""
    models: Mapping[str, Any] = made.options.get("models", {})
    settings = dict(models.get(brought.name, {}))
    # a score of another package stands or falls with the package that is installed
    settings.pop("plugin", None)
    return preset_with(brought, settings) if settings else replace(brought)


def _moved(ranks: pd.DataFrame) -> pd.Series:
    """Tell which ranks are not what they were; no data is a rank of its own."""
    before, after = ranks["before"].fillna(0), ranks["after"].fillna(0)
    return before != after


def _split(ranks: pd.DataFrame, top: int) -> pd.DataFrame:
    """Share out each change between data and model, and name its cause."""
    whole = ranks.astype("float64")
    r00, r11, r10, r01 = (
        whole[name].to_numpy() for name in ("before", "after", "new_data", "new_model")
    )
    by_data = ((r10 - r00) + (r11 - r01)) / 2
    by_model = ((r01 - r00) + (r11 - r10)) / 2
    code = ranks.fillna(0)
    data_alone = (code["new_data"] == code["after"]) & (
        code["new_model"] == code["before"]
    )
    model_alone = (code["new_model"] == code["after"]) & (
        code["new_data"] == code["before"]
    )
    cause = np.select([data_alone, model_alone], [DATA, MODEL], BOTH)
    was, is_ = (whole[name].le(top).to_numpy() for name in ("before", "after"))
    moved = np.select(
        [is_ & ~was, was & ~is_, was & is_], [ENTERED, LEFT, STAYED], OUTSIDE
    )
    return ranks.assign(
        change=r11 - r00,
        by_data=by_data,
        by_model=by_model,
        cause=pd.array(cause, dtype="str"),
        list=pd.array(moved, dtype="str"),
    )

"""Evaluation page: what an evaluation found, in both languages, with its plots."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from riskmap.errors import TableMissingError
from riskmap.evaluation.plots import draw_plots
from riskmap.evaluation.verdict import BETTER
from riskmap.models.document import Document, Part, to_page
from riskmap.pipeline.bench import MODEL
from riskmap.pipeline.evaluation import read_evaluation
from riskmap.pipeline.judging import FOLDS, Evaluation
from riskmap.project import Project
from riskmap.project.failures import failures_named

Label = Callable[..., str]

# what the table of the page shows, from what is easiest to picture
SHOWN = (
    "hit_rate_1pct",
    "hit_rate_5pct",
    "pai_1pct",
    "pei_5pct",
    "capture_auc",
    "information_gain_bits",
    "crps",
    "calibration",
)
ON_UNSEEN = ("hit_rate_5pct", "capture_auc", "information_gain_bits")

PERCENT = 100


def cell(label: Label, value: float, *, percent: bool = False) -> str:
    """Write one value of a table.

    Parameters
    ----------
    label
        Words of one language.
    value
        The value; NaN is said to be no data.
    percent
        True for a share.

    Returns
    -------
    str
        Three digits after the point at most.
    """
    if pd.isna(value):
        return label("number.none")
    if percent:
        return label("evaluation.percent", value=round(value * PERCENT, 1))
    # a tiny loss is nought, not minus nought
    return label("evaluation.value", value=round(float(value), 3) + 0.0)


def ranking(found: Evaluation, folds: str = FOLDS[0]) -> pd.DataFrame:
    """Lay the models' own values out, the most informative first.

    Parameters
    ----------
    found
        One score's evaluation.
    folds
        ``time``, ``regions`` or ``blocks``.

    Returns
    -------
    pandas.DataFrame
        On ``model``, a column a metric; empty if there are no such folds.
    """
    own = found.skill[(found.skill["versus"] == "") & (found.skill["folds"] == folds)]
    if own.empty:
        return pd.DataFrame()
    wide = own.pivot_table(index="model", columns="metric", values="value")
    return wide.sort_values("information_gain_bits", ascending=False, kind="stable")


def verdict_lines(found: Evaluation, score: str, label: Label) -> list[str]:
    """Say whether a score beat the best simple map, and by how much.

    Parameters
    ----------
    found
        Its evaluation.
    score
        The score.
    label
        Words of one language.

    Returns
    -------
    list of str
        Sentences.
    """
    told = found.verdict(score)
    key = "better" if told.code == BETTER else "not_better"
    return [
        label(
            "evaluation.against_best",
            model=label(f"model.{told.best}") if told.best else label("number.none"),
            gain=round(told.best_gain_bits, 3),
            low=round(told.best_gain_low, 3),
            high=round(told.best_gain_high, 3),
        ),
        label(f"evaluation.{key}"),
    ]


def evaluation_document(
    found: Evaluation, score: str, label: Label, plots: Mapping[str, bytes]
) -> Document:
    """Tell what an evaluation found, in one language.

    Parameters
    ----------
    found
        One score's evaluation.
    score
        The score.
    label
        Words of one language.
    plots
        SVG drawings, by name.

    Returns
    -------
    riskmap.models.document.Document
        Table, verdict, unseen ground, intervals, stability, fairness, plots.
    """
    skill = found.skill[found.skill["folds"] == FOLDS[0]]
    frame = label(
        "evaluation.frame",
        events=int(skill["events"].iloc[0]),
        horizon=int(skill["horizon_days"].iloc[0]),
        from_on=skill["from_on"].iloc[0].date(),
        to_on=skill["to_on"].iloc[0].date(),
    )
    parts = [
        Part(
            heading=label("evaluation.heading.time"),
            lines=[frame, *verdict_lines(found, score, label)],
            **_table(ranking(found), SHOWN, label),
        )
    ]
    for folds in FOLDS[1:]:
        table = ranking(found, folds)
        if len(table):
            parts.append(
                Part(
                    heading=label(f"evaluation.heading.{folds}"),
                    lines=[label(f"evaluation.unseen.{folds}")],
                    **_table(table, ON_UNSEEN, label),
                )
            )
    parts += [_intervals(found, label), _stability(found, label)]
    parts.append(_fairness(found, label))
    parts += [
        Part(
            heading=label(f"evaluation.plot.{name}"),
            picture=drawn.decode("utf-8"),
        )
        for name, drawn in plots.items()
    ]
    title = label("evaluation.title", score=label(f"score.{score}"))
    return Document(title=title, parts=parts)


def _table(
    wide: pd.DataFrame, metrics: tuple[str, ...], label: Label
) -> dict[str, Any]:
    """Lay models and metrics out."""
    return {
        "columns": [
            label("evaluation.column.model"),
            *(label(f"metric.{name}") for name in metrics),
        ],
        "rows": [
            [
                label(f"model.{model}"),
                *(
                    cell(label, row[name], percent=name.startswith("hit_rate"))
                    for name in metrics
                ),
            ]
            for model, row in wide.iterrows()
        ],
    }


def _intervals(found: Evaluation, label: Label) -> Part:
    """Say how often totals came within their intervals."""
    rows = found.intervals[found.intervals["region"] == ""]
    return Part(
        heading=label("evaluation.heading.intervals"),
        lines=[label("evaluation.intervals")],
        columns=[
            label("evaluation.column.interval"),
            label("evaluation.column.horizons"),
            label("evaluation.column.covered"),
            label("evaluation.column.width"),
        ],
        rows=[
            [
                label(f"evaluation.interval.{row.interval}"),
                cell(label, row.horizons),
                cell(label, row.covered, percent=True),
                cell(label, row.mean_width),
            ]
            for row in rows.itertuples()
        ],
    )


def _stability(found: Evaluation, label: Label) -> Part:
    """Say how far maps moved in time and with their grid."""
    return Part(
        heading=label("evaluation.heading.stability"),
        lines=[label("evaluation.stability")],
        columns=[
            label("evaluation.column.model"),
            label("evaluation.column.measure"),
            label("evaluation.column.agreement"),
        ],
        rows=[
            [
                label(f"model.{row.model}"),
                label(f"evaluation.measure.{row.measure}"),
                cell(label, row.value, percent=True),
            ]
            for row in found.stability.itertuples()
        ],
    )


def group_name(by: str, group: str, label: Label) -> str:
    """Name a group of ground.

    Parameters
    ----------
    by
        What groups by: ``side``, ``region``, ``remoteness`` or ``accuracy``.
    group
        The group's code; a region is shown as it is written in the data.
    label
        Words of one language.

    Returns
    -------
    str
        For a person.
    """
    if by == "side":
        return label(f"side.{group}")
    if by == "region":
        return group.replace("_", " ")
    return label(f"evaluation.{by}.{group}")


def _fairness(found: Evaluation, label: Label) -> Part:
    """Compare errors and false alarms between groups of ground."""
    mine = found.fairness[found.fairness["model"] == MODEL]
    names = ("events", "expected_per_event", "missed", "alarm_share", "false_alarm")
    return Part(
        heading=label("evaluation.heading.fairness"),
        lines=[label("evaluation.fairness")],
        columns=[
            label("evaluation.column.group"),
            *(label(f"evaluation.column.{name}") for name in names),
        ],
        rows=[
            [
                group_name(row.by, row.group, label),
                cell(label, row.events),
                cell(label, row.expected_per_event),
                *(cell(label, getattr(row, n), percent=True) for n in names[2:]),
            ]
            for row in mine.itertuples()
        ],
    )


def save_evaluation(
    project: Project,
    target: str,
    out: Path,
    words: Mapping[str, Label],
    *,
    form: str = "svg",
) -> tuple[Path, ...]:
    """Write the page of a score's last evaluation, and its plots as files.

    Parameters
    ----------
    project
        The project.
    target
        The score.
    out
        Folder, made if it is not there.
    words
        Language to its labels.
    form
        Format of the plots: ``svg`` or ``png``.

    Returns
    -------
    tuple of pathlib.Path
        The page first.

    Raises
    ------
    TableMissingError
        If the score was never judged.
    UnknownNameError
        If there is no such format.
    FolderUnwritableError, DiskFullError
        If a file cannot be written.
    """
    found = read_evaluation(project, target)
    if found is None:
        msg = f"{target} has not been judged; `riskmap evaluate` does."
        raise TableMissingError(msg, path=str(project.path), table="evaluation_skill")
    tables = {
        "curves": found.curves,
        "calibration": found.calibration,
        "origins": found.origins,
    }
    documents, files = {}, []
    with failures_named(out):
        out.mkdir(parents=True, exist_ok=True)
        for lang, label in words.items():
            for name, drawn in draw_plots(tables, label, form).items():
                file = out / f"{target}-{name}-{lang}.{form}"
                file.write_bytes(drawn)
                files.append(file)
            plots = draw_plots(tables, label)
            documents[lang] = evaluation_document(found, target, label, plots)
        page = out / f"{target}-evaluation.html"
        page.write_text(to_page(documents), encoding="utf-8")
    return (page, *files)

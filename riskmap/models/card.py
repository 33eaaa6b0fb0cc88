"""Card: what a model is for, what it was made from, and where it fails."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from riskmap.models.document import Document, Part
from riskmap.models.register import BETTER

Label = Callable[..., str]

SHOWN = (
    "hit_rate_1pct",
    "hit_rate_5pct",
    "pei_5pct",
    "information_gain_bits",
    "calibration",
)

# what every card says of what the model cannot know
LIMITS = ("doubt", "data", "effort", "loop")

PERCENT = 100

SHORT_SHA = 16


def card_document(
    facts: Mapping[str, Any],
    label: Label,
    *,
    coverage: pd.DataFrame,
    drift: pd.DataFrame | None = None,
) -> Document:
    """Write a model's card in one language.

    Parameters
    ----------
    facts
        The register's row with ``settings``, ``inputs`` and ``metrics`` read, its
        ``state`` and ``decisions``.
    label
        Words of one language.
    coverage
        What the sources of the score cover.
    drift
        As :mod:`riskmap.models.drift` makes it; None if it was not looked for.

    Returns
    -------
    riskmap.models.document.Document
        Purpose and forbidden uses, data, settings, skill beside every simple map and
        both marks, limits, drift, decisions.
    """
    score = str(facts["score"])
    parts = [
        Part(
            heading=label("models.card.purpose"),
            lines=[
                label(f"score.{score}.help"),
                label(f"models.card.purpose.{score}"),
                label("models.card.forbidden"),
            ],
        ),
        _data(facts, coverage, label),
        _settings(facts, label),
        _skill(facts, label),
        Part(
            heading=label("models.card.limits"),
            lines=[label(f"models.card.limit.{n}") for n in LIMITS],
        ),
    ]
    if drift is not None:
        parts.append(drift_part(drift, label))
    parts.append(_decisions(facts["decisions"], label))
    title = label(
        "models.card.title",
        score=label(f"score.{score}"),
        model=str(facts["model_id"]),
    )
    return Document(title=title, parts=parts)


def _data(facts: Mapping[str, Any], coverage: pd.DataFrame, label: Label) -> Part:
    """Say what the model was made from, and what nobody watched."""
    return Part(
        heading=label("models.card.data"),
        lines=[
            label(
                "models.card.made",
                author=str(facts["author"]),
                as_of=str(facts["as_of"]),
                resolution=str(facts["resolution"]),
                version=str(facts["riskmap_version"]),
                seed=str(facts["seed"]),
                data=str(facts["data_sha256"])[:SHORT_SHA],
            ),
            label("models.card.coverage"),
        ],
        columns=[
            label(f"models.column.{name}") for name in ("source", "side", "km", "days")
        ],
        rows=[
            [
                str(row.source),
                label(f"side.{row.side}"),
                label("number.span", low=round(row.from_km), high=round(row.to_km)),
                label("number.span", low=_day(row.from_on), high=_day(row.to_on)),
            ]
            for row in coverage.itertuples()
        ],
    )


def _day(value: Any) -> str:
    """Write a day as ISO 8601, in which both languages read it alike."""
    return "…" if pd.isna(value) else str(pd.Timestamp(value).date().isoformat())


def _settings(facts: Mapping[str, Any], label: Label) -> Part:
    """Say what was set otherwise than riskmap does."""
    settings = facts["settings"]
    rows = [["layers", ", ".join(settings["layers"])]] if "layers" in settings else []
    rows += [
        [name, ", ".join(map(str, value)) if isinstance(value, list) else str(value)]
        for name, value in sorted(settings.get("numbers", {}).items())
    ]
    key = "models.card.settings_own" if rows else "models.card.settings_brought"
    return Part(
        heading=label("models.card.settings"),
        lines=[label(key)],
        columns=[label("models.column.setting"), label("models.column.value")],
        rows=rows,
    )


def _skill(facts: Mapping[str, Any], label: Label) -> Part:
    """Show the model beside every simple map, the best first, losses not left out."""
    metrics: Mapping[str, Mapping[str, float]] = facts["metrics"]
    order = sorted(
        metrics, key=lambda name: -metrics[name].get("information_gain_bits", -1e9)
    )
    if not metrics:
        return Part(
            heading=label("models.card.skill"), lines=[label("models.card.untested")]
        )
    better = "better" if facts["verdict"] == BETTER else "not_better"
    best = str(facts["best"])
    return Part(
        heading=label("models.card.skill"),
        lines=[
            label(
                "evaluation.against_best",
                model=label(f"model.{best}") if best else label("number.none"),
                gain=round(float(facts["gain_bits"]), 3),
                low=round(float(facts["gain_low"]), 3),
                high=round(float(facts["gain_high"]), 3),
            ),
            label(f"evaluation.{better}"),
            label("models.card.tested", events=int(facts["events"])),
        ],
        columns=[
            label("evaluation.column.model"),
            *(label(f"metric.{name}") for name in SHOWN),
        ],
        rows=[
            [label(f"model.{name}"), *(_value(metrics[name], m, label) for m in SHOWN)]
            for name in order
        ],
    )


def _value(metrics: Mapping[str, float], name: str, label: Label) -> str:
    """Write one measured value."""
    value = metrics.get(name, float("nan"))
    if pd.isna(value):
        return label("number.none")
    if name.startswith("hit_rate"):
        return label("evaluation.percent", value=round(value * PERCENT, 1))
    # a tiny loss is nought, not minus nought
    return label("evaluation.value", value=round(float(value), 3) + 0.0)


def drift_part(drift: pd.DataFrame, label: Label) -> Part:
    """Say what has moved since a model was made.

    Parameters
    ----------
    drift
        As :data:`riskmap.models.drift.DRIFT_TABLE`.
    label
        Words of one language.

    Returns
    -------
    riskmap.models.document.Part
        A table; what cannot be told is said to be no data.
    """
    rows = []
    for row in drift.itertuples():
        what = label(f"models.drift.{row.measure}")
        if row.what:
            what = label("models.drift.of", what=what, layer=label(f"layer.{row.what}"))
        value = (
            label("number.none")
            if pd.isna(row.value)
            else label("evaluation.value", value=float(row.value))
        )
        rows.append([what, value, label("models.drift.alarm") if row.alarm else ""])
    key = "models.drift.moved" if drift["alarm"].any() else "models.drift.still"
    return Part(
        heading=label("models.card.drift"),
        lines=[label(key)],
        columns=[
            label("evaluation.column.measure"),
            label("models.column.value"),
            "",
        ],
        rows=rows,
    )


def _decisions(decisions: Sequence[Mapping[str, Any]], label: Label) -> Part:
    """List what was decided of the model, by whom, and why."""
    return Part(
        heading=label("models.card.decisions"),
        columns=[
            label(f"models.column.{name}") for name in ("event", "who", "reason", "at")
        ],
        rows=[
            [
                label(f"models.event.{row['event']}"),
                str(row["who"]),
                str(row["reason"]),
                str(row["at"]),
            ]
            for row in decisions
        ],
    )

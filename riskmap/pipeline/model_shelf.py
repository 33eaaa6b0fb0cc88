"""Model shelf: the tables of the register, and a model's scores put to use."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import pandas as pd

import riskmap
from riskmap.errors import ModelRefusedError
from riskmap.evaluation.verdict import Verdict, verdict_of
from riskmap.models import register
from riskmap.models.bundle import ARRAY_TABLE, Arrays, array_bytes, to_table
from riskmap.models.register import APPROVED, DECISION_TABLE, MADE, MODEL_TABLE
from riskmap.pipeline.bench import MODEL
from riskmap.pipeline.in_use import TABLE as IN_USE
from riskmap.pipeline.reports import Progress
from riskmap.pipeline.road import read_settings
from riskmap.pipeline.runner import Settings, Shelf, inputs_of, take_step
from riskmap.pipeline.scored import RANDOM_STATE, judge_scores
from riskmap.pipeline.steps import STEPS
from riskmap.project import Project
from riskmap.schema import Column
from riskmap.scoring import PRESETS

STEP = "models"

BROUGHT_BY = "riskmap"

IN_USE_TABLE: tuple[Column, ...] = (
    Column(name="score", dtype="str"),
    Column(name="model_id", dtype="str"),
    Column(name="settings", dtype="str"),
)

SCORED = next(step for step in STEPS if step.name == "scores")

# what follows from the scores of a model
FOLLOWING = ("scores", "causes", "zones")


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Who decides what of a model, why and when.

    Parameters
    ----------
    who
        Name or office, as it is to be recorded.
    reason
        Why.
    at
        Time, ISO 8601; the register reads no clock.
    """

    who: str
    reason: str = ""
    at: str = ""


def read_or_empty(
    project: Project, name: str, columns: tuple[Column, ...]
) -> pd.DataFrame:
    """Read a table of the register; empty before the first model."""
    if project.snapshot(name) is None:
        return register.typed([], columns)
    return project.read(name)


def read_register(project: Project) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read models and decisions."""
    models = read_or_empty(project, "models", MODEL_TABLE)
    return models, read_or_empty(project, "model_decisions", DECISION_TABLE)


def all_arrays(project: Project) -> pd.DataFrame:
    """Read what every model learned."""
    return read_or_empty(project, "model_arrays", ARRAY_TABLE)


def append(project: Project, name: str, held: pd.DataFrame, row: Any) -> None:
    """Store a table with rows more; earlier versions stay in the ledger."""
    table = pd.concat([held, row], ignore_index=True).astype(row.dtypes.to_dict())
    project.write(name, table, step=STEP, options={}, inputs={})


def decide(
    project: Project, model_id: str, score: str, event: str, by: Decision
) -> None:
    """Record a decision."""
    _, decisions = read_register(project)
    row = {"model_id": model_id, "score": score, "event": event, **asdict(by)}
    append(project, "model_decisions", decisions, register.typed([row], DECISION_TABLE))


def add_model(
    project: Project,
    target: str,
    by: Decision,
    *,
    settings: Mapping[str, Any],
    as_of: str,
    made: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, Arrays],
) -> str:
    """Register a model with its scores, reasons, skill and arrays."""
    scores, reasons, skill, arrays = made
    models, _ = read_register(project)
    model_id = register.next_id(models, target)
    inputs = inputs_of(SCORED, project) or {}
    said: Mapping[str, Any] = {"model_id": model_id}
    kept = [
        project.write(name, table, step=STEP, options=said, inputs=inputs).sha256
        for name, table in (("model_scores", scores), ("model_reasons", reasons))
    ]
    told: Verdict = verdict_of(skill, target, model=MODEL)
    own = skill[(skill["score"] == target) & (skill["versus"] == "")]
    metrics: dict[str, dict[str, float]] = {}
    for row in own.itertuples():
        metrics.setdefault(str(row.model), {})[str(row.metric)] = float(row.value)
    cells = project.snapshot("cells")
    row = {
        "model_id": model_id,
        "score": target,
        "kind": MODEL,
        "settings": json.dumps(dict(settings), sort_keys=True),
        "seed": RANDOM_STATE,
        "as_of": as_of,
        "resolution": int(cells.options["resolution"]) if cells else 0,
        "data_sha256": register.hash_of({**inputs, "as_of": as_of}),
        "inputs": json.dumps(inputs, sort_keys=True),
        "riskmap_version": riskmap.__version__,
        "verdict": told.code,
        "best": told.best,
        "gain_bits": told.best_gain_bits,
        "gain_low": told.best_gain_low,
        "gain_high": told.best_gain_high,
        "events": told.events,
        "metrics": json.dumps(metrics, sort_keys=True),
        "author": by.who,
        "note": by.reason,
        "made_at": by.at,
        "scores_sha256": kept[0],
        "reasons_sha256": kept[1],
        "arrays_sha256": register.hash_of({"npz": array_bytes(arrays).hex()}),
    }
    append(project, "model_arrays", all_arrays(project), to_table(model_id, arrays))
    append(project, "models", models, register.typed([row], MODEL_TABLE))
    decide(project, model_id, target, MADE, by)
    return model_id


def register_brought(
    project: Project, target: str, at: str, judge: Callable[[], pd.DataFrame]
) -> None:
    """Register what riskmap brings, with the map as it stands, once.

    It is judged as later models are, so that their figures can be compared.
    """
    models, _ = read_register(project)
    if (models["score"] == target).any():
        return
    scores, reasons = columns_of(project, target)
    made = project.snapshot("scores")
    by = Decision(who=BROUGHT_BY, at=at)
    model_id = add_model(
        project,
        target,
        by,
        settings={},
        as_of=str(made.options["as_of"]) if made else "",
        made=(scores, reasons, judge(), {}),
    )
    decide(project, model_id, target, APPROVED, by)


def columns_of(
    project: Project, target: str, at: Mapping[str, str] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Take one score's columns and reasons out of the tables, perhaps of older ones."""
    sums = at or {}
    table = project.read("scores", at=sums.get("scores"))
    reasons = project.read("reasons", at=sums.get("reasons"))
    columns = [n for n in table if n == target or str(n).startswith(f"{target}_")]
    return table[columns], reasons[reasons["score"] == target].reset_index(drop=True)


def check_cells(project: Project, row: Mapping[str, Any]) -> None:
    """Refuse a model that was made on other cells."""
    now, then = project.snapshot("cells"), json.loads(row["inputs"]).get("cells")
    if now is None or now.sha256 != then:
        msg = f"{row['model_id']} was made on other cells."
        raise ModelRefusedError(msg, model=row["model_id"], reason="other_cells")


def put_to_use(project: Project, row: Mapping[str, Any], told: Progress) -> str:
    """Let a model's settings hold, and its scores stand in the tables."""
    held = read_or_empty(project, IN_USE, IN_USE_TABLE)
    mine = register.typed(
        [{n: row[n] for n in ("score", "model_id", "settings")}], IN_USE_TABLE
    )
    others = held[held["score"] != row["score"]]
    table = pd.concat([others, mine], ignore_index=True).sort_values("score")
    project.write(
        IN_USE, table.reset_index(drop=True), step=STEP, options={}, inputs={}
    )
    made = project.snapshot("scores")
    as_of = str(made.options["as_of"]) if made else str(row["as_of"])
    settings = replace(read_settings(project), as_of=as_of)
    inputs = inputs_of(SCORED, project) or {}
    same = inputs == json.loads(row["inputs"]) and as_of == row["as_of"]
    shelf = Shelf(project)
    if same:
        _restore(project, row, settings, judge_scores(shelf, settings, told))
    for step in (step for step in STEPS if step.name in FOLLOWING):
        take_step(step, project, settings, shelf, told)
    return "restored" if same else "remade"


def _restore(
    project: Project,
    row: Mapping[str, Any],
    settings: Settings,
    skill: pd.DataFrame,
) -> None:
    """Put a model's own scores and reasons in place of those that stand."""
    target = str(row["score"])
    scores = project.read("scores")
    own = project.read("model_scores", at=str(row["scores_sha256"]))
    for name in own:
        scores[name] = own[name]
    reasons = project.read("reasons")
    mine = project.read("model_reasons", at=str(row["reasons_sha256"]))
    parts = [
        mine if preset.name == target else reasons[reasons["score"] == preset.name]
        for preset in PRESETS
    ]
    tables = (scores, pd.concat(parts, ignore_index=True), skill)
    options, inputs = SCORED.options(settings), inputs_of(SCORED, project) or {}
    for name, table in zip(SCORED.makes, tables, strict=True):
        project.write(name, table, step=SCORED.name, options=options, inputs=inputs)

"""Model card: what a model is, in both languages, and whether the world has moved."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from riskmap.evaluation.stability import jaccard
from riskmap.history.ground import day_number
from riskmap.models.card import card_document
from riskmap.models.document import Document, to_markdown, to_page
from riskmap.models.drift import drift_table, weight_distance
from riskmap.pipeline.bench import Bench, lay_bench
from riskmap.pipeline.models import learned, list_models, model_facts, read_arrays
from riskmap.project import Project
from riskmap.project.failures import failures_named
from riskmap.scoring import PRESETS, preset_named

Label = Callable[..., str]

YEAR_DAYS = 365.25


def model_drift(project: Project, model_id: str) -> pd.DataFrame:
    """Tell how far the world has moved since a model was made.

    Compared are the places of incidents before and since, what was expected since
    and what came, the densest ground then and on the map that stands now, and what a
    model made now would learn.

    Parameters
    ----------
    project
        The project, once run.
    model_id
        The model.

    Returns
    -------
    pandas.DataFrame
        As :data:`riskmap.models.drift.DRIFT_TABLE`.

    Raises
    ------
    UnknownNameError
        If there is no such model.
    """
    facts = model_facts(project, model_id)
    bench = lay_bench(project, facts["score"])
    records, day = bench.records, day_number(facts["as_of"])
    then = project.read("model_scores", at=facts["scores_sha256"])
    now = project.read("scores")
    cells, events = records.ground.cells, records.events
    layers = bench.features[list(bench.preset.layers)]
    expected, agreed = _since(bench, then[facts["score"]], day), np.nan
    came = float((events.day >= day).sum())
    if then.index.equals(now.index):
        area = cells["area_km2"].to_numpy(dtype=np.float64)
        one, other = (
            np.nan_to_num(t[facts["score"]].to_numpy(dtype=np.float64))
            for t in (then, now)
        )
        agreed = jaccard(one, other, area)
    before = events.day < day
    return drift_table(
        layers_before=layers.iloc[events.cell[before]],
        layers_after=layers.iloc[events.cell[~before]],
        expected_since=expected,
        came_since=came,
        agreement=agreed,
        weights=_weights_moved(project, model_id, bench),
    )


def _since(bench: Bench, yearly: pd.Series, day: int) -> float:
    """Expect the incidents since a day by a model's yearly rates on watched ground."""
    records = bench.records
    days = records.as_of_day - day
    if days <= 0 or not yearly.index.equals(records.ground.index):
        return float("nan")
    watched = records.coverage.share_between(day, records.as_of_day)
    rate = np.nan_to_num(yearly.to_numpy(dtype=np.float64))
    return float((rate * watched).sum() * days / YEAR_DAYS)


def _weights_moved(project: Project, model_id: str, bench: Bench) -> float:
    """Compare what a model learned with what one made now would learn."""
    then = read_arrays(project, model_id)
    if "weight" not in then:
        return float("nan")
    now = learned(bench)
    pairs = [
        dict(zip(a["expert"].tolist(), a["weight"].tolist(), strict=True))
        for a in (then, now)
    ]
    return weight_distance(pairs[0], pairs[1])


def save_card(
    project: Project, model_id: str, out: Path, words: Mapping[str, Label]
) -> tuple[Path, ...]:
    """Write a model's card: one page in both languages, and Markdown in each.

    Parameters
    ----------
    project
        The project, once run.
    model_id
        The model.
    out
        Folder, made if it is not there.
    words
        Language to its labels.

    Returns
    -------
    tuple of pathlib.Path
        The page first.

    Raises
    ------
    UnknownNameError
        If there is no such model.
    FolderUnwritableError, DiskFullError
        If a file cannot be written.
    """
    documents = {lang: _card(project, model_id, label) for lang, label in words.items()}
    with failures_named(out):
        out.mkdir(parents=True, exist_ok=True)
        page = out / f"{model_id}.html"
        page.write_text(to_page(documents), encoding="utf-8")
        files = [page]
        for lang, document in documents.items():
            file = out / f"{model_id}-{lang}.md"
            file.write_text(to_markdown(document), encoding="utf-8")
            files.append(file)
    return tuple(files)


def model_in_use(project: Project, target: str) -> dict[str, Any]:
    """Tell which model a score is made with.

    Parameters
    ----------
    project
        The project.
    target
        The score.

    Returns
    -------
    dict
        As :func:`riskmap.pipeline.models.model_facts`; empty if it is what riskmap
        brings and nothing was ever registered.
    """
    table = list_models(project, target)
    active = table[table["state"] == "active"]
    if active.empty:
        return {}
    return model_facts(project, str(active["model_id"].iloc[0]))


def card_text(project: Project, model_id: str, label: Label) -> str:
    """Write a model's card in one language, as Markdown.

    Parameters
    ----------
    project
        The project, once run.
    model_id
        The model.
    label
        Words of one language.

    Returns
    -------
    str
        The card.

    Raises
    ------
    UnknownNameError
        If there is no such model.
    """
    return to_markdown(_card(project, model_id, label))


def _card(project: Project, model_id: str, label: Label) -> Document:
    """Gather a card from the register, the coverage and the drift."""
    facts = model_facts(project, model_id)
    drift, coverage = model_drift(project, model_id), project.read("coverage")
    purpose = preset_named(facts["score"], PRESETS).purpose
    mine = coverage[coverage["purpose"] == purpose]
    return card_document(facts, label, coverage=mine, drift=drift)

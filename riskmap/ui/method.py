"""What the numbers are made of: sources, coverage, layers, limits, words, checksums."""

import importlib
from typing import Any

import streamlit as st

from riskmap.errors import RiskmapError
from riskmap.i18n import LANGUAGES, Words
from riskmap.ui import access, blocks, controls, quality
from riskmap.ui.blocks import Block

# sentences of the page, in order
LIMITS = ("minimum", "no_data", "places", "future", "doubt", "purposes")
NOT_FOR = ("persons", "crossing", "force", "safe", "alone")

# words for the sources of the bundled data, in their order
CREDITS = (
    *("iom", "ucdp", "boundary", "municipios", "elevation"),
    *("public_domain", "towns"),
)

# the glossary: keys that stand in both languages, with a sentence each
TERMS = (
    *("boundary", "corridor", "cell", "layer", "zone", "score", "incident"),
    *("landmark", "monument", "quarantine", "fault", "no_data", "interval", "baseline"),
    *("calibration", "bits", "hit_rate", "prior", "as_of", "marking", "disclosure"),
)


def status() -> Any:
    """Tell what the project that is shown holds.

    Returns
    -------
    riskmap.pipeline.Status
        Shared by all who look at the same state.

    Raises
    ------
    ProjectError
        If there is none, or it cannot be read.
    """
    return _status(access.view_key(), access.opened())


@st.cache_resource(max_entries=2, show_spinner=False)
def _status(seen: str, _project: Any) -> Any:  # noqa: ARG001
    """Ask the pipeline, once for each state and what is seen of it."""
    pipeline: Any = importlib.import_module("riskmap.pipeline")
    return pipeline.status(_project)


def summary(told: Any, words: Words) -> list[Block]:
    """Say as of when, of which version and of how many records.

    Parameters
    ----------
    told
        From :func:`status`.
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks.
    """
    day = quality.day(told.as_of, words) if told.as_of else words.text("number.unsaid")
    said = words.text(
        "pages.method.summary",
        version=told.version,
        day=day,
        incidents=told.incidents,
        quarantined=told.quarantined,
        landmarks=told.landmarks,
    )
    return [blocks.text(said)]


def sources(words: Words) -> list[Block]:
    """List whose data this is, and under which terms.

    Parameters
    ----------
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks.
    """
    pipeline: Any = importlib.import_module("riskmap.pipeline")
    rows: list[list[blocks.Said]] = []
    for code, one in zip(CREDITS, pipeline.SOURCES, strict=True):
        name, licence, note = (
            words.text(f"pages.source.{code}.{part}")
            for part in ("name", "licence", "note")
        )
        # a publisher goes by its own name, whatever the page's language
        publisher = blocks.spoken(one.publisher or quality.NO_DAY, "en")
        rows.append([name, publisher, licence, note, one.url or quality.NO_DAY])
    heads = [
        words.text(f"pages.method.{name}")
        for name in ("source", "publisher", "licence", "note", "address")
    ]
    return [
        blocks.table(words.text("pages.method.sources"), heads, rows),
        blocks.text(words.text("pages.method.sources_note")),
    ]


def coverage(words: Words) -> list[Block]:
    """Say where each source looks; elsewhere is no data.

    Parameters
    ----------
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks.
    """
    try:
        return quality.coverage(quality.load().coverage, words)
    except RiskmapError as error:
        return [blocks.text(words.error(error), role="alert")]


def limits(words: Words) -> list[Block]:
    """Say what the numbers cannot tell, and what the map must not be used for.

    Parameters
    ----------
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks.
    """
    return [
        blocks.heading(words.text("pages.method.not_for")),
        blocks.listed([words.text(f"pages.method.not_for.{name}") for name in NOT_FOR]),
        blocks.heading(words.text("pages.method.limits")),
        blocks.listed([words.text(f"pages.method.limits.{name}") for name in LIMITS]),
    ]


def layers(words: Words) -> list[Block]:
    """List the layers: what each measures, in which unit, and from whom.

    Parameters
    ----------
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks.
    """
    pipeline: Any = importlib.import_module("riskmap.pipeline")
    rows = []
    for layer in pipeline.layers():
        key = f"layer.{layer.name}"
        unit = f"unit.{layer.column.unit}"
        rows.append(
            [
                words.text(key) if words.has(key) else layer.name,
                words.text(f"{key}.help") if words.has(f"{key}.help") else "",
                words.text(unit) if words.has(unit) else str(layer.column.unit or ""),
                words.text(f"purpose.{layer.purpose}"),
            ]
        )
    heads = [
        words.text(f"pages.method.{name}")
        for name in ("layer", "measures", "unit", "purpose")
    ]
    return [blocks.table(words.text("pages.method.layers"), heads, rows, folded=True)]


def glossary(words: Words) -> list[Block]:
    """List the terms in both languages, with what they mean in the reader's own.

    Parameters
    ----------
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks.
    """
    both = {lang: Words(lang, strict=False) for lang in LANGUAGES}
    rows: list[list[blocks.Said]] = [
        [
            *(
                blocks.spoken(said.text(f"pages.term.{term}"), lang)
                for lang, said in both.items()
            ),
            words.text(f"pages.term.{term}.means"),
        ]
        for term in TERMS
    ]
    heads = [controls.LANGUAGE_NAMES[lang] for lang in both]
    heads.append(words.text("pages.method.means"))
    return [blocks.table(words.text("pages.method.glossary"), heads, rows)]


def checksums(told: Any, words: Words) -> list[Block]:
    """List the tables with their checksums, and which are out of date.

    Parameters
    ----------
    told
        From :func:`status`.
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks.
    """
    rows = [
        [
            table.name,
            _step(table.step, words),
            words.number(table.rows),
            words.text(f"pages.method.{'current' if table.current else 'stale'}"),
            table.sha256,
        ]
        for table in told.tables
    ]
    heads = [
        words.text(f"pages.method.{name}")
        for name in ("table", "step", "rows", "state", "sha256")
    ]
    caption = words.text("pages.method.tables")
    return [
        blocks.table(caption, heads, rows, numbers=(2,), folded=True),
        blocks.text(words.text("pages.method.tables_note")),
    ]


def _step(name: str, words: Words) -> str:
    """Name a step."""
    key = f"step.{name}"
    return words.text(key) if words.has(key) else name

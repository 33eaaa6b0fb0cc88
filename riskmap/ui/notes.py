"""What the page says about its numbers: as of when, how good, from whom."""

import datetime
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

import pandas as pd
import streamlit as st

from riskmap.errors import AccessError, DeedError, RestrictedError, RiskmapError
from riskmap.evaluation.verdict import verdict_of
from riskmap.i18n import Words
from riskmap.ui import blocks, tables
from riskmap.ui.blocks import Block
from riskmap.ui.card import KIND, VALUE
from riskmap.ui.keeping import once_for
from riskmap.ui.tables import View
from riskmap.webmap import layer_title

# Streamlit leaves wide margins that a map can use
STYLE = """<style>
.stMainBlockContainer {padding: 4.2rem 1.2rem 1rem; max-width: none;}
.stMainBlockContainer h1 {font-size: 1.45rem; padding: 0 0 .35rem;}
[data-testid="stHeading"] h2 {font-size: 1.2rem; padding: .6rem 0 0;}
.stMainBlockContainer [data-testid="stText"] {white-space: pre-line; font-size: .86rem;
  line-height: 1.5; font-family: inherit; overflow-wrap: anywhere;}
/* its own grey is too pale to read: 3.9 to 1 */
.stApp [data-testid="stCaptionContainer"],
.stApp [data-testid="stCaptionContainer"] p {color: #5c5b59; opacity: 1;}
/* Streamlit says these in English only */
[data-testid="InputInstructions"] {display: none;}
[data-testid="stForm"] [data-testid="stTextInput"] {flex: 1 1 14rem;}
@media (max-width: 760px) {.stMainBlockContainer {padding: 3.9rem .6rem 1rem;}
  [data-testid="stButtonGroup"] {max-width: 100%;}
  [data-testid="stButtonGroup"] [role="radiogroup"] {flex-wrap: wrap;}}
</style>"""

# what the sentence of skill compares: events in the highest 5 % of the area, on the
# score's map and on one of all counts so far
SKILL_METRIC = "hit_rate_5pct"
# of a page that there is none of, as an address names it
LONGEST_NAME = 60
MODEL, BASELINE = "mixture", "count_all"
BETTER = "better"


def layer_key(layer: str) -> str:
    """Find the key of a layer's name.

    Parameters
    ----------
    layer
        A score, ``kind-`` and a kind of incident, or ``value-`` and a layer.

    Returns
    -------
    str
        Key in the catalogues.

    Examples
    --------
    >>> layer_key("migrant_danger"), layer_key("kind-migrant_death")
    ('score.migrant_danger', 'kind.migrant_death')
    """
    if layer.startswith(KIND):
        return f"kind.{layer.removeprefix(KIND)}"
    if layer.startswith(VALUE):
        return f"layer.{layer.removeprefix(VALUE)}"
    return f"score.{layer}"


def layer_name(view: View, layer: str, words: Words) -> str:
    """Name a layer: by its words, or as a person called it.

    Parameters
    ----------
    view
        What the page shows.
    layer
        As for :func:`layer_key`.
    words
        Words of the language.

    Returns
    -------
    str
        Perhaps a text from outside.
    """
    for known in view.tables.layers:
        if known.title and layer == f"{VALUE}{known.name}":
            return layer_title(known, words.text)
    return words.text(layer_key(layer))


def trouble(error: RiskmapError, words: Words) -> None:
    """Say why there is nothing to show, and what to do if there is no project.

    Parameters
    ----------
    error
        What is wrong.
    words
        Words of the language.
    """
    st.text(words.error(error))
    # another project would not let anybody in who may not look at this one
    if not isinstance(error, AccessError | DeedError | RestrictedError):
        st.text(words.text("ui.no_project"))


def staleness(words: Words) -> list[Block]:
    """Say that something has changed since the scores were made, if it has.

    Parameters
    ----------
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks; none if all is as it was.
    """
    try:
        stale = tables.is_stale()
    except RiskmapError:
        return []
    return [blocks.text(words.text("ui.stale"), role="alert")] if stale else []


@once_for
def sentences(view: View, words: Words) -> list[str]:
    """List what stands under the map.

    Parameters
    ----------
    view
        What the page shows.
    words
        Words of the language.

    Returns
    -------
    list of str
        One sentence each.
    """
    said = []
    if view.as_of:
        said.append(
            words.text("ui.as_of", day=words.date(_day(view.as_of), width="long"))
        )
    said += [
        sentence
        for score in view.tables.scores
        if (sentence := skill_sentence(view.skill, score, words))
    ]
    said += [words.text("ui.sources"), words.text("ui.limits")]
    return said


def skill_sentence(skill: pd.DataFrame, score: str, words: Words) -> str:
    """Say how a score did on days it had not seen, beside a map of raw counts.

    Parameters
    ----------
    skill
        The skill table.
    score
        Name of the score.
    words
        Words of the language.

    Returns
    -------
    str
        Empty if it was not measured.
    """
    if skill.empty:
        return ""
    rows = skill[(skill["score"] == score) & (skill["metric"] == SKILL_METRIC)]
    values = rows[rows["versus"] == ""].drop_duplicates("model").set_index("model")
    if MODEL not in values.index or BASELINE not in values.index:
        return ""
    own = values.loc[MODEL]
    said = words.text(
        "ui.skill",
        score=words.text(f"score.{score}"),
        events=int(own["events"]),
        from_on=words.date(_day(own["from_on"])),
        # a period ends before the day that its table names
        to_on=words.date(_day(own["to_on"]) - datetime.timedelta(days=1)),
        model=words.percent(float(own["value"])),
        baseline=words.percent(float(values.loc[BASELINE, "value"])),
    )
    better = verdict_of(skill, score).code == BETTER
    verdict = "ui.skill.better" if better else "ui.skill.not_better"
    return f"{said} {words.text(verdict)}"


def _day(value: Any) -> datetime.date:
    """Read a day, however a table holds it."""
    return datetime.date.fromisoformat(str(value)[:10])


def page_asked(address: str | None, below: str = "") -> str:
    """Find which page an address asks for.

    Parameters
    ----------
    address
        As it stands in the browser; None where there is none.
    below
        Path that the app itself is served at.

    Returns
    -------
    str
        Name of the page; empty for the first.

    Examples
    --------
    >>> page_asked("http://here/risk/zones?lang=en", "risk"), page_asked("http://here")
    ('zones', '')
    """
    path = urlsplit(address or "").path.strip("/")
    return unquote(path.removeprefix(below.strip("/")).strip("/"))


def unknown_page(address: str | None, pages: Sequence[str], words: Words) -> None:
    """Say that there is no such page where an address names none.

    Parameters
    ----------
    address
        As it stands in the browser; None where there is none.
    pages
        Names of all pages.
    words
        Words of the language.
    """
    name = page_asked(address, st.get_option("server.baseUrlPath") or "")
    if name and name not in pages:
        said = words.text("pages.unknown", name=name[:LONGEST_NAME])
        blocks.mount([blocks.text(said, role="alert")], key="unknown", lang=words.lang)

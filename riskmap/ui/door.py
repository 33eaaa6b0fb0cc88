"""The door of the pages: who is let in, for whose eyes they are, and what was seen."""

import contextlib
import functools
import importlib
import importlib.util
from collections.abc import Mapping
from typing import Any

import streamlit as st

from riskmap.errors import AccessError, ProjectError, RiskmapError
from riskmap.i18n import Words
from riskmap.ui import access, blocks

PERSON, SEEN = "access.person", "access.seen"

# tables of each page whose view is written down where they are restricted
PAGE_TABLES: Mapping[str, tuple[str, ...]] = {
    "map": ("scores", "zones", "landmarks", "incidents_by_cell", "reasons"),
    "zones": ("zones",),
    "where": ("landmarks", "zones"),
    "quality": ("incident_records", "quarantine"),
    "change": ("incidents_by_period",),
    "scenarios": ("scores", "zones", "reasons"),
}


def _pipeline() -> Any:
    """Give the pipeline, imported when first needed."""
    return importlib.import_module("riskmap.pipeline")


def let_in(words: Words) -> bool:
    """Let somebody in, or say why not and offer to sign in.

    What an earlier person left in this browser's session goes.

    Parameters
    ----------
    words
        Words of the language.

    Returns
    -------
    bool
        True if the page may be drawn.
    """
    try:
        now = access.clearance()
    except AccessError as error:
        st.session_state.clear()
        st.title(words.text("access.title"), anchor=False)
        blocks.mount(
            [blocks.text(words.error(error), role="alert")],
            key="access-refused",
            lang=words.lang,
        )
        _sign_in(words)
        return False
    except RiskmapError:
        # the page itself says what is wrong with the project
        return True
    who = (now.person, now.role, now.country, now.organisation)
    if st.session_state.setdefault(PERSON, who) != who:
        st.session_state.clear()
        st.session_state[PERSON] = who
    return True


def _has_library() -> bool:
    """Tell whether the extra that signs people in is installed."""
    return importlib.util.find_spec("authlib") is not None


def _sign_in(words: Words) -> None:
    """Offer to sign in, or out of an account that is not let in."""
    if not _has_library():
        st.text(words.text("access.no_library"))
        return
    st.button(words.text("access.sign_in"), on_click=st.login, type="primary")
    if access.claims().get("is_logged_in"):
        st.button(words.text("access.sign_out"), on_click=st.logout)


def notice(words: Words, page: str) -> None:
    """Say on a page whose eyes it is drawn for; note that restricted tables were seen.

    Parameters
    ----------
    words
        Words of the language.
    page
        Name of the page.
    """
    try:
        now = access.clearance()
    except RiskmapError:
        return
    said = [blocks.text(" ".join(sentences(now, words)))]
    blocks.mount(said, key=f"access-{page}", lang=words.lang)
    if not now.assumed:
        st.button(words.text("access.sign_out"), on_click=st.logout, key="sign-out")
    _note_view(page)


def sentences(now: Any, words: Words) -> list[str]:
    """Say who somebody is taken for.

    Parameters
    ----------
    now
        Their clearance.
    words
        Words of the language.

    Returns
    -------
    list of str
        Sentences.
    """
    role = words.text(f"role.{now.role}")
    country = words.text(f"side.{now.country}")
    if now.assumed:
        # the local user of a project that no country has claimed
        country = words.text("access.local.nobody") if now.organisation else country
        said = [words.text("access.local", role=role, country=country)]
    else:
        until = now.expires_at.strftime("%Y-%m-%d %H:%M")
        facts = {"person": now.person, "role": role, "country": country}
        said = [words.text("access.signed", **facts, until=until)]
    if now.role != "admin":
        said.append(words.text("access.left_out"))
    return said


def _note_view(page: str) -> None:
    """Write down once a session which restricted tables a page has shown."""
    shown = PAGE_TABLES.get(page, ())
    if not shown:
        return
    # what cannot be written keeps no log, and only that
    with contextlib.suppress(ProjectError, AccessError):
        key = (page, access.view_key())
        seen = st.session_state.setdefault(SEEN, set())
        if key not in seen:
            seen.add(key)
            if found := restricted(page):
                _pipeline().record_view(access.opened(), page, found)


def restricted(page: str) -> tuple[str, ...]:
    """List the restricted tables that a page shows to whoever asks.

    Parameters
    ----------
    page
        Name of the page.

    Returns
    -------
    tuple of str
        Their names; found once for all who see the same.

    Raises
    ------
    AccessError, ProjectError
        As for :func:`riskmap.ui.access.opened`.
    """
    seen = access.view_key()
    with access.ASKING:
        return _restricted(seen, page, access.Person(access.clearance()))


@functools.lru_cache(maxsize=access.KEYS_KEPT)
def _restricted(_: str, page: str, person: access.Person) -> tuple[str, ...]:
    """Ask the pipeline, once for each state and what is seen of it."""
    project = _pipeline().open_for(access.project_folder(), person.clearance, "table")
    found: tuple[str, ...] = _pipeline().restricted_tables(project, PAGE_TABLES[page])
    return found

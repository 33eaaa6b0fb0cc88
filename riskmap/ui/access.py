"""Access: who looks at the pages, asked anew at each change, and what they may see."""

import contextlib
import datetime
import functools
import importlib
import importlib.util
import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from riskmap.errors import AccessError, ProjectError, RiskmapError
from riskmap.i18n import Words
from riskmap.ui import blocks

PROJECT_VARIABLE = "RISKMAP_PROJECT"
# a lower role for whoever sits here; whoever may read the folder can read all of it
ROLE_VARIABLE = "RISKMAP_ROLE"

# what a change of the project writes to
WATCHED = ("riskmap.sqlite", "riskmap.sqlite-wal", "riskmap.toml")

PERSON, SEEN = "access.person", "access.seen"

# for several people and surfaces at once
KEYS_KEPT = 128
ASKING = threading.Lock()

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


def project_folder() -> Path:
    """Tell which project this process shows.

    Returns
    -------
    Path
        From the environment, or the current folder.
    """
    return Path(os.environ.get(PROJECT_VARIABLE) or Path.cwd())


def marks(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Note when the ledger and the settings were last written, and their sizes.

    Parameters
    ----------
    folder
        The project folder.

    Returns
    -------
    tuple
        Name, time in nanoseconds and bytes of each file that is there.
    """
    found = []
    for name in WATCHED:
        # the ledger's own log comes and goes while others write
        with contextlib.suppress(FileNotFoundError):
            seen = (folder / name).stat()
            found.append((name, seen.st_mtime_ns, seen.st_size))
    return tuple(found)


def configured() -> bool:
    """Tell whether people sign in here: ``[auth]`` in Streamlit's secrets.

    Returns
    -------
    bool
        False where everyone is the local user.
    """
    return bool(st.secrets.load_if_toml_exists()) and "auth" in st.secrets


def _claims() -> dict[str, Any]:
    """Give the claims of whoever this page is drawn for; none outside a page."""
    return dict(st.user)


def clearance() -> Any:
    """Tell who is asking, as of now.

    Returns
    -------
    riskmap.pipeline.Clearance
        Of the sign-in, or of the local user where nobody signs in.

    Raises
    ------
    AccessError
        If people sign in here, and this one has not, or it has ended.
    ConfigError
        If ``riskmap.toml`` is wrong.
    """
    folder = project_folder()
    if configured():
        now = datetime.datetime.now(datetime.UTC)
        return _pipeline().signed_clearance(folder, _claims(), at=now)
    role = os.environ.get(ROLE_VARIABLE, "")
    return _pipeline().local_clearance(folder, role=role)


def opened(surface: str = "table", folder: Path | None = None) -> Any:
    """Open the project as whoever asks may see it.

    Parameters
    ----------
    surface
        Where it is shown, of the policy's surfaces.
    folder
        The project folder; None for the one this process shows.

    Returns
    -------
    riskmap.pipeline.Project
        Nothing can be read from it that they may not see there.

    Raises
    ------
    AccessError
        If nobody is let in.
    ProjectError
        If there is no project.
    """
    return _pipeline().open_for(folder or project_folder(), clearance(), surface)


def opened_to(deed: str) -> Any:
    """Open the project for work, if the role of whoever asks may do it.

    Parameters
    ----------
    deed
        ``run``, ``import``, ``edit``, ``release`` or ``package``.

    Returns
    -------
    riskmap.pipeline.Project
        The whole project.

    Raises
    ------
    AccessError, DeedError
        If they may not.
    ProjectError
        If there is no project.
    """
    return _pipeline().open_to(project_folder(), clearance(), deed)


def opener(deed: str) -> Callable[[], Any]:
    """Keep who asks for work that is done beside the page, where nobody is known.

    Parameters
    ----------
    deed
        As for :func:`opened_to`.

    Returns
    -------
    callable
        Opens the project for the work, or refuses, where the work is done.
    """
    try:
        whose = clearance()
    except RiskmapError as error:
        refusal = error

        def refuse() -> Any:
            raise refusal

        return refuse
    return functools.partial(_pipeline().open_to, project_folder(), whose, deed)


def file_maker(make: Callable[[Any], bytes]) -> Callable[[], bytes]:
    """Make a file for whoever the button was drawn for, when it is pressed.

    Parameters
    ----------
    make
        Given the project as they may export it, gives the file.

    Returns
    -------
    callable
        Gives the file; refuses once their sign-in has ended.
    """
    # the browser asks for the file outside of any page, where nobody is known
    whose = clearance()

    def work() -> bytes:
        if not whose.holds_at(datetime.datetime.now(datetime.UTC)):
            msg = "The sign-in has ended."
            raise AccessError(msg, reason="expired", value="")
        return make(_pipeline().open_for(project_folder(), whose, "export"))

    return work


def view_key(surface: str = "table", folder: Path | None = None) -> str:
    """Name what whoever asks sees of the project: equal for all who see the same.

    Parameters
    ----------
    surface, folder
        As for :func:`opened`.

    Returns
    -------
    str
        A key for what is kept for several people.

    Raises
    ------
    AccessError, ProjectError
        As for :func:`opened`.
    """
    place = folder or project_folder()
    # several ask at once when the first page opens: the others wait for the answer
    with ASKING:
        return _view_key(place, marks(place), _Person(clearance()), surface)


class _Person:
    """A clearance, equal to another that sees the same."""

    def __init__(self, clearance: Any) -> None:
        self.clearance = clearance
        names = ("role", "country", "organisation")
        self._key = tuple(getattr(clearance, name) for name in names)

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Person) and other._key == self._key


@functools.lru_cache(maxsize=KEYS_KEPT)
def _view_key(place: Path, _: object, person: _Person, surface: str) -> str:
    """Ask the pipeline, once for each state of the ledger and each clearance."""
    project = _pipeline().open_for(place, person.clearance, surface)
    made: str = _pipeline().view_key(project)
    return made


def door(words: Words) -> bool:
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
        now = clearance()
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
    if _claims().get("is_logged_in"):
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
        now = clearance()
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
        key = f"{page}:{view_key('map')}"
        seen = st.session_state.setdefault(SEEN, set())
        if key not in seen:
            seen.add(key)
            _pipeline().record_view(opened(), page, shown)

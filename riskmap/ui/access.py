"""Access: who asks, anew at each change, and the project as they may see it."""

import contextlib
import datetime
import functools
import importlib
import os
import threading
from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from riskmap.errors import AccessError, RiskmapError

PROJECT_VARIABLE = "RISKMAP_PROJECT"
# a lower role for whoever sits here; whoever may read the folder can read all of it
ROLE_VARIABLE = "RISKMAP_ROLE"

# what a change of the project writes to
WATCHED = ("riskmap.sqlite", "riskmap.sqlite-wal", "riskmap.toml")

# for several people and surfaces at once
KEYS_KEPT = 128
ASKING = threading.Lock()


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


def state_of(folder: Path) -> tuple[Hashable, ...]:
    """Name the state of a project: equal until a table, delivery or setting changes.

    Parameters
    ----------
    folder
        The project folder.

    Returns
    -------
    tuple
        Who only looks, and is written down for it, changes nothing.

    Raises
    ------
    ProjectError
        If there is no project.
    """
    return _state_of(folder, marks(folder))


@functools.lru_cache(maxsize=KEYS_KEPT)
def _state_of(
    folder: Path, marked: tuple[tuple[str, int, int], ...]
) -> tuple[Hashable, ...]:
    """Ask for the head of the ledger, once for each time that it was written to."""
    settings = [mark for mark in marked if mark[0].endswith(".toml")]
    return folder, _pipeline().head_of(folder), *settings


def configured() -> bool:
    """Tell whether people sign in here: ``[auth]`` in Streamlit's secrets.

    Returns
    -------
    bool
        False where everyone is the local user.
    """
    return bool(st.secrets.load_if_toml_exists()) and "auth" in st.secrets


def claims() -> dict[str, Any]:
    """Give the claims of whoever a page is drawn for.

    Returns
    -------
    dict
        Of the sign-in; empty outside of a page.
    """
    return dict(st.user)


def clearance(said: Mapping[str, Any] | None = None) -> Any:
    """Tell who is asking, as of now.

    Parameters
    ----------
    said
        Claims of a sign-in; None for those of whoever a page is drawn for.

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
        known = claims() if said is None else said
        return _pipeline().signed_clearance(folder, known, at=now)
    settings = tuple(mark for mark in marks(folder) if mark[0].endswith(".toml"))
    return _local(folder, os.environ.get(ROLE_VARIABLE, ""), settings)


@functools.lru_cache(maxsize=KEYS_KEPT)
def _local(folder: Path, role: str, _: object) -> Any:
    """Read the settings, once for each time that they were written."""
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
        return _view_key(place, state_of(place), Person(clearance()), surface)


class Person:
    """A clearance, equal to another that sees the same.

    Parameters
    ----------
    clearance
        Of somebody.
    """

    def __init__(self, clearance: Any) -> None:
        self.clearance = clearance
        names = ("role", "country", "organisation")
        self._key = tuple(getattr(clearance, name) for name in names)

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Person) and other._key == self._key


@functools.lru_cache(maxsize=KEYS_KEPT)
def _view_key(place: Path, _: object, person: Person, surface: str) -> str:
    """Ask the pipeline, once for each state of the ledger and each clearance."""
    project = _pipeline().open_for(place, person.clearance, surface)
    made: str = _pipeline().view_key(project)
    return made

"""What the pages show of a project, read once for each state of its tables."""

import functools
import importlib
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary, WeakValueDictionary

import pandas as pd

from riskmap.errors import RiskmapError
from riskmap.ui import access
from riskmap.ui.access import project_folder
from riskmap.webmap import MapFiles, MapTables

# views kept for those who still look at an older one
VIEWS_KEPT = 2

# where people sign in, those of several roles look at once
SIGHTS_KEPT = 6


@dataclass(frozen=True, kw_only=True, eq=False)
class View:
    """All that the map page shows of one state of a project.

    Parameters
    ----------
    tables
        What the map draws.
    files
        The same as files for the browser.
    digest
        Name of this state, for addresses that never change their content.
    reasons
        Gives ``score``, ``part``, ``value`` on ``cell``, sorted; read when first asked.
    skill
        What each model was worth on held-out days.
    as_of
        First day not yet known, ISO 8601; empty if not known.
    """

    tables: MapTables
    files: MapFiles
    digest: str
    reasons: Callable[[], pd.DataFrame]
    skill: pd.DataFrame
    as_of: str


class Views:
    """Views kept in memory, by the tables they show and what is seen of them."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, View] = OrderedDict()
        # forgotten with the view itself
        self._of_sight: WeakValueDictionary[Hashable, View] = WeakValueDictionary()
        self._state_of: WeakKeyDictionary[View, Hashable] = WeakKeyDictionary()
        self._shown_to: WeakKeyDictionary[View, set[Hashable]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def of(self, project: Any, seen: str = "", whose: Hashable = None) -> View:
        """Give the view of a project, made anew only if a table changed.

        Parameters
        ----------
        project
            An open project.
        seen
            Name of what is seen of it; what was made for others is not given.
        whose
            Whose view it is. What they saw before is let go once they see the same
            anew, as after rows were taken in that no table was made of yet.

        Returns
        -------
        View
            Shared between all who look at the same state.

        Raises
        ------
        TableMissingError
            If a table was not made yet.
        """
        with self._lock:
            state = _stamp(project)
            stamp = f"{seen}|{state}"
            if stamp not in self._kept:
                made = _read(project)
                if whose is not None:
                    made = self._in_place_of_equal(made, (whose, state))
                self._kept[stamp] = made
                most = SIGHTS_KEPT if access.configured() else VIEWS_KEPT
                while len(self._kept) > most:
                    self._kept.popitem(last=False)
            return self._kept[stamp]

    def _in_place_of_equal(self, made: View, state: Hashable) -> View:
        """Take tables and files of a view over that shows the same, and drop it."""
        shown_to: set[Hashable] = set()
        for stamp, kept in list(self._kept.items()):
            if self._state_of.get(kept) == state and kept.digest == made.digest:
                made = replace(made, tables=kept.tables, files=kept.files)
                shown_to |= self._shown_to.get(kept, set())
                del self._kept[stamp]
        self._state_of[made], self._shown_to[made] = state, shown_to
        return made

    def at(
        self,
        sight: Hashable,
        open_project: Callable[[], Any],
        seen: str,
        whose: Hashable = None,
    ) -> View:
        """Give the view of a sight known before, or else open the project for it.

        Parameters
        ----------
        sight
            State of the project, and what is seen of it.
        open_project
            Opens it.
        seen, whose
            As for :meth:`of`.

        Returns
        -------
        View
            As for :meth:`of`.
        """
        with self._lock:
            known = self._of_sight.get(sight)
        if known is None:
            known = self.of(open_project(), seen, whose)
        with self._lock:
            self._of_sight[sight] = known
            self._shown_to.setdefault(known, set()).add(whose)
        return known

    def named(self, digest: str, whose: Hashable = None) -> View | None:
        """Find a view in memory.

        Parameters
        ----------
        digest
            Name of the view's state.
        whose
            Who asks; None where everybody sees the same.

        Returns
        -------
        View or None
            None if that state is no longer kept, or was never shown to who asks.
        """
        with self._lock:
            for view in self._kept.values():
                shown = whose is None or whose in self._shown_to.get(view, ())
                if view.digest == digest and shown:
                    return view
        return None

    def files(self, digest: str) -> MapFiles | None:
        """Find the map files of a view in memory.

        Parameters
        ----------
        digest
            Name of the view's state.

        Returns
        -------
        MapFiles or None
            None if that state is no longer kept.
        """
        view = self.named(digest)
        return None if view is None else view.files


VIEWS = Views()


def load(folder: Path | None = None) -> View:
    """Read what the pages show of a project.

    Parameters
    ----------
    folder
        The project folder; None for the one this process shows.

    Returns
    -------
    View
        Shared: nobody changes it.

    Raises
    ------
    ProjectError
        If there is no project, or it cannot be read.
    """
    seen = access.view_key("map", folder)
    sight = access.state_of(folder or project_folder()), seen
    whose = access.Person(access.clearance())
    return VIEWS.at(sight, lambda: access.opened("map", folder), seen, whose)


def load_or_none() -> View | None:
    """Read what the pages show, if the project has been run.

    Returns
    -------
    View or None
        None where :func:`load` would refuse.
    """
    try:
        return load()
    except RiskmapError:
        return None


def is_settled() -> bool:
    """Tell whether what :func:`is_stale` asks is imported, which takes a second.

    Returns
    -------
    bool
        False in the first seconds of a server, which belong to the first map.
    """
    return "riskmap.pipeline.road" in sys.modules


def is_stale(folder: Path | None = None) -> bool:
    """Tell whether something the scores depend on has changed since they were made.

    Parameters
    ----------
    folder
        The project folder; None for the one this process shows.

    Returns
    -------
    bool
        True if a run would make a table anew.
    """
    place = folder or project_folder()
    return _is_stale(place, (access.view_key("map", folder), access.state_of(place)))


@functools.cache
def regions() -> Mapping[str, tuple[str, str]]:
    """List the regions that can be opened by name.

    Returns
    -------
    Mapping
        Code to its English and Spanish names.
    """
    table = _pipeline().list_regions(_shown())
    names = zip(table["name_en"], table["name_es"], strict=True)
    return dict(zip(table["region_id"], names, strict=True))


def _shown() -> Any:
    """Open the project that is shown; None before there is one."""
    try:
        return _pipeline().open_project(project_folder())
    except RiskmapError:
        return None


def region(view: View, code: str) -> Any:
    """Find what of a view lies in a region, once for each of both.

    Parameters
    ----------
    view
        What the page shows.
    code
        One of :func:`regions`; empty for the whole border.

    Returns
    -------
    riskmap.pipeline.RegionView or None
        None for the whole border, and where the project lacks the outline.
    """
    return _region(view.digest, access.view_key("map"), code) if code else None


@functools.lru_cache(maxsize=64)
def _region(_: str, __: str, code: str) -> Any:
    """Ask the pipeline, once for each state of the project and what is seen of it."""
    try:
        return _pipeline().open_region(access.opened("map"), code)
    except RiskmapError:
        return None


def _pipeline() -> Any:
    """Give the pipeline, imported when first needed.

    It takes a second, in which the server already answers the browser.
    """
    return importlib.import_module("riskmap.pipeline")


@functools.lru_cache(maxsize=8)
def _is_stale(folder: Path, _: tuple[object, ...]) -> bool:
    """Ask the pipeline, once for each state of the tables and the settings."""
    return bool(_pipeline().stale_tables(_pipeline().open_project(folder)))


def _stamp(project: Any) -> str:
    """Name the state of a project by the checksums of its tables."""
    held = project.snapshots()
    sums = [f"{made.name}:{made.sha256}" for made in held]
    # made anew of other tables, a scenario may come out the same, and be of now
    sums += [f"{made.name}:{made.seq}" for made in held if made.step == "scenario"]
    # a scenario renamed or taken off makes no table
    sums.append(f"scenarios:{len(project.batches('scenarios'))}")
    return "|".join((str(project.path), *sorted(sums)))


def _read(project: Any) -> View:
    """Read every table and make the map's files."""
    # those of this state, even if asked for after another run
    made = project.snapshot("reasons")

    def reasons() -> pd.DataFrame:
        table: pd.DataFrame = project.read("reasons", at=made and made.sha256)
        # hundreds of thousands of rows of a dozen words
        table = table.astype(dict.fromkeys(("score", "part"), "category"))
        return table.set_index("cell").sort_index()

    tables = _pipeline().map_tables(project)
    files = MapFiles(tables)
    return View(
        tables=tables,
        files=files,
        digest=files.digest(),
        reasons=functools.cache(reasons),
        skill=_pipeline().skill(project),
        as_of=_pipeline().as_of_day(project),
    )

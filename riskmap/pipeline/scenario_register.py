"""Scenario register: named sets of changed options; nothing said of one is erased."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from riskmap.errors import ProjectBusyError, ScenarioRefusedError
from riskmap.identifiers import find_disclosing
from riskmap.ingest.identity import hold_identity
from riskmap.pipeline.audit import now, record_action, who_of
from riskmap.pipeline.register import NO_FAULTS
from riskmap.project import Project
from riskmap.schema import Column, empty_table

SCENARIOS: Final = "scenarios"
"""Kind of the deliveries that are the register."""

MADE, RENAMED, REMOVED = "made", "renamed", "removed"

LONGEST_NAME, LONGEST_NOTE = 60, 400

# tries of one who writes while others do
TRIES = 8

# hexadecimal digits of a key: enough that no two sets of options share one
KEY_DIGITS = 12

SCENARIO_TABLE: tuple[Column, ...] = (
    Column(name="scenario_id", dtype="str"),
    Column(name="event", dtype="str", values=(MADE, RENAMED, REMOVED)),
    Column(name="name", dtype="str"),
    Column(name="changes", dtype="str", meaning="JSON of the options changed"),
    Column(name="who", dtype="str"),
    Column(name="note", dtype="str"),
    Column(name="at", dtype="str", meaning="ISO 8601"),
)


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What of the options a scenario changes; all else is as in the last run.

    Parameters
    ----------
    target
        The score.
    as_of
        First day not known, ISO 8601; empty for that of the last run.
    weights
        Part of the score to its factor: what one part gains the others lose. The
        parts that are not named keep the factor 1.
    settings
        ``layers`` and ``numbers`` that differ from the model in use, as
        ``riskmap models train`` takes them.
    month
        Month of the hazards, 1 to 12; 0 for the configured one.
    """

    target: str
    as_of: str = ""
    weights: Mapping[str, float] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    month: int = 0

    @property
    def scored(self) -> bool:
        """Whether the score is made anew, and not only hazards."""
        return bool(self.as_of or self.weights or self.settings)

    def text(self) -> str:
        """Write the changes; the same ones give the same text."""
        told: dict[str, Any] = {"target": self.target}
        for name in ("as_of", "weights", "settings", "month"):
            value = getattr(self, name)
            if value:
                told[name] = dict(value) if isinstance(value, Mapping) else value
        return json.dumps(told, sort_keys=True, allow_nan=False)

    @property
    def key(self) -> str:
        """Name what is made of the changes: two scenarios of the same share it."""
        return hashlib.sha256(self.text().encode()).hexdigest()[:KEY_DIGITS]


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A saved scenario.

    Parameters
    ----------
    scenario_id
        Its number in the project, ``s1`` and so on, never given twice.
    name
        As somebody called it: a text from outside.
    changes
        What it changes.
    who, note, at
        Who made it, why, and when.
    removed
        Whether it has been taken off the list.
    """

    scenario_id: str
    name: str
    changes: Changes
    who: str
    note: str
    at: str
    removed: bool = False


def read_changes(text: str) -> Changes:
    """Read changes as :meth:`Changes.text` writes them.

    Parameters
    ----------
    text
        JSON.

    Returns
    -------
    Changes
        As they were.

    Examples
    --------
    >>> asked = Changes(target="patrol_risk", weights={"place": 2.0})
    >>> read_changes(asked.text()) == asked
    True
    """
    return Changes(**json.loads(text))


def scenario_events(project: Project) -> pd.DataFrame:
    """Read everything that was ever done to a scenario, in order.

    Parameters
    ----------
    project
        The project.

    Returns
    -------
    pandas.DataFrame
        :data:`SCENARIO_TABLE`.
    """
    batches = project.batches(SCENARIOS)
    if not len(batches):
        return empty_table(SCENARIO_TABLE, index="row").reset_index(drop=True)
    return batches.accepted().reset_index(drop=True)


def list_scenarios(project: Project, *, removed: bool = False) -> tuple[Scenario, ...]:
    """List the scenarios of a project, in the order they were made.

    Parameters
    ----------
    project
        The project.
    removed
        True to list those too that were taken off.

    Returns
    -------
    tuple of Scenario
        Under their last names.
    """
    found: dict[str, dict[str, Any]] = {}
    for row in scenario_events(project).to_dict("records"):
        told = {str(name): value for name, value in row.items()}
        event = told.pop("event")
        if event == MADE:
            changes = read_changes(told.pop("changes"))
            found[told["scenario_id"]] = told | {"changes": changes}
        elif event == RENAMED:
            found[told["scenario_id"]]["name"] = told["name"]
        else:
            found[told["scenario_id"]]["removed"] = True
    every = (Scenario(**one) for one in found.values())
    return tuple(one for one in every if removed or not one.removed)


def find_scenario(project: Project, asked: str) -> Scenario:
    """Find a scenario by its number or its name.

    Parameters
    ----------
    project
        The project.
    asked
        ``s1``, or the name; capitals do not count.

    Returns
    -------
    Scenario
        Not one that was taken off.

    Raises
    ------
    ScenarioRefusedError
        If there is none.
    """
    known = list_scenarios(project)
    wanted = asked.strip().casefold()
    for one in known:
        if wanted in {one.scenario_id, one.name.casefold()}:
            return one
    msg = f"There is no scenario {asked!r}."
    raise ScenarioRefusedError(msg, scenario=asked[:LONGEST_NAME], reason="unknown")


def check_name(project: Project, name: str, *, other_than: str = "") -> str:
    """Refuse a name that is none, is taken, or tells of a person.

    Parameters
    ----------
    project
        The project.
    name
        What somebody wants to call it.
    other_than
        Number of a scenario that may have the name already.

    Returns
    -------
    str
        Without blanks about it.

    Raises
    ------
    ScenarioRefusedError
        If it is empty, too long, holds what is no letter, tells of a person, or is
        another scenario's.
    """
    tidy = name.strip()
    known = [*list_scenarios(project)]
    # "s12" would be taken for a number
    fits = 0 < len(tidy) <= LONGEST_NAME and tidy.isprintable()
    if not fits or _tells_of_person(tidy) or (tidy[0] in "sS" and tidy[1:].isdigit()):
        msg = f"A scenario's name has 1 to {LONGEST_NAME} letters and names no person."
        raise ScenarioRefusedError(msg, scenario="", reason="name")
    for one in known:
        same = one.name.casefold() == tidy.casefold()
        if same and one.scenario_id != other_than:
            msg = f"{one.scenario_id} is called {tidy!r} already."
            raise ScenarioRefusedError(msg, scenario=tidy, reason="taken")
    return tidy


def _tells_of_person(text: str) -> bool:
    """Tell whether a text names a person, or a place to the metre."""
    personal = bool(hold_identity(pd.Series([text], dtype="str")).iloc[0])
    return personal or any(True for _ in find_disclosing(text))


def add_scenario(project: Project, name: str, changes: Changes, note: str) -> Scenario:
    """Record a new scenario under the next number.

    Parameters
    ----------
    project
        The project.
    name
        What it is to be called.
    changes
        What it changes, checked.
    note
        Why; may be empty.

    Returns
    -------
    Scenario
        As recorded.

    Raises
    ------
    ScenarioRefusedError
        If the name or the note cannot be kept.
    """
    tidy = note.strip()
    if len(tidy) > LONGEST_NOTE or (tidy and _tells_of_person(tidy)):
        msg = f"A note has up to {LONGEST_NOTE} characters and names no person."
        raise ScenarioRefusedError(msg, scenario="", reason="note")

    def row() -> dict[str, str]:
        number = 1 + len(list_scenarios(project, removed=True))
        return {
            "scenario_id": f"s{number}",
            "event": MADE,
            "name": check_name(project, name),
            "changes": changes.text(),
            "note": tidy,
        }

    return find_scenario(project, _record(project, row)["scenario_id"])


def rename_scenario(project: Project, asked: str, name: str) -> Scenario:
    """Give a scenario another name.

    Parameters
    ----------
    project
        The project.
    asked
        Its number or name.
    name
        The new name.

    Returns
    -------
    Scenario
        Under the new name.

    Raises
    ------
    ScenarioRefusedError
        If there is no such scenario, or the name cannot be kept.
    """

    def row() -> dict[str, str]:
        one = find_scenario(project, asked)
        called = check_name(project, name, other_than=one.scenario_id)
        return {"scenario_id": one.scenario_id, "event": RENAMED, "name": called}

    return find_scenario(project, _record(project, row)["scenario_id"])


def remove_scenario(project: Project, asked: str) -> Scenario:
    """Take a scenario off the list; what it was and what it found stay in the store.

    Parameters
    ----------
    project
        The project.
    asked
        Its number or name.

    Returns
    -------
    Scenario
        As it was.

    Raises
    ------
    ScenarioRefusedError
        If there is none.
    """
    one = find_scenario(project, asked)

    def row() -> dict[str, str]:
        held = find_scenario(project, one.scenario_id)
        return {"scenario_id": held.scenario_id, "event": REMOVED, "name": held.name}

    _record(project, row)
    return one


def _record(project: Project, row_of: Callable[[], dict[str, str]]) -> dict[str, str]:
    """Record one event; if somebody else records at the same time, look again."""
    for turn in range(TRIES):
        seen = len(project.batches(SCENARIOS))
        told = {column.name: "" for column in SCENARIO_TABLE} | row_of()
        told |= {"who": who_of(project), "at": now().isoformat(timespec="seconds")}
        table = pd.DataFrame([told], dtype="str")
        # the place in the register makes a second removal of a name another delivery
        marked = json.dumps({**told, "seen": seen}, sort_keys=True)
        try:
            project.record_batch(
                SCENARIOS,
                accepted=table,
                faults=NO_FAULTS,
                file_sha256=hashlib.sha256(marked.encode()).hexdigest(),
                file_name=told["scenario_id"],
                profile="scenario",
                duplicates=0,
                rows_in=1,
                known_at=told["at"],
                seen=seen,
            )
        except ProjectBusyError:
            if turn + 1 == TRIES:
                raise
            continue
        break
    detail = {"event": told["event"], "name": told["name"]}
    record_action(project, "scenario", told["scenario_id"], detail=detail)
    return told

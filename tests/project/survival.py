"""Children that are killed, meet errors or lose power; and what is left of them.

Run as a program: reads a list of trials as JSON, gives back what was wrong
with each. It imports once and forks for each trial, so that a trial is quick.
"""

import ctypes
import errno
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from riskmap.errors import ProjectError, ProjectMissingError
from riskmap.project import FAULT_POINTS, Project
from riskmap.project.faultpoints import no_fault
from tests.project import power
from tests.project.tables_of_tests import cells, deliver, faults, incidents

DELIVERIES = 3
TRIES = 3
SOURCE = Path(__file__).with_name("faulty_io.c")
ROOT = Path(__file__).parents[2]

# the kinds of calls of faulty_io.c, and the errors that each may meet
KINDS = {"open": 1, "write": 2, "sync": 4, "cut": 8, "name": 16, "read": 32}
ERRORS = {
    "open": ["EMFILE", "EIO", "ENOSPC", "EACCES"],
    "write": ["ENOSPC", "EIO", "SHORT"],
    "sync": ["EIO", "ENOSPC"],
    "cut": ["EIO"],
    "name": ["EIO", "ENOSPC", "EROFS"],
    "read": ["EIO", "SHORT"],
}


class WrongError(Exception):
    """An error that is not of the error tree."""


def attempt(action: Callable[[], object], tries: int) -> bool:
    """Do something, again if the store says why it could not."""
    for _ in range(tries):
        try:
            action()
        except ProjectError:
            continue
        return True
    return False


def work(
    path: Path,
    ack: Callable[[str], None],
    *,
    fault_point: Callable[[str], None] = no_fault,
    tries: int = 1,
) -> bool:
    """Make or open a project, deliver and write; say what was acknowledged."""
    held: list[Project] = []

    def begin() -> None:
        try:
            held.append(Project.open(path, fault_point=fault_point))
        except ProjectMissingError:
            held.append(Project.create(path, fault_point=fault_point))

    def write(number: int) -> None:
        made_of = {"step": "cells", "options": {"number": number}, "inputs": {}}
        held[0].write("cells", cells(number), **made_of)

    steps: list[tuple[str, Callable[[], object]]] = [("made", begin)]
    for number in range(DELIVERIES):
        steps.append((f"d{number}", lambda n=number: deliver(held[0], n)))
        steps.append((f"c{number}", lambda n=number: write(n)))
    for name, action in steps:
        if not attempt(action, tries):
            return False
        ack(name)
    return True


def _complaints_of_rows(project: Project, acks: list[str]) -> list[str]:
    wrong = []
    batches = project.batches("incidents")
    there = [int(batch.file_sha256, 16) for batch in batches]
    said = [int(ack[1:]) for ack in acks if ack.startswith("d")]
    wrong += [f"acknowledged delivery {n} is lost" for n in said if n not in there]
    if there != list(range(len(there))):
        wrong.append(f"deliveries {there} are not in order or not once")
    for place, number in enumerate(there):
        one = batches[place : place + 1]
        if not one.accepted().equals(incidents(number)):
            wrong.append(f"the rows of delivery {number} differ")
        if not one.faults().equals(faults(number)):
            wrong.append(f"the faults of delivery {number} differ")
    written = [int(ack[1:]) for ack in acks if ack.startswith("c")]
    newest = project.snapshot("cells")
    if newest is None:
        return [*wrong, "an acknowledged table is lost"] if written else wrong
    number = newest.options["number"]
    if number < max(written, default=0):
        wrong.append("an acknowledged table is lost")
    if not project.read("cells").equals(cells(number)):
        wrong.append("the table differs")
    return wrong


def complaints(path: Path, acks: list[str]) -> list[str]:
    """List what is wrong with what is left, and with doing all of it again."""
    wrong = []
    try:
        project = Project.open(path)
    except ProjectMissingError:
        wrong = ["an acknowledged project is lost"] if acks else []
    else:
        harmful = [f for f in project.verify() if not f.harmless]
        wrong += [f"verify: {finding}" for finding in harmful]
        wrong += _complaints_of_rows(project, acks)
    done: list[str] = []
    if not work(path, done.append):
        wrong.append("it cannot be done again")
        return wrong
    again = Project.open(path)
    wrong += _complaints_of_rows(again, done)
    if len(again.batches("incidents")) != DELIVERIES:
        wrong.append("a delivery is there twice")
    wrong += [f"verify after retry: {finding}" for finding in again.verify()]
    return wrong


def in_child(
    action: Callable[[Callable[[str], None]], object],
) -> tuple[int, list[str]]:
    """Fork, do, and give back the exit code (or minus the signal) and its lines."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)

        def say(line: str) -> None:
            os.write(writer, f"{line}\n".encode())

        code = 4
        try:
            code = 0 if action(say) is not False else 3
        except BaseException:  # noqa: BLE001  the parent must hear of all
            say("!" + traceback.format_exc().replace("\n", "|"))
        finally:
            os._exit(code)
    os.close(writer)
    with os.fdopen(reader) as lines:
        said = lines.read().splitlines()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), said


def checked(path: Path, acks: list[str]) -> list[str]:
    """Check in a child of its own, which meets no faults."""
    code, said = in_child(lambda say: [say(line) for line in complaints(path, acks)])
    return said if code == 0 else [*said, f"the check ended with {code}"]


def library() -> Any:
    """The preloaded library, if it is."""
    loaded = ctypes.CDLL(None)
    loaded.faulty_calls.restype = ctypes.c_long
    return loaded


def killed_at_a_point(path: Path, trial: dict[str, Any]) -> list[str]:
    """Be killed at a named moment."""
    left = trial["nth"]

    def point(name: str) -> None:
        nonlocal left
        left -= name == trial["point"]
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    code, acks = in_child(lambda say: work(path, say, fault_point=point))
    if code not in {0, -signal.SIGKILL}:
        return [f"ended with {code}", *acks]
    trial["reached"] = code != 0
    return checked(path, acks)


def killed_at_any_moment(path: Path, trial: dict[str, Any]) -> list[str]:
    """Be killed after a time."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        work(path, lambda line: os.write(writer, f"{line}\n".encode()) and None)
        os._exit(0)
    os.close(writer)
    time.sleep(trial["after_s"])
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    trial["reached"] = os.WIFSIGNALED(status)
    with os.fdopen(reader) as lines:
        acks = lines.read().splitlines()
    return checked(path, acks)


def met_an_error(path: Path, trial: dict[str, Any]) -> list[str]:
    """Meet an error at the n-th call of a kind, and try again."""
    faulty = library()
    name = trial["error"]
    number = 0 if name == "SHORT" else getattr(errno, name)

    def child(say: Callable[[str], None]) -> bool:
        faulty.faulty_watch(str(path.parent).encode())
        faulty.faulty_fail(
            KINDS[trial["kind"]], trial["nth"], number, int(trial["lasting"])
        )
        done = work(path, say, tries=TRIES)
        say(f"calls {faulty.faulty_calls()}")
        return done or trial["lasting"]

    code, said = in_child(child)
    acks = [line for line in said if not line.startswith("calls")]
    if code != 0:
        return [f"ended with {code}", *acks]
    trial["reached"] = int(said[-1].split()[1]) >= trial["nth"]
    return checked(path, acks)


def met_every_error(path: Path, trial: dict[str, Any]) -> list[str]:
    """Meet an error at the first, second, ... call, until there is no more."""
    trial["reached"] = 0
    for nth in range(trial["first"], 10_000, trial["every"]):
        one = trial | {"nth": nth}
        place = path.parent / f"{nth}" / "border"
        place.parent.mkdir()
        if wrong := met_an_error(place, one):
            return [f"at call {nth}", *wrong]
        shutil.rmtree(place.parent)
        if not one["reached"]:
            break
        trial["reached"] += 1
    return []


def lost_power(path: Path, trial: dict[str, Any]) -> list[str]:
    """Work once with all calls noted, then try what could be left at each."""
    faulty = library()
    log = path.parent.parent / "log"

    def child(_say: Callable[[str], None]) -> bool:
        faulty.faulty_watch(str(path.parent).encode())
        faulty.faulty_log(str(log).encode())
        held: list[sqlite3.Connection] = []

        def ack(line: str) -> None:
            # a reader that stays keeps sqlite from emptying its log
            if trial["reader"] and not held:
                held.append(sqlite3.connect(path / "riskmap.sqlite"))
                held[0].execute("SELECT * FROM head").fetchall()
            faulty.faulty_note(line.encode())

        return work(path, ack)

    code, said = in_child(child)
    if code != 0:
        return [f"ended with {code}", *said]
    calls = power.read_log(log)
    trial["calls"], trial["reached"] = len(calls), 0
    for moment, luck in power.crashes(calls, seed=trial["seed"], every=trial["every"]):
        with tempfile.TemporaryDirectory() as name:
            new = Path(name)
            before = calls[:moment]
            power.restore(before, luck, old=path.parent, new=new)
            wrong = checked(new / path.name, power.acknowledged(before))
        if wrong:
            last = f"{calls[moment - 1].op} {calls[moment - 1].path}"
            return [f"after call {moment} ({last}), luck {luck.policy}", *wrong]
        trial["reached"] += 1
    return []


TRIALS = {
    "point": killed_at_a_point,
    "moment": killed_at_any_moment,
    "error": met_every_error,
    "power": lost_power,
}


def duration_s() -> float:
    """Measure how long the work takes when nothing happens to it."""
    with tempfile.TemporaryDirectory() as name:
        started = time.perf_counter()
        in_child(lambda say: work(Path(name) / "border", say))
        return time.perf_counter() - started


def main() -> None:
    """Run the trials on standard input."""
    trials = json.load(sys.stdin)
    usual_s = duration_s()
    for trial in trials:
        if "share" in trial:
            trial["after_s"] = trial["share"] * usual_s
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "watched"
            folder.mkdir()
            trial["wrong"] = TRIALS[trial["how"]](folder / "border", trial)
    json.dump(trials, sys.stdout)


def compiled(folder: Path) -> Path | None:
    """Build the faulty library; None where there is no C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or not sys.platform.startswith("linux"):
        return None
    built = folder / "faulty_io.so"
    options = ["-shared", "-fPIC", "-O1", "-o", str(built), str(SOURCE), "-ldl"]
    subprocess.run([compiler, *options], check=True, capture_output=True)
    return built


def run(trials: list[dict[str, Any]], preload: Path | None = None) -> list[dict]:
    """Run trials in a program of their own and give them back with results."""
    environment = {"LD_PRELOAD": str(preload)} if preload else {}
    found = subprocess.run(
        [sys.executable, "-m", "tests.project.survival"],
        input=json.dumps(trials),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=os.environ | environment,
    )
    if found.returncode:
        raise WrongError(found.stderr)
    return json.loads(found.stdout)


def at_points(times: int) -> list[dict[str, Any]]:
    """Trials of being killed at every named moment, the first times it comes."""
    return [
        {"how": "point", "point": point, "nth": nth}
        for point in FAULT_POINTS
        for nth in range(1, 1 + (1 if point.startswith("create") else times))
    ]


def at_errors(every: int) -> list[dict[str, Any]]:
    """Trials of every error at every n-th call, once and from then on."""
    return [
        {
            "how": "error",
            "kind": kind,
            "error": error,
            "lasting": lasting,
            "every": every,
            "first": 1 + number % every,
        }
        for number, (kind, error) in enumerate(
            (kind, error) for kind, errors in ERRORS.items() for error in errors
        )
        for lasting in (False, True)
        if not (lasting and error == "SHORT")
    ]


def at_moments(times: int) -> list[dict[str, Any]]:
    """Trials of being killed after a time, spread evenly over the work."""
    return [{"how": "moment", "share": (n + 0.5) / times} for n in range(times)]


def at_power_losses(every: int) -> list[dict[str, Any]]:
    """Trials of losing power at each ``every``-th call, a reader there or not."""
    return [
        {"how": "power", "seed": int(reader), "every": every, "reader": reader}
        for reader in (False, True)
    ]


if __name__ == "__main__":
    main()

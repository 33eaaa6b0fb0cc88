"""Many people at the app at once: ``python -m benchmarks.load [PROJECT]``.

Serves the project and a trivial Streamlit page, lets people who think act on both, and
reports what a rerun takes of the server's processor and of the wire, how long people
wait, and what memory grows to. The processor's seconds and the ratio between the two
pages hold on a machine that other work shares; waiting times do not.
"""

import argparse
import asyncio
import datetime
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.person import Answer, Person
from scripts.serving import served

# the app reads ahead, with a pause of 5 s within; then its processor rests this long
RESTED_S = 8.0
RESTING_CPU_S = 0.4
LONGEST_READING_S = 180.0
MB = 1024 * 1024
KB = 1024

# what must hold
MOST_CPU_S = 0.06
MOST_WIRE_KB = 400
MOST_P95_S = 1.5
MOST_MEMORY_MB = 600
# growth of memory over the last half of a run, of what it was
MOST_GROWTH = 0.05

LANGUAGES = "Language / Idioma"
PHRASES = (
    "2 km west of monument 122",
    "Nogales",
    "a 3 millas al este del puente de Laredo",
    "31.3330, -110.9400",
    "km 100",
)

TRIVIAL = '''"""The least page that answers."""
import streamlit as st

st.title("Trivial")
choice = st.radio("Choice", ["one", "two"])
st.text(choice)
'''


@dataclass(frozen=True, kw_only=True)
class Load:
    """What one run of many people took.

    Parameters
    ----------
    name
        Which page, and how many people.
    answers
        All answers, in the order they came.
    cpu_s
        Processor seconds of the server for all of them.
    memory_mb
        Resident memory, sampled through the run.
    average
        The machine's own load average while it ran.
    """

    name: str
    answers: Sequence[Answer]
    cpu_s: float
    memory_mb: Sequence[float]
    average: float

    @property
    def cpu_per_rerun_s(self) -> float:
        """Processor seconds of the server for one rerun."""
        return self.cpu_s / max(1, len(self.answers))

    @property
    def errors(self) -> int:
        """How many answers failed."""
        return sum(bool(answer.error) for answer in self.answers)

    def waited_s(self, share: float) -> float:
        """How long a share of all answers took at most."""
        return share_below([answer.seconds for answer in self.answers], share)

    @property
    def growth(self) -> float:
        """By how much memory grew from the third quarter to the fourth."""
        quarter = max(1, len(self.memory_mb) // 4)
        before = statistics.median(self.memory_mb[2 * quarter : 3 * quarter] or [0.0])
        after = statistics.median(self.memory_mb[-quarter:])
        return after / before - 1 if before else 0.0


def share_below(values: Sequence[float], share: float) -> float:
    """Find the value that a share of all values do not exceed.

    Parameters
    ----------
    values
        Numbers.
    share
        From 0 to 1.

    Returns
    -------
    float
        One of the values; 0 for none.

    Examples
    --------
    >>> share_below([3, 1, 2, 4], 0.5), share_below([3, 1, 2, 4], 0.95)
    (2, 4)
    """
    ordered = sorted(values)
    place = max(0, -int(-share * len(ordered) // 1) - 1)
    return ordered[min(place, len(ordered) - 1)] if ordered else 0.0


async def explore(person: Person, cells: Sequence[str], chance: random.Random) -> None:
    """Do one thing that a planner does on the map."""
    deed = chance.random()
    if deed < 0.5:
        pick = {"cell": chance.choice(cells), "zone": None}
        await person.tell_map("choose a cell", pick=pick)
    elif deed < 0.75:
        view = [
            chance.uniform(-117, -97),
            chance.uniform(26, 32.5),
            chance.choice((7, 9)),
        ]
        await person.tell_map("move the map", view=view)
    elif deed < 0.85:
        await person.ask("ask for a place", chance.choice(PHRASES))
    elif deed < 0.95:
        layers = next(w for w in person.widgets.values() if len(w.options) > 2)
        which = chance.randrange(min(4, len(layers.options)))
        await person.choose("another layer", layers.label, which)
    else:
        await person.choose("the other language", LANGUAGES, chance.randrange(2))


async def toggle(person: Person, _: Sequence[str], chance: random.Random) -> None:
    """Do what there is to do on the trivial page."""
    await person.choose("choose", "Choice", chance.randrange(2))


async def live(
    address: str, query: str, deed: Any, plan: "Plan", seed: int
) -> list[Answer]:
    """Let one person act until the time is over."""
    chance = random.Random(seed)  # noqa: S311
    person = Person(address, query)
    # they do not all come in the same second
    await asyncio.sleep(chance.uniform(0, plan.think_s))
    try:
        await person.open()
        end = time.monotonic() + plan.seconds
        while time.monotonic() < end:
            await asyncio.sleep(chance.expovariate(1 / plan.think_s))
            await deed(person, plan.cells, chance)
    except Exception as failure:  # noqa: BLE001 whatever ended a session is counted
        person.answers.append(
            Answer(action="session", seconds=0.0, wire_bytes=0, error=repr(failure))
        )
    finally:
        await person.close()
    return person.answers


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How many people, for how long, and how long each thinks between two deeds."""

    people: int
    seconds: float
    think_s: float
    cells: tuple[str, ...] = ()


async def _watch(process: psutil.Process, memory: list[float], every_s: float) -> None:
    """Note the server's memory until cancelled."""
    while True:
        memory.append(process.memory_info().rss / MB)
        await asyncio.sleep(every_s)


def cpu_of(process: psutil.Process) -> float:
    """Processor seconds that a process has taken."""
    times = process.cpu_times()
    return float(times.user + times.system)


def let_rest(process: psutil.Process) -> None:
    """Wait until a server has read what it reads ahead, however busy the machine."""
    end = time.monotonic() + LONGEST_READING_S
    while time.monotonic() < end:
        before = cpu_of(process)
        time.sleep(RESTED_S)
        if cpu_of(process) - before < RESTING_CPU_S:
            return


async def crowd(
    name: str, served_at: tuple[str, psutil.Process], deed: Any, plan: Plan
) -> Load:
    """Let people act on a page; measure the server meanwhile."""
    address, process = served_at
    memory: list[float] = []
    watching = asyncio.create_task(_watch(process, memory, plan.seconds / 60))
    before = cpu_of(process)
    lives = [
        live(address, f"lang={'en' if seed % 2 else 'es'}", deed, plan, seed)
        for seed in range(plan.people)
    ]
    answers = [answer for one in await asyncio.gather(*lives) for answer in one]
    took = cpu_of(process) - before
    watching.cancel()
    return Load(
        name=name,
        answers=answers,
        cpu_s=took,
        memory_mb=memory,
        average=os.getloadavg()[0],
    )


def cells_of(project: Path) -> tuple[str, ...]:
    """List the cells of the highest ranks, which people look at."""
    from riskmap import cells, pipeline  # noqa: PLC0415 the client needs none of it

    table = pipeline.scores(pipeline.open_project(project), top=200)
    return tuple(map(str, cells.cell_hex(table.index)))


def bundled(folder: Path) -> Path:
    """Assess the bundled border; gives its folder."""
    riskmap = str(Path(sys.executable).with_name("riskmap"))
    for command in ("init", "run"):
        words = (riskmap, command, "--project", str(folder))
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return folder


HEAD = "| page | people | answers | errors | CPU s an answer | kB an answer |"
HEAD += " half wait, s | 95 % wait, s | memory, MB | grew | load |"


def line(load: Load, plan: Plan) -> str:
    """Write a run as a row."""
    wire = statistics.mean(answer.wire_bytes for answer in load.answers) / KB
    waits = f"{load.waited_s(0.5):.2f} | {load.waited_s(0.95):.2f}"
    memory = f"{max(load.memory_mb):.0f} | {100 * load.growth:+.1f} %"
    return (
        f"| {load.name} | {plan.people} | {len(load.answers)} | {load.errors} "
        f"| {load.cpu_per_rerun_s:.3f} | {wire:.1f} | {waits} | {memory} "
        f"| {load.average:.1f} |"
    )


def lines_by_action(load: Load) -> list[str]:
    """Write what each deed took of the wire and of people's time."""
    rows = ["| what | answers | kB, most | half wait, s | 95 % wait, s |"]
    rows.append("|---|---:|---:|---:|---:|")
    for action in sorted({answer.action for answer in load.answers}):
        own = [answer for answer in load.answers if answer.action == action]
        waits = [answer.seconds for answer in own]
        largest = max(answer.wire_bytes for answer in own) / KB
        rows.append(
            f"| {action} | {len(own)} | {largest:.1f} | {share_below(waits, 0.5):.2f} "
            f"| {share_below(waits, 0.95):.2f} |"
        )
    return rows


def faults(load: Load) -> list[str]:
    """List which of the limits do not hold."""
    wire = max(answer.wire_bytes for answer in load.answers) / KB
    held = {
        f"CPU {load.cpu_per_rerun_s:.3f} s": load.cpu_per_rerun_s <= MOST_CPU_S,
        f"wire {wire:.0f} kB": wire <= MOST_WIRE_KB,
        f"95 % wait {load.waited_s(0.95):.2f} s": load.waited_s(0.95) <= MOST_P95_S,
        f"errors {load.errors}": load.errors == 0,
        f"memory {max(load.memory_mb):.0f} MB": max(load.memory_mb) <= MOST_MEMORY_MB,
        f"growth {load.growth:.3f}": load.growth <= MOST_GROWTH,
    }
    return [said for said, holds in held.items() if not holds]


def run(project: Path, plan: Plan) -> tuple[list[str], list[str]]:
    """Measure the app and the trivial page; gives the report and what fails."""
    given = Plan(**{**vars(plan), "cells": cells_of(project)})
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "trivial.py"
        page.write_text(TRIVIAL, encoding="utf-8")
        with served(page) as (address, process):
            at = (address, psutil.Process(process.pid))
            least = asyncio.run(crowd("trivial page", at, toggle, given))
    with served(RISKMAP_PROJECT=str(project.resolve())) as (address, process):
        at = (address, psutil.Process(process.pid))
        let_rest(at[1])
        ours = asyncio.run(crowd("map", at, explore, given))
    ratio = ours.cpu_per_rerun_s / least.cpu_per_rerun_s
    report = [HEAD, "|---|" + "---:|" * 10, line(ours, given), line(least, given)]
    report += ["", f"Ratio to the trivial page, processor: {ratio:.1f}.", ""]
    report += lines_by_action(ours)
    wrong = [answer.error for answer in ours.answers if answer.error]
    return report + wrong[:5], faults(ours)


def main() -> None:
    """Measure, print, and end with an error if a limit does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path, nargs="?", help="or the bundled border")
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--think", type=float, default=5.0)
    asked = parser.parse_args()
    plan = Plan(people=asked.people, seconds=asked.seconds, think_s=asked.think)
    with tempfile.TemporaryDirectory() as folder:
        project = asked.project or bundled(Path(folder) / "border")
        report, wrong = run(project, plan)
    print(datetime.datetime.now(datetime.UTC).isoformat(timespec="minutes"))
    print("\n".join(report))
    if wrong:
        sys.exit("Does not hold: " + "; ".join(wrong))


if __name__ == "__main__":
    main()

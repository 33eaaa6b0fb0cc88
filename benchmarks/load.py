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
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil

from benchmarks.load_report import HEAD, Load, arriving, faults, line, lines_by_action
from benchmarks.person import Answer, Person
from scripts.serving import ROOT, served

# the app reads ahead, with a pause of 5 s within; then its processor rests this long
RESTED_S = 8.0
RESTING_CPU_S = 0.4
LONGEST_READING_S = 180.0
# the least page is measured no longer than this
TRIVIAL_S = 60.0
MB = 1024 * 1024

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


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How many people, for how long, and how long each thinks between two deeds.

    They come one after the other within ``arrive_s``, before the clock runs. With
    ``rows``, a file of so many incidents is taken in once a third of the time is over.
    """

    people: int
    seconds: float
    think_s: float
    arrive_s: float = 0.0
    rows: int = 0
    cells: tuple[str, ...] = ()


async def live(
    address: str, query: str, deed: Any, plan: Plan, seed: int
) -> list[Answer]:
    """Let one person come, and act until the time is over."""
    chance = random.Random(seed)  # noqa: S311
    person = Person(address, query)
    end = time.monotonic() + plan.arrive_s + plan.seconds
    await asyncio.sleep(plan.arrive_s * seed / plan.people)
    try:
        await person.open()
        while True:
            await asyncio.sleep(chance.expovariate(1 / plan.think_s))
            if time.monotonic() >= end:
                break
            await deed(person, plan.cells, chance)
    except Exception as failure:  # noqa: BLE001 whatever ended a session is counted
        person.answers.append(
            Answer(action="session", seconds=0.0, wire_bytes=0, error=repr(failure))
        )
    finally:
        await person.close()
    return person.answers


async def take_in(project: Path | None, plan: Plan) -> str:
    """Take a file into the project while people look; tells what it took."""
    if project is None or not plan.rows:
        return ""
    await asyncio.sleep(plan.arrive_s + plan.seconds / 3)
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.csv"
        # in a process of its own: people go on acting
        making = "import sys; from benchmarks.ingest import make_file; from pathlib "
        making += "import Path; make_file(Path(sys.argv[1]), int(sys.argv[2]))"
        await _run(sys.executable, "-c", making, str(rows), str(plan.rows))
        start = time.monotonic()
        told = await _run(
            *(str(Path(sys.executable).with_name("riskmap")), "ingest", "incidents"),
            *(str(rows), "--profile", "generic_en", "--project", str(project)),
        )
    return f"Meanwhile, in {time.monotonic() - start:.0f} s: {told.strip()}"


async def _run(*words: str) -> str:
    """Run a program beside; gives what it says."""
    pipe = asyncio.subprocess.PIPE
    made = await asyncio.create_subprocess_exec(
        *words, cwd=ROOT, stdout=pipe, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await made.communicate()
    return said.decode() + (f" (ended with {made.returncode})" * bool(made.returncode))


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


async def _note_cpu(process: psutil.Process, after_s: float) -> tuple[float, float]:
    """Wait until people have come; gives the time, and the server's processor."""
    await asyncio.sleep(after_s)
    return time.perf_counter(), cpu_of(process)


async def crowd(
    name: str,
    served_at: tuple[str, psutil.Process],
    deed: Any,
    plan: Plan,
    project: Path | None = None,
) -> tuple[Load, str]:
    """Let people act on a page; measure the server, tell what was done meanwhile."""
    address, process = served_at
    memory: list[float] = []
    watching = asyncio.create_task(_watch(process, memory, plan.seconds / 60))
    before = cpu_of(process)
    lives = [
        live(address, f"lang={'en' if seed % 2 else 'es'}", deed, plan, seed)
        for seed in range(plan.people)
    ]
    (began, at_clock), told, *came = await asyncio.gather(
        _note_cpu(process, plan.arrive_s), take_in(project, plan), *lives
    )
    took = cpu_of(process) - at_clock
    watching.cancel()
    answers = [answer for one in came for answer in one]
    return Load(
        name=name,
        answers=[answer for answer in answers if answer.ended > began],
        cpu_s=took,
        memory_mb=memory,
        average=os.getloadavg()[0],
        arrivals=[answer for answer in answers if answer.ended <= began],
        arriving_cpu_s=at_clock - before,
    ), told


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


def run(project: Path, plan: Plan) -> tuple[list[str], list[str]]:
    """Measure the app and the trivial page; gives the report and what fails."""
    given = replace(plan, cells=cells_of(project))
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "trivial.py"
        page.write_text(TRIVIAL, encoding="utf-8")
        with served(page) as (address, process):
            at = (address, psutil.Process(process.pid))
            short = replace(given, seconds=min(given.seconds, TRIVIAL_S))
            least, _ = asyncio.run(crowd("trivial page", at, toggle, short))
    with served(RISKMAP_PROJECT=str(project.resolve())) as (address, process):
        at = (address, psutil.Process(process.pid))
        let_rest(at[1])
        ours, told = asyncio.run(crowd("map", at, explore, given, project))
    ratio = ours.cpu_per_rerun_s / least.cpu_per_rerun_s
    report = [
        HEAD,
        "|---|" + "---:|" * 10,
        line(ours, given.people),
        line(least, given.people),
    ]
    report += ["", f"Ratio to the trivial page, processor: {ratio:.1f}.", ""]
    report += lines_by_action(ours.answers)
    report += [
        "",
        arriving(ours, given.people, given.arrive_s),
        "",
        *lines_by_action(ours.arrivals),
        told,
    ]
    came = (*ours.arrivals, *ours.answers)
    wrong = [answer.error for answer in came if answer.error]
    return report + wrong[:5], faults(ours)


def main() -> None:
    """Measure, print, and end with an error if a limit does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path, nargs="?", help="or the bundled border")
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--think", type=float, default=5.0)
    parser.add_argument("--arrive", type=float, default=30.0)
    parser.add_argument("--ingest", type=int, default=0, metavar="ROWS")
    asked = parser.parse_args()
    plan = Plan(
        people=asked.people,
        seconds=asked.seconds,
        think_s=asked.think,
        arrive_s=asked.arrive,
        rows=asked.ingest,
    )
    with tempfile.TemporaryDirectory() as folder:
        project = asked.project or bundled(Path(folder) / "border")
        report, wrong = run(project, plan)
    print(datetime.datetime.now(datetime.UTC).isoformat(timespec="minutes"))
    print("\n".join(report))
    if wrong:
        sys.exit("Does not hold: " + "; ".join(wrong))


if __name__ == "__main__":
    main()

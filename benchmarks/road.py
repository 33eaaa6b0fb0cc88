"""The whole road: what a newcomer types, and the first map, timed from outside."""

import datetime
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from scripts.serving import answers

TITLE = "## The whole road\n"

FIRST_MAP = "riskmap app, until the first map is drawn"

# what must hold: command, seconds, MB
BUDGETS = {
    "riskmap run, resolution 7, from cold": (12.0, 1536),
    "riskmap run, resolution 8, from cold": (40.0, 3072),
    "riskmap --help": (0.5, None),
    FIRST_MAP: (5.0, None),
}

SECTION = """{title}
Made by `python -m benchmarks --road-only` on {day}, the median of {rounds} rounds, each
from a project just made. The first map is drawn by {browser}, already open at 1440 by
900 pixels, from the start of the command until all cells of the view are painted.

| command | wall s | must hold | peak MB | must hold |
|---|---:|---:|---:|---:|
{lines}
"""

PAINTED = "document.querySelector('#map_riskmap[data-painted]') !== null"
LOOK_S = 0.02

Row = tuple[str, float, float | None]


def timed(*command: str) -> tuple[float, float]:
    """Run a command.

    Parameters
    ----------
    *command
        Its words.

    Returns
    -------
    seconds, peak_mb : float
        Wall time and the most memory that one of its processes held.

    Raises
    ------
    RuntimeError
        If it fails.
    """
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, code, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(code)
    if process.returncode:
        msg = f"{command} ended with {process.returncode}."
        raise RuntimeError(msg)
    return time.perf_counter() - start, used.ru_maxrss / 1024


def walk(folder: Path) -> Iterator[Row]:
    """Time the commands a newcomer types, in a folder that is empty.

    Parameters
    ----------
    folder
        Where the projects are made.

    Yields
    ------
    command : str
    seconds : float
    peak_mb : float or None
    """
    riskmap = str(Path(sys.executable).with_name("riskmap"))
    project = str(folder / "border")
    yield "riskmap --help", *timed(riskmap, "--help")
    yield "riskmap init", *timed(riskmap, "init", "--project", project)
    for resolution in (7, 8):
        shutil.copytree(project, f"{project}{resolution}")
        command = (riskmap, "run", "--project", f"{project}{resolution}")
        took = timed(*command, "--resolution", str(resolution))
        yield f"riskmap run, resolution {resolution}, from cold", *took
    again = (riskmap, "run", "--project", f"{project}7")
    yield "riskmap run, nothing changed", *timed(*again)
    for form in ("geojson", "geoparquet", "gpkg", "html"):
        write = (riskmap, "export", "--project", f"{project}7", "--format", form)
        took = timed(*write, "--out", str(folder / "out"))
        yield f"riskmap export --format {form}, resolution 7", *took
    if browser():
        yield FIRST_MAP, first_map(riskmap, f"{project}7"), None


def browser() -> str | None:
    """Find Chromium, or nothing."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def first_map(riskmap: str, project: str) -> float:
    """Time from typing ``riskmap app`` until the map is painted.

    Parameters
    ----------
    riskmap
        The command.
    project
        Folder of a project that was run.

    Returns
    -------
    float
        Seconds.
    """
    # Playwright is for tests: the other rows need no browser
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    address = f"http://127.0.0.1:{port}/"
    with sync_playwright() as player:
        opened = player.chromium.launch(
            executable_path=browser(), args=["--no-sandbox"]
        )
        page = opened.new_page(viewport={"width": 1440, "height": 900})
        start = time.perf_counter()
        command = [riskmap, "app", "--project", project, "--port", port]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            while not answers(address):
                time.sleep(LOOK_S)
            page.goto(address, wait_until="commit")
            while not page.evaluate(PAINTED):
                time.sleep(LOOK_S)
            took = time.perf_counter() - start
            process.terminate()
        opened.close()
    return took


def section(folder: Path, *, rounds: int) -> str:
    """Walk the road several times and write its part of the report.

    Parameters
    ----------
    folder
        An empty one.
    rounds
        How often.

    Returns
    -------
    str
        Markdown, from :data:`TITLE` on.
    """
    walks = []
    for turn in range(rounds):
        (folder / str(turn)).mkdir()
        walks.append(list(walk(folder / str(turn))))
        shutil.rmtree(folder / str(turn))
    lines = []
    for rows in zip(*walks, strict=True):
        name = rows[0][0]
        seconds = statistics.median(row[1] for row in rows)
        peaks = [row[2] for row in rows if row[2] is not None]
        peak = f"{statistics.median(peaks):.0f}" if peaks else ""
        most_s, most_mb = BUDGETS.get(name, (None, None))
        wanted = "" if most_s is None else f"≤ {most_s:g}"
        room = "" if most_mb is None else f"≤ {most_mb}"
        lines.append(f"| `{name}` | {seconds:.1f} | {wanted} | {peak} | {room} |")
    day = datetime.datetime.now(datetime.UTC).date().isoformat()
    return SECTION.format(
        title=TITLE,
        day=day,
        rounds=rounds,
        browser="Chromium" if browser() else "no browser, since none was found",
        lines="\n".join(lines),
    )

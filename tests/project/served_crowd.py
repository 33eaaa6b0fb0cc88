"""The whole program in a crowd: the served app, eight readers and two who deliver.

`python -m tests.project.served_crowd FOLDER SECONDS` prints as JSON what went wrong,
how many deliveries were acknowledged and how often the app was looked at.
"""

import contextlib
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from riskmap import pipeline
from riskmap.errors import ProjectBusyError
from scripts.serving import answers, served
from tests.project.survival import in_child

READERS, WRITERS = 8, 2
ROWS = 5
PAINT_S = 60
PAUSE_S = 0.2
HEADING = "folio,fecha,tipo,latitud,longitud,fallecidos\n"


def reader(path: Path, until: float) -> list[str]:
    """Read what the faces read, over and over; nothing acknowledged vanishes."""
    wrong, seen, rounds = [], 0, 0
    while time.monotonic() < until:
        project = pipeline.open_project(path)
        batches = project.batches("incidents")
        if len(batches) < seen:
            wrong.append("a delivery vanished")
        seen = len(batches)
        if seen and len(batches.accepted()) != sum(batch.accepted for batch in batches):
            wrong.append("half a delivery was seen")
        pipeline.quarantined(project)
        pipeline.read_timeliness(project)
        rounds += 1
    return wrong if rounds else ["it never came to read"]


def writer(path: Path, until: float, place: int, acknowledged: Path) -> list[str]:
    """Deliver new rows over and over; a busy register is read and tried again."""
    number = place
    with tempfile.TemporaryDirectory() as name:
        while time.monotonic() < until:
            ids = [f"{number}-{row}" for row in range(ROWS)]
            rows = [f"{i},25/12/2020,rescate,31.45,-110.25,0\n" for i in ids]
            file = Path(name) / f"{number}.csv"
            file.write_text(HEADING + "".join(rows), encoding="utf-8")
            project = pipeline.open_project(path)
            with contextlib.suppress(ProjectBusyError):
                (report,) = pipeline.ingest_incidents(project, [file], "generic_es")
                if report.accepted != ROWS:
                    return [f"{report.accepted} of {ROWS} rows were accepted"]
                with acknowledged.open("a", encoding="utf-8") as lines:
                    lines.write(f"{number}\n")
                number += WRITERS
    return []


def visitor(address: str, until: float) -> tuple[list[str], int]:
    """Open the pages in a browser over and over; without one, ask for its health."""
    visits, wrong = 0, []
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        while time.monotonic() < until:
            visits += 1
            wrong += [] if answers(address) else ["the app did not answer"]
            time.sleep(PAUSE_S)
        return wrong, visits
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 if there is one

    with sync_playwright() as playwright:
        options = ["--headless", "--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=chromium, args=options)
        page = browser.new_page()
        while time.monotonic() < until or not visits:
            page.goto(f"{address}quality?lang={('en', 'es')[visits % 2]}")
            page.wait_for_selector("h1", timeout=PAINT_S * 1000)
            found = page.locator('[data-testid="stException"]')
            wrong += found.all_inner_texts()
            visits += 1
        browser.close()
    return wrong, visits


def crowd(folder: Path, seconds: float) -> tuple[list[str], int, int]:
    """Let them all work at once; what went wrong, deliveries, visits."""
    path, log, acknowledged = (folder / name for name in ("border", "log", "acks"))
    project = pipeline.create_project(path, empty=True)
    pipeline.run(project, as_of="2021-01-01", resolution=4, half_width_km=50.0)
    acknowledged.touch()
    with (
        log.open("wb") as lines,
        served(log=lines, RISKMAP_PROJECT=str(path)) as (address, process),
    ):
        until = time.monotonic() + seconds
        tasks = [(reader, (path, until))] * READERS
        tasks += [(writer, (path, until, n, acknowledged)) for n in range(WRITERS)]
        wrong, visits = _together(tasks, address, until)
        if process.poll() is not None:
            wrong.append("the app ended")
    wrong += [f"log: {t}" for t in log.read_text().splitlines() if "Error" in t]
    known = acknowledged.read_text().split()
    project = pipeline.open_project(path)
    held = set(project.batches("incidents").accepted().index) if known else set()
    due = {f"local:{number}-{row}" for number in known for row in range(ROWS)}
    if held != due:
        wrong.append(f"{len(due - held)} rows lost, {len(held - due)} never told")
    wrong += [str(finding) for finding in project.verify() if not finding.harmless]
    return wrong, len(known), visits


def _together(tasks: list, address: str, until: float) -> tuple[list[str], int]:
    """Fork a child for each task, and look at the app meanwhile."""
    pipes = []
    for action, values in tasks:
        out, back = os.pipe()
        if os.fork() == 0:
            code, said = in_child(
                lambda say, do=action, v=values: [say(w) for w in do(*v)]
            )
            told = said if code == 0 else [*said, f"ended with {code}"]
            os.write(back, "\n".join(f"{action.__name__}: {w}" for w in told).encode())
            os._exit(0)
        os.close(back)
        pipes.append(out)
    wrong, visits = visitor(address, until)
    for out in pipes:
        with os.fdopen(out) as lines:
            wrong += lines.read().splitlines()
        os.wait()
    return wrong, visits


if __name__ == "__main__":
    sys.stdout.write(json.dumps(crowd(Path(sys.argv[1]), float(sys.argv[2]))) + "\n")

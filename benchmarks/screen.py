"""The map in a browser, whole border at resolution 8: ``python -m benchmarks.screen``.

Chromium without a graphics card and without a network opens the app (``PROJECT``, or
the bundled border assessed at resolution 8), drags the map and chooses cells. It
reports what came over the wire, when the cells were painted after the page's own load,
how long a frame took while the map was dragged, and how long a choice took in the page
and until its reasons stood in the panel. These are wall times: another program that
works meanwhile makes them longer.
"""

import argparse
import datetime
import shutil
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
from playwright.sync_api import Browser, Page, Route, sync_playwright

from benchmarks.load import MB, cells_of, let_rest
from benchmarks.load_report import share_below
from scripts.serving import served

RESOLUTION = 8
WIDE = {"width": 1440, "height": 900}
ARGUMENTS = ("--headless", "--no-sandbox", "--disable-gpu")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
HERE = "http://127.0.0.1:"
PATIENCE_S = 60.0
LOOK_MS = 10
REST_MS = 1_500
VISITS, CHOICES = 5, 20

# where the map is dragged: zoom, and the level of cells drawn there
ZOOMS = (6, 8, 10, 12)
DRAGS, STEPS, STEP_PX = 4, 40, 6

# what must hold (issue 6)
MOST_FIRST_MB = 1.6
MOST_PAINT_S = 1.5
MOST_FRAME_MS = 33.0
MOST_CHOICE_MS = 20.0
MOST_REASONS_MS = 200.0

PAINTED = "() => Boolean(document.querySelector('#map_riskmap[data-painted]'))"
AFTER_LOAD = (
    "() => (riskmap.face.paintedAt - performance.getEntriesByType('navigation')[0]"
    ".loadEventEnd) / 1000"
)
SHOW = "(z) => void riskmap.face.map.setView([31.5, -110.5], z, {animate: false})"
# the time between two frames, for as long as the map is dragged
RECORD = """() => {
  window.frames_ms = [];
  let before = performance.now();
  const next = (now) => {
    window.frames_ms.push(now - before);
    before = now;
    window.framing = requestAnimationFrame(next);
  };
  window.framing = requestAnimationFrame(next);
}"""
FRAMES = "() => { cancelAnimationFrame(window.framing); return window.frames_ms; }"
# chooses a cell as a click does; tells how long the page and the panel took
CHOOSE = """(cell) => new Promise((done) => {
  const face = riskmap.face;
  const panel = document.querySelector(".rm-card");
  const [lat, lng] = h3.cellToLatLng(cell);
  face.map.setView([lat, lng], 12, {animate: false});
  setTimeout(() => {
    const began = performance.now();
    const look = new MutationObserver(() => {
      if (!panel.innerText.includes(cell) || !panel.querySelector(".rm-bars")) return;
      look.disconnect();
      done([face.selectMs, performance.now() - began]);
    });
    look.observe(panel, {childList: true, subtree: true, characterData: true});
    face.select({lat: lat, lng: lng});
  }, 1200);
})"""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a person with a slow laptop would see.

    Parameters
    ----------
    first_mb
        Over the wire for a first visit, until the map is painted.
    paint_s
        From the page's own load until the cells are painted, each visit.
    frame_ms
        Time between two frames while the map is dragged, by zoom.
    choice_ms, reasons_ms
        From a choice until it is drawn, and until its reasons stand in the panel.
    """

    first_mb: float
    paint_s: Sequence[float]
    frame_ms: dict[int, Sequence[float]]
    choice_ms: Sequence[float]
    reasons_ms: Sequence[float]


def _let_through(route: Route) -> None:
    """Cut the network: only this machine answers."""
    ours = route.request.url.startswith((HERE, "data:", "blob:"))
    (route.continue_ if ours else route.abort)()


def visit(browser: Browser, address: str) -> tuple[Page, float]:
    """Open the app as for the first time; gives the page and its bytes on the wire."""
    page = browser.new_context(viewport=WIDE).new_page()  # type: ignore[arg-type]
    page.route("**/*", _let_through)
    wire = [0.0]
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")

    def took(told: dict[str, Any]) -> None:
        wire[0] += told.get("encodedDataLength", 0)

    def heard(told: dict[str, Any]) -> None:
        wire[0] += len(told["response"]["payloadData"]) * 0.75

    session.on("Network.loadingFinished", took)
    session.on("Network.webSocketFrameReceived", heard)
    page.goto(f"{address}?lang=en")
    # the page's policy forbids the eval that Playwright itself would wait with
    end = time.monotonic() + PATIENCE_S
    while not page.evaluate(PAINTED):
        if time.monotonic() > end:
            msg = "The map was not painted."
            raise TimeoutError(msg)
        page.wait_for_timeout(LOOK_MS)
    page.wait_for_timeout(REST_MS)
    return page, wire[0]


def drag(page: Page, zoom: int) -> list[float]:
    """Drag the map to and fro; gives the time between frames, milliseconds."""
    page.evaluate(SHOW, zoom)
    page.wait_for_timeout(REST_MS)
    box = page.locator("#map_riskmap").bounding_box()
    assert box is not None  # noqa: S101
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    found: list[float] = []
    for turn in range(DRAGS):
        way = STEP_PX if turn % 2 else -STEP_PX
        page.mouse.move(x, y)
        page.mouse.down()
        page.evaluate(RECORD)
        for step in range(STEPS):
            page.mouse.move(x + way * step, y + way * step / 4)
        found += page.evaluate(FRAMES)
        page.mouse.up()
        page.wait_for_timeout(REST_MS / 3)
    return found


def look(browser: Browser, address: str, cells: Sequence[str]) -> Seen:
    """Look at the app as a person does."""
    paint, wires = [], []
    for _ in range(VISITS):
        page, wire = visit(browser, address)
        paint.append(page.evaluate(AFTER_LOAD))
        wires.append(wire)
        page.context.close()
    page, _ = visit(browser, address)
    frames: dict[int, Sequence[float]] = {zoom: drag(page, zoom) for zoom in ZOOMS}
    chosen = [page.evaluate(CHOOSE, cell) for cell in cells[:CHOICES]]
    page.context.close()
    return Seen(
        first_mb=max(wires) / MB,
        paint_s=paint,
        frame_ms=frames,
        choice_ms=[one for one, _ in chosen],
        reasons_ms=[both for _, both in chosen],
    )


def report(seen: Seen) -> tuple[list[str], list[str]]:
    """Write what was seen, and which limits do not hold."""
    middle = statistics.median
    frames = {zoom: middle(held) for zoom, held in seen.frame_ms.items()}
    rows = {
        "first visit over the wire, MB": (seen.first_mb, None, MOST_FIRST_MB),
        "cells painted after the page's load, s": (
            *(middle(seen.paint_s), max(seen.paint_s)),
            MOST_PAINT_S,
        ),
        **{
            f"frame while dragged, zoom {zoom}, ms": (
                *(held, share_below(seen.frame_ms[zoom], 0.95)),
                MOST_FRAME_MS,
            )
            for zoom, held in frames.items()
        },
        "choice drawn, ms": (
            *(middle(seen.choice_ms), share_below(seen.choice_ms, 0.95)),
            MOST_CHOICE_MS,
        ),
        "reasons in the panel, ms": (
            *(middle(seen.reasons_ms), share_below(seen.reasons_ms, 0.95)),
            MOST_REASONS_MS,
        ),
    }
    lines = ["| what | median | 95 % or most | wanted |", "|---|---:|---:|---:|"]
    wrong = []
    for name, (value, high, most) in rows.items():
        above = "" if high is None else f"{high:.4g}"
        lines.append(f"| {name} | {value:.4g} | {above} | {most:g} |")
        if value > most:
            wrong.append(f"{name}: {value:.4g}")
    return lines, wrong


def bundled(folder: Path) -> Path:
    """Assess the bundled border finely; gives its folder."""
    riskmap = str(Path(sys.executable).with_name("riskmap"))
    for words in (("init",), ("run", "--resolution", str(RESOLUTION))):
        command = (riskmap, *words, "--project", str(folder))
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder


def main() -> None:
    """Measure, print, and end with an error if a limit does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path, nargs="?", help="or the bundled border")
    asked = parser.parse_args()
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        sys.exit("No Chromium on this machine: install the package chromium.")
    with tempfile.TemporaryDirectory() as folder:
        project = asked.project or bundled(Path(folder) / "border")
        cells = cells_of(project)
        place = {"RISKMAP_PROJECT": str(project.resolve())}
        with served(**place) as (address, process), sync_playwright() as playwright:
            let_rest(psutil.Process(process.pid))
            browser = playwright.chromium.launch(
                executable_path=found, args=list(ARGUMENTS)
            )
            seen = look(browser, address, cells)
            memory = psutil.Process(process.pid).memory_info().rss / MB
    lines, wrong = report(seen)
    print(datetime.datetime.now(datetime.UTC).isoformat(timespec="minutes"))
    print("\n".join((*lines, f"Memory of the server: {memory:.0f} MB.")))
    if wrong:
        sys.exit("Does not hold: " + "; ".join(wrong))


if __name__ == "__main__":
    main()

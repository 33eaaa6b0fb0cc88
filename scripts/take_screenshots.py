"""Take the pictures of README and docs: real pages of the sample project.

Usage: ``python -m scripts.take_screenshots [PROJECT]``. Without a project it makes and
runs the sample in a temporary folder. Needs a Chromium; the network is not used.
"""

import contextlib
import io
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from riskmap import pipeline
from scripts.serving import ROOT, served

PICTURES = ROOT / "docs" / "pictures"
MOST_BYTES = 400_000
COLOURS = 255
WIDE, PHONE = (1440, 900), (390, 844)
PATIENCE_S = 60
SETTLE_MS = 1500
PAINTED = "document.querySelector('#map_riskmap[data-painted]') !== null"
REASONS = "document.querySelector('.rm-bars') !== null"
CARDS = "document.querySelectorAll('.rm-copied').length === 2"
SECOND = "document.querySelector('.rm-second .rm-legend li') !== null"
COMPARED = "document.querySelectorAll('.rm-blocks table').length > 2"
SCENARIO = "El lugar cuenta el doble"
TABLES = "document.querySelector('.rm-blocks table') !== null"
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
)


@contextlib.contextmanager
def sample_project(given: list[str]) -> Iterator[Path]:
    """Give the project asked for, or the sample, made anew."""
    if given:
        yield Path(given[0])
        return
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "border"
        made = pipeline.create_project(place)
        pipeline.run(made)
        changes = pipeline.Changes(target=pipeline.SCORES[0], weights={"place": 2.0})
        pipeline.create_scenario(made, SCENARIO, changes)
        yield place


def until_true(question) -> None:  # noqa: ANN001 any callable
    """Wait for a yes."""
    end = time.monotonic() + PATIENCE_S
    while not question():
        if time.monotonic() > end:
            sys.exit("take_screenshots: gave up waiting")
        time.sleep(0.05)


def opened(browser: Browser, address: str, size: tuple[int, int]) -> Page:
    """Open a page and wait until its map is painted."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.goto(address)
    until_true(lambda: page.evaluate(PAINTED))
    page.wait_for_timeout(SETTLE_MS)
    return page


def still(browser: Browser, address: str, size: tuple[int, int]) -> Page:
    """Open a page of texts and tables and wait until they stand."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.goto(address)
    until_true(lambda: page.evaluate(TABLES))
    page.wait_for_timeout(SETTLE_MS)
    return page


def keep(page: Page, name: str) -> None:
    """Write a picture, small enough for a repository."""
    page.mouse.move(1, 1)
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    small = image.quantize(COLOURS, dither=Image.Dither.NONE)
    path = PICTURES / name
    small.save(path, optimize=True)
    if path.stat().st_size > MOST_BYTES:
        sys.exit(f"take_screenshots: {name} is too large")
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} kB")


def click_middle(page: Page) -> None:
    """Choose the cell in the middle of the map."""
    box = page.locator("#map_riskmap").bounding_box()
    if box is None:
        sys.exit("take_screenshots: no map on the page")
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    until_true(lambda: page.evaluate(REASONS))
    page.wait_for_timeout(SETTLE_MS)


def keep_scenario(browser: Browser, address: str, one: pipeline.Scenario) -> None:
    """Take the page of a scenario, and the map of what it changes."""
    asked = f"scenarios?lang=es&scenario={one.scenario_id}"
    page = still(browser, f"{address}{asked}", WIDE)
    until_true(lambda: page.evaluate(COMPARED))
    page.wait_for_timeout(SETTLE_MS)
    keep(page, "scenarios_es.png")
    score = one.changes.target
    layer = f"value-{pipeline.scenario_layer_name(one, score)}"
    asked = f"lang=en&layer={score}&with={layer}&difference=yes&at=31.6,-111.5,8"
    shown = opened(browser, f"{address}?{asked}", WIDE)
    until_true(lambda: shown.evaluate(SECOND))
    shown.wait_for_timeout(SETTLE_MS)
    keep(shown, "difference_en.png")


def main() -> None:
    """Take every picture."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("take_screenshots: no Chromium on this machine")
    with (
        sample_project(sys.argv[1:]) as project,
        served(RISKMAP_PROJECT=str(project.resolve())) as (address, _),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=chromium, args=list(ARGUMENTS)
        )
        keep(opened(browser, f"{address}?lang=en", WIDE), "map_en.png")
        page = opened(browser, f"{address}?lang=es", WIDE)
        page.click(".rm-zones button >> nth=0")
        page.wait_for_timeout(2 * SETTLE_MS)
        click_middle(page)
        keep(page, "cell_es.png")
        asked = quote("2 km west of Monument 166")
        page = opened(browser, f"{address}where?lang=en&q={asked}", WIDE)
        until_true(lambda: page.evaluate(CARDS))
        page.wait_for_timeout(SETTLE_MS)
        keep(page, "where_en.png")
        for name in ("zones", "model"):
            keep(still(browser, f"{address}{name}?lang=es", WIDE), f"{name}_es.png")
        for one in pipeline.list_scenarios(pipeline.open_project(project))[:1]:
            keep_scenario(browser, address, one)
        phone = f"{address}?lang=es&layer=kind-migrant_death"
        keep(opened(browser, phone, PHONE), "phone_es.png")
        browser.close()


if __name__ == "__main__":
    main()

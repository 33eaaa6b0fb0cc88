"""A Chromium with the network cut, and the app served to it."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from scripts.serving import served
from tests.browser.looking import Looker

# importing it puts a tiny project in place of the true one, for the whole process
collect_ignore = ["served_app.py"]

APP = Path(__file__).with_name("served_app.py")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
)
LONGEST_NAME = 120


def pytest_collection_modifyitems(items):
    """Mark every test of this folder."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """A headless Chromium; skipped where the machine has none."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium on this machine: install the package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def looker(chromium, request) -> Iterator[Looker]:
    """Opens pages that may fetch from this machine only.

    Where RISKMAP_PICTURES names a folder, what each test saw last is kept in it.
    """
    made = Looker(chromium)
    yield made
    if folder := os.environ.get("RISKMAP_PICTURES"):
        name = re.sub(r"[^\w.-]+", "-", request.node.nodeid.rpartition("/")[2])
        made.keep(Path(folder), name[:LONGEST_NAME])
    made.close()


@pytest.fixture(scope="package")
def app_address() -> Iterator[str]:
    """Address of the app with a tiny project."""
    with served(APP) as (address, _):
        yield address


@pytest.fixture
def app_page(looker, app_address) -> Page:
    """The app, painted, in English, on a wide screen."""
    return looker.open(app_address + "?lang=en")

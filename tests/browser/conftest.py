"""A Chromium with the network cut, and the app served to it."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.looking import Looker

ROOT = Path(__file__).resolve().parents[2]
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
START_S = 60


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
def looker(chromium) -> Iterator[Looker]:
    """Opens pages that may fetch from this machine only."""
    made = Looker(chromium)
    yield made
    made.close()


@contextlib.contextmanager
def served(app: Path, **environment: str) -> Iterator[tuple[str, subprocess.Popen]]:
    """Serve an app on a free port; gives its address and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(app)]
    command += [f"--server.port={port}", "--server.address=127.0.0.1"]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}/"
    try:
        _wait(address, process)
        yield address, process
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(address: str, process: subprocess.Popen) -> None:
    """Wait until a server answers."""
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(address + "_stcore/health", timeout=5),  # noqa: S310
        ):
            return
        time.sleep(0.05)
    pytest.fail("the app did not start")


@pytest.fixture(scope="package")
def app_address() -> Iterator[str]:
    """Address of the app with a tiny project."""
    with served(APP) as (address, _):
        yield address


@pytest.fixture
def app_page(looker, app_address) -> Page:
    """The app, painted, in English, on a wide screen."""
    return looker.open(app_address + "?lang=en")

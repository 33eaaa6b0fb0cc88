"""How a test looks at a page: network cut, errors noted, waiting without eval."""

import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route

WIDE, PHONE = (1440, 900), (390, 844)
PATIENCE_S = 30
LOCAL = ("http://127.0.0.1:", "ws://127.0.0.1:", "file:", "data:", "blob:")
PAINTED = "document.querySelector('#map_riskmap[data-painted]') !== null"


class Looker:
    """Opens pages and notes what they try."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts = []
        self.elsewhere: list[str] = []
        self.errors: list[str] = []
        self.dialogs: list[str] = []

    def open(self, address: str, size: tuple[int, int] = WIDE) -> Page:
        """Open a page and wait until its map is painted."""
        page = self.blank(size)
        page.goto(address)
        until(page, PAINTED)
        return page

    def blank(self, size: tuple[int, int] = WIDE) -> Page:
        """Open an empty page with the network cut."""
        context = self._browser.new_context(
            viewport={"width": size[0], "height": size[1]}
        )
        self._contexts.append(context)
        page = context.new_page()
        page.route("**/*", self._let_through)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._note)
        page.on("dialog", self._dismiss)
        return page

    def _let_through(self, route: Route) -> None:
        if route.request.url.startswith(LOCAL):
            route.continue_()
        else:
            self.elsewhere.append(route.request.url)
            route.abort()

    def _note(self, message: Any) -> None:
        # Streamlit looks for its server below the page's address first
        asks = "/_stcore/" in message.location.get("url", "")
        if message.type == "error" and not asks:
            self.errors.append(message.text)

    def _dismiss(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def assert_quiet(self) -> None:
        """Nothing was fetched from elsewhere, nothing ran, nothing failed."""
        assert self.elsewhere == []
        assert self.dialogs == []
        assert self.errors == []

    def keep(self, folder: Path, name: str) -> None:
        """Keep a picture of every page that is open."""
        folder.mkdir(parents=True, exist_ok=True)
        pages = [page for context in self._contexts for page in context.pages]
        for number, page in enumerate(pages):
            page.screenshot(path=folder / f"{name}-{number}.png")

    def close(self) -> None:
        """Close every page."""
        for context in self._contexts:
            context.close()


def until(page: Page, condition: str) -> None:
    """Wait for a condition; Playwright's own wait would need eval in the page."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if page.evaluate(condition):
            return
        page.wait_for_timeout(20)
    msg = f"never came true: {condition}"
    raise AssertionError(msg)


def face(page: Page, expression: str) -> Any:
    """Ask the face of the map."""
    return page.evaluate(f"window.riskmap.face.{expression}")


def show_place(page: Page, x: float, y: float, zoom: float) -> None:
    """Move the map at once."""
    page.evaluate(
        f"void riskmap.face.map.setView([{y}, {x}], {zoom}, {{animate: false}})"
    )
    page.wait_for_timeout(400)


def click_place(page: Page, x: float, y: float) -> None:
    """Click the map where a place is."""
    point = face(page, f"map.latLngToContainerPoint([{y}, {x}])")
    box = page.locator("#map_riskmap").bounding_box()
    page.mouse.click(box["x"] + point["x"], box["y"] + point["y"])


def colour_at(page: Page, x: float, y: float) -> list[int]:
    """Read the colour that the cells' tiles have at a place."""
    return page.evaluate(
        """([x, y]) => {
          const map = riskmap.face.map;
          const box = map.getContainer().getBoundingClientRect();
          const at = map.latLngToContainerPoint([y, x]);
          for (const tile of document.querySelectorAll(".rm-tiles canvas")) {
            const place = tile.getBoundingClientRect();
            const dx = at.x + box.left - place.left, dy = at.y + box.top - place.top;
            if (dx < 0 || dy < 0 || dx >= place.width || dy >= place.height) continue;
            const scale = tile.width / place.width;
            const pen = tile.getContext("2d");
            return [...pen.getImageData(dx * scale, dy * scale, 1, 1).data];
          }
          return null;
        }""",
        [x, y],
    )


def scrolls_sideways(page: Page) -> bool:
    """Tell whether a page is wider than its screen."""
    root = "document.documentElement"
    return page.evaluate(f"{root}.scrollWidth > {root}.clientWidth + 1")


def cut_off(page: Page) -> list[str]:
    """Give the words that a narrow page cuts off or prints over others."""
    return page.evaluate(
        """() => {
        const over = [...document.querySelectorAll(
                '[role="radiogroup"], .rm-blocks td')]
            .filter(part => part.scrollWidth > part.clientWidth + 1);
        const heads = [...document.querySelectorAll('.rm-blocks td[data-label]')]
            .filter(cell => {
                const head = getComputedStyle(cell, '::before');
                return head.content !== 'none' && head.whiteSpace === 'nowrap';
            });
        return [...over, ...heads].map(part => part.innerText);
        }"""
    )

"""Every page of the app, and the states that a person can put each into."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.browser.looking import PAINTED, show_place, until

# a page is settled once nothing has run for this long
QUIET_MS = 400
LINKS = "[data-testid=stTopNavLink], [data-testid=stSidebarNavLink]"
IDLE = (
    "document.querySelector('h1') !== null"
    " && document.querySelector('[data-testid=stApp]')"
    ".dataset.testScriptState === 'notRunning'"
)
# what Streamlit fades while it draws anew is paler than it will be
STILL = (
    "document.querySelector('[data-stale=true]') === null"
    " && document.getAnimations().every((one) => one.playState !== 'running'"
    " || one.effect.getComputedTiming().iterations === Infinity)"
)


def settle(page: Page) -> None:
    """Wait until a page is drawn, its script rests and nothing fades."""
    until(page, IDLE)
    page.wait_for_timeout(QUIET_MS)
    if page.locator(".rm-host").count():
        until(page, PAINTED)
        page.wait_for_timeout(QUIET_MS)
    until(page, IDLE)
    until(page, STILL)


def page_names(page: Page) -> list[str]:
    """List the addresses of all pages, as the navigation of an open page has them."""
    links = page.locator(LINKS).all()
    paths = [urlsplit(link.get_attribute("href") or "").path for link in links]
    return list(dict.fromkeys(path.strip("/") for path in paths))


def _choose_cell(page: Page) -> None:
    """Choose the cell in the middle, by keyboard."""
    show_place(page, -110.94, 31.333, 11)
    page.focus("#map_riskmap")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('.rm-bars') !== null")


def _choose_zone(page: Page) -> None:
    """Choose the first zone of the list."""
    page.click(".rm-zones button >> nth=0")
    until(page, "location.search.includes('zone=')")
    page.wait_for_timeout(QUIET_MS)


def _unfold(page: Page) -> None:
    """Open all that is folded."""
    page.evaluate(
        "void document.querySelectorAll('details').forEach((one) => (one.open = true))"
    )
    page.wait_for_timeout(QUIET_MS)


def _open_menu(page: Page) -> None:
    """Open the menu of regions."""
    page.locator(".stMain").get_by_role("combobox").first.click()
    page.wait_for_timeout(QUIET_MS)


# state -> page and query, and what brings it about
STATES: dict[str, tuple[str, Callable[[Page], None] | None]] = {
    "cell": ("?", _choose_cell),
    "zone": ("?", _choose_zone),
    "unfolded": ("?", _unfold),
    "menu": ("?", _open_menu),
    "phrase": ("?q=Nogales", None),
    "nothing understood": ("?q=zzzz%20qqqq", None),
    "region": ("?region=tucson", None),
    "value layer": ("?layer=value-evidence", None),
    "filters": ("?layer=kind-migrant_death", _unfold),
    "second map": ("?with=patrol_risk", None),
    "difference": (
        "?layer=kind-migrant_death&with=kind-migrant_death&difference=yes",
        None,
    ),
    "place": ("where?q=2%20km%20west%20of%20monument%20122", _unfold),
    "no place": ("where?q=zzzz%20qqqq", None),
}


def open_state(looker, address: str, state: str, lang: str, size) -> Page:
    """Open the app in one of the states."""
    query, bring = STATES[state]
    joint = "" if query.endswith("?") else "&"
    page = looker.blank(size)
    page.goto(f"{address}{query}{joint}lang={lang}")
    # each of these pages has a map
    until(page, PAINTED)
    settle(page)
    if bring:
        bring(page)
    return page


def every_page(looker, address: str, lang: str, size) -> Iterator[tuple[str, Page]]:
    """Open each page of the navigation, one after the other."""
    first = looker.blank(size)
    first.goto(f"{address}?lang={lang}")
    settle(first)
    names = page_names(first)
    assert len(names) > 2
    yield "map", first
    for name in names:
        # the first page has the bare address
        if name:
            first.goto(f"{address}{name}?lang={lang}")
            settle(first)
            yield name, first

"""As a person would: by keyboard alone, and with a server that dies and comes back."""

from urllib.parse import urlsplit

import pytest

from riskmap.i18n import Words
from scripts.serving import served
from tests.browser.conftest import APP
from tests.browser.looking import face, show_place, until
from tests.browser.walking import every_page, settle

REASONS = "document.querySelector('.rm-bars') !== null"
MIDDLE = (-110.94, 31.333, 11)
# what a pointer can press; the keyboard comes to a group once, and arrows lead within
CONTROLS = """() => {
  const seen = (one) => one.checkVisibility({ checkVisibilityCSS: true })
    && !one.closest("[inert]") && one.getClientRects().length;
  const group = "[role=radiogroup], [role=toolbar]";
  window.nameOf = (one) => one.closest(group)
    ? `group ${one.closest(group).getAttribute("aria-label")}`
    : `${one.tagName} ${one.id || one.className} ${one.getAttribute("href") || ""} `
      + (one.innerText || one.getAttribute("aria-label") || "").slice(0, 60);
  // the arrow beside a box that opens by keys is for the pointer
  const beside = (one) => one.tabIndex < 0 && one.closest("[data-testid=stSelectbox]");
  const what = "a[href], button, input, select, textarea, summary, [role=button], "
    + "[role=tab], [role=combobox], [role=slider], [tabindex='0']";
  const here = [...document.querySelectorAll(what)].filter(
    (one) => seen(one) && !one.disabled && !beside(one) && one.tagName !== "MAIN");
  return [...new Set(here.map(nameOf))];
}"""
FOCUSED = (
    "document.activeElement === document.body ? '' : nameOf(document.activeElement)"
)
MOST_TABS = 400


def reached_by_tab(page):
    """The names of all that the keyboard comes to, once around."""
    page.evaluate("document.activeElement.blur()")
    reached, again = set(), 0
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        name = page.evaluate(FOCUSED)
        again = again + 1 if name in reached else 0
        reached.add(name)
        # once around, even if some are called alike
        if again > len(reached) / 2 + 10:
            break
    return reached


def test_every_control_of_every_page_is_reached_by_keyboard(looker, app_address):
    lost = {}
    for name, page in every_page(looker, app_address, "en", (1440, 900)):
        controls = set(page.evaluate(CONTROLS))
        assert len(controls) > 5
        lost[name] = sorted(controls - reached_by_tab(page))
    assert {name: some for name, some in lost.items() if some} == {}


def test_the_arrows_choose_within_a_group(app_page):
    app_page.get_by_role("radio", name="English").focus()
    app_page.keyboard.press("ArrowRight")
    app_page.keyboard.press("Enter")
    until(app_page, "riskmap.face.state.language === 'es'")


def test_the_keyboard_walks_from_cell_to_cell(looker, app_page):
    show_place(app_page, *MIDDLE)
    app_page.focus("#map_riskmap")
    chosen = []
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "ArrowLeft"):
        app_page.keyboard.press(key)
        app_page.wait_for_timeout(500)
        app_page.keyboard.press("Enter")
        chosen.append(face(app_page, "state.cell"))
    until(app_page, REASONS)
    assert None not in chosen
    assert len(set(chosen)) > 1
    app_page.keyboard.press("Escape")
    until(app_page, "riskmap.face.state.cell === null")
    looker.assert_quiet()


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_server_that_dies_is_told_of_and_comes_back_with_every_choice(looker, lang):
    words = Words(lang)
    with served(APP) as (address, process):
        page = looker.open(f"{address}?lang={lang}&colours=Viridis")
        settle(page)
        hatch = page.get_by_role("switch", name=words.text("map.doubt.show"))
        if not hatch.count():
            hatch = page.get_by_label(words.text("map.doubt.show"))
        hatch.first.evaluate("(one) => one.click()")
        until(page, "riskmap.face.state.doubt === false")
        show_place(page, *MIDDLE)
        page.focus("#map_riskmap")
        page.keyboard.press("Enter")
        until(page, REASONS)
        settle(page)
        process.kill()
        process.wait(timeout=20)
        page.locator(".rm-lost").wait_for(state="visible")
        assert page.inner_text(".rm-lost") == words.text("ui.lost")
        assert page.get_by_role("dialog").count() == 0
        # the map still answers
        before = face(page, "state.cell")
        for _ in range(3):
            page.keyboard.press("ArrowRight")
            page.wait_for_timeout(400)
        page.keyboard.press("Enter")
        chosen = face(page, "state.cell")
        assert chosen != before
    with served(APP, port=urlsplit(address).port):
        page.locator(".rm-lost").wait_for(state="hidden")
        until(page, f"location.search.includes('cell={chosen}')")
        until(page, f"riskmap.face.state.card?.place.startsWith('{chosen}')")
        settle(page)
        assert face(page, "state.cell") == chosen
        assert face(page, "state.language") == lang
        assert face(page, "state.doubt") is False
        assert "colours=Viridis" in page.url
        assert face(page, "map.getZoom()") == MIDDLE[-1]

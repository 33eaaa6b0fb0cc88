"""The page «Where is this?» in a Chromium with the network cut."""

import pytest

from riskmap.i18n import LANGUAGES, Words
from scripts.serving import served
from tests.browser.conftest import APP
from tests.browser.looking import (
    PHONE,
    WIDE,
    click_place,
    face,
    scrolls_sideways,
    until,
)
from tests.ui.views import tiny_whereabouts
from tests.webmap.tiny import HOSTILE

ASKED = "where?lang={lang}&q=2%20km%20west%20of%20monument%20122"
CARDS = "document.querySelectorAll('.rm-copied').length === 2"


def settle(page):
    """Wait until the map has ended its flight."""
    page.wait_for_timeout(900)


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_answers_in_both_languages_and_fetches_nothing(
    looker, app_address, lang, size
):
    page = looker.open(app_address + ASKED.format(lang=lang), size)
    until(page, CARDS)
    words = Words(lang)
    assert page.inner_text("h1") == words.text("ui.where.title")
    left, right = (box.bounding_box() for box in page.locator(".rm-copied").all())
    if size == WIDE:
        assert left["x"] + left["width"] <= right["x"]
    else:
        assert left["y"] + left["height"] <= right["y"]
    assert not scrolls_sideways(page)
    looker.assert_quiet()


def test_the_first_card_is_in_the_person_s_own_language(looker, app_address):
    page = looker.open(app_address + ASKED.format(lang="es"))
    until(page, CARDS)
    assert page.get_attribute(".rm-blocks >> nth=0", "lang") == "es"
    assert "norte verdadero" in page.inner_text(".rm-copied >> nth=0")


def test_a_phrase_typed_flies_there_and_stands_in_the_address(looker, app_address):
    page = looker.open(app_address + "where?lang=en")
    page.fill("input[type=text]", "monument 124")
    page.keyboard.press("Enter")
    until(page, CARDS)
    until(page, "location.search.includes('monument')")
    settle(page)
    assert face(page, "map.getZoom()") > 10
    again = looker.open(page.url)
    until(again, CARDS)
    assert again.input_value("input[type=text]") == "monument 124"
    assert again.inner_text(".rm-copied >> nth=0") == page.inner_text(
        ".rm-copied >> nth=0"
    )
    looker.assert_quiet()


def test_another_reading_is_chosen_from_the_list(looker, app_address):
    page = looker.open(app_address + "where?lang=en&q=Nogales")
    until(page, CARDS)
    before = page.inner_text(".rm-copied >> nth=0")
    page.click(".rm-readings button >> nth=1")
    until(page, "location.search.includes('n=2')")
    until(
        page,
        "document.querySelectorAll('.rm-readings button')[1]"
        ".getAttribute('aria-pressed') === 'true'",
    )
    page.wait_for_timeout(500)
    assert page.inner_text(".rm-copied >> nth=0") != before
    page.click(".rm-readings button >> nth=0")
    until(page, "!location.search.includes('n=2')")
    page.wait_for_timeout(500)
    assert page.inner_text(".rm-copied >> nth=0") == before


def test_a_click_makes_the_card_of_the_point(looker, app_address):
    page = looker.open(app_address + "where?lang=en&q=monument%20124")
    until(page, CARDS)
    click_place(page, -110.99, 31.34)
    until(page, "location.search.includes('point=')")
    page.wait_for_timeout(500)
    first = page.inner_text(".rm-copied >> nth=0").split("\n")[0]
    lat, lon = (float(part) for part in first.split(","))
    metres_a_pixel = 156_543 * 0.854 / 2 ** face(page, "map.getZoom()")
    assert abs(lat - 31.34) * 111_320 < 2 * metres_a_pixel + 2
    assert abs(lon + 110.99) * 95_000 < 2 * metres_a_pixel + 2
    looker.assert_quiet()


def test_the_keyboard_makes_a_card_of_the_centre(looker, app_address):
    page = looker.open(app_address + "where?lang=en")
    page.focus("#map_riskmap")
    page.keyboard.press("+")
    page.keyboard.press("Enter")
    until(page, CARDS)
    assert "," in page.inner_text(".rm-live")


def test_the_copy_button_copies_the_plain_text(looker, app_address):
    page = looker.open(app_address + ASKED.format(lang="es"))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    until(page, CARDS)
    page.click(".rm-copied button >> nth=0")
    until(page, "document.querySelector('.rm-told').textContent !== ''")
    assert page.inner_text(".rm-told >> nth=0") == Words("es").text("ui.where.copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    shown = page.text_content(".rm-copied p >> nth=0")
    assert copied.replace("\r\n", "\n") == shown


def test_a_waypoint_can_be_downloaded(looker, app_address):
    page = looker.open(app_address + ASKED.format(lang="en"))
    until(page, CARDS)
    with page.expect_download() as waiting:
        page.get_by_role("button", name=Words("en").text("ui.where.gpx")).click()
    text = waiting.value.path().read_text("utf-8")
    assert waiting.value.suggested_filename.endswith("-en.gpx")
    assert text.count("<wpt ") == 1


def test_the_map_and_the_place_share_phrase_and_language(looker, app_address):
    page = looker.open(app_address + "where?lang=es&q=Nogales")
    until(page, CARDS)
    page.get_by_role("link", name=Words("es").text("ui.page.map"), exact=True).click()
    until(page, "document.querySelector('.rm-card h2') !== null")
    until(page, "window.riskmap.face.state.language === 'es'")
    assert page.inner_text("h1") == Words("es").text("ui.title")
    page.get_by_role("link", name=Words("es").text("ui.page.where"), exact=True).click()
    until(page, CARDS)
    assert page.input_value("input[type=text]") == "Nogales"
    looker.assert_quiet()


def test_hostile_names_run_nowhere(looker):
    with served(APP, HOSTILE="1") as (address, _):
        page = looker.open(address + "where?lang=en&q=31.3330,%20-110.9400")
        until(page, CARDS)
        page.click(".rm-folded summary >> nth=0")
        page.wait_for_timeout(600)
        # which of them stand nearby follows from the bundled landmarks
        shown = page.inner_text(".rm-blocks >> nth=0")
        assert sum(name in shown for name in HOSTILE) > 2
        # monuments are named by number, towns by their names
        known = tiny_whereabouts(loud=True).gazetteer.landmarks
        towns = [one for one in known if one.kind == "town"]
        ids = [one.landmark_id for one in towns[: len(HOSTILE)]]
        phrases = (*ids, "%3Cimg%20src=x%20onerror=alert(1)%3E")
        for phrase in phrases:
            page = looker.open(f"{address}where?lang=es&q={phrase}")
            page.wait_for_timeout(500)
        bad = ".rm-blocks img, .rm-blocks script, .rm-shell img, .rm-shell script"
        assert page.locator(bad).count() == 0
        looker.assert_quiet()

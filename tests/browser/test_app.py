"""The app in a Chromium with the network cut."""

import signal

import pytest

from riskmap import cells
from riskmap.i18n import Words
from scripts.serving import served
from tests.browser.conftest import APP
from tests.browser.looking import (
    PAINTED,
    PHONE,
    WIDE,
    click_place,
    face,
    scrolls_sideways,
    show_place,
    until,
)
from tests.browser.walking import settle
from tests.ui.views import tiny_view

SCORE = "migrant_danger"
REASONS = "document.querySelector('.rm-bars') !== null"


@pytest.fixture(scope="module")
def first():
    """The cell ranked first: its text, longitude and latitude."""
    table = tiny_view().tables.cells
    chosen = table[table[f"{SCORE}_rank"] == 1]
    row = chosen.iloc[0]
    return cells.cell_hex(chosen.index)[0], row["x"], row["y"]


def choose(page, first):
    name, x, y = first
    show_place(page, x, y, 11)
    click_place(page, x, y)
    until(page, f"riskmap.face.state.cell === '{name}'")
    until(page, REASONS)


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("lang", ["en", "es"])
def test_it_paints_in_both_languages_and_fetches_nothing(
    looker, app_address, lang, size
):
    page = looker.open(f"{app_address}?lang={lang}", size)
    words = Words(lang)
    assert face(page, "cells.stats.cells") > 100
    assert page.inner_text("h1") == words.text("ui.title")
    # in front of a phone the legend is folded
    assert words.text(f"score.{SCORE}") in page.inner_text(".rm-legend")
    assert not scrolls_sideways(page)
    looker.assert_quiet()


def test_a_click_brings_the_reasons(looker, app_page, first):
    choose(app_page, first)
    card = app_page.inner_text(".rm-card")
    words = Words("en")
    assert words.text("ui.card.reasons") in card
    assert words.text("map.evidence.records") in card
    assert first[0] in card
    looker.assert_quiet()


def test_the_language_keeps_zoom_choice_and_the_map_itself(app_page, first):
    choose(app_page, first)
    app_page.evaluate("document.querySelector('#map_riskmap').dataset.mine = 'yes'")
    zoom = face(app_page, "map.getZoom()")
    app_page.get_by_text("Español", exact=True).click()
    until(app_page, "riskmap.face.state.language === 'es'")
    until(app_page, REASONS)
    words = Words("es")
    assert words.text("ui.card.reasons") in app_page.inner_text(".rm-card")
    assert app_page.inner_text("h1") == words.text("ui.title")
    assert face(app_page, "map.getZoom()") == zoom
    assert face(app_page, "state.cell") == first[0]
    assert app_page.get_attribute("#map_riskmap", "data-mine") == "yes"


def test_a_zone_flies_there_and_its_cell_finds_it_again(app_page):
    app_page.click(".rm-zones button >> nth=0")
    until(app_page, "riskmap.face.map.getZoom() >= 9")
    until(app_page, "location.search.includes('zone=migrant_danger-US-001')")
    chosen = app_page.inner_text("tr.rm-chosen")
    assert chosen.startswith("US 1")


def test_a_zone_s_figure_stands_with_its_interval(app_page):
    figure = app_page.locator(".rm-zones tbody td.rm-value").first
    assert figure.locator("small").inner_text() == "0.2\N{EN DASH}1.1"
    assert figure.inner_text().startswith("0.5")


def test_a_sent_address_brings_everything_back(looker, app_page, first):
    choose(app_page, first)
    until(app_page, f"location.search.includes('cell={first[0]}')")
    until(app_page, "location.search.includes('%2C11')")
    again = looker.open(app_page.url)
    until(again, REASONS)
    assert face(again, "state.cell") == first[0]
    assert face(again, "map.getZoom()") == 11
    assert again.url == app_page.url


def test_a_phrase_flies_there_and_lists_every_reading(looker, app_page):
    app_page.get_by_placeholder(Words("en").text("ui.phrase.example")).fill("Nogales")
    app_page.keyboard.press("Enter")
    until(app_page, "document.querySelectorAll('.rm-readings button').length > 1")
    until(app_page, "riskmap.face.map.getZoom() > 10")
    app_page.wait_for_timeout(900)
    first = face(app_page, "map.getCenter()")
    app_page.click(".rm-readings button >> nth=1")
    until(app_page, "location.search.includes('n=2')")
    app_page.wait_for_timeout(1500)
    assert face(app_page, "map.getCenter()") != first
    assert app_page.locator(".rm-pin").count() > 1
    href = app_page.get_attribute(".rm-found a", "href")
    assert href == "where?lang=en&q=Nogales&n=2"
    looker.assert_quiet()


def test_a_region_flies_there_and_leaves_its_zones_only(looker, app_page):
    before = app_page.locator(".rm-zones tbody tr").count()
    app_page.get_by_role("combobox", name=Words("en").text("ui.region")).click()
    app_page.get_by_role("option", name="Tucson", exact=True).click()
    until(app_page, "riskmap.face.state.region === 'Tucson'")
    until(app_page, "location.search.includes('region=tucson')")
    assert app_page.locator(".rm-zones tbody tr").count() == 1 < before
    app_page.wait_for_timeout(1200)
    assert -111.1 < face(app_page, "map.getCenter().lng") < -110.9
    again = looker.open(app_page.url)
    assert again.locator(".rm-zones tbody tr").count() == 1
    assert face(again, "map.getCenter().lng") == pytest.approx(-111.0, abs=0.02)
    looker.assert_quiet()


def test_the_zone_of_a_cell_is_named_on_its_card(app_page, first):
    choose(app_page, first)
    assert "US " in app_page.inner_text(".rm-in-zone")
    href = app_page.get_attribute(".rm-card a", "href")
    assert href == f"where?lang=en&q={first[0]}&n=1"


def test_the_link_of_a_cell_leads_to_its_place_card(looker, app_page, first):
    choose(app_page, first)
    app_page.click(".rm-card a")
    until(app_page, "document.querySelectorAll('.rm-copied').length === 2")
    assert first[0] in app_page.url
    looker.assert_quiet()


def test_another_layer_changes_legend_and_zones(app_page):
    name = Words("en").text("kind.migrant_death")
    app_page.get_by_text(name, exact=True).first.click()
    until(app_page, "riskmap.face.cells.options.layer === 'kind-migrant_death'")
    assert Words("en").text("map.unit.count") in app_page.inner_text(".rm-legend")


def test_the_keyboard_chooses_and_a_reader_is_told(app_page, first):
    show_place(app_page, first[1], first[2], 11)
    app_page.focus("#map_riskmap")
    app_page.keyboard.press("Enter")
    until(app_page, f"riskmap.face.state.cell === '{first[0]}'")
    until(app_page, REASONS)
    told = app_page.inner_text(".rm-live")
    assert Words("en").text(f"score.{SCORE}") in told


def test_the_first_cells_stand_in_a_table_too(app_page, first):
    app_page.click(".rm-cell-list summary")
    app_page.click(".rm-cells button >> nth=0")
    until(app_page, f"riskmap.face.state.cell === '{first[0]}'")
    until(app_page, REASONS)


def test_a_choice_takes_a_moment_in_the_page(app_page, first):
    choose(app_page, first)
    # 20 ms on a free machine
    assert face(app_page, "selectMs") < 200


def test_the_map_outlives_its_server(looker, first):
    with served(APP) as (address, process):
        page = looker.open(address + "?lang=en")
        process.terminate()
        process.wait(timeout=20)
        name, x, y = first
        show_place(page, x, y, 11)
        click_place(page, x, y)
        until(page, "document.querySelector('.leaflet-popup-content') !== null")
        assert name in page.inner_text(".leaflet-popup-content")


def test_what_a_map_tells_while_it_is_left_keeps_no_page_empty(looker, first):
    words = Words("en")
    with served(APP) as (address, process):
        page = looker.open(address + "?lang=en")
        settle(page)
        # a busy server finds the click and what was told after it at once
        process.send_signal(signal.SIGSTOP)
        page.get_by_role("link", name=words.text("ui.page.where"), exact=True).click()
        page.evaluate("void riskmap.face.emit('view', [31.3, -110.9, 9, 800, 600])")
        process.send_signal(signal.SIGCONT)
        until(page, "riskmap.face.state.places === true")
        settle(page)
        assert page.inner_text("h1") == words.text("ui.where.title")
        # back on its page it tells again
        page.get_by_role("link", name=words.text("ui.page.map"), exact=True).click()
        until(page, "!riskmap.face.state.places && riskmap.face.paintedAt")
        choose(page, first)


@pytest.mark.parametrize(
    ("lang", "day"), [("en", "February 29, 2020"), ("es", "29 de febrero de 2020")]
)
def test_a_landmark_verified_long_ago_says_so(looker, app_address, lang, day):
    page = looker.open(f"{app_address}?lang={lang}")
    show_place(page, -110.94, 31.335, 12)
    # in the order of their ids: the hospital, which nobody verified, is the first
    badge = page.locator(".rm-landmark.rm-unverified .rm-badge").nth(1)
    badge.hover(force=True)
    said = f"{Words(lang).text('map.stale')}: {day}"
    page.wait_for_function(
        "said => [...document.querySelectorAll('.rm-tip')]"
        ".some(tip => tip.innerText.includes(said))",
        arg=said,
    )


def test_hostile_names_run_nowhere(looker):
    with served(APP, HOSTILE="1") as (address, _):
        page = looker.open(address + "?lang=en")
        page.click(".rm-zones button >> nth=0")
        page.wait_for_timeout(1200)
        show_place(page, -110.94, 31.335, 11)
        click_place(page, -110.94, 31.333)
        page.hover(".rm-landmark .rm-badge >> nth=0", force=True)
        page.wait_for_timeout(600)
        assert page.locator(".rm-shell img, .rm-shell script").count() == 0
        assert "onerror" in page.inner_text(".rm-side")
        looker.assert_quiet()


def test_every_answer_of_the_app_has_the_safe_headers(looker, app_address):
    page = looker.blank()
    answers = []
    # Playwright marks its handlers, which a built-in method does not allow
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108
    page.goto(app_address)
    until(page, PAINTED)
    named = [answer for answer in answers if answer.url.startswith("http")]
    assert len(named) > 20
    for answer in named:
        headers = answer.headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"

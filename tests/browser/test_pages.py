"""Zones, Model, Share, Data and method, Add records, with the network cut."""

import pytest

from riskmap.i18n import LANGUAGES, Words
from scripts.serving import served
from tests.browser.conftest import APP
from tests.browser.looking import (
    PAINTED,
    PHONE,
    WIDE,
    cut_off,
    scrolls_sideways,
    until,
)
from tests.browser.walking import settle

PAGES = {
    name: f"pages.{name}.title"
    for name in ("zones", "model", "share", "method", "upload")
}
FILE = "folio,fecha,tipo,latitud,longitud,fallecidos,nombre\n"
FILE += "1,25/12/2020,rescate,31.45,-110.25,0,Juana\n2,26/12/2020,rescate,0,0,0,Juan\n"


def opened(looker, address, name, lang, size=WIDE):
    page = looker.blank(size)
    page.goto(f"{address}{name}?lang={lang}")
    page.wait_for_selector("h1")
    settle(page)
    return page


def send(page, name, text):
    file = {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    page.set_input_files(".rm-picker input", files=[file])


def says(page, text):
    until(page, f"document.body.innerText.includes({text!r})")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_stands_in_both_languages_and_fetches_nothing(
    looker, app_address, name, lang, size
):
    page = opened(looker, app_address, name, lang, size)
    assert page.inner_text("h1") == Words(lang).text(PAGES[name])
    assert page.title() == f"{Words(lang).text(f'ui.page.{name}')} · riskmap"
    assert not scrolls_sideways(page)
    assert cut_off(page) == []
    looker.assert_quiet()


def test_a_zone_leads_to_the_map_with_that_zone_chosen(looker, app_address):
    page = opened(looker, app_address, "zones", "es")
    page.click(".rm-blocks td a, .rm-blocks th a >> nth=0")
    until(page, PAINTED)
    assert page.evaluate("riskmap.face.state.zone") == "migrant_danger-US-001"
    assert "lang=es" in page.url


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_file_is_shown_first_and_stored_only_when_confirmed(
    looker, app_address, lang
):
    words, name = Words(lang), f"few-{lang}.csv"
    page = opened(looker, app_address, "upload", lang)
    # other records for each language, so that none is known already
    number = 10 + LANGUAGES.index(lang)
    send(page, name, FILE.replace("1,25/", f"{number},25/"))
    counts = {"rows_in": 2, "accepted": 1, "quarantined": 1, "duplicates": 0}
    told = words.text("pages.upload.counts", file=name, **counts)
    says(page, told)
    assert words.text("pages.upload.stripped") in page.inner_text("body")
    assert "Juan" not in page.inner_text("body")
    page.get_by_role("button", name=words.text("pages.upload.store")).click()
    says(page, words.text("pages.upload.stored"))
    looker.assert_quiet()


def test_a_file_that_was_left_leaves_nothing(looker, app_address):
    words = Words("en")
    page = opened(looker, app_address, "upload", "en")
    send(page, "left.csv", FILE)
    says(page, "left.csv: 2 rows")
    page.get_by_role("button", name=words.text("pages.upload.cancel")).click()
    says(page, words.text("pages.upload.none"))
    page.goto(f"{app_address}quality?lang=en")
    settle(page)
    assert "left.csv" not in page.inner_text("body")


def test_two_people_do_not_see_each_others_file_or_choices(looker, app_address):
    one = opened(looker, app_address, "upload", "en")
    send(one, "mine.csv", FILE)
    says(one, "mine.csv: 2 rows")
    other = opened(looker, app_address, "upload", "en")
    assert "mine.csv" not in other.inner_text("body")
    assert "Zonas" not in other.inner_text("body")


def test_a_file_that_is_no_table_is_refused_in_words(looker, app_address):
    page = opened(looker, app_address, "upload", "es")
    send(page, "<img src=x onerror=alert(1)>.csv", "\0\1\2\3" * 50)
    page.wait_for_selector(".rm-text[role=alert]")
    assert page.locator(".rm-blocks img, .rm-picker img").count() == 0
    looker.assert_quiet()


def test_hostile_names_run_on_none_of_the_pages(looker):
    with served(APP, HOSTILE="1") as (address, _):
        for name in PAGES:
            opened(looker, address, name, "en")
        page = opened(looker, address, "zones", "en")
        assert "onerror" in page.inner_text(".rm-blocks")
        assert page.locator(".rm-blocks img, .rm-blocks script").count() == 0
        looker.assert_quiet()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_address_that_names_no_page_says_so(looker, app_address, lang):
    page = looker.open(f"{app_address}nosuch?lang={lang}")
    said = Words(lang).text("pages.unknown", name="nosuch")
    page.get_by_text(said).wait_for()
    # on a page that there is nothing is said
    page = looker.open(f"{app_address}map?lang={lang}")
    assert page.get_by_text(said).count() == 0

"""The page «Incidents and quality» in a Chromium with the network cut."""

import pytest

from riskmap.i18n import LANGUAGES, Words
from scripts.serving import served
from tests.browser.conftest import APP
from tests.browser.looking import PHONE, WIDE, scrolls_sideways, until

TABLES = "document.querySelectorAll('.rm-blocks table').length >= 7"


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_stands_in_both_languages_and_fetches_nothing(
    looker, app_address, lang, size
):
    page = looker.blank(size)
    page.goto(f"{app_address}quality?lang={lang}")
    until(page, TABLES)
    words = Words(lang)
    assert page.inner_text("h1") == words.text("ui.quality.title")
    assert words.text("ui.quality.no_data") in page.inner_text(".rm-blocks")
    assert not scrolls_sideways(page)
    looker.assert_quiet()


def test_a_phone_names_every_value(looker, app_address):
    page = looker.blank(PHONE)
    page.goto(f"{app_address}quality?lang=es")
    until(page, TABLES)
    labels = page.evaluate(
        """[...document.querySelectorAll('.rm-blocks table')].slice(0, 2).map(table =>
        getComputedStyle(table.querySelector('td'), '::before').content)"""
    )
    # what is overdue comes first, then what is on record
    names = ("overdue.column.owner", "ui.quality.source")
    assert labels == [f'"{Words("es").text(name)}"' for name in names]
    assert page.get_attribute(".rm-blocks table >> nth=0", "role") == "table"


def test_hostile_files_run_nowhere(looker):
    with served(APP, HOSTILE="1") as (address, _):
        page = looker.blank()
        page.goto(f"{address}quality?lang=en")
        until(page, TABLES)
        page.wait_for_timeout(600)
        assert "onerror" in page.inner_text(".rm-blocks")
        assert page.locator(".rm-blocks img, .rm-blocks script").count() == 0
        looker.assert_quiet()

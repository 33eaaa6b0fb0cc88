"""Two maps side by side: moving together, each its own years, and their difference."""

import json

import pytest

from riskmap.i18n import Words
from riskmap.webmap import CHANGE_COLOURS, save_page
from tests.browser.looking import PHONE, face, scrolls_sideways, show_place, until
from tests.webmap.tiny import tiny_tables

WORDS = {lang: Words(lang, strict=False).text for lang in ("en", "es")}
DEATHS = "kind-migrant_death"
YEARS = {"month": 0, "source": "", "side": "", "accuracy": ""}


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    path = tmp_path_factory.mktemp("saved") / "map.html"
    return save_page(tiny_tables(), path, WORDS, {"en": [], "es": []}).as_uri()


def beside(page, layer):
    page.select_option(".rm-compare select", layer)
    until(page, "riskmap.face.second.map !== undefined")
    until(page, f"riskmap.face.second.cells.options.layer === '{layer}'")


@pytest.fixture
def two(looker, saved):
    """Deaths of 2019 on the left, of 2018 on the right."""
    page = looker.open(saved)
    page.select_option("#rm-layer", DEATHS)
    page.wait_for_selector(".rm-time .rm-year")
    beside(page, DEATHS)
    for bar, year in (("time", 2019), ("second.time", 2018)):
        chosen = json.dumps({**YEARS, "from": year, "to": year})
        page.evaluate(f"void riskmap.face.{bar}.set({chosen})")
    return page


def numbers(page, which):
    names = [f"{cell:x}" for cell in tiny_tables().cells.index.tolist()]
    ask = f"names => names.map(name => riskmap.face.{which}.facts(name).number)"
    return dict(zip(tiny_tables().cells.index, page.evaluate(ask, names), strict=True))


def counts(year):
    rows = tiny_tables().periods
    rows = rows[(rows["kind"] == "migrant_death") & (rows["year"] == year)]
    return rows.groupby("cell")["events"].sum().to_dict()


def test_each_map_counts_its_own_years(two):
    for which, year in (("cells", 2019), ("second.cells", 2018)):
        shown = {c: n - 1 for c, n in numbers(two, which).items() if n > 1}
        assert shown == counts(year)


def test_the_difference_is_left_less_right_in_every_cell(two):
    two.check(".rm-compare input")
    until(two, "riskmap.face.second.cells.options.minus !== null")
    shown = numbers(two, "second.cells")
    left, right = counts(2019), counts(2018)
    blind = tiny_tables().watch == 0
    for cell, number in shown.items():
        if blind[cell] and number == 0:
            continue
        told = two.evaluate(f"riskmap.changeOf({number})")
        assert told == left.get(cell, 0) - right.get(cell, 0)
    assert all(shown[cell] == 0 for cell in blind.index[blind])
    assert face(two, "second.cells.colours()") == list(CHANGE_COLOURS)


def test_the_classes_of_change_are_even_about_nothing(two):
    two.check(".rm-compare input")
    until(two, "riskmap.face.second.cells.options.minus !== null")
    place = "n => riskmap.face.second.cells._classOf(1e6 + n)"
    classes = [two.evaluate(place, n) for n in (-10, -9, -3, -2, -1, 0, 1, 2, 3, 9, 10)]
    assert classes == [0, 1, 1, 2, 2, 3, 4, 4, 5, 5, 6]


def test_the_maps_move_together(two):
    show_place(two, -110.9, 31.3, 10)
    assert face(two, "second.map.getZoom()") == 10
    two.evaluate("void riskmap.face.second.map.setView([31.4, -110.8], 11)")
    until(two, "riskmap.face.map.getZoom() === 11")


def test_another_layer_has_no_difference(two):
    two.select_option(".rm-compare select", "patrol_risk")
    until(two, "riskmap.face.second.cells.options.layer === 'patrol_risk'")
    assert two.locator(".rm-compare input").count() == 0
    two.select_option(".rm-compare select", "")
    until(two, "document.querySelector('.rm-second').hidden")


def test_on_a_phone_one_stands_below_the_other(looker, saved):
    page = looker.open(saved, PHONE)
    beside(page, "patrol_risk")
    assert not scrolls_sideways(page)
    first = page.locator("#map_riskmap").bounding_box()
    second = page.locator(".rm-second").bounding_box()
    assert first["y"] + first["height"] <= second["y"]
    looker.assert_quiet()


def test_the_address_keeps_both_maps(looker, app_address):
    page = looker.open(f"{app_address}?lang=es&layer={DEATHS}")
    page.wait_for_selector(".rm-compare select")
    beside(page, DEATHS)
    page.check(".rm-compare input")
    page.locator(".rm-time-second .rm-year").nth(1).click()
    until(page, "location.search.includes('with_records=2019')")
    until(page, "location.search.includes('difference=yes')")
    again = looker.open(page.url)
    until(again, "riskmap.face.second.map !== undefined")
    assert face(again, "second.layer") == DEATHS
    assert face(again, "second.difference") is True
    assert face(again, "second.filter.from") == 2019
    looker.assert_quiet()

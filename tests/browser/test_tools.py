"""Tools on the map: measuring, an area drawn or loaded, by pointer and keyboard."""

import json

import pytest

from riskmap.crs import GEOD
from riskmap.i18n import Words
from riskmap.webmap import save_page
from tests.browser.looking import (
    PHONE,
    click_place,
    face,
    scrolls_sideways,
    show_place,
    until,
)
from tests.webmap.tiny import tiny_tables

WORDS = {lang: Words(lang, strict=False).text for lang in ("en", "es")}
CORNERS = [(-111.0, 31.25), (-110.8, 31.25), (-110.8, 31.4), (-111.0, 31.4)]
KML = (
    "<kml><Placemark><Polygon><outerBoundaryIs><LinearRing><coordinates>{}"
    "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></kml>"
)
RING = [list(corner) for corner in (*CORNERS, CORNERS[0])]
TRIANGLE = {"type": "Polygon", "coordinates": [RING]}


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    path = tmp_path_factory.mktemp("saved") / "map.html"
    return save_page(tiny_tables(), path, WORDS, {"en": [], "es": []}).as_uri()


def press(page, tool):
    page.click(f'.rm-tools [data-tool="{tool}"]')


def draw(page, corners=CORNERS):
    """Draw an area by pointer; the first corner closes it."""
    show_place(page, -110.9, 31.33, 10)
    press(page, "area")
    for x, y in (*corners, corners[0]):
        click_place(page, x, y)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((-110.94, 31.33), (-110.94, 31.34)),
        ((-117.12, 32.53), (-97.14, 25.95)),
        ((-111.0, 31.0), (-111.0, 31.0)),
        ((0.0, 0.0), (90.0, 0.0)),
    ],
)
def test_a_length_is_that_of_the_ellipsoid(looker, saved, one, other):
    page = looker.open(saved)
    ask = (
        "([a, b]) => riskmap.geodesicM({lng: a[0], lat: a[1]}, {lng: b[0], lat: b[1]})"
    )
    told = page.evaluate(ask, [one, other])
    assert told == pytest.approx(GEOD.inv(*one, *other)[2], abs=1e-3)


def test_a_way_is_measured_along_clicks_and_no_cell_is_chosen(looker, saved):
    page = looker.open(saved)
    show_place(page, -110.9, 31.33, 10)
    press(page, "measure")
    for x, y in CORNERS[:3]:
        click_place(page, x, y)
    legs = face(page, "tools.lengths()")
    assert len(legs) == 2
    assert legs[0] == pytest.approx(GEOD.inv(*CORNERS[0], *CORNERS[1])[2], rel=0.02)
    said = page.locator(".rm-tool-said").text_content()
    assert f"{sum(legs) / 1000:.1f} km ({sum(legs) / 1609.344:.1f} mi)" in said
    assert not face(page, "state.cell")
    press(page, "stop")
    click_place(page, -110.95, 31.25)
    until(page, "Boolean(riskmap.face.state.cell)")
    looker.assert_quiet()


def test_a_saved_page_measures_and_draws_no_area(looker, saved):
    page = looker.open(saved)
    tools = page.locator(".rm-tools [data-tool]")
    assert [tools.nth(i).get_attribute("data-tool") for i in range(tools.count())] == [
        "measure"
    ]


def test_by_keyboard_a_way_is_measured_and_taken_back(looker, saved):
    page = looker.open(saved)
    page.focus('[data-tool="measure"]')
    page.keyboard.press("Enter")
    until(page, "document.activeElement.id === 'map_riskmap'")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(600)
    page.keyboard.press("Enter")
    assert len(face(page, "tools.lengths()")) == 1
    page.keyboard.press("Backspace")
    assert face(page, "tools.points.length") == 1
    page.keyboard.press("Escape")
    assert face(page, "tools.mode") == ""


def test_an_area_drawn_is_described_exactly_and_kept_in_the_address(looker, app_page):
    draw(app_page)
    app_page.wait_for_selector("text=km² in the United States")
    until(app_page, "location.search.includes('area=')")
    again = looker.open(app_page.url)
    again.wait_for_selector("text=km² in the United States")
    assert face(again, "tools.polygons.length") == 1
    again.click('[data-tool="remove"]')
    until(again, "!location.search.includes('area=')")
    again.wait_for_selector("text=km² in the United States", state="detached")
    looker.assert_quiet()


def test_an_area_that_crosses_itself_is_refused_in_words(looker, app_address):
    page = looker.open(app_address + "?lang=es")
    one, two, three, four = CORNERS
    draw(page, [one, three, two, four])
    page.wait_for_selector("text=se cruza a sí mismo")
    looker.assert_quiet()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("<img src=x onerror=alert(1)>.geojson", json.dumps(TRIANGLE)),
        ("area.kml", KML.format(" ".join(f"{x},{y},0" for x, y in RING))),
    ],
)
def test_an_area_is_loaded_from_a_file(looker, app_page, name, text):
    file = {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
    app_page.set_input_files('[data-tool="file"]', file)
    app_page.wait_for_selector("text=km² in the United States")
    until(app_page, "riskmap.face.tools.polygons.length === 1")
    looker.assert_quiet()


def test_a_file_without_an_area_is_refused_and_the_old_one_stays(app_page):
    draw(app_page)
    app_page.wait_for_selector("text=km² in the United States")
    wrong = {"name": "a.geojson", "mimeType": "text/plain", "buffer": b"{}"}
    app_page.set_input_files('[data-tool="file"]', wrong)
    app_page.wait_for_selector("text=FeatureCollection")
    assert face(app_page, "tools.polygons.length") == 1


def test_on_a_phone_the_tools_fit(looker, app_address):
    page = looker.open(app_address + "?lang=es", PHONE)
    page.wait_for_selector('[data-tool="file"]')
    assert not scrolls_sideways(page)
    looker.assert_quiet()


def test_the_first_tip_is_said_once(looker, saved):
    page = looker.open(saved)
    page.click(".rm-first button")
    assert page.locator(".rm-first").is_hidden()
    page.reload()
    until(page, "document.querySelector('#map_riskmap[data-painted]') !== null")
    assert page.locator(".rm-first").is_hidden()

"""The saved page, opened from a disk with the network cut."""

import numpy as np
import pytest

from riskmap import cells
from riskmap.i18n import Words
from riskmap.webmap import PALETTES, MapFiles, save_page
from riskmap.webmap.encode import pyramid
from riskmap.webmap.planes import rate_bytes
from tests.browser.looking import (
    PHONE,
    WIDE,
    click_place,
    colour_at,
    face,
    scrolls_sideways,
    show_place,
    until,
)
from tests.webmap.tiny import HOSTILE, hostile, tiny_tables

WORDS = {lang: Words(lang, strict=False).text for lang in ("en", "es")}
NOTES = {"en": ["As of 2022."], "es": ["Al 2022."]}
SCORE = "migrant_danger"


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    path = tmp_path_factory.mktemp("saved") / "map.html"
    return save_page(tiny_tables(), path, WORDS, NOTES).as_uri()


@pytest.fixture(scope="module")
def table():
    return tiny_tables().cells


def first_of(table, column):
    """The cell ranked first: its text, longitude and latitude."""
    row = table[table[f"{column}_rank"] == 1].iloc[0]
    index = table.index[table[f"{column}_rank"] == 1]
    return cells.cell_hex(index)[0], row["x"], row["y"]


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_it_paints_cells_and_fetches_nothing(looker, saved, size):
    page = looker.open(saved, size)
    assert face(page, "cells.stats.cells") > 100
    assert not scrolls_sideways(page)
    looker.assert_quiet()


def test_every_number_arrives_at_every_level(looker, saved):
    tables = tiny_tables()
    page = looker.open(saved)
    files = MapFiles(tables, whole=True, detail=True)
    for level in pyramid(tables.cells.index):
        names = [f"{cell:x}" for cell in level.cells.tolist()]
        shown = page.evaluate(
            "names => names.map(name => riskmap.face.cells.facts(name).number)", names
        )
        expected = files._planes[SCORE].reduce(level.starts).tolist()
        assert shown == expected


def test_a_cell_has_the_colour_of_its_class(looker, saved, table):
    page = looker.open(saved)
    page.uncheck("#rm-doubt")
    for rank in (1, 40, 120):
        row = table[table[f"{SCORE}_rank"] == rank].iloc[0]
        show_place(page, row["x"], row["y"], 11)
        density = 100 * row[SCORE] / row["area_km2"]
        position = int(np.searchsorted([0.03, 0.1, 0.3, 1], density, side="right"))
        colour = PALETTES["YlOrRd"][position]
        expected = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
        assert colour_at(page, row["x"], row["y"])[:3] == expected


def test_no_data_low_confidence_and_none_recorded_look_different(looker, saved, table):
    page = looker.open(saved)
    blind = table[table[SCORE].isna()].iloc[30]
    show_place(page, blind["x"], blind["y"], 11)
    pixels = {
        tuple(colour_at(page, blind["x"] + i * 4e-4, blind["y"])) for i in range(30)
    }
    # grey with dots
    assert all(max(pixel[:3]) - min(pixel[:3]) < 3 for pixel in pixels)
    assert len(pixels) > 1
    page.select_option("#rm-layer", "kind-migrant_death")
    quiet = table[table[SCORE].notna()].iloc[40]
    until(page, "riskmap.face.state.layer === 'kind-migrant_death'")
    show_place(page, quiet["x"], quiet["y"], 11)
    colour = tuple(colour_at(page, quiet["x"], quiet["y"])[:3])
    assert colour == (0xD3, 0xE4, 0xD8)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_language_switch_changes_every_word_and_not_the_view(looker, saved, lang):
    page = looker.open(saved)
    show_place(page, -110.95, 31.35, 9.5)
    page.click(f"#rm-language-{lang}")
    until(page, f"document.documentElement.lang === '{lang}'")
    words = Words(lang)
    assert page.title() == words.text("map.title")
    assert words.text("map.no_data") in page.inner_text(".rm-legend")
    assert words.text("map.card.pick") in page.inner_text("#rm-card")
    assert NOTES[lang][0] in page.inner_text("#rm-notes")
    assert face(page, "map.getZoom()") == 9.5


def test_a_click_tells_figure_interval_and_evidence(looker, saved, table):
    page = looker.open(saved)
    name, x, y = first_of(table, SCORE)
    show_place(page, x, y, 11)
    click_place(page, x, y)
    until(page, f"document.querySelector('#rm-card').textContent.includes('{name}')")
    card = page.inner_text("#rm-card")
    words = Words("en")
    for key in ("map.interval", "map.evidence.records", "map.unit.rate"):
        assert words.text(key) in card
    assert name in page.inner_text(".leaflet-popup-content")
    looker.assert_quiet()


def test_a_coarse_cell_asks_to_zoom_in(looker, saved, table):
    page = looker.open(saved)
    _, x, y = first_of(table, SCORE)
    show_place(page, x, y, 6)
    click_place(page, x, y)
    text = Words("en").text("map.coarse")
    until(page, "document.querySelector('#rm-card .rm-figure') !== null")
    assert text in page.inner_text("#rm-card")


def test_counts_are_the_register_s(looker, saved):
    tables = tiny_tables()
    page = looker.open(saved)
    page.select_option("#rm-layer", "kind-migrant_death")
    until(page, "riskmap.face.state.layer === 'kind-migrant_death'")
    until(page, "riskmap.face.cells.options.layer === 'kind-migrant_death'")
    deaths = tables.incidents[tables.incidents["kind"] == "migrant_death"]
    for cell, events in zip(deaths["cell"], deaths["events"], strict=True):
        assert face(page, f"cells.facts('{cell:x}').number") == events + 1


def test_a_zone_flies_there_and_is_marked(looker, saved):
    page = looker.open(saved)
    page.click(".rm-zones button >> nth=0")
    until(page, "document.querySelector('tr.rm-chosen') !== null")
    until(page, "riskmap.face.map.getZoom() >= 9")
    assert page.get_attribute(".rm-zones button >> nth=0", "aria-pressed") == "true"


def test_the_keyboard_chooses_and_a_reader_is_told(looker, saved, table):
    page = looker.open(saved)
    _, x, y = first_of(table, SCORE)
    show_place(page, x, y, 10)
    page.focus("#map_riskmap")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('.rm-live').textContent !== ''")
    assert Words("en").text("map.class.very_high") in page.inner_text(".rm-live")
    page.keyboard.press("Escape")
    until(page, "riskmap.face.state.cell === null")
    zoom = face(page, "map.getZoom()")
    page.keyboard.press("+")
    until(page, f"riskmap.face.map.getZoom() > {zoom}")


def test_a_palette_recolours_in_place(looker, saved, table):
    page = looker.open(saved)
    _, x, y = first_of(table, SCORE)
    show_place(page, x, y, 11)
    page.select_option("#rm-palette", "Grey")
    until(page, "riskmap.face.cells.options.colours[4] === '#252525'")
    page.wait_for_timeout(300)
    assert colour_at(page, x, y)[:3] == [0x25, 0x25, 0x25]


def test_the_first_byte_of_a_rate_is_said_to_be_less(looker, saved):
    page = looker.open(saved)
    said = page.evaluate("riskmap.rateText(riskmap.face.cells, 1, 'en')")
    assert said == "< 0.00001"
    byte = int(rate_bytes(np.array([0.5]))[0])
    said = page.evaluate(f"riskmap.rateText(riskmap.face.cells, {byte}, 'en')")
    assert float(said.removeprefix("≈ ")) == pytest.approx(0.5, rel=0.06)


def test_hostile_text_in_every_field_runs_nowhere(looker, tmp_path):
    names = (hostile(0), hostile(5))
    shouting = {"en": lambda key: hostile(len(key)), "es": lambda _: hostile(2)}
    notes = {"en": list(HOSTILE), "es": list(HOSTILE)}
    path = save_page(tiny_tables(names=names), tmp_path / "map.html", shouting, notes)
    page = looker.open(path.as_uri())
    show_place(page, -110.94, 31.335, 10)
    page.click("#rm-language-es")
    page.click(".rm-zones button >> nth=0")
    page.wait_for_timeout(1200)
    show_place(page, -110.94, 31.335, 11)
    click_place(page, -110.94, 31.333)
    page.hover(".rm-landmark .rm-badge >> nth=0", force=True)
    page.wait_for_timeout(400)
    assert page.locator(".rm-shell img, .rm-shell script").count() == 0
    shown = page.inner_text("body")
    assert names[0] in shown
    looker.assert_quiet()


def test_a_long_foot_does_not_shrink_the_map_or_crop_the_corridor(looker, tmp_path):
    notes = {lang: ["A sentence at the foot of the map."] * 20 for lang in ("en", "es")}
    path = save_page(tiny_tables(), tmp_path / "map.html", WORDS, notes)
    page = looker.open(path.as_uri())
    assert page.locator("#map_riskmap").bounding_box()["height"] > 600
    table = tiny_tables().cells
    for x, y in ((table["x"].min(), table["y"].min()), (table["x"].max(), 31.4)):
        assert face(page, f"map.getBounds().contains([{y}, {x}])")


def test_the_map_follows_its_own_width(looker, saved):
    page = looker.open(saved)
    page.evaluate("document.querySelector('.rm-main').style.width = '500px'")
    until(page, "riskmap.face.map.getSize().x === 500")

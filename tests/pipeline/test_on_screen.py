"""On screen: each file holds what is there, says its marking, and is the same again."""

import io
import json
import zipfile

import pytest
import shapely
from defusedxml import ElementTree

from riskmap.exports import ExportNotes
from riskmap.i18n import Words
from riskmap.pipeline.on_screen import SCREEN_FORMS, Screen, screen_box, screen_bytes
from tests.webmap.tiny import tiny_tables

TABLES = tiny_tables()
WORDS = {lang: Words(lang, strict=False).text for lang in ("es", "en")}
NOTES = ExportNotes(
    version="0.1",
    as_of="2022-01-01",
    words=WORDS,
    scores=("migrant_danger", "patrol_risk"),
    marking="TLP:GREEN",
)
BOX = (-111.0, 31.25, -110.9, 31.4)


def made(form, layer="migrant_danger"):
    return screen_bytes(
        TABLES, Screen(shape=shapely.box(*BOX), layer=layer), form, NOTES
    )


def inside():
    cells = TABLES.cells
    held = cells["x"].between(BOX[0], BOX[2]) & cells["y"].between(BOX[1], BOX[3])
    return {f"{cell:x}" for cell in cells.index[held].tolist()}


@pytest.mark.parametrize("form", SCREEN_FORMS)
def test_the_same_screen_gives_the_same_bytes(form):
    assert made(form) == made(form)


def test_geojson_holds_the_cells_of_the_screen_and_its_marking():
    packed = zipfile.ZipFile(io.BytesIO(made("geojson")))
    document = json.loads(packed.read("scores.geojson"))
    assert {feature["id"] for feature in document["features"]} == inside()
    assert document["riskmap"]["marking"] == "TLP:GREEN"


@pytest.mark.parametrize("form", ["kml", "gpx"])
def test_markup_is_well_formed_and_marked(form):
    text = made(form).decode()
    ElementTree.fromstring(text)
    assert "TLP:GREEN" in text


def test_html_is_light_and_marked():
    page = made("html")
    assert len(page) < 3_000_000
    assert b"TLP:GREEN" in page


@pytest.mark.parametrize("layer", ["migrant_danger", "kind-migrant_death"])
@pytest.mark.parametrize(
    ("form", "points"), [("pdf_letter", (792, 612)), ("pdf_a4", (841.68, 595.44))]
)
def test_a_sheet_has_the_size_of_its_paper(form, points, layer):
    content = made(form, layer)
    assert content.startswith(b"%PDF-1.4")
    box = content.split(b"/MediaBox [")[1].split(b"]")[0].split()
    assert [float(edge) for edge in box[2:]] == pytest.approx(points)


def test_without_a_marking_a_file_is_held_back():
    bare = ExportNotes(version="0.1", as_of="2022-01-01", words=WORDS)
    screen = Screen(shape=shapely.box(*BOX), layer="migrant_danger")
    assert b"TLP:AMBER+STRICT" in screen_bytes(TABLES, screen, "gpx", bare)


def test_the_box_of_a_screen_is_that_of_the_map():
    west, south, east, north = screen_box([31.0, -110.0, 9], [512, 512])
    assert east - west == pytest.approx(360 * 512 / (256 * 2**9))
    assert south < 31.0 < north

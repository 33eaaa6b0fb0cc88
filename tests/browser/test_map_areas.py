"""On the map: records known only to an area are its outline and number, in no cell."""

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from riskmap.i18n import Words
from riskmap.webmap import save_page
from tests.browser.looking import until
from tests.webmap.tiny import tiny_tables

WORDS = {lang: Words(lang, strict=False).text for lang in ("en", "es")}
LAYER = "kind-migrant_death"

SHOWN = "riskmap.face.areas._shown.map((one) => [one.area.name, one.events])"


def with_areas():
    """Two areas: one of deaths in two years, one of violence."""
    rows = [
        ("26043", "Nogales", "MX", 2018, 6, "migrant_death", "life_saving", 3),
        ("26043", "Nogales", "MX", 2020, 0, "migrant_death", "life_saving", 4),
        ("04023", "Santa Cruz", "US", 2019, 1, "violence_nonstate", "public_safety", 2),
    ]
    names = ["area", "area_label", "side", "year", "month", "kind", "purpose", "events"]
    table = pd.DataFrame(rows, columns=names).assign(source="iom_mmp", accuracy="vague")
    south, north = (shapely.box(-111, y, -110.8, y + 0.3) for y in (31.0, 31.34))
    shapes = gpd.GeoDataFrame(table, geometry=[south, south, north], crs="EPSG:4326")
    return replace(tiny_tables(), areas=shapes)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    path = tmp_path_factory.mktemp("saved") / "map.html"
    return save_page(with_areas(), path, WORDS, {"en": [], "es": []}).as_uri()


@pytest.fixture
def page(looker, saved):
    page = looker.open(saved)
    page.select_option("#rm-layer", LAYER)
    until(page, f"riskmap.face.cells.options.layer === '{LAYER}'")
    until(page, "riskmap.face.areas._shown.length > 0")
    return page


def test_an_area_is_an_outline_with_its_number_and_is_explained(page):
    assert page.evaluate(SHOWN) == [["Nogales", 7]]
    assert page.locator(".rm-area-name").count() == 1
    assert "7" in page.locator(".rm-area-name").inner_text()
    assert page.locator(".rm-areas").inner_text().endswith("in no cell: 7")


def test_no_cell_of_an_area_counts_its_records(page):
    # the tiny map's own records are 65 deaths; those of the area are none of them
    total = "riskmap.face.records.then((r) => r.total({kind: 'migrant_death'}))"
    assert page.evaluate(total) == 65


def test_the_filter_of_years_holds_for_areas_too(page):
    choose = "void riskmap.face.time.set(Object.assign({}, riskmap.face.filter, %s))"
    page.evaluate(choose % "{from: 2018, to: 2018}")
    until(page, f"JSON.stringify({SHOWN}) === '[[\"Nogales\",3]]'")
    page.evaluate(choose % "{from: 2019, to: 2019}")
    until(page, f"JSON.stringify({SHOWN}) === '[]'")
    assert page.locator(".rm-areas").count() == 0


def test_a_score_shows_no_area_and_another_kind_its_own(page):
    page.select_option("#rm-layer", "kind-violence_nonstate")
    until(page, f"JSON.stringify({SHOWN}) === '[[\"Santa Cruz\",2]]'")
    page.select_option("#rm-layer", "migrant_danger")
    until(page, f"JSON.stringify({SHOWN}) === '[]'")
    assert page.locator(".rm-areas").count() == 0

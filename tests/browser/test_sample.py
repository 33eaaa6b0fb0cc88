"""The bundled border, assessed for real, on a screen with the network cut."""

from pathlib import Path

import pytest

from riskmap import pipeline
from riskmap.i18n import Words
from scripts.serving import ROOT, served
from tests.browser.looking import PHONE, WIDE, face, scrolls_sideways, until

pytestmark = pytest.mark.slow

WORDS = {lang: Words(lang).text for lang in ("en", "es")}
MOST_BYTES = 3_000_000


@pytest.fixture(scope="module")
def border(tmp_path_factory) -> Path:
    """The sample project, run once."""
    folder = tmp_path_factory.mktemp("sample") / "border"
    pipeline.run(pipeline.create_project(folder))
    return folder


def test_the_app_shows_the_border_in_both_languages(looker, border):
    with served(ROOT / "app.py", RISKMAP_PROJECT=str(border)) as (address, _):
        for lang, size in (("en", WIDE), ("es", PHONE)):
            page = looker.open(f"{address}?lang={lang}", size)
            assert face(page, "cells.manifest.resolution") == 7
            assert face(page, "zones.zones.length") > 20
            assert not scrolls_sideways(page)
        page = looker.open(f"{address}?lang=es")
        page.click(".rm-zones button >> nth=0")
        until(page, "riskmap.face.map.getZoom() >= 8")
        page.wait_for_timeout(1500)
        box = page.locator("#map_riskmap").bounding_box()
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        until(page, "document.querySelector('.rm-bars') !== null")
        assert WORDS["es"]("ui.card.reasons") in page.inner_text(".rm-card")
    looker.assert_quiet()


def test_the_exported_map_opens_from_a_disk(looker, border, tmp_path):
    (path,) = pipeline.export(pipeline.open_project(border), "html", tmp_path, WORDS)
    assert path.stat().st_size < MOST_BYTES
    page = looker.open(path.as_uri())
    assert face(page, "cells.stats.cells") > 1000
    page.click("#rm-language-es")
    until(page, "document.documentElement.lang === 'es'")
    assert WORDS["es"]("score.migrant_danger") in page.inner_text(".rm-legend")
    looker.assert_quiet()


def test_where_no_source_looks_is_no_data_on_the_real_border(looker, border, tmp_path):
    # the bundled migrant data leave El Paso out: nothing there may read as none
    (path,) = pipeline.export(pipeline.open_project(border), "html", tmp_path, WORDS)
    page = looker.open(path.as_uri())
    page.select_option("#rm-layer", "kind-migrant_death")
    until(page, "riskmap.face.cells.options.layer === 'kind-migrant_death'")
    # the chosen layer's cells come a moment after the choice
    until(page, "riskmap.face.cells.at({lat: 31.85, lng: -106.3}, 9) !== null")
    at = "cells.at({lat: 31.85, lng: -106.3}, 9).position"
    assert face(page, at) == page.evaluate("riskmap.NO_DATA")

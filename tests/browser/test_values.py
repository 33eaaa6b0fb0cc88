"""Further layers on the map: every number in its class, in the app and saved."""

import numpy as np
import pytest

from riskmap.i18n import Words
from riskmap.webmap import save_page
from tests.browser.looking import face, until
from tests.webmap.tiny import tiny_tables

WORDS = {lang: Words(lang, strict=False).text for lang in ("en", "es")}
ELEVATION = "value-elevation_m"


def shown(page, layer):
    until(page, f"riskmap.face.cells.options.layer === '{layer}'")
    until(page, "document.querySelectorAll('.rm-legend li').length > 2")


def every_class(page):
    names = [f"{cell:x}" for cell in tiny_tables().cells.index.tolist()]
    return page.evaluate(
        "names => names.map(name => riskmap.face.cells.facts(name).position)", names
    )


def test_a_saved_page_shows_a_number_in_its_class(looker, tmp_path):
    path = save_page(tiny_tables(), tmp_path / "m.html", WORDS, {"en": [], "es": []})
    page = looker.open(path.as_uri())
    page.select_option("#rm-layer", ELEVATION)
    shown(page, ELEVATION)
    values = tiny_tables().values()["elevation_m"].to_numpy()
    expected = np.searchsorted([250, 500, 1000, 1500], values, side="right")
    wanted = np.where(np.isnan(values), -1, expected).tolist()
    assert every_class(page) == wanted
    assert "1,000" in page.inner_text(".rm-legend")
    looker.assert_quiet()


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_app_names_a_layer_and_tells_its_number(looker, app_address, lang):
    page = looker.open(f"{app_address}?lang={lang}&layer={ELEVATION}")
    shown(page, ELEVATION)
    assert Words(lang).text("layer.elevation_m") in page.inner_text(".rm-legend")
    cell = f"{tiny_tables().cells.index[tiny_tables().cells['x'].argmin()]:x}"
    page.evaluate(f"void riskmap.face.pickCell('{cell}')")
    until(page, "document.querySelector('.rm-figure') !== null")
    assert page.inner_text(".rm-figure span") == "m"
    assert Words(lang).text("layer.elevation_m.help") in page.inner_text(".rm-card")
    looker.assert_quiet()


def test_the_long_list_chooses_a_layer(looker, app_address):
    page = looker.open(f"{app_address}?lang=en")
    words = Words("en")
    page.get_by_label(words.text("map.layers")).click()
    name = f"{words.text('map.group.ground')} · {words.text('layer.elevation_m')}"
    page.get_by_role("option", name=name).click()
    shown(page, ELEVATION)
    assert face(page, "state.layer") == ELEVATION
    page.get_by_text(words.text("score.migrant_danger"), exact=True).first.click()
    until(page, "riskmap.face.cells.options.layer === 'migrant_danger'")

"""Years, play and filter below the map: counts always those of the register."""

import itertools
import json

import pandas as pd
import pytest

from riskmap import cells
from riskmap.i18n import Words
from riskmap.webmap import save_page
from riskmap.webmap.encode import pyramid
from tests.browser.looking import PHONE, face, scrolls_sideways, until
from tests.webmap.tiny import tiny_tables

WORDS = {lang: Words(lang, strict=False).text for lang in ("en", "es")}
LAYER = "kind-migrant_death"
WHOLE = {"from": 2018, "to": 2020, "month": 0, "source": "", "side": "", "accuracy": ""}
CHANGES = (
    {"from": 2018, "to": 2018},
    {"from": 2019, "to": 2020},
    {"month": 6},
    {"side": "US"},
    {"accuracy": "vague"},
    {"from": 2019, "to": 2019, "side": "MX"},
    {"source": "iom_mmp", "month": 7, "accuracy": "foot"},
)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    path = tmp_path_factory.mktemp("saved") / "map.html"
    return save_page(tiny_tables(), path, WORDS, {"en": [], "es": []}).as_uri()


@pytest.fixture
def page(looker, saved):
    page = looker.open(saved)
    page.select_option("#rm-layer", LAYER)
    until(page, f"riskmap.face.cells.options.layer === '{LAYER}'")
    page.wait_for_selector(".rm-time .rm-year")
    return page


def left_by(filter_):
    """The rows of the register that a filter leaves, worked out by pandas."""
    rows = tiny_tables().periods
    rows = rows[rows["kind"] == "migrant_death"]
    rows = rows[rows["year"].between(filter_["from"], filter_["to"])]
    for name in ("month", "source", "side", "accuracy"):
        if filter_[name]:
            rows = rows[rows[name] == filter_[name]]
    return rows


def choose(page, changes):
    filter_ = {**WHOLE, **changes}
    page.evaluate(f"void riskmap.face.time.set({json.dumps(filter_)})")
    return filter_


@pytest.mark.parametrize("changes", CHANGES, ids=str)
def test_every_level_counts_what_the_register_holds(page, changes):
    filter_ = choose(page, changes)
    rows = left_by(filter_)
    for level in pyramid(tiny_tables().cells.index):
        names = [f"{cell:x}" for cell in level.cells.tolist()]
        shown = page.evaluate(
            "names => names.map(name => riskmap.face.cells.facts(name).number)", names
        )
        above = cells.parents(cells.cell_index(rows["cell"].unique()), level.resolution)
        owner = dict(zip(sorted(rows["cell"].unique()), above.tolist(), strict=True))
        expected = rows.groupby(rows["cell"].map(owner))["events"].sum()
        counted = pd.Series(shown, level.cells).loc[lambda number: number > 1] - 1
        assert counted.to_dict() == expected.to_dict()


def test_a_year_that_nobody_watched_is_no_data_and_not_none(page):
    kind = "kind-violence_nonstate"
    page.select_option("#rm-layer", kind)
    until(page, f"riskmap.face.cells.options.layer === '{kind}'")
    known = tiny_tables().watch
    quiet = f"{known.index[known == 1][20]:x}"
    at = f"cells.facts('{quiet}').position"
    choose(page, {"from": 2019, "to": 2019})
    assert face(page, at) == page.evaluate("riskmap.NONE_RECORDED")
    choose(page, {"from": 2018, "to": 2018})
    assert face(page, at) == page.evaluate("riskmap.NO_DATA")


def test_a_click_on_a_year_shows_that_year_alone(page):
    page.click(".rm-year >> nth=1")
    assert page.inner_text(".rm-time-text").startswith("2019: 40 ")
    assert page.get_attribute(".rm-year >> nth=1", "aria-pressed") == "true"


def test_playing_goes_through_the_years_and_stops(page):
    page.click(".rm-year >> nth=0")
    page.click(".rm-play")
    until(page, "riskmap.face.filter.from === 2019")
    until(page, "riskmap.face.filter.from === 2020")
    page.click(".rm-play")
    now = face(page, "filter.from")
    page.wait_for_timeout(1500)
    assert face(page, "filter.from") == now


def test_a_record_without_a_month_is_said_when_a_month_is_chosen(page):
    choose(page, {"month": 6})
    text = page.inner_text(".rm-time-text")
    assert text == "2018\u20132020: 5 recorded · known to the year only: 20"


def test_scores_have_no_years(page):
    page.select_option("#rm-layer", "migrant_danger")
    until(page, "document.querySelector('.rm-time').hidden")


def test_the_card_of_a_cell_tells_its_years(page):
    name = f"{tiny_tables().periods['cell'].iloc[1]:x}"
    page.evaluate(f"void riskmap.face.pickCell('{name}')")
    page.wait_for_selector(".rm-series .rm-year")
    titles = page.locator(".rm-series .rm-year").evaluate_all(
        "all => all.map(a => a.title)"
    )
    assert titles == ["2018: 20", "2019: 40", "2020: 0"]


def test_a_phone_shows_all_of_it_without_scrolling_sideways(looker, saved):
    page = looker.open(saved, PHONE)
    page.select_option("#rm-layer", LAYER)
    page.wait_for_selector(".rm-time .rm-year")
    page.click(".rm-time-more summary")
    assert not scrolls_sideways(page)
    boxes = [
        page.locator(part).bounding_box() for part in (".rm-time >> nth=0", "#rm-card")
    ]
    assert all(
        first["y"] + first["height"] <= second["y"] + 1
        for first, second in itertools.pairwise(boxes)
    )


def test_the_address_keeps_the_filter(looker, app_address):
    page = looker.open(f"{app_address}?lang=es&layer={LAYER}")
    page.wait_for_selector(".rm-time .rm-year")
    page.click(".rm-year >> nth=1")
    until(page, "location.search.includes('records=')")
    again = looker.open(page.url)
    until(again, "riskmap.face.filter !== undefined")
    assert face(again, "filter") == {**WHOLE, "from": 2019, "to": 2019}
    until(again, "document.querySelector('.rm-time-text') !== null")
    assert again.inner_text(".rm-time-text").startswith("2019: 40 ")
    looker.assert_quiet()

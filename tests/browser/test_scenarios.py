"""Scenarios in Chromium: the page, the second map, the difference; network cut."""

import json

import numpy as np
import pytest

from riskmap import pipeline
from riskmap.cells import cell_hex
from riskmap.i18n import LANGUAGES, Words
from riskmap.pipeline.map_layers import values_of
from scripts.serving import ROOT, served
from tests.browser.looking import PHONE, WIDE, face, scrolls_sideways, until
from tests.browser.payloads import RAN, assert_nothing_ran
from tests.browser.test_axe import axe, faults
from tests.browser.test_languages import foreign
from tests.browser.walking import settle

__all__ = ["axe"]

# a name is a text from outside, wherever it stands
LOUD = f"<img src=x onerror='{RAN}'>![](//x.y)"
DANGER = pipeline.SCORES[0]
SECOND = "value-scenario_s1"
DIFFERENCE = f"layer={DANGER}&with={SECOND}&difference=yes"
SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
BREAKS = [0.5, 0.8, 0.9, 1.1, 1.25, 2]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A small border with two scenarios of weights and one of a month."""
    made = pipeline.create_project(tmp_path_factory.mktemp("scenarios") / "border")
    pipeline.run(made, resolution=5, half_width_km=20.0)
    for name, given in (
        (LOUD, {"weights": {"place": 3.0}}),
        ("1", {"weights": {"near_recent": 3.0}}),
        ("2", {"month": 1}),
    ):
        pipeline.create_scenario(made, name, pipeline.Changes(target=DANGER, **given))
    return made


@pytest.fixture(scope="module")
def address(project):
    """Address of the app with that border."""
    with served(ROOT / "app.py", RISKMAP_PROJECT=str(project.path)) as (found, _):
        yield found


@pytest.fixture
def opened(looker, address):
    """Opens the page of scenarios, or the map with an address."""

    def go(lang="en", size=WIDE, asked="", where="scenarios"):
        page = looker.blank(size)
        page.goto(f"{address}{where}?lang={lang}&{asked}")
        if where == "scenarios":
            until(page, "document.querySelectorAll('.rm-blocks table').length > 2")
        else:
            until(page, "document.querySelector('#map_riskmap[data-painted]') !== null")
        settle(page)
        return page

    return go


@SIZES
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_has_no_fault_and_no_foreign_word(opened, axe, lang, size):
    page = opened(lang, size)
    page.get_by_text(Words(lang).text("scenario.new")).click()
    settle(page)
    assert not scrolls_sideways(page)
    assert foreign(page, lang) == []
    assert faults(page, axe) == []


@SIZES
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_difference_has_no_fault_and_no_foreign_word(opened, axe, lang, size):
    page = opened(lang, size, DIFFERENCE, where="")
    until(page, "riskmap.face.second.cells.options.against !== null")
    assert foreign(page, lang) == []
    assert faults(page, axe) == []


def classes(page, names):
    ask = f"{json.dumps(names)}.map((name) => riskmap.face.second.cells.facts(name))"
    return page.evaluate(f"{ask}.map((facts) => facts && facts.position)")


def test_every_cell_of_the_difference_has_the_class_of_its_ratio(opened, project):
    page = opened(asked=DIFFERENCE, where="")
    until(page, "riskmap.face.second.cells.options.against !== null")
    read, _ = values_of(project)
    after, before = read()["scenario_s1"], project.read("scores")[DANGER]
    names = [str(name) for name in cell_hex(before.index)]
    shown = classes(page, names)
    area = project.read("cells")["area_km2"].to_numpy()
    least = 1e-5
    rates = [np.maximum(100 * one.to_numpy() / area, least) for one in (after, before)]
    ratio = rates[0] / rates[1]
    # a byte is a step of 8 %: a ratio is known to a step on either side
    low, high = (np.searchsorted(BREAKS, ratio * f, "right") for f in (0.925, 1.081))
    assert len(set(shown)) > 3
    for found, first, last in zip(shown, low, high, strict=True):
        assert first <= found <= last


def test_what_is_within_the_doubt_is_hatched_and_the_legend_says_so(opened):
    page = opened(asked=DIFFERENCE, where="")
    until(page, "riskmap.face.second.cells.options.against !== null")
    legend = page.locator(".rm-second .rm-legend").inner_text()
    words = Words("en")
    assert words.text("map.compare.within") in legend
    assert words.text("map.compare.times") in legend
    times = legend.count("\N{MULTIPLICATION SIGN}")
    assert times == len(BREAKS) + 1
    assert face(page, "second.cells.knowsWithin()")
    marked = face(page, "second.cells._marked()")
    assert marked == f"{SECOND}-within"


def test_two_scenarios_are_held_against_each_other(opened):
    asked = f"layer={SECOND}&with=value-scenario_s2&difference=yes"
    page = opened(asked=asked, where="")
    until(page, "riskmap.face.second.cells.options.against !== null")
    marked = face(page, "second.cells._marked()")
    assert marked == "value-scenario_s2-within-scenario_s1"
    legend = page.locator(".rm-second .rm-legend").inner_text()
    assert Words("en").text("map.compare.within") in legend
    # and the other way about
    asked = f"layer=value-scenario_s2&with={SECOND}&difference=yes"
    page = opened(asked=asked, where="")
    until(page, "riskmap.face.second.cells.options.against !== null")
    assert face(page, "second.cells._marked()") == marked


def test_the_first_cells_and_the_hatch_are_those_of_the_scenario(opened, project):
    read, _ = values_of(project)
    values = read()
    ranked = values["scenario_s1_rank"].dropna().sort_values().index[:25]
    page = opened(asked=f"layer={SECOND}", where="")
    until(page, "document.querySelectorAll('.rm-cell-list button').length > 20")
    shown = page.evaluate(
        "[...document.querySelectorAll('.rm-cell-list tbody tr')]"
        ".map((row) => row.cells[1].textContent)"
    )
    assert shown == [str(name) for name in cell_hex(ranked)]
    assert face(page, "cells._marked()") == f"{SECOND}-doubt"
    doubt = values["scenario_s1_doubt"]
    for cell in (doubt.idxmax(), doubt.idxmin()):
        assert face(page, f"cells.facts('{cell:x}').doubt") == bool(doubt[cell])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_saved_page_opens_with_the_scenario_that_was_on_screen(
    opened, project, looker, tmp_path, lang
):
    page = opened(lang, asked=f"layer={SECOND}&at=31.3,-110.9,8", where="")
    settle(page)
    words = Words(lang)
    page.get_by_role("button", name=words.text("tool.screen")).click()
    page.get_by_text(words.text("tool.screen.html"), exact=True).click()
    settle(page)
    with page.expect_download() as given:
        page.get_by_text(words.text("tool.screen.get")).click()
    path = tmp_path / "map.html"
    given.value.save_as(path)
    saved = looker.open(path.as_uri())
    assert LOUD in saved.locator("#rm-layer option:checked").inner_text()
    doubt = values_of(project)[0]()["scenario_s1_doubt"]
    for name, marked in zip(cell_hex(doubt.index), doubt, strict=True):
        if face(saved, f"cells.facts('{name}')"):
            assert face(saved, f"cells.facts('{name}').doubt") == bool(marked)
            return
    pytest.fail("no cell of the project is in the saved page")
    assert_nothing_ran(saved, looker)


def test_a_month_is_held_against_the_configured_one_in_its_own_unit(opened, project):
    hazard = "heat_debt_l"
    asked = f"layer=value-{hazard}&with=value-scenario_s3_{hazard}&difference=yes"
    page = opened(asked=asked, where="")
    until(page, "riskmap.face.second.cells.options.against !== null")
    assert not face(page, "second.cells.isTimes()")
    read, _ = values_of(project)
    values = read()
    change = (values[f"scenario_s3_{hazard}"] - values[hazard]).dropna()
    names = [str(name) for name in cell_hex(change.index)]
    # January is cooler: no cell has more than the middle class
    assert (change <= 0.1).all()
    assert max(classes(page, names)) <= 3


def test_other_layers_are_not_subtracted(opened):
    page = opened(asked=f"layer=patrol_risk&with={SECOND}&difference=yes", where="")
    until(page, "riskmap.face.second.map !== undefined")
    assert page.locator("[data-name=difference]").count() == 0
    assert not face(page, "second.cells.options.against")


def test_a_link_of_the_table_opens_the_cell_and_the_difference(opened):
    page = opened("es")
    page.locator(".rm-blocks table").nth(1).locator("a").first.click()
    until(page, "document.querySelector('#map_riskmap[data-painted]') !== null")
    until(page, "riskmap.face.second.cells.options.against !== null")
    until(page, "document.querySelector('.rm-card .rm-figure') !== null")
    assert "difference=yes" in page.url
    page.reload()
    until(page, "document.querySelector('#map_riskmap[data-painted]') !== null")
    until(page, "riskmap.face.second.cells.options.against !== null")
    assert face(page, "second.difference")


def test_a_cell_of_a_scenario_tells_both_figures_and_the_doubt(opened, project):
    cell = f"{project.read('scores')[DANGER].idxmax():x}"
    page = opened(asked=f"layer={SECOND}&cell={cell}", where="")
    until(page, "document.querySelector('.rm-card .rm-figure') !== null")
    card, words = page.locator(".rm-card").inner_text(), Words("en")
    for key in ("interval.before", "interval.after", "base", "rank"):
        assert words.text(f"scenario.card.{key}") in card
    assert words.text("scenario.doubt.within") in card


def test_a_name_from_outside_runs_nowhere(opened, looker):
    page = opened()
    assert LOUD in page.locator(".rm-blocks").first.inner_text()
    page = opened(asked=f"{DIFFERENCE}&layer={SECOND}", where="")
    assert LOUD in page.locator(".rm-compare").inner_text()
    assert_nothing_ran(page, looker)
    looker.assert_quiet()


def test_a_scenario_is_made_on_the_page_with_its_progress_shown(opened, project):
    page, words = opened(), Words("en")
    page.get_by_text(words.text("scenario.new")).click()
    page.get_by_label(words.text("scenario.new_name")).fill("made here")
    page.get_by_label(words.text("scenario.new_day")).fill("2019-01-01")
    page.keyboard.press("Tab")
    settle(page)
    page.get_by_role("button", name=words.text("scenario.do.make")).click()
    until(page, "document.querySelector('.rm-progress progress') !== null")
    until(page, "document.querySelector('.rm-progress') === null")
    settle(page)
    # the list is drawn anew in its own time once the work is done
    page.locator(".rm-blocks table", has_text="made here").first.wait_for()
    found = pipeline.find_scenario(project, "made here")
    assert found.changes.as_of == "2019-01-01"

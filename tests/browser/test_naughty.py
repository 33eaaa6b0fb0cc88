"""Every text of the list, through every door and on every surface, many at a time."""

import csv
import io

import pytest

from riskmap import pipeline
from riskmap.i18n import LANGUAGES, Words
from riskmap.ui import places
from riskmap.webmap import save_page
from scripts.serving import served
from tests.browser.conftest import APP
from tests.browser.looking import until
from tests.browser.payloads import TEXTS, assert_nothing_ran, joined
from tests.browser.walking import every_page, settle
from tests.ui.views import loud_tables, tiny_whereabouts

# a value is quoted so far
QUOTED = 60
# what the page takes in one phrase
LONGEST_PHRASE = 390
# each text through each part of the state of the map, this many at a time
FILL = """async ([texts, round]) => {
  const face = riskmap.face, state = structuredClone(face.state);
  let at = round;
  const fill = (value) => {
    if (typeof value === "string") return texts[at++ % texts.length];
    if (Array.isArray(value)) return value.map(fill);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, fill(v)]));
  };
  const menu = state.menu;
  for (const part of ["words", "card", "table", "found"])
    state[part] = fill(state[part]);
  state.menu = menu.map(([head, layers]) => [
    fill(head), layers.map(([code]) => [code, fill("")])]);
  state.cell = state.zone = state.region = texts[at % texts.length];
  face.pending = null;
  await face.update(state);
  return document.querySelector(".rm-shell").textContent;
}"""


def missing(told, longest=None):
    """The texts that a page does not show, cut where it cuts them."""
    # where a browser keeps a null character, and where it does not
    told = told.replace("\0", "")
    return [text for text in TEXTS if text.replace("\0", "")[:longest] not in told]


def shown(page, selector):
    """The texts of all elements as the document holds them."""
    return page.evaluate(
        f"[...document.querySelectorAll({selector!r})].map((one) => one.textContent)"
    )


@pytest.fixture(scope="module")
def loud_address():
    """The app over a project in which every name is a text of the list."""
    with served(APP, HOSTILE="all") as (address, _):
        yield address


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_name_on_the_map_runs(looker, loud_address, lang):
    page = looker.open(f"{loud_address}?lang={lang}&cell=&at=31.4,-110.9,11")
    page.click(".rm-more")
    assert missing("".join(shown(page, ".rm-zones"))) == []
    # every landmark says its name in a tip
    tips = page.evaluate(
        """() => {
          const said = [];
          riskmap.face.map.setView([31.42, -110.9], 12, { animate: false });
          for (const marker of riskmap.face.landmarks.getLayers()) {
            marker.openTooltip();
            said.push(marker.getTooltip().getElement().textContent);
            marker.closeTooltip();
          }
          return said;
        }"""
    )
    assert len(tips) > len(TEXTS) / 4
    assert_nothing_ran(page, looker)


def test_no_text_of_the_state_of_the_map_runs(looker, app_address):
    page = looker.open(app_address + "?lang=en&q=Nogales")
    page.click(".rm-cell-list summary")
    page.click(".rm-cells button >> nth=0")
    until(page, "document.querySelector('.rm-bars') !== null")
    settle(page)
    # no two rounds give a place the same text; after the last each has had many
    said = [page.evaluate(FILL, [TEXTS, first]) for first in range(0, len(TEXTS), 23)]
    assert missing("".join(said)) == []
    assert_nothing_ran(page, looker)


@pytest.mark.parametrize("where", ["", "where"])
def test_no_phrase_runs(looker, app_address, where):
    page = looker.open(f"{app_address}{where}?lang=es")
    box = page.locator(".stMain input[type=text]").first
    for phrase in joined(LONGEST_PHRASE):
        box.fill(phrase)
        page.keyboard.press("Enter")
        page.wait_for_timeout(60)
    settle(page)
    # the last one asked for stands in the address, and the page still answers
    assert "q=" in page.url
    assert_nothing_ran(page, looker)


def test_no_name_on_any_page_runs(looker, loud_address):
    seen = {}
    for name, page in every_page(looker, loud_address, "en", (1440, 900)):
        seen[name] = "".join(shown(page, ".rm-blocks"))
        assert_nothing_ran(page, looker)
    assert missing(seen["quality"], QUOTED) == []
    page.goto(f"{loud_address}zones?lang=en&most=all")
    settle(page)
    assert missing("".join(shown(page, ".rm-blocks"))) == []
    assert_nothing_ran(page, looker)


def test_no_text_of_a_file_runs(looker, app_address):
    told = io.StringIO()
    rows = csv.writer(told)
    heads = ("folio", "fecha", "tipo", "latitud", "longitud", "fallecidos", "fuente")
    rows.writerow([*heads, "nota", "<img src=x onerror='window.ran = 1'>"])
    for place, text in enumerate(TEXTS):
        plain = text.replace("\0", "")
        good = [f"{plain} {place}", "25/12/2020", "rescate", "31.4", "-110.9", "0"]
        rows.writerow([*good, plain, plain, plain])
        for column in range(1, len(good)):
            bad = [*good[:column], plain, *good[column + 1 :]]
            rows.writerow([*bad, plain, plain, plain])
    name = "<svg onload='window.ran = 1'> ${window.ran = 1} ![x](y).csv"
    file = {"name": name, "mimeType": "text/csv", "buffer": told.getvalue().encode()}
    page = looker.blank()
    page.goto(f"{app_address}upload?lang=en")
    settle(page)
    page.set_input_files(".rm-picker input", files=[file])
    store = page.get_by_role("button", name=Words("en").text("pages.upload.store"))
    store.wait_for()
    settle(page)
    assert f"{len(TEXTS) * 6:,}" in page.inner_text("body")
    assert_nothing_ran(page, looker)


def test_no_text_of_a_file_for_others_runs(looker, tmp_path):
    words = {lang: (lambda key: TEXTS[len(key) * 7 % len(TEXTS)]) for lang in LANGUAGES}
    notes = {lang: [text for text in TEXTS if "\0" not in text] for lang in LANGUAGES}
    saved = save_page(loud_tables(TEXTS), tmp_path / "map.html", words, notes)
    page = looker.open(saved.as_uri())
    page.click("#rm-language-es")
    page.click(".rm-zones button >> nth=0")
    page.wait_for_timeout(400)
    assert TEXTS[0] in "".join(shown(page, "body"))
    assert_nothing_ran(page, looker)
    known = tiny_whereabouts(loud=True, texts=TEXTS)
    (card,) = pipeline.place_cards(known, [-110.94], [31.333], accuracy_m=30.0)
    printed = tmp_path / "card.html"
    printed.write_text(places.printed(known, card, "es"), encoding="utf-8")
    page = looker.blank()
    page.goto(printed.as_uri())
    page.wait_for_timeout(200)
    assert_nothing_ran(page, looker)

"""No page shows a word of the other language: every visible text, by the catalogues."""

import functools
import re

import pytest

from riskmap.i18n import LANGUAGES, catalogues
from riskmap.ui.controls import LANGUAGE_NAMES
from tests.browser.looking import WIDE
from tests.browser.walking import STATES, every_page, open_state

# all that a person reads or hears, but what is marked as the other language
VISIBLE = """(lang) => {
  const said = [];
  const other = (node) => {
    const marked = node.closest("[lang]");
    return marked && marked !== document.documentElement && marked.lang !== lang;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    const box = node.parentElement;
    if (box.closest("script, style, noscript") || other(box)) continue;
    if (box.checkVisibility({ visibilityProperty: true })) said.push(node.data);
  }
  for (const name of ["aria-label", "title", "placeholder", "alt"])
    for (const box of document.querySelectorAll("[" + name + "]"))
      if (box.checkVisibility({ visibilityProperty: true }) && !other(box))
        said.push(box.getAttribute(name));
  return said;
}"""
# words that only one language has and that stand in most of its sentences
SENTENCE = {
    "en": re.compile(r"\b(the|of|and|with|from|which|is|are|choose)\b", re.I),
    "es": re.compile(r"\b(el|los|las|del|por|con|una|elija|según|está)\b", re.I),
}
SHORTEST = 4
# the switch names each language in that language
OWN_NAMES = frozenset(LANGUAGE_NAMES.values())


@functools.cache
def texts(lang: str) -> frozenset[str]:
    """All texts without fields of one language."""
    found = set()
    for domain in catalogues.domains(lang):
        for message in catalogues.catalogue(lang, domain):
            if message.id and isinstance(message.string, str):
                found.add(" ".join(message.string.split()))
    return frozenset(text for text in found if "{" not in text)


def foreign(page, lang: str) -> list[str]:
    """List what a page says in the other language."""
    other = next(code for code in LANGUAGES if code != lang)
    only_other = texts(other) - texts(lang)
    bad = []
    for raw in page.evaluate(f"({VISIBLE})({lang!r})"):
        text = " ".join(raw.split())
        if len(text) < SHORTEST or text in texts(lang) or text in OWN_NAMES:
            continue
        words = {found.lower() for found in SENTENCE[other].findall(text)}
        if text in only_other or len(words) > 1:
            bad.append(text)
    return bad


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_page_speaks_the_other_language(looker, app_address, lang):
    found = {}
    for name, page in every_page(looker, app_address, lang, WIDE):
        found |= {name: bad} if (bad := foreign(page, lang)) else {}
    assert found == {}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("state", ["cell", "filters", "difference", "place"])
def test_no_state_of_a_page_speaks_the_other_language(looker, app_address, state, lang):
    page = open_state(looker, app_address, state, lang, WIDE)
    assert foreign(page, lang) == []


def test_a_foreign_text_would_be_found(looker, app_address):
    assert "no place" in STATES
    page = open_state(looker, app_address, "no place", "es", WIDE)
    page.evaluate(
        "void document.querySelector('h1').append('Where is the cell of it?')"
    )
    assert "Where is the cell of it?" in foreign(page, "es")

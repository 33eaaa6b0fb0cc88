"""No page has a fault of WCAG 2.2, A or AA, that axe-core can find."""

import json

import pytest

from riskmap.i18n import LANGUAGES
from scripts.serving import ROOT
from tests.browser.looking import PHONE, WIDE
from tests.browser.walking import STATES, every_page, open_state

AXE = ROOT / "tests/vendor/axe-core/axe.min.js"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe-core, as `make test` fetches it."""
    if not AXE.is_file():
        pytest.fail("axe-core is absent: python scripts/vendor_assets.py --for-tests")
    return AXE.read_text("utf-8")


def faults(page, axe) -> list[str]:
    """List what axe-core finds: rule and element."""
    page.evaluate(f"void (() => {{ {axe} }})()")
    options = json.dumps({"runOnly": {"type": "tag", "values": LEVELS}})
    found = page.evaluate(f"axe.run(document, {options})")
    assert len(found["passes"]) > 10
    return [
        f"{fault['id']}: {node['html'][:200]}: {node['failureSummary']}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


@SIZES
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_page_has_a_fault(looker, app_address, axe, lang, size):
    found = {}
    for name, page in every_page(looker, app_address, lang, size):
        found |= {name: bad} if (bad := faults(page, axe)) else {}
    assert found == {}


@SIZES
@pytest.mark.parametrize("state", STATES)
def test_no_state_of_a_page_has_a_fault(looker, app_address, axe, state, size):
    # words differ between the languages, elements do not
    lang = LANGUAGES[list(STATES).index(state) % len(LANGUAGES)]
    page = open_state(looker, app_address, state, lang, size)
    assert faults(page, axe) == []


def test_a_fault_would_be_found(looker, app_address, axe):
    page = open_state(looker, app_address, "no place", "en", WIDE)
    page.evaluate("void document.querySelector('.stMain').append(new Image())")
    assert any(bad.startswith("image-alt") for bad in faults(page, axe))

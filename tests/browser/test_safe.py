"""Text from outside runs nowhere and fetches nothing, through whatever door."""

import urllib.error
import urllib.parse
import urllib.request

import pytest

from tests.browser.looking import until
from tests.browser.payloads import PAYLOADS, assert_nothing_ran
from tests.browser.walking import every_page, settle

# names in the address, and a page that reads each
PARAMETERS = {
    "": ("q", "region", "layer", "cell", "zone", "at", "records", "with", "colours"),
    "where": ("q", "n", "point", "lang"),
}


@pytest.mark.slow
@pytest.mark.parametrize("where", PARAMETERS)
def test_nothing_in_the_address_runs(looker, app_address, where):
    page = looker.blank()
    names = PARAMETERS[where]
    for place, payload in enumerate(PAYLOADS):
        # each payload through another parameter, and always through the phrase
        asked = {names[place % len(names)]: payload, "q": payload}
        page.goto(f"{app_address}{where}?{urllib.parse.urlencode(asked)}")
        page.wait_for_timeout(150)
    settle(page)
    assert_nothing_ran(page, looker)


@pytest.mark.slow
@pytest.mark.parametrize("where", PARAMETERS)
def test_nothing_typed_into_the_search_box_runs(looker, app_address, where):
    page = looker.open(f"{app_address}{where}?lang=en")
    box = page.locator(".stMain input[type=text]").first
    for payload in PAYLOADS:
        box.fill(payload.replace("\0", ""))
        page.keyboard.press("Enter")
        page.wait_for_timeout(150)
    settle(page)
    assert_nothing_ran(page, looker)


def test_a_walk_over_all_pages_fetches_from_this_machine_only(looker, app_address):
    names = [name for name, _ in every_page(looker, app_address, "es", (1440, 900))]
    assert {"map", "where", "quality"} <= set(names)
    looker.assert_quiet()


@pytest.mark.parametrize(
    "path",
    [
        "",
        "where",
        "absent",
        "_stcore/health",
        "_stcore/host-config",
        "_stcore/absent",
        "media/absent.csv",
        "static/absent.js",
        "riskmap/static/0/map.js",
        "riskmap/map/0/manifest.json",
        "component/absent/x.js",
        "..%2f..%2fetc/passwd",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT"])
def test_every_answer_has_the_safe_headers(app_address, path, method):
    asked = urllib.request.Request(app_address + path, method=method)  # noqa: S310
    try:
        headers = urllib.request.urlopen(asked, timeout=10).headers  # noqa: S310
    except urllib.error.HTTPError as refusal:
        headers = refusal.headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_two_people_do_not_see_each_other_s_choices(looker, app_address):
    one = looker.open(f"{app_address}?lang=en")
    other = looker.open(f"{app_address}?lang=en")
    one.get_by_text("Español", exact=True).click()
    until(one, "riskmap.face.state.language === 'es'")
    one.click(".rm-zones button >> nth=0")
    until(one, "location.search.includes('zone=')")
    other.click(".rm-cell-list summary")
    other.click(".rm-cells button >> nth=0")
    until(other, "document.querySelector('.rm-bars') !== null")
    assert other.evaluate("riskmap.face.state.language") == "en"
    assert "zone=" not in other.url
    assert "cell=" not in one.url
    third = looker.open(f"{app_address}?lang=en")
    assert "zone=" not in third.url
    assert third.locator("tr.rm-chosen").count() == 0

"""The saved page: one file, nothing fetched, no text from outside ever run."""

import base64
import gzip
import hashlib
import html.parser
import json
import os
import re
import subprocess
import sys

import pytest

from riskmap.errors import FolderUnwritableError
from riskmap.i18n import Words
from riskmap.webmap import page_html, save_page
from tests.webmap.tiny import HOSTILE, hostile, tiny_tables

WORDS = {lang: Words(lang, strict=False).text for lang in ("en", "es")}
NOTES = {"en": ["As of 2022"], "es": ["Al 2022"]}
FETCHING = {"src", "href", "srcset", "action", "data", "poster", "background"}


class Elements(html.parser.HTMLParser):
    """Every element of a page as a browser's parser finds it."""

    def __init__(self):
        super().__init__()
        self.found, self.scripts, self.attributes = [], [], {}
        self._in_script = False

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        self._in_script = tag == "script"
        if self._in_script:
            self.scripts.append([dict(attrs), ""])

    def handle_endtag(self, _):
        self._in_script = False

    def handle_data(self, data):
        if self._in_script:
            self.scripts[-1][1] += data


def parse(text):
    elements = Elements()
    elements.feed(text)
    return elements


@pytest.fixture(scope="module")
def page():
    return page_html(tiny_tables(), WORDS, NOTES)


@pytest.fixture(scope="module")
def hostile_page():
    names = (hostile(0), hostile(1))
    shouting = {"en": lambda key: hostile(len(key)), "es": lambda _: hostile(2)}
    notes = {"en": list(HOSTILE), "es": list(HOSTILE)}
    return page_html(tiny_tables(names=names), shouting, notes)


def test_nothing_is_fetched_from_anywhere(page):
    for tag, attributes in parse(page).found:
        assert tag not in {"link", "iframe", "img", "base", "object", "embed"}
        assert not FETCHING & set(attributes), (tag, attributes)


def test_styles_fetch_nothing(page):
    for style in re.findall(r"<style>(.*?)</style>", page, flags=re.DOTALL):
        assert "url(" not in style
        assert "@import" not in style


def policy_of(text):
    metas = [attributes for tag, attributes in parse(text).found if tag == "meta"]
    (policy,) = [
        meta["content"]
        for meta in metas
        if meta.get("http-equiv") == "Content-Security-Policy"
    ]
    return policy


def test_the_policy_allows_our_scripts_by_their_sums_and_no_other(page):
    allowed = set(re.findall(r"'(sha256-[^']+)'", policy_of(page)))
    running = [text for attributes, text in parse(page).scripts if not attributes]
    sums = {
        "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for text in running
    }
    assert allowed == sums
    assert "default-src 'none'" in policy_of(page)
    assert "unsafe-eval" not in page
    assert "script-src 'unsafe-inline'" not in page


def test_hostile_text_makes_no_element(page, hostile_page):
    clean = [tag for tag, _ in parse(page).found]
    assert [tag for tag, _ in parse(hostile_page).found] == clean
    assert not any(
        name.startswith("on")
        for _, attributes in parse(hostile_page).found
        for name in attributes
    )


def test_hostile_text_is_in_no_script_that_runs(page, hostile_page):
    ours = [text for attributes, text in parse(page).scripts if not attributes]
    theirs = [
        text for attributes, text in parse(hostile_page).scripts if not attributes
    ]
    assert theirs == ours


def test_hostile_text_arrives_whole_as_data(hostile_page):
    data = {
        attributes["id"]: json.loads(text)
        for attributes, text in parse(hostile_page).scripts
        if attributes
    }
    packed = base64.b64decode(data["rm-files"]["landmarks.json"])
    rows = json.loads(gzip.decompress(packed))
    assert {row[3] for row in rows} == {hostile(0), hostile(1)}
    assert data["rm-data"]["notes"]["en"] == list(HOSTILE)


def test_the_same_tables_give_the_same_bytes_in_any_process(page):
    program = (
        "import hashlib; from tests.webmap import test_page as t;"
        "text = t.page_html(t.tiny_tables(), t.WORDS, t.NOTES);"
        "print(hashlib.sha256(text.encode()).hexdigest())"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == hashlib.sha256(page.encode()).hexdigest()


def test_both_languages_travel_in_the_file(page):
    (data,) = [
        json.loads(text)
        for attributes, text in parse(page).scripts
        if attributes.get("id") == "rm-data"
    ]
    assert data["languages"] == [["en", "English"], ["es", "Español"]]
    assert set(data["words"]["en"]) == set(data["words"]["es"])
    assert data["words"]["es"]["map.no_data"].startswith("Sin datos")


def test_saving_writes_the_file_or_leaves_what_was(tmp_path, page):
    path = save_page(tiny_tables(), tmp_path / "new" / "map.html", WORDS, NOTES)
    assert path.read_text(encoding="utf-8") == page
    assert [file.name for file in path.parent.iterdir()] == ["map.html"]


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(FolderUnwritableError) as caught:
        save_page(tiny_tables(), tmp_path / "file" / "map.html", WORDS, NOTES)
    assert caught.value.fields["path"].endswith("map.html")

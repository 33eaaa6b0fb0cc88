"""The pages' parts: files from outside, work beside the page, zones, plots."""

import base64
import threading
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmap.errors import FileEmptyError
from riskmap.i18n import LANGUAGES, Words
from riskmap.pipeline import SOURCES
from riskmap.ui import blocks, jobs, method, model, plots, tables, upload, zones_table
from tests.ui.views import tiny_region


@given(name=st.text())
def test_a_name_from_outside_never_leaves_its_folder(name):
    safe = upload.safe_name(name)
    assert safe not in ("", ".", "..")
    assert not set(safe) & set("/\\\0")
    assert len(safe.encode()) <= 240


def test_what_is_no_file_or_too_large_a_one_is_not_received(monkeypatch):
    packed = base64.b64encode(b"a,b\n").decode()
    assert upload.received({"name": "a.csv", "data": packed}).data == b"a,b\n"
    bad = [None, 3, {}, {"data": 4}, {"data": "%%%"}, {"data": ""}, ["data"]]
    assert [upload.received(told) for told in bad] == [None] * len(bad)
    monkeypatch.setattr(upload, "MOST_BYTES", 3)
    assert upload.received({"name": "a.csv", "data": packed}) is None


def test_work_stops_where_it_tells_of_itself():
    begun, go = threading.Event(), threading.Event()
    done = []

    def work(told):
        told("read", 0, 2)
        begun.set()
        go.wait(10)
        told("store", 1, 2)
        done.append("stored")

    job = jobs.Job(work, last_chance="store")
    assert begun.wait(10)
    assert job.can_stop
    job.stop()
    go.set()
    job.wait()
    assert job.stopped
    assert done == []


def test_work_that_has_begun_to_store_goes_through():
    begun, go = threading.Event(), threading.Event()

    def work(told):
        told("store", 1, 2)
        begun.set()
        go.wait(10)
        told("store", 2, 2)
        return "stored"

    job = jobs.Job(work, last_chance="store")
    assert begun.wait(10)
    assert not job.can_stop
    job.stop()
    go.set()
    job.wait()
    assert (job.result, job.stopped) == ("stored", False)


def test_work_that_only_looks_is_let_go_at_once():
    go = threading.Event()
    job = jobs.Job(lambda _: go.wait(10), loose=True)
    job.stop()
    assert not job.running
    assert job.stopped
    go.set()
    job.wait()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_error_of_work_is_a_sentence(monkeypatch, lang):
    def work(_):
        msg = "nothing"
        raise FileEmptyError(msg, path="a.csv")

    job = jobs.Job(work)
    job.wait()
    monkeypatch.setattr(jobs, "current", lambda _: job)
    (said,) = jobs.outcome("x", Words(lang))
    assert said["text"] == Words(lang).error(job.error)


@pytest.fixture
def choice(view):
    score = next(iter(view.tables.scores))
    return {"score": score, "side": "", "region": "", "unit": ""}


def test_zones_are_those_of_score_side_and_region(monkeypatch, view, choice):
    monkeypatch.setattr(tables, "region", tiny_region)
    every = zones_table.chosen(view, choice)
    assert len(every) == len(view.tables.zones)
    assert zones_table.chosen(view, choice | {"side": "MX"}).empty
    one = zones_table.chosen(view, choice | {"region": "tucson"})
    assert list(one.index) == [view.tables.zones.index[-1]]
    assert zones_table.chosen(view, choice | {"score": "patrol_risk"}).empty


def test_a_zone_links_to_itself_on_the_map(view, choice, words):
    found = zones_table.chosen(view, choice)
    _, table, helps = zones_table.table(found, zones_table.ALL, words)
    first = table["rows"][0][0]
    assert first["href"].startswith("./?")
    assert f"zone={found.index[0]}" in first["href"]
    assert f"lang={words.lang}" in first["href"]
    # 0.5 a year, between 0.2 and 1.1
    assert table["rows"][0][7:9] == [
        "0.50",
        words.text("number.span", low="0.20", high="1.1"),
    ]
    assert len(helps["text"].splitlines()) == len(table["columns"]) - 2


def test_no_zone_is_not_said_to_be_no_danger(view, choice, words):
    found = zones_table.chosen(view, choice | {"side": "MX"})
    (said,) = zones_table.table(found, "20", words)
    assert said == blocks.text(words.text("pages.zones.none"))


def test_a_score_that_was_not_tested_is_said_not_to_be(view, words):
    (said,) = model.verdict(view.skill.iloc[:0], "migrant_danger", words)
    assert said["role"] == "alert"


def test_every_source_has_its_words_in_both_languages():
    assert len(method.CREDITS) == len(SOURCES)
    for lang in LANGUAGES:
        assert method.sources(Words(lang))[0]["rows"][0][0]


def test_what_is_not_known_is_drawn_as_nothing(words):
    nan = float("nan")
    (row,) = plots.whiskers("x", [("a", nan, nan, nan)], words)["rows"]
    assert (row["value"], row["low"]) == (None, None)
    assert row["text"] == words.text("number.none")


def test_the_refusal_of_a_file_comes_with_a_proposed_profile(words):
    proposal = SimpleNamespace(text=lambda _: "date = 1")
    error = FileEmptyError("no", path="a.csv")
    found = SimpleNamespace(refused=error, proposal=proposal)
    said, proposed = upload.preview(found, words)
    assert said["role"] == "alert"
    assert proposed["text"] == "date = 1"

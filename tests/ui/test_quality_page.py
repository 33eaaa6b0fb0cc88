"""The page «Incidents and quality» in both languages, without a browser."""

import json
from dataclasses import replace

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from riskmap import pipeline
from riskmap.errors import ProjectMissingError
from riskmap.i18n import LANGUAGES, Words
from riskmap.ui import access, quality, tables
from tests.webmap.tiny import HOSTILE, hostile


def page():
    """The page; runs inside Streamlit."""
    from riskmap.ui import quality_page  # noqa: PLC0415 it runs as a script of its own

    quality_page.show()


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return pipeline.create_project(tmp_path_factory.mktemp("quality") / "border")


@pytest.fixture(autouse=True)
def shown(monkeypatch, view, project):
    monkeypatch.setattr(tables, "load", lambda: view)
    monkeypatch.setenv(access.PROJECT_VARIABLE, str(project.path))


def run(lang):
    tested = AppTest.from_function(page, default_timeout=30)
    tested.query_params["lang"] = lang
    tested.run()
    assert not tested.exception
    return tested


def blocks_of(tested):
    (part,) = tested.get("bidi_component")
    sent = json.loads(part.proto.json)
    return sent["lang"], sent["blocks"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_table_stands_in_the_language_asked_for(lang):
    tested = run(lang)
    words = Words(lang)
    assert tested.title[0].value == words.text("ui.quality.title")
    said, blocks = blocks_of(tested)
    assert said == lang
    captions = [block["caption"] for block in blocks if block["kind"] == "table"]
    assert captions[1:] == [
        words.text(f"ui.quality.{name}")
        for name in ("grades", "timeliness", "coverage", "faults", "deliveries")
    ]
    assert captions[0].startswith("6,160 ")


def test_what_nobody_covers_is_said_to_be_no_data():
    _, blocks = blocks_of(run("es"))
    caption = Words("es").text("ui.quality.coverage")
    coverage = next(b for b in blocks if b.get("caption") == caption)
    gaps = [row for row in coverage["rows"] if row[3] == "SIN DATOS"]
    starts = [row[2].partition("\N{EN DASH}")[0] for row in gaps]
    assert starts == ["1,796", "1,796", "0"]
    assert any("no es cero" in b.get("text", "") for b in blocks)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_row_is_left_in_codes(lang):
    _, blocks = blocks_of(run(lang))
    for block in blocks:
        for row in block.get("rows", ()):
            assert all(row), row
            assert len(row) == len(block["columns"])
            assert "fault." not in row[0]


def test_every_file_adds_up():
    _, blocks = blocks_of(run("en"))
    deliveries = [b for b in blocks if b["kind"] == "table"][-1]
    for row in deliveries["rows"]:
        rows_in, *parts = (int(text.replace(",", "")) for text in row[3:])
        assert rows_in == sum(parts)


def test_hostile_files_and_values_are_data(monkeypatch, project):
    told = pipeline.read_quality(project)
    example = {
        "file": hostile(1),
        "row": 3,
        "line": 4.0,
        "unit": "line",
        "column": hostile(2),
        "value": "x" * 500,
    }
    faults = pd.DataFrame(
        {"code": ["date_unreadable"], "rows": [1], "examples": [[example]]}
    )
    grades = told.grades.assign(accuracy_basis=hostile(6), marking=hostile(7))
    loud = replace(
        told,
        grades=grades,
        timeliness=told.timeliness.assign(source=hostile(8)),
        register=told.register.assign(source=hostile(0), kind=hostile(5)),
        faults=faults,
        coverage=told.coverage.assign(source=hostile(3)),
        deliveries=told.deliveries.assign(file=hostile(4)),
    )
    monkeypatch.setattr(quality, "load", lambda: loud)
    tested = run("es")
    _, blocks = blocks_of(tested)
    assert HOSTILE[0] in json.dumps(blocks)
    assert "x" * 100 not in json.dumps(blocks)
    shown = [*tested.markdown, *tested.get("html"), *tested.text]
    assert not [item for item in shown if "alert(" in str(item.value)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_missing_project_is_a_sentence_not_a_trace(monkeypatch, lang):
    def refuse():
        msg = "nothing there"
        raise ProjectMissingError(msg, path="/nowhere")

    monkeypatch.setattr(quality, "load", refuse)
    assert "/nowhere" in run(lang).text[0].value


def test_it_is_made_once_for_each_state():
    assert quality.load() is quality.load()


def test_a_project_without_incidents_says_so(monkeypatch, tmp_path):
    bare = pipeline.create_project(tmp_path / "bare", empty=True)
    monkeypatch.setenv(access.PROJECT_VARIABLE, str(bare.path))
    _, blocks = blocks_of(run("es"))
    said = [block.get("text") for block in blocks]
    assert Words("es").text("ui.quality.no_records") in said
    assert Words("es").text("ui.quality.no_faults") in said

"""The joint package on the page Share: made, and the other side's checked."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from riskmap import pipeline
from riskmap.errors import DeedError, PackageRefusedError
from riskmap.i18n import LANGUAGES, Words
from riskmap.sharing.package import OpenedPackage
from riskmap.ui import access, jobs, packages, upload

MANIFEST = {
    "origin": "MX",
    "to": "US",
    "profile": "partner",
    "marking": "TLP:AMBER",
    "as_of": "2026-01-01",
    "riskmap_version": "0.1.0",
    "files": {"<img onerror=x>.csv": {"bytes": 1200, "marking": "TLP:AMBER"}},
}


@pytest.fixture
def works(monkeypatch):
    """Work that was begun, by its name; run to its end at once."""
    held = {}

    def start(name, job):
        job.wait()
        held[name] = job

    monkeypatch.setattr(jobs, "start", start)
    monkeypatch.setattr(jobs, "forget", lambda name: held.pop(name, None))
    return held


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_package_is_said_to_be_whole_and_by_whom(lang):
    words = Words(lang)
    opened = OpenedPackage(
        sha256="a" * 64, manifest=MANIFEST, files={"x": b""}, key="", trusted=False
    )
    said, table = packages.found(opened, words)
    assert words.text("package.unsigned") in said["text"]
    assert table["rows"][0][0] == "<img onerror=x>.csv"
    assert table["rows"][0][1] == words.number(1200, digits=0)


def test_a_file_that_is_no_package_is_refused_with_the_reason(works):
    packages.check(upload.Sent(name="x.zip", data=b"PK no zip"))
    error = works[packages.CHECK].error
    assert isinstance(error, PackageRefusedError)
    assert error.fields["reason"] == "zip"
    packages.check(None)
    assert packages.CHECK not in works


def test_a_viewer_makes_no_package(works, monkeypatch, tmp_path):
    pipeline.create_project(tmp_path / "p", empty=True)
    monkeypatch.setenv(access.PROJECT_VARIABLE, str(tmp_path / "p"))
    monkeypatch.setenv(access.ROLE_VARIABLE, "viewer")
    packages.begin({"profile": "public", "to": "MX"})
    assert isinstance(works[packages.MAKE].error, DeedError)


def page():
    import streamlit as st  # noqa: PLC0415 it runs as a script of its own

    from riskmap.i18n import Words as Said  # noqa: PLC0415
    from riskmap.ui import packages as shown  # noqa: PLC0415

    model = {"language": st.query_params["lang"], "package_to": "MX"}
    model |= {"package_profile": "public", "lang": model["language"]}
    shown.show(model, Said(model["language"]))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_offers_both_countries_and_a_picker_for_packages(lang):
    tested = AppTest.from_function(page, default_timeout=30)
    tested.query_params["lang"] = lang
    tested.run()
    assert not tested.exception
    words = Words(lang)
    assert tested.radio[1].options == [words.text("side.US"), words.text("side.MX")]
    sent = [json.loads(p.proto.json) for p in tested.get("bidi_component")]
    picker = next(one for one in sent if "accept" in one)
    assert picker["accept"] == ".zip"
    assert picker["large"] == words.text("pages.package.large")

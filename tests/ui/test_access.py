"""Who looks at the pages: asked at each change, said on each page, kept apart."""

import datetime
import json
import time

import pytest
from streamlit.testing.v1 import AppTest

from riskmap import pipeline
from riskmap.errors import AccessError, RiskmapError
from riskmap.i18n import LANGUAGES, Words
from riskmap.ui import access, door, jobs, tables


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return pipeline.create_project(tmp_path_factory.mktemp("doors") / "p", empty=True)


@pytest.fixture
def people(monkeypatch, project):
    """Claims of whoever is signed in; a test changes them."""
    claims = {
        "is_logged_in": True,
        "email": "ana@example.org",
        "riskmap_role": "viewer",
        "riskmap_country": "MX",
        "exp": time.time() + 3600,
    }
    monkeypatch.setenv(access.PROJECT_VARIABLE, str(project.path))
    monkeypatch.setattr(access, "configured", lambda: True)
    monkeypatch.setattr(access, "claims", lambda: claims)
    # an extra, which no page but this needs
    monkeypatch.setattr(door, "_has_library", lambda: True)
    return claims


def page():
    import streamlit as st  # noqa: PLC0415 it runs as a script of its own

    from riskmap.i18n import Words as Said  # noqa: PLC0415
    from riskmap.ui import door as at_door  # noqa: PLC0415

    words = Said(st.query_params.get("lang", "en"), strict=False)
    if at_door.let_in(words):
        st.session_state.setdefault("kept", "of somebody")
        st.text("inside")
        at_door.notice(words, "where")


def run(lang="en"):
    tested = AppTest.from_function(page, default_timeout=30)
    tested.query_params["lang"] = lang
    return tested.run()


def said(tested):
    parts = tested.get("bidi_component")
    blocks = [b for part in parts for b in json.loads(part.proto.json)["blocks"]]
    return " ".join(block["text"] for block in blocks)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_local_user_is_said_to_be_one_on_the_page(monkeypatch, project, lang):
    monkeypatch.setenv(access.PROJECT_VARIABLE, str(project.path))
    words = Words(lang)
    facts = {"role": words.text("role.admin")}
    facts["country"] = words.text("access.local.nobody")
    told = said(run(lang))
    assert words.text("access.local", **facts) in told
    # nothing is kept from the admin of the house
    assert words.text("access.left_out") not in told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_is_signed_in_is_named_and_told_what_is_left_out(people, lang):
    told = said(run(lang))
    assert people["email"] in told
    assert Words(lang).text("role.viewer") in told
    assert Words(lang).text("access.left_out") in told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sign_in_without_its_library_is_a_sentence(monkeypatch, people, lang):
    monkeypatch.setattr(door, "_has_library", lambda: False)
    people["is_logged_in"] = False
    tested = run(lang)
    assert Words(lang).text("access.no_library") in [part.value for part in tested.text]
    assert not tested.button


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nobody_gets_in_without_a_sign_in(people, lang):
    people["is_logged_in"] = False
    tested = run(lang)
    assert [text.value for text in tested.text] == []
    assert Words(lang).text("error.access.reason.nobody") in said(tested)
    assert tested.button[0].label == Words(lang).text("access.sign_in")


def test_a_sign_in_that_ends_is_noticed_at_the_next_rerun(people):
    tested = run()
    assert tested.text[0].value == "inside"
    assert tested.session_state["kept"] == "of somebody"
    people["exp"] = time.time() - 1
    tested.run()
    assert [text.value for text in tested.text] == []
    assert "kept" not in tested.session_state


def test_what_one_person_left_is_not_there_for_the_next(people):
    tested = run()
    tested.session_state["kept"] = "of ana"
    people["email"] = "luz@example.org"
    tested.run()
    assert tested.session_state["kept"] == "of somebody"


def test_a_name_that_tries_to_be_markup_is_text(people):
    people["email"] = "<img src=x onerror=alert(1)>"
    tested = run()
    assert people["email"] in said(tested)
    assert not tested.markdown


def test_where_people_sign_in_nobody_is_let_in_outside_a_page(monkeypatch, project):
    monkeypatch.setenv(access.PROJECT_VARIABLE, str(project.path))
    monkeypatch.setattr(access, "configured", lambda: True)
    # threads of the server have no page, so no claims
    with pytest.raises(AccessError):
        access.opened()
    with pytest.raises(AccessError):
        tables.load()


@pytest.mark.usefixtures("people")
def test_a_file_is_made_for_whom_its_button_was_drawn(monkeypatch):
    make = access.file_maker(lambda project: project.looks_as.encode())
    monkeypatch.setattr(access, "claims", dict)
    assert make() == b"viewer"


def test_no_file_is_made_once_the_sign_in_has_ended(people):
    soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=0.2)
    people["exp"] = soon.timestamp()
    make = access.file_maker(lambda _: b"file")
    time.sleep(0.3)
    with pytest.raises(AccessError):
        make()


@pytest.mark.usefixtures("people")
def test_work_beside_the_page_is_refused_to_who_may_not():
    open_it = access.opener("run")
    job = jobs.Job(lambda _: open_it())
    job.wait()
    assert isinstance(job.error, RiskmapError)
    assert job.error.fields["deed"] == "run"


def test_a_view_made_for_one_is_not_given_to_who_sees_less(monkeypatch):
    class Fake:
        path = "border"

        def snapshots(self):
            return []

        def batches(self, _):
            return []

    made = iter("ab")
    monkeypatch.setattr(tables, "_read", lambda _: next(made))
    views = tables.Views()
    assert views.of(Fake(), "all") == "a"
    assert views.of(Fake(), "less") == "b"
    assert views.of(Fake(), "all") == "a"

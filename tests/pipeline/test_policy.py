"""One gate under every reading: canaries come out nowhere below their marking."""

import pickle

import pandas as pd
import pytest

from riskmap import pipeline
from riskmap.errors import RestrictedError, RiskmapError
from riskmap.pipeline.policy import HOLDER, PolicyGate, cleared, marking_of_table
from riskmap.sharing.policy import Clearance

CANARIES = 250

LOWER = [
    Clearance(role=role, country=country)
    for role in ("viewer", "planner", "assessor", "humanitarian", "analyst", "admin")
    for country in ("US", "MX")
    # the rule for countries is walked in the policy's own test
    if (country == "US") == (role in {"planner", "analyst", "admin"})
]

# one surface of each strictness; the policy's own test walks them all
LOOKED_AT = ("map", "table", "log")


def canary(number):
    return f"CANARY{number:04d}XYZZY"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The sample's ground, with 500 marked canaries among records and landmarks."""
    made = pipeline.create_project(
        tmp_path_factory.mktemp("canaries") / "p", empty=True
    )
    landmarks = made.batches("landmarks").accepted()
    for kind, table in (("landmarks", landmarks), ("incidents", landmarks)):
        rows = table.iloc[[n % len(table) for n in range(CANARIES)]].copy()
        start = 0 if kind == "landmarks" else CANARIES
        names = [canary(start + n) for n in range(CANARIES)]
        rows.index = pd.Index(names, name=table.index.name, dtype="str")
        rows = rows.assign(
            name_en=pd.array(names, dtype="str"),
            name_es=pd.array(names, dtype="str"),
            kind=pd.array(["water", "shelter"] * (CANARIES // 2), dtype="str"),
            source=pd.array(names, dtype="str"),
            purpose=pd.array(["life_saving"] * CANARIES, dtype="str"),
            marking=pd.array(
                (["TLP:RED", "TLP:AMBER+STRICT", "TLP:AMBER//REL TO XX", "", ""] * 50),
                dtype="str",
            ),
        )
        faults = pd.DataFrame({"row": pd.Series([], dtype="int64")})
        if kind == "landmarks":
            faults = made.batches("landmarks").faults().iloc[:0]
        made.record_batch(
            kind,
            accepted=rows,
            faults=faults,
            file_sha256="c" * 64,
            file_name=f"{kind}.csv",
            profile="canary",
            duplicates=0,
            rows_in=len(rows),
            known_at="2026-05-01",
        )
    joined = made.batches("landmarks").accepted().sort_index()
    made.write(
        "landmarks",
        joined,
        step="landmarks",
        options={},
        inputs={"batches:landmarks": "x"},
    )
    made.write(
        "incidents",
        made.batches("incidents").accepted(),
        step="incidents",
        options={},
        inputs={"batches:incidents": "x"},
    )
    counts = joined[["kind"]].reset_index(drop=True)
    made.write(
        "scores",
        counts.assign(told=pd.array([canary(1)] * len(counts), dtype="str")),
        step="scores",
        options={},
        inputs={"incidents": "x", "cells": "y"},
    )
    return made


def readings(project):
    """All ways there are to ask a project for what it holds."""
    yield "incidents", lambda: project.read("incidents")
    yield "landmarks", lambda: project.read("landmarks")
    yield "scores", lambda: project.read("scores")
    yield "deliveries", lambda: project.batches("incidents").accepted()
    yield "some deliveries", project.batches("landmarks")[-1:].accepted
    yield "by time", lambda: project.batches("landmarks").known_by("2027").accepted()
    yield "sql", lambda: project.sql("SELECT * FROM landmarks, incidents")
    yield "sql of a score", lambda: project.sql("SELECT * FROM scores")
    yield (
        "an older version",
        lambda: project.read("incidents", at=project.snapshot("incidents").sha256),
    )
    yield "list of landmarks", lambda: pipeline.list_landmarks(project)
    yield (
        "search",
        lambda: pipeline.find_place_json(
            pipeline.whereabouts(project), canary(3), {"en": str, "es": str}
        ),
    )
    yield "scores' view", lambda: pipeline.scores(project)
    yield "map", lambda: pipeline.map_tables(project)
    yield "quality", lambda: pipeline.read_quality(project)
    yield "quarantine", lambda: pipeline.quarantined(project)
    yield "log", lambda: pipeline.read_audit(project)
    yield "nothing", lambda: project.read("no_such_table")


def bytes_of(reading):
    """Give every byte that comes back, of an answer or of a refusal."""
    try:
        answer = reading()
    except (RiskmapError, KeyError, ValueError, AttributeError, TypeError) as error:
        fields = getattr(error, "fields", {})
        return f"{error!r} {error} {fields}".encode()
    return pickle.dumps(answer) + repr(answer).encode()


@pytest.mark.parametrize("who", LOWER, ids=lambda w: f"{w.role}-{w.country}")
def test_no_canary_comes_out_below_its_marking(project, who):
    for surface in LOOKED_AT:
        seen = cleared(project, who, surface)
        for name, reading in readings(seen):
            out = bytes_of(reading).replace(b"\x00", b"")
            asked = canary(3).encode()
            found = out.count(b"XYZZY") - (out.count(asked) if name == "search" else 0)
            assert found == 0, (name, surface)


def test_the_holder_sees_the_canaries_so_the_test_tells_something(project):
    holder = Clearance(role="admin", country="US", organisation=HOLDER)
    seen = cleared(project, holder, "table")
    assert bytes_of(lambda: seen.read("incidents")).count(b"XYZZY") >= CANARIES
    assert len(seen.read("landmarks")) == len(project.read("landmarks"))


def test_open_landmarks_stay_for_everybody(project):
    viewer = Clearance(role="viewer", country="MX")
    seen = cleared(project, viewer, "map").read("landmarks")
    assert len(seen) == len(project.read("landmarks")) - CANARIES
    assert seen.crs == project.read("landmarks").crs


def test_a_table_made_of_records_is_as_strict_as_they_are(project):
    assert marking_of_table(project, "scores").label == "TLP:RED"
    assert marking_of_table(project, "boundary").label == "TLP:CLEAR"
    assert marking_of_table(project, "nobody_knows").label == "TLP:AMBER+STRICT"


def test_a_closed_table_says_only_its_name(project):
    viewer = Clearance(role="viewer", country="US")
    with pytest.raises(RestrictedError) as caught:
        cleared(project, viewer, "map").read("scores")
    assert caught.value.fields == {"table": "scores", "role": "viewer"}


def test_the_gate_takes_the_words_of_old_profiles():
    gate = PolicyGate(
        project=None, clearance=Clearance(role="viewer", country="US"), surface="map"
    )
    assert gate.marking_of("cells").label == "TLP:CLEAR"

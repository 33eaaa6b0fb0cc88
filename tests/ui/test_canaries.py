"""Canaries: what is marked for others is in no byte that a lower role gets."""

import contextlib
import io
import json

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from riskmap import pipeline
from riskmap.cli import program
from riskmap.cli._access import SURFACE_OF
from riskmap.errors import RiskmapError
from riskmap.i18n import LANGUAGES, Words
from riskmap.ui import access, tables

COARSE = {"resolution": 5, "half_width_km": 20.0}
CANARY = "XYZZY"
PLANTED = 500
LINKED = 10
WORDS = {code: Words(code).text for code in LANGUAGES}

PAGES = ("map", "zones", "change", "where", "quality", "upload", "model", "share")
LOWER = ("viewer", "planner", "assessor")

ARGUMENTS = {
    "incidents history": [f"{CANARY}i0001"],
    "incidents show": [f"{CANARY}i0001"],
    "landmarks show": [f"{CANARY}l0001"],
    "locate": ["monumento 100"],
    "card": ["31.33, -110.94"],
    "area": ["--help"],
    "why": ["--help"],
    "models show": ["--help"],
    "models export": ["--help"],
    "scenario show": ["--help"],
    "quarantine show": ["1"],
    "linkage show": ["--help"],
    "regions show": ["us_state:US-AZ"],
    "contacts show": ["31.33, -110.94"],
}


def planted(table, letter, **columns):
    """Take rows of a table under names of canaries."""
    count = PLANTED // 2
    rows = table.iloc[[n % len(table) for n in range(count)]].copy()
    names = [f"{CANARY}{letter}{n:04d}" for n in range(count)]
    rows.index = pd.Index(names, name=table.index.name, dtype="str")
    for name, value in columns.items():
        said = names if value is None else [value] * count
        rows[name] = pd.array(said, dtype="str")
    return rows


def record(project, kind, rows):
    faults = project.batches(kind).faults().iloc[:1].copy()
    for name in ("value", "original"):
        faults[name] = pd.array([f"{CANARY} fault"] * len(faults), dtype="str")
    project.record_batch(
        kind,
        accepted=rows,
        faults=faults,
        file_sha256="c" * 64,
        file_name=f"{kind}.csv",
        profile="canary",
        duplicates=0,
        rows_in=len(rows) + len(faults),
        known_at="2026-05-01T00:00:00+00:00",
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The sample, with water points and open deaths that are not for enforcement."""
    made = pipeline.create_project(tmp_path_factory.mktemp("canaries") / "border")
    water = planted(
        made.batches("landmarks").accepted(),
        "l",
        name_en=None,
        name_es=None,
        kind="water_station",
        marking="",
    )
    record(made, "landmarks", water)
    known = made.batches("incidents").accepted()
    deaths = planted(
        known[known["purpose"] == "life_saving"],
        "i",
        marking="TLP:CLEAR",
        source=f"{CANARY}source",
    )
    # all but a few on other days, so that they are not links of one event
    later = pd.Series(range(len(deaths)), index=deaths.index) >= LINKED
    days = later.map({True: pd.Timedelta(days=400), False: pd.Timedelta(0)})
    moved = (deaths["occurred_on"] + days).astype(deaths["occurred_on"].dtype)
    deaths = deaths.assign(occurred_on=moved)
    record(made, "incidents", deaths)
    pipeline.run(made, **COARSE)
    return made


@pytest.fixture
def as_role(project, monkeypatch):
    def put(role):
        monkeypatch.setenv(access.PROJECT_VARIABLE, str(project.path))
        monkeypatch.setenv(access.ROLE_VARIABLE, role)

    return put


def page(name):
    """Draw one page; it runs as a script of its own."""
    import importlib  # noqa: PLC0415

    from riskmap.i18n import Words as Said  # noqa: PLC0415
    from riskmap.ui import door  # noqa: PLC0415

    if door.let_in(Said("es", strict=False)):
        importlib.import_module(f"riskmap.ui.{name}_page").show()
        door.notice(Said("es", strict=False), name)


def bytes_of(tested):
    """Give every byte that the browser is sent."""
    held = [b""]

    def walk(node):
        proto = getattr(node, "proto", None)
        if proto is not None and hasattr(proto, "SerializeToString"):
            held.append(proto.SerializeToString())
        for child in getattr(node, "children", {}).values():
            walk(child)

    walk(tested._tree)
    return b"".join(held)


@pytest.mark.parametrize("name", PAGES)
def test_no_page_holds_a_canary(as_role, name):
    # one role for each page, all roles on the map
    for role in LOWER if name == "map" else LOWER[:1]:
        as_role(role)
        tested = AppTest.from_function(page, args=(name,), default_timeout=60).run()
        assert not tested.exception
        sent = bytes_of(tested)
        assert len(sent) > 500
        assert CANARY.encode() not in sent
        assert Words("es").text("access.left_out") in json.dumps(
            sent.decode("utf-8", "ignore"), ensure_ascii=False
        )


def test_no_file_of_the_map_holds_a_canary(as_role):
    as_role("viewer")
    view = tables.load()
    for name in view.files.names():
        assert CANARY.encode() not in view.files.read(name), name
    assert not view.tables.landmarks.index.str.startswith(CANARY).any()


def test_no_export_holds_a_canary(project, tmp_path):
    viewer = pipeline.local_clearance(project.path, role="viewer")
    seen = pipeline.open_for(project.path, viewer, "export")
    told = pipeline.what_leaves(seen)
    assert told.withheld == {"landmarks": "rows"}
    assert told.marking == "TLP:CLEAR"
    for form in pipeline.FORMATS:
        for file in pipeline.export(seen, form, tmp_path / form, WORDS):
            assert CANARY.encode() not in file.read_bytes(), file.name


@pytest.mark.parametrize("role", LOWER)
def test_no_command_prints_a_canary(project, capsys, tmp_path, role):
    for command in SURFACE_OF:
        said = [*command.split(), *ARGUMENTS.get(command, [])]
        if command == "export":
            said += ["--format", "csv", "--out", str(tmp_path / role)]
        if command == "quarantine export":
            said += ["--out", str(tmp_path / f"{role}.csv")]
        program.run(
            [*said, "--project", str(project.path)],
            {"RISKMAP_ROLE": role, "RISKMAP_LANG": "en"},
        )
        printed = capsys.readouterr()
        asked = any(CANARY in word for word in said)
        told = printed.out + ("" if asked else printed.err)
        assert CANARY not in told, command
    for file in tmp_path.rglob("*"):
        assert file.is_dir() or CANARY.encode() not in file.read_bytes(), file.name


def test_the_holder_sees_them_so_the_walk_tells_something(project, capsys, tmp_path):
    holder = pipeline.local_clearance(project.path)
    seen = pipeline.open_for(project.path, holder, "export")
    out = io.BytesIO()
    for file in pipeline.export(seen, "csv", tmp_path, WORDS):
        out.write(file.read_bytes())
    assert out.getvalue().count(CANARY.encode()) >= PLANTED // 2
    # the file is as strict as what is in it
    notes = json.loads((tmp_path / "notes.json").read_text(encoding="utf-8"))
    assert notes["marking"] == "TLP:AMBER+STRICT//REL TO local"
    program.run(
        ["incidents", "show", f"{CANARY}i0001", "--project", str(project.path)],
        {"RISKMAP_LANG": "en"},
    )
    assert f"{CANARY}i0001" in capsys.readouterr().out


def test_the_sides_of_the_wall_stay_apart_in_what_is_made_of_landmarks(project):
    named = project.read("zones")["landmark_id"].astype("str")
    assert not named.str.startswith(CANARY).any()


def test_who_only_looks_writes_nothing(project):
    viewer = pipeline.local_clearance(project.path, role="viewer")
    seen = pipeline.open_for(project.path, viewer, "table")
    before = project.snapshots()
    with pytest.raises(RiskmapError):
        pipeline.run(seen, **COARSE | {"resolution": 6})
    with contextlib.suppress(RiskmapError):
        pipeline.ingest_landmarks(seen, [])
    assert project.snapshots() == before

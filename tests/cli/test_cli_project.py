"""Bad input met by the true pipeline: a sentence, code 2, the project as it was."""

import hashlib
import json
import sqlite3

import pytest

from riskmap.cli import program
from riskmap.i18n import LANGUAGES, Words

LANDMARK = (
    "landmark_id,kind,name_en,name_es,lon,lat,accuracy_m,side,source,basis\n"
    "x-1,town,Nowhere,Ninguna parte,0,0,10,US,me,read\n"
)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project without incidents, and files that are wrong in one way each."""
    folder = tmp_path_factory.mktemp("bad")
    (folder / "empty.csv").write_text("")
    (folder / "header.csv").write_text("Main_ID,Incident_Date\n")
    (folder / "odd.csv").write_text("a,b\n1,2\n")
    (folder / "zero.csv").write_text(LANDMARK)
    (folder / "good.csv").write_text(LANDMARK.replace("0,0", "-110.9,31.3"))
    (folder / "file").write_text("no folder")
    words = ["init", "--empty", "--project", str(folder / "border")]
    assert program.run(words, {}) == 0
    return folder


def state(project):
    """Every byte of the project's tables, and what the ledger says."""
    files = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((project / "border").rglob("*.parquet"))
    }
    with sqlite3.connect(project / "border" / "riskmap.sqlite") as ledger:
        rows = list(ledger.iterdump())
    return files, rows


BAD = {
    "missing file": (["ingest", "incidents", "{d}/nope.csv"], "file_missing"),
    "empty file": (["ingest", "incidents", "{d}/empty.csv"], "file_empty"),
    "header only": (
        ["ingest", "incidents", "{d}/header.csv", "--profile", "generic_en"],
        "file_empty",
    ),
    "unknown columns": (["ingest", "incidents", "{d}/odd.csv"], "profile_undecided"),
    "one good file and one bad": (
        ["ingest", "landmarks", "{d}/good.csv", "{d}/nope.csv"],
        "file_missing",
    ),
    "landmark at 0,0": (["ingest", "landmarks", "{d}/zero.csv"], "landmark_faulty"),
    "unknown profile": (
        ["ingest", "incidents", "{d}/odd.csv", "--profile", "mine"],
        "unknown_name",
    ),
    "corridor of zero": (["run", "--half-width-km", "0"], "half_width"),
    "corridor of 1,000 km": (["run", "--half-width-km", "1000"], "half_width"),
    "corridor that is no number": (["run", "--half-width-km", "nan"], "half_width"),
    "resolution 3": (["run", "--resolution", "3"], "resolution"),
    "resolution 12": (["run", "--resolution", "12"], "resolution"),
    "no such day": (["run", "--as-of", "2021-02-30"], "date_option"),
    "nothing run yet": (["zones"], "table_missing"),
    "export before a run": (
        ["export", "--format", "csv", "--out", "{d}/out"],
        "table_missing",
    ),
    "project there already": (["init"], "project_exists"),
    "no project": (["status", "--project", "{d}"], "project_missing"),
    "a file for a folder": (["init", "--project", "{d}/file"], "folder_unwritable"),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("line", "code"), BAD.values(), ids=BAD)
def test_bad_input_leaves_the_project_as_it_was(project, capsys, line, code, lang):
    before = state(project)
    words = [word.format(d=project) for word in line]
    environment = {"RISKMAP_PROJECT": str(project / "border"), "RISKMAP_LANG": lang}
    ended = program.run([*words, "--json"], environment)
    printed = capsys.readouterr()
    assert ended == 2
    facts = json.loads(printed.out)["error"]
    assert facts["code"] == code
    assert printed.err == facts[f"message_{lang}"] + "\n"
    assert Words(lang).text("number.unsaid") not in printed.err
    assert state(project) == before


def test_a_project_of_a_newer_riskmap_is_left_alone(tmp_path, capsys):
    border = tmp_path / "border"
    assert program.run(["init", "--empty", "--project", str(border)], {}) == 0
    with sqlite3.connect(border / "riskmap.sqlite") as ledger:
        ledger.execute("PRAGMA user_version = 9999")
    capsys.readouterr()
    words = ["status", "--project", str(border), "--json"]
    assert program.run(words, {}) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "project_newer"

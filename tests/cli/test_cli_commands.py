"""Each command, on a pipeline that computes nothing: what it calls and prints."""

import json
import socket

import pytest

from riskmap.cli import _serving
from riskmap.errors import FileEmptyError, ProjectNewerError


def calls(fake):
    return fake.STATE["project"].calls


def test_init_says_what_the_project_holds(run, tmp_path):
    code, out, err = run("init")
    assert (code, err) == (0, "")
    assert str(tmp_path) in out
    assert "3,506 incidents" in out
    assert "1 row in quarantine" in out


@pytest.mark.parametrize(("flags", "empty"), [([], False), (["--empty"], True)])
def test_init_leaves_the_sample_out_only_if_told(run, fake, flags, empty):
    run("init", *flags)
    assert calls(fake) == [("create_project", empty)]


def test_run_hands_its_options_on(run, fake):
    arguments = ["--as-of", "2020-06-30", "--resolution", "8", "--half-width-km", "50"]
    code, out, _ = run("run", *arguments)
    assert code == 0
    assert ("run", "2020-06-30", 8, 50.0) in calls(fake)
    assert "50 km" in out


def test_run_says_so_when_nothing_has_changed(run, fake):
    assert "Nothing has changed" not in run("run")[1]
    fake.STATE["changed"] = False
    code, out, _ = run("run")
    assert code == 0
    assert "Nothing has changed" in out
    assert "made" not in out
    assert json.loads(run("run", "--json")[1])["changed"] is False


def test_no_bar_is_drawn_where_there_is_no_terminal(run):
    assert run("run")[2] == ""


def test_a_bar_is_drawn_on_stderr_where_there_is_a_terminal(run, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    code, out, err = run("run", "--json")
    assert code == 0
    assert err.startswith("\x1b")
    assert json.loads(out)["resolution"] == 7


@pytest.fixture
def files(tmp_path, monkeypatch):
    for name in ("a.csv", "b.csv", "again.csv"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("kind", ["incidents", "landmarks"])
def test_ingest_accounts_for_every_row(run, kind):
    code, out, _ = run("ingest", kind, "a.csv", "--profile", "pima_ogis")
    assert code == 0
    assert "1,204 rows in = 1,200 accepted + 3 in quarantine + 1 duplicate" in out
    assert "pima_ogis" in out
    assert "may describe persons: age" in out
    # a fault is said in words, by the first row that has it
    assert "date_impossible" not in out
    assert "31/02/2019" in out
    assert "30/02/2019" not in out
    assert "First in row 17" in " ".join(out.split())


@pytest.mark.usefixtures("files")
def test_what_was_taken_is_told_before_the_next_file_is_refused(run, fake, monkeypatch):
    take = fake.ingest_incidents

    def refuse(project, paths, profile=None):
        if paths[0].name == "b.csv":
            msg = "empty"
            raise FileEmptyError(msg, path="b.csv")
        return take(project, paths, profile=profile)

    monkeypatch.setattr(fake, "ingest_incidents", refuse)
    code, out, err = run("ingest", "incidents", "a.csv", "b.csv")
    assert code == 2
    assert "1,200 accepted" in out
    assert "b.csv" in err


@pytest.mark.usefixtures("files")
def test_a_file_taken_in_before_is_said_to_be(run):
    assert "taken in before" in run("ingest", "incidents", "again.csv")[1]


@pytest.mark.usefixtures("files")
def test_ingest_as_json_keeps_fault_codes_raw(run):
    out = run("ingest", "incidents", "a.csv", "b.csv", "--json")[1]
    first, second = json.loads(out)["batches"]
    assert first["faults"] == {"date_impossible": 2, "coordinates_null_island": 1}
    assert second["file"] == "b.csv"


def test_scores_as_csv_have_hexadecimal_cells_and_every_digit(run):
    code, out, _ = run("scores", "--format", "csv", lang="es")
    header, first, second = out.splitlines()
    assert code == 0
    assert header.startswith("cell,migrant_danger,migrant_danger_low,")
    assert "patrol_risk_rank" in header
    assert first.startswith("88754e6491fffff,0.000512,0.0002,0.0011,1,")
    # no data is an empty field, never a zero
    assert second.startswith("88754e6499fffff,,,,,")


def test_scores_as_json_are_raw(run):
    (row,) = json.loads(
        run("scores", "--json", "--top", "1", "--target", "patrol_risk")[1]
    )
    assert row["cell"] == "88754e6491fffff"
    assert row["patrol_risk"] == 0.000512
    assert row["patrol_risk_rank"] == 1


def test_missing_scores_are_null_in_json(run):
    second = json.loads(run("scores", "--json")[1])[1]
    assert second["patrol_risk"] is None
    assert second["patrol_risk_rank"] is None


def test_a_table_of_scores_shows_doubt_evidence_and_the_baseline(run):
    out = run("scores", "--target", "migrant_danger")[1]
    assert "<0.001\u20130.0011" in out
    assert "no data" in out
    assert "1,213 incidents" in out
    assert "73% (50%\u201380%)" in out
    assert "raw counts 47%" in out
    assert "68%" in out
    # the last day held out, not the day after it
    assert "Dec 31, 2020" in out
    assert "beyond chance" in out


def test_a_score_that_beats_no_raw_counts_says_so(run, fake, monkeypatch):
    weak = fake.skill(None)
    weak["low"] = -0.5
    monkeypatch.setattr(fake, "skill", lambda _: weak)
    out = run("scores", "--target", "migrant_danger", lang="es")[1]
    assert "No está demostrado" in out


def test_a_score_without_a_measure_of_skill_says_so(run):
    assert "unproven" in run("scores", "--target", "patrol_risk")[1]


def test_both_scores_are_shown_unless_one_is_chosen(run, fake):
    run("scores", "--top", "1")
    assert calls(fake)[1:] == [
        ("scores", "migrant_danger", 1),
        ("scores", "patrol_risk", 1),
    ]


def test_zones_are_named_in_the_readers_language(run):
    assert "Town of Sasabe" in run("zones")[1]
    out = run("zones", "--target", "patrol_risk", lang="es")[1]
    assert "Sásabe" in out
    assert "1,900\u20131,975" in out
    assert "migrant_danger" not in out


def test_zones_as_json_have_no_geometry(run):
    rows = json.loads(run("zones", "--top", "1", "--json")[1])
    assert [row["zone_id"] for row in rows] == [
        "migrant_danger-US-001",
        "patrol_risk-US-001",
    ]
    assert "geometry" not in rows[0]


def test_export_hands_words_of_both_languages_on(run, fake, tmp_path):
    code, out, err = run(
        "export", "--format", "csv", "--format", "html", "--out", str(tmp_path)
    )
    assert code == 0
    assert ("export", "html", tmp_path, ("en", "es")) in calls(fake)
    assert out.splitlines() == [
        str(tmp_path / "zones.csv"),
        str(tmp_path / "zones.html"),
    ]
    assert "2 files" in err


def test_export_checks_every_format_before_it_writes_one(run, fake, tmp_path):
    code, out, err = run(
        "export", "--format", "csv", "--format", "kmz", "--out", str(tmp_path)
    )
    assert (code, out) == (2, "")
    assert "kmz" in err
    assert fake.STATE["project"] is None


def test_status_says_what_is_out_of_date_and_where_nobody_looks(run):
    out = run("status")[1]
    assert "January 1, 2021" in out
    assert "out of date" in out
    assert "0\u20131,570" in out
    assert "not the same as no incidents" in out


def test_a_run_says_what_grades_each_score_used(run):
    out = run("run")[1]
    assert "Left out" in out
    rows = [line.split()[-4:] for line in out.splitlines()]
    assert ["7", "5", "0", "2"] in rows
    told = json.loads(run("run", "--json")[1])["grades"]
    assert told[0]["left_out"] == 2


def test_status_names_the_tasks_past_their_day(run):
    out = run("status")[1]
    assert "1 follow-up task is overdue" in out
    assert "12 days overdue" in out
    assert "send the report" in out


def test_status_before_the_first_run_says_how_to_run(run, fake):
    fake.STATE["changed"] = False
    assert "riskmap run" in run("status")[1]


def test_status_as_json_has_whole_checksums(run):
    tables = json.loads(run("status", "--json")[1])["tables"]
    assert tables[0]["sha256"] == "ab" * 32


def test_verify_exits_with_1_for_a_finding(run, fake):
    assert run("verify")[0] == 0
    fake.STATE["findings"] = (
        fake.Finding(table="zones", code="file_altered", detail="ab != cd"),
    )
    code, out, _ = run("verify")
    assert code == 1
    assert "1 finding" in out
    assert "zones" in out
    code, out, _ = run("verify", "--json")
    assert code == 1
    assert json.loads(out)["findings"][0]["table"] == "zones"


def test_a_harmless_finding_is_shown_and_is_no_failure(run, fake):
    fake.STATE["findings"] = (
        fake.Finding(table="", code="file_unfinished", detail="x.tmp", harmless=True),
    )
    code, out, _ = run("verify", lang="es")
    assert code == 0
    assert "inofensivo" in out


def test_layers_say_whom_they_serve(run):
    assert "either purpose" in run("layers")[1]
    (layer,) = json.loads(run("layers", "--json")[1])["layers"]
    assert layer["source"] == "Somebody 2020"


class FakeServer:
    """A server that ends at once, or when Ctrl-C comes."""

    def __init__(self, command, *, env, **_options):
        FakeServer.started = {"command": command, "env": env, "ended": False}

    def wait(self):
        return FakeServer.code

    def terminate(self):
        FakeServer.started["ended"] = True


@pytest.fixture
def server(monkeypatch):
    FakeServer.code = 0
    monkeypatch.setattr(_serving.subprocess, "Popen", FakeServer)
    monkeypatch.setattr(_serving.signal, "signal", lambda *_: None)
    monkeypatch.setattr(_serving.os, "nice", lambda _: 0, raising=False)
    monkeypatch.delenv("RISKMAP_LANG", raising=False)
    return FakeServer


@pytest.fixture
def free_port():
    with socket.socket() as trial:
        trial.bind(("localhost", 0))
        return trial.getsockname()[1]


def test_the_app_starts_local_and_silent(run, server, tmp_path, free_port):
    code, _, err = run("app", "--port", str(free_port), "--lang", "es")
    assert code == 0
    assert f"http://localhost:{free_port}" in err
    assert "--server.address=localhost" in server.started["command"]
    assert "--browser.gatherUsageStats=false" in server.started["command"]
    assert server.started["env"]["RISKMAP_PROJECT"] == str(tmp_path)
    assert server.started["env"]["RISKMAP_LANG"] == "es"


def test_the_browser_chooses_the_language_unless_told(run, server, free_port):
    run("app", "--port", str(free_port))
    assert "RISKMAP_LANG" not in server.started["env"]
    run("--lang", "es", "app", "--port", str(free_port))
    assert server.started["env"]["RISKMAP_LANG"] == "es"


def test_a_damaged_project_is_told_and_the_server_ends(
    run, fake, server, monkeypatch, tmp_path, free_port
):
    (tmp_path / "riskmap.sqlite").touch()

    def damaged(path):
        assert server.started["command"]
        msg = "Made by riskmap 9."
        raise ProjectNewerError(msg, path=str(path), found="9", known="1")

    monkeypatch.setattr(fake, "open_project", damaged)
    code, _, err = run("app", "--port", str(free_port))
    assert code == 2
    assert "format 9" in err
    assert server.started["ended"]


def test_a_server_that_fails_is_told(run, server, free_port):
    server.code = 3
    code, _, err = run("app", "--port", str(free_port))
    assert code == 1
    assert "code 3" in err


def test_ctrl_c_closes_the_app_without_complaint(run, server, monkeypatch, free_port):
    waits = iter([KeyboardInterrupt, None])

    def wait(_):
        if end := next(waits):
            raise end

    monkeypatch.setattr(server, "wait", wait)
    code, _, err = run("app", "--port", str(free_port))
    assert code == 0
    assert server.started["ended"]
    assert err.count("\n") == 1


def test_a_port_in_use_is_refused_before_anything_starts(run, server):
    server.started = None
    with socket.socket() as other:
        other.bind(("localhost", 0))
        other.listen()
        port = other.getsockname()[1]
        code, _, err = run("app", "--port", str(port), lang="es")
    assert code == 2
    assert f"El puerto {port}" in err
    assert server.started is None


def test_options_before_the_command_count_too(run, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    code, out, _ = run("--project", str(other), "--lang", "es", "--json", "status")
    assert code == 0
    assert json.loads(out)["path"] == str(other)
    code, out, _ = run("--project", str(other), "status", "--project", str(tmp_path))
    assert f"Project: {tmp_path}\n" in out


def test_tables_fit_eighty_columns_and_have_no_colour(run):
    for command in ("run", "scores", "zones", "layers", "status"):
        out = run(command, lang="es")[1]
        drawn = [line for line in out.splitlines() if line.startswith("  ")]
        assert drawn
        assert max(map(len, drawn)) <= 80
        assert "\x1b" not in out

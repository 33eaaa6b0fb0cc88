"""Single incidents on the command line: corrected, withdrawn, followed up."""

import json

import pytest

from riskmap.i18n import LANGUAGES

ROWS = """folio,fecha,tipo,latitud,longitud,fallecidos
1,25/12/2020,rescate,31.45,-110.25,0
2,26/12/2020,rescate,31.45,110.25,0
"""

# known to a municipio and no better
AREA = """folio,fecha,tipo,municipio,latitud,longitud,fallecidos
7,25/12/2020,rescate,Nogales,,,0
"""


@pytest.fixture
def held(ask, own_border, tmp_path):
    path = tmp_path / "pocos.csv"
    path.write_text(ROWS, encoding="utf-8")
    assert ask("ingest", "incidents", str(path), project=own_border)[0] == 0
    return own_border


def test_a_correction_and_a_withdrawal_are_versions(ask, held):
    line = ["incidents", "correct", "local:1", "--set", "lat=31.46"]
    assert ask(*line, "--reason", "second fix", project=held)[0] == 0
    line = ["incidents", "withdraw", "local:1", "--reason", "twice"]
    assert ask(*line, project=held)[0] == 0
    out = ask("incidents", "history", "local:1", "--json", project=held)[1]
    told = json.loads(out)["versions"]
    assert [one["status"] for one in told] == ["reported", "corrected", "withdrawn"]
    assert told[1]["changed"] == {"lat": ["31.45", "31.46"]}
    assert told[2]["reason"] == "twice"
    status = json.loads(ask("status", "--json", project=held)[1])
    assert status["incidents"] == 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_wrong_correction_is_refused_with_its_fault(ask, held, lang):
    line = ["incidents", "correct", "local:1", "--set", "lat=0", "--reason", "x"]
    code, out, err = ask(*line, project=held, lang=lang)
    assert (code, out) == (2, "")
    assert "  - " in err


@pytest.mark.parametrize(
    "line",
    [
        ("correct", "local:9", "--set", "dead=1", "--reason", "x"),
        ("correct", "local:1", "--set", "dead", "--reason", "x"),
        ("follow-up", "local:1", "--task", "answer"),
        ("tasks", "--done", "nothing"),
        ("timeliness", "--limit-days", "-1"),
    ],
)
def test_what_makes_no_sense_is_bad_input(ask, held, line):
    code, _, err = ask("incidents", *line, project=held)
    assert code == 2
    assert err.strip()


def test_a_proposal_is_accepted_by_its_row(ask, held):
    out = ask("quarantine", "list", "--json", project=held)[1]
    (ref,) = {fault["ref"] for fault in json.loads(out)["faults"]}
    out = ask("quarantine", "accept", ref, "--json", project=held)[1]
    assert json.loads(out)["taken"] == 1
    assert json.loads(ask("quarantine", "list", "--json", project=held)[1]) == {
        "faults": []
    }


def test_tasks_stand_until_they_are_done(ask, held):
    line = ["incidents", "follow-up", "local:1", "--investigation", "open"]
    line += ["--task", "answer", "--owner", "MX", "--due", "2021-02-01"]
    entries = json.loads(ask(*line, "--json", project=held)[1])["entries"]
    assert [entry["topic"] for entry in entries] == ["investigation", "task"]
    late = ["incidents", "tasks", "--overdue", "--on", "2021-02-03"]
    (task,) = json.loads(ask(*late, "--json", project=held)[1])["tasks"]
    assert task["overdue_days"] == 2
    assert "2 days" in ask(*late, project=held)[1]
    line = ["incidents", "tasks", "--done", task["item"], "--json"]
    assert json.loads(ask(*line, project=held)[1])["tasks"] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_delays_are_shown_in_words(ask, held, lang):
    code, out, _ = ask("incidents", "timeliness", project=held, lang=lang)
    assert code == 0
    assert "feed_state" not in out
    feeds = json.loads(ask("incidents", "timeliness", "--json", project=held)[1])
    assert feeds["feeds"][0]["records"] == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_incident_is_shown_whole_in_both_languages(ask, held, lang):
    line = ["incidents", "show", "local:1"]
    code, out, err = ask(*line, project=held, lang=lang)
    assert (code, err) == (0, "")
    assert "«rescate»" in out
    assert "TLP:AMBER+STRICT" in out
    told = json.loads(ask(*line, "--json", project=held)[1])
    assert told["record"]["said_kind"] == "rescate"
    assert [one["status"] for one in told["versions"]] == ["reported"]
    assert [one["event_id"] for one in told["records"]] == ["local:1"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_incident_without_a_point_is_a_sentence(ask, held, lang):
    code, out, _ = ask("incidents", "areas", project=held, lang=lang)
    assert code == 0
    assert out.strip()
    assert json.loads(ask("incidents", "areas", "--json", project=held)[1]) == {
        "areas": []
    }


def test_a_record_known_only_to_an_area_is_told_without_degrees(ask, held, tmp_path):
    path = tmp_path / "areas.csv"
    path.write_text(AREA, encoding="utf-8")
    assert ask("ingest", "incidents", str(path), project=held)[0] == 0
    line = ["incidents", "show", "local:7"]
    told = json.loads(ask(*line, "--json", project=held)[1])
    assert told["area_name"] == "Nogales (26043)"
    for record in (told["record"], *told["records"]):
        assert (record["lon"], record["lat"], record["area"]) == (None, None, "26043")
    assert "Nogales (26043)" in ask(*line, project=held)[1]

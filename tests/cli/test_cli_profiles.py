"""Profiles on the command line: listed, shown, proposed and then used."""

import json
import tomllib

import pytest

from riskmap.i18n import LANGUAGES

REPORTS = """ref,when,what,lat,lon
1,25/12/2020,rescue,31.45,-110.25
2,26/12/2020,rescue,31.46,-110.20
3,13/01/2021,injury,31.40,-110.30
"""


def test_every_profile_is_listed_and_can_be_shown(ask):
    told = json.loads(ask("profile", "list", "--json")[1])["profiles"]
    assert {"generic_en", "generic_es", "iom_missing_migrants"} <= {
        fact["name"] for fact in told
    }
    for fact in told:
        code, out, _ = ask("profile", "show", fact["name"])
        assert code == 0
        assert tomllib.loads(out)["columns"]


def test_no_such_profile_is_said_so(ask):
    code, _, err = ask("profile", "show", "nonsense")
    assert code == 2
    assert "nonsense" in err


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_proposed_profile_can_be_used_as_it_is(ask, own_border, tmp_path, lang):
    reports, profile = tmp_path / "reports.csv", tmp_path / "mine.toml"
    reports.write_text(REPORTS, encoding="utf-8")
    code, out, _ = ask(
        "profile", "infer", str(reports), "--out", str(profile), lang=lang
    )
    assert (code, out.strip()) == (0, str(profile))
    written = tomllib.loads(profile.read_text("utf-8"))
    assert written["date_order"] == "dmy"
    line = ["ingest", "incidents", str(reports), "--profile", str(profile), "--json"]
    code, out, _ = ask(*line, project=own_border)
    assert code == 0
    (report,) = json.loads(out)["batches"]
    assert (report["accepted"], report["quarantined"]) == (3, 0)


def test_the_proposal_tells_programs_its_evidence(ask, tmp_path):
    reports = tmp_path / "reports.csv"
    reports.write_text(REPORTS, encoding="utf-8")
    told = json.loads(ask("profile", "infer", str(reports), "--json")[1])
    (order,) = [d for d in told["decisions"] if d["option"] == "date_order"]
    assert (order["value"], order["code"]) == ("dmy", "order_dmy")

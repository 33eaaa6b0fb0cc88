"""Contacts: a table that users complete; what nobody answers for is said loudly."""

import json

import pytest

HEADINGS = "side,role,desk_en,desk_es,channel,hours,from_km,to_km,verified_on\n"
DESK = "US,consulate,Desk,Mesa,VHF 16,24 h,2400,2600,2026-01-01\n"


@pytest.fixture
def table(tmp_path):
    file = tmp_path / "contacts.csv"
    file.write_text(HEADINGS + DESK)
    return file


def test_without_a_contact_both_sides_say_so(ask):
    code, out, _ = ask("contacts", "show", "31.3322", "-110.9406", lang="es")
    assert code == 0
    assert out.count("NADIE REGISTRADO") == 2
    out = ask("contacts", "list")[1]
    assert "desk_en" in out


def test_a_contact_holds_along_its_stretch_and_grows_stale(ask, own_border, table):
    assert ask("contacts", "import", str(table), project=own_border)[0] == 0
    line = ["contacts", "show", "31.3322", "-110.9406", "--json", "--on"]
    fresh = json.loads(ask(*line, "2026-01-02", project=own_border)[1])
    (contact,) = fresh["contacts"]
    assert (contact["channel"], contact["stale"]) == ("VHF 16", False)
    assert "consulate" in fresh["gaps"]["MX"]
    assert "consulate" not in fresh["gaps"]["US"]
    stale = json.loads(ask(*line, "2026-07-04", project=own_border)[1])
    assert stale["contacts"][0]["stale"] is True
    far = json.loads(ask("contacts", "show", "km 12", "--json", project=own_border)[1])
    assert far["contacts"] == []


def test_the_last_table_holds_and_an_earlier_one_may_hold_again(
    ask, own_border, table, tmp_path
):
    other = tmp_path / "other.csv"
    other.write_text(HEADINGS + DESK.replace("VHF 16", "VHF 9"))
    channels = []
    for file in (table, other, table, table):
        ask("contacts", "import", str(file), project=own_border)
        out = ask("contacts", "list", "--json", project=own_border)[1]
        channels += [row["channel"] for row in json.loads(out)["contacts"]]
    assert channels == ["VHF 16", "VHF 9", "VHF 16", "VHF 16"]


@pytest.mark.parametrize(
    "text",
    ["", HEADINGS, "side,role\nUS,consulate\n", HEADINGS + DESK.replace("US", "CA", 1),
     HEADINGS + DESK.replace("2400", "far"), HEADINGS + "US,consulate\n"],
)  # fmt: skip
def test_a_table_that_is_none_is_refused(ask, tmp_path, text):
    file = tmp_path / "bad.csv"
    file.write_text(text)
    code, out, err = ask("contacts", "import", str(file))
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert json.loads(ask("contacts", "list", "--json")[1])["contacts"] == []


def test_an_ambiguous_place_is_listed(ask):
    code, _, err = ask("contacts", "show", "Nogales")
    assert code == 1
    assert "--reading" in err

"""Quarantine: listed, shown in words, and written to be corrected."""

import csv
import json

import pytest

from riskmap import pipeline

ROWS = """fecha,tipo,latitud,longitud,fallecidos,nota
25/12/2020,rescate,31.45,-110.25,0,
26/12/2020,rescate,0,0,0,
31/02/2020,rescate,31.4,-110.3,0,
26/12/2020,bailes,31.4,110.2,0,
"""

PEAKS = """id,kind,name_en,lat,lon,accuracy_m,side,basis
t-2,peak,Other Peak,31.6,-111.0,100,US,rumour
"""


@pytest.fixture
def waiting(ask, own_border, tmp_path):
    """A project in which four rows of two files wait."""
    for name, kind, text in (
        ("pocos.csv", "incidents", ROWS),
        ("peaks.csv", "landmarks", PEAKS),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert ask("ingest", kind, str(tmp_path / name), project=own_border)[0] == 0
    return own_border


def faults(printed):
    code, out, _ = printed
    assert code == 0
    return json.loads(out)["faults"]


def test_every_fault_is_listed_with_its_sentence(ask, waiting):
    found = faults(ask("quarantine", "list", "--json", project=waiting))
    codes = {(fault["file"], fault["code"]) for fault in found}
    assert ("pocos.csv", "coordinates_null_island") in codes
    assert ("pocos.csv", "date_impossible") in codes
    assert ("peaks.csv", "basis_unknown") in codes
    for fault in found:
        assert fault["text_en"] != fault["text_es"]
        assert fault["ref"] == f"{fault['file_sha256'][:8]}-{fault['row']}"
    out = ask("quarantine", "list", project=waiting, lang="es")[1]
    assert "4 filas en cuarentena" in out
    assert max(map(len, out.splitlines())) <= 80


def test_faults_are_chosen_by_code_and_by_file(ask, waiting):
    line = ["quarantine", "list", "--json"]
    found = faults(ask(*line, "--code", "date_impossible", project=waiting))
    assert [fault["row"] for fault in found] == [3]
    found = faults(ask(*line, "--file", "peaks.csv", project=waiting))
    assert {fault["register"] for fault in found} == {"landmarks"}
    assert faults(ask(*line, "--file", "other.csv", project=waiting)) == []


def test_a_short_list_says_that_there_are_more(ask, waiting):
    out = ask("quarantine", "list", "--top", "1", project=waiting)[1]
    assert "1 of " in out
    assert "4 rows in quarantine" in out


def test_a_row_is_shown_whole(ask, waiting):
    (first, *_) = faults(ask("quarantine", "list", "--json", project=waiting))
    for name in (first["ref"], str(first["row"])):
        code, out, _ = ask("quarantine", "show", name, project=waiting)
        assert code == 0
        assert "fecha: 26/12/2020" in out
        assert "row 2 of pocos.csv" in out
        assert "line 3; SHA-256 of the file: " + first["file_sha256"] in out
        assert pipeline.bytes_of(first).decode("ascii") in out


def test_a_proposed_correction_is_told_as_one(ask, waiting):
    rows = faults(ask("quarantine", "show", "4", "--json", project=waiting))
    (mend,) = {fault["proposed"] for fault in rows} - {""}
    out = ask("quarantine", "show", "4", project=waiting)[1]
    assert "never applied by itself" in out
    assert mend in out


def test_a_row_that_does_not_wait_is_refused(ask, waiting):
    code, out, err = ask("quarantine", "show", "99", project=waiting)
    assert (code, out) == (2, "")
    assert "99" in err


def test_an_empty_quarantine_is_all_well_and_nothing_to_export(ask, tmp_path):
    assert ask("quarantine", "list")[0] == 0
    assert ask("quarantine", "show", "1")[0] == 1
    out = tmp_path / "rows.csv"
    assert ask("quarantine", "export", "--out", str(out))[0] == 1
    assert not out.exists()


def test_an_export_has_the_files_columns_and_what_is_wrong(ask, waiting, tmp_path):
    out = tmp_path / "rows.csv"
    line = ["quarantine", "export", "--out", str(out), "--file", "pocos.csv"]
    code, printed, err = ask(*line, project=waiting, lang="es")
    assert (code, printed) == (0, f"{out}\n")
    assert "3 filas" in err
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["fecha"] for row in rows] == ["26/12/2020", "31/02/2020", "26/12/2020"]
    # a number is left as it is, a minus in front of it too
    assert rows[1]["longitud"] == "-110.3"
    assert rows[1]["riskmap_codes"] == "date_impossible"
    assert "31/02/2020" in rows[1]["riskmap_faults"]
    assert len({row["riskmap_row"] for row in rows}) == 3


def test_an_export_of_several_files_says_so(ask, waiting, tmp_path):
    line = ["quarantine", "export", "--out", str(tmp_path / "rows.csv")]
    assert "--file" in ask(*line, project=waiting)[2]


def test_a_corrected_export_can_be_taken_in(ask, waiting, tmp_path):
    out = tmp_path / "rows.csv"
    ask("quarantine", "export", "--out", str(out), "--file", "pocos.csv",
        project=waiting)  # fmt: skip
    text = out.read_text("utf-8").replace("31/02/2020,", "28/02/2020,", 1)
    out.write_text(text, "utf-8")
    said = ask("ingest", "incidents", str(out), "--json", project=waiting)[1]
    (batch,) = json.loads(said)["batches"]
    assert (batch["accepted"], batch["quarantined"]) == (1, 2)


def test_text_that_a_spreadsheet_would_run_is_made_harmless(ask, own_border, tmp_path):
    file = tmp_path / "hostile.csv"
    file.write_text(
        'fecha,tipo,latitud,longitud,fallecidos\n"=HYPERLINK(""x"")",rescate,31,-110,0\n'
    )
    ask("ingest", "incidents", str(file), "--profile", "generic_es",
        project=own_border)  # fmt: skip
    out = tmp_path / "rows.csv"
    ask("quarantine", "export", "--out", str(out), project=own_border)
    with out.open(encoding="utf-8-sig", newline="") as text:
        (row,) = csv.DictReader(text)
    assert row["fecha"].startswith("'=")


def corrected(ask, project, folder, **changes):
    """Export what waits of one file, change cells as a spreadsheet would."""
    out = folder / "waiting.csv"
    ask(
        "quarantine",
        "export",
        "--file",
        "pocos.csv",
        "--out",
        str(out),
        project=project,
    )
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row.update(changes.get(row["riskmap_row"].rpartition("-")[2], {}))
    again = folder / "corrected.csv"
    with again.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return str(again)


def test_exported_corrected_and_sent_again_rows_leave_the_quarantine(
    ask, waiting, tmp_path
):
    path = corrected(
        ask,
        waiting,
        tmp_path,
        **{"2": {"latitud": "31.46", "longitud": "-110.2"}},
        **{"3": {"fecha": "28/02/2020"}},
    )
    code, out, _ = ask("quarantine", "resubmit", path, "--json", project=waiting)
    assert code == 0
    told = json.loads(out)
    (report,) = told["batches"]
    assert (told["taken"], report["accepted"], report["quarantined"]) == (2, 2, 1)
    left = faults(ask("quarantine", "list", "--json", project=waiting))
    # the row that is still wrong waits once, in its new place
    files = {fault["file"] for fault in left if fault["register"] == "incidents"}
    assert files == {"corrected.csv"}
    code, out, _ = ask("quarantine", "resubmit", path, "--json", project=waiting)
    assert json.loads(out)["batches"][0]["repeated"]
    assert left == faults(ask("quarantine", "list", "--json", project=waiting))
    status = json.loads(ask("status", "--json", project=waiting)[1])
    assert (status["incidents"], status["quarantined"]) == (3, 2)


def test_a_row_that_nothing_waits_for_is_a_fault_of_its_own(ask, waiting, tmp_path):
    path = corrected(ask, waiting, tmp_path)
    text = (tmp_path / "corrected.csv").read_text("utf-8")
    (tmp_path / "corrected.csv").write_text(text.replace("-2,", "-99,"), "utf-8")
    out = ask("quarantine", "resubmit", path, "--json", project=waiting)[1]
    assert json.loads(out)["batches"][0]["faults"]["correction_unknown"] == 1

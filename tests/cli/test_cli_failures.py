"""Bad input is one sentence in the reader's language, and exit code 2."""

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from riskmap import errors
from riskmap.i18n import LANGUAGES, Words

BAD_LINES = {
    "no such command": ["skores"],
    "no such option": ["scores", "--bogus"],
    "option without a value": ["scores", "--top"],
    "flag with a value": ["scores", "--json=1"],
    "missing argument": ["ingest"],
    "missing option": ["export", "--format", "csv"],
    "too many words": ["verify", "now"],
    "no such kind of file": ["ingest", "rumours", "a.csv"],
    "no such language": ["status", "--lang", "fr"],
    "no such score": ["scores", "--target", "fear"],
    "no such form": ["scores", "--format", "xls"],
    "top is no number": ["scores", "--top", "many"],
    "top is zero": ["zones", "--top", "0"],
    "resolution is no whole number": ["run", "--resolution", "7.5"],
    "half-width is no number": ["run", "--half-width-km", "wide"],
    "port beyond all ports": ["app", "--port", "70000"],
    "no project": ["status", "--project", "/no/such/folder"],
    "no such command of a group": ["landmarks", "lst"],
    "no such option of a group": ["landmarks", "list", "--bogus"],
    "no place to locate": ["locate"],
    "an option among the words of a place": ["locate", "Nogales", "--bogus"],
    "a phrase and a file of phrases": ["locate", "Nogales", "--batch", "-"],
    "no such file of phrases": ["locate", "--batch", "/no/such/file"],
    "no place for a card": ["card", "--both"],
    "no such form of card": ["card", "Nogales", "--format", "pdf"],
    "a waypoint in two languages": ["card", "Nogales", "--format", "gpx", "--both"],
    "reading zero": ["card", "Nogales", "--reading", "0"],
    "no such kind of landmark": ["landmarks", "list", "--kind", "pub"],
    "no such side": ["landmarks", "list", "--side", "CA"],
    "no landmark named": ["landmarks", "show"],
    "a day that is none": ["landmarks", "unverified", "--on", "2026-02-30"],
    "a day to come": ["landmarks", "verify", "bm-001", "--on", "9999-01-01"],
    "no reach": ["landmarks", "gaps", "--reach-km", "0"],
    "a reach that is no number": ["landmarks", "gaps", "--reach-km", "nan"],
    "no such form of gaps": ["landmarks", "gaps", "--format", "kml"],
    "a landmark without a place": ["landmarks", "add", "x", "--kind", "town"],
    "no such fault": ["quarantine", "list", "--code", "bad_luck"],
    "no row named": ["quarantine", "show"],
    "no file for the quarantine": ["quarantine", "export"],
    "no place for contacts": ["contacts", "show"],
    "no such file of contacts": ["contacts", "import", "/no/such/file"],
}

# what the issue lists as bad input, as the steps below raise it
BAD_INPUT = [
    errors.FileMissingError("", path="a.csv"),
    errors.FileEmptyError("", path="a.csv"),
    errors.FileUnreadableError("", path="a.csv", reason="Latin-1?"),
    errors.MissingCRSError("", table="boundary"),
    errors.WrongCRSError("", table="boundary", crs="EPSG:4326"),
    errors.BoundaryNotLineError("", found="Polygon"),
    errors.HalfWidthError("", value=0.0, lowest=1, highest=300),
    errors.HalfWidthError("", value=1000.0, lowest=1, highest=300),
    errors.ResolutionError("", value=3, lowest=4, highest=10),
    errors.ResolutionError("", value=12, lowest=4, highest=10),
    errors.DateOptionError("", value="yesterday"),
    errors.LandmarkFaultyError("", landmark="Monument 1", x=0.0, y=0.0),
    errors.FolderUnwritableError("", path="/root"),
    errors.ProjectNewerError("", path="p", found=9, known=1),
    errors.ProjectBusyError("", path="p"),
    errors.DiskFullError("", path="p"),
]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("line", BAD_LINES.values(), ids=BAD_LINES)
def test_a_line_that_is_no_command_gets_a_sentence(run, line, lang):
    code, out, err = run(*line, lang=lang)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    assert Words(lang).text("number.unsaid") not in err


@pytest.mark.parametrize("line", BAD_LINES.values(), ids=BAD_LINES)
def test_a_line_that_is_no_command_is_said_in_the_language_asked_for(run, line):
    english = run(*line, lang="en")[2]
    spanish = run(*line, lang="es")[2]
    assert english != spanish
    for word in ("No such", "Missing", "Invalid", "requires", "Got unexpected"):
        assert word not in spanish


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("error", BAD_INPUT, ids=lambda e: f"{e.code}-{e.fields}")
def test_bad_input_says_what_was_got_and_what_to_do(
    run, fake, monkeypatch, error, lang
):
    def fail(*_args, **_options):
        raise error

    monkeypatch.setattr(fake, "run", fail)
    code, out, err = run("run", "--json", lang=lang)
    assert code == 2
    said = Words(lang)
    for value in error.fields.values():
        assert (value if isinstance(value, str) else said.number(value)) in err
    # what was wrong, and what to do
    assert err.count(". ") + err.count(": ") + err.count("; ") >= 1
    facts = json.loads(out)["error"]
    assert facts["code"] == error.code
    assert facts[f"message_{lang}"] == err.strip()
    assert facts["message_en"] != facts["message_es"]
    assert set(facts["fields"]) == set(error.fields)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk_full"),
        (errno.EDQUOT, "disk_full"),
        (errno.EACCES, "folder_unwritable"),
        (errno.EROFS, "folder_unwritable"),
        (errno.ENOENT, "file_missing"),
    ],
)
def test_what_the_system_refuses_has_a_sentence(run, fake, monkeypatch, number, code):
    def fail(*_args, **_options):
        raise OSError(number, os.strerror(number), "/data/zones.csv")

    monkeypatch.setattr(fake, "status", fail)
    exit_code, out, _ = run("status", "--json")
    assert exit_code == 2
    assert json.loads(out)["error"]["code"] == code


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_nobody_foresaw_exits_with_1_and_no_traceback(
    run, fake, monkeypatch, lang
):
    def fail(*_args, **_options):
        msg = "{boom}"
        raise ZeroDivisionError(msg)

    monkeypatch.setattr(fake, "status", fail)
    code, out, err = run("status", "--json", lang=lang)
    assert code == 1
    assert "ZeroDivisionError: {boom}" in err
    assert "Traceback" not in err
    assert json.loads(out)["error"]["code"] == "unexpected"


def test_a_developer_may_ask_for_the_traceback(run, fake, monkeypatch):
    def fail(*_args, **_options):
        raise ZeroDivisionError

    monkeypatch.setattr(fake, "status", fail)
    with pytest.raises(ZeroDivisionError):
        run("status", RISKMAP_TRACEBACK="1")


def test_ctrl_c_is_a_sentence_and_exit_code_130(run, fake, monkeypatch):
    def fail(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(fake, "run", fail)
    code, _, err = run("run", lang="es")
    assert code == 130
    assert err.startswith("Se detuvo a petición suya")
    assert json.loads(run("run", "--json")[1])["error"]["code"] == "interrupted"


WITH_FAKE = """
import os, signal, sys, time
sys.path.insert(0, {folder!r})
import riskmap
from tests.cli import fake_pipeline
sys.modules["riskmap.pipeline"] = riskmap.pipeline = fake_pipeline
from riskmap.cli import main
{setup}
sys.argv = ["riskmap", *{arguments!r}]
main()
"""


def program(arguments, setup=""):
    """A process of its own that runs a command on the fake pipeline."""
    folder = str(Path(__file__).parents[2])
    text = WITH_FAKE.format(folder=folder, setup=setup, arguments=arguments)
    return [sys.executable, "-c", text]


def test_a_real_sigint_ends_in_a_sentence(tmp_path):
    wait = (
        "fake_pipeline.run = lambda *_, **__: print('ready', flush=1) or time.sleep(9)"
    )
    line = program(["run", "--project", str(tmp_path), "--lang", "es"], wait)
    with subprocess.Popen(
        line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert err.startswith("Se detuvo")
    assert "Traceback" not in err


def test_a_sigint_while_it_still_starts_leaves_no_traceback(tmp_path):
    # one of its first imports is met by Ctrl-C
    (tmp_path / "babel").mkdir()
    (tmp_path / "babel" / "__init__.py").write_text("raise KeyboardInterrupt")
    done = subprocess.run(
        [sys.executable, "-c", "from riskmap.cli import main; main()"],
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (130, b"")


def test_a_reader_that_leaves_is_met_with_silence(tmp_path):
    many = "fake_pipeline.CELLS = fake_pipeline.CELLS.repeat(20_000)"
    line = program(["scores", "--format", "csv", "--project", str(tmp_path)], many)
    with subprocess.Popen(
        line, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()
        process.wait(timeout=20)
    assert err == b""
    assert process.returncode == 141

"""The command line reads through the policy as well, in the role of who sits there."""

import re

import pytest

from riskmap.cli import _access, program
from riskmap.cli.program import COMMANDS
from riskmap.i18n import LANGUAGES, Words
from tests.conftest import ROOT

# they make a project, check bytes, or read none
OF_NO_PROJECT = {
    *("init", "verify", "app", "layers", "simulate", "package verify"),
    *("package inspect", "package keygen", "profile list", "profile show"),
    "profile infer",
}


def test_every_command_is_a_deed_or_a_look():
    said = [*_access.DEED_OF, *_access.SURFACE_OF]
    assert len(said) == len(set(said))
    assert set(said) | OF_NO_PROJECT == set(COMMANDS)


def test_every_project_is_opened_through_the_policy():
    opened = re.compile(r"pipeline\.open_project\(")
    found = {
        file.name: len(opened.findall(file.read_text(encoding="utf-8")))
        for file in (ROOT / "riskmap" / "cli").glob("*.py")
    }
    # `riskmap app` only looks whether there is one
    assert {name: n for name, n in found.items() if n} == {"_commands.py": 1}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_viewer_is_told_what_they_may_not_do(border, capsys, lang):
    variables = {"RISKMAP_ROLE": "viewer", "RISKMAP_LANG": lang}
    said = ["run", "--project", str(border)]
    assert program.run(said, variables) == 2
    words = Words(lang)
    told = capsys.readouterr().err
    assert words.text("error.deed.deed.run") in told


def test_a_lower_role_is_told_that_something_is_left_out(border, capsys):
    said = ["quarantine", "list", "--project", str(border)]
    assert program.run(said, {"RISKMAP_ROLE": "planner", "RISKMAP_LANG": "en"}) == 0
    assert Words("en").text("access.left_out") in capsys.readouterr().err
    assert program.run(said, {"RISKMAP_LANG": "en"}) == 0
    assert Words("en").text("access.left_out") not in capsys.readouterr().err


def test_a_role_that_is_none_is_refused(border, capsys):
    said = ["status", "--project", str(border)]
    assert program.run(said, {"RISKMAP_ROLE": "boss", "RISKMAP_LANG": "en"}) == 2
    assert "boss" in capsys.readouterr().err

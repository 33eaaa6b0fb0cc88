"""Effort: a log is taken or refused whole, and the run says what it corrected."""

import json
import re
import shutil

import pytest

from riskmap import pipeline

HEADINGS = "from_on,to_on,latitude,longitude,hours,kind,state,side,agency,marking\n"
ROW = "2019-01-01,2019-12-31,31.{:02d},-110.9,{},patrol,done,US,station,TLP:CLEAR\n"
SAID = "\n[effort]\nreported_share = 0.4\n"


COARSE = {"resolution": 5, "half_width_km": 20.0}


@pytest.fixture(scope="module")
def assessed(tmp_path_factory):
    """A project on the bundled incidents, assessed coarsely."""
    project = pipeline.create_project(tmp_path_factory.mktemp("effort") / "border")
    pipeline.run(project, **COARSE)
    return project.path


@pytest.fixture
def own_border(assessed, tmp_path):
    return shutil.copytree(assessed, tmp_path / "border")


@pytest.fixture
def log(tmp_path):
    file = tmp_path / "effort.csv"
    rows = [ROW.format(10 * place, 40 * place) for place in range(1, 9)]
    file.write_text(HEADINGS + "".join(rows))
    return file


def say_share(folder):
    settings = folder / "riskmap.toml"
    text = settings.read_text() if settings.exists() else ""
    settings.write_text(re.sub(r"(?ms)^\[effort\].*?(?=^\[|\Z)", "", text) + SAID)


def run(ask, folder):
    coarse = ("--resolution", "5", "--half-width-km", "20", "--json")
    code, out, err = ask("run", *coarse, project=folder)
    assert code == 0, err
    return {row["score"]: row for row in json.loads(out)["effort"]}


def test_without_a_log_every_score_says_so(ask, own_border):
    code, out, _ = ask("effort", "list", project=own_border)
    assert code == 0
    assert out.count("not corrected") == 2
    assert "from_on" in out


def test_a_log_corrects_only_once_the_reported_share_is_said(ask, own_border, log):
    assert ask("effort", "import", str(log), project=own_border)[0] == 0
    before = run(ask, own_border)
    assert before["patrol_risk"]["state"] == "unsaid"
    # half of the rows lie outside the corridor
    assert 0 < before["patrol_risk"]["hours"] < 1440
    told = ask("effort", "list", project=own_border, lang="es")[1]
    assert "patrullaje" in told
    assert "reported_share" in told
    say_share(own_border)
    after = run(ask, own_border)
    assert after["patrol_risk"]["state"] == "on"
    assert after["migrant_danger"] == {
        "score": "migrant_danger",
        "state": "off",
        "hours": 0.0,
        "cells": 0,
        "reported_share": 0.4,
    }


def test_the_score_of_the_other_side_of_the_wall_keeps_every_byte(ask, own_border, log):
    project = pipeline.open_project(own_border)
    before = pipeline.scores(project)
    ask("effort", "import", str(log), project=own_border)
    say_share(own_border)
    run(ask, own_border)
    after = pipeline.scores(project)
    assert after["migrant_danger"].equals(before["migrant_danger"])
    assert not after["patrol_risk"].equals(before["patrol_risk"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("TLP:CLEAR", "TLP:WHITE"),
        ("patrol", "raid"),
        ("2019-12-31", "2018-12-31"),
        ("40,patrol", "-40,patrol"),
    ],
)
def test_a_log_with_a_wrong_row_is_refused_whole(ask, own_border, log, old, new):
    log.write_text(log.read_text().replace(old, new))
    for lang in ("en", "es"):
        code, _, err = ask("effort", "import", str(log), project=own_border, lang=lang)
        assert code != 0
        assert "Traceback" not in err
        assert err.strip()
    assert len(pipeline.sum_effort(pipeline.open_project(own_border))) == 0


def test_a_log_without_an_hour_is_refused(ask, own_border, tmp_path):
    file = tmp_path / "effort.csv"
    file.write_text(HEADINGS + ROW.format(30, 0))
    code, _, err = ask("effort", "import", str(file), project=own_border)
    assert code != 0
    assert "0 hours" in err

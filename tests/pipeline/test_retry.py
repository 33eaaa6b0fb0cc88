"""A delivery that was killed and is sent again: no new rows, the same bytes."""

import datetime
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from riskmap import pipeline

ROOT = Path(__file__).parents[2]
AT = datetime.datetime(2051, 3, 10, tzinfo=datetime.UTC)
TEXT = "folio,fecha,tipo,latitud,longitud,fallecidos\n" + "".join(
    f"{n},{13 + n % 15}/12/2020,rescate,31.{40 + n},-110.25,0\n" for n in range(20)
)

PROGRAM = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from riskmap import pipeline
from riskmap.project import Project

def fall(point):
    if point == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)

project = Project.open(Path(sys.argv[1]), fault_point=fall)
at = datetime(2051, 3, 10, tzinfo=UTC)
pipeline.ingest_incidents(project, [Path(sys.argv[2])], "generic_es", at=at)
"""

POINTS = ("file.renamed", "ledger.committed")


def held(project):
    (batch,) = project.batches("incidents")
    return batch.accepted_sha256, batch.faults_sha256, batch.accepted


@pytest.mark.parametrize("point", POINTS)
def test_a_delivery_killed_and_sent_again_is_there_once(empty, tmp_path, point):
    file = tmp_path / "once.csv"
    file.write_text(TEXT, encoding="utf-8")
    twin = tmp_path / "twin"
    shutil.copytree(empty.path, twin)
    whole = pipeline.open_project(twin)
    pipeline.ingest_incidents(whole, [file], "generic_es", at=AT)
    killed = subprocess.run(
        [sys.executable, "-c", PROGRAM, empty.path, file, point],
        check=False, cwd=ROOT,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL
    project = pipeline.open_project(empty.path)
    (report,) = pipeline.ingest_incidents(project, [file], "generic_es", at=AT)
    assert report.accepted == 20
    assert report.quarantined == report.duplicates == 0
    assert held(project) == held(whole)
    assert all(finding.harmless for finding in project.verify())

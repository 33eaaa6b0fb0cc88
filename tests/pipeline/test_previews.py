"""Previews and extracts: nothing is stored by looking; files are the same each time."""

import io
import zipfile

import pytest

from riskmap import pipeline
from riskmap.i18n import Words
from riskmap.pipeline.extracts import zipped

FILE = "folio,fecha,tipo,latitud,longitud,fallecidos,nombre\n"
FILE += "1,25/12/2020,rescate,31.45,-110.25,0,Juana\n2,26/12/2020,rescate,0,0,0,Juan\n"


class StopError(Exception):
    """Somebody stopped the work."""


@pytest.fixture
def project(tmp_path):
    return pipeline.create_project(tmp_path / "border", empty=True)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "few.csv"
    path.write_text(FILE, encoding="utf-8")
    return path


def state_of(project):
    return [batch.file_sha256 for batch in project.batches("incidents")]


def test_a_preview_says_what_would_be_stored_and_stores_nothing(project, file):
    before = state_of(project)
    found = pipeline.preview_incidents(project, file)
    counts = (found.rows_in, found.accepted, found.quarantined, found.duplicates)
    assert counts == (2, 1, 1, 0)
    assert found.faults["code"].tolist() == ["coordinates_null_island"]
    assert found.stripped == {"nombre": 2}
    assert (found.sample["x"].tolist(), found.sample["y"].tolist()) == (
        [-110.25],
        [31.45],
    )
    assert state_of(project) == before


def test_what_was_previewed_is_what_is_taken(project, file):
    found = pipeline.preview_incidents(project, file)
    stages = []
    report = pipeline.take_previewed(
        project, file, progress=lambda *told: stages.append(told)
    )
    assert (report.accepted, report.quarantined) == (found.accepted, found.quarantined)
    assert stages == [("read", 0, 2), ("store", 1, 2), ("store", 2, 2)]
    assert pipeline.preview_incidents(project, file).known


@pytest.mark.parametrize("at", ["read", "store"])
def test_who_stops_before_storing_leaves_the_project_as_it_was(project, file, at):
    before = state_of(project)

    def stop(stage, *_):
        if stage == at:
            raise StopError

    with pytest.raises(StopError):
        pipeline.take_previewed(project, file, progress=stop)
    assert state_of(project) == before


def test_a_file_that_fits_no_profile_is_refused_with_a_proposal(project, tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("Cuando,Norte\n1/2/2020,31.4\n", encoding="utf-8")
    found = pipeline.preview_incidents(project, path)
    assert found.refused is not None
    assert found.rows_in == 0
    text = found.proposal.text(Words("es").text)
    assert "Cuando" in text


def test_a_zip_has_the_same_bytes_whatever_the_day_and_order(tmp_path):
    files = [tmp_path / "b.txt", tmp_path / "a.txt"]
    for path in files:
        path.write_text(path.name)
    first = zipped(files, tmp_path)
    assert first == zipped(files[::-1], tmp_path)
    assert zipfile.ZipFile(io.BytesIO(first)).namelist() == ["a.txt", "b.txt"]

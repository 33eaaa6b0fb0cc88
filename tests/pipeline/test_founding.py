"""A project is founded whole or not at all."""

import pytest

from riskmap import pipeline
from riskmap.errors import (
    FolderUnwritableError,
    ProjectExistsError,
    ProjectMissingError,
)
from riskmap.pipeline import founding


class StoppedError(Exception):
    """Stands in for Ctrl-C."""


def test_what_stops_before_the_end_leaves_no_project(tmp_path, monkeypatch):
    def stop(*_args, **_options):
        raise StoppedError

    folder = tmp_path / "border"
    monkeypatch.setattr(founding, "ingest_incidents", stop)
    with pytest.raises(StoppedError):
        pipeline.create_project(folder)
    assert not folder.exists()
    with pytest.raises(ProjectMissingError):
        pipeline.open_project(folder)


def test_what_stops_while_settling_can_be_founded_again(tmp_path, monkeypatch):
    folder = tmp_path / "border"
    settle = founding._settle

    def stop(draft, place):
        (draft / founding.LEDGER).rename(draft / "away")
        with pytest.raises(FileNotFoundError):
            settle(draft, place)
        raise StoppedError

    monkeypatch.setattr(founding, "_settle", stop)
    with pytest.raises(StoppedError):
        pipeline.create_project(folder, empty=True)
    with pytest.raises(ProjectMissingError):
        pipeline.open_project(folder)
    monkeypatch.setattr(founding, "_settle", settle)
    project = pipeline.create_project(folder, empty=True)
    assert pipeline.verify(project) == ()


def test_files_in_the_folder_stay(tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    pipeline.create_project(tmp_path, empty=True)
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"
    assert not list(tmp_path.glob(".draft*"))


def test_a_second_project_in_one_folder_is_refused(tmp_path):
    pipeline.create_project(tmp_path, empty=True)
    with pytest.raises(ProjectExistsError):
        pipeline.create_project(tmp_path)


def test_a_file_in_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "border").write_text("", encoding="utf-8")
    with pytest.raises(FolderUnwritableError):
        pipeline.create_project(tmp_path / "border")


def test_the_quarantine_of_a_new_project_holds_what_the_sample_has_wrong(ran):
    report = pipeline.status(ran)
    assert report.quarantined > 0
    assert pipeline.quarantine(ran)["code"].notna().all()
    batch = ran.batches("incidents")[0]
    assert batch.rows_in == batch.accepted + batch.quarantined + batch.duplicates


def test_a_project_with_a_damaged_ledger_is_checked_without_being_opened(empty):
    ledger = empty.path / founding.LEDGER
    damaged = bytearray(ledger.read_bytes())
    middle = len(damaged) // 2
    damaged[middle : middle + 4096] = bytes(4096)
    ledger.write_bytes(bytes(damaged))
    findings = pipeline.verify(empty.path)
    assert findings
    assert not findings[0].harmless

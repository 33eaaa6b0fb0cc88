"""A project that an older riskmap made still opens, and loses nothing.

Each archive in ``old`` was made by the riskmap of its month: the sample, at resolution
5 and 20 km to each side. A change of the store must leave every one of them readable.
"""

import zipfile
from pathlib import Path

import pytest

from riskmap import pipeline

OLD = sorted((Path(__file__).parent / "old").glob("*.zip"))


@pytest.fixture(params=OLD, ids=lambda path: path.stem)
def old(request, tmp_path):
    with zipfile.ZipFile(request.param) as archive:
        archive.extractall(tmp_path)
    return pipeline.open_project(tmp_path)


def test_it_opens_whole_and_tells_its_state(old):
    told = pipeline.status(old)
    assert told.incidents == 6160
    assert told.quarantined == 85
    assert pipeline.verify(old) == ()


def test_a_new_run_makes_what_is_new_and_keeps_the_records(old):
    before = old.read("incidents")
    pipeline.run(old)
    after = old.read("incidents")
    assert list(before.index) == list(after.index)
    assert after["dead"].tolist() == before["dead"].tolist()
    assert not pipeline.stale_tables(old)
    assert len(pipeline.zones(old))


def test_old_faults_say_no_line_and_new_ones_beside_them_do(old, tmp_path):
    before = pipeline.quarantined(old)
    assert (before["unit"] == "").all()
    assert before["line"].isna().all()
    path = tmp_path / "late.csv"
    path.write_text("date,type,latitude,longitude\n2020-12-25,picnic,31.4,-110.2\n")
    pipeline.ingest_incidents(old, [path], "generic_en")
    (late,) = pipeline.quarantined(old, file="late.csv").to_dict("records")
    assert (late["line"], late["unit"]) == (2, "line")
    assert pipeline.bytes_of(late) == b"2020-12-25,picnic,31.4,-110.2"
    assert len(pipeline.quarantined(old)) == len(before) + 1

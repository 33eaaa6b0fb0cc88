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

"""What an export may hold: as strict as what is in it, and what is closed stays."""

import json
import shutil

import numpy as np
import pytest

from riskmap import pipeline
from riskmap.errors import RestrictedError, TableMissingError
from riskmap.i18n import LANGUAGES, Words
from riskmap.project import Project

WORDS = {code: Words(code).text for code in LANGUAGES}


def marked(ran, tmp_path, label):
    """Copy a project and mark its first record."""
    shutil.copytree(ran.path, tmp_path / "p")
    project = Project.open(tmp_path / "p")
    records = project.read("incidents")
    said = records["marking"].astype("str")
    said = said.mask(np.arange(len(records)) == 0, label)
    project.write(
        "incidents",
        records.assign(marking=said),
        step="incidents",
        options={},
        inputs={},
    )
    return project


def test_open_tables_leave_whole_and_say_so(ran, tmp_path):
    told = pipeline.what_leaves(ran)
    assert (told.marking, told.withheld) == ("TLP:CLEAR", {})
    pipeline.export(ran, "csv", tmp_path, WORDS)
    notes = json.loads((tmp_path / "notes.json").read_text(encoding="utf-8"))
    assert notes["marking"] == "TLP:CLEAR"
    assert "withheld" not in notes


def test_a_file_is_as_strict_as_the_strictest_record_in_it(ran, tmp_path):
    project = marked(ran, tmp_path, "TLP:AMBER")
    told = pipeline.what_leaves(project)
    assert (told.marking, told.withheld) == ("TLP:AMBER//REL TO local", {})
    (page,) = pipeline.export(project, "html", tmp_path / "out", WORDS)
    assert "TLP:AMBER//REL TO local" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("form", ["csv", "geojson", "gpkg", "geoparquet"])
def test_what_is_for_named_eyes_only_leaves_in_no_file(ran, tmp_path, form):
    project = marked(ran, tmp_path, "TLP:RED")
    told = pipeline.what_leaves(project)
    assert {"scores", "zones", "incidents_by_cell"} <= set(told.withheld)
    assert told.withheld["scores"] == "TLP:RED//REL TO local"
    assert told.marking == "TLP:CLEAR"
    files = pipeline.export(project, form, tmp_path / "out", WORDS)
    names = {file.stem for file in files}
    assert "scores" not in names
    if form != "gpkg":
        assert "landmarks" in names


def test_a_map_without_its_scores_is_refused(ran, tmp_path):
    project = marked(ran, tmp_path, "TLP:RED")
    with pytest.raises(RestrictedError) as caught:
        pipeline.export(project, "html", tmp_path / "out", WORDS)
    assert caught.value.fields["role"] == "admin"
    assert not (tmp_path / "out").exists()


def test_before_the_first_run_the_store_says_what_is_missing(empty, tmp_path):
    with pytest.raises(TableMissingError):
        pipeline.export(empty, "csv", tmp_path / "out", WORDS)

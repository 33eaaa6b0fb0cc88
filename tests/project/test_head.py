"""The head of the ledger: what changes it and what does not."""

import pandas as pd
import pytest

from riskmap.errors import ProjectMissingError
from riskmap.project import Project, entry, head_of, record_audit


def test_a_table_changes_the_head_and_a_look_does_not(tmp_path):
    project = Project.create(tmp_path / "p")
    empty = head_of(project.path)
    assert empty == "0" * 64
    table = pd.DataFrame({"km": [1.0]})
    project.write("mine", table, step="x", options={}, inputs={})
    made = head_of(project.path)
    assert made != empty
    told = entry(
        at="2026-01-01T00:00:00+00:00", who="ana", action="view", subject="map"
    )
    record_audit(project, [told])
    assert head_of(project.path) == made
    # the same table again is no new version
    project.write("mine", table, step="x", options={}, inputs={})
    assert head_of(project.path) == made


def test_where_there_is_no_project_it_says_so(tmp_path):
    with pytest.raises(ProjectMissingError):
        head_of(tmp_path)

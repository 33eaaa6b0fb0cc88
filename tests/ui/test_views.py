"""Views of a project: read once for each state, kept for who still looks."""

import types
from dataclasses import replace

import pytest

from riskmap.ui import access, tables


class Counted:
    """A project that counts how often it is read."""

    path = "border"

    def __init__(self):
        self.sums, self.reads = {"scores": "a"}, 0
        self.said, self.seq = [], 1

    def snapshots(self):
        return [
            types.SimpleNamespace(
                name=name,
                sha256=sha256,
                seq=self.seq,
                step="scenario" if name.startswith("scenario_") else name,
            )
            for name, sha256 in self.sums.items()
        ]

    def batches(self, kind):
        return self.said if kind == "scenarios" else []


@pytest.fixture
def project(monkeypatch, view):
    counted = Counted()

    def read(_):
        counted.reads += 1
        return view

    monkeypatch.setattr(tables, "_read", read)
    return counted


def test_an_unchanged_project_is_read_once(project):
    views = tables.Views()
    assert views.of(project) is views.of(project)
    assert project.reads == 1


def test_a_changed_table_is_read_anew(project):
    views = tables.Views()
    views.of(project)
    project.sums["scores"] = "b"
    views.of(project)
    assert project.reads == 2


def test_a_scenario_renamed_is_read_anew(project):
    views = tables.Views()
    views.of(project)
    project.said.append("renamed")
    views.of(project)
    assert project.reads == 2


def test_a_scenario_made_of_other_tables_is_read_anew_though_it_came_out_the_same(
    project,
):
    views = tables.Views()
    project.sums["scenario_0_scores"] = "c"
    views.of(project)
    project.seq = 9
    views.of(project)
    assert project.reads == 2


def test_old_views_are_let_go(project):
    views = tables.Views()
    for sha256 in "abcdef":
        project.sums["scores"] = sha256
        views.of(project)
    assert len(views._kept) == tables.VIEWS_KEPT


def test_who_sees_the_same_anew_keeps_no_two_copies(project, view, monkeypatch):
    views = tables.Views()
    monkeypatch.setattr(tables, "_read", lambda _: replace(view, as_of="later"))
    first = views.of(project, "before", "ana")
    other = views.of(project, "before", "ben")
    assert other is first
    again = views.of(project, "after", "ana")
    assert again is not first
    assert again.tables is first.tables
    assert list(views._kept.values()) == [again]
    # another's view of the same tables is theirs alone
    theirs = views.of(project, "others", "ben")
    assert views._kept.keys() >= {f"others|{tables._stamp(project)}"}
    assert theirs is not again


def test_a_sight_seen_before_opens_nothing(project):
    views = tables.Views()
    opened = []

    def open_project():
        opened.append(project)
        return project

    first = views.at(("state", "seen"), open_project, "seen")
    assert views.at(("state", "seen"), open_project, "seen") is first
    assert len(opened) == 1
    views.at(("later", "seen"), open_project, "seen")
    assert len(opened) == 2


def test_files_are_found_by_the_view_s_name(project, view):
    views = tables.Views()
    assert views.files(view.digest) is None
    views.of(project)
    assert views.files(view.digest) is view.files


def test_the_folder_comes_from_the_environment_or_is_here(monkeypatch, tmp_path):
    monkeypatch.setenv(access.PROJECT_VARIABLE, str(tmp_path))
    assert access.project_folder() == tmp_path
    monkeypatch.delenv(access.PROJECT_VARIABLE)
    monkeypatch.chdir(tmp_path)
    assert access.project_folder() == tmp_path

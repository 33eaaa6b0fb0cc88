"""What moved since the last assessment: the split adds up, and is what reruns give."""

import shutil

import numpy as np
import pandas as pd
import pytest

from riskmap import pipeline
from riskmap.config import Config
from riskmap.errors import OptionError, TableMissingError, UnknownNameError
from riskmap.i18n import LANGUAGES, Words
from riskmap.pipeline.in_use import preset_with
from riskmap.pipeline.rank_change import _split, list_assessments
from riskmap.pipeline.reports import tell_nobody
from riskmap.pipeline.runner import Settings, Shelf
from riskmap.pipeline.steps import STEPS
from riskmap.project import Project
from riskmap.scoring import PRESETS

SCORE = PRESETS[0].name
STEP = next(step for step in STEPS if step.name == "scores")
DAYS = ("2019-01-01", "2020-01-01")
MODELS = ({}, {"numbers": {"bandwidths_km": [12, 35]}})


def assess(project, day, model):
    """Make the table of scores as a run does, and keep it with where it came from."""
    presets = (preset_with(PRESETS[0], model), *PRESETS[1:])
    settings = Settings(config=Config(), as_of=day, presets=presets)
    table = STEP.make(Shelf(project), settings, tell_nobody)[0]
    inputs = {name: project.snapshot(name).sha256 for name in STEP.needs}
    options = STEP.options(settings)
    return project.write("scores", table, step="scores", options=options, inputs=inputs)


@pytest.fixture(scope="module")
def four(ran, tmp_path_factory):
    """Old and new data under an old and a new model: all four assessments."""
    folder = tmp_path_factory.mktemp("four") / "border"
    shutil.copytree(ran.path, folder)
    project = Project.open(folder)
    made = {(d, m): assess(project, DAYS[d], MODELS[m]) for d in (0, 1) for m in (0, 1)}
    return project, made


@pytest.fixture(scope="module")
def both(four):
    """The oldest compared with the newest: data and model are others."""
    project, made = four
    return pipeline.rank_changes(project, SCORE, since=made[0, 0].sha256, top=20)


def test_each_is_held_still_as_a_run_of_its_own_would(four, both):
    project, made = four
    before, after = made[0, 0], made[1, 1]
    found = both
    assert (found.before.sha256, found.after.sha256) == (before.sha256, after.sha256)
    assert not found.same_data
    assert not found.same_model
    for column, one in {"new_data": (1, 0), "new_model": (0, 1)}.items():
        alone = project.read("scores", at=made[one].sha256)[f"{SCORE}_rank"]
        own = found.cells[column]
        assert own.equals(alone.loc[own.index].astype("Int64")), column
    assert set(found.cells["cause"]) > {"both"}


def test_the_two_parts_add_up_and_every_change_is_there(four, both):
    project, made = four
    found = both.cells
    known = found["change"].notna()
    assert known.any()
    whole = found.loc[known, "by_data"] + found.loc[known, "by_model"]
    assert np.allclose(whole, found.loc[known, "change"], atol=1e-9, rtol=0)
    ranks = [
        project.read("scores", at=made[one].sha256)[f"{SCORE}_rank"].fillna(0)
        for one in ((0, 0), (1, 1))
    ]
    assert set(found.index) == set(ranks[0].index[ranks[0] != ranks[1]])


def test_another_model_on_the_same_data_is_all_the_model_s(four):
    project, made = four
    # the newest is of new data and the new model
    found = pipeline.rank_changes(project, SCORE, since=made[1, 0].sha256)
    assert found.same_data
    assert set(found.cells["cause"]) == {"model"}
    assert (found.cells["by_data"].dropna() == 0).all()


def test_new_data_under_the_same_model_are_all_the_data_s(four):
    project, made = four
    found = pipeline.rank_changes(project, SCORE, since=made[0, 1].sha256)
    assert found.same_model
    assert set(found.cells["cause"]) == {"data"}
    assert (found.cells["by_model"].dropna() == 0).all()


def test_the_list_is_left_by_as_many_as_enter_it(both):
    found = both
    listed = found.listed()["list"].value_counts()
    assert listed["entered"] == listed["left"] > 0
    counts = found.counts()
    assert counts["cells"].sum() == len(found.cells)
    assert counts["entered"].sum() == listed["entered"]


def test_the_split_of_hand_worked_ranks():
    ranks = pd.DataFrame(
        {
            "before": [1, 2, 3, 4],
            "after": [3, 1, 4, 2],
            "new_data": [3, 2, 4, 1],
            "new_model": [1, 1, 2, 4],
        }
    ).astype("Int64")
    found = _split(ranks, 2)
    # 1 → 3: new data alone do it; 2 → 1: the new model alone; the rest take both
    assert found["cause"].tolist() == ["data", "model", "both", "both"]
    # of 3 → 4: (4 - 3 + 4 - 2) / 2 by data, (2 - 3 + 4 - 4) / 2 by the model
    assert found["by_data"].tolist() == [2.0, 0.0, 1.5, -2.5]
    assert found["by_model"].tolist() == [0.0, -1.0, -0.5, 0.5]
    assert found["list"].tolist() == ["left", "stayed", "outside", "entered"]


def test_ground_that_becomes_known_is_no_number_of_places():
    ranks = pd.DataFrame(
        {"before": [None], "after": [1], "new_data": [1], "new_model": [None]}
    ).astype("Int64")
    (row,) = _split(ranks, 2).to_dict("records")
    assert (row["cause"], row["list"]) == ("data", "entered")
    assert np.isnan(row["change"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_said_in_words(four, both, lang):
    _, made = four
    found = both
    words = Words(lang)
    said = pipeline.say_rank_changes(found, words)
    assert words.text("ranks.same.none") in said
    assert made[0, 0].sha256[:12] in said[0]
    assert len(said) == 2 + (found.counts()["cells"] > 0).sum()


def test_what_cannot_be_compared_is_refused(four, ran):
    project, _ = four
    with pytest.raises(TableMissingError):
        pipeline.rank_changes(ran, SCORE)
    with pytest.raises(UnknownNameError) as caught:
        pipeline.rank_changes(project, SCORE, since="1999-01-01")
    assert caught.value.fields["kind"] == "assessment"
    with pytest.raises(UnknownNameError):
        pipeline.rank_changes(project, "luck")
    with pytest.raises(OptionError):
        pipeline.rank_changes(project, SCORE, top=0)


def test_assessments_are_listed_once_each(four, ran):
    project, made = four
    held = [one.sha256 for one in list_assessments(project)]
    assert len(held) == len(set(held)) == 5
    assert held[0] == ran.snapshot("scores").sha256
    assert set(held[1:]) == {one.sha256 for one in made.values()}
    assert held[-1] == made[1, 1].sha256

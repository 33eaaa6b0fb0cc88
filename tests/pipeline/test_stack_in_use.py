"""The stack through the register: trained, put to use, explained, taken back."""

import numpy as np
import pytest

import riskmap
from riskmap.cli import program
from riskmap.history.learners import HistoryRegressor
from riskmap.i18n import LANGUAGES, Words
from riskmap.pipeline.bench import lay_bench
from riskmap.scoring.expectation import LEARNED

TARGET = "migrant_danger"
BY = {"by": "Office"}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "border"
    made = riskmap.Project.simulate(
        folder, years=4, deaths_per_year=120, change_year=2014
    )
    made.run(resolution=5)
    return made


def test_it_is_put_to_use_explained_in_sentences_and_taken_back(project):
    before = project.store.read("scores")
    model = project.train(TARGET, numbers={"stack_horizons": 2}, **BY)
    assert project.store.read("scores").equals(before)
    # what riskmap brings is judged on the same years, so both gains can be compared
    both = project.models()
    assert len(both) == 2
    assert both["events"].nunique() == both["best"].nunique() == 1
    project.approve(model, **BY)
    assert project.activate(model, reason="more bits in years past", **BY) == "restored"
    now, reasons = project.store.read("scores"), project.store.read("reasons")
    mine = reasons[reasons["score"] == TARGET]
    sums = mine.groupby("cell")["value"].sum()
    assert (sums.reindex(now.index) - now[TARGET]).abs().max() < 1e-9
    learned = mine[mine["part"] == LEARNED].set_index("cell")["value"]
    share = (learned / now[TARGET]).dropna()
    top = share.idxmax()
    words = {lang: Words(lang) for lang in LANGUAGES}
    (said,) = project.why(f"{top:x}", words, TARGET)
    percent = round(100 * share[top])
    for lang in LANGUAGES:
        assert words[lang].text("why.learned", percent=percent) in said[f"text_{lang}"]
        told = words[lang].text("why.trees", parts="@").partition("@")[0]
        assert told in said[f"text_{lang}"]
    # what the trees are said to be made of is what they expect, multiplied
    bench = lay_bench(project.store, TARGET)
    learner = HistoryRegressor(how="trees", horizon_days=365)
    layers = bench.features[list(bench.preset.layers)]
    expected = learner.fit(bench.records, layers=layers).predict(bench.records)
    place = bench.records.ground.index.get_loc(top)
    assert np.prod(list(said["trees"].values())) == pytest.approx(expected[place])
    project.roll_back(TARGET, reason="to compare", **BY)
    assert project.store.read("scores").equals(before)
    (said,) = project.why(f"{top:x}", words, TARGET)
    assert said["trees"] == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_model_of_another_resolution_is_refused_with_a_sentence(
    project, capsys, lang
):
    (model, *_) = project.models()["model_id"]
    project.approve(model, **BY)
    made = project.store.snapshot("cells").options
    project.run(resolution=4)
    environment = {"RISKMAP_PROJECT": str(project.path), "RISKMAP_LANG": lang}
    code = program.run(
        ["models", "activate", model, "--by", "x", "--reason", "a trial"], environment
    )
    told = capsys.readouterr().err
    reason = Words(lang).text("error.model_refused.reason.other_cells")
    assert code != 0
    assert reason in told
    project.run(resolution=made["resolution"])

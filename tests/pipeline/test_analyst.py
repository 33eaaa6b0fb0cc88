"""The analyst's bench on a made border: evaluate, train, activate, go back, why."""

import json
import subprocess
import sys

import numpy as np
import pytest

import riskmap
from riskmap import pipeline
from riskmap.errors import (
    CellIndexError,
    ConfigError,
    ModelRefusedError,
    PurposeWallError,
    TableMissingError,
    UnknownNameError,
)
from riskmap.evaluation.backtest import SKILL_TABLE
from riskmap.evaluation.fairness import FAIRNESS_TABLE
from riskmap.i18n import LANGUAGES, Words
from riskmap.pipeline.model_shelf import Decision
from riskmap.pipeline.models import export_model, import_model, train
from riskmap.schema import check_table

TARGET = "migrant_danger"
BY = {"by": "Office"}
LABELS = {lang: Words(lang).text for lang in LANGUAGES}

# short memories only: quick, and another map than riskmap's own
OTHER = {"half_lives_days": [365], "windows_days": [365]}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "border"
    made = riskmap.Project.simulate(
        folder, years=6, deaths_per_year=150, change_year=2014
    )
    made.run(resolution=6)
    return made


@pytest.fixture(scope="module")
def model(project):
    return project.train(TARGET, note="a trial", numbers=OTHER, **BY)


@pytest.fixture(scope="module")
def found(project):
    return project.evaluate(TARGET, draws=60)


def test_an_evaluation_keeps_its_contracts_and_is_stored(project, found):
    check_table(found.skill, SKILL_TABLE, name="skill")
    check_table(found.fairness, FAIRNESS_TABLE, name="fairness")
    assert set(found.skill["folds"]) >= {"time", "regions"}
    own = found.skill[(found.skill["versus"] == "") & (found.skill["folds"] == "time")]
    assert {"mixture", "noise_ceiling", "hindsight", *riskmap.BASELINES} <= set(
        own["model"]
    )
    kept = pipeline.read_evaluation(project.store, TARGET)
    assert kept.skill.equals(found.skill)
    assert kept.verdict(TARGET) == found.verdict(TARGET)
    assert pipeline.read_evaluation(project.store, "patrol_risk") is None


def test_the_page_says_the_verdict_in_both_languages(project, found, tmp_path):
    page, *plots = pipeline.save_evaluation(project.store, TARGET, tmp_path, LABELS)
    text = page.read_text("utf-8")
    key = "better" if found.verdict(TARGET).code == "better" else "not_better"
    for lang in LANGUAGES:
        assert f'<section lang="{lang}">' in text
        assert LABELS[lang](f"evaluation.{key}") in text
    assert "http://" not in text.replace("http://www.w3.org", "").replace(
        "http://purl.org", ""
    ).replace("http://creativecommons.org", "")
    assert text.count("<svg") == 6 == len(plots)


def test_a_score_that_was_never_judged_has_no_page(project, tmp_path):
    with pytest.raises(TableMissingError):
        pipeline.save_evaluation(project.store, "patrol_risk", tmp_path, LABELS)


def test_the_map_stays_until_a_model_is_activated(project, model):
    table = project.models(TARGET).set_index("model_id")
    assert table.loc[model, "state"] == "draft"
    assert table.loc[model, "author"] == "Office"
    facts = pipeline.model_facts(project.store, model)
    assert facts["settings"] == {"numbers": OTHER}
    assert len(facts["data_sha256"]) == 64
    assert set(facts["metrics"]) >= {"mixture", "count_all"}
    with pytest.raises(ModelRefusedError):
        project.activate(model, **BY)


def test_going_back_restores_the_same_bytes(project, model):
    names = ("scores", "reasons")
    before = [project.store.snapshot(name).sha256 for name in names]
    project.approve(model, **BY)
    done = project.activate(model, reason="to see it go back", **BY)
    assert done == "restored"
    active = [project.store.snapshot(name).sha256 for name in names]
    assert active[0] != before[0]
    # a run keeps what the model made, and what follows from it is made
    steps = {step.name: step.state for step in project.run(resolution=6).steps}
    assert set(steps.values()) == {"kept"}
    assert [project.store.snapshot(name).sha256 for name in names] == active
    assert project.roll_back(TARGET, reason="seen", **BY) == f"{TARGET}-0000"
    assert [project.store.snapshot(name).sha256 for name in names] == before
    states = project.models(TARGET).set_index("model_id")["state"].to_dict()
    assert states == {f"{TARGET}-0000": "active", model: "retired"}
    with pytest.raises(ModelRefusedError):
        project.roll_back(TARGET, **BY)


def test_the_registers_scores_are_those_that_a_run_with_its_settings_makes(
    project, model
):
    facts = pipeline.model_facts(project.store, model)
    kept = project.store.read("model_scores", at=facts["scores_sha256"])
    again = project.train(TARGET, numbers=OTHER, **BY)
    sha = pipeline.model_facts(project.store, again)["scores_sha256"]
    assert sha == facts["scores_sha256"]
    assert kept.equals(project.store.read("model_scores", at=sha))


def test_a_card_is_written_in_both_languages(project, model, tmp_path):
    page, *texts = pipeline.save_card(project.store, model, tmp_path, LABELS)
    assert [text.name for text in texts] == [f"{model}-{n}.md" for n in LABELS]
    for lang, text in zip(LABELS, texts, strict=True):
        said = text.read_text("utf-8")
        assert LABELS[lang]("models.card.forbidden") in said
        assert LABELS[lang]("models.card.limit.effort") in said
        assert LABELS[lang]("model.count_all") in said
        assert "Office" in said
        assert "models." not in said
    assert page.read_text("utf-8").count("<section") == 2


def test_a_model_goes_elsewhere_as_plain_files(project, model, tmp_path):
    folder = export_model(project.store, model, tmp_path)
    facts = json.loads((folder / "model.json").read_text("utf-8"))
    assert facts["model"]["model_id"] == model
    held = np.load(folder / "arrays.npz", allow_pickle=False)
    assert held["weight"].sum() == pytest.approx(1)
    taken = import_model(project.store, folder, Decision(who="Other office"))
    settings = pipeline.model_facts(project.store, taken)["settings"]
    assert settings == {"numbers": OTHER}


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"purpose": "public_safety"}, ConfigError),
        ({"kinds": ["violence_state"]}, ConfigError),
        ({"numbers": {"absent": 1}}, ConfigError),
        ({"numbers": {"near_km": "x"}}, ConfigError),
        ({"numbers": {"near_km": [1]}}, ConfigError),
        ({"layers": ["violence_per_100km2_year"]}, PurposeWallError),
        ({"layers": ["slope_deg", "of_a_package_not_here"]}, UnknownNameError),
    ],
)
def test_a_setting_that_may_not_be_is_refused(project, settings, error):
    layers = {layer.name: layer.purpose for layer in pipeline.layers()}
    if error is PurposeWallError:
        other = next(n for n, p in layers.items() if p == "public_safety")
        settings = {"layers": [other]}
    count = len(project.models())
    with pytest.raises(error):
        train(project.store, TARGET, Decision(who="x"), settings=settings)
    assert len(project.models()) == count


def test_why_counts_what_is_recorded_near_and_adds_up(project):
    # ground that nobody watches may rank high by its place alone
    scores = project.scores(TARGET)
    top = scores[scores[f"{TARGET}_evidence"] == "records"].head(1)
    words = {lang: Words(lang) for lang in LANGUAGES}
    (one,) = project.why(f"{top.index[0]:x}", words, TARGET)
    assert sum(one["parts"].values()) == pytest.approx(top[TARGET].iloc[0], abs=1e-9)
    assert one["text_en"].startswith("High because: ")
    assert one["text_es"].startswith("Alto porque: ")
    bench = project.bench(TARGET)
    ground, events = bench.records.ground, bench.records.events
    place = ground.index.get_loc(top.index[0])
    away = np.hypot(*(events.site_xy_km[events.site] - ground.xy_km[place]).T)
    old = bench.records.as_of_day - events.day
    assert one["recent"] == ((away <= 10) & (old <= 730)).sum() > 0
    assert f"{one['recent']} death" in one["text_en"]


def test_why_says_no_data_where_nobody_watches(project):
    scores = project.table("scores")
    unseen = scores.index[scores["patrol_risk_evidence"] == "no_data"][0]
    words = {lang: Words(lang) for lang in LANGUAGES}
    (one,) = project.why(f"{unseen:x}", words, "patrol_risk")
    assert one["text_en"].startswith("No data")
    with pytest.raises(CellIndexError):
        project.why("8628308a7ffffff", words)
    with pytest.raises(UnknownNameError):
        project.why("zzz qqq", words)


def test_influence_tells_every_layer_once(project):
    importance, dependence = project.influence(TARGET)
    assert importance["layer"].is_unique
    assert set(dependence["layer"]) <= set(importance["layer"])


def test_importing_riskmap_loads_nothing_heavy():
    code = (
        "import sys, time; start = time.perf_counter(); import riskmap; "
        "took = time.perf_counter() - start; "
        "heavy = {'pandas', 'numpy', 'sklearn', 'geopandas'} & set(sys.modules); "
        "print(took, sorted(heavy))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    took, heavy = done.stdout.split(maxsplit=1)
    assert heavy.strip() == "[]"
    assert float(took) < 0.1


@pytest.mark.parametrize("name", [n for n in riskmap.__all__ if n != "__version__"])
def test_every_name_of_the_public_face_is_there(name):
    assert getattr(riskmap, name).__doc__ or name.isupper()

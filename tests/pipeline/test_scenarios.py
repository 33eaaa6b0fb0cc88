"""Scenarios: the same steps with other options, kept, compared, walled, never lost."""

import shutil
import threading

import numpy as np
import pandas as pd
import pytest

from riskmap import pipeline
from riskmap.errors import (
    ConfigError,
    DateOptionError,
    PurposeWallError,
    ScenarioRefusedError,
    UnknownNameError,
)
from riskmap.i18n import LANGUAGES, Words
from riskmap.pipeline.map_layers import offered, values_of
from riskmap.pipeline.scenario_changes import table_of
from riskmap.pipeline.scenario_register import SCENARIOS, read_changes, scenario_events
from riskmap.pipeline.scenario_runs import make_tables
from riskmap.pipeline.scored import RECORD_TABLES
from riskmap.project import Project
from tests.pipeline.conftest import COARSE

Changes = pipeline.Changes

DANGER, RISK = pipeline.SCORES[:2]
DAY = "2019-01-01"

RECENT = Changes(target=DANGER, weights={"near_recent": 3.0})
PLACE = Changes(target=DANGER, weights={"place": 3.0, "near_recent": 0.5})
JANUARY = Changes(target=DANGER, month=1)
EARLIER = Changes(target=RISK, as_of=DAY)

SAVING_LAYER = next(
    one.name for one in pipeline.layers() if one.purpose == "life_saving"
)

NAMES = {"more recent": RECENT, "place": PLACE, "January": JANUARY, "2019": EARLIER}


def copy_of(project, folder):
    shutil.copytree(project.path, folder / "border")
    return Project.open(folder / "border")


@pytest.fixture(scope="module")
def border(ran, tmp_path_factory):
    """A copy of the project that has been run, with four scenarios."""
    project = copy_of(ran, tmp_path_factory.mktemp("scenarios"))
    for name, changes in NAMES.items():
        pipeline.create_scenario(project, name, changes, note="a test")
    return project


@pytest.fixture
def own(border, tmp_path):
    """A copy for one test alone."""
    return copy_of(border, tmp_path)


def test_a_scenario_is_kept_with_its_options_and_what_it_was_made_of(border):
    kept = border.snapshot(table_of(RECENT, "scores"))
    assert kept.step == "scenario"
    assert set(kept.inputs) == set(RECORD_TABLES)
    assert kept.options["model"]["numbers"]["part_weights"] == [3.0, 1, 1, 1, 1, 1]
    assert kept.options["as_of"] == pipeline.as_of_day(border)
    assert kept.options["purpose"] == "life_saving"


def test_the_map_stays_as_it_is(ran, border):
    for name in ("scores", "reasons", "zones", "hazards", "incidents"):
        assert border.snapshot(name).sha256 == ran.snapshot(name).sha256


def test_another_day_gives_what_a_run_of_that_day_gives(border, tmp_path):
    project = copy_of(border, tmp_path)
    pipeline.run(project, as_of=DAY, **COARSE)
    scores, reasons = (project.read(name) for name in ("scores", "reasons"))
    found = border.read(table_of(EARLIER, "scores"))
    pd.testing.assert_frame_equal(found, scores[found.columns], check_exact=True)
    mine = reasons[reasons["score"] == RISK].reset_index(drop=True)
    pd.testing.assert_frame_equal(
        border.read(table_of(EARLIER, "reasons")), mine, check_exact=True
    )
    zones = project.read("zones")
    assert list(border.read(table_of(EARLIER, "zones")).index) == list(
        zones.index[zones["score"] == RISK]
    )


def test_another_month_gives_what_the_hazards_of_that_month_are(border):
    asked = pipeline.read_hazards(border, month=1)
    found = border.read(table_of(JANUARY, "hazards"))
    pd.testing.assert_frame_equal(found, asked[found.columns], check_exact=True)
    # what the month does not change is not made anew
    assert border.snapshot(table_of(JANUARY, "scores")) is None


def test_the_same_inputs_give_the_same_bytes(border, own):
    for changes in (PLACE, JANUARY):
        names = ["hazards"] if changes.month else ["scores", "reasons", "zones"]
        kept = [border.snapshot(table_of(changes, name)).sha256 for name in names]
        make_tables(own, changes)
        made = [own.snapshot(table_of(changes, name)).sha256 for name in names]
        assert made == kept


def test_a_patrol_scenario_reads_no_record_that_saves_lives(border, own):
    incidents, coverage = own.read("incidents"), own.read("coverage")
    saving = incidents["purpose"] == "life_saving"
    assert saving.any()
    moved = incidents.copy()
    # what is not read can be anything
    moved.loc[saving, "geometry"] = moved.loc[~saving, "geometry"].iloc[0]
    moved.loc[saving, "occurred_on"] = moved["occurred_on"].min()
    watched = coverage[coverage["purpose"] != "life_saving"]
    for name, table in (("incidents", moved), ("coverage", watched)):
        own.write(name, table, step=name, options={}, inputs={})
    changes = Changes(target=RISK, weights={"place": 2.0})
    make_tables(own, changes)
    make_tables(border, changes)
    for name in ("scores", "reasons", "zones"):
        table = table_of(changes, name)
        assert own.snapshot(table).sha256 == border.snapshot(table).sha256


def test_the_steps_of_a_patrol_scenario_are_never_handed_one(border, monkeypatch):
    from riskmap.pipeline import scenario_runs  # noqa: PLC0415 its table is changed

    step = scenario_runs.BY_NAME["scores"]
    seen = []

    def make(tables, settings, progress):
        seen.extend(set(tables[name]["purpose"]) for name in ("incidents", "coverage"))
        return step.make(tables, settings, progress)

    spied = dict(scenario_runs.BY_NAME) | {
        "scores": type(step)(
            name=step.name, makes=step.makes, make=make, needs=step.needs
        )
    }
    monkeypatch.setattr(scenario_runs, "BY_NAME", spied)
    make_tables(border, Changes(target=RISK, weights={"place": 4.0}))
    assert seen
    assert all("life_saving" not in purposes for purposes in seen)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        (Changes(target=RISK, month=1), PurposeWallError),
        (Changes(target=RISK, settings={"layers": ["heat_chance"]}), PurposeWallError),
        (
            Changes(target=RISK, settings={"layers": [SAVING_LAYER]}),
            PurposeWallError,
        ),
        (Changes(target=DANGER, settings={"layers": ["luck"]}), UnknownNameError),
        (Changes(target="danger"), UnknownNameError),
        (Changes(target=DANGER, weights={"luck": 2.0}), UnknownNameError),
        (Changes(target=DANGER, weights={"place": -1.0}), ConfigError),
        (Changes(target=DANGER, weights={"place": float("inf")}), ConfigError),
        (Changes(target=DANGER, as_of="1 May"), DateOptionError),
        (Changes(target=DANGER, month=13), ScenarioRefusedError),
        (Changes(target=DANGER, settings={"purpose": "x"}), ConfigError),
        (Changes(target=DANGER, settings={"numbers": {"x": 1}}), ConfigError),
        (Changes(target=DANGER), ScenarioRefusedError),
        (Changes(target=DANGER, weights={"place": 1.0}), ScenarioRefusedError),
        (
            Changes(
                target=DANGER,
                weights={"place": 2.0},
                settings={"numbers": {"part_weights": [1, 1, 1, 1, 2, 1]}},
            ),
            ScenarioRefusedError,
        ),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_in_words_and_leaves_nothing(border, changes, error):
    before = (len(border.batches(SCENARIOS)), len(border.snapshots()))
    with pytest.raises(error) as raised:
        pipeline.create_scenario(border, "wrong", changes)
    assert (len(border.batches(SCENARIOS)), len(border.snapshots())) == before
    for lang in LANGUAGES:
        assert Words(lang).error(raised.value)


def test_weights_of_nothing_at_all_are_refused(border):
    none = dict.fromkeys(pipeline.SCORE_PARTS, 0.0)
    with pytest.raises(ConfigError):
        pipeline.create_scenario(border, "none", Changes(target=DANGER, weights=none))


@pytest.mark.parametrize(
    "name",
    ["", "  ", "x" * 61, "s1", "S12", "two\nlines", "a@b.example", "call 555-123-4567"],
)
def test_a_name_that_is_none_or_tells_of_a_person_is_refused(border, name):
    with pytest.raises(ScenarioRefusedError) as raised:
        pipeline.create_scenario(border, name, PLACE)
    assert raised.value.fields["reason"] == "name"


def test_a_name_belongs_to_one_scenario(own):
    with pytest.raises(ScenarioRefusedError):
        pipeline.create_scenario(own, "PLACE", RECENT)
    pipeline.remove_scenario(own, "place")
    assert pipeline.create_scenario(own, "Place", RECENT).scenario_id == "s5"


def test_two_scenarios_of_the_same_changes_share_what_they_found(own):
    before = len(own.snapshots())
    made = pipeline.create_scenario(own, "again", RECENT)
    assert len(own.snapshots()) == before
    assert pipeline.compare_scenarios(own, made.scenario_id, "more recent").facts[
        "same"
    ] == len(own.read("cells"))


def test_nothing_that_was_said_of_a_scenario_is_erased(own):
    pipeline.rename_scenario(own, "place", "more of the place")
    pipeline.remove_scenario(own, "more of the place")
    assert "s2" not in {one.scenario_id for one in pipeline.list_scenarios(own)}
    every = pipeline.list_scenarios(own, removed=True)
    gone = next(one for one in every if one.scenario_id == "s2")
    assert (gone.name, gone.removed, gone.changes) == ("more of the place", True, PLACE)
    events = scenario_events(own)
    mine = events[events["scenario_id"] == "s2"]
    assert mine["event"].tolist() == ["made", "renamed", "removed"]
    assert own.snapshot(table_of(PLACE, "scores")) is not None
    with pytest.raises(ScenarioRefusedError):
        pipeline.find_scenario(own, "s2")
    assert own.verify() == ()


def test_what_is_done_to_a_scenario_is_in_the_audit_log(own):
    pipeline.rename_scenario(own, "s1", "newest")
    told = [one for one in pipeline.read_audit(own) if one.action == "scenario"]
    assert [one.subject for one in told] == ["s1", "s2", "s3", "s4", "s1"]
    assert told[-1].detail == {"event": "renamed", "name": "newest"}
    assert pipeline.verify_audit(own).first_bad is None


def test_scenarios_saved_at_the_same_time_are_all_kept(own):
    failed = []

    def save(number):
        try:
            pipeline.create_scenario(own, f"person {number}", RECENT)
        except Exception as error:  # noqa: BLE001 a thread has no caller but the test
            failed.append(error)

    threads = [threading.Thread(target=save, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    found = pipeline.list_scenarios(own)
    assert {one.name for one in found} >= {f"person {n}" for n in range(4)}
    ids = [one.scenario_id for one in found]
    assert len(set(ids)) == len(ids)


def test_work_that_is_stopped_leaves_nothing(own):
    before = (len(own.batches(SCENARIOS)), len(own.snapshots()))

    def stop(step, _done, _total):
        if step == "store":
            raise KeyboardInterrupt

    changes = Changes(target=DANGER, weights={"far_old": 2.0})
    with pytest.raises(KeyboardInterrupt):
        pipeline.create_scenario(own, "stopped", changes, progress=stop)
    assert (len(own.batches(SCENARIOS)), len(own.snapshots())) == before


def test_a_scenario_of_other_records_is_stale_until_it_is_made_anew(own):
    assert pipeline.scenario_state(own, RECENT) == "current"
    fewer = own.read("incidents").iloc[:-200]
    own.write("incidents", fewer, step="linked", options={}, inputs={})
    assert pipeline.scenario_state(own, RECENT) == "stale"
    assert pipeline.scenario_state(own, JANUARY) == "current"
    found = pipeline.compare_scenarios(own, "more recent")
    assert found.stale == (False, True)
    assert pipeline.say_comparison(found, Words("en").text)[0] == Words("en").text(
        "scenario.stale"
    )
    names = {layer.name for layer in offered(own)}
    assert "scenario_s1" not in names
    assert "scenario_s3_heat_debt_l" in names
    pipeline.refresh_scenario(own, "more recent")
    assert pipeline.scenario_state(own, RECENT) == "current"


def test_a_scenario_of_other_cells_says_so(own):
    fewer = own.read("cells").iloc[:-1]
    own.write("cells", fewer, step="cells", options={}, inputs={})
    with pytest.raises(ScenarioRefusedError) as raised:
        pipeline.compare_scenarios(own, "more recent")
    assert raised.value.fields["reason"] == "other_cells"
    assert "more recent" in Words("en").error(raised.value)


def test_the_comparison_is_that_of_the_two_tables(border):
    found = pipeline.compare_scenarios(border, "place")
    before, after = border.read("scores"), border.read(table_of(PLACE, "scores"))
    cells = found.cells.sort_index()
    assert (cells["after"] - after[DANGER]).abs().max() == 0
    assert (cells["before"] - before[DANGER]).abs().max() == 0
    assert (cells["rank_after"] == after[f"{DANGER}_rank"]).all()
    assert found.facts["total_before"] == pytest.approx(found.facts["total_after"])
    assert 0 < found.facts["kept_5pct"] < 1


def test_the_largest_change_of_density_stands_first(border):
    cells = pipeline.compare_scenarios(border, "place").cells
    size = (cells["change"] / cells["area_km2"]).abs().to_numpy()
    assert (np.diff(size) <= 0).all()


def test_the_order_by_rank_is_of_the_densest_cells_only(border):
    found = pipeline.compare_scenarios(border, "place")
    listed = found.listed(20, order="rank")
    last = round(0.05 * len(found.cells))
    highest = listed[["rank_before", "rank_after"]].min(axis=1)
    assert (highest <= last).all()
    assert (np.diff(listed["rank_change"].abs().to_numpy(dtype=float)) <= 0).all()


def test_two_scenarios_are_compared_with_one_another(border):
    found = pipeline.compare_scenarios(border, "place", "more recent")
    assert found.before.name == "more recent"
    turned = pipeline.compare_scenarios(border, "more recent", "place")
    one, other = found.cells.sort_index(), turned.cells.sort_index()
    assert one["change"].to_numpy() == pytest.approx(-other["change"].to_numpy())


def test_scenarios_of_two_scores_are_not_compared(border):
    with pytest.raises(ScenarioRefusedError) as raised:
        pipeline.compare_scenarios(border, "place", "2019")
    assert raised.value.fields["reason"] == "other_score"


def test_a_scenario_beside_one_that_leaves_the_layer_alone_shows_the_runs(border):
    beside = pipeline.compare_scenarios(border, "place", "January", what=DANGER)
    alone = pipeline.compare_scenarios(border, "place")
    pd.testing.assert_frame_equal(beside.cells, alone.cells)


def test_a_layer_that_neither_changes_is_refused(border):
    with pytest.raises(UnknownNameError):
        pipeline.compare_scenarios(border, "place", what="heat_chance")


def test_zones_before_and_after_hold_all_zones_of_both(border):
    found = pipeline.compare_scenarios(border, "2019").zones
    zones = border.read("zones")
    before = set(zones.index[zones["score"] == RISK])
    after = set(border.read(table_of(EARLIER, "zones")).index)
    assert set(found["zone_before"]) - {""} == before
    assert set(found["zone_after"]) - {""} == after
    new = found[found["zone_before"] == ""]
    assert new["rank_before"].isna().all()
    assert new["expected_before"].isna().all()
    assert set(new["doubt"]) <= {"no_data"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_difference_within_the_doubt_is_said_to_be(border, lang):
    found = pipeline.compare_scenarios(border, "place")
    assert found.facts["beyond"] == 0
    assert found.facts["within"] > 0
    words = Words(lang)
    said = pipeline.say_comparison(found, words.text)
    assert words.text("scenario.said.within") in said
    assert any(words.text("scenario.skill.within") in one for one in said)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_hazards_have_no_interval_and_say_so(border, lang):
    words = Words(lang)
    found = pipeline.compare_scenarios(border, "January")
    said = pipeline.say_comparison(found, words.text)
    assert words.text("scenario.said.untold") in said
    assert words.text("scenario.said.month") in said


def test_skill_of_two_days_is_not_held_against_each_other(border):
    words = Words("en")
    found = pipeline.compare_scenarios(border, "2019")
    said = " ".join(pipeline.say_comparison(found, words.text))
    assert words.text("scenario.skill.other_years") in said


def test_what_is_changed_is_said_in_words():
    words = Words("en")
    said = pipeline.say_changes(PLACE, words.text)
    # in the order of the parts, however they were given
    for part, factor, one in zip(("near_recent", "place"), (0.5, 3), said, strict=True):
        named = words.text(f"part.{part}")
        assert one == words.text("scenario.changed.weight", part=named, factor=factor)
    (day,) = pipeline.say_changes(EARLIER, words.text)
    assert day == "only what was known before Jan 1, 2019"


def test_the_map_offers_every_current_scenario_under_its_name(border):
    layers = {one.name: one for one in offered(border) if one.group == "scenario"}
    assert set(layers) == {
        "scenario_s1",
        "scenario_s2",
        "scenario_s3_heat_debt_l",
        "scenario_s3_heat_chance",
        "scenario_s4",
    }
    assert layers["scenario_s1"].title == "more recent"
    assert layers["scenario_s4"].of == f"score.{RISK}"
    assert not any(one.saved for one in layers.values())
    read, stamp = values_of(border)
    values = read()
    after = border.read(table_of(RECENT, "scores"))[DANGER]
    assert (values["scenario_s1"] - after).abs().max() == 0
    assert values["scenario_s1_within"].dtype == bool
    assert border.snapshot(table_of(RECENT, "scores")).sha256 in stamp


def test_two_scenarios_differ_within_the_doubt_if_an_interval_holds_the_other(border):
    layers = {one.name: one for one in offered(border)}
    (other, column), *none = layers["scenario_s2"].apart
    assert (other, none) == ("scenario_s1", [])
    # a scenario of the other score has no other to be held against
    assert layers["scenario_s4"].apart == layers["scenario_s1"].apart == ()
    values = values_of(border)[0]()
    told = values[column]
    assert told.any()
    assert not told.all()
    for _, row in values.sample(300, random_state=1).iterrows():
        one, two = row["scenario_s1"], row["scenario_s2"]
        inside = row["scenario_s1_low"] <= two <= row["scenario_s1_high"]
        inside |= row["scenario_s2_low"] <= one <= row["scenario_s2_high"]
        assert row[column] == (inside and abs(one / two - 1) > 1e-9)


def test_the_marking_of_a_scenario_is_that_of_what_it_was_made_of(border):
    mine = pipeline.marking_of_table(border, table_of(RECENT, "scores"))
    base = pipeline.marking_of_table(border, "scores")
    assert mine.label == base.label


def test_changes_survive_being_written():
    for changes in NAMES.values():
        assert read_changes(changes.text()) == changes
        assert len(changes.key) == 12


def test_settings_as_models_know_them_are_taken(own):
    given = {"numbers": {"near_km": 12}}
    made = pipeline.create_scenario(
        own, "wider", Changes(target=DANGER, settings=given)
    )
    facts = pipeline.scenario_facts(own, "wider")
    assert facts["model"] == given
    assert facts["state"] == "current"
    found = pipeline.compare_scenarios(own, made.scenario_id)
    # it only names the parts: no figure changes
    assert found.facts["same"] == len(found.cells)

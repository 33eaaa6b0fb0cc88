"""What we accept of the other side's package: in our register, and out of it again."""

import shutil

import numpy as np
import pandas as pd
import pytest

from riskmap import pipeline
from riskmap.config import read_config
from riskmap.pipeline.linked import LINKED_STEP, LINKS_STEP
from riskmap.pipeline.packages import AGREEMENTS_FILE
from riskmap.pipeline.runner import Settings, Shelf, take_step
from riskmap.pipeline.steps import REGISTERS
from riskmap.pipeline.versions import records_named
from riskmap.sharing.package import open_package
from tests.pipeline.test_packages import COARSE, WORDS, changed


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    """A small project of the American side, run once."""
    made = pipeline.create_project(tmp_path_factory.mktemp("agreements") / "us")
    pipeline.run(made, **COARSE)
    settings = made.path / "riskmap.toml"
    text = settings.read_text(encoding="utf-8") + '\n[sharing]\ncountry = "US"\n'
    settings.write_text(text, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def internal(ground, tmp_path_factory):
    out = tmp_path_factory.mktemp("internal") / "p.zip"
    pipeline.create_package(ground, out, WORDS, profile="internal", to="US")
    return out


@pytest.fixture
def ours(ground, tmp_path):
    shutil.copytree(ground.path, tmp_path / "copy")
    return pipeline.open_project(tmp_path / "copy")


def renew(project):
    """Make the table of incidents of the register, without the rest of a run."""
    config = read_config(project.path / "riskmap.toml")
    settings = Settings(config=config, as_of="2022-01-01", folder=str(project.path))
    shelf = Shelf(project)
    for step in (*REGISTERS, LINKS_STEP, LINKED_STEP):
        take_step(step, project, settings, shelf, lambda *_: None)


def take_in(project, internal, tmp_path, name, change):
    """Take in a package of the other side, which saw something otherwise."""
    theirs = tmp_path / "theirs.zip"
    theirs.write_bytes(changed(internal, name, change, origin="MX"))
    pipeline.import_package(project, theirs)
    return open_package(theirs.read_bytes()).sha256, pipeline.diff_package(
        project, theirs
    )


def held(project, event_id):
    return records_named(project.batches("incidents"), pd.Index([event_id])).loc[
        event_id
    ]


def three_dead(frame):
    return frame.assign(dead=frame["dead"].where(frame.index != 3, 3))


def one_more(frame, **fields):
    """A record that we have not: like the fourth, of another day and source."""
    row = frame.iloc[[3]].assign(event_id="fgr:2021-17", source="fgr")
    row["occurred_on"] += pd.Timedelta(days=200)
    row = row.assign(**fields)
    return pd.concat([frame, row], ignore_index=True)


def test_an_accepted_number_is_in_our_register_and_can_be_taken_back(
    ours, internal, tmp_path
):
    sha256, found = take_in(ours, internal, tmp_path, "incidents", three_dead)
    (item,) = found["item"]
    name = item.partition("/")[2]
    before = held(ours, name)
    done = pipeline.decide_difference(ours, sha256, item, "accepted")
    assert done.effects == {item: "corrected"}
    after = held(ours, name)
    assert (before["dead"] != 3, after["dead"], after["status"]) == (
        True,
        3,
        "corrected",
    )
    for column in ("kind", "marking", "occurred_on", "accuracy_m", "geometry"):
        assert after[column] == before[column], column
    assert ours.batches("incidents")[-1].file_name.startswith(sha256)
    undone = pipeline.decide_difference(ours, sha256, item, "left")
    assert undone.taken_back == 1
    assert held(ours, name)["dead"] == before["dead"]
    assert len(pipeline.incident_history(ours, name)) == 3
    assert pipeline.agreed_differences(ours).empty
    # and once more, which is no repetition
    pipeline.decide_difference(ours, sha256, item, "accepted")
    assert held(ours, name)["dead"] == 3


def test_a_record_that_we_had_not_is_taken_in_and_withdrawn(ours, internal, tmp_path):
    sha256, found = take_in(ours, internal, tmp_path, "incidents", one_more)
    assert found[["item", "field", "ours"]].to_numpy().tolist() == [
        ["incident/fgr:2021-17", "record", "—"]
    ]
    before = len(ours.batches("incidents"))
    done = pipeline.decide_difference(ours, sha256, "incident/*", "accepted")
    assert list(done.effects.values()) == ["taken"]
    assert len(ours.batches("incidents")) == before + 1
    record = held(ours, "fgr:2021-17")
    assert record["source"] == "fgr"
    # known no better than a cell of resolution 7 is wide
    assert 1_000 < record["accuracy_m"] < 1_700
    renew(ours)
    assert "fgr:2021-17" in ours.read("incidents").index
    # what came and was accepted is no difference any more: nothing was lost
    assert pipeline.diff_package(ours, tmp_path / "theirs.zip").empty
    undone = pipeline.decide_difference(
        ours, sha256, "incident/fgr*", "disputed", reason="no está en la fuente"
    )
    assert undone.taken_back == 1
    assert held(ours, "fgr:2021-17")["status"] == "withdrawn"
    renew(ours)
    assert "fgr:2021-17" not in ours.read("incidents").index


def test_what_they_do_not_send_takes_nothing_from_us(ours, internal, tmp_path):
    sha256, found = take_in(
        ours, internal, tmp_path, "incidents", lambda frame: frame.drop(index=3)
    )
    before = len(ours.batches("incidents"))
    done = pipeline.decide_difference(ours, sha256, found["item"].iloc[0], "accepted")
    assert list(done.effects.values()) == ["noted"]
    assert len(ours.batches("incidents")) == before


def test_a_record_that_the_register_would_refuse_is_not_accepted(
    ours, internal, tmp_path
):
    def later(frame):
        day = pd.Timestamp("2031-05-01", tz="UTC")
        return one_more(frame, occurred_on=day)

    sha256, _ = take_in(ours, internal, tmp_path, "incidents", later)
    before = len(ours.batches("incidents"))
    done = pipeline.decide_difference(ours, sha256, "incident/*", "accepted")
    assert done.refused == ("incident/fgr:2021-17",)
    assert set(done.faults["code"]) == {"date_in_future"}
    assert len(ours.batches("incidents")) == before
    assert pipeline.read_opinions(ours).empty


def test_a_way_back_never_opens_a_record_and_may_close_it(ours, internal, tmp_path):
    def stricter(frame):
        rows = three_dead(frame)
        strict = rows["marking"].where(rows.index != 3, "TLP:AMBER//REL TO US")
        return rows.assign(marking=strict)

    sha256, found = take_in(ours, internal, tmp_path, "incidents", stricter)
    item = found["item"].iloc[0]
    name = item.partition("/")[2]
    assert held(ours, name)["marking"] == "TLP:CLEAR"
    pipeline.decide_difference(ours, sha256, item, "accepted")
    assert held(ours, name)["marking"].startswith("TLP:AMBER")
    pipeline.decide_difference(ours, sha256, item, "left")
    assert held(ours, name)["dead"] != 3
    assert held(ours, name)["marking"].startswith("TLP:AMBER")


def test_an_agreed_number_of_a_cell_stands_beside_ours(ours, internal, tmp_path):
    def lower(frame):
        here = np.arange(len(frame)) == 7
        return frame.assign(migrant_danger=frame["migrant_danger"].where(~here, 0.25))

    sha256, found = take_in(ours, internal, tmp_path, "scores", lower)
    item = found["item"].iloc[0]
    scores = ours.snapshot("scores").sha256
    done = pipeline.decide_difference(ours, sha256, item, "accepted")
    assert done.effects == {item: "agreed"}
    assert ours.snapshot("scores").sha256 == scores
    agreed = pipeline.agreed_differences(ours)
    assert agreed[["item", "field", "theirs", "package_side"]].to_numpy().tolist() == [
        [item, "migrant_danger", "0.25", "MX"]
    ]
    sent = {}
    for to in ("US", "MX"):
        out = tmp_path / f"{to}.zip"
        pipeline.create_package(ours, out, WORDS, profile="partner", to=to)
        sent[to] = AGREEMENTS_FILE in open_package(out).files
    # whose number it is is told so; nobody else
    assert sent == {"US": False, "MX": True}

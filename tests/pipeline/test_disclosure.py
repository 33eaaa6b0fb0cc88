"""Releases of a project: the ledger keeps them, corrections give nothing away."""

import datetime

import pandas as pd
import pytest

from riskmap import pipeline
from riskmap.config import read_config
from riskmap.errors import DisclosureError, DisclosureOptionError, UnknownNameError
from riskmap.pipeline.linked import LINKED_STEP, LINKS_STEP
from riskmap.pipeline.release_ledger import count_blocks
from riskmap.pipeline.runner import Settings, Shelf, take_step
from riskmap.pipeline.steps import REGISTERS, STEPS
from riskmap.project import audit_log
from riskmap.schema import empty_table
from riskmap.sharing.release import RELEASE_TABLE, check_held

AT = datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC)
ASKED = {"from_on": "2019-01-01", "to_on": "2020-01-01", "at": AT}


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    """The sample's cells and records, without the rest of a run."""
    made = pipeline.create_project(tmp_path_factory.mktemp("release") / "p")

    config = read_config(made.path / "riskmap.toml")
    settings = Settings(config=config, as_of="2022-01-01", folder=str(made.path))
    shelf = Shelf(made)
    wanted = [
        *REGISTERS,
        LINKS_STEP,
        LINKED_STEP,
        *(s for s in STEPS if s.name in {"cells", "coverage"}),
    ]
    for step in wanted:
        take_step(step, made, settings, shelf, lambda *_: None)
    return made


def test_what_left_stays_the_same_though_records_are_corrected(ground):
    first = pipeline.release_counts(ground, **ASKED)
    assert first.shown
    assert first.seq
    again = pipeline.release_counts(ground, **ASKED)
    assert again.repeated
    before = ground.read("incidents")
    ground.write("incidents", before.iloc[::2], step="incidents", options={}, inputs={})
    corrected = pipeline.release_counts(ground, **ASKED, only_check=True)
    pd.testing.assert_frame_equal(corrected.table, first.table)
    assert len(pipeline.read_ledger(ground)) == 1
    entry = audit_log(ground)[-1]
    assert (entry.action, entry.profile) == ("release", "public")
    assert entry.at == AT.isoformat(timespec="seconds")


def test_no_small_count_is_in_a_release(ground):
    table = pipeline.release_counts(ground, **ASKED, only_check=True).table
    shown = table[table["state"] == "shown"]
    assert (shown["events"] >= 11).all()
    assert table.loc[table["state"] == "protected", "events"].isna().all()


def test_an_epoch_that_is_not_over_for_72_hours_does_not_leave(ground):
    early = datetime.datetime(2020, 1, 3, 23, tzinfo=datetime.UTC)
    with pytest.raises(DisclosureOptionError):
        pipeline.release_counts(ground, **(ASKED | {"at": early}), only_check=True)


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"profile": "everybody"}, UnknownNameError),
        ({"changes": {"smallest_count": 0}}, DisclosureOptionError),
        ({"changes": {"colour": "red"}}, DisclosureOptionError),
        ({"cells": []}, DisclosureOptionError),
    ],
)
def test_bad_input_is_refused_and_the_ledger_stays(ground, asked, error):
    before = len(pipeline.read_ledger(ground))
    with pytest.raises(error):
        pipeline.release_counts(ground, **(ASKED | asked))
    assert len(pipeline.read_ledger(ground)) == before


def test_a_held_count_that_is_no_longer_counted_closes_the_door(ground):

    held = empty_table(RELEASE_TABLE, index="row").reset_index(drop=True)
    check_held([], held)
    table = pipeline.release_counts(ground, **ASKED, only_check=True).table

    blocks = count_blocks(
        ground,
        pipeline.read_ledger(ground),
        resolutions={3, 4},
        epochs={"year"},
        years=("2019", "2019"),
        originator="local",
    )
    check_held(blocks, table)
    wrong = table.assign(events=table["events"] + 1)
    with pytest.raises(DisclosureError):
        check_held(blocks, wrong)


def test_our_own_people_get_every_count_and_no_list_of_zeros(ground):
    told = pipeline.release_counts(
        ground, "internal", audience="US", only_check=True, **ASKED
    ).table
    assert (told["state"] == "shown").all()
    # the whole border is named though nothing is counted in it
    assert (told.loc[told["events"] == 0, "cell"] == 0).all()
    blocks = count_blocks(
        ground,
        pipeline.read_ledger(ground),
        resolutions=(3, 4),
        epochs=("month",),
        years=("2019", "2019"),
        originator="local",
    )
    for block in blocks:
        own = told[
            (told["stratum"] == block.stratum) & (told["purpose"] == block.purpose)
        ]
        own = own[own["cell"].isin(block.places.names) & (own["events"] > 0)]
        assert own["events"].sum() == block.counts.sum()
        assert len(own) == (block.counts > 0).sum()

"""Register and bundle: nothing erased, nothing that can run, no silent default."""

import hashlib
import io
import json
import pickle

import numpy as np
import pandas as pd
import pytest

from riskmap.errors import FileMissingError, ModelRefusedError, UnknownNameError
from riskmap.models import register
from riskmap.models.bundle import (
    ARRAYS_FILE,
    FACTS_FILE,
    array_bytes,
    from_table,
    read_bundle,
    to_table,
    write_bundle,
)
from riskmap.models.drift import drift_table, stability_index, weight_distance
from riskmap.models.register import (
    ACTIVATED,
    APPROVED,
    DECISION_TABLE,
    MADE,
    MODEL_TABLE,
    ROLLED_BACK,
    typed,
)

FACTS = {"kind": "mixture", "score": "migrant_danger", "settings": "{}"}
ARRAYS = {"weight": np.array([0.25, 0.75]), "expert": np.array(["a", "b"])}


def decisions(*pairs):
    rows = [
        {"model_id": m, "score": "s", "event": e, "who": "w", "reason": "", "at": ""}
        for m, e in pairs
    ]
    return typed(rows, DECISION_TABLE)


def models(*ids):
    usual = dict.fromkeys((column.name for column in MODEL_TABLE), "")
    numbers = {"seed": 0, "resolution": 7, "events": 0}
    gains = dict.fromkeys(("gain_bits", "gain_low", "gain_high"), 0.0)
    rows = [usual | numbers | gains | {"model_id": m, "score": "s"} for m in ids]
    return typed(rows, MODEL_TABLE)


def test_a_model_that_nobody_approved_is_refused():
    row = {"model_id": "s-1", "verdict": "better"}
    with pytest.raises(ModelRefusedError) as caught:
        register.check_activation(row, decisions(("s-1", MADE)), reason="why not")
    assert caught.value.fields["reason"] == "unapproved"


@pytest.mark.parametrize("verdict", ["not_better", "untested"])
def test_one_that_is_no_better_needs_a_recorded_reason(verdict):
    row = {"model_id": "s-1", "verdict": verdict}
    said = decisions(("s-1", MADE), ("s-1", APPROVED))
    for empty in ("", "  "):
        with pytest.raises(ModelRefusedError) as caught:
            register.check_activation(row, said, reason=empty)
        assert caught.value.fields["reason"] == "unproven"
    register.check_activation(row, said, reason="coverage of a new source")
    register.check_activation(row | {"verdict": "better"}, said, reason="")


def test_the_way_back_leads_through_every_model_that_was_in_use():
    said = decisions(("s-0", ACTIVATED), ("s-1", ACTIVATED), ("s-2", ACTIVATED))
    assert register.before_last(said, "s") == ("s-2", "s-1")
    back = decisions(
        ("s-0", ACTIVATED),
        ("s-1", ACTIVATED),
        ("s-2", ACTIVATED),
        ("s-2", ROLLED_BACK),
    )
    assert register.before_last(back, "s") == ("s-1", "s-0")
    with pytest.raises(ModelRefusedError):
        register.before_last(decisions(("s-0", ACTIVATED)), "s")
    assert register.line_of(said, "another") == ()


def test_each_model_stands_somewhere():
    said = decisions(
        ("s-0", APPROVED),
        ("s-0", ACTIVATED),
        ("s-1", APPROVED),
        ("s-1", ACTIVATED),
        ("s-2", MADE),
        ("s-3", APPROVED),
    )
    table = models("s-0", "s-1", "s-2", "s-3")
    found = register.states(table, said).tolist()
    assert found == ["retired", "active", "draft", "approved"]
    with pytest.raises(UnknownNameError):
        register.model_named(table, "s-9")


def test_a_bundle_comes_back_as_it_was_and_is_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        write_bundle(tmp_path / name, FACTS, ARRAYS)
    for file in (FACTS_FILE, ARRAYS_FILE):
        first, second = ((tmp_path / n / file).read_bytes() for n in ("one", "two"))
        assert first == second
    facts, arrays = read_bundle(tmp_path / "one")
    assert facts == FACTS
    assert all(np.array_equal(arrays[name], ARRAYS[name]) for name in ARRAYS)


class Trap:
    """Would tell, were it loaded."""

    sprung = False

    def __reduce__(self):
        return setattr, (Trap, "sprung", True)


def rewrite(folder, held):
    (folder / ARRAYS_FILE).write_bytes(held)
    document = json.loads((folder / FACTS_FILE).read_text("utf-8"))
    document["arrays_sha256"] = hashlib.sha256(held).hexdigest()
    (folder / FACTS_FILE).write_text(json.dumps(document), "utf-8")


def test_a_pickle_within_is_refused_and_never_run(tmp_path):
    write_bundle(tmp_path, FACTS, ARRAYS)
    held = io.BytesIO()
    np.savez(held, allow_pickle=True, weight=np.array([Trap()], dtype=object))
    for bad in (held.getvalue(), pickle.dumps(Trap())):
        rewrite(tmp_path, bad)
        with pytest.raises(ModelRefusedError) as caught:
            read_bundle(tmp_path)
        assert caught.value.fields["reason"] == "type"
    assert not Trap.sprung
    with pytest.raises(ModelRefusedError):
        array_bytes({"weight": np.array([Trap()], dtype=object)})


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"format": "pickle"}, "kind"),
        ({"version": 99}, "kind"),
        ({"model": {"kind": "torch"}}, "kind"),
        ({"arrays_sha256": "0" * 64}, "damaged"),
        ({"model": 7}, "damaged"),
    ],
)
def test_what_is_not_known_or_not_whole_is_refused(tmp_path, change, reason):
    write_bundle(tmp_path, FACTS, ARRAYS)
    document = json.loads((tmp_path / FACTS_FILE).read_text("utf-8")) | change
    (tmp_path / FACTS_FILE).write_text(json.dumps(document), "utf-8")
    with pytest.raises(ModelRefusedError) as caught:
        read_bundle(tmp_path)
    assert caught.value.fields["reason"] == reason


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileMissingError):
        read_bundle(tmp_path)


def test_arrays_come_back_from_the_table():
    table = to_table("m", ARRAYS)
    back = from_table(table, "m")
    assert all(np.array_equal(back[name], ARRAYS[name]) for name in ARRAYS)
    assert from_table(table, "other") == {}


def test_the_stability_index_is_hand_worked():
    before = np.repeat([0.0, 1.0], 50)
    after = np.repeat([0.0, 1.0], [80, 20])
    # tenths of two values make two bins: 0.5 and 0.5 against 0.8 and 0.2
    by_hand = 0.3 * np.log(0.8 / 0.5) - 0.3 * np.log(0.2 / 0.5)
    assert stability_index(before, after) == pytest.approx(by_hand)
    assert np.isnan(stability_index(before[:5], after))


def test_drift_raises_no_alarm_where_nothing_can_be_told():
    nothing = pd.DataFrame({"slope_deg": [np.nan]})
    table = drift_table(
        layers_before=nothing,
        layers_after=nothing,
        expected_since=np.nan,
        came_since=0.0,
        agreement=np.nan,
        weights=np.nan,
    )
    assert not table["alarm"].any()
    moved = drift_table(
        layers_before=nothing,
        layers_after=nothing,
        expected_since=200.0,
        came_since=100.0,
        agreement=0.2,
        weights=weight_distance({"a": 1.0}, {"b": 1.0}),
    )
    alarms = moved.set_index("measure")["alarm"]
    assert alarms[["calibration_since", "agreement", "weights_moved"]].all()

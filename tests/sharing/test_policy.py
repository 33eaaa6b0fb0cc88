"""One policy: equal to the oracle everywhere, and open by default to nobody."""

import datetime
import itertools

import numpy as np
import pandas as pd
import pytest

from riskmap.errors import MarkingError, UnknownNameError
from riskmap.sharing.markings import LABELS, PURPOSES, Marking
from riskmap.sharing.policy import (
    COUNTRIES,
    GRAINS,
    ROLES,
    SURFACES,
    Clearance,
    is_visible,
    visible_rows,
)
from tests.sharing.oracle import sees

RELEASES = [None, *map(frozenset, [(), ("US",), ("MX",), ("US", "MX"), ("Cruz Roja",)])]

# of the issue: this many policies drawn at random besides the exhaustive walk
POLICIES = 20_000


def test_the_policy_equals_the_oracle_everywhere():
    walked = 0
    for label, named, purpose in itertools.product(LABELS, RELEASES, PURPOSES):
        marking = Marking(label=label, releasable_to=named, purpose=purpose)
        for role, country, place, grain in itertools.product(
            ROLES, COUNTRIES, SURFACES, GRAINS
        ):
            clearance = Clearance(role=role, country=country)
            expected = sees(
                label, named, purpose, (role, {country}), place, grain == "record"
            )
            found = is_visible(marking, clearance, surface=place, grain=grain)
            assert found == expected, (marking, clearance, place, grain)
            walked += 1
    assert walked == 5 * 6 * 4 * 6 * 2 * 7 * 2


def test_twenty_thousand_random_policies_equal_the_oracle():
    rng = np.random.default_rng(7)
    names = np.array(["US", "MX", "Cruz Roja", "IOM", "CBP"])
    organisations = ["", "Cruz Roja", "IOM", "CBP", "SRE"]
    chosen = rng.random((POLICIES, len(names))) < 0.3
    table = pd.DataFrame(
        {
            "marking": rng.choice([*LABELS, ""], POLICIES),
            "purpose": rng.choice(PURPOSES, POLICIES),
            "releasable_to": [",".join(names[row]) for row in chosen],
        }
    ).astype("str")
    for role, place in itertools.product(ROLES, SURFACES):
        who = Clearance(
            role=role,
            country=str(rng.choice(COUNTRIES)),
            organisation=str(rng.choice(organisations)),
        )
        found = visible_rows(table, who, surface=place, originator="MX")
        for row, seen in zip(table.itertuples(), found, strict=True):
            label = row.marking or "TLP:AMBER+STRICT"
            given = row.releasable_to if row.marking else ""
            named = set(given.split(",")) - {""} | {"MX"}
            if not given and label in {"TLP:CLEAR", "TLP:GREEN"}:
                named = None
            person = (role, who.names)
            assert seen == sees(label, named, row.purpose, person, place, True)


@pytest.mark.parametrize("role", ["viewer", "planner", "assessor"])
@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("label", LABELS)
def test_life_saving_records_never_come_before_enforcement(role, surface, label):
    marking = Marking(
        label=label, releasable_to=frozenset(COUNTRIES), purpose="life_saving"
    )
    for country in COUNTRIES:
        who = Clearance(role=role, country=country)
        assert not is_visible(marking, who, surface=surface)


def test_rows_without_a_marking_are_seen_by_their_originator_only():
    rows = pd.DataFrame({"km": [1.0, 2.0]})
    for country, expected in (("US", [True, True]), ("MX", [False, False])):
        who = Clearance(role="admin", country=country)
        seen = visible_rows(rows, who, surface="table", originator="US")
        assert seen.tolist() == expected


def test_a_row_with_a_label_that_is_none_shows_nothing_at_all():
    rows = pd.DataFrame({"marking": ["TLP:CLEAR", "TLP:PURPLE"]})
    with pytest.raises(MarkingError):
        visible_rows(
            rows,
            Clearance(role="admin", country="US"),
            surface="table",
            originator="US",
        )


def test_a_purpose_nobody_knows_is_taken_for_both():
    rows = pd.DataFrame({"marking": ["TLP:CLEAR"], "purpose": ["sightseeing"]})
    for role in ("planner", "humanitarian"):
        who = Clearance(role=role, country="US")
        assert not visible_rows(rows, who, surface="map", originator="US").any()


def test_a_table_without_rows_is_no_trouble():
    who = Clearance(role="viewer", country="US")
    seen = visible_rows(pd.DataFrame(), who, surface="map", originator="US")
    assert seen.shape == (0,)


@pytest.mark.parametrize(
    ("role", "country"), [("chief", "US"), ("admin", "CA"), ("", "US")]
)
def test_a_role_or_country_that_is_none_is_refused(role, country):
    with pytest.raises(UnknownNameError):
        Clearance(role=role, country=country)


@pytest.mark.parametrize("known", [{"surface": "radio"}, {"grain": "crumb"}])
def test_a_surface_or_grain_that_is_none_is_refused(known):
    who = Clearance(role="admin", country="US")
    with pytest.raises(UnknownNameError):
        is_visible(Marking(), who, **({"surface": "map"} | known))


def test_a_clearance_ends_when_it_says():
    noon = datetime.datetime(2026, 5, 1, 12, tzinfo=datetime.UTC)
    who = Clearance(role="viewer", country="MX", expires_at=noon)
    assert who.holds_at(noon - datetime.timedelta(microseconds=1))
    assert not who.holds_at(noon)
    assert Clearance(role="viewer", country="MX").holds_at(noon)

"""Who somebody is, and what the project lets them see and do."""

import datetime
import itertools

import pandas as pd
import pytest

from riskmap import pipeline
from riskmap.errors import AccessError, DeedError, UnknownNameError
from riskmap.pipeline.access import clearance_of, open_for, open_to, view_key
from riskmap.pipeline.policy import marking_of_table
from riskmap.pipeline.record_marks import LIFE_SAVING_LANDMARKS
from riskmap.sharing.options import AccessOptions
from riskmap.sharing.policy import DEEDS, ROLES, Clearance

ENDS = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
CLAIMS = {
    "is_logged_in": True,
    "email": "ana@example.org",
    "riskmap_role": "planner",
    "riskmap_country": "MX",
    "exp": int(ENDS.timestamp()),
}

BAD = {
    "role": {"riskmap_role": "boss"},
    "role missing": {"riskmap_role": None},
    "two roles": {"riskmap_role": ["viewer", "admin"]},
    "country": {"riskmap_country": "CA"},
    "person": {"email": ""},
    "expiry": {"exp": None},
    "expiry text": {"exp": "soon"},
    "expiry nan": {"exp": float("nan")},
}


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    """A project that no test changes."""
    return pipeline.create_project(tmp_path_factory.mktemp("ground") / "p", empty=True)


def settings(project, text):
    file = project.path / "riskmap.toml"
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.mark.parametrize("wrong", BAD.values(), ids=BAD)
def test_a_sign_in_that_does_not_say_all_lets_nobody_in(wrong):
    with pytest.raises(AccessError) as caught:
        clearance_of(CLAIMS | wrong, AccessOptions())
    name = next(iter(wrong)).removeprefix("riskmap_")
    known = {"email": "person", "exp": "expiry"}
    assert caught.value.fields["reason"] == known.get(name, name)
    # a claim is named, its content is not quoted
    assert str(next(iter(wrong.values()))) not in str(caught.value.fields) or (
        next(iter(wrong.values())) in ("", None)
    )


def test_a_role_may_stand_among_groups():
    said = CLAIMS | {"riskmap_role": ["staff", "analyst", "night shift"]}
    assert clearance_of(said, AccessOptions()).role == "analyst"


def test_the_claims_have_the_names_that_the_settings_give(empty):
    settings(empty, '\n[access]\nrole_claim = "groups"\nperson_claim = "upn"\n')
    said = {**CLAIMS, "groups": ["viewer"], "upn": "x"}
    before = ENDS - datetime.timedelta(seconds=1)
    made = pipeline.signed_clearance(empty.path, said, at=before)
    assert (made.role, made.person, made.assumed) == ("viewer", "x", False)


def test_a_sign_in_ends_on_the_second(ground):
    before = ENDS - datetime.timedelta(seconds=1)
    assert pipeline.signed_clearance(ground.path, CLAIMS, at=before).role == "planner"
    with pytest.raises(AccessError) as caught:
        pipeline.signed_clearance(ground.path, CLAIMS, at=ENDS)
    assert caught.value.fields["reason"] == "expired"


def test_nobody_signed_in_is_nobody(ground):
    with pytest.raises(AccessError):
        pipeline.signed_clearance(ground.path, {}, at=ENDS)


def test_the_local_user_is_of_the_country_that_holds_the_project(empty):
    made = pipeline.local_clearance(empty.path)
    assert (made.role, made.assumed, made.organisation) == ("admin", True, "local")
    settings(empty, '\n[sharing]\ncountry = "MX"\n[access]\nlocal_role = "assessor"\n')
    made = pipeline.local_clearance(empty.path)
    assert (made.role, made.country, made.organisation) == ("assessor", "MX", "")
    assert pipeline.local_clearance(empty.path, role="viewer").role == "viewer"
    with pytest.raises(UnknownNameError):
        pipeline.local_clearance(empty.path, role="boss")


@pytest.mark.parametrize(("role", "deed"), list(itertools.product(ROLES, DEEDS)))
def test_each_deed_is_open_to_its_roles_and_to_no_other(ground, role, deed):
    who = Clearance(role=role, country="US", person="ana")
    if role in DEEDS[deed]:
        assert open_to(ground.path, who, deed).looks_as == ""
        return
    with pytest.raises(DeedError) as caught:
        open_to(ground.path, who, deed)
    assert caught.value.fields == {"deed": deed, "role": role}


@pytest.mark.parametrize("role", ROLES)
def test_who_looks_writes_nothing(ground, role):
    seen = open_for(ground.path, Clearance(role=role, country="US"), "table")
    table = pd.DataFrame({"km": [1.0]})
    with pytest.raises(DeedError):
        seen.write("mine", table, step="x", options={}, inputs={})
    with pytest.raises(DeedError):
        seen.record_batch("mine", accepted=table, faults=table)
    assert ground.snapshot("mine") is None


def test_people_who_see_the_same_share_a_name_for_it_and_others_do_not(ran):
    def key(role, surface="table"):
        whose = pipeline.local_clearance(ran.path, role=role)
        return view_key(open_for(ran.path, whose, surface))

    # quarantine is closed to both, life-saving records one by one too
    assert key("viewer") == key("viewer")
    assert key("admin") == key("analyst")
    assert len({key("admin"), key("viewer"), key("humanitarian")}) == 3
    assert key("admin", "log") != key("admin")


def test_a_change_of_the_project_changes_the_name(empty):
    whose = pipeline.local_clearance(empty.path)
    before = view_key(open_for(empty.path, whose, "table"))
    empty.write("mine", pd.DataFrame({"km": [1.0]}), step="x", options={}, inputs={})
    assert view_key(open_for(empty.path, whose, "table")) != before


def test_tables_for_everybody_are_made_of_no_life_saving_landmark(empty):
    landmarks = empty.batches("landmarks").accepted()
    assert "water_station" in LIFE_SAVING_LANDMARKS
    kinds = landmarks["kind"].astype("str")
    secret = landmarks.assign(kind=kinds.mask(kinds == "town", "water_station"))
    empty.write("landmarks", secret, step="landmarks", options={}, inputs={})
    of_all = {"landmarks": empty.snapshot("landmarks").sha256}
    table = pd.DataFrame({"km": [1.0]})
    empty.write("zones", table, step="zones", options={}, inputs=of_all)
    assert marking_of_table(empty, "landmarks").label == "TLP:AMBER+STRICT"
    assert marking_of_table(empty, "zones").label == "TLP:CLEAR"


def test_a_view_is_written_down_only_of_what_is_restricted(ran):
    holder = pipeline.local_clearance(ran.path)
    seen = open_for(ran.path, holder, "table")
    before = len(pipeline.read_audit(ran))
    open_to_all = pipeline.restricted_tables(seen, ("scores", "zones", "no_such"))
    assert open_to_all == ()
    pipeline.record_view(seen, "map", open_to_all)
    assert len(pipeline.read_audit(ran)) == before
    assert pipeline.restricted_tables(seen, ("quarantine",)) == ("quarantine",)
    pipeline.record_view(seen, "quality", ("quarantine",))
    last = pipeline.read_audit(ran)[-1]
    assert (last.action, last.subject, last.who) == ("view", "quality", "local")
    # who sees nothing of it has viewed nothing
    viewer = pipeline.local_clearance(ran.path, role="viewer")
    theirs = open_for(ran.path, viewer, "table")
    assert pipeline.restricted_tables(theirs, ("quarantine",)) == ()


def test_what_others_did_is_told_to_analysts_and_admins_only(empty):
    ana = Clearance(role="planner", country="US", person="ana")
    pipeline.record_action(open_for(empty.path, ana, "log"), "view", "map")
    pipeline.record_action(empty, "edit", "landmark")
    told = {
        role: [
            one.who
            for one in pipeline.read_audit(
                open_for(empty.path, Clearance(role=role, country="US"), "log")
            )
        ]
        for role in ROLES
    }
    assert "ana (planner, US)" in told["admin"]
    assert told["analyst"] == told["admin"]
    assert told["viewer"] == told["planner"] == []
    mine = pipeline.read_audit(open_for(empty.path, ana, "log"), last=5)
    assert [one.subject for one in mine] == ["map"]

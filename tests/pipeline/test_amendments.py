"""Versions on a real project: nothing is overwritten, any day's state comes back."""

import datetime

import pytest

from riskmap import pipeline
from riskmap.errors import BeforeFoundingError, DateOptionError, UnknownNameError
from riskmap.pipeline.road import end_of
from riskmap.pipeline.versions import current_records
from tests.pipeline.conftest import COARSE

# after the project was founded, whose landmarks must be known by then
MARCH = datetime.datetime(2051, 3, 10, tzinfo=datetime.UTC)
MAY = datetime.datetime(2051, 5, 2, tzinfo=datetime.UTC)
JUNE = datetime.datetime(2051, 6, 3, tzinfo=datetime.UTC)

HEADS = "id,date,date_precision,lon,lat,accuracy_m,kind,cause,dead,missing,source,"
HEADS += "source_quality,status\n"

SPRING = f"""{HEADS}\
a1,2019-05-02,day,-111.01,31.40,100,migrant_death,exposure,1,0,iom_mmp,5,
a2,2020-05-02,day,-111.02,31.41,100,migrant_death,exposure,1,0,iom_mmp,5,
a3,2020-07-09,day,-110.94,31.41,1000,migrant_death,drowning,2,0,iom_mmp,,
a4,2020-07-10,day,-110.94,0,1000,migrant_death,drowning,2,0,iom_mmp,,
"""

SUMMER = f"""{HEADS}\
a2,2020-05-02,day,-111.02,31.43,100,migrant_death,exposure,3,0,iom_mmp,5,corrected
a3,,,,,,,,,,iom_mmp,,withdrawn
a5,2020-08-01,day,-110.94,31.42,1000,migrant_death,drowning,1,0,iom_mmp,,
"""


def file(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def checksums(project):
    return {made.name: made.sha256 for made in project.snapshots()}


@pytest.fixture
def spring(empty, tmp_path):
    """A project of which four rows became known in March."""
    path = file(tmp_path, "spring.csv", SPRING)
    pipeline.ingest_incidents(empty, [path], at=MARCH)
    return empty


def test_a_march_assessment_rerun_in_september_has_the_bytes_of_march(spring, tmp_path):
    pipeline.run(spring, as_of="2021-03-31", **COARSE)
    march = checksums(spring)
    path = file(tmp_path, "summer.csv", SUMMER)
    (report,) = pipeline.ingest_incidents(spring, [path], at=JUNE)
    assert (report.accepted, report.quarantined) == (3, 0)
    pipeline.amend_incident(
        spring, "iom_mmp:a1", {"dead": "4"}, reason="recount", at=JUNE
    )
    pipeline.run(spring, as_of="2021-03-31", **COARSE)
    september = checksums(spring)
    assert september["scores"] != march["scores"]
    assert september["incidents"] != march["incidents"]
    pipeline.run(spring, as_of="2021-03-31", known_by="2051-03-31", **COARSE)
    assert checksums(spring) == march


def test_a_withdrawn_record_leaves_every_count_from_then_on(spring):
    before = current_records(spring.batches("incidents"))
    pipeline.amend_incident(
        spring, "iom_mmp:a3", {}, reason="twice", withdraw=True, at=MAY
    )
    after = current_records(spring.batches("incidents"))
    assert set(before.index) - set(after.index) == {"iom_mmp:a3"}
    assert pipeline.status(spring).incidents == len(after)
    then = current_records(spring.batches("incidents").known_by(end_of("2051-05-01")))
    assert then.equals(before)
    pipeline.run(spring, as_of="2021-03-31", **COARSE)
    assert "iom_mmp:a3" not in spring.read("incidents").index


def test_every_version_is_told_with_what_it_changed(spring, tmp_path):
    path = file(tmp_path, "summer.csv", SUMMER)
    pipeline.ingest_incidents(spring, [path], at=JUNE)
    told = pipeline.incident_history(spring, "iom_mmp:a2")
    assert [one["status"] for one in told] == ["reported", "corrected"]
    assert told[1]["changed"] == {"lat": ("31.41", "31.43"), "dead": ("1", "3")}
    assert [one["known_at"][:10] for one in told] == ["2051-03-10", "2051-06-03"]
    last = pipeline.incident_history(spring, "iom_mmp:a3")[-1]
    assert (last["status"], last["changed"]) == ("withdrawn", {})


def test_to_and_fro_are_three_versions_and_a_retry_is_none(spring):
    for dead in ("2", "1", "2"):
        done = pipeline.amend_incident(
            spring, "iom_mmp:a1", {"dead": dead}, reason="recount", at=MAY
        )
        assert done.report.accepted == 1
    done = pipeline.amend_incident(
        spring, "iom_mmp:a1", {"dead": "2"}, reason="recount", at=MAY
    )
    assert (done.report.accepted, done.report.duplicates) == (0, 1)
    assert len(pipeline.incident_history(spring, "iom_mmp:a1")) == 4


def test_a_correction_that_would_be_at_fault_is_refused_whole(spring):
    known = len(spring.batches("incidents"))
    done = pipeline.amend_incident(
        spring, "iom_mmp:a1", {"dead": "-1"}, reason="slip", at=MAY
    )
    assert done.report is None
    assert done.faults["code"].tolist() == ["count_negative"]
    assert len(spring.batches("incidents")) == known
    assert pipeline.read_audit(spring)[-1].action == "import"


def test_who_corrects_withdraws_or_accepts_is_in_the_audit_log(spring, tmp_path):
    a1, a3 = "iom_mmp:a1", "iom_mmp:a3"
    pipeline.amend_incident(spring, a1, {"dead": "2"}, reason="recount", at=MAY)
    pipeline.amend_incident(spring, a3, {}, reason="twice", withdraw=True, at=MAY)
    text = SUMMER.splitlines(keepends=True)
    changed = "".join(text[:2]).replace(",corrected\n", ",\n")
    pipeline.ingest_incidents(spring, [file(tmp_path, "again.csv", changed)], at=JUNE)
    (ref,) = pipeline.quarantined(spring, code="id_changed")["ref"]
    pipeline.accept_rows(spring, (ref,), at=JUNE)
    log = pipeline.read_audit(spring, last=4)
    assert [(one.action, one.subject) for one in log] == [
        ("edit", a1),
        ("edit", a3),
        ("import", "again.csv"),
        ("approve", ref),
    ]
    assert [one.detail for one in log[:2]] == [
        {"status": "corrected"},
        {"status": "withdrawn"},
    ]


@pytest.mark.parametrize(
    ("event_id", "changes"), [("iom_mmp:zz", {}), ("iom_mmp:a1", {"colour": "red"})]
)
def test_what_is_not_there_cannot_be_corrected(spring, event_id, changes):
    with pytest.raises(UnknownNameError):
        pipeline.amend_incident(spring, event_id, changes, reason="", at=MAY)


def test_a_time_before_the_founding_is_told_as_such(empty):
    with pytest.raises(BeforeFoundingError) as caught:
        pipeline.run(empty, known_by="2001-01-01", **COARSE)
    fields = caught.value.fields
    assert fields["value"] == "2001-01-01"
    assert fields["founded_on"] == empty.batches("landmarks")[0].known_at[:10]


def test_a_time_that_is_none_is_refused():
    with pytest.raises(DateOptionError):
        end_of("last spring")


SIGNS = """id,date,type,lat,lon,deaths
1,2021-02-01,rescue,31.45,110.25
2,2021-02-02,rescue,31.46,-110.20
3,2021-02-03,rescue,0,-110.20
"""


def test_a_person_accepts_what_is_proposed_and_the_record_tells(empty, tmp_path):
    path = file(
        tmp_path, "signs.csv", SIGNS.replace("\n", ",0\n").replace("deaths,0", "deaths")
    )
    pipeline.ingest_incidents(empty, [path], at=MARCH)
    waiting = pipeline.quarantined(empty)
    (sign,) = waiting.loc[waiting["code"] == "longitude_sign_lost", "ref"]
    (zero,) = waiting.loc[waiting["code"] == "coordinate_zero", "ref"]
    with pytest.raises(UnknownNameError):
        pipeline.accept_rows(empty, (sign, zero), at=MAY)
    (report,), taken = pipeline.accept_rows(empty, (sign,), at=MAY)
    assert (report.accepted, taken) == (1, 1)
    row = current_records(empty.batches("incidents")).loc["local:1"]
    assert (row["geometry"].x, row["mended"]) == (-110.25, "longitude_sign_lost")
    assert set(pipeline.quarantined(empty)["ref"]) == {zero}


def test_a_changed_row_is_confirmed_as_a_correction(spring, tmp_path):
    text = SUMMER.replace(",corrected\n", ",\n")
    (report,) = pipeline.ingest_incidents(
        spring, [file(tmp_path, "summer.csv", text)], at=JUNE
    )
    assert report.faults == {"id_changed": 1}
    waiting = pipeline.quarantined(spring, code="id_changed")
    reports, taken = pipeline.accept_rows(spring, (waiting["ref"].iloc[0],), at=JUNE)
    assert (reports[0].accepted, taken) == (1, 1)
    row = current_records(spring.batches("incidents")).loc["iom_mmp:a2"]
    assert (row["dead"], row["status"], row["mended"]) == (3, "corrected", "id_changed")


AREAS = """folio,fecha,tipo,municipio,latitud,longitud,fallecidos
1,25/12/2020,Rescate,Nogales,,,0
2,26/12/2020,Rescate,,31.45,-110.25,0
"""


def test_an_area_stays_an_area_in_every_version_and_is_counted_apart(empty, tmp_path):
    path = file(tmp_path, "areas.csv", AREAS)
    pipeline.ingest_incidents(empty, [path], at=MARCH)
    change = {"dead": "1"}
    pipeline.amend_incident(empty, "local:1", change, reason="recount", at=JUNE)
    view = pipeline.view_incident(empty, "local:1")
    assert view.record["area"] == "26043"
    assert view.area_name == "Nogales (26043)"
    assert view.record["said_kind"] == "Rescate"
    assert view.versions[1]["changed"] == {"dead": ("0", "1")}
    pipeline.run(empty, **COARSE)
    areas = pipeline.read_incident_areas(empty)
    assert areas[["area", "kind", "year", "events"]].values.tolist() == [
        ["26043", "rescue", 2020, 1]
    ]
    assert empty.read("incidents_by_period")["events"].sum() == 1
    assert pipeline.read_quality(empty).areas.equals(areas)
    change = {"lat": "31.30", "lon": "-110.94", "accuracy_m": "100"}
    pipeline.amend_incident(empty, "local:1", change, reason="GPS found", at=JUNE)
    assert pipeline.view_incident(empty, "local:1").record["area"] == ""


def test_a_view_holds_all_source_records_with_follow_up_and_terms(spring):
    pipeline.link_incidents(spring)
    pipeline.set_investigation(spring, "iom_mmp:a1", "open", at=JUNE)
    pipeline.amend_incident(
        spring, "iom_mmp:a1", {}, reason="twice", withdraw=True, at=JUNE
    )
    view = pipeline.view_incident(spring, "iom_mmp:a1")
    assert view.record["status"] == "withdrawn"
    assert view.record["marking"] == "TLP:CLEAR"
    assert list(view.records.index) == ["iom_mmp:a1"]
    assert view.follow_up["state"].tolist() == ["open"]
    with pytest.raises(UnknownNameError):
        pipeline.view_incident(spring, "iom_mmp:zzz")

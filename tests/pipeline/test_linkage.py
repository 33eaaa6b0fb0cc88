"""Linkage in a project: two agencies tell of one event, and it counts once."""

import datetime

import pandas as pd
import pytest

from riskmap import pipeline
from riskmap.errors import LinkDecisionError, UnknownNameError
from tests.pipeline.conftest import COARSE, KNOWN_AT

HEADING = "id,date,type,cause,dead,missing,latitude,longitude,accuracy,source\n"


def rows_of(source, shift, size=60):
    """Deaths along Arizona, a week and some kilometres apart."""
    day = datetime.date(2018, 1, 1)
    lines = []
    for n in range(size):
        on = day + datetime.timedelta(days=7 * n)
        y, x = 31.5 + 0.01 * n + shift, -112.0 + 0.013 * n
        lines.append(f"{n},{on},death,heat,1,0,{y:.5f},{x:.5f},100,{source}\n")
    return lines


@pytest.fixture
def project(empty, tmp_path):
    """Two agencies with sixty deaths each, of which thirty are the same."""
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.write_text(HEADING + "".join(rows_of("north", 0.0)), "utf-8")
    mine = [line.replace("100,north", "100,south") for line in rows_of("north", 0.0005)]
    far = rows_of("south", 0.7)[30:]
    other.write_text(HEADING + "".join([*mine[:30], *far]), "utf-8")
    pipeline.ingest_incidents(empty, [one, other], "generic_en", at=KNOWN_AT)
    return empty


def test_the_same_event_from_two_agencies_is_one_incident(project):
    report = pipeline.link_incidents(project)
    assert (report.records, report.incidents) == (120, 90)
    assert report.states["sure"] == 30


def test_both_records_are_found_again_side_by_side(project):
    pipeline.link_incidents(project)
    records = pipeline.incident_records(project, "south:0")
    assert sorted(records.index) == ["north:0", "south:0"]
    assert records["shown"].tolist() == [True, False]
    assert set(records["incident_id"]) == {"north:0"}


def test_a_link_is_still_told_after_one_of_its_records_was_taken_back(project):
    pipeline.link_incidents(project)
    link = pipeline.list_links(project).iloc[0]
    pipeline.amend_incident(project, link["one"], {}, reason="twice", withdraw=True)
    records = pipeline.linked_records(project, link)
    assert list(records.index) == [link["one"], link["other"]]
    assert records["status"].tolist() == ["withdrawn", "reported"]


def test_a_run_counts_the_event_once(project):
    pipeline.run(project, **COARSE)
    assert len(project.read("incident_records")) == 120
    assert len(project.read("incidents")) == 90
    columns = project.read("incident_records").columns
    assert list(project.read("incidents").columns) == list(columns)


def test_a_run_makes_the_same_bytes_as_linking_alone(project):
    pipeline.link_incidents(project)
    before = project.snapshot("links").sha256
    pipeline.run(project, **COARSE)
    assert project.snapshot("links").sha256 == before


def test_what_happens_later_links_nothing_earlier(project):
    pipeline.run(project, as_of="2018-03-01", **COARSE)
    links = project.read("links")
    records = project.read("incident_records")
    days = records["occurred_on"].reindex([*links["one"], *links["other"]])
    assert len(links) > 0
    assert days.max() < pd.Timestamp("2018-03-01", tz="UTC")


def test_a_decision_holds_is_undone_and_stays_in_the_history(project):
    pipeline.link_incidents(project)
    link = pipeline.list_links(project).iloc[0]
    pair = pipeline.pair_of(project, (link.name[:10],))
    assert pipeline.decide_link(project, pair, "reject", reason="two cases")
    assert not pipeline.decide_link(project, pair, "reject")
    assert pipeline.link_incidents(project).incidents == 91
    assert pipeline.find_link(project, link.name)["state"] == "rejected"
    assert pipeline.decide_link(project, pair, "undo")
    assert pipeline.link_incidents(project).incidents == 90
    assert pipeline.decide_link(project, pair, "reject")
    history = pipeline.link_history(project, link.name)
    assert history["decision"].tolist() == ["reject", "undo", "reject"]
    assert history["reason"].tolist() == ["two cases", "", ""]
    assert project.verify() == ()


def test_two_records_are_linked_by_hand(project):
    pipeline.link_incidents(project)
    pipeline.decide_link(project, ("north:40", "south:40"), "accept")
    assert pipeline.link_incidents(project).incidents == 89
    assert len(pipeline.incident_records(project, "south:40")) == 2


@pytest.mark.parametrize(
    ("pair", "decision", "reason", "error"),
    [
        (("north:0", "north:0"), "accept", "", LinkDecisionError),
        (("north:0", "south:0"), "undo", "", LinkDecisionError),
        (("north:0", "south:0"), "merge", "", UnknownNameError),
        (("north:0", "nowhere:0"), "accept", "", UnknownNameError),
        (
            ("north:0", "south:0"),
            "accept",
            "CURP GOMC900514HSRLNR07",
            LinkDecisionError,
        ),
    ],
)
def test_what_cannot_be_kept_is_refused(project, pair, decision, reason, error):
    pipeline.link_incidents(project)
    with pytest.raises(error):
        pipeline.decide_link(project, pair, decision, reason=reason)
    assert len(project.batches("links")) == 0


def test_a_link_that_begins_like_none_is_refused(project):
    pipeline.link_incidents(project)
    with pytest.raises(UnknownNameError):
        pipeline.find_link(project, "zz")
    with pytest.raises(LinkDecisionError):
        pipeline.pair_of(project, ("a", "b", "c"))


@pytest.mark.parametrize("form", ["again", "reordered", "byte order mark"])
def test_the_same_rows_once_more_change_nothing(project, tmp_path, form):
    pipeline.link_incidents(project)
    names = ("links", "incident_members")
    before = [project.snapshot(name).sha256 for name in names]
    lines = rows_of("north", 0.0)
    text = HEADING + "".join(lines[::-1] if form == "reordered" else lines)
    path = tmp_path / "once more.csv"
    mark = b"\xef\xbb\xbf" if form == "byte order mark" else b""
    path.write_bytes(mark + text.encode())
    (report,) = pipeline.ingest_incidents(project, [path], "generic_en", at=KNOWN_AT)
    assert report.repeated or (report.accepted, report.duplicates) == (0, 60)
    assert pipeline.link_incidents(project).records == 120
    assert [project.snapshot(name).sha256 for name in names] == before

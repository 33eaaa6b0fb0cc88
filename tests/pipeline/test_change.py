"""Questions of change asked of the bundled border: kept, walled, refused in words."""

import shutil

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from riskmap import pipeline
from riskmap.errors import (
    DateOptionError,
    NoEventsError,
    OptionError,
    PurposeWallError,
    TooFewError,
    UnknownNameError,
    UsageError,
)
from riskmap.i18n import Words
from riskmap.pipeline.map_layers import offered
from riskmap.pipeline.trends import period_edges
from riskmap.project import Project

Asked = pipeline.Asked
QUICK = pipeline.HotspotOptions(rings=1, draws=999)
DEATHS = Asked(kind="migrant_death")


@pytest.fixture(scope="module")
def border(ran, tmp_path_factory):
    """A copy of the project that has been run, to write results into."""
    folder = tmp_path_factory.mktemp("change") / "border"
    shutil.copytree(ran.path, folder)
    return Project.open(folder)


@pytest.fixture(scope="module")
def hot(border):
    return pipeline.hot_cells(
        border, Asked(), pipeline.HotspotOptions(rings=1, null="records")
    )


@pytest.fixture
def told(border, monkeypatch):
    """Put other incidents in place of the project's, for what they would say."""
    read = Project.read

    def tell(change):
        incidents = change(read(border, "incidents").copy())

        def instead(project, name, **at):
            return incidents if name == "incidents" else read(project, name, **at)

        monkeypatch.setattr(Project, "read", instead)

    return tell


def test_hot_spots_are_kept_with_what_they_were_made_of(border, hot):
    kept = border.snapshot("hotspots_migrant_danger")
    assert set(kept.inputs) == {"cells", "incidents", "coverage"}
    assert kept.options["purpose"] == "life_saving"
    stored = border.read("hotspots_migrant_danger")
    assert stored.index.equals(border.read("cells").index)
    assert set(stored["purpose"]) == {"life_saving"}
    assert (hot.cells["state"] == "hot").sum() == hot.areas["cells"].sum() > 0


def test_what_no_source_watches_is_no_data_and_never_cold(hot):
    # the file of the sample leaves El Paso out: km 1,796 to 2,348
    inner = hot.cells["km"].between(1850, 2300)
    assert set(hot.cells.loc[inner, "state"]) == {"no_data"}
    assert hot.cells.loc[inner, "p"].isna().all()


def test_areas_hold_the_records_of_their_cells(hot):
    flagged = hot.cells[hot.cells["state"] == "hot"]
    assert hot.areas["events"].sum() == flagged["events"].sum()
    assert hot.areas["events"].is_monotonic_decreasing


@pytest.mark.usefixtures("hot")
def test_the_same_question_gives_the_same_bytes(border):
    before = border.snapshot("hotspots_migrant_danger").sha256
    options = pipeline.HotspotOptions(rings=1, null="records")
    pipeline.hot_cells(border, Asked(), options)
    assert border.snapshot("hotspots_migrant_danger").sha256 == before


@pytest.mark.usefixtures("hot")
def test_the_map_offers_what_was_found_until_its_ground_changes(border):
    names = [layer.name for layer in offered(border) if layer.group == "change"]
    assert "hotspots_migrant_danger" in names
    cells = border.read("cells")
    made = border.snapshot("cells")
    other = cells.assign(area_km2=cells["area_km2"] * 2)
    border.write("cells", other, step="cells", options=made.options, inputs=made.inputs)
    now = [layer.name for layer in offered(border) if layer.group == "change"]
    border.write("cells", cells, step="cells", options=made.options, inputs=made.inputs)
    assert now == []


@pytest.mark.parametrize("name", ["migrant_danger", "patrol_risk"])
def test_a_question_reads_one_side_of_the_purpose_wall(border, name):
    report = pipeline.hot_cells(border, Asked(target=name), QUICK)
    purpose = {"migrant_danger": "life_saving", "patrol_risk": "public_safety"}[name]
    assert report.facts["purpose"] == purpose
    incidents = border.read("incidents")
    mine = incidents["purpose"] == purpose
    assert report.records + report.coarse <= mine.sum()


def test_a_record_from_the_other_side_of_the_wall_is_refused(border, told):
    told(lambda table: table.assign(purpose="public_safety"))
    with pytest.raises(PurposeWallError):
        pipeline.hot_cells(border, Asked(), QUICK)


def test_trends_count_whole_years_and_profile_months(border):
    report = pipeline.cell_trends(border, Asked(target="patrol_risk"), QUICK)
    assert report.periods[0] == "2004-01-01"
    assert len(report.periods) == 17 + 1
    assert sum(report.counts.values()) == len(border.read("cells"))
    shares = report.profiles.groupby("profile")["share"].sum()
    assert shares.to_numpy() == pytest.approx(1.0)
    assert set(shares.index) == {"weekday", "month"}


def test_periods_are_whole():
    # 1970-01-10 to 1971-07-01: eleven months of 1970 and six of 1971
    assert len(period_edges(9, 546, "month")) == 17 + 1
    assert period_edges(9, 546, "year") == (365,)


def test_near_repeats_leave_coarse_dates_out_and_say_how_many(border):
    options = pipeline.NearRepeatOptions(distances_km=(5.0, 10.0), deals=199)
    asked = Asked(kind="violence_nonstate", from_on="2014-01-01")
    report = pipeline.near_repeats(border, asked, options)
    incidents = border.read("incidents")
    mine = incidents[incidents["kind"] == "violence_nonstate"]
    assert 0 < report.undated <= (mine["time_precision"] != "day").sum()
    assert report.coarse > 0
    assert set(border.read("nearrepeat_bands_violence_nonstate")["purpose"]) == {
        "public_safety"
    }


def test_the_scan_tells_clusters_and_marks_only_the_unlikely(border):
    options = pipeline.ScanOptions(deals=99)
    report = pipeline.emerging_clusters(border, DEATHS, options)
    marked = report.cells[report.cells["state"] == "cluster"]
    sure = report.clusters[report.clusters["p"] <= 0.05]
    assert set(marked["cluster"]) == set(sure["rank"])
    assert report.clusters["days"].le(30).all()


def test_a_daily_watch_looks_at_each_day_asked_for(border):
    asked = Asked(kind="migrant_death", from_on="2021-12-01", to_on="2021-12-31")
    report = pipeline.daily_watch(border, asked, pipeline.ScanOptions(deals=99))
    assert report.days["on"].tolist()[::30] == ["2021-12-01", "2021-12-31"]
    assert report.alarms == report.days["alarm"].sum()
    assert len(border.read("watch_migrant_death")) == 31


def test_what_went_on_before_the_days_asked_for_is_not_told_as_new(border):
    options = pipeline.ScanOptions(deals=99)
    asked = [
        Asked(kind="migrant_death", from_on=day, to_on="2021-06-09")
        for day in ("2021-05-01", "2021-05-20", None)
    ]
    whole, later, last = (
        pipeline.daily_watch(border, one, options, new_only=True) for one in asked
    )
    # one cluster, beyond the threshold on every day from 18 May on: told once
    assert whole.begun["on"].tolist() == ["2021-05-18"]
    assert whole.alarms > 20
    assert whole.begun["side"].isin(["US", "MX", "both"]).all()
    assert later.begun.empty
    assert later.alarms == len(later.days)
    assert later.going_on == last.going_on == 1
    assert last.days["on"].tolist() == ["2021-06-09"]


def test_two_linked_sources_tell_what_both_missed(border, monkeypatch):
    incidents = border.read("incidents")
    mine = incidents[incidents["kind"] == "migrant_death"]
    # of every three incidents one is in both lists, one in each alone
    rows = [
        (event, source)
        for place, event in enumerate(mine.index)
        for source in {0: ("a", "b"), 1: ("a",), 2: ("b",)}[place % 3]
    ]
    members = pd.DataFrame(rows, columns=["incident_id", "source"])
    given = border.read("coverage")
    life = given[given["purpose"] == "life_saving"]
    both = pd.concat([life.assign(source="a"), life.assign(source="b")])
    read = Project.read
    tables = {"incident_members": members, "coverage": pd.concat([given, both])}
    monkeypatch.setattr(
        Project, "read", lambda p, name, **at: tables.get(name, read(p, name, **at))
    )
    held = Project.snapshot
    monkeypatch.setattr(
        Project,
        "snapshot",
        lambda p, name: (
            held(p, "cells") if name == "incident_members" else held(p, name)
        ),
    )
    report = pipeline.missed_events(border, DEATHS)
    assert report.sources == ("a", "b")
    counts = list(report.patterns.values())
    assert max(counts) - min(counts) <= 0.1 * max(counts)
    # thirds: as many were missed as are in one list alone
    assert report.estimate == pytest.approx(report.recorded * 4 / 3, rel=0.05)
    # every other one is known only to a county: nobody knows who watched its place
    area = np.where(np.arange(len(incidents)) % 2, "04019", "")
    tables["incidents"] = incidents.assign(area=pd.array(area, dtype="str"))
    fewer = pipeline.missed_events(border, DEATHS)
    assert fewer.recorded == pytest.approx(report.recorded / 2, rel=0.1)


def _years_only(table):
    return table.assign(time_precision="year")


def _one_cell(table):
    # the crossing at Nogales
    point = shapely.Point(-110.94, 31.34)
    mine = table[table["kind"] == "migrant_death"].head(60)
    return gpd.GeoDataFrame(
        mine.drop(columns="geometry").assign(accuracy_m=100.0),
        geometry=[point] * len(mine),
        crs=table.crs,
    )


BAD = [
    ("nearrepeat", lambda p: pipeline.near_repeats(p, DEATHS), _years_only, "dated"),
    ("scan", lambda p: pipeline.emerging_clusters(p, DEATHS), _years_only, "dated"),
    ("hotspots", lambda p: pipeline.hot_cells(p, DEATHS, QUICK), _one_cell, "cells"),
    ("nearrepeat", lambda p: pipeline.near_repeats(p, DEATHS), _one_cell, "cells"),
    (
        "trends",
        lambda p: pipeline.cell_trends(
            p, Asked(kind="migrant_death", from_on="2021-01-01"), QUICK
        ),
        lambda table: table,
        "periods",
    ),
    ("undercount", lambda p: pipeline.missed_events(p, DEATHS), None, "sources"),
]


@pytest.mark.parametrize(("name", "ask", "change", "what"), BAD)
def test_what_is_missing_is_said_in_both_languages(
    border, told, name, ask, change, what
):
    if change is not None:
        told(change)
    with pytest.raises(TooFewError) as refused:
        ask(border)
    assert refused.value.fields["what"] == what, name
    english, spanish = (Words(lang).error(refused.value) for lang in ("en", "es"))
    assert english != spanish
    for said in (english, spanish):
        assert str(refused.value.fields["needed"]) in said
        assert len(said.split()) > 10


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (Asked(target="crime"), UnknownNameError),
        (Asked(kind="rumour"), UnknownNameError),
        (Asked(target="patrol_risk", kind="homicide"), UsageError),
        (Asked(from_on="soon"), DateOptionError),
        (Asked(from_on="2031-01-01"), DateOptionError),
        (Asked(kind="rescue"), NoEventsError),
        (Asked(to_on="2001-01-01"), NoEventsError),
    ],
)
def test_a_question_that_has_no_answer_is_refused(border, asked, error):
    with pytest.raises(error):
        pipeline.hot_cells(border, asked, QUICK)


def test_a_period_or_a_baseline_that_is_none_is_refused(border):
    with pytest.raises(UnknownNameError):
        pipeline.cell_trends(border, DEATHS, QUICK, period="decade")
    with pytest.raises(OptionError):
        pipeline.emerging_clusters(border, DEATHS, baseline_days=31)
    with pytest.raises(UnknownNameError):
        pipeline.missed_events(border, DEATHS, sources=("iom_mmp", "nobody"))


def test_exposure_is_what_was_watched(border):
    hot = pipeline.hot_cells(border, DEATHS, QUICK).cells
    cells = border.read("cells")
    inside = (
        (hot["state"] != "no_data") & (cells["share_us"] == 1) & hot["events"].gt(0)
    )
    years = 8 * 365.25 / 365.25
    per_km2 = hot["events"] / cells["area_km2"] / years
    np.testing.assert_allclose(
        hot.loc[inside, "per_km2_year"], per_km2[inside], rtol=1e-3
    )

"""Regions opened by name: their cells and zones are those that lie there."""

import numpy as np
import pandas as pd
import pytest

from riskmap import pipeline
from riskmap.errors import TableMissingError, UnknownNameError
from riskmap.i18n import LANGUAGES, Words

PRIORITY = (
    "Western Arizona deserts",
    "All-American Canal",
    "Rio Grande",
    "San Diego",
    "Calexico",
    "Tucson",
    "El Paso",
    "Laredo",
    "Arizona/Sonora",
    "Laredo/Nuevo Laredo",
)


def test_every_region_of_the_list_opens(ran):
    cells = ran.read("cells")
    for code in pipeline.list_regions()["region_id"]:
        view = pipeline.open_region(ran, code)
        assert view.region_id == code
        assert np.isin(view.cells, cells.index).all()
        if len(view.cells):
            assert view.box[0] <= view.box[2]


@pytest.mark.parametrize("name", PRIORITY)
def test_the_priority_regions_open_by_name_and_hold_cells(ran, name):
    view = pipeline.open_region(ran, name)
    assert view.name_en == name
    # cells of resolution 5 are wider than a canal's surroundings
    assert len(view.cells) or view.region_id == "all_american_canal"


def test_a_stretch_holds_the_cells_of_its_kilometres_on_both_sides(ran):
    view = pipeline.open_region(ran, "tucson")
    cells = ran.read("cells").loc[view.cells]
    assert cells["km"].between(2348, 2769).all()
    assert set(cells["side"]) >= {"US", "MX"}


def test_zones_of_a_region_are_those_with_a_cell_in_it(ran):
    view = pipeline.open_region(ran, "arizona_sonora")
    members = ran.read("zone_cells")
    for zone, held in members.groupby("zone_id")["cell"]:
        assert (zone in view.zones) == bool(held.isin(view.cells).any())


def test_a_name_of_either_language_opens_the_same(ran):
    one = pipeline.open_region(ran, "desiertos del oeste de arizona")
    assert one.region_id == "western_arizona_deserts"


def test_an_unknown_region_is_refused(ran):
    with pytest.raises(UnknownNameError):
        pipeline.open_region(ran, "Atlantis")


def test_before_a_run_there_are_no_cells(empty):
    with pytest.raises(TableMissingError):
        pipeline.open_region(empty, "tucson")


def test_every_sector_and_state_of_the_project_is_a_region(ran):
    listed = pipeline.list_regions(ran)
    units = ran.read("jurisdictions")
    wide = units[units["kind"].isin(["bp_sector", "us_state", "mx_state"])]
    assert len(wide) == 19
    for unit in wide.itertuples():
        ending = " Sector" if unit.kind == "bp_sector" else ""
        assert f"{unit.name}{ending}" in set(listed["name_en"]), unit.name


def test_regions_are_read_from_the_project(ran, empty):
    assert ran.read("priority_regions")["region_id"].tolist() == (
        pipeline.list_regions()["region_id"].tolist()
    )
    given = empty.read("priority_regions").iloc[:1].assign(name_en="My own")
    empty.write("priority_regions", given, step="sample", options={}, inputs={})
    listed = pipeline.list_regions(empty)
    assert listed["name_en"].iloc[0] == "My own"
    assert "bp_sector:tucson" in set(listed["region_id"])


@pytest.mark.parametrize("name", ["Pima County", "condado de pima", "us_county:04019"])
def test_a_county_opens_by_name_and_code(ran, name):
    view = pipeline.open_region(ran, name)
    assert view.region_id == "us_county:04019"
    x = ran.read("cells").loc[view.cells, "x"]
    assert x.between(-113.5, -110.3).all()
    assert view.area_km2 == ran.read("cells").loc[view.cells, "area_km2"].sum()


def test_scores_and_zones_of_a_region_are_those_of_the_border_cut_down(ran):
    view = pipeline.open_region(ran, "tucson")
    whole = pipeline.scores(ran, target="migrant_danger")
    part = pipeline.scores_in(ran, view, target="migrant_danger")
    assert set(part.index) == set(view.cells)
    assert part.equals(whole.loc[part.index])
    assert part["migrant_danger_rank"].dropna().is_monotonic_increasing
    top = pipeline.scores_in(ran, view, target="migrant_danger", top=3)
    assert top.equals(part.head(3))
    zones = pipeline.zones_in(ran, view, target="migrant_danger")
    assert set(zones.index) <= set(view.zones)


@pytest.mark.parametrize("form", ["csv", "html"])
def test_an_export_of_a_region_holds_only_what_lies_in_it(ran, tmp_path, form):
    words = {lang: Words(lang).text for lang in LANGUAGES}
    view = pipeline.open_region(ran, "tucson")
    files = pipeline.export(ran, form, tmp_path, words, region="Tucson")
    assert {file.parent.name for file in files} == {"tucson"}
    if form == "csv":
        table = pd.read_csv(tmp_path / "tucson" / "scores.csv")
        assert len(table) == len(view.cells)
        marks = pd.read_csv(tmp_path / "tucson" / "landmarks.csv")
        assert len(marks) == len(view.landmarks)
        assert marks["km"].between(2348, 2769).all()


def test_every_cell_and_place_tells_its_units_on_both_sides(ran):
    known = pipeline.read_whereabouts(ran)
    cells = ran.read("cells")
    units = pipeline.place_units(known, cells)
    assert units.index.equals(cells.index)
    own = {"US": ["us_state", "us_county", "bp_sector"], "MX": ["mx_state"]}
    for side, kinds in own.items():
        here = units[cells["side"] == side]
        assert (here[kinds] != "").mean().min() > 0.95
    nogales = cells[["x", "y"]].assign(x=-110.9406, y=31.3322).iloc[:1]
    (row,) = pipeline.place_units(known, nogales).to_dict("records")
    assert row["us_county"] == "Santa Cruz"
    assert row["mx_municipio"] == "Nogales"
    assert row["liaison_mechanism"] == "Nogales-Nogales"
    # no district is on file: a gap stays a gap
    assert row["mx_consulate"] == ""


def test_offices_are_ten_mechanisms_and_the_consulates_and_users_complete_them(
    empty, tmp_path
):
    given = pipeline.offices_of(empty)
    counts = given["office"].value_counts()
    assert counts["liaison_mechanism"] == 10
    assert counts["mx_consulate"] >= 12
    done = given.assign(from_km=given["from_km"].fillna(0.0), basis="read")
    done["to_km"] = done["to_km"].fillna(3182.0)
    file = tmp_path / "offices.csv"
    done.to_csv(file, index=False)
    report = pipeline.take_offices(empty, file)
    assert report.accepted == len(given)
    assert pipeline.take_offices(empty, file).repeated
    known = pipeline.read_whereabouts(empty)
    (card,) = pipeline.place_cards(known, [-110.9406], [31.3322])
    assert len(card.offices["mx_consulate"]) == counts["mx_consulate"]

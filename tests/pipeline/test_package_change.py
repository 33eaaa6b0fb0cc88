"""Change in packages: classes of open records leave, and nothing that counts others."""

import io
import json
import shutil
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from riskmap import cells as cells_
from riskmap import pipeline
from riskmap.hotspots.displacement import DisplacementOptions
from riskmap.i18n import LANGUAGES, Words
from riskmap.pipeline.package_change import CHANGE, LISTS, change_columns
from riskmap.pipeline.package_tables import Door, select_tables
from riskmap.project import Project
from riskmap.sharing.policy import Clearance
from riskmap.sharing.profiles import profile_named

WORDS = {code: Words(code).text for code in LANGUAGES}
COARSE = {"resolution": 5, "half_width_km": 20.0}
AREA = shapely.MultiPolygon([shapely.box(-112.2, 31.2, -110.2, 32.0)])
CELL_TABLES = (
    "hotspots_migrant_danger",
    "trends_migrant_danger",
    "scan_migrant_danger",
)
READER = {
    "public": ("viewer", "MX"),
    "partner": ("assessor", "MX"),
    "internal": ("analyst", "US"),
}


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """A small project whose questions of change were asked."""
    made = pipeline.create_project(tmp_path_factory.mktemp("change") / "us")
    pipeline.run(made, **COARSE)
    settings = made.path / "riskmap.toml"
    text = settings.read_text(encoding="utf-8") + '\n[sharing]\ncountry = "US"\n'
    settings.write_text(text, encoding="utf-8")
    danger = pipeline.Asked(target="migrant_danger")
    pipeline.hot_cells(made, danger)
    pipeline.hot_cells(made, pipeline.Asked(target="patrol_risk"))
    pipeline.cell_trends(made, danger)
    pipeline.emerging_clusters(made, danger)
    pipeline.near_repeats(made, pipeline.Asked(kind="migrant_death"))
    pipeline.add_operation(made, "altar", AREA, kind="checkpoint", from_on="2018-01-01")
    few = DisplacementOptions(draws=99, score_draws=3)
    pipeline.displacement(made, "altar", danger, few)
    return made


def door(project, profile):
    role, country = READER[profile]
    own = profile == "internal"
    return Door(
        project=project,
        profile=profile_named(profile),
        clearance=Clearance(
            role=role, country=country, organisation="US" if own else ""
        ),
        origin="US",
    )


def selected(project, profile):
    return select_tables(door(project, profile), None)


@pytest.fixture
def guarded(asked, monkeypatch):
    """The same, but one of its records is not open."""
    read = Project.read

    def marked(project, name, **at):
        table = read(project, name, **at)
        if name != "incidents":
            return table
        label = np.where(np.arange(len(table)) == 0, "TLP:AMBER//REL TO US, MX", "")
        label[1:] = "TLP:CLEAR"
        return table.assign(marking=pd.array(label.tolist(), dtype="str"))

    monkeypatch.setattr(Project, "read", marked)
    return asked


def test_classes_of_cells_leave_as_they_are_stored(asked):
    found = selected(asked, "public").tables[CHANGE]
    assert list(found) == [*CELL_TABLES[:2], "nearrepeat_migrant_death", CELL_TABLES[2]]
    for name in CELL_TABLES:
        assert found[name].tolist() == asked.read(name)[name].tolist()


@pytest.mark.parametrize("profile", READER)
def test_by_cell_only_the_class_leaves_in_every_profile(asked, profile):
    found = selected(asked, profile).tables[CHANGE]
    assert set(found) <= {column.name for column in change_columns()}
    assert all(found[name].dtype == "str" for name in found)


def test_lists_leave_their_numbers_of_records_only_where_records_leave(asked):
    public, internal = (
        selected(asked, profile).tables for profile in ("public", "internal")
    )
    for name, listed in LISTS.items():
        numbers = {listed.renamed.get(count, count) for count in listed.counts}
        if name in internal:
            assert numbers <= set(internal[name])
        if name in public:
            assert not numbers & set(public[name])
    assert "change_repeats" in public
    assert "change_areas" in internal
    assert "change_danger" in internal


def test_what_was_made_of_a_record_that_is_not_open_stays(guarded):
    partner = selected(guarded, "partner")
    assert not {CHANGE, *LISTS} & set(partner.tables)
    assert partner.withheld["hotspots_migrant_danger"] == "small_counts"
    assert CHANGE in selected(guarded, "internal").tables


def test_the_other_side_of_the_wall_stays_out_of_public(asked):
    found = selected(asked, "public")
    assert not [name for name in found.tables[CHANGE] if "patrol" in name]
    assert not [name for name in found.inputs if "patrol" in name]
    assert "hotspots_patrol_risk" in selected(asked, "internal").tables[CHANGE]


def test_what_tells_of_an_operation_leaves_only_to_its_own_people(asked):
    for profile in ("public", "partner"):
        found = selected(asked, profile)
        assert not {"change_areas", "change_moved", "change_danger"} & set(found.tables)
        assert "displacement_migrant_danger" in found.withheld
        assert "altar" not in json.dumps([*found.withheld.values(), *found.inputs])


def test_what_is_out_of_date_stays(asked, tmp_path):
    shutil.copytree(asked.path, tmp_path / "copy")
    copy = pipeline.open_project(tmp_path / "copy")
    incidents = copy.read("incidents")
    copy.write("incidents", incidents.iloc[1:], step="incidents", options={}, inputs={})
    found = selected(copy, "internal")
    assert CHANGE not in found.tables
    assert found.withheld["trends_migrant_danger"] == "out_of_date"


@pytest.fixture(scope="module")
def package(asked, tmp_path_factory):
    out = tmp_path_factory.mktemp("package") / "p.zip"
    pipeline.create_package(asked, out, WORDS, profile="public", to="MX")
    return out


def test_a_package_with_change_is_verified_taken_in_and_made_again(
    asked, package, tmp_path
):
    opened = pipeline.verify_package(package)
    told = opened.manifest
    assert told["tables"][CHANGE]["marking"] == "TLP:CLEAR"
    assert json.loads(told["options"]["trends_migrant_danger"])["period"] == "year"
    other = pipeline.create_project(tmp_path / "mx")
    assert pipeline.import_package(other, package).package.sha256 == opened.sha256
    again = tmp_path / "again.zip"
    pipeline.create_package(asked, again, WORDS, profile="public", to="MX")
    assert again.read_bytes() == package.read_bytes()


def test_every_format_holds_it_and_both_languages_describe_it(package):
    with zipfile.ZipFile(package) as held:
        files = {name: held.read(name) for name in held.namelist()}
    cells = pd.read_csv(io.BytesIO(files["change.csv"]), skiprows=[1])
    parquet = gpd.read_parquet(io.BytesIO(files["change.parquet"]))
    drawn = json.loads(files["change.geojson"])
    assert len(cells) == len(parquet) == len(drawn["features"])
    dictionary = pd.read_csv(io.BytesIO(files["data_dictionary.csv"]))
    for name in (CHANGE, "change_repeats"):
        own = dictionary[dictionary["table"] == name].set_index("field")
        header = files[f"{name}.csv"].decode("utf-8-sig").splitlines()[0].split(",")
        assert set(own.index) == set(header)
        assert (
            own[["name_en", "name_es", "meaning_en", "meaning_es"]]
            .notna()
            .to_numpy()
            .all()
        )
    for language in LANGUAGES:
        said = WORDS[language]("package.method.change")
        assert said in files[f"method_{language}.md"].decode()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_field_of_the_lists_has_words(lang):
    words = Words(lang)
    for listed in LISTS.values():
        for column in (*listed.columns, *listed.counts, "subject"):
            name = listed.renamed.get(column, column)
            assert words.has(f"field.{name}"), name
            assert words.has(f"field.{name}.help"), name


@pytest.fixture
def planted(asked, tmp_path):
    """A copy with a new route of three cells, a chain by chance, and an estimate."""
    shutil.copytree(asked.path, tmp_path / "planted")
    copy = pipeline.open_project(tmp_path / "planted")
    made = copy.snapshot("hotspots_migrant_danger")
    options, inputs = dict(made.options), dict(made.inputs)
    cells = copy.read("cells")
    route = np.zeros(len(cells), dtype=np.int64)
    route[:3] = 1
    state = pd.array(np.where(route > 0, "route", "none").tolist(), dtype="str")
    found = pd.DataFrame(
        {
            "rank": [1, 2],
            "new": [True, False],
            "side": pd.array(["US", "US"], dtype="str"),
            "from_km": [1.0, 2.0],
            "to_km": [3.0, 4.0],
            "wind": pd.array(["N", "N"], dtype="str"),
            "length_km": [20.0, 16.0],
            "events": [6, 5],
            "expected": [0.5, 2.0],
            "p": [0.002, 0.4],
        }
    )
    estimate = pd.DataFrame(
        {
            "model": pd.array(["independent"], dtype="str"),
            "estimate": [118.1],
            "low": [100.9],
            "high": [149.4],
        }
    )
    tables = {
        "routes_migrant_danger": pd.DataFrame(
            {"routes_migrant_danger": state, "route": route}, index=cells.index
        ),
        "routes_found_migrant_danger": found,
        "undercount_migrant_danger": estimate,
    }
    for name, table in tables.items():
        copy.write(name, table, step="planted", options=options, inputs=inputs)
    return copy


def test_a_new_route_is_drawn_over_its_cells_and_chance_is_left_out(planted):
    routes = selected(planted, "internal").tables["change_routes"]
    assert routes["rank"].tolist() == [1]
    assert routes["events"].tolist() == [6]
    cells = planted.read("cells").index[:3]
    hexagons = cells_.cell_polygons(cells_.cell_index(cells)).to_numpy()
    assert routes.geometry.iloc[0].area == pytest.approx(shapely.area(hexagons).sum())


def test_in_public_a_route_and_an_estimate_leave_without_numbers_of_records(planted):
    found = selected(planted, "public").tables
    assert "events" not in found["change_routes"]
    assert "expected" not in found["change_routes"]
    assert found["change_missed"]["estimate"].tolist() == [118.1]

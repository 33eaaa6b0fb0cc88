"""Incidents known only to an area: counted and drawn as areas, never as points."""

import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
import pytest
import shapely

from riskmap import pipeline
from riskmap.pipeline.excerpts import map_excerpt
from riskmap.pipeline.incident_areas import AREA_TABLE, count_areas
from riskmap.pipeline.regions import open_region
from riskmap.schema import check_table
from riskmap.webmap import MapFiles, kinds_of

AT = datetime(2051, 3, 1, tzinfo=UTC)
COARSE = {"resolution": 5, "half_width_km": 20.0}

# two municipios, a county, and one record that has a point
ROWS = """folio,fecha,tipo,municipio,latitud,longitud,fallecidos
1,25/12/2020,Rescate,Nogales,,,0
2,26/12/2020,Rescate,Nogales,,,0
3,03/05/2021,Rescate,Cananea,,,0
4,26/12/2020,Rescate,,31.45,-110.25,0
5,14/02/2019,Homicidio,Nogales,,,0
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    folder = tmp_path_factory.mktemp("areas")
    project = pipeline.create_project(folder / "p", empty=True)
    path = folder / "areas.csv"
    path.write_text(ROWS, encoding="utf-8")
    report = pipeline.ingest_incidents(project, [path], "generic_es", at=AT)[0]
    assert report.accepted == 5, report.faults
    pipeline.run(project, **COARSE)
    return project


@pytest.fixture(scope="module")
def tables(ran):
    return pipeline.map_tables(ran)


def opened(tables, name):
    return json.loads(gzip.decompress(MapFiles(tables).read(name)))


def test_every_area_is_counted_by_what_the_map_filters_by(ran):
    made = ran.read("incidents_by_area")
    check_table(made, AREA_TABLE, name="incidents_by_area")
    told = made[["area_label", "side", "year", "month", "kind", "source", "events"]]
    assert told.values.tolist() == [
        ["Cananea", "MX", 2021, 5, "rescue", "local", 1],
        ["Nogales", "MX", 2019, 2, "homicide", "local", 1],
        ["Nogales", "MX", 2020, 12, "rescue", "local", 2],
    ]
    points = int(ran.read("incidents_by_period")["events"].sum())
    assert made["events"].sum() + points == len(ran.read("incidents"))
    told = pipeline.read_incident_areas(ran)
    assert told["events"].tolist() == [1, 1, 2]


def test_the_map_draws_each_area_by_its_outline_with_its_counts(tables):
    areas = opened(tables, "areas.json")
    assert [area["name"] for area in areas] == ["Cananea", "Nogales"]
    nogales = areas[1]
    west, south, east, north = nogales["box"]
    # the city lies in it, and it is as wide as a municipio, not a point
    assert west < -110.94 < east
    assert south < 31.2 < north
    assert east - west > 0.2
    assert sum(row["events"] for row in nogales["rows"]) == 3
    assert {row["kind"] for row in nogales["rows"]} == {"rescue", "homicide"}
    assert "lat" not in json.dumps(areas)


def test_a_kind_known_only_by_areas_is_on_the_menu_and_in_the_filter(tables):
    assert set(kinds_of(tables)) == {"rescue", "homicide"}
    assert "homicide" not in set(tables.incidents["kind"])
    records = opened(tables, "records.json")
    assert records["purposes"]["homicide"] == "public_safety"
    assert records["years"][0] <= 2019


def test_an_area_s_count_names_another_map(tables):
    more = tables.areas.assign(events=tables.areas["events"] + 1)
    changed = MapFiles(replace(tables, areas=more))
    assert changed.digest() != MapFiles(tables).digest()


def test_a_part_of_the_border_has_the_areas_that_its_cells_lie_in(ran, tables):
    part = open_region(ran, "mx_municipio:26043")
    kept = map_excerpt(tables, part)
    assert set(kept.areas["area_label"]) == {"Nogales"}


def test_an_area_without_an_outline_is_counted_and_not_drawn():
    rows = pd.DataFrame(
        {
            "area": ["99999"],
            "kind": ["rescue"],
            "purpose": ["life_saving"],
            "source": ["local"],
            "occurred_on": pd.to_datetime(["2020-03-02"], utc=True),
            "time_precision": ["day"],
            "accuracy_m": [2e4],
        }
    )
    told = count_areas(rows, None)
    assert told[["area", "area_label", "side", "events"]].values.tolist() == [
        ["99999", "", "", 1]
    ]


def test_the_outline_of_an_area_holds_its_own_middle(tables):
    for shape in tables.areas.geometry:
        assert shapely.contains_xy(shape, *shape.representative_point().coords[0])

"""Operations and displacement on the bundled border: planted, walled, refused."""

import shutil

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from riskmap import pipeline
from riskmap.errors import (
    AreaFaultyError,
    DateOptionError,
    TooFewError,
    UnknownNameError,
)
from riskmap.hotspots.displacement import DisplacementOptions
from riskmap.i18n import Words
from riskmap.pipeline.policy import marking_of_table
from riskmap.pipeline.steps import STEPS
from riskmap.project import Project
from riskmap.scoring import PRESETS, score_cells

Asked = pipeline.Asked
AREA = shapely.MultiPolygon([shapely.box(-111.7, 31.3, -111.0, 32.0)])
FEW = DisplacementOptions(draws=99, score_draws=9)
UNMARKED_IS = "TLP:AMBER+STRICT"
DEG_PER_15_KM = 15 / (111.32 * np.cos(np.radians(31.6)))


@pytest.fixture(scope="module")
def border(ran, tmp_path_factory):
    """A copy of the project that has been run, with one operation."""
    folder = tmp_path_factory.mktemp("displaced") / "border"
    shutil.copytree(ran.path, folder)
    project = Project.open(folder)
    given = {"kind": "checkpoint", "from_on": "2018-01-01"}
    pipeline.add_operation(project, "altar", AREA, **given)
    return project


@pytest.fixture
def moved(border, monkeypatch):
    """Put deaths about one place that move 15 km west when the operation begins."""
    read = Project.read
    incidents = read(border, "incidents")
    mine = incidents.geometry.within(shapely.box(-113, 31, -110, 33))
    mine &= incidents["kind"] == "migrant_death"
    rng = np.random.default_rng(0)
    later = incidents["occurred_on"] >= pd.Timestamp("2018-01-01", tz="UTC")
    x = -111.35 + rng.normal(0, 0.05, len(incidents)) - DEG_PER_15_KM * later
    y = 31.55 + rng.normal(0, 0.04, len(incidents))
    points = gpd.points_from_xy(x, y, crs=incidents.crs)
    table = incidents.copy()
    table["accuracy_m"] = np.where(mine, 100.0, table["accuracy_m"])
    table = table.set_geometry(
        gpd.GeoSeries(points, index=table.index).where(mine, table.geometry)
    )
    monkeypatch.setattr(
        Project,
        "read",
        lambda project, name, **at: (
            table if name == "incidents" else read(project, name, **at)
        ),
    )
    return border


@pytest.mark.usefixtures("moved")
def test_deaths_that_move_15_km_west_are_told_with_direction_and_size(border):
    found = pipeline.displacement(border, "altar", Asked(kind="migrant_death"))
    assert found.wind == "W"
    assert found.shift.p <= 0.01
    assert found.shift.low <= 15.5
    assert found.shift.high >= 14.5
    assert found.shift.high - found.shift.low < 4


def test_nothing_is_told_but_numbers_of_areas(border):
    found = pipeline.displacement(border, "altar", Asked())
    stored = border.read("displacement_migrant_danger")
    assert list(stored["outer_km"]) == [0, 10, 20, 40]
    assert not {"geometry", "cell", "occurred_on"} & set(stored.columns)
    assert set(stored["purpose"]) == {"life_saving"}
    assert found.controls["controls"] >= 1


def test_no_step_of_the_road_reads_operations():
    held = {name for step in STEPS for name in (*step.needs, *step.makes)}
    assert not held & {"operations", "displacement"}


def test_an_operation_of_the_same_name_takes_its_place(border):
    later = {"kind": "barrier", "from_on": "2019-01-01", "to_on": "2019-12-31"}
    pipeline.add_operation(border, "wall", AREA, **later)
    table = pipeline.add_operation(border, "wall", AREA, **later | {"kind": "closure"})
    assert table["operation_id"].tolist() == ["altar", "wall"]
    assert table["kind"].tolist() == ["checkpoint", "closure"]


@pytest.mark.parametrize(
    ("change", "error", "field"),
    [
        ({"kind": "war"}, UnknownNameError, "kind"),
        ({"from_on": "2018"}, DateOptionError, "value"),
        ({"to_on": "2017-01-01"}, DateOptionError, "value"),
    ],
)
def test_an_operation_that_cannot_be_is_refused(border, change, error, field):
    given = {"kind": "checkpoint", "from_on": "2018-01-01"} | change
    with pytest.raises(error) as caught:
        pipeline.add_operation(border, "bad", AREA, **given)
    assert field in caught.value.fields
    assert "bad" not in set(pipeline.list_operations(border)["operation_id"])


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize(
    ("area", "from_on", "error", "said"),
    [
        (AREA, "2030-01-01", TooFewError, "future"),
        (AREA, "2021-12-01", TooFewError, "blocks"),
        (shapely.box(0, 0, 1, 1), "2018-01-01", AreaFaultyError, "outside"),
    ],
)
def test_what_cannot_be_answered_is_said(border, area, from_on, error, said, lang):
    shape = shapely.MultiPolygon([area]) if area.geom_type == "Polygon" else area
    given = {"kind": "other", "from_on": from_on}
    pipeline.add_operation(border, "odd", shape, **given)
    with pytest.raises(error) as caught:
        pipeline.displacement(border, "odd", Asked())
    assert said in caught.value.fields.values()
    words = Words(lang)
    family = "too_few.what" if error is TooFewError else "area_faulty.reason"
    assert words.text(f"error.{family}.{said}") in words.error(caught.value)


def test_the_score_before_is_the_score_of_a_run_as_of_the_first_day(border):
    found = pipeline.displacement(border, "altar", Asked(), FEW)
    cells, start = border.read("cells"), found.facts["start_on"]
    scores, _ = score_cells(
        cells,
        border.read("layers"),
        border.read("incidents"),
        border.read("coverage"),
        PRESETS[0],
        as_of=start,
    )
    inside = shapely.contains(AREA, shapely.points(cells["x"], cells["y"]))
    score = scores["migrant_danger"][inside & scores["migrant_danger"].notna()]
    mean = 100 * score.sum() / cells.loc[score.index, "area_km2"].sum()
    area = found.danger.iloc[0]
    assert area["before"] == pytest.approx(mean, rel=1e-6)
    assert area["change"] == pytest.approx(area["after"] - area["before"])
    assert area["change_low"] < area["change"] < area["change_high"]
    assert found.danger["part"].tolist() == ["area", "ring", "ring", "ring", "controls"]


@pytest.mark.usefixtures("moved")
def test_the_score_follows_deaths_that_move_out_of_the_area(border):
    found = pipeline.displacement(border, "altar", Asked(), FEW)
    area = found.danger.iloc[0]
    rings = found.danger[found.danger["part"] == "ring"]
    assert (rings["ratio"] > area["ratio"]).any()


def test_one_kind_of_incident_has_no_score(border):
    found = pipeline.displacement(border, "altar", Asked(kind="migrant_death"), FEW)
    assert found.danger is None


def test_what_tells_of_an_operation_is_marked_like_the_operation(border):
    pipeline.displacement(border, "altar", Asked(), FEW)
    for name in ("displacement", "displacement_moved", "displacement_danger"):
        marking = marking_of_table(border, f"{name}_migrant_danger")
        assert marking.label == UNMARKED_IS

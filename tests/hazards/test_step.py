"""The step, its views and its commands on the bundled data, coarse and narrow."""

import json
import shutil

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import Affine

from riskmap import pipeline
from riskmap.cells import cell_polygons
from riskmap.cli import program
from riskmap.errors import OptionError
from riskmap.hazards.catalogue import HAZARDS
from riskmap.i18n import LANGUAGES, Words
from riskmap.pipeline import map_layers
from riskmap.schema import check_table

COARSE = {"resolution": 5, "half_width_km": 60.0}

NUMBERS = [
    hazard.name
    for hazard in HAZARDS
    if hazard.column.dtype == "float64" and hazard.family in ("heat", "drowning")
]


@pytest.fixture(scope="session")
def border(tmp_path_factory):
    """A project that has been run once without incidents; tests only look."""
    folder = tmp_path_factory.mktemp("hazards") / "border"
    project = pipeline.create_project(folder, empty=True)
    pipeline.run(project, **COARSE)
    return project


@pytest.fixture(scope="session")
def found(border):
    return pipeline.read_hazards(border)


def test_the_table_keeps_its_catalogue(border, found):
    columns = [hazard.column for hazard in pipeline.hazard_columns(border)]
    check_table(found, columns, name="hazards")
    assert {column.name for column in columns} == set(border.read("hazards").columns)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda hazard: hazard.name)
def test_every_hazard_has_its_legend(language, hazard):
    words = Words(language)
    assert words.text(f"layer.{hazard.name}")
    assert words.text(f"layer.{hazard.name}.help")


def test_the_map_offers_them_by_name(border):
    offered = {layer.name for layer in map_layers.offered(border)}
    held = {hazard.name for hazard in pipeline.hazard_columns(border) if hazard.shown}
    assert held <= offered
    assert "flood_hazard" not in offered
    read, _ = map_layers.values_of(border)
    assert offered == set(read().columns)


def test_desert_canal_and_river_each_have_their_danger(border, found):
    """A6.1: each named region holds cells of the corridor's top tenth (row A6.1)."""
    shapes = border.read("regions").set_index("name_en").geometry
    hexagons = cell_polygons(found.index).to_numpy()
    cases = {
        "Deserts of Western Arizona": "heat_chance",
        "All-American Canal (Imperial Dam - Calexico)": "drowning_chance",
        "Rio Grande / Rio Bravo corridor": "drowning_chance",
    }
    for region, hazard in cases.items():
        inside = shapely.intersects(hexagons, shapes[region])
        top = found[hazard] >= found[hazard].quantile(0.9)
        assert (inside & top.to_numpy()).any(), region


def test_of_the_open_sea_nothing_is_said(border, found):
    cells = border.read("cells")
    pacific = (cells["x"] < -117.6) & (cells["y"] < 32.6)
    assert pacific.any()
    assert found[pacific]["drowning_chance"].isna().all()
    assert found[pacific]["heat_chance"].isna().all()
    assert set(found[pacific]["drowning_flag"]) == {"no_data"}


def test_winter_costs_less_water_than_summer(border, found):
    winter = pipeline.read_hazards(border, month=1)
    gap = found["heat_loss_l_per_km"] - winter["heat_loss_l_per_km"]
    assert (gap.dropna() > 0).all()
    assert winter["drowning_chance"].equals(found["drowning_chance"])


def test_switching_exposure_changes_no_hazard(found):
    for by in NUMBERS:
        weighed = pipeline.add_exposure(found, by)
        assert weighed[found.columns].equals(found)
        assert (weighed["exposed"].dropna() <= found[by].clip(lower=0).max()).all()


def test_what_was_asked_for_is_not_stored(border, found):
    pipeline.read_hazards(border, water_l=1.0)
    assert pipeline.read_hazards(border).equals(found)


def test_the_same_inputs_give_the_same_bytes(border):
    made = border.snapshot("hazards").sha256
    again = pipeline.read_hazards(border, drift_km=5.0)
    columns = border.read("hazards").columns
    assert again[columns].equals(border.read("hazards"))
    assert border.snapshot("hazards").sha256 == made


def command(project, capsys, *arguments, lang="en"):
    environment = {"RISKMAP_PROJECT": str(project.path), "RISKMAP_LANG": lang}
    code = program.run(list(arguments), environment)
    printed = capsys.readouterr()
    return code, printed.out, printed.err


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("by", ["heat_chance", "drowning_drift", "heat_debt_l"])
def test_the_command_ranks_and_says_its_doubt(border, capsys, lang, by):
    code, out, err = command(border, capsys, "hazards", "--by", by, lang=lang)
    assert (code, err) == (0, "")
    words = Words(lang)
    assert words.text(f"layer.{by}") in out
    assert words.text("cli.hazards.no_exposure") in out


def test_the_command_gives_json_in_order(border, capsys):
    arguments = ["--month", "6", "--start-hour", "6", "--water-l", "4", "--top", "7"]
    code, out, _ = command(border, capsys, "hazards", *arguments, "--json")
    rows = json.loads(out)
    chances = [row["heat_chance"] for row in rows]
    assert (code, len(rows)) == (0, 7)
    assert chances == sorted(chances, reverse=True)


def test_exposure_is_said_to_be_an_assumption(border, capsys):
    code, out, _ = command(border, capsys, "hazards", "--exposure")
    assert code == 0
    assert "assumption" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ("--month", "13"),
        ("--by", "luck"),
        ("--ground", "0"),
        ("--water-l", "many"),
        ("--temperature", "none.tif"),
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_cannot_be_is_refused_in_words(border, capsys, arguments, lang):
    code, out, err = command(border, capsys, "hazards", *arguments, lang=lang)
    assert (code, out) == (2, "")
    assert arguments[-1] in err or "--help" in err


def day(path, celsius_to):
    """A forecast over a part of the corridor: 44 °C, written some other way."""
    values = np.full((40, 80), celsius_to(44.0), dtype="float32")
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=80,
        height=40,
        count=1,
        dtype="float32",
        crs="EPSG:4326",
        transform=Affine(0.05, 0.0, -114.5, 0.0, -0.05, 33.0),
    ) as file:
        file.write(values, 1)
    return str(path)


def test_a_forecast_that_covers_a_part_is_no_data_elsewhere(border, found, tmp_path):
    file = day(tmp_path / "day.tif", lambda c: c)
    asked = pipeline.read_hazards(border, temperature=file)
    known = asked["heat_loss_l_per_km"].notna()
    assert 0 < known.mean() < 0.5
    hotter = asked["heat_loss_l_per_km"] - found["heat_loss_l_per_km"]
    assert (hotter[known] > 0).all()
    assert set(asked["heat_flag"][~known]) == {"no_data"}


def test_a_forecast_in_fahrenheit_is_refused_in_words(border, capsys, tmp_path):
    file = day(tmp_path / "day.tif", lambda c: c * 1.8 + 32)
    code, out, err = command(
        border, capsys, "hazards", "--temperature", file, lang="es"
    )
    assert (code, out) == (2, "")
    assert "grados Fahrenheit" in err


def flood_file(folder):
    polygon = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"value": 0.8},
                "geometry": shapely.geometry.mapping(shapely.box(-113, 32, -112, 32.6)),
            }
        ],
    }
    path = folder / "flood.geojson"
    path.write_text(json.dumps(polygon), encoding="utf-8")
    return path


def test_a_file_of_the_users_own_becomes_a_named_hazard(border, tmp_path):
    path = flood_file(tmp_path)
    asked = pipeline.read_hazards(border, flood=str(path))
    assert asked["flood_hazard"].max() == pytest.approx(0.8)
    others = [name for name in asked if name != "flood_hazard"]
    assert asked[others].equals(pipeline.read_hazards(border)[others])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_people_without_records_are_no_data(border, capsys, lang):
    code, out, _ = command(border, capsys, "people", lang=lang)
    assert code == 0
    assert out.count(Words(lang).text("cli.people.none")) == 4


def test_a_file_that_the_settings_name_is_on_the_map_after_a_run(border, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(border.path, folder)
    settings = folder / "riskmap.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace('flood = ""', 'flood = "flood.geojson"'), encoding="utf-8"
    )
    flood_file(folder)
    project = pipeline.open_project(folder)
    states = {step.name: step.state for step in pipeline.run(project, **COARSE).steps}
    assert states["hazards"] == "made"
    assert {states["layers"], states["people"], states["cells"]} == {"kept"}
    assert "flood_hazard" in {layer.name for layer in map_layers.offered(project)}
    assert "flood_hazard" in {h.name for h in pipeline.hazard_columns(project)}
    # another file under the same name is another hazard
    (folder / "flood.geojson").write_text(
        (folder / "flood.geojson").read_text(encoding="utf-8").replace("0.8", "0.4"),
        encoding="utf-8",
    )
    states = {step.name: step.state for step in pipeline.run(project, **COARSE).steps}
    assert states["hazards"] == "made"
    assert project.read("hazards")["flood_hazard"].max() == pytest.approx(0.4)


def test_the_settings_of_the_water_are_read_and_refused_in_words(border, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(border.path, folder)
    settings = folder / "riskmap.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text + 'stage = {"Rio Grande" = 2.0}\n', encoding="utf-8")
    high = pipeline.read_hazards(pipeline.open_project(folder))
    usual = pipeline.read_hazards(border)
    gap = (high["drowning_chance"] - usual["drowning_chance"]).dropna()
    assert (gap >= 0).all()
    assert (gap > 0).any()
    settings.write_text(text + 'stage = {"Rio Grande" = "high"}\n', encoding="utf-8")
    with pytest.raises(OptionError):
        pipeline.open_project(folder)

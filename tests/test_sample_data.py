"""The bundled tables: whole, in place, free to share, and what their READMEs say."""

import gzip
import json
import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from riskmap.cells import cell_centres, cell_index, parse_cells, points_to_cells
from riskmap.crs import GEOD
from riskmap.i18n import LANGUAGES, Words

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
FOLDERS = ("boundary", "climate", "incidents", "landmarks", "terrain")
TABLES = sorted(DATA.glob("*/*.csv"))
SHAPES = sorted([*DATA.glob("*/*.geojson"), *DATA.glob("*/*.geojson.gz")])
FILES = [*TABLES, *SHAPES]

PERSONS = re.compile(
    r"(?i)\b(age|sex|gender|nationality|origin|victim|first_name|last_name|surname"
    r"|survivors|females?|males?|children|url|link|notes?_text)\b"
)
SHARE_ALIKE = re.compile(r"ODbL|OpenStreetMap|OpenFlights|\bOSM\b|CC BY-SA|Wikipedia\)")
TWO_MEGABYTES = 2_000_000


def text_of(path):
    raw = path.read_bytes()
    return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")


def table(name):
    return pd.read_csv(DATA / name, dtype=str, keep_default_na=False)


def shapes(name):
    found = json.loads(text_of(DATA / name))
    return gpd.GeoDataFrame.from_features(found["features"], crs="EPSG:4326")


@pytest.fixture(scope="module")
def boundary():
    return shapes("boundary/boundary.geojson")


@pytest.fixture(scope="module")
def jurisdictions():
    return shapes("boundary/jurisdictions.geojson.gz")


@pytest.fixture(scope="module")
def incidents():
    return table("incidents/incidents.csv")


@pytest.fixture(scope="module")
def landmarks():
    found = table("landmarks/landmarks.csv")
    numbers = ["lon", "lat", "accuracy_m", "km", "distance_km"]
    return found.astype(dict.fromkeys(numbers, float)).set_index("id")


@pytest.fixture
def sample(monkeypatch):
    """Let the script's own modules be imported."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))


# all files


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_says_publisher_licence_crs_quality_and_what_is_missing(folder):
    said = (DATA / folder / "README.md").read_text("utf-8")
    for word in ("icence", "ublisher", "EPSG:4326", "ethod", "uality", "is missing"):
        assert re.search(word, said), word
    for path in FILES:
        if path.parent.name == folder:
            assert f"`{path.name}`" in said, path.name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_is_small_and_names_no_machine(path):
    assert path.stat().st_size < TWO_MEGABYTES
    text = text_of(path)
    assert "\r" not in text
    assert text.endswith("\n")
    assert str(ROOT.parent) not in text
    assert not re.search(r"(?i)/home/|/tmp/|[a-z]:\\", text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_is_under_share_alike_terms(path):
    found = SHARE_ALIKE.search(text_of(path))
    # the page is named as source of three rows of numbers, which nobody owns
    assert found is None or path.name in {"stations.csv"}


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_no_column_tells_of_a_person(path):
    headings = path.read_text("utf-8").splitlines()[0]
    assert not PERSONS.search(headings)


@pytest.mark.parametrize("path", SHAPES, ids=lambda path: path.name)
def test_geojson_obeys_its_standard(path):
    found = json.loads(text_of(path))
    assert set(found) == {"type", "features"}, "RFC 7946 knows no member crs"
    for feature in found["features"]:
        assert set(feature) == {"type", "properties", "geometry"}
    geometry = shapes(path.relative_to(DATA)).geometry
    assert geometry.is_valid.all()
    assert not geometry.is_empty.any()
    west, south, east, north = geometry.total_bounds
    assert -123 < west < east < -93
    assert 21 < south < north < 39
    areas = geometry[geometry.geom_type.str.endswith("Polygon")].explode()
    assert areas.exterior.is_ccw.all()


# boundary


def test_the_reaches_run_from_the_mouth_to_the_pacific(boundary):
    assert boundary["reach"].tolist() == [
        "rio_grande",
        "chihuahua_sonora_land",
        "colorado",
        "pacific_land",
    ]
    ends = [np.array(line.coords) for line in boundary.geometry]
    assert ends[0][0] == pytest.approx([-97.147, 25.956], abs=0.002)
    assert ends[-1][-1] == pytest.approx([-117.125, 32.534], abs=0.002)


def test_the_reaches_join_end_to_end(boundary):
    for first, second in zip(boundary.geometry, boundary.geometry[1:], strict=False):
        assert first.coords[-1] == second.coords[0]
    assert boundary["from_km"].tolist() == [0, *boundary["to_km"][:-1]]


def test_the_kilometres_are_those_of_the_ellipsoid(boundary):
    for row in boundary.itertuples():
        measured = GEOD.geometry_length(row.geometry) / 1000
        assert row.to_km - row.from_km == pytest.approx(measured, abs=0.002)
    assert boundary["to_km"].iloc[-1] == pytest.approx(3181.7, abs=0.5)


def test_the_line_is_written_to_a_metre_and_never_crosses_itself(boundary):
    whole = shapely.line_merge(shapely.MultiLineString(list(boundary.geometry)))
    assert whole.geom_type == "LineString"
    assert whole.is_simple
    xy = shapely.get_coordinates(whole)
    assert (np.round(xy, 5) == xy).all()
    assert len(xy) == 38_705 + 220 + 672 + 59 - 3


# jurisdictions


def test_each_kind_of_jurisdiction_is_whole(jurisdictions):
    counts = jurisdictions.groupby("kind").size().to_dict()
    assert counts == {
        "bp_sector": 9,
        "mx_municipio": 119,
        "mx_state": 6,
        "us_county": 59,
        "us_state": 4,
    }
    assert not jurisdictions.duplicated(["kind", "code"]).any()
    assert {"Doña Ana", "Nuevo León", "Rio Grande Valley"} <= set(jurisdictions["name"])


@pytest.mark.parametrize(
    "kind", ["bp_sector", "mx_municipio", "mx_state", "us_county", "us_state"]
)
def test_units_neither_overlap_nor_leave_gaps(jurisdictions, kind):
    own = jurisdictions.geometry[jurisdictions["kind"] == kind].to_numpy()
    assert shapely.coverage_is_valid(own)


def test_counties_fill_their_states_and_sectors(jurisdictions):
    area = (
        jurisdictions.geometry.apply(shapely.area).groupby(jurisdictions["kind"]).sum()
    )
    assert area["us_county"] == pytest.approx(area["us_state"])
    assert area["us_county"] == pytest.approx(area["bp_sector"])
    assert area["mx_municipio"] == pytest.approx(area["mx_state"])


def test_both_countries_meet_on_the_line(jurisdictions, boundary):
    halves = [
        shapely.union_all(jurisdictions.geometry[jurisdictions["kind"] == kind])
        for kind in ("us_state", "mx_state")
    ]
    assert shapely.intersection(*halves).area == pytest.approx(0, abs=1e-9)
    whole = shapely.union_all(halves)
    steps = shapely.segmentize(shapely.union_all(boundary.geometry), 0.01)
    points = shapely.points(shapely.get_coordinates(steps)[100:-100])
    # the line was moved by 150 m at most
    assert shapely.distance(points, whole).max() == 0
    assert shapely.distance(points, halves[0]).max() < 0.003


def test_landmarks_lie_in_a_unit_of_their_own_side(jurisdictions, landmarks):
    near = landmarks[(landmarks["distance_km"] < 100) & (landmarks["side"] != "both")]
    points = shapely.points(near["lon"], near["lat"])
    for kind, side in (("us_county", "US"), ("mx_municipio", "MX")):
        whole = shapely.union_all(jurisdictions.geometry[jurisdictions["kind"] == kind])
        shapely.prepare(whole)
        assert (shapely.covers(whole, points) == (near["side"] == side)).all()
    assert len(near) == 490


@pytest.mark.parametrize(
    ("kind", "name", "code"),
    [
        ("us_county", "county_sector.csv", "fips"),
        ("mx_municipio", "municipios_on_line.csv", "cvegeo"),
    ],
)
def test_polygons_on_the_line_agree_with_the_table_by_kilometre(
    jurisdictions, boundary, kind, name, code
):
    spans = table(f"boundary/{name}").astype({"from_km": float})
    line = shapely.line_merge(shapely.MultiLineString(list(boundary.geometry)))
    xy = shapely.get_coordinates(line)
    _, _, metres = GEOD.inv(*xy[:-1].T, *xy[1:].T)
    at = np.concatenate(([0], np.cumsum(metres) / 1000))
    km = np.arange(0.5, 3181, 1)
    points = shapely.points(np.interp(km, at, xy[:, 0]), np.interp(km, at, xy[:, 1]))
    own = jurisdictions[jurisdictions["kind"] == kind]
    tree = shapely.STRtree(own.geometry.to_numpy())
    found = own["code"].to_numpy()[tree.nearest(points)]
    row = np.searchsorted(spans["from_km"], km, side="right") - 1
    assert (found == spans[code].to_numpy()[row]).mean() > 0.99


def test_spans_of_sectors_follow_one_another_along_the_line():
    spans = table("boundary/sector_extents.csv")
    assert spans["from_km"].tolist() == ["0.0", *spans["to_km"][:-1]]
    assert spans["to_km"].iloc[-1] == "3182.0"
    assert len(spans) == 9


@pytest.mark.parametrize("name", ["county_sector.csv", "municipios_on_line.csv"])
def test_spans_of_units_are_in_order_and_within_the_line(name):
    spans = table(f"boundary/{name}").astype({"from_km": float, "to_km": float})
    assert (spans["from_km"] < spans["to_km"]).all()
    assert (spans["from_km"].diff().dropna() >= 0).all()
    assert spans["from_km"].iloc[0] == 0
    assert 3178 <= spans["to_km"].iloc[-1] <= 3182


def test_the_basemap_is_small_and_its_land_ends_at_the_line():
    path = DATA / "boundary" / "basemap.geojson.gz"
    assert path.stat().st_size < 400_000
    found = shapes("boundary/basemap.geojson.gz")
    kinds = ["land", "land", "us_state", "mx_state"]
    assert found["kind"].iloc[:4].tolist() == kinds
    assert set(found["kind"]) == {*kinds, "river", "town"}
    us, mx = found.geometry.iloc[:2]
    assert us.intersection(mx).area == pytest.approx(0, abs=1e-6)
    tucson, hermosillo = shapely.Point(-110.9, 32.2), shapely.Point(-110.95, 29.1)
    assert [us.covers(tucson), us.covers(hermosillo)] == [True, False]
    assert [mx.covers(tucson), mx.covers(hermosillo)] == [False, True]


# incidents


def test_every_row_of_both_sources_is_there(incidents):
    assert incidents["source"].value_counts().to_dict() == {
        "iom_mmp": 2818,
        "ucdp_ged": 3427,
    }
    assert incidents["id"].is_unique
    assert (incidents["id"] != "").all()


def test_the_columns_are_those_of_the_readme(incidents):
    assert list(incidents) == [
        *("id", "date", "date_precision", "lon", "lat", "accuracy_m", "kind", "cause"),
        *("dead", "missing", "source", "source_quality"),
        *("country", "month_said", "record_type"),
    ]
    said = (DATA / "incidents" / "README.md").read_text("utf-8")
    for name in incidents:
        assert f"`{name}`" in said


def test_values_are_codes_and_numbers_never_free_text(incidents):
    allowed = {
        "date": r"\d{4}-\d\d-\d\d",
        "date_precision": r"day|week|month|year",
        "lon": r"-\d+\.\d+",
        "lat": r"\d+\.\d+",
        "accuracy_m": r"[1-9]\d+",
        "kind": r"migrant_(?:death|disappearance)|violence_(?:nonstate|onesided)",
        "cause": r"|exposure|drowning|vehicle|violence|fall|medical|undetermined",
        "dead": r"\d*",
        "missing": r"\d*",
        "source_quality": r"[1-5]?",
        "country": r"US|MX",
        "month_said": r"[A-Z][a-z]+|",
        "record_type": r"(?:Cumulative |Split )?Incident|",
    }
    for column, pattern in allowed.items():
        wrong = ~incidents[column].str.fullmatch(pattern)
        assert not wrong.any(), f"{column}: {incidents.loc[wrong, column].iloc[0]}"


def test_wrong_rows_are_kept_for_the_quarantine(incidents):
    total = incidents["record_type"] == "Cumulative Incident"
    assert (incidents.loc[total, "date_precision"] == "year").all()
    assert total.sum() == 33
    in_tamaulipas = incidents["lat"] == "24.215586"
    assert in_tamaulipas.sum() == 16
    assert (incidents.loc[in_tamaulipas, "accuracy_m"] == "300000").all()
    month = pd.to_datetime(incidents["date"]).dt.month_name()
    odd = (incidents["month_said"] != "") & (incidents["month_said"] != month)
    assert odd.sum() == 7
    assert (incidents.loc[odd, "date_precision"] == "year").all()
    nobody = (incidents["dead"] == "") & (incidents["missing"] == "")
    assert incidents.loc[nobody, "id"].tolist() == ["2018.MMP0006367"]


def test_a_death_has_a_cause_and_violence_has_none(incidents):
    migrants = incidents["kind"].str.startswith("migrant")
    assert ((incidents["cause"] != "") == migrants).all()
    dead = pd.to_numeric(incidents["dead"]).fillna(0)
    assert ((incidents["kind"] == "migrant_death") == (migrants & (dead > 0))).all()


def test_coverage_says_where_and_when_of_every_source(incidents):
    cover = table("incidents/coverage.csv")
    assert list(cover) == [
        *("source", "purpose", "side", "from_km", "to_km", "from_on", "to_on", "note")
    ]
    assert set(cover["source"]) == set(incidents["source"])
    assert (
        cover["purpose"]
        .map({"life_saving": "iom_mmp", "public_safety": "ucdp_ged"})[:]
        .equals(cover["source"])
    )
    assert set(cover.loc[cover["source"] == "ucdp_ged", "side"]) == {"MX"}
    assert (cover["from_on"] < cover["to_on"]).all()
    assert (cover["from_km"].astype(float) < cover["to_km"].astype(float)).all()
    for source, rows in incidents.groupby("source"):
        own = cover[cover["source"] == source]
        assert rows["date"].min() >= own["from_on"].min()
        assert rows["date"].max() <= own["to_on"].max()


def test_no_incident_is_near_the_line_where_nothing_is_covered(incidents):
    gap = table("incidents/coverage.csv").query("source == 'iom_mmp' and side == 'US'")
    assert gap["to_km"].iloc[0] == "1796.0"
    assert gap["from_km"].iloc[1] == "2348.0"
    iom = incidents[incidents["source"] == "iom_mmp"]
    points = shapely.points(iom["lon"].astype(float), iom["lat"].astype(float))
    # Hudspeth County's east end and New Mexico's west end, on the line
    inside = shapely.box(-109.05, 30.63, -104.91, 33.0)
    assert not shapely.covers(inside, points).any()


# landmarks


def test_landmarks_are_counted_placed_and_graded(landmarks):
    assert len(landmarks) == 1042 - 70 + 7 + 16
    assert landmarks.index.is_unique
    counts = landmarks["kind"].value_counts()
    assert counts["boundary_monument"] == 276
    assert counts["port_of_entry"] + counts["international_bridge"] == 49
    assert counts["hospital"] == 254
    assert "airport" not in counts
    assert set(landmarks["basis"]) == {"read", "derived", "unverified"}
    assert set(landmarks["side"]) == {"US", "MX", "both"}
    assert landmarks["accuracy_m"].between(1, 10_000).all()
    assert (landmarks[["name_en", "name_es", "source"]] != "").all(axis=None)


def test_general_knowledge_is_marked_unverified(landmarks):
    memory = landmarks["source"].str.contains("general knowledge|origin not stated")
    assert set(landmarks.loc[memory, "basis"]) == {"unverified"}
    kinds = ("grupo_beta", "stream_gauge", "dam", "border_patrol_station")
    for kind in (*kinds, "checkpoint", "canal_structure"):
        assert set(landmarks.loc[landmarks["kind"] == kind, "basis"]) == {"unverified"}


def test_kilometres_of_landmarks_are_those_of_the_line(landmarks):
    marks = landmarks[landmarks["kind"] == "river_km"]
    named = marks["name_en"].str.extract(r"km (\d+)")[0].astype(float)
    assert (marks["km"] - named).abs().max() < 0.3
    monuments = landmarks[landmarks["kind"] == "boundary_monument"]
    assert monuments["distance_km"].max() < 0.02
    assert monuments["km"].is_monotonic_increasing
    assert monuments["km"].iloc[0] == 2059.5


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_landmark_has_words(landmarks, language):
    words = Words(language)
    for kind in landmarks["kind"].unique():
        key = f"landmark_kind.{kind}"
        assert words.text(key) not in ("", key)


def test_roads_are_numbered_and_say_of_which_state_all_are_on_file(jurisdictions):
    found = shapes("landmarks/roads.geojson")
    assert found["road_id"].is_unique
    assert {"I-19", "I-8", "AZ-85", "AZ-86", "AZ-286", "US-95"} <= set(found["road_id"])
    assert set(found["covers"]) == {"US-04"}
    state = jurisdictions[
        (jurisdictions["kind"] == "us_state") & (jurisdictions["code"] == "04")
    ].geometry.union_all()
    lines = found.geometry.to_numpy()
    inside = shapely.length(shapely.intersection(lines, state)) / shapely.length(lines)
    # the outline of the state is cut at 160 km from the line
    assert inside[found["road_id"].isin(["I-19", "AZ-286", "AZ-86"])].min() > 0.99
    assert found[found["marks"] != ""]["road_id"].tolist() == ["AZ-286", "I-19"]


@pytest.mark.realdata
def test_checkpoints_lie_as_near_as_they_say(landmarks, shared_data):
    """Against a list that may not be bundled."""
    listed = pd.read_csv(
        shared_data / "landmarks" / "border_patrol_interior_checkpoints_wikipedia.csv"
    )
    ours = landmarks[landmarks["kind"] == "checkpoint"]
    for row in ours.itertuples():
        count = len(listed)
        away = GEOD.inv(
            [float(row.lon)] * count, [float(row.lat)] * count,
            listed["lon"], listed["lat"],
        )[2]  # fmt: skip
        assert min(away) <= float(row.accuracy_m)


def test_rivers_are_the_boundary_and_canals_say_how_coarse(boundary):
    found = shapes("landmarks/waterways.geojson")
    rivers, canals = (found[found["kind"] == kind] for kind in ("river", "canal"))
    assert len(rivers) == 5
    assert len(canals) == 10
    line = shapely.union_all(boundary.geometry)
    assert shapely.covers(line.buffer(0.0005), rivers.geometry.to_numpy()).all()
    assert set(canals["basis"]) == {"unverified"}
    assert canals["accuracy_m"].min() >= 400
    length = GEOD.geometry_length(shapely.union_all(rivers.geometry)) / 1000
    assert 1980 < length < 2097


def test_regions_are_areas_and_hold_the_priority_ones():
    found = shapes("landmarks/regions.geojson")
    assert set(found.geom_type) == {"Polygon"}
    assert found["kind"].value_counts().to_dict() == {
        "blm_city_pair": 10,
        "named_area": 6,
        "priority_area_2001": 3,
    }
    assert found["accuracy_m"].min() >= 3000


# climate and terrain


def test_stations_have_twelve_months_of_a_read_source():
    found = table("climate/stations.csv")
    assert found["station"].nunique() == 13
    assert not found.duplicated(["station", "variable"]).any()
    assert not found["source"].str.contains("WorldClim|ITU").any()
    months = found.loc[:, "jan":"dec"].replace("", "nan").astype(float)
    assert months.shape == (38, 12)
    # Nuevo Laredo's rain of November and December
    assert months.isna().sum().sum() == 2
    hot = found["variable"] == "tmax"
    assert hot.sum() == 13
    assert months[hot].max(axis=None) == pytest.approx(42, abs=2)
    assert (months[hot].idxmax(axis=1).isin(["jun", "jul", "aug", "sep"])).all()


def test_terrain_holds_every_land_cell_near_the_line(boundary):
    found = table("terrain/terrain_r6.csv")
    cells = cell_index(parse_cells(found["cell"]))
    assert len(cells) == len(found) == 12_391
    points = shapely.get_coordinates(
        shapely.segmentize(shapely.union_all(boundary.geometry), 0.02)
    )
    on_line = points_to_cells(points[:, 0], points[:, 1], 6)
    assert np.isin(on_line, cells).all()
    assert cell_centres(cells)["y"].between(24.9, 33.8).all()


def test_terrain_is_high_in_the_chisos_and_flat_at_the_salton_sea():
    found = table("terrain/terrain_r6.csv").set_index("cell").astype(float)
    assert found["elevation_m"].between(-80, 3000).all()
    assert found["slope_deg"].between(0, 45).all()
    assert found["ruggedness"].between(0, 1).all()
    chisos, salton = points_to_cells([-103.30, -115.80], [29.25, 33.25], 6)
    assert found.loc[f"{chisos:x}", "elevation_m"] > 1400
    assert found.loc[f"{chisos:x}", "slope_deg"] > 8
    assert found.loc[f"{salton:x}", "elevation_m"] < -50
    assert found.loc[f"{salton:x}", "ruggedness"] < 0.001


# the script


@pytest.mark.usefixtures("sample")
def test_a_slope_of_one_in_ten_is_found_on_a_plane():
    from sample.terrain import slopes  # noqa: PLC0415 not a package of ours

    x, y = np.meshgrid(np.arange(5) * 400.0, np.arange(4)[::-1] * 460.0)
    east, north = slopes(0.1 * x + 0.2 * y, np.full(2, 400.0), 460.0)
    assert east == pytest.approx(np.full((2, 3), 0.1))
    assert north == pytest.approx(np.full((2, 3), 0.2))


@pytest.mark.usefixtures("sample")
def test_a_place_on_the_line_has_its_kilometre():
    from sample.line import line_of  # noqa: PLC0415

    line = line_of([(-110.0, 31.0), (-111.0, 31.0)])
    # a degree of longitude at 31 degrees north is 95.5 km, and of latitude 110.9
    assert line.km[-1] == pytest.approx(95.5, abs=0.1)
    km, off_km = line.locate([-110.5], [31.1])
    assert km[0] == pytest.approx(47.75, abs=0.1)
    assert off_km[0] == pytest.approx(11.09, abs=0.02)


@pytest.mark.usefixtures("sample")
def test_an_unquoted_comma_goes_back_into_its_column(tmp_path):
    from sample.files import read_ragged  # noqa: PLC0415

    path = tmp_path / "ragged.csv"
    path.write_text("a,said,z\n1,known, unverified,9\n2,read,8\n", "utf-8")
    found = read_ragged(path, "said")
    assert found.to_numpy().tolist() == [
        ["1", "known, unverified", "9"],
        ["2", "read", "8"],
    ]


@pytest.mark.realdata
@pytest.mark.slow
@pytest.mark.usefixtures("sample")
def test_the_script_makes_the_same_bytes_again(shared_data, tmp_path):
    from build_sample_data import build  # noqa: PLC0415

    build(shared_data, tmp_path)
    made = {
        path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()
    }
    bundled = {path.relative_to(DATA) for path in FILES}
    # the basemap needs two npm packages too; offices and regions are kept by hand
    by_hand = ("consulates", "liaison_mechanisms", "priority_regions")
    kept = {Path(f"landmarks/{name}.csv") for name in by_hand}
    assert bundled - made == {Path("boundary/basemap.geojson.gz"), *kept}
    assert made <= bundled
    for path in sorted(made):
        assert text_of(tmp_path / path) == text_of(DATA / path), path

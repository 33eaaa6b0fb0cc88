"""Grids and projections: UTM, MGRS and national systems against PROJ and by hand."""

import geopandas as gpd
import pandas as pd
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmap import errors
from riskmap.grids import COLUMNS, EVEN_ZONE_START, ROWS
from riskmap.ingest import load_profile
from riskmap.ingest.grid_columns import looks_like_grid
from riskmap.ingest.projections import (
    KNOWN_CRS,
    METRES,
    known_crs,
    read_grid,
    utm_to_degrees,
)
from tests.ingest.conftest import few_examples

X, Y = -110.52, 31.45

lon = st.floats(-119.9, -96.1)
lat = st.floats(24.1, 39.9)


def utm_of(x, y):
    zone = int((x + 180) // 6) + 1
    way = pyproj.Transformer.from_crs(4326, 32600 + zone, always_xy=True)
    return zone, *way.transform(x, y)


def mgrs_of(x, y, digits):
    """Write a reference as the standard says, apart from the code under test."""
    zone, east, north = utm_of(x, y)
    band = "CDEFGHJKLMNPQRSTUVWX"[int((y + 80) // 8)]
    column = COLUMNS[(zone - 1) % 3][int(east // 100_000) - 1]
    start = 0 if zone % 2 else EVEN_ZONE_START
    row = ROWS[(int(north // 100_000) + start) % 20]
    cut = 10 ** (5 - digits)
    left, up = int(east % 100_000) // cut, int(north % 100_000) // cut
    return f"{zone}{band} {column}{row} {left:0{digits}} {up:0{digits}}"


@few_examples
@given(lon, lat, st.integers(1, 5))
def test_a_grid_reference_names_the_square_that_holds_the_point(x, y, digits):
    zone, east, north, side = read_grid(mgrs_of(x, y, digits))
    true_zone, true_east, true_north = utm_of(x, y)
    assert zone == true_zone
    assert side == 10 ** (5 - digits)
    assert abs(east - true_east) <= side / 2 + 1e-6
    assert abs(north - true_north) <= side / 2 + 1e-6


@pytest.mark.parametrize(
    ("text", "place"),
    [
        # the Washington Monument, from the example of the US National Grid
        ("18S UJ 23480 06470", (-77.0352, 38.8895)),
        ("18SUJ2348006470", (-77.0352, 38.8895)),
        ("18s uj 2348 0647", (-77.0352, 38.8895)),
        ("12R 505708 3466177", (-110.94, 31.33)),
        ("UTM 12 505708 mE, 3466177 mN", (-110.94, 31.33)),
        ("Zona 12 505708.4, 3466177.2", (-110.94, 31.33)),
    ],
)
def test_known_places_in_the_forms_people_write(text, place):
    zone, east, north, _ = read_grid(text)
    table = utm_to_degrees(pd.Series([zone]), pd.Series([east]), pd.Series([north]))
    assert table.iloc[0].tolist() == pytest.approx(place, abs=2e-4)
    assert looks_like_grid(pd.Series([text])).tolist() == [True]


@pytest.mark.parametrize(
    "text",
    ["12R WV 0570 661", "12R IV 05708 66176", "61R WV 05708 66176", "12R AV 05 66",
     "12R WV 057086 661761", "12C WV 05708 66176", "R WV 05708 66176", "12 1 2", "",
     "12T WA 05708 66176"],
)  # fmt: skip
def test_what_is_no_reference_is_told(text):
    found = read_grid(text)
    # row A in band T of zone 12 exists once; the others do not exist at all
    assert found is None or text.startswith("12T")


@pytest.mark.parametrize(
    "text",
    ["31.4501, -110.5203", "31 27 00.4 N 110 31 13.1 W", "POINT (-110.5 31.4)",
     "31,4501; -110,5203", "", "N 31 39.015 W 110 21.99"],
)  # fmt: skip
def test_degrees_are_not_taken_for_a_grid(text):
    assert looks_like_grid(pd.Series([text])).tolist() == [False]


HEADS = "date,type,accuracy"
ROW = "2021-03-05,rescue,100"


def as_table(columns, *rows):
    lines = [f"{HEADS},{columns}", *(f'{ROW},"{row}"' for row in rows)]
    return "\n".join(lines).replace("|", '","') + "\n"


def test_easting_and_northing_with_a_zone_are_a_place(read_text):
    text = as_table(
        "Easting,Northing,Zone",
        "545607.4|3479574.7|12",
        "545607,4|3479574,7|12R",
        "545607.4|3479574.7|",
        "545607.4|3479574.7|zone A",
        "3479574.7|545607.4|12",
        "54560.7|3479574.7|12",
        "545607.4|-3479574.7|12",
        "545607.4|no|12",
        "|3479574.7|12",
    )
    batch = read_text(text, profile="generic_en")
    assert batch.faults[["row", "code"]].values.tolist() == [
        [3, "zone_missing"],
        [4, "zone_unreadable"],
        [5, "easting_northing_swapped"],
        [6, "easting_out_of_range"],
        [7, "northing_out_of_range"],
        [8, "metres_unreadable"],
        [9, "coordinates_missing"],
    ]
    assert batch.faults["proposed"].tolist()[2] == "545607.4, 3479574.7"
    for point in batch.accepted.geometry:
        assert (point.x, point.y) == pytest.approx((X, Y), abs=1e-6)


def test_grid_references_are_a_place_and_coarse_ones_known_coarsely(read_text):
    text = as_table("MGRS", "12R WV 45607 79574", "12R WV 45 79", "12R WV 456 7957", "")
    batch = read_text(text, profile="generic_en")
    assert batch.faults[["row", "code"]].values.tolist() == [
        [3, "grid_unreadable"],
        [4, "coordinates_missing"],
    ]
    assert sorted(batch.accepted["accuracy_m"]) == [100, 500]


def test_a_column_of_coordinates_may_hold_either(read_text):
    text = as_table(
        "coordinates",
        "31.45, -110.52",
        "12R WV 45607 79574",
        "12R 545607 3479575",
        "12R XX 4560 7",
    )
    batch = read_text(text, profile="generic_en")
    assert batch.faults[["row", "code"]].values.tolist() == [[4, "grid_unreadable"]]
    for point in batch.accepted.geometry:
        assert (point.x, point.y) == pytest.approx((X, Y), abs=2e-5)


@pytest.mark.parametrize("crs", KNOWN_CRS)
def test_a_file_in_any_known_system_gives_the_same_place(crs, tmp_path, read_text):
    table = pd.DataFrame({"date": ["2021-03-05"], "type": ["rescue"]})
    points = gpd.points_from_xy([X], [Y])
    made = gpd.GeoDataFrame(table, geometry=points, crs="EPSG:4326").to_crs(crs)
    made.to_file(tmp_path / "made.gpkg", engine="pyogrio")
    data = (tmp_path / "made.gpkg").read_bytes()
    (point,) = read_text(data, profile="generic_en").accepted.geometry
    # North American and world datum are told apart by no more than 2 m
    assert (point.x, point.y) == pytest.approx((X, Y), abs=2e-5)


@pytest.mark.parametrize("crs", METRES)
def test_a_profile_may_name_the_system(crs, tmp_path, read_text):
    way = pyproj.Transformer.from_crs(4326, crs, always_xy=True)
    x, y = way.transform(X, Y)
    profile = tmp_path / "ours.toml"
    profile.write_text(
        f'source = "us"\ncrs = "{crs}"\n[columns]\ndate = "date"\nkind = "type"\n'
        'accuracy = "accuracy"\nlon = "x"\nlat = "y"\n'
    )
    text = as_table("x,y", f"{x:.2f}|{y:.2f}", "x|1")
    batch = read_text(text, profile=str(profile))
    (point,) = batch.accepted.geometry
    assert (point.x, point.y) == pytest.approx((X, Y), abs=2e-5)
    assert batch.faults["code"].tolist() == ["metres_unreadable"]


@pytest.mark.parametrize(
    "stated",
    ["EPSG:27700", "EPSG:99999999", "LOCAL_CS[]", "+proj=utm +zone=12", "x" * 30_000,
     '{"type": "GeographicCRS"}', "+init=/etc/passwd"],
)  # fmt: skip
def test_a_system_that_is_not_known_is_refused(stated, tmp_path):
    with pytest.raises(errors.WrongCRSError):
        known_crs(stated, tmp_path)


def test_a_definition_in_text_is_known_by_what_it_means(tmp_path):
    for code in (4326, 26912, 6372, 32613):
        text = pyproj.CRS.from_epsg(code).to_wkt("WKT1_ESRI")
        assert known_crs(text, tmp_path) == f"EPSG:{code}"


def test_a_profile_with_an_unknown_system_or_zone_is_refused(tmp_path):
    for line in ('crs = "EPSG:27700"', 'time_zone = "America/Nowhere"'):
        path = tmp_path / f"{len(line)}.toml"
        path.write_text(f'{line}\n[columns]\ndate = "date"\n')
        with pytest.raises(errors.ConfigError):
            load_profile(str(path))

"""Formats: the same rows in every format are the same table."""

import gzip
import io
import json
import zipfile
from datetime import time

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

from riskmap import errors
from riskmap.ingest.raw import Limits
from riskmap.ingest.reading import read_table
from riskmap.ingest.serials import EPOCH_1900, EPOCH_1904, write_serial

ROWS = [
    {"fecha": "2021-03-05", "tipo": "rescate", "fallecidos": "0"},
    {"fecha": "2021-03-06", "tipo": "muerte, año", "fallecidos": "2"},
]
POINTS = [(-110.5203, 31.4501), (-110.25, 31.5)]


def frame():
    x, y = zip(*POINTS, strict=True)
    table = pd.DataFrame(ROWS).astype({"fallecidos": "int64"})
    return gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(x, y), crs="EPSG:4326")


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def as_gpkg(folder):
    frame().to_file(folder / "made.gpkg", layer="events", engine="pyogrio")
    return (folder / "made.gpkg").read_bytes()


def as_shapefile(folder):
    frame().to_file(folder / "made.shp", engine="pyogrio", encoding="utf-8")
    parts = sorted(folder.glob("made.*"))
    return zipped({f"some folder/{part.name}": part.read_bytes() for part in parts})


def as_parquet(folder):
    frame().to_parquet(folder / "made.parquet")
    return (folder / "made.parquet").read_bytes()


def as_native_parquet(folder):
    frame().to_parquet(folder / "made.parquet", geometry_encoding="geoarrow")
    return (folder / "made.parquet").read_bytes()


def as_geojson(_folder):
    return frame().to_json().encode()


def as_kml(_folder=None):
    marks = ""
    for row, (x, y) in zip(ROWS, POINTS, strict=True):
        data = "".join(
            f'<Data name="{name}"><value>{value}</value></Data>'
            for name, value in row.items()
        )
        point = f"<Point><coordinates>{x},{y},0</coordinates></Point>"
        marks += f"<Placemark><ExtendedData>{data}</ExtendedData>{point}</Placemark>"
    space = "http://www.opengis.net/kml/2.2"
    return f'<kml xmlns="{space}"><Document>{marks}</Document></kml>'.encode()


def as_kmz(_folder):
    return zipped({"doc.kml": as_kml(), "files/photo.png": b"not looked at"})


def as_gpx(_folder):
    marks = "".join(
        f'<wpt lat="{y}" lon="{x}"><ele>900</ele>'
        + "".join(f"<{name}>{value}</{name}>" for name, value in row.items())
        + "</wpt>"
        for row, (x, y) in zip(ROWS, POINTS, strict=True)
    )
    track = '<trk><trkseg><trkpt lat="1" lon="2"/></trkseg></trk>'
    space = 'version="1.1" xmlns="http://www.topografix.com/GPX/1/1"'
    return f"<gpx {space}>{marks}{track}</gpx>".encode("utf-16")


FORMATS = {
    "geojson": as_geojson,
    "gpkg": as_gpkg,
    "shapefile": as_shapefile,
    "parquet": as_parquet,
    "parquet ": as_native_parquet,
    "kml": as_kml,
    "kmz": as_kmz,
    "gpx": as_gpx,
}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", FORMATS)
def test_the_same_rows_in_any_format_are_the_same_table(name, packed, tmp_path):
    data = FORMATS[name](tmp_path)
    # the name of a file says nothing about what it is
    path = tmp_path / "any.csv"
    path.write_bytes(gzip.compress(data) if packed else data)
    raw = read_table(path)
    headings = {heading[:10]: heading for heading in ROWS[0]}
    found = raw.frame.rename(columns=headings)
    assert raw.format == name.strip()
    assert found[list(ROWS[0])].to_dict("records") == ROWS
    places = zip(found["geometry.x"], found["geometry.y"], strict=True)
    assert [(float(x), float(y)) for x, y in places] == POINTS
    assert raw.crs in ("EPSG:4326", "OGC:CRS84", "")
    assert raw.faults.empty
    assert raw.frame.index.tolist() == [1, 2]
    assert raw.rows_in == 2


CELLS = [
    ["fecha", "hora", "lat", "lon", "casos", "sí", "nota"],
    [pd.Timestamp("2021-03-05"), time(14, 30), 31.4501, -110.5203, 2, True, "a\nb"],
    [
        pd.Timestamp("2021-03-06T07:08:09"),
        None,
        31.1 + 0.35,
        0.1 + 0.2,
        0,
        False,
        "=1+1",
    ],
    [44260, "2:30 p. m.", "31,5", "-110", None, None, " x "],
]


def workbook(rows, **properties):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    for name, value in properties.items():
        setattr(sheet, name, value)
    return book


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(data, tmp_path, **options):
    path = tmp_path / "file"
    path.write_bytes(data)
    return read_table(path, **options)


def test_a_workbook_is_read_as_a_csv_would_hold_it(tmp_path):
    book = workbook(CELLS)
    book.active["G3"].data_type = "s"
    raw = read(saved(book), tmp_path)
    assert raw.format == "xlsx"
    assert raw.frame.values.tolist() == [
        ["2021-03-05", "14:30:00", "31.4501", "-110.5203", "2", "TRUE", "a\nb"],
        ["2021-03-06T07:08:09", "", "31.45", "0.3", "0", "FALSE", "=1+1"],
        ["44260", "2:30 p. m.", "31,5", "-110", "", "", " x "],
    ]  # fmt: skip


def test_numbers_are_as_another_reader_has_them(tmp_path):
    values = [0.1, 1 / 3, 1e-7, 12345678901234, -0.5, 31.650312345]
    data = saved(workbook([["a", "b"], *([value, 1] for value in values)]))
    oracle = openpyxl.load_workbook(io.BytesIO(data), read_only=True).active
    wanted = [cell.value for (cell,) in oracle.iter_rows(min_row=2, max_col=1)]
    found = read(data, tmp_path).frame["a"]
    assert [float(text) for text in found] == pytest.approx(wanted, rel=1e-14)
    assert wanted == pytest.approx(values, rel=1e-14)


@pytest.mark.parametrize("epoch", [EPOCH_1900, EPOCH_1904])
def test_days_of_either_epoch_are_as_another_reader_has_them(epoch, tmp_path):
    book = workbook([["day", "n"]])
    book.epoch = epoch
    days = pd.to_datetime(
        ["1904-01-02", "1999-12-31", "2030-01-01 12:00"], format="mixed"
    )
    for day in days:
        book.active.append([day, 1])
    found = read(saved(book), tmp_path).frame["day"].tolist()
    assert found == ["1904-01-02", "1999-12-31", "2030-01-01T12:00:00"]


@pytest.mark.parametrize(
    ("serial", "written"),
    [
        (1, "1900-01-01"),
        (59, "1900-02-28"),
        (60, "1900-02-29"),
        (61, "1900-03-01"),
        (2_958_465, "9999-12-31"),
        (2_958_466, "2958466"),
        (-1, "-1"),
        (0.999_999_9, "1900-01-01"),
    ],
)
def test_the_day_that_never_was_moves_the_days_before_it(serial, written):
    assert write_serial(serial, EPOCH_1900) == written


def test_a_formula_is_its_stored_value_and_without_one_a_fault(tmp_path):
    sheet = (
        '<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>a</v></c>'
        '<c r="B1" t="str"><v>b</v></c></row><row r="2"><c r="A2"><f>1+1</f><v>2</v>'
        '</c><c r="B2"><v>7</v></c></row><row r="3"><c r="A3"><f>1+1</f></c>'
        '<c r="B3"><v>8</v></c></row></sheetData></worksheet>'
    )
    raw = read(rebuilt(sheet), tmp_path)
    assert raw.frame.to_dict("index") == {1: {"a": "2", "b": "7"}}
    assert raw.faults[["row", "column", "code"]].values.tolist() == [
        [2, "a", "formula_without_value"]
    ]
    assert raw.rows_in == 2


def rebuilt(sheet, **more):
    """A workbook whose only sheet is the text given."""
    data = saved(workbook([["a", "b"], [1, 2]]))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return zipped(files | {"xl/worksheets/sheet1.xml": sheet} | more)


def test_titles_above_the_headings_and_empty_lines_below_are_passed_over(tmp_path):
    rows = [
        ["Reporte mensual"],
        [],
        ["fecha", "tipo"],
        ["2021-03-05", "x"],
        [],
        ["", "y"],
    ]
    raw = read(saved(workbook(rows)), tmp_path)
    assert raw.frame["tipo"].to_dict() == {1: "x", 2: "", 3: "y"}


def test_of_several_sheets_the_one_that_is_a_table_is_read(tmp_path):
    book = workbook([["a", "b"], [1, 2]])
    book.create_sheet("notas").append(["una sola columna"])
    hidden = book.create_sheet("oculta")
    hidden.append(["c", "d"])
    hidden.append([3, 4])
    hidden.sheet_state = "hidden"
    assert read(saved(book), tmp_path).frame.columns.tolist() == ["a", "b"]
    hidden.sheet_state = "visible"
    with pytest.raises(errors.FileUnreadableError) as caught:
        read(saved(book), tmp_path)
    assert caught.value.fields["reason"] == "layers"
    assert read(saved(book), tmp_path, layer="oculta").frame["c"].tolist() == ["3"]


def test_of_several_layers_one_must_be_named(tmp_path):
    path = tmp_path / "two.gpkg"
    frame().to_file(path, layer="one", engine="pyogrio")
    frame().iloc[:1].to_file(path, layer="two", engine="pyogrio", mode="a")
    with pytest.raises(errors.FileUnreadableError) as caught:
        read_table(path)
    assert caught.value.fields["reason"] == "layers"
    assert read_table(path, layer="two").rows_in == 1


@pytest.mark.parametrize("name", ["gpkg", "shapefile", "parquet", "kml"])
def test_a_shape_that_is_no_point_is_a_fault(name, tmp_path):
    shapes = frame()
    if name == "kml":
        line = b"<LineString><coordinates>1,2 3,4</coordinates></LineString>"
        data = as_kml().replace(b"<Point>", line + b"<Point>", 1)
    else:
        point = shapely.Point(POINTS[1])
        shapes.geometry = [shapely.box(-111, 31, -110, 32), point]
        if name == "shapefile":
            shapes = shapes.iloc[:1]
        form = {"gpkg": "to_file", "shapefile": "to_file", "parquet": "to_parquet"}
        suffix = {"shapefile": "shp"}.get(name, name)
        getattr(shapes, form[name])(tmp_path / f"shapes.{suffix}")
        data = (tmp_path / f"shapes.{suffix}").read_bytes()
        if name == "shapefile":
            parts = tmp_path.glob("shapes.*")
            data = zipped({part.name: part.read_bytes() for part in parts})
    raw = read(data, tmp_path)
    assert raw.faults[["row", "code"]].values.tolist() == [[1, "geometry_not_point"]]
    assert raw.rows_in == len(raw.frame) + 1


def test_a_crs_in_metres_is_told(tmp_path):
    frame().to_crs(26912).to_file(tmp_path / "m.gpkg", engine="pyogrio")
    assert read_table(tmp_path / "m.gpkg").crs == "EPSG:26912"


def test_columnar_values_are_as_a_csv_would_hold_them(tmp_path):
    table = pd.DataFrame(
        {
            "n": pd.array([1, None], dtype="Int64"),
            "x": [1.5, float("nan")],
            "day": pd.to_datetime(["2021-03-05", None]).date,
            "t": ["a", None],
            "b": [True, False],
        }
    )
    table.to_parquet(tmp_path / "t.parquet")
    assert read_table(tmp_path / "t.parquet").frame.values.tolist() == [
        ["1", "1.5", "2021-03-05", "a", "true"],
        ["", "", "", "", "false"],
    ]


SIZES = [("rows", 2), ("columns", 4)]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(("limit", "number"), SIZES)
def test_limits_of_rows_and_columns_hold_in_every_format(name, limit, number, tmp_path):
    data = FORMATS[name](tmp_path)
    columns = read(data, tmp_path).frame.shape[1]
    number = columns if limit == "columns" else number
    for allowed in (number, number + 1):
        read(data, tmp_path, limits=Limits(**{limit: allowed}))
    with pytest.raises(errors.FileTooLargeError) as caught:
        read(data, tmp_path, limits=Limits(**{limit: number - 1}))
    assert caught.value.fields["unit"] == limit


@pytest.mark.parametrize(("limit", "number"), [("rows", 3), ("columns", 7)])
def test_limits_of_rows_and_columns_hold_in_a_workbook(limit, number, tmp_path):
    data = saved(workbook(CELLS))
    for allowed in (number, number + 1):
        read(data, tmp_path, limits=Limits(**{limit: allowed}))
    with pytest.raises(errors.FileTooLargeError):
        read(data, tmp_path, limits=Limits(**{limit: number - 1}))


def test_the_limits_of_markup_hold_at_their_numbers(tmp_path):
    data = as_kml()
    # kml, Document, Placemark, ExtendedData, Data, value; the longest text
    for limits in ({"depth": 6}, {"depth": 7}, {"line_chars": 19}, {"line_chars": 20}):
        read(data, tmp_path, limits=Limits(**limits))
    for limits in ({"depth": 5}, {"line_chars": 18}):
        with pytest.raises(errors.FileTooLargeError):
            read(data, tmp_path, limits=Limits(**limits))


def test_the_limits_of_archives_hold_at_their_numbers(tmp_path):
    big = as_kml().replace(b"<Document>", b"<Document><!--" + b" " * 1_200_000 + b"-->")
    data = zipped({"doc.kml": big, "two": b""})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sizes = archive.getinfo("doc.kml")
    ratio = -(-sizes.file_size // sizes.compress_size)
    fine = {"members": 2, "ratio": ratio, "bytes": len(big)}
    for more in (0, 1):
        limits = Limits(**{name: number + more for name, number in fine.items()})
        assert read(data, tmp_path, limits=limits).rows_in == 2
    roomy = {"members": 9, "ratio": 9_999, "bytes": 9_999_999}
    for name, number in fine.items():
        with pytest.raises(errors.FileTooLargeError) as caught:
            read(data, tmp_path, limits=Limits(**roomy | {name: number - 1}))
        assert caught.value.fields["unit"] == name


def test_what_a_placemark_says_itself_gives_way_to_the_publisher(tmp_path):
    mark = (
        '<kml><Placemark id="p1"><name>viewer</name><TimeSpan><begin>2021</begin>'
        "<end>2022</end></TimeSpan><ExtendedData><SchemaData>"
        '<SimpleData name="name">publisher</SimpleData></SchemaData></ExtendedData>'
        "<Point><coordinates> -110.5 , 31.5 </coordinates></Point></Placemark>"
        "<NetworkLink><Link><href>http://127.0.0.1:9/x.kml</href></Link></NetworkLink>"
        "</kml>"
    )
    (row,) = read(mark.encode(), tmp_path).frame.to_dict("records")
    assert row == {
        "geometry.x": "-110.5",
        "geometry.y": "31.5",
        "feature.id": "p1",
        "name": "publisher",
        "begin": "2021",
        "end": "2022",
    }


def test_json_is_known_by_its_first_letter(tmp_path):
    text = json.dumps({"type": "FeatureCollection", "features": [1]})
    assert read(b"\xef\xbb\xbf \n" + text.encode(), tmp_path).format == "geojson"

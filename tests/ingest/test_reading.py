"""Reading: hostile files are refused with a reason, the rest is read to the letter."""

import gzip
import json

import pandas as pd
import pytest

from riskmap import errors
from riskmap.ingest.encodings import mended
from riskmap.ingest.raw import Limits
from riskmap.ingest.reading import read_table

VRT = """<OGRVRTDataSource><OGRVRTLayer name="passwd">
<SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"""

COLLECTION = '{"type": "FeatureCollection", "features": %s}'

WIDE = b",".join(b"c%d" % place for place in range(501))

# each feature with a property of its own: a square of empty cells if laid out
MANY = json.dumps([{"properties": {f"p{n}": 1}} for n in range(20_000)])

HOSTILE = [
    ("empty.csv", b"", "file_empty", None),
    ("blank.csv", b" \n\r\n\t\n", "file_empty", None),
    ("headings.csv", b"a,b\n", "file_empty", None),
    ("no_features.geojson", (COLLECTION % "[]").encode(), "file_empty", None),
    ("zeros.csv", b"a,b\n1,\x002\n", "file_unreadable", "zero_bytes"),
    ("binary.csv", bytes(range(1, 32)) * 40, "file_unreadable", "binary"),
    ("half.csv", b"\xff\xfea\x00b", "file_unreadable", "encoding"),
    ("long.csv", b"a,b\n1," + b"x" * 1_000_000 + b"\n", "file_too_large", "line"),
    ("twice.csv", b"a,b,a\n1,2,3\n", "file_unreadable", "headings_twice"),
    ("open.csv", b'a,b\n1,"2\n3,4\n5,6\n', "file_unreadable", "quote_open"),
    ("open_far.csv", b'a,b\n1,2\n3,4",\n5,"6\n7,8\n', None, None),
    ("truncated.csv.gz", gzip.compress(b"a,b\n1,2\n")[:-9], "file_unreadable", "gzip"),
    ("bomb.csv.gz", gzip.compress(b"0" * 3_000_000), "file_too_large", "bytes"),
    ("evil.geojson", VRT.encode(), "file_unreadable", "format_not_read"),
    ("evil.csv", VRT.encode(), "file_unreadable", "format_not_read"),
    ("sheet.csv", b"PK\x03\x04" + b"\x00" * 60, "file_unreadable", "zip"),
    ("sheet.xlsx", b"no zip", "file_empty", None),
    ("tables.gpkg", b"SQLite format 3\x00", "file_unreadable", "damaged"),
    ("text.geojson", b"hello", "file_empty", None),
    ("text.csv", b"{hello", "file_unreadable", "not_json"),
    ("list.geojson", b"[1, 2]", "file_unreadable", "not_features"),
    ("nan.geojson", (COLLECTION % "[NaN]").encode(), "file_unreadable", "not_json"),
    ("one.geojson", b'{"type": "Point"}', "file_unreadable", "not_features"),
    ("deep.geojson", b"[" * 100_000, "file_too_large", "levels"),
    ("deeper.geojson", b'{"a":' * 100_000, "file_too_large", "levels"),
    ("wide.csv", WIDE, "file_too_large", "columns"),
    ("props.geojson", (COLLECTION % MANY).encode(), "file_too_large", "columns"),
]


@pytest.mark.parametrize(
    ("name", "data", "code", "reason"), HOSTILE, ids=[case[0] for case in HOSTILE]
)
def test_a_hostile_file_is_refused_with_its_reason(name, data, code, reason, tmp_path):
    path = tmp_path / name
    path.write_bytes(data)
    if code is None:
        read_table(path)
        return
    with pytest.raises(errors.InputError) as caught:
        read_table(path, limits=Limits(bytes=2_000_000))
    assert caught.value.code == code
    assert reason in (
        None,
        caught.value.fields.get("reason"),
        caught.value.fields.get("unit"),
    )


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(errors.FileMissingError, match="absent"):
        read_table(tmp_path / "absent.csv")
    with pytest.raises(errors.FileMissingError):
        read_table(tmp_path)


def test_a_geojson_in_metres_is_refused(tmp_path):
    path = tmp_path / "metres.geojson"
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    document = {"type": "FeatureCollection", "crs": crs, "features": []}
    path.write_text(json.dumps(document))
    with pytest.raises(errors.WrongCRSError):
        read_table(path)


ROWS = b"a,b\n1,2\n3,4\n"


@pytest.mark.parametrize(
    ("limits", "fits"),
    [
        (Limits(bytes=len(ROWS)), True),
        (Limits(bytes=len(ROWS) - 1), False),
        (Limits(bytes=len(ROWS) + 1), True),
        (Limits(rows=2), True),
        (Limits(rows=1), False),
        (Limits(rows=3), True),
        (Limits(columns=2), True),
        (Limits(columns=1), False),
        (Limits(columns=3), True),
        (Limits(line_chars=4), True),
        (Limits(line_chars=3), False),
        (Limits(line_chars=5), True),
    ],
)
def test_a_limit_holds_at_its_number_and_not_beyond(limits, fits, tmp_path):
    path = tmp_path / "file.csv"
    path.write_bytes(ROWS)
    if fits:
        assert read_table(path, limits=limits).rows_in == 2
    else:
        with pytest.raises(errors.FileTooLargeError):
            read_table(path, limits=limits)


@pytest.mark.parametrize(("depth", "fits"), [(6, False), (7, True), (8, True)])
def test_the_limit_of_depth_counts_no_bracket_within_a_text(depth, fits, tmp_path):
    path = tmp_path / "file.geojson"
    point = '{"type": "Point", "coordinates": [-110, [[["31"]]]]}'
    properties = '{"note": "[[[[{{{{"}'
    feature = (
        f'[{{"type": "Feature", "properties": {properties}, "geometry": {point}}}]'
    )
    path.write_text(COLLECTION % feature)
    if fits:
        assert read_table(path, limits=Limits(depth=depth + 1)).rows_in == 1
    else:
        with pytest.raises(errors.FileTooLargeError):
            read_table(path, limits=Limits(depth=depth))


TEXT = "fecha;lugar\n2021-03-05;Peñón “El Águila”\n2021-03-06;Añil\n"


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp1252", "cp1252"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_the_same_text_in_any_encoding_is_the_same_table(encoding, found, tmp_path):
    path = tmp_path / "file.csv"
    path.write_bytes(TEXT.encode(encoding))
    raw = read_table(path)
    assert raw.encoding == found
    assert raw.frame["lugar"].tolist() == ["Peñón “El Águila”", "Añil"]


def test_bytes_that_cp1252_lacks_are_latin_1(tmp_path):
    path = tmp_path / "file.csv"
    path.write_bytes("a,b\nñ\x81,2\n".encode("latin-1"))
    assert read_table(path).encoding == "latin-1"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_delimiter_and_line_ending_gives_the_same_table(
    delimiter, ending, tmp_path
):
    rows = [["id", "place"], ["1", f"a {delimiter} b"], ["2", "x, y; z"]]
    lines = [delimiter.join(f'"{cell}"' for cell in row) for row in rows]
    path = tmp_path / "file.csv"
    path.write_bytes((ending.join(lines) + ending).encode())
    raw = read_table(path)
    assert raw.delimiter == delimiter
    assert raw.frame.values.tolist() == rows[1:]


def test_a_line_break_within_quotes_is_part_of_the_value(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text('a,b\n1,"x\ny"\n2,z\n')
    raw = read_table(path)
    assert raw.frame["b"].to_dict() == {1: "x\ny", 2: "z"}


def test_rows_keep_their_number_when_some_are_set_apart(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text("a,b\n1,2\n3\n\n4,5\n6,7,8\n9,10\n")
    raw = read_table(path)
    assert raw.frame.index.tolist() == [1, 3, 5]
    assert raw.faults["row"].tolist() == [2, 4]
    assert raw.rows_in == 5


def test_text_like_na_stays_text(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text('a,b\nNA,null\n"",NaN\n')
    assert read_table(path).frame.values.tolist() == [["NA", "null"], ["", "NaN"]]


def test_mojibake_is_told_from_honest_letters():
    texts = ["DesapariciÃ³n", "SÃO PAULO", "Ã la carte", "aÃ±o", "año", "Ã\x8d", ""]
    assert mended(pd.Series(texts)).tolist() == [
        "Desaparición",
        "",
        "",
        "año",
        "",
        "Í",
        "",
    ]


def test_the_checksum_is_of_the_bytes_on_disk(tmp_path):
    plain, packed = tmp_path / "file.csv", tmp_path / "file.csv.gz"
    plain.write_bytes(ROWS)
    packed.write_bytes(gzip.compress(ROWS, mtime=0))
    one, other = read_table(plain), read_table(packed)
    assert one.frame.equals(other.frame)
    assert one.file_sha256 != other.file_sha256


def test_geojson_numbers_and_texts_become_what_a_csv_would_hold(tmp_path):
    path = tmp_path / "file.geojson"
    feature = {
        "type": "Feature",
        "id": 7,
        "properties": {"n": 3.0, "x": 1.25, "none": None, "list": [1], "t": "é"},
        "geometry": {"type": "Point", "coordinates": [-110.5, 31.25, 900]},
    }
    path.write_text(COLLECTION % json.dumps([feature]))
    assert read_table(path).frame.iloc[0].to_dict() == {
        "n": "3",
        "x": "1.25",
        "none": "",
        "list": "[1]",
        "t": "é",
        "feature.id": "7",
        "geometry.x": "-110.5",
        "geometry.y": "31.25",
    }

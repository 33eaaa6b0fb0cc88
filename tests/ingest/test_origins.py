"""Where a row stands: its line is where an editor would find it, its bytes as they are.

What no reader can know is not made up: the feature's own number is given and said to be
one.
"""

import csv
import gzip
import io
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmap.ingest import read_incidents
from riskmap.ingest.origins import record_starts, row_text, split_fields, text_origin
from riskmap.ingest.raw import Limits
from riskmap.ingest.reading import read_table

KNOWN_ON = date(2021, 1, 1)

SPANISH = (
    "folio,fecha,tipo,lugar,nombre,latitud,longitud\r\n"
    '1,25/12/2020,rescate,"una\r\ndos",Ana López,0,0\r\n'
    "\r\n"
    '2,26/12/2020,"día de campo",x,"Pérez, Juan",31.45,-110.2\r\n'
    "3,4\r\n"
    "4,27/12/2020,rescate ana@example.org,x,y,31.45,-110.2\r\n"
)

FEATURE = {
    "type": "Feature",
    "properties": {"date": "2020-12-25", "type": 'picnic [{\\" "features":['},
    "geometry": {"type": "Point", "coordinates": [-110.2, 31.4]},
}

PLACEMARK = (
    "<Placemark><Point><coordinates>0,0</coordinates></Point><ExtendedData>"
    "<Data name='date'><value>x</value></Data></ExtendedData></Placemark>"
)
WAYPOINT = "<wpt lat='0' lon='0'><time>x</time></wpt>"


def faults_of(folder, name, data):
    path = folder / name
    path.write_bytes(data)
    return read_incidents(path, known_on=KNOWN_ON).faults


def test_quoted_breaks_and_empty_lines_count_as_an_editor_counts(tmp_path):
    found = faults_of(tmp_path, "a.csv", SPANISH.encode())
    lines = found.set_index("row")["line"].to_dict()
    assert lines == {1: 2, 2: 5, 3: 6, 4: 7}
    assert set(found["unit"]) == {"line"}
    printed = SPANISH.split("\r\n")
    assert printed[int(lines[2]) - 1].startswith("2,26/12/2020")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16-le", "utf-16-be"]
)
def test_raw_encoded_is_the_bytes_of_the_file(tmp_path, encoding):
    text = 'fecha;tipo;latitud;longitud\n25/12/2020;"día";31.4;-110.2\n'
    mark = "\ufeff" if encoding.startswith("utf-16") else ""
    data = (mark + text).encode(encoding)
    (fault,) = faults_of(tmp_path, "b.csv", data).to_dict("records")
    told = fault["raw"].encode(fault["encoding"])
    assert told == data.split("\n".encode(fault["encoding"]))[1]


def test_what_is_never_kept_is_cut_out_of_the_bytes(tmp_path):
    found = faults_of(tmp_path, "a.csv", SPANISH.encode("cp1252")).set_index("row")
    assert found.loc[1, "raw"] == "1,25/12/2020,rescate,,,0,0"
    assert found.loc[2, "raw"] == '2,26/12/2020,"día de campo",,,31.45,-110.2'
    assert found.loc[4, "raw"] == '4,27/12/2020,"rescate [removed]",,,31.45,-110.2'
    # nobody knows which of its values is whose
    assert (found.loc[3, "raw"], found.loc[3, "encoding"]) == ("", "")
    assert not found.apply(lambda c: c.astype(str).str.contains("Juan|Ana")).any(
        axis=None
    )


def test_a_gzipped_file_is_counted_unpacked(tmp_path):
    found = faults_of(tmp_path, "a.csv.gz", gzip.compress(SPANISH.encode()))
    assert found["line"].tolist() == [2, 5, 6, 7]


@pytest.mark.parametrize(
    ("between", "unit", "lines"), [(",\n\n", "line", [2, 4]), (",", "feature", [1, 2])]
)
def test_features_have_lines_where_each_has_its_own(tmp_path, between, unit, lines):
    one = json.dumps(FEATURE)
    text = '{"type":"FeatureCollection","extra":[{"features":[{}]}],"features":[\n'
    data = (text + one + between + one + "]}").encode()
    found = faults_of(tmp_path, "c.geojson", data)
    assert found["unit"].tolist() == [unit] * 2
    assert found["line"].tolist() == lines


@pytest.mark.parametrize(("name", "item"), [("d.kml", PLACEMARK), ("d.gpx", WAYPOINT)])
@pytest.mark.parametrize(
    ("end", "unit", "lines"), [("\n", "line", [2, 3]), ("", "feature", [])]
)
def test_markup_is_counted_as_features_are(tmp_path, name, item, end, unit, lines):
    root = name[-3:]
    path = tmp_path / name
    path.write_text(f"<{root}>{end}{item}{end}{item}{end}</{root}>")
    origin = read_table(path, limits=Limits()).origin
    assert (origin.unit, origin.numbers.tolist()) == (unit, lines)


FIELDS = st.text(st.sampled_from('ab,"\n\r;é '), max_size=6)


@given(st.lists(st.lists(FIELDS, min_size=2, max_size=2), min_size=1, max_size=6))
def test_rows_are_found_where_a_reader_of_csv_finds_them(table):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(table)
    text = out.getvalue()
    starts, lines = record_starts(text.encode(), ",")
    assert len(starts) == len(lines) == len(table)
    origin = text_origin(
        text.encode(), ["a", "b"], len(table) - 1, delimiter=",", encoding="utf-8"
    )
    for row, told in enumerate(table[1:], start=1):
        fields = split_fields(row_text(origin, row), ",")
        assert next(csv.reader(io.StringIO(",".join(fields), newline=""))) == told


def test_a_mark_within_a_field_is_a_letter():
    starts, lines = record_starts(b'a,b\n5" pipe,1\n6,"x\ny"\n7,8\n', ",")
    assert lines.tolist() == [1, 2, 3, 5]
    assert starts.tolist() == [0, 4, 14, 22]

"""Hostile files: refused with a code; no other file read, no socket, no bomb."""

import gzip
import io
import json
import resource
import socket
import sqlite3
import stat
import subprocess
import sys
import time
import zipfile
from collections import namedtuple
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from riskmap import errors
from riskmap.i18n import LANGUAGES, Words
from riskmap.ingest.contained import launch, vector
from riskmap.ingest.raw import Limits
from riskmap.ingest.reading import read_table
from tests.ingest.test_formats import as_gpkg, as_kml, as_shapefile, rebuilt, zipped

HIDDEN = "the-secret-of-another-file"

LINUX = sys.platform.startswith("linux")

VRT = """<OGRVRTDataSource><OGRVRTLayer name="secret">
<SrcDataSource>{path}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"""

LAUGHS = (
    '<!DOCTYPE kml [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {after} "{f"&{before};" * 10}">'
        for before, after in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + "]><kml><Placemark><name>&j;</name></Placemark></kml>"
)

OUTSIDE = '<!DOCTYPE gpx [<!ENTITY x SYSTEM "file://{path}">]><gpx><wpt>&x;</wpt></gpx>'

SHEET = '<worksheet><sheetData><row r="{row}"><c r="{cell}"><v>1</v></c></row>'


def linked(target):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        member = zipfile.ZipInfo("doc.kml")
        member.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(member, target)
    return out.getvalue()


def locked():
    data = bytearray(zipped({"doc.kml": as_kml()}))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + place] |= 1
    return bytes(data)


def twice():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("doc.kml", "<kml/>")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("doc.kml", "<gpx/>")
    return out.getvalue()


def with_sql(folder, *statements):
    data = as_gpkg(folder)
    path = folder / "changed.gpkg"
    path.write_bytes(data)
    base = sqlite3.connect(path)
    base.execute("PRAGMA writable_schema = ON")
    for statement in statements:
        base.execute(statement)
    base.commit()
    base.close()
    return path.read_bytes()


VIRTUAL = (
    "INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES "
    "('table', 'v', 'v', 0, 'CREATE VIRTUAL TABLE v USING VirtualOGR(''{path}'')')"
)


def long_strings(folder):
    """A hundred kilobytes of Parquet that are a hundred gigabytes of text."""
    words = pa.DictionaryArray.from_arrays([0] * 100_000, ["x" * 1_000_000])
    pq.write_table(pa.table({"a": words}), folder / "d.parquet", compression="zstd")
    return (folder / "d.parquet").read_bytes()


def cut(data):
    return data[: len(data) // 2]


def false_shapefile(target):
    text = VRT.format(path=target)
    return zipped({f"a.{part}": text for part in ("shp", "dbf", "shx")})


Made = namedtuple("Made", ["folder", "secret"])

HOSTILE = {
    "zip broken": (lambda _: b"PK\x03\x04" + bytes(60), "zip"),
    "zip cut": (lambda _: cut(zipped({"doc.kml": as_kml()})), "zip"),
    "zip of nothing known": (lambda _: zipped({"a": "b"}), "format_not_read"),
    "zip climbs": (lambda _: zipped({"../../doc.kml": as_kml()}), "zip_path"),
    "zip rooted": (lambda _: zipped({"/etc/doc.kml": as_kml()}), "zip_path"),
    "zip drive": (lambda _: zipped({"c:\\doc.kml": as_kml()}), "zip_path"),
    "zip twice": (lambda _: twice(), "zip_path"),
    "zip link": (lambda m: linked(str(m.secret)), "zip_link"),
    "zip locked": (lambda _: locked(), "encrypted"),
    "zip bomb": (lambda _: zipped({"doc.kml": bytes(3_000_000)}), "ratio"),
    "zip of many": (
        lambda _: zipped({f"{n}.kml": "" for n in range(1_001)}),
        "members",
    ),
    "gzip bomb": (lambda _: gzip.compress(bytes(9_000_001)), "bytes"),
    "gigabyte in a line": (lambda _: None, "bytes"),
    "vrt": (lambda m: VRT.format(path=m.secret).encode(), "format_not_read"),
    "html": (lambda _: b"<!doctype html><html></html>", "format_not_read"),
    "kml laughs": (lambda _: LAUGHS.encode(), "format_not_read"),
    "gpx reads": (lambda m: OUTSIDE.format(path=m.secret).encode(), "format_not_read"),
    "kmz laughs": (lambda _: zipped({"doc.kml": LAUGHS}), "xml_entities"),
    "kmz reads": (
        lambda m: zipped({"doc.kml": OUTSIDE.format(path=m.secret)}),
        "xml_entities",
    ),
    "kml cut": (lambda _: cut(as_kml()), "xml"),
    "kml deep": (lambda _: b"<kml>" + b"<a>" * 1_000_000, "levels"),
    "kml wordy": (lambda _: b"<kml><a>" + b"x" * 1_000_000, "line"),
    "kmz of two": (lambda _: zipped({"a.kml": "", "b.kml": ""}), "layers"),
    "geojson deep": (lambda _: b'{"a":' * 1_000_000, "levels"),
    "xlsx macros": (
        lambda _: rebuilt("", **{"xl/vbaProject.bin": b""}),
        "macros",
    ),
    "xlsx wide": (
        lambda _: rebuilt(SHEET.format(row=1, cell="XFD1")),
        "columns",
    ),
    "xlsx tall": (
        lambda _: rebuilt(
            SHEET.format(row=1, cell="A1").replace("<v>", "<v/></c><c><v>")
            + '</row><row r="999999999"><c><v>1</v></c></row>'
            + "</sheetData></worksheet>"
        ),
        None,
    ),
    "xlsx laughs": (
        lambda _: rebuilt(LAUGHS.replace("kml", "worksheet")),
        "xml_entities",
    ),
    "xlsx locked": (
        lambda _: b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
        "encrypted",
    ),
    "xls": (lambda _: b"\xd0\xcf\x11\xe0" + bytes(100), "format_not_read"),
    "pdf": (lambda _: b"%PDF-1.7", "format_not_read"),
    "gpkg empty": (lambda _: b"SQLite format 3\x00", "damaged"),
    "gpkg cut": (lambda m: cut(as_gpkg(m.folder)), "damaged"),
    "gpkg view": (
        lambda m: with_sql(m.folder, "CREATE VIEW v AS SELECT * FROM events"),
        "gpkg_schema",
    ),
    "gpkg trigger": (
        lambda m: with_sql(m.folder,
            "CREATE TRIGGER mine AFTER INSERT ON events "
            "BEGIN DELETE FROM events; END",
        ),
        "gpkg_schema",
    ),
    "gpkg virtual": (
        lambda m: with_sql(m.folder, VIRTUAL.format(path=m.secret)),
        "gpkg_schema",
    ),
    "shapefile in parts": (
        lambda _: zipped({"a.shp": b"", "a.dbf": b""}),
        "damaged",
    ),
    "shapefile false": (
        lambda m: false_shapefile(m.secret),
        "damaged",
    ),
    "shapefiles": (lambda _: zipped({"a.shp": b"", "b.shp": b""}), "layers"),
    "parquet cut": (lambda _: b"PAR1" + bytes(100), "damaged"),
    "parquet bomb": (lambda m: long_strings(m.folder), None),
}  # fmt: skip


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "another.csv"
    path.write_text(f"fecha,tipo\n{HIDDEN},x\n")
    return path


@pytest.fixture
def written(tmp_path, secret):
    """Write a hostile file; give its path."""

    def write(name):
        folder = tmp_path / "made"
        folder.mkdir()
        path = tmp_path / "hostile.geojson"
        data = HOSTILE[name][0](Made(folder, secret))
        if data is None:
            with path.open("wb") as file:
                file.truncate(10**9)
        else:
            path.write_bytes(data)
        return path

    return write


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_code(name, written):
    path = written(name)
    began = time.perf_counter()
    limits = Limits(bytes=9_000_000, cpu_s=4)
    with pytest.raises(errors.InputError) as caught:
        read_table(path, limits=limits)
    assert time.perf_counter() - began < 30
    found = caught.value
    reason = HOSTILE[name][1]
    assert HIDDEN not in str(found)
    assert found.code in ("file_unreadable", "file_too_large")
    said = found.fields.get("reason") or found.fields["unit"]
    assert reason in (None, said)
    for lang in LANGUAGES:
        kind = "reason" if "reason" in found.fields else "unit"
        assert Words(lang).has(f"error.{found.code}.{kind}.{said}")


READ_ALL = """
import resource, sys, time
from pathlib import Path
from riskmap.errors import InputError
from riskmap.ingest.reading import read_table
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for name in sys.argv[1:]:
    began = time.process_time()
    try:
        read_table(Path(name))
    except InputError:
        pass
    sys.stdout.write(f"{time.process_time() - began:.1f} ")
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
below = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
sys.stdout.write(f"{(after - before) // 1024} {below // 1024}")
"""


@pytest.mark.skipif(not LINUX, reason="memory is counted in kilobytes on Linux")
def test_none_of_them_takes_more_than_512_megabytes_or_ten_seconds(tmp_path, secret):
    folder = tmp_path / "made"
    folder.mkdir()
    paths = []
    for number, (make, _) in enumerate(HOSTILE.values()):
        path = tmp_path / f"{number}"
        data = make(Made(folder, secret))
        if data is None:
            with path.open("wb") as file:
                file.truncate(10**9)
        else:
            path.write_bytes(data)
        paths.append(str(path))
    done = subprocess.run(
        [sys.executable, "-c", READ_ALL, *paths],
        capture_output=True,
        text=True,
        check=True,
    )
    *seconds, more_mb, worker_mb = map(float, done.stdout.split())
    assert len(seconds) == len(HOSTILE)
    assert max(seconds) < 10
    assert more_mb < 512
    assert worker_mb < 512


CONFINED = """
import json, socket, sys
sys.path.insert(0, sys.argv[1])
from riskmap.ingest.contained import confinement
from pathlib import Path
kept = [Path(sys.argv[2]), Path(sys.prefix), Path(sys.base_prefix)]
done = [confinement.drop_network(), confinement.refuse_sockets(),
        confinement.close_folders(kept)]
confinement.limit_resources(10**9, 5)
def tried(action):
    try:
        action()
    except OSError as error:
        return type(error).__name__
    return "done"
print(json.dumps([done, tried(socket.socket), tried(lambda: open(sys.argv[3])),
    tried(lambda: open(sys.argv[2] + "/inside")),
    tried(lambda: open(sys.argv[2] + "/new", "w")),
    tried(lambda: Path("/etc/passwd").read_text())]))
"""


@pytest.mark.skipif(not LINUX, reason="only Linux can be asked to shut a process in")
def test_a_confined_process_has_no_socket_and_no_other_file(tmp_path, secret):
    inside = tmp_path / "folder"
    inside.mkdir()
    (inside / "inside").write_text("x")
    root = str(Path(launch.__file__).parents[3])
    done = subprocess.run(
        [sys.executable, "-c", CONFINED, root, str(inside), str(secret)],
        capture_output=True,
        text=True,
        check=True,
    )
    (_, no_sockets, shut), *tries = json.loads(done.stdout)
    if no_sockets:
        assert tries[0] == "PermissionError"
    if shut:
        refused = "PermissionError"
        assert tries[1:] == [refused, "done", refused, refused]


def test_the_worker_has_two_drivers_of_gdal_and_no_more():
    code = "import pyogrio; print(sorted(pyogrio.list_drivers()))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", code],
        env=launch._environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(sorted(launch.DRIVERS))
    assert launch.DRIVERS == vector.DRIVERS


@pytest.mark.parametrize("name", ["vrt", "kmz", "gpkg", "shapefile"])
def test_nobody_is_called(name, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        remote = f"/vsicurl/{address}"
        link = f"<NetworkLink><Link><href>{address}</href></Link></NetworkLink>"
        folder = tmp_path / "made"
        folder.mkdir()
        data = {
            "vrt": lambda: VRT.format(path=remote).encode(),
            "kmz": lambda: zipped(
                {
                    "doc.kml": as_kml().replace(
                        b"<Document>", f"<Document>{link}".encode()
                    )
                }
            ),
            "gpkg": lambda: with_sql(folder, VIRTUAL.format(path=remote)),
            "shapefile": lambda: false_shapefile(remote),
        }[name]()
        path = tmp_path / "file.geojson"
        path.write_bytes(data)
        if name == "kmz":
            read_table(path)
        else:
            with pytest.raises(errors.FileUnreadableError):
                read_table(path)
        with pytest.raises(TimeoutError):
            server.accept()


def test_time_and_memory_of_the_worker_are_bounded(tmp_path):
    path = tmp_path / "file.gpkg"
    path.write_bytes(as_gpkg(tmp_path))
    with pytest.raises(errors.InputError):
        read_table(path, limits=Limits(memory_bytes=50 * 2**20))
    assert read_table(path, limits=Limits(memory_bytes=400 * 2**20)).rows_in == 2
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY


def test_names_within_an_archive_never_reach_the_disk(tmp_path):
    data = as_shapefile(tmp_path)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    odd = {
        name.replace("some folder/made", "a;b $(touch x)\n"): body
        for name, body in files.items()
    }
    path = tmp_path / "file"
    path.write_bytes(zipped(odd))
    assert read_table(path).rows_in == 2
    assert not (tmp_path / "x").exists()

"""Launch: start the worker over a file and take its lines as a table of text."""

import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import orjson
import pandas as pd
import pyogrio

from riskmap.errors import FileTooLargeError, FileUnreadableError
from riskmap.ingest.archives import Archive
from riskmap.ingest.faults import gather
from riskmap.ingest.geojson import X, Y
from riskmap.ingest.raw import Limits, RawTable, refuse_more

START: Final = """
import sys, types
for name, folder in (("riskmap.ingest", sys.argv[1]),):
    module = types.ModuleType(name)
    module.__path__ = [folder]
    sys.modules[name] = module
from riskmap.ingest.contained.worker import run
sys.exit(run(sys.argv[2]))
"""
"""Start the worker without loading the rest of ingest, which needs much memory."""

DRIVERS: Final = frozenset({"GPKG", "ESRI Shapefile"})

PARTS: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")
"""What a shapefile consists of, as far as it is read."""

NEEDED_PARTS: Final = frozenset({".shp", ".shx", ".dbf"})

WRITTEN_FACTOR: Final = 2
"""What is written with quotes may be so many times larger than a file may be."""

WAIT_FACTOR: Final = 6
"""How much longer than it may compute a process may take on a busy machine."""


def _environment() -> dict[str, str]:
    """Give the worker nothing of ours, and GDAL no driver but two and no network."""
    skipped = ",".join(sorted(set(pyogrio.list_drivers()) - DRIVERS))
    return {
        "OGR_SKIP": skipped,
        "GDAL_DRIVER_PATH": "disable",
        "GDAL_CONFIG_FILE": "/dev/null",
        "GDAL_DISABLE_READDIR_ON_OPEN": "TRUE",
        "GDAL_NUM_THREADS": "1",
        "GDAL_HTTP_MAX_RETRY": "0",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}",
        "OGR_SQLITE_LOAD_EXTENSIONS": "",
        "SHAPE_RESTORE_SHX": "NO",
        "PROJ_NETWORK": "OFF",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "ARROW_IO_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _ended(status: int, path: Path, limits: Limits) -> Exception:
    """Say why a worker ended without an answer."""
    # the system ends it with SIGXCPU or SIGKILL when its time is up
    if -status in (24, 9):
        msg = f"{path} took more than {limits.cpu_s} seconds to read."
        return FileTooLargeError(
            msg, path=str(path), unit="seconds", limit=limits.cpu_s
        )
    msg = f"The process that read {path} ended with {status}."
    return FileUnreadableError(msg, path=str(path), reason="damaged")


def _run(task: Mapping[str, Any], folder: Path, path: Path, limits: Limits) -> bytes:
    """Run the worker; give what it wrote, never more than is allowed."""
    ingest = Path(__file__).parents[1]
    command = [sys.executable, "-I", "-c", START, str(ingest)]
    with subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
        [*command, orjson.dumps(task).decode()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=_environment(),
    ) as worker:
        # a process that computes nothing has no end of its own
        patience = threading.Timer(WAIT_FACTOR * limits.cpu_s, worker.kill)
        patience.start()
        most = WRITTEN_FACTOR * limits.bytes
        written = worker.stdout.read(most + 1) if worker.stdout else b""
        if len(written) > most:
            worker.kill()
        status = worker.wait()
        patience.cancel()
    refuse_more(len(written), most, "bytes", path)
    if status:
        raise _ended(status, path, limits)
    return written


def _table(lines: list[Any], path: Path, limits: Limits) -> RawTable:
    """Lay out the batches as one table."""
    head, *batches, _ = lines
    names = [" ".join(name.split()) for name in head["names"]]
    if len(set(names)) < len(names):
        msg = f"{path} has two columns of one name."
        raise FileUnreadableError(msg, path=str(path), reason="headings_twice")
    columns: list[list[str]] = [[] for _ in names]
    points: list[list[str]] = []
    for batch in batches:
        for whole, part in zip(columns, batch["columns"], strict=True):
            whole.extend(part)
        points.extend(batch["points"])
    rows_in = len(points)
    refuse_more(rows_in, limits.rows, "rows", path)
    made = {
        name: pd.Series(column, dtype="str")
        for name, column in zip(names, columns, strict=True)
    }
    if any(x or strange for x, _, strange in points):
        made[X] = pd.Series([x for x, _, _ in points], dtype="str")
        made[Y] = pd.Series([y for _, y, _ in points], dtype="str")
    refuse_more(len(made), limits.columns, "columns", path)
    frame = pd.DataFrame(made)
    frame.index = pd.RangeIndex(1, rows_in + 1, name="row")
    wrong = [
        (number, "geometry", "geometry_not_point", strange)
        for number, (_, _, strange) in enumerate(points, start=1)
        if strange
    ]
    apart = pd.DataFrame(wrong, columns=["row", "column", "code", "value"])
    return RawTable(
        frame=frame.drop(index=apart["row"]),
        faults=gather([apart.assign(proposed="")]),
        rows_in=rows_in,
        encoding="binary",
        crs=head["crs"],
    )


def _read(
    files: Mapping[str, bytes], kind: str, path: Path, limits: Limits, layer: str
) -> RawTable:
    """Put files into a folder of their own and read the first there."""
    with tempfile.TemporaryDirectory(prefix="riskmap-") as name:
        folder = Path(name).resolve()
        for file, data in files.items():
            (folder / file).write_bytes(data)
        task = {
            "format": kind,
            "file": next(iter(files)),
            "layer": layer,
            "rows": limits.rows + 1,
            "memory_bytes": limits.memory_bytes,
            "cpu_s": limits.cpu_s,
        }
        written = _run(task, folder, path, limits)
    lines = [orjson.loads(line) for line in written.splitlines()]
    last = lines[-1] if lines else {"error": "damaged"}
    if last.get("error") == "memory":
        mebibytes = limits.memory_bytes // 2**20
        msg = f"{path} needs more than {mebibytes} MB to be read."
        raise FileTooLargeError(msg, path=str(path), unit="memory", limit=mebibytes)
    if "end" not in last:
        reason = str(last.get("error", "damaged"))
        msg = f"{path} cannot be read as {kind}: {reason}."
        raise FileUnreadableError(msg, path=str(path), reason=reason)
    return _table(lines, path, limits)


def read_contained(
    data: bytes, kind: str, path: Path, limits: Limits, layer: str = ""
) -> RawTable:
    """Read a GeoPackage or Parquet file in a process of its own.

    The process has no network, reads no file but this one and its own libraries,
    and has bounded memory and time: all of it on Linux, time and GDAL's drivers
    elsewhere.

    Parameters
    ----------
    data
        The file's bytes.
    kind
        ``"gpkg"`` or ``"parquet"``.
    path
        The file, for errors.
    limits
        ``memory_bytes`` and ``cpu_s`` bound the process.
    layer
        Name of the layer; if not given, there must be one alone.

    Returns
    -------
    RawTable
        Columns as text, points under ``geometry.x`` and ``geometry.y``, and the CRS
        that the file states.

    Raises
    ------
    FileTooLargeError
        If it goes beyond a limit.
    FileUnreadableError
        If it is damaged, has several layers, or does more than hold tables.
    """
    return _read({f"data.{kind}": data}, kind, path, limits, layer)


def read_shapefile(archive: Archive) -> RawTable:
    """Read a zipped shapefile in a process of its own; see :func:`read_contained`.

    Parameters
    ----------
    archive
        The file, looked over.

    Returns
    -------
    RawTable
        Columns as text, points under ``geometry.x`` and ``geometry.y``.

    Raises
    ------
    FileTooLargeError
        If it goes beyond a limit.
    FileUnreadableError
        If it holds several shapefiles, or a part of it is missing or damaged.
    """
    shapes = [name for name in archive.names if name.lower().endswith(".shp")]
    stem = shapes[0][:-4]
    parts = {
        name[len(stem) :].lower(): name
        for name in archive.names
        if name.startswith(stem) and name[len(stem) :].lower() in PARTS
    }
    if len(shapes) > 1 or not NEEDED_PARTS.issubset(parts):
        reason = "layers" if len(shapes) > 1 else "damaged"
        msg = f"{archive.path} must hold one shapefile, whole, got {archive.names}."
        raise FileUnreadableError(msg, path=str(archive.path), reason=reason)
    # under names of our own, so that none of theirs reaches the disk
    files = {
        f"data{suffix}": archive.read(parts[suffix])
        for suffix in PARTS
        if suffix in parts
    }
    return _read(files, "shapefile", archive.path, archive.limits, "")

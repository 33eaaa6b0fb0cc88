"""Worker: runs GDAL or Parquet over one file, shut in, and writes text to its output.

It is started by :mod:`riskmap.ingest.contained.launch`, never imported for use. Each
line that it writes is JSON: first the names, then batches of columns, last the end;
or an error.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from riskmap.ingest.contained.confinement import (
    close_folders,
    drop_network,
    limit_resources,
    refuse_sockets,
)
from riskmap.ingest.contained.written import Refusal

# packages that GDAL's and Parquet's readers would load if they were there
UNNEEDED = ("pandas", "geopandas", "shapely")

SYSTEM_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64")


def _readable(folder: Path) -> list[Path]:
    """List what the process still has to read: the file, Python, its libraries."""
    python = [Path(sys.prefix), Path(sys.base_prefix)]
    own = Path(__file__).parent
    return [folder, own, *python, *map(Path, SYSTEM_LIBRARIES)]


def _lines(task: dict[str, Any], folder: Path) -> Iterator[Any]:
    """Read the file, a batch at a time."""
    if task["format"] == "parquet":
        from riskmap.ingest.contained.columnar import read_batches  # noqa: PLC0415

        yield from read_batches(folder / task["file"], task["rows"])
        return
    from riskmap.ingest.contained.vector import read_layer  # noqa: PLC0415

    yield from read_layer(folder / task["file"], task["layer"], task["rows"])


def run(text: str) -> int:
    """Do one task and write what comes of it.

    Parameters
    ----------
    text
        The task as JSON: ``format``, ``file``, ``layer``, ``rows``,
        ``memory_bytes``, ``cpu_s``; the file lies in the folder the process is in.

    Returns
    -------
    int
        0 if the file was read or refused with a reason.
    """
    task = json.loads(text)
    folder = Path.cwd()
    limit_resources(task["memory_bytes"], task["cpu_s"])
    drop_network()
    refuse_sockets()
    close_folders(_readable(folder))
    for name in UNNEEDED:
        sys.modules[name] = None  # type: ignore[assignment]
    out = sys.stdout
    try:
        for line in _lines(task, folder):
            json.dump(line, out)
            out.write("\n")
        json.dump({"end": True}, out)
    except Refusal as refusal:
        json.dump({"error": refusal.reason}, out)
    except MemoryError:
        json.dump({"error": "memory"}, out)
    out.write("\n")
    out.flush()
    # what GDAL does on the way out is of no use, and may hang
    os._exit(0)

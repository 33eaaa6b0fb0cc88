"""Packages: time and memory of the whole border, and of GeoJSON of 600,000 cells.

``python -m benchmarks.packages PROJECT`` on a project run at resolution 7.
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap import cells, pipeline
from riskmap.exports.geojson import feature_collection
from riskmap.exports.layers import shaped
from riskmap.i18n import LANGUAGES, Words

CELLS = 600_000

BORDER = shapely.box(-117.2, 27.0, -97.0, 32.8)

FINE = 8

TO = "MX"


def peak_mb() -> int:
    """Tell the most memory that the process has held, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def time_package(folder: Path) -> None:
    """Time a first and a second package of a project."""
    words = {code: Words(code).text for code in LANGUAGES}
    project = pipeline.open_project(folder)
    with tempfile.TemporaryDirectory() as place:
        for turn in ("package with its release", "package again"):
            out = Path(place, "p.zip")
            began, cpu = time.perf_counter(), time.process_time()
            made = pipeline.create_package(project, out, words, profile="public", to=TO)
            wall, cpu = time.perf_counter() - began, time.process_time() - cpu
            size = out.stat().st_size / 1e6
            print(f"{turn}: {wall:.1f} s, {cpu:.1f} s of CPU, {peak_mb()} MB")
            print(f"  rows {made.rows}, {size:.1f} MB")
        began = time.perf_counter()
        pipeline.verify_package(out)
        print(f"verify: {time.perf_counter() - began:.1f} s")


def time_geojson() -> None:
    """Time GeoJSON of 600,000 cells with five columns."""
    index = cells.cells_touching(BORDER, FINE)[:CELLS]
    random = np.random.default_rng(7)
    table = pd.DataFrame(random.random((len(index), 5)), index=index)
    table.columns = pd.Index([f"value{n}" for n in range(5)])
    began, cpu = time.perf_counter(), time.process_time()
    layer: gpd.GeoDataFrame = shaped({"cells": table})["cells"]
    size = sum(
        len(part) for part in feature_collection(layer, name="c", about={}, decimals=7)
    )
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    print(
        f"GeoJSON of {len(layer)} cells, {size / 1e6:.0f} MB: {wall:.1f} s, {cpu:.1f} s"
    )


if __name__ == "__main__":
    # memory is the most that was held so far: the package comes first
    if len(sys.argv) > 1:
        time_package(Path(sys.argv[1]))
    time_geojson()

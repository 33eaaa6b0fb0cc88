"""Terrain: elevation, slope and ruggedness by H3 cell, from the shared DEM."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import rasterio

from riskmap.cells import cell_centres, cell_hex, points_to_cells
from sample.files import write_csv
from sample.line import Line

RESOLUTION = 6
REACH_KM = 110  # each side: 100 for the corridor and its outermost cells
ROWS_AT_ONCE = 120
EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG

Numbers = npt.NDArray[np.float64]


def slopes(elevation_m: Numbers, dx_m: Numbers, dy_m: float) -> tuple[Numbers, Numbers]:
    """Find the rise per metre eastward and northward, by Horn's 3 x 3 window.

    The grid has one more row and column on each side than the result.
    """
    z = elevation_m
    east = z[:-2, 2:] + 2 * z[1:-1, 2:] + z[2:, 2:]
    west = z[:-2, :-2] + 2 * z[1:-1, :-2] + z[2:, :-2]
    north = z[:-2, :-2] + 2 * z[:-2, 1:-1] + z[:-2, 2:]
    south = z[2:, :-2] + 2 * z[2:, 1:-1] + z[2:, 2:]
    return (east - west) / (8 * dx_m[:, None]), (north - south) / (8 * dy_m)


def _sums(path: Path) -> pd.DataFrame:
    """Add up the pixels of each cell, a band of rows at a time."""
    parts = []
    with rasterio.open(path) as dem:
        elevation = dem.read(1).astype(np.float64)
        step = dem.transform.a
        west, north = dem.transform.c, dem.transform.f
        nodata = dem.nodata
    if nodata is not None:
        elevation[elevation == nodata] = np.nan
    rows, columns = elevation.shape
    x = west + (np.arange(1, columns - 1) + 0.5) * step
    dy_m = np.radians(step) * EARTH_RADIUS_M
    for first in range(1, rows - 1, ROWS_AT_ONCE):
        last = min(first + ROWS_AT_ONCE, rows - 1)
        y = north - (np.arange(first, last) + 0.5) * step
        z = elevation[first - 1 : last + 1]
        east, northward = slopes(z, dy_m * np.cos(np.radians(y)), dy_m)
        up = 1 / np.sqrt(1 + east**2 + northward**2)
        grid_x, grid_y = np.meshgrid(x, y)
        frame = pd.DataFrame(
            {
                "cell": points_to_cells(grid_x.ravel(), grid_y.ravel(), RESOLUTION),
                "z": z[1:-1, 1:-1].ravel(),
                "slope": np.degrees(np.arccos(up)).ravel(),
                "nx": (-east * up).ravel(),
                "ny": (-northward * up).ravel(),
                "nz": up.ravel(),
                "n": 1.0,
            }
        ).dropna()
        parts.append(frame.groupby("cell").sum())
    return pd.concat(parts).groupby("cell").sum()


def write_terrain(shared: Path, line: Line, out: Path) -> None:
    """Write one row for each resolution-6 cell near the line that has pixels."""
    sums = _sums(shared / "rasters" / "dem_border_strip_15arcsec.tif")
    centres = cell_centres(sums.index)
    _, off_km = line.locate(centres["x"], centres["y"])
    sums = sums[off_km <= REACH_KM].sort_index()
    upright = np.sqrt(sums["nx"] ** 2 + sums["ny"] ** 2 + sums["nz"] ** 2) / sums["n"]
    table = pd.DataFrame(
        {
            "cell": cell_hex(sums.index),
            "elevation_m": (sums["z"] / sums["n"]).round().astype(int).to_numpy(),
            "slope_deg": (sums["slope"] / sums["n"]).round(2).to_numpy(),
            "ruggedness": (1 - upright).clip(0, 1).round(5).to_numpy(),
        }
    )
    write_csv(table, out / "terrain" / "terrain_r6.csv")

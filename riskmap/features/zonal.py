"""Zonal: a user's own raster of elevation, read window by window into cells."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import rasterio
import shapely
from rasterio import features, windows
from rasterio.errors import RasterioIOError
from rasterio.transform import Affine

from riskmap import cells
from riskmap.crs import STORAGE_CRS
from riskmap.errors import (
    FileMissingError,
    FileUnreadableError,
    MissingCRSError,
    RasterOutsideError,
    RasterValuesError,
)
from riskmap.features.layer import Floats

STEP = "terrain"

# pixels along a window's side: some 150 MB at once, whatever the raster's size
WINDOW = 1024

# bytes that GDAL may keep of the file, in place of a share of all memory; much less
# and it draws cells line by line, ten times slower
CACHE_BYTES = 64 * 1024 * 1024

# lowest and highest ground on Earth with room for error: beyond it is no elevation
LOWEST_M, HIGHEST_M = -500.0, 9_000.0

# share of a cell's pixels that must hold data, lest a sliver speak for all
LEAST_SHARE = 0.5

# pixels it takes to say how differently they face
LEAST_PIXELS = 4

# drawing a cell costs as much as looking up the cells of some twenty pixels
PIXELS_TO_DRAW = 20

# mean radius of the Earth (IUGG)
EARTH_RADIUS_M = 6_371_009.0

# added up for each cell: pixels, those with data, heights; pixels with a slope,
# slopes, and the parts of the upright unit vector
PARTS = ("pixels", "known", "z", "sloped", "slope", "east", "north", "up")

Progress = Callable[[str, int, int], None]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Zones:
    """Cells on a raster's plane.

    Parameters
    ----------
    index
        The cell index.
    raster
        The open raster.
    """

    index: pd.Index
    raster: Any

    @cached_property
    def to_raster(self) -> pyproj.Transformer:
        """From degrees to the raster's CRS."""
        crs = pyproj.CRS.from_wkt(self.raster.crs.to_wkt())
        return pyproj.Transformer.from_crs(STORAGE_CRS, crs, always_xy=True)

    @cached_property
    def shapes(self) -> npt.NDArray[np.object_]:
        """Hexagons in the raster's CRS."""
        polygons = cells.cell_polygons(self.index).to_numpy()
        # longitudes and latitudes as they are, else the plane's
        if self.to_raster.target_crs != STORAGE_CRS:
            move = self.to_raster.transform
            polygons = shapely.transform(polygons, move, interleaved=False)
        return np.asarray(polygons, dtype=object)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Index over the hexagons."""
        return shapely.STRtree(self.shapes)

    @cached_property
    def centres(self) -> tuple[Numbers, Numbers]:
        """Row and column of the pixel under each cell's centre."""
        table = cells.cell_centres(self.index)
        x, y = self.to_raster.transform(table["x"].to_numpy(), table["y"].to_numpy())
        columns, rows = _place(~self.raster.transform, x, y)
        return np.floor(rows).astype(np.int64), np.floor(columns).astype(np.int64)

    @cached_property
    def coarse(self) -> bool:
        """True if a cell holds so few pixels that drawing it does not pay."""
        pixel = abs(self.raster.transform.determinant)
        return bool(np.median(shapely.area(self.shapes)) < PIXELS_TO_DRAW * pixel)

    def number_pixels(self, window: windows.Window, rows: Numbers) -> Numbers:
        """Tell which cell each pixel's centre lies in: its place in ``rows``, or -1."""
        if self.coarse:
            return self._look_up(window, rows)
        shapes = ((self.shapes[row], place) for place, row in enumerate(rows, start=1))
        drawn = features.rasterize(
            shapes,
            out_shape=(int(window.height), int(window.width)),
            transform=_moved(self.raster.transform, window),
            dtype="int32",
        )
        return np.asarray(drawn, dtype=np.int64) - 1

    def _look_up(self, window: windows.Window, rows: Numbers) -> Numbers:
        """Find each pixel's cell by the place of its centre."""
        across = np.arange(int(window.width)) + window.col_off + 0.5
        down = np.arange(int(window.height)) + window.row_off + 0.5
        columns, lines = np.meshgrid(across, down)
        x, y = _place(self.raster.transform, columns.ravel(), lines.ravel())
        x, y = self.to_raster.transform(x, y, direction="INVERSE")
        found = cells.points_to_cells(x, y, cells.resolution_of(self.index))
        places = self.index[rows].get_indexer(found)
        return np.asarray(places, dtype=np.int64).reshape(columns.shape)


def _place(grid: Affine, across: Any, down: Any) -> tuple[Floats, Floats]:
    """Place columns and rows on the plane; the inverse grid, the other way."""
    # written out, since affine 3 warns of `*` and affine 2 knows no `@`
    return (
        np.asarray(grid.a * across + grid.b * down + grid.c),
        np.asarray(grid.d * across + grid.e * down + grid.f),
    )


def _moved(grid: Affine, window: windows.Window) -> Affine:
    """Give the grid of a window."""
    x, y = _place(grid, window.col_off, window.row_off)
    return Affine(grid.a, grid.b, float(x), grid.d, grid.e, float(y))


def read_dem(
    path: Path, index: pd.Index, *, progress: Progress | None = None
) -> pd.DataFrame:
    """Measure elevation, slope and ruggedness of cells from a raster of elevation.

    Each pixel whose centre lies in a cell counts, whole. A cell without any, being
    smaller than a pixel, takes the pixel under its centre. Slope is Horn's (1981)
    over 3 by 3 pixels: a coarser raster has gentler slopes.

    Parameters
    ----------
    path
        GeoTIFF, or another raster that GDAL reads: elevation in metres in its first
        band, in any CRS, which must be set.
    index
        A cell index, of shape (n_cells,).
    progress
        Told ``("terrain", done, total)`` after each window.

    Returns
    -------
    pandas.DataFrame of shape (n_cells, 3)
        ``elevation_m``, ``slope_deg`` and ``ruggedness`` on the index. NaN where
        more than half of a cell's pixels hold no data, or its centre lies outside
        the raster; ruggedness also where fewer than 4 pixels have a slope.

    Raises
    ------
    FileMissingError
        If there is no such file.
    FileUnreadableError
        If the file is no raster.
    MissingCRSError
        If the raster does not say its CRS.
    RasterOutsideError
        If the raster holds no data in any cell.
    RasterValuesError
        If values are no elevations in metres, as a marker of no data that the file
        does not declare.
    """
    if not path.is_file():
        msg = f"No raster at {path}."
        raise FileMissingError(msg, path=str(path))
    try:
        with rasterio.Env(GDAL_CACHEMAX=CACHE_BYTES), rasterio.open(path) as dem:
            return _measure(dem, path, index, progress)
    except RasterioIOError as error:
        msg = f"Cannot read {path} as a raster: {error}."
        raise FileUnreadableError(msg, path=str(path), reason="raster") from error


def _measure(
    dem: Any, path: Path, index: pd.Index, progress: Progress | None
) -> pd.DataFrame:
    """Add up the pixels of each cell and turn sums into means."""
    if dem.crs is None:
        msg = (
            f"{path.name} has no CRS: say in which coordinate system it is, for "
            "example with `gdal_edit -a_srs EPSG:4326`."
        )
        raise MissingCRSError(msg, table=path.name)
    zones = Zones(index=index[_on_raster(Zones(index=index, raster=dem))], raster=dem)
    sums = {part: np.zeros(len(zones.index)) for part in PARTS}
    single = {part: np.full(len(zones.index), np.nan) for part in ("z", "slope")}
    todo = list(_windows(zones))
    for done, (window, rows) in enumerate(todo, start=1):
        pixels = _read_window(dem, window, path)
        _add(pixels, zones.number_pixels(window, rows), rows, sums)
        _under_centres(pixels, window, zones, single)
        if progress is not None:
            progress(STEP, done, len(todo))
    table = _means(sums, single, zones.index)
    if table["elevation_m"].isna().all():
        msg = f"{path.name} holds no elevation within the corridor."
        raise RasterOutsideError(msg, path=str(path))
    return table.reindex(index)


def _on_raster(zones: Zones) -> npt.NDArray[np.bool_]:
    """Tell which cells have their centre on the raster."""
    row, column = zones.centres
    raster = zones.raster
    across = (column >= 0) & (column < raster.width)
    return np.asarray(across & (row >= 0) & (row < raster.height))


def _windows(zones: Zones) -> Iterator[tuple[windows.Window, Numbers]]:
    """Cut the raster into windows that touch cells, with the places of those."""
    raster = zones.raster
    for top in range(0, raster.height, WINDOW):
        for left in range(0, raster.width, WINDOW):
            window = windows.Window(
                left,
                top,
                min(WINDOW, raster.width - left),
                min(WINDOW, raster.height - top),
            )
            across = left + window.width * np.array([0, 1, 1, 0])
            down = top + window.height * np.array([0, 0, 1, 1])
            corners = np.column_stack(_place(raster.transform, across, down))
            frame = shapely.Polygon(corners)
            rows = np.sort(zones.tree.query(frame, predicate="intersects"))
            if len(rows):
                yield window, rows.astype(np.int64)


def _read_window(raster: Any, window: windows.Window, path: Path) -> dict[str, Floats]:
    """Read a window with a rim of one pixel: heights, slopes, upright vectors."""
    wide = windows.Window(
        window.col_off - 1, window.row_off - 1, window.width + 2, window.height + 2
    )
    inside = wide.intersection(windows.Window(0, 0, raster.width, raster.height))
    read = raster.read(1, window=inside, masked=True).astype(np.float64)
    read = read * raster.scales[0] + raster.offsets[0]
    z = np.full((int(wide.height), int(wide.width)), np.nan)
    top = int(inside.row_off - wide.row_off)
    left = int(inside.col_off - wide.col_off)
    z[top : top + read.shape[0], left : left + read.shape[1]] = read.filled(np.nan)
    _refuse_other_values(z, path)
    dx_m, dy_m = _pixel_size_m(raster, window)
    east, north = _horn(z, dx_m, dy_m)
    up = 1 / np.sqrt(1 + east**2 + north**2)
    return {
        "z": z[1:-1, 1:-1],
        "slope": np.degrees(np.arccos(up)),
        "east": -east * up,
        "north": -north * up,
        "up": up,
    }


def _refuse_other_values(z: Floats, path: Path) -> None:
    """Refuse what cannot be an elevation in metres."""
    strange = z[(z < LOWEST_M) | (z > HIGHEST_M)]
    if strange.size:
        msg = (
            f"{path.name} holds {strange[0]:g}, which is no elevation in metres: if it "
            "marks missing data, declare it, for example with `gdal_edit -a_nodata`."
        )
        raise RasterValuesError(
            msg,
            path=str(path),
            value=float(strange[0]),
            lowest=LOWEST_M,
            highest=HIGHEST_M,
        )


def _pixel_size_m(raster: Any, window: windows.Window) -> tuple[Floats, float]:
    """Measure a pixel's width, by row, and its height."""
    grid = raster.transform
    width, height = np.hypot(grid.a, grid.d), np.hypot(grid.b, grid.e)
    rows = np.arange(int(window.height))
    if raster.crs.is_projected:
        metres = raster.crs.linear_units_factor[1]
        return np.full((rows.size, 1), width * metres), float(height * metres)
    per_degree = np.radians(1) * EARTH_RADIUS_M
    middle = window.col_off + window.width / 2
    _, latitude = _place(grid, middle, window.row_off + rows + 0.5)
    across = width * per_degree * np.cos(np.radians(latitude))
    return across[:, None], float(height * per_degree)


def _horn(z: Floats, dx_m: Floats, dy_m: float) -> tuple[Floats, Floats]:
    """Find the rise per metre along rows and columns, by Horn's 3 by 3 window."""
    middle_row = z[:-2] + 2 * z[1:-1] + z[2:]
    middle_column = z[:, :-2] + 2 * z[:, 1:-1] + z[:, 2:]
    east = (middle_row[:, 2:] - middle_row[:, :-2]) / (8 * dx_m)
    north = (middle_column[:-2] - middle_column[2:]) / (8 * dy_m)
    return east, north


def _add(
    pixels: dict[str, Floats], numbers: Numbers, rows: Numbers, sums: dict[str, Floats]
) -> None:
    """Add a window's pixels to the sums of the cells they lie in."""
    inside = numbers >= 0
    place = numbers[inside]
    z, slope = pixels["z"][inside], pixels["slope"][inside]
    known, sloped = np.isfinite(z), np.isfinite(slope)
    amounts = {"pixels": np.ones(place.size), "known": known, "z": z}
    amounts |= {"sloped": sloped, "slope": slope}
    amounts |= {part: pixels[part][inside] for part in ("east", "north", "up")}
    for part, amount in amounts.items():
        counted = np.where(known if part in ("known", "z") else sloped, amount, 0.0)
        if part == "pixels":
            counted = amount
        sums[part][rows] += np.bincount(place, counted, minlength=len(rows))


def _under_centres(
    pixels: dict[str, Floats],
    window: windows.Window,
    zones: Zones,
    single: dict[str, Floats],
) -> None:
    """Read the pixels under the centres of cells."""
    row, column = zones.centres
    row, column = row - int(window.row_off), column - int(window.col_off)
    here = (row >= 0) & (row < window.height) & (column >= 0) & (column < window.width)
    for part, values in single.items():
        values[here] = pixels[part][row[here], column[here]]


def _means(
    sums: dict[str, Floats], single: dict[str, Floats], index: pd.Index
) -> pd.DataFrame:
    """Turn sums into means, and small cells into the pixel under their centre."""
    small = sums["pixels"] == 0
    enough = ~small & (sums["known"] >= LEAST_SHARE * sums["pixels"])
    enough &= sums["known"] > 0
    many = enough & (sums["sloped"] >= LEAST_PIXELS)
    length = np.sqrt(sums["east"] ** 2 + sums["north"] ** 2 + sums["up"] ** 2)
    elevation_m = _divide(sums["z"], sums["known"], enough)
    slope_deg = _divide(sums["slope"], sums["sloped"], enough & (sums["sloped"] > 0))
    ruggedness = 1 - _divide(length, sums["sloped"], many)
    return pd.DataFrame(
        {
            "elevation_m": np.where(small, single["z"], elevation_m),
            "slope_deg": np.where(small, single["slope"], slope_deg),
            "ruggedness": np.clip(ruggedness, 0, 1),
        },
        index=index,
    )


def _divide(amounts: Floats, by: Floats, where: npt.NDArray[np.bool_]) -> Floats:
    """Divide where told to; NaN elsewhere."""
    return np.asarray(np.divide(amounts, by, out=np.full(len(by), np.nan), where=where))

"""Stages: the same work done by riskmap and by the best peers."""

import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import h3
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import rasterio
import shapely

from riskmap import cells
from riskmap.boundary import CorridorOptions, boundary_line, corridor_cells
from riskmap.crs import geocentric
from riskmap.exports import ExportNotes
from riskmap.exports.geojson import write_geojson
from riskmap.features.distance import to_nearest_line_m, to_nearest_point_m
from riskmap.features.zonal import read_dem
from riskmap.neighbours import neighbour_matrix
from riskmap.pipeline.context import CONTEXT
from riskmap.pipeline.founding import sample_folder

SEED = 20_211_008

Work = Callable[[], Any]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One way to do a stage's work.

    Parameters
    ----------
    stage, name
        Names for the table; riskmap's way comes first in its stage.
    work
        Does it.
    share
        Part of the work that it does, for peers too slow to run whole.
    """

    stage: str
    name: str
    work: Work
    share: float = 1.0


def available(package: str) -> bool:
    """Tell whether a peer is installed (``pip install -e '.[bench]'``)."""
    return importlib.util.find_spec(package) is not None


def given(name: str) -> Any:
    """Read one of the bundled tables."""
    file, read = CONTEXT[name]
    return read(Path(sample_folder()) / file)


def points_to_cells(n_points: int = 1_000_000) -> Iterator[Candidate]:
    """Find the cells of a million points."""
    random = np.random.default_rng(SEED)
    x = random.uniform(-117, -97, n_points)
    y = random.uniform(25.5, 33, n_points)
    stage = f"points to cells, {n_points:,} at resolution 8"
    yield Candidate(
        stage=stage, name="riskmap", work=lambda: cells.points_to_cells(x, y, 8)
    )
    part = n_points // 10
    yield Candidate(
        stage=stage,
        name="h3, one by one",
        work=lambda: [
            h3.latlng_to_cell(b, a, 8)
            for a, b in zip(x[:part].tolist(), y[:part].tolist(), strict=True)
        ],
        share=0.1,
    )


def corridor_to_cells() -> Iterator[Candidate]:
    """Fill a corridor with every cell that touches it."""
    line = boundary_line(given("boundary"))
    area = shapely.simplify(shapely.segmentize(line, 0.05), 0.001).buffer(0.9)
    stage = "area to touching cells, resolution 8"
    yield Candidate(
        stage=stage, name="riskmap", work=lambda: cells.cells_touching(area, 8)
    )
    shape = h3.geo_to_h3shape(area)
    yield Candidate(
        stage=stage,
        name="h3 (overlap)",
        work=lambda: h3.h3shape_to_cells_experimental(shape, 8, contain="overlap"),
    )
    yield Candidate(
        stage=stage,
        name="h3 (centres only: loses the edge)",
        work=lambda: h3.h3shape_to_cells(shape, 8),
    )


def zonal(folder: Path, index: pd.Index) -> Iterator[Candidate]:
    """Take the mean elevation of each cell from a raster of 20 million pixels."""
    path = folder / "hills.tif"
    west, south, east, north, size = -112.0, 31.0, -109.0, 33.0, (3651, 5477)
    y, x = np.mgrid[0 : size[0], 0 : size[1]]
    hills = (800 + 300 * np.sin(x / 90) * np.cos(y / 70)).astype("int16")
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=size[0],
        width=size[1],
        count=1,
        dtype="int16",
        crs="EPSG:4326",
        transform=rasterio.transform.from_bounds(
            west, south, east, north, size[1], size[0]
        ),
        compress="deflate",
    ) as raster:
        raster.write(hills, 1)
    centres = cells.cell_centres(index)
    inside = centres["x"].between(west, east) & centres["y"].between(south, north)
    here = cells.cell_index(index[inside.to_numpy()])
    polygons = gpd.GeoDataFrame(geometry=cells.cell_polygons(here)).reset_index()
    part = polygons.iloc[:: max(1, len(polygons) // 2000)]
    stage = f"zonal means of 20 million pixels, {len(here):,} cells"
    yield Candidate(
        stage=stage,
        name="riskmap (elevation, slope and ruggedness)",
        work=lambda: read_dem(path, here),
    )
    if available("exactextract"):
        yield Candidate(
            stage=stage,
            name="exactextract (elevation only, exact weights)",
            work=lambda: _by_exactextract(path, polygons),
        )
    if available("rasterstats"):
        yield Candidate(
            stage=stage,
            name="rasterstats (elevation only)",
            work=lambda: _by_rasterstats(path, part),
            share=len(part) / len(polygons),
        )


def _by_exactextract(path: Path, polygons: gpd.GeoDataFrame) -> Any:
    """Take means by exactextract."""
    from exactextract import exact_extract  # noqa: PLC0415 - a peer

    return exact_extract(str(path), polygons, "mean", output="pandas")


def _by_rasterstats(path: Path, polygons: gpd.GeoDataFrame) -> Any:
    """Take means by rasterstats."""
    from rasterstats import zonal_stats  # noqa: PLC0415 - a peer

    return zonal_stats(polygons, str(path), stats=["mean"])


def nearest_distance(index: pd.Index) -> Iterator[Candidate]:
    """Measure each cell's distance to the boundary and to the nearest point."""
    line = boundary_line(given("boundary"))
    centres = cells.cell_centres(index)
    space = geocentric(centres["x"].to_numpy(), centres["y"].to_numpy())
    crs = pyproj.CRS.from_proj4("+proj=laea +lat_0=29.1 +lon_0=-107.1 +units=m")
    points = gpd.GeoSeries.from_xy(centres["x"], centres["y"], crs=4326).to_crs(crs)
    flat = gpd.GeoSeries([line], crs=4326).to_crs(crs)
    vertices = shapely.get_coordinates(flat.iloc[0])
    pieces = shapely.linestrings(
        np.stack([vertices[:-1], vertices[1:]], axis=1).reshape(-1, 2, 2)
    )
    stage = f"distance to the line, {len(index):,} cells"
    yield Candidate(
        stage=stage,
        name="riskmap (ellipsoid)",
        work=lambda: to_nearest_line_m(space, np.array([line])),
    )
    tree = shapely.STRtree(pieces)
    yield Candidate(
        stage=stage,
        name="shapely STRtree of pieces",
        work=lambda: tree.query_nearest(
            points.to_numpy(), return_distance=True, all_matches=False
        ),
    )
    left, right = gpd.GeoDataFrame(geometry=points), gpd.GeoDataFrame(geometry=flat)
    part = left.iloc[:: max(1, len(left) // 20_000)]
    yield Candidate(
        stage=stage,
        name="geopandas sjoin_nearest",
        work=lambda: gpd.sjoin_nearest(part, right, distance_col="m"),
        share=len(part) / len(left),
    )
    random = np.random.default_rng(SEED)
    x, y = random.uniform(-117, -97, 100_000), random.uniform(25.5, 33, 100_000)
    places = geocentric(x, y)
    stage = f"distance to the nearest of 100,000 points, {len(index):,} cells"
    yield Candidate(
        stage=stage,
        name="riskmap (ellipsoid)",
        work=lambda: to_nearest_point_m(space, places),
    )
    marks = gpd.GeoDataFrame(geometry=gpd.GeoSeries.from_xy(x, y, crs=4326).to_crs(crs))
    yield Candidate(
        stage=stage,
        name="geopandas sjoin_nearest",
        work=lambda: gpd.sjoin_nearest(left, marks, distance_col="m"),
    )


def neighbourhood_sums(index: pd.Index) -> Iterator[Candidate]:
    """Sum a value over each cell and its neighbours to two rings."""
    values = np.random.default_rng(SEED).poisson(0.1, len(index)).astype("float64")
    stage = f"neighbourhood sums, two rings, {len(index):,} cells"
    yield Candidate(
        stage=stage, name="riskmap", work=lambda: neighbour_matrix(index, 2) @ values
    )
    part = index[: len(index) // 10]
    lookup = dict(zip(index.tolist(), values.tolist(), strict=True))
    yield Candidate(
        stage=stage,
        name="h3, one by one",
        work=lambda: [
            sum(lookup.get(int(near, 16), 0.0) for near in h3.grid_disk(f"{cell:x}", 2))
            for cell in part.tolist()
        ],
        share=len(part) / len(index),
    )
    if available("libpysal"):
        yield Candidate(
            stage=stage,
            name="libpysal Graph, higher order",
            work=lambda: _by_libpysal(part, values[: len(part)]),
            share=len(part) / len(index),
        )


def _by_libpysal(index: pd.Index, values: Any) -> Any:
    """Sum by libpysal's graph of touching polygons."""
    from libpysal.graph import Graph  # noqa: PLC0415 - a peer, not a dependency

    frame = gpd.GeoDataFrame(geometry=cells.cell_polygons(index))
    graph = Graph.build_contiguity(frame, rook=False)
    wider = graph.higher_order(2, lower_order=True).assign_self_weight()
    return wider.sparse @ values


def dissolve(index: pd.Index) -> Iterator[Candidate]:
    """Dissolve cells into their outline."""
    stage = f"cells to outline, {len(index):,} cells"
    yield Candidate(stage=stage, name="riskmap", work=lambda: cells.outline(index))
    yield Candidate(
        stage=stage,
        name="h3 cells_to_h3shape",
        work=lambda: h3.cells_to_h3shape(cells.cell_hex(index).tolist()),
    )
    polygons = cells.cell_polygons(index)
    yield Candidate(
        stage=stage,
        name="shapely coverage_union_all",
        work=lambda: shapely.coverage_union_all(polygons.to_numpy()),
    )


def export(index: pd.Index, folder: Path) -> Iterator[Candidate]:
    """Write cells with five columns as GeoJSON."""
    random = np.random.default_rng(SEED)
    table = pd.DataFrame(
        random.random((len(index), 5)), index=index, columns=list("abcde")
    )
    frame = gpd.GeoDataFrame(table, geometry=cells.cell_polygons(index))
    stage = f"GeoJSON of {len(index):,} hexagons"
    notes = ExportNotes(version="0", as_of="2022-01-01", words={"en": str})
    yield Candidate(
        stage=stage,
        name="riskmap",
        work=lambda: write_geojson({"scores": table}, folder, notes),
    )
    plain = frame.reset_index(drop=True)
    yield Candidate(
        stage=stage,
        name="pyogrio",
        work=lambda: pyogrio.write_dataframe(
            plain, folder / "pyogrio.geojson", driver="GeoJSON"
        ),
    )
    part = plain.iloc[: len(plain) // 10]
    yield Candidate(
        stage=stage,
        name="geopandas to_json",
        work=lambda: (folder / "pandas.geojson").write_text(part.to_json()),
        share=len(part) / len(plain),
    )


def corridor(resolution: int) -> Iterator[Candidate]:
    """Make the whole cell table: cells, shares, kilometre, distance."""
    boundary = given("boundary")
    options = CorridorOptions(resolution=resolution)
    yield Candidate(
        stage=f"whole cell table, resolution {resolution} (no peer does it)",
        name="riskmap",
        work=lambda: corridor_cells(boundary, options),
    )

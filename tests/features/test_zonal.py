"""A user's own raster of elevation, against pixels taken one by one."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rasterio
import rasterio.warp
import shapely
from rasterio.transform import Affine

from riskmap import cells
from riskmap.errors import (
    FileMissingError,
    FileUnreadableError,
    MissingCRSError,
    RasterOutsideError,
    RasterValuesError,
)
from riskmap.features import zonal
from riskmap.features.terrain import COLUMNS, read_terrain
from riskmap.features.zonal import read_dem

WEST, NORTH = -111.05, 31.47
NODATA = -32768
# one metre of a degree of latitude, on the sphere that slopes are measured on
M_PER_DEG = np.radians(1) * 6_371_009


@pytest.fixture(scope="session")
def index():
    """Some sixty cells about Nogales."""
    box = shapely.box(-111.0, 31.25, -110.8, 31.42)
    return cells.cells_touching(box, 7)


def from_origin(west, north, step):
    return Affine(step, 0, west, 0, -step, north)


def write_dem(path, z, *, step=0.001, west=WEST, north=NORTH, **changed):
    options = {
        "driver": "GTiff",
        "height": z.shape[0],
        "width": z.shape[1],
        "count": 1,
        "dtype": str(z.dtype),
        "crs": "EPSG:4326",
        "transform": from_origin(west, north, step),
    }
    with rasterio.open(path, "w", **options | changed) as dem:
        dem.write(z, 1)
    return path


def pixel_places(shape, step=0.001, west=WEST, north=NORTH):
    rows, columns = np.indices(shape)
    return west + (columns + 0.5) * step, north - (rows + 0.5) * step


def hills(shape, step=0.001):
    x, y = pixel_places(shape, step)
    return (1_000 + 300 * np.sin(x * 60) * np.cos(y * 70)).astype("float32")


@pytest.fixture(scope="session")
def dem(tmp_path_factory):
    """Hills of 100 m pixels over all the cells."""
    return write_dem(tmp_path_factory.mktemp("dem") / "dem.tif", hills((300, 330)))


def pixel_by_pixel(z, index, step=0.001):
    x, y = pixel_places(z.shape, step)
    found = cells.points_to_cells(x.ravel(), y.ravel(), cells.resolution_of(index))
    return pd.Series(z.ravel().astype(float)).groupby(found).mean().reindex(index)


@pytest.mark.parametrize("pixels_to_draw", [0, 10**9], ids=["drawn", "looked up"])
def test_means_are_those_of_the_pixels_one_by_one(
    dem, index, pixels_to_draw, monkeypatch
):
    monkeypatch.setattr(zonal, "PIXELS_TO_DRAW", pixels_to_draw)
    found = read_dem(dem, index)
    assert found.index.equals(index)
    assert found.columns.tolist() == list(COLUMNS)
    expected = pixel_by_pixel(hills((300, 330)), index)
    # a hexagon's edge is drawn straight, which moves a pixel or two of six hundred
    assert found["elevation_m"].to_numpy() == pytest.approx(
        expected.to_numpy(), abs=0.5
    )
    if pixels_to_draw:
        assert found["elevation_m"].to_numpy() == pytest.approx(expected.to_numpy())


def test_means_are_near_those_by_exact_area(dem, index):
    z = hills((300, 330))
    x, y = pixel_places(z.shape)
    found = read_dem(dem, index)
    for cell in index[::12]:
        hexagon = cells.cell_polygons(cells.cell_index([cell])).iloc[0]
        west, south, east, north = hexagon.bounds
        near = (x > west - 0.001) & (x < east + 0.001)
        near &= (y > south - 0.001) & (y < north + 0.001)
        squares = shapely.box(
            x[near] - 0.0005, y[near] - 0.0005, x[near] + 0.0005, y[near] + 0.0005
        )
        weights = shapely.area(shapely.intersection(squares, hexagon))
        exact = np.average(z[near], weights=weights)
        # an edge along a row of pixels takes it whole or not at all: 2 m in 600
        assert found.loc[cell, "elevation_m"] == pytest.approx(exact, abs=2.0)


def test_an_even_slope_has_its_angle_and_no_ruggedness(tmp_path, index):
    _, y = pixel_places((300, 330))
    z = (1_000 + (y - 31.3) * M_PER_DEG * 0.1).astype("float64")
    found = read_dem(write_dem(tmp_path / "ramp.tif", z), index)
    angle = np.degrees(np.arctan(0.1))
    assert found["slope_deg"].to_numpy() == pytest.approx(angle, abs=1e-4)
    assert found["ruggedness"].to_numpy() == pytest.approx(0, abs=1e-9)


def test_a_slope_eastward_is_measured_in_metres_too(tmp_path, index):
    x, y = pixel_places((300, 330))
    z = 4_000 + (x + 110.9) * M_PER_DEG * np.cos(np.radians(y)) * 0.2
    found = read_dem(write_dem(tmp_path / "ramp.tif", z.astype("float64")), index)
    # the parallel shortens a little to the north, so the ramp leans a little too
    angle = np.degrees(np.arctan(0.2))
    assert found["slope_deg"].to_numpy() == pytest.approx(angle, abs=0.01)


def test_a_ridge_is_rugged_where_an_even_slope_is_not(tmp_path, index):
    x, _ = pixel_places((300, 330))
    ridge = (4_500 - np.abs(x + 110.9) * M_PER_DEG * 0.2).astype("float64")
    found = read_dem(write_dem(tmp_path / "ridge.tif", ridge), index)
    astride = cells.cell_centres(index)["x"].sub(-110.9).abs() < 0.005
    assert astride.any()
    # two faces at 9.6 degrees, met half and half: 1 - cos of that angle
    steep = 0.2 / np.cos(np.radians(31.333))
    most = 1 - np.cos(np.arctan(steep))
    assert found["ruggedness"][astride].max() == pytest.approx(most, rel=0.1)
    far = cells.cell_centres(index)["x"].sub(-110.9).abs() > 0.03
    assert found["ruggedness"][far].max() < 1e-9


def test_a_projected_raster_gives_the_same_terrain(tmp_path, index, dem):
    with rasterio.open(dem) as given:
        shape, crs = (340, 340), "EPSG:32612"
        grid = from_origin(494_000, 3_481_500, 100)
        moved = np.full(shape, np.nan, dtype="float32")
        rasterio.warp.reproject(
            given.read(1),
            moved,
            src_transform=given.transform,
            src_crs=given.crs,
            dst_transform=grid,
            dst_crs=crs,
            dst_nodata=np.nan,
            resampling=rasterio.warp.Resampling.bilinear,
        )
    path = write_dem(tmp_path / "utm.tif", moved, crs=crs, transform=grid)
    found, expected = read_dem(path, index), read_dem(dem, index)
    difference = (found - expected).dropna()
    assert len(difference) > 0.9 * len(index)
    # hills of 600 m over cells of 3 km, whose edges other pixels follow
    assert difference["elevation_m"].abs().mean() < 1.5
    assert abs(difference["elevation_m"].mean()) < 0.5
    assert difference["slope_deg"].abs().max() < 0.3


def test_feet_along_the_ground_are_not_taken_for_metres(tmp_path, index):
    # EPSG:2224 counts in US survey feet: 328 ft pixels are 100 m
    x = np.arange(340)
    z = np.tile(1_000 + x * 100 * 0.1, (340, 1))
    step = 100 / (1200 / 3937)
    centre = cells.cell_centres(index).mean()
    crs = rasterio.CRS.from_epsg(2224)
    (left,), (top,) = rasterio.warp.transform(
        "EPSG:4326", crs, [centre["x"]], [centre["y"]]
    )
    grid = from_origin(left - 170 * step, top + 170 * step, step)
    path = write_dem(tmp_path / "feet.tif", z, crs=crs, transform=grid)
    found = read_dem(path, index)["slope_deg"].dropna()
    assert found.to_numpy() == pytest.approx(np.degrees(np.arctan(0.1)), abs=0.02)


def test_windows_leave_no_seam(dem, index, monkeypatch):
    whole = read_dem(dem, index)
    monkeypatch.setattr(zonal, "WINDOW", 37)
    told = []
    pieces = read_dem(dem, index, progress=lambda *step: told.append(step))
    pd.testing.assert_frame_equal(pieces, whole, rtol=1e-9)
    assert told[-1][0] == "terrain"
    assert told[-1][1] == told[-1][2] == len(told) > 20


def test_a_window_reads_no_more_than_it_needs(dem, index, monkeypatch):
    monkeypatch.setattr(zonal, "WINDOW", 64)
    read, sizes = zonal._read_window, []

    def watch(raster, window, path):
        pixels = read(raster, window, path)
        sizes.append(pixels["z"].size)
        return pixels

    monkeypatch.setattr(zonal, "_read_window", watch)
    read_dem(dem, index)
    assert max(sizes) == 64 * 64


def test_cells_smaller_than_a_pixel_take_the_pixel_under_their_centre(tmp_path):
    z = hills((30, 33), step=0.01)
    path = write_dem(tmp_path / "coarse.tif", z, step=0.01)
    fine = cells.cell_index(
        cells.points_to_cells(
            *np.random.default_rng(1).uniform(
                [[-111.0], [31.25]], [[-110.8], [31.42]], (2, 200)
            ),
            9,
        )
    )
    found = read_dem(path, fine)
    centres = cells.cell_centres(fine)
    rows = np.floor((NORTH - centres["y"]) / 0.01).astype(int)
    columns = np.floor((centres["x"] - WEST) / 0.01).astype(int)
    expected = z[rows, columns]
    assert found["elevation_m"].to_numpy() == pytest.approx(expected)
    assert found["slope_deg"].notna().all()
    assert found["ruggedness"].isna().all()


def test_missing_pixels_of_an_integer_raster_are_not_elevations(tmp_path, index):
    z = hills((300, 330)).astype("int16")
    whole = read_dem(write_dem(tmp_path / "whole.tif", z, nodata=NODATA), index)
    holes = z.copy()
    x, _ = pixel_places(z.shape)
    holes[x > -110.9] = NODATA
    path = write_dem(tmp_path / "holes.tif", holes, nodata=NODATA)
    found = read_dem(path, index)
    x = cells.cell_centres(index)["x"]
    west, east = x < -110.92, x > -110.88
    pd.testing.assert_frame_equal(found[west], whole[west])
    assert found[east].isna().all(axis=None)
    assert found["elevation_m"].dropna().between(600, 1_400).all()


def test_a_cell_with_a_few_holes_takes_the_mean_of_the_rest(tmp_path, index):
    z = np.full((300, 330), 800, dtype="int16")
    z[::7, ::5] = NODATA
    found = read_dem(write_dem(tmp_path / "sieve.tif", z, nodata=NODATA), index)
    assert found["elevation_m"].eq(800).all()
    assert found["slope_deg"].eq(0).all()


def test_an_undeclared_marker_of_no_data_is_refused(tmp_path, index):
    z = hills((300, 330)).astype("int16")
    z[100:200, 100:200] = -9999
    path = write_dem(tmp_path / "undeclared.tif", z)
    with pytest.raises(RasterValuesError) as caught:
        read_dem(path, index)
    assert caught.value.fields["value"] == -9999
    assert caught.value.fields["lowest"] == -500


def test_a_raster_of_a_tenth_of_the_cells_leaves_the_others_missing(tmp_path, index):
    path = write_dem(tmp_path / "tenth.tif", hills((300, 66)))
    found = read_dem(path, index)
    known = found["elevation_m"].notna()
    inside = cells.cell_centres(index)["x"] < WEST + 0.066
    assert 0 < known.sum() < 0.3 * len(index)
    assert (known <= inside).all()
    assert found["elevation_m"].dropna().between(600, 1_400).all()


def test_a_raster_elsewhere_is_refused(tmp_path, index):
    path = write_dem(tmp_path / "away.tif", hills((300, 330)), west=-100.0)
    with pytest.raises(RasterOutsideError):
        read_dem(path, index)


def test_a_raster_with_no_data_at_all_is_refused(tmp_path, index):
    z = np.full((300, 330), NODATA, dtype="int16")
    path = write_dem(tmp_path / "void.tif", z, nodata=NODATA)
    with pytest.raises(RasterOutsideError):
        read_dem(path, index)


def test_no_cells_lie_on_no_raster(dem, index):
    with pytest.raises(RasterOutsideError):
        read_dem(dem, index[:0])


def test_a_raster_without_crs_is_refused(tmp_path, index):
    path = write_dem(tmp_path / "nowhere.tif", hills((300, 330)), crs=None)
    with pytest.raises(MissingCRSError) as caught:
        read_dem(path, index)
    assert caught.value.fields["table"] == "nowhere.tif"


def test_a_missing_file_and_a_file_that_is_no_raster_are_refused(tmp_path, index):
    path = tmp_path / "dem.tif"
    with pytest.raises(FileMissingError):
        read_dem(path, index)
    path.write_text("not a raster", encoding="utf-8")
    with pytest.raises(FileUnreadableError):
        read_dem(path, index)
    path.write_bytes(b"")
    with pytest.raises(FileUnreadableError):
        read_dem(path, index)


def test_a_truncated_raster_is_refused(tmp_path, dem, index):
    path = tmp_path / "cut.tif"
    path.write_bytes(dem.read_bytes()[:200_000])
    with pytest.raises(FileUnreadableError):
        read_dem(path, index)


def test_a_raster_from_south_to_north_gives_the_same_terrain(tmp_path, dem, index):
    z = hills((300, 330))
    grid = Affine(0.001, 0, WEST, 0, 0.001, NORTH - 0.3)
    path = write_dem(tmp_path / "up.tif", z[::-1].copy(), transform=grid)
    pd.testing.assert_frame_equal(read_dem(path, index), read_dem(dem, index))


def test_scale_and_offset_are_honoured(tmp_path, dem, index):
    z = np.round((hills((300, 330)) - 500) * 10).astype("int16")
    path = write_dem(tmp_path / "scaled.tif", z)
    with rasterio.open(path, "r+") as packed:
        packed.scales, packed.offsets = (0.1,), (500.0,)
    found, expected = read_dem(path, index), read_dem(dem, index)
    assert (found - expected)["elevation_m"].abs().max() < 0.1


@pytest.mark.realdata
def test_the_bundled_table_is_what_the_shared_raster_says(shared_data):
    data = Path(__file__).resolve().parents[2] / "data"
    table = read_terrain(data / "terrain" / "terrain_r6.csv").iloc[::20]
    found = read_dem(
        shared_data / "rasters" / "dem_border_strip_15arcsec.tif", table.index
    )
    difference = (found - table).abs().dropna()
    assert len(difference) > 0.97 * len(table)
    assert difference["elevation_m"].median() < 0.6
    assert difference["slope_deg"].median() < 0.01
    assert difference["ruggedness"].median() < 1e-4

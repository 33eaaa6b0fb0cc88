"""A user's own files: rasters that cover little, polygons, tables, wrong ones."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from rasterio.transform import Affine

from riskmap import cells
from riskmap.errors import (
    ColumnMissingError,
    FileMissingError,
    HazardFileError,
    MissingCRSError,
)
from riskmap.features.hazard_files import read_day_table, read_hazard
from riskmap.i18n import LANGUAGES, Words
from tests.hazards.worlds import CENTRE, block

INDEX = block(0.2)
X, Y = CENTRE


def raster(path, values, bounds, crs="EPSG:4326", nodata=None):
    height, width = values.shape
    west, south, east, north = bounds
    across, down = (east - west) / width, (south - north) / height
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=width,
        height=height,
        count=1,
        dtype="float32",
        crs=crs,
        transform=Affine(across, 0.0, west, 0.0, down, north),
        nodata=nodata,
    ) as file:
        file.write(values.astype("float32"), 1)
    return path


def test_a_raster_that_covers_a_part_is_no_data_elsewhere(tmp_path):
    path = raster(
        tmp_path / "fire.tif", np.full((20, 20), 0.7), (X - 0.2, Y - 0.2, X, Y + 0.2)
    )
    found = read_hazard(path, INDEX, option="fire")
    east = cells.cell_centres(INDEX)["x"] > X + 0.03
    assert found[east].isna().all()
    assert found[~east].dropna().round(6).eq(0.7).all()
    assert not (found == 0).any()


def test_a_raster_of_nothing_here_is_refused(tmp_path):
    path = raster(tmp_path / "far.tif", np.ones((4, 4)), (0, 0, 1, 1))
    with pytest.raises(HazardFileError) as caught:
        read_hazard(path, INDEX, option="flood")
    for language in LANGUAGES:
        assert "flood" in Words(language).error(caught.value)


def test_an_all_missing_raster_is_refused(tmp_path):
    path = raster(
        tmp_path / "gone.tif",
        np.full((20, 20), -9999.0),
        (X - 1, Y - 1, X + 1, Y + 1),
        nodata=-9999,
    )
    with pytest.raises(HazardFileError):
        read_hazard(path, INDEX, option="cold")


def test_a_marker_of_missing_data_that_is_not_declared_is_refused(tmp_path):
    values = np.full((20, 20), 0.5)
    values[3, 3] = -9999
    path = raster(tmp_path / "mark.tif", values, (X - 1, Y - 1, X + 1, Y + 1))
    with pytest.raises(HazardFileError):
        read_hazard(path, INDEX, option="cold")


def test_a_raster_without_crs_is_refused(tmp_path):
    values = np.ones((4, 4))
    path = raster(tmp_path / "x.tif", values, (X - 1, Y - 1, X + 1, Y + 1), crs=None)
    with pytest.raises(MissingCRSError):
        read_hazard(path, INDEX, option="cold")


def polygons(path, shapes, **columns):
    gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326").to_file(path)
    return path


def test_polygons_give_each_cell_the_share_they_cover(tmp_path):
    box = shapely.box(X - 0.1, Y - 0.1, X + 0.1, Y + 0.1)
    path = polygons(tmp_path / "flood.geojson", [box], name=["100 years"])
    found = read_hazard(path, INDEX, option="flood")
    hexagons = cells.cell_polygons(INDEX).to_numpy()
    share = shapely.area(shapely.intersection(hexagons, box)) / shapely.area(hexagons)
    assert np.allclose(found, share)
    assert {0.0, 1.0} <= set(found.round(9))


def test_of_overlapping_polygons_the_highest_counts(tmp_path):
    box = shapely.box(X - 0.1, Y - 0.1, X + 0.1, Y + 0.1)
    path = polygons(tmp_path / "fire.gpkg", [box, box, box], value=[2.0, 5.0, None])
    assert read_hazard(path, INDEX, option="fire").max() == pytest.approx(5.0)


def test_polygons_elsewhere_or_no_polygons_are_refused(tmp_path):
    far = polygons(tmp_path / "far.geojson", [shapely.box(0, 0, 1, 1)], name=["x"])
    broken = tmp_path / "broken.geojson"
    broken.write_text("no map", encoding="utf-8")
    for path in (far, broken):
        with pytest.raises(HazardFileError):
            read_hazard(path, INDEX, option="fire")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(FileMissingError):
        read_hazard(tmp_path / "none.tif", INDEX, option="fire")
    with pytest.raises(FileMissingError):
        read_day_table(tmp_path / "none.csv")


def test_a_table_of_a_day_needs_its_columns(tmp_path):
    path = tmp_path / "day.csv"
    pd.DataFrame({"x": [X], "y": [Y], "tmax": [40]}).to_csv(path, index=False)
    with pytest.raises(ColumnMissingError) as caught:
        read_day_table(path)
    assert caught.value.fields["columns"] == "elevation_m, tmax_c"

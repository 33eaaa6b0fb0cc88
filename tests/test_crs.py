"""CRS: degrees to store, one metric CRS to measure."""

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from riskmap.crs import GEOD, STORAGE_CRS, metric_crs_for, to_storage
from riskmap.errors import MissingCRSError, WrongCRSError

BORDER = gpd.GeoSeries([shapely.box(-118, 25, -97, 33.4)], crs="EPSG:4326")


def test_a_table_in_degrees_is_kept_as_it_is():
    assert to_storage(BORDER) is BORDER


@pytest.mark.parametrize("epsg", [3857, 32612, 6372, 5070])
def test_other_crs_come_back_to_the_same_place(epsg):
    point = gpd.GeoSeries([shapely.Point(-110.94, 31.33)], crs="EPSG:4326")
    there = to_storage(point.to_crs(epsg))
    assert there.crs == STORAGE_CRS
    assert there.iloc[0].distance(point.iloc[0]) < 1e-8


def test_a_table_without_crs_is_refused_by_its_name():
    with pytest.raises(MissingCRSError) as caught:
        to_storage(gpd.GeoSeries([shapely.Point(0, 0)]), name="landmarks")
    assert caught.value.fields == {"table": "landmarks"}
    assert "landmarks" in str(caught.value)


def test_metres_called_degrees_are_refused():
    wrong = gpd.GeoSeries([shapely.Point(500_000, 3_400_000)], crs="EPSG:4326")
    with pytest.raises(WrongCRSError) as caught:
        to_storage(wrong, name="incidents")
    assert caught.value.fields["table"] == "incidents"


def test_latitude_before_longitude_is_refused_where_it_shows():
    swapped = gpd.GeoSeries([shapely.Point(31.33, -110.94)], crs="EPSG:4326")
    with pytest.raises(WrongCRSError):
        to_storage(swapped)


@given(x=st.floats(-118, -97), y=st.floats(25, 33.4))
def test_areas_in_the_metric_crs_are_the_ellipsoids(x, y):
    crs = metric_crs_for(BORDER)
    box = shapely.segmentize(shapely.box(x, y, x + 0.05, y + 0.05), 0.005)
    metric = gpd.GeoSeries([box], crs="EPSG:4326").to_crs(crs).area.iloc[0]
    real = abs(GEOD.geometry_area_perimeter(box)[0])
    assert metric == pytest.approx(real, rel=1e-4)


@given(x=st.floats(-118, -97), y=st.floats(25, 33.4), azimuth=st.floats(0, 360))
def test_lengths_in_the_metric_crs_are_off_by_less_than_half_a_percent(x, y, azimuth):
    project = pyproj.Transformer.from_crs(
        STORAGE_CRS, metric_crs_for(BORDER), always_xy=True
    ).transform
    end_x, end_y, _ = GEOD.fwd(x, y, azimuth, 1_000)
    start, end = np.array(project(x, y)), np.array(project(end_x, end_y))
    assert np.hypot(*(end - start)) == pytest.approx(1_000, rel=0.005)


def test_a_point_more_or_less_keeps_the_metric_crs():
    more = gpd.GeoSeries([*BORDER, shapely.Point(-97.02, 25.1)], crs="EPSG:4326")
    moved = gpd.GeoSeries([shapely.box(-118.01, 25.01, -97, 33.4)], crs="EPSG:4326")
    assert metric_crs_for(more) == metric_crs_for(BORDER)
    assert metric_crs_for(moved) == metric_crs_for(BORDER)

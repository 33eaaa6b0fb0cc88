"""The line, its two sides, its kilometres and the cells along it."""

import json
import math
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmap import cells
from riskmap.boundary import (
    CELL_COLUMNS,
    CorridorOptions,
    boundary_line,
    corridor_cells,
    kilometres_along,
    point_at,
    read_boundary,
    side_of,
)
from riskmap.boundary.line import trace
from riskmap.boundary.reading import order_reaches
from riskmap.boundary.sides import shares_north, sides_of
from riskmap.crs import GEOD
from riskmap.errors import (
    BoundaryNotLineError,
    FileEmptyError,
    FileMissingError,
    FileUnreadableError,
    HalfWidthError,
    InputError,
    MissingCRSError,
    ResolutionError,
    WrongCRSError,
)
from riskmap.schema import check_table

BUNDLED = Path(__file__).parent.parent / "data" / "boundary" / "boundary.geojson"

# an independent way to measure: another equal-area projection
EQUAL_AREA = "+proj=cea +lat_ts=30 +lon_0=-106 +ellps=WGS84 +units=m"


@pytest.fixture(scope="module")
def border():
    return read_boundary(BUNDLED)


@pytest.fixture(scope="module")
def line(border):
    return boundary_line(border)


@pytest.fixture(scope="module")
def corridor(border):
    return corridor_cells(border, CorridorOptions())


@pytest.fixture(scope="module")
def narrow(border):
    """Two kilometres each side, where river bends matter most."""
    return corridor_cells(border, CorridorOptions(half_width_km=2, resolution=7))


def write(folder: Path, geometry: dict, **members: object) -> Path:
    path = folder / "boundary.geojson"
    feature = {"type": "Feature", "properties": {}, "geometry": geometry}
    collection = {"type": "FeatureCollection", "features": [feature], **members}
    path.write_text(json.dumps(collection))
    return path


class TestReading:
    def test_the_bundled_boundary_runs_from_the_gulf_to_the_pacific(self, border, line):
        assert border.columns.tolist() == ["reach", "from_km", "to_km", "geometry"]
        assert border["from_km"].iloc[0] == 0
        assert border["to_km"].iloc[-1] == pytest.approx(3_181.8, abs=0.5)
        assert line.coords[0][0] > -98
        assert line.coords[-1][0] < -117
        assert (border["from_km"].iloc[1:].to_numpy() == border["to_km"][:-1]).all()

    def test_a_geojson_without_crs_is_in_longitude_and_latitude(self, tmp_path):
        shape = {"type": "LineString", "coordinates": [[-110, 31], [-111, 31]]}
        assert read_boundary(write(tmp_path, shape)).crs.to_epsg() == 4326

    def test_reaches_are_turned_to_follow_one_another(self):
        parts = [
            [(-110.9, 31.3), (-110.8, 31.3)],
            [(-110.9, 31.3), (-111.0, 31.3)],
            [(-111.1, 31.3), (-111.0, 31.3)],
        ]
        table = gpd.GeoDataFrame(
            {"reach": ["a", "b", "c"], "from_km": [0, 9.5, 19]},
            geometry=[shapely.LineString(part) for part in parts],
            crs="EPSG:4326",
        )
        ordered = order_reaches(table.iloc[::-1])
        assert ordered["reach"].tolist() == ["a", "b", "c"]
        joined = boundary_line(ordered)
        assert [point[0] for point in joined.coords] == [-110.8, -110.9, -111.0, -111.1]

    def test_a_boundary_without_kilometres_starts_at_its_eastern_end(self):
        table = gpd.GeoDataFrame(
            geometry=[
                shapely.LineString([(-111.0, 31.3), (-110.9, 31.3)]),
                shapely.LineString([(-110.9, 31.3), (-110.8, 31.3)]),
            ],
            crs="EPSG:4326",
        )
        ordered = order_reaches(table)
        assert ordered.geometry.iloc[0].coords[0] == (-110.8, 31.3)
        assert ordered["to_km"].iloc[-1] == pytest.approx(19.04, abs=0.02)

    def test_metres_are_brought_to_degrees(self, tiny_boundary):
        metric = tiny_boundary.to_crs("EPSG:32612")
        there = boundary_line(order_reaches(metric))
        assert there.hausdorff_distance(boundary_line(tiny_boundary)) < 1e-9

    def test_a_multiline_is_one_reach(self):
        shape = shapely.MultiLineString(
            [[(-110.9, 31.3), (-111.0, 31.3)], [(-110.9, 31.3), (-110.8, 31.3)]]
        )
        table = gpd.GeoDataFrame(geometry=[shape], crs="EPSG:4326")
        assert len(boundary_line(table).coords) == 3

    def test_a_missing_file_is_refused(self, tmp_path):
        with pytest.raises(FileMissingError) as caught:
            read_boundary(tmp_path / "none.geojson")
        assert caught.value.fields["path"].endswith("none.geojson")

    @pytest.mark.parametrize(
        "text", ["", '{"type": "FeatureCollection", "features": []}']
    )
    def test_an_empty_file_is_refused(self, tmp_path, text):
        path = tmp_path / "empty.geojson"
        path.write_text(text)
        with pytest.raises(FileEmptyError):
            read_boundary(path)

    @pytest.mark.parametrize("content", [b"not json", b"\xff\xfe\x00{", b"{" * 50])
    def test_a_file_that_is_no_map_is_refused(self, tmp_path, content):
        path = tmp_path / "odd.geojson"
        path.write_bytes(content)
        with pytest.raises(FileUnreadableError):
            read_boundary(path)

    def test_a_table_without_crs_is_refused(self, tmp_path, tiny_boundary):
        path = tmp_path / "line.shp"
        tiny_boundary.to_file(path)
        path.with_suffix(".prj").unlink()
        with pytest.raises(MissingCRSError):
            read_boundary(path)

    def test_metres_called_degrees_are_refused(self, tmp_path):
        shape = {"type": "LineString", "coordinates": [[500000, 3400000], [5e5, 3.5e6]]}
        with pytest.raises(WrongCRSError):
            read_boundary(write(tmp_path, shape))

    @pytest.mark.parametrize(
        "shape",
        [
            {"type": "Point", "coordinates": [-110, 31]},
            {
                "type": "Polygon",
                "coordinates": [[[-110, 31], [-111, 31], [-111, 32], [-110, 31]]],
            },
            {"type": "LineString", "coordinates": [[-110, 31], [-110, 31]]},
        ],
        ids=["point", "polygon", "no length"],
    )
    def test_a_boundary_that_is_no_line_is_refused(self, tmp_path, shape):
        with pytest.raises(BoundaryNotLineError):
            read_boundary(write(tmp_path, shape))

    def test_a_csv_is_refused(self, tmp_path):
        path = tmp_path / "line.csv"
        path.write_text("a,b\n1,2\n")
        with pytest.raises(InputError):
            read_boundary(path)

    def test_reaches_with_a_gap_are_refused(self, tiny_boundary):
        apart = tiny_boundary.copy()
        apart.geometry = [
            shapely.LineString([(-110.80, 31.333), (-110.90, 31.333)]),
            shapely.LineString([(-110.91, 31.333), (-111.00, 31.333)]),
        ]
        with pytest.raises(BoundaryNotLineError) as caught:
            order_reaches(apart)
        assert caught.value.fields == {"found": "gap", "gap_m": 952}


class TestOptions:
    @pytest.mark.parametrize("width", [0, -1, 0.5, 301, 1_000, math.nan, math.inf])
    def test_absurd_widths_are_refused(self, width):
        with pytest.raises(HalfWidthError) as caught:
            CorridorOptions(half_width_km=width)
        assert caught.value.fields["lowest"] == 1
        assert caught.value.fields["highest"] == 300

    @pytest.mark.parametrize("resolution", [3, 12, -1, 7.5, math.nan, True])
    def test_absurd_resolutions_are_refused(self, resolution):
        with pytest.raises(ResolutionError):
            CorridorOptions(resolution=resolution)

    @pytest.mark.parametrize(("width", "resolution"), [(1, 4), (300, 10)])
    def test_the_ends_of_the_ranges_are_allowed(self, width, resolution):
        CorridorOptions(half_width_km=width, resolution=resolution)


class TestKilometres:
    def test_kilometres_grow_along_the_line(self, line):
        km = np.linspace(0, 3181, 20_000)
        points = point_at(line, km)
        found, distance_km = kilometres_along(line, points[:, 0], points[:, 1])
        assert (np.diff(found) > 0).all()
        assert np.abs(found - km).max() < 1e-3
        assert distance_km.max() < 1e-3

    def test_the_ends_are_kilometre_nought_and_the_length(self, line):
        ends = np.array([line.coords[0], line.coords[-1]])
        km, distance_km = kilometres_along(line, ends[:, 0], ends[:, 1])
        length_km = GEOD.geometry_length(line) / 1000
        assert km.tolist() == pytest.approx([0, length_km])
        assert distance_km.tolist() == pytest.approx([0, 0], abs=1e-9)

    def test_beyond_the_ends_the_end_is_nearest(self, line):
        km, _ = kilometres_along(line, [-96, -118], [26, 32.5])
        assert km.tolist() == pytest.approx([0, trace(line).along_m[-1] / 1000])

    def test_no_vertex_is_nearer_than_the_nearest_point(self, line):
        rng = np.random.default_rng(3)
        x, y = rng.uniform(-118, -97, 20), rng.uniform(25.5, 33, 20)
        _, distance_km = kilometres_along(line, x, y)
        lon, lat = trace(line).lon, trace(line).lat
        for i in range(x.size):
            many = np.full(lon.size, x[i]), np.full(lon.size, y[i])
            metres = GEOD.inv(*many, lon, lat)[2].min()
            # the oracle knows vertices only, at most 100 m apart
            assert distance_km[i] * 1000 <= metres + 1e-3
            assert distance_km[i] * 1000 >= metres - 50

    @given(metres=st.floats(1, 150_000), east=st.booleans(), share=st.floats(0.2, 0.8))
    @settings(max_examples=60, deadline=None)
    def test_a_step_at_right_angles_is_as_far_as_it_is_long(self, metres, east, share):
        meridian = shapely.LineString([(-105, 29), (-105, 33)])
        length_km = trace(meridian).along_m[-1] / 1000
        start = point_at(meridian, share * length_km)[0]
        x, y, _ = GEOD.fwd(start[0], start[1], 90 if east else 270, metres)
        km, distance_km = kilometres_along(meridian, [x], [y])
        assert distance_km[0] * 1000 == pytest.approx(metres, abs=0.5)
        assert km[0] == pytest.approx(share * length_km, abs=1)

    def test_a_missing_place_has_no_kilometre(self, line):
        km, distance_km = kilometres_along(line, [np.nan, -110], [31, np.nan])
        assert np.isnan(km).all()
        assert np.isnan(distance_km).all()

    def test_the_middle_of_a_circle_is_answered(self):
        turns = np.linspace(0, 2 * np.pi * 0.95, 300)
        circle = shapely.LineString(
            np.column_stack([-105 + np.cos(turns) / 100, 30 + np.sin(turns) / 100])
        )
        _, distance_km = kilometres_along(circle, [-105.0], [30.0])
        assert distance_km[0] == pytest.approx(0.9649, abs=0.001)


class TestSides:
    @pytest.mark.parametrize(
        ("name", "x", "y", "side"),
        [
            ("San Diego", -117.16, 32.72, "US"),
            ("Tijuana", -117.03, 32.52, "MX"),
            ("Calexico", -115.50, 32.68, "US"),
            ("Mexicali", -115.45, 32.62, "MX"),
            ("Yuma", -114.62, 32.69, "US"),
            ("San Luis Río Colorado", -114.77, 32.46, "MX"),
            ("Nogales, Arizona", -110.935, 31.345, "US"),
            ("Nogales, Sonora", -110.945, 31.315, "MX"),
            ("El Paso", -106.487, 31.762, "US"),
            ("Ciudad Juárez", -106.487, 31.733, "MX"),
            ("Presidio", -104.372, 29.561, "US"),
            ("Ojinaga", -104.413, 29.557, "MX"),
            ("Laredo", -99.507, 27.506, "US"),
            ("Nuevo Laredo", -99.515, 27.486, "MX"),
            ("Brownsville", -97.497, 25.902, "US"),
            ("Matamoros", -97.504, 25.870, "MX"),
        ],
    )
    def test_cities_lie_on_their_side(self, border, name, x, y, side):
        assert side_of(border, [x], [y]).tolist() == [side], name

    def test_the_sea_is_parted_where_the_line_ends(self, border):
        # the Coronado Islands are Mexico's, Padre Island is Texas
        x, y = [-117.25, -117.25, -97.16, -97.10], [32.41, 32.60, 26.10, 25.80]
        assert side_of(border, x, y).tolist() == ["MX", "US", "US", "MX"]

    def test_a_missing_place_has_no_side(self, border):
        assert side_of(border, [np.nan], [31.0]).tolist() == [""]

    def test_a_boundary_that_runs_eastward_has_the_north_on_its_left(self):
        there = gpd.GeoDataFrame(
            geometry=[shapely.LineString([(-111, 31.3), (-110.8, 31.3)])], crs=4326
        )
        assert side_of(there, [-110.9, -110.9], [31.4, 31.2]).tolist() == ["US", "MX"]

    def test_a_line_that_crosses_itself_by_a_rounding_step_has_two_sides(self):
        points = [
            (-110.80000, 31.3),
            (-110.90000, 31.3),
            (-110.90002, 31.30001),
            (-110.90002, 31.29999),
            (-110.89999, 31.30001),
            (-111.00000, 31.3),
        ]
        there = gpd.GeoDataFrame(geometry=[shapely.LineString(points)], crs=4326)
        assert not there.geometry.iloc[0].is_simple
        assert side_of(there, [-110.9, -110.9], [31.4, 31.2]).tolist() == ["US", "MX"]

    def test_an_end_that_hides_in_a_bay_is_led_out(self):
        hook = [(-110, 31), (-111, 31), (-111, 31.5), (-110.5, 31.5), (-110.5, 31.2)]
        assert sides_of(shapely.LineString(hook)).line.is_simple

    def test_a_spiral_has_no_two_sides(self):
        turns = np.linspace(0, 6 * np.pi, 400)
        spiral = np.column_stack(
            [-110 + np.cos(turns) * turns / 40, 31 + np.sin(turns) * turns / 40]
        )
        with pytest.raises(BoundaryNotLineError):
            sides_of(shapely.LineString(spiral))

    def test_shares_agree_with_points_thrown_at_random(self, border, corridor):
        rng = np.random.default_rng(5)
        cut = corridor[corridor["side"] == "both"].sample(40, random_state=5)
        for cell, share in cut["share_us"].items():
            hexagon = cells.cell_polygons(pd.Index([cell], dtype="uint64")).iloc[0]
            west, south, east, north = hexagon.bounds
            x, y = rng.uniform(west, east, 4000), rng.uniform(south, north, 4000)
            inside = shapely.contains_xy(hexagon, x, y)
            thrown = (side_of(border, x[inside], y[inside]) == "US").mean()
            # four standard errors of 2,600 throws
            assert thrown == pytest.approx(share, abs=0.04)

    def test_a_share_worked_out_by_hand(self):
        # the line passes a third of the box from its northern edge
        line = shapely.LineString([(-110, 31), (-110.1, 31)])
        box = shapely.box(-110.051, 30.998, -110.049, 31.001)
        found = shares_north(sides_of(line), gpd.GeoSeries([box], crs=4326))
        assert found.tolist() == pytest.approx([1 / 3], abs=0.005)

    def test_no_polygon_has_no_share(self):
        line = shapely.LineString([(-110, 31), (-110.1, 31)])
        assert shares_north(sides_of(line), gpd.GeoSeries([], crs=4326)).size == 0


class TestCorridor:
    def test_the_table_keeps_its_contract(self, corridor):
        check_table(corridor, CELL_COLUMNS, name="cells")
        assert corridor.columns.tolist() == [column.name for column in CELL_COLUMNS]
        assert corridor.index.equals(cells.cell_index(corridor.index))

    def test_shares_add_up_and_agree_with_the_side(self, corridor):
        assert (corridor["share_us"] + corridor["share_mx"] - 1).abs().max() < 1e-12
        both = (corridor["share_us"] > 0) & (corridor["share_mx"] > 0)
        assert (both == (corridor["side"] == "both")).all()
        assert (corridor.loc[corridor["side"] == "US", "share_us"] == 1).all()

    def test_the_default_corridor_is_the_border_region_of_la_paz(self, corridor):
        # the cells' own area, less the parts of rim cells beyond 100 km
        inner = corridor.loc[corridor["distance_km"] <= 100, "area_km2"].sum()
        assert inner == pytest.approx(517_000, rel=0.003)
        assert 86_000 < len(corridor) < 88_000

    @given(
        km=st.floats(0, 3182),
        azimuth=st.floats(0, 360),
        share=st.one_of(st.floats(0, 1), st.just(1.0)),
    )
    @settings(max_examples=200, deadline=None)
    def test_no_place_within_the_width_is_missing(
        self, line, corridor, narrow, km, azimuth, share
    ):
        start = point_at(line, km)[0]
        for table, width_m in ((corridor, 100_000), (narrow, 2_000)):
            x, y, _ = GEOD.fwd(start[0], start[1], azimuth, share * width_m)
            cell = cells.points_to_cells([x], [y], 7)[0]
            assert cell in table.index

    def test_no_place_at_the_very_edge_is_missing(self, line, corridor):
        rng = np.random.default_rng(11)
        start = point_at(line, rng.uniform(0, 3182, 60_000))
        azimuth = rng.uniform(0, 360, len(start))
        far = np.full(len(start), 99_999.0)
        x, y, _ = GEOD.fwd(start[:, 0], start[:, 1], azimuth, far)
        assert np.isin(cells.points_to_cells(x, y, 7), corridor.index).all()

    def test_every_cell_comes_within_the_width(self, line, narrow):
        # the oracle: the hexagon's distance in a metric CRS made for its place
        for cell in narrow.index[:: len(narrow) // 50]:
            hexagon = cells.cell_polygons(pd.Index([cell], dtype="uint64"))
            middle = hexagon.iloc[0].centroid
            local = pyproj.CRS.from_proj4(
                f"+proj=aeqd +lat_0={middle.y} +lon_0={middle.x} +datum=WGS84"
            )
            near = shapely.clip_by_rect(
                line, middle.x - 0.2, middle.y - 0.2, middle.x + 0.2, middle.y + 0.2
            )
            there = gpd.GeoSeries([near], crs=4326).to_crs(local).iloc[0]
            metres = hexagon.to_crs(local).iloc[0].distance(there)
            assert metres <= 2_000 + 20

    @pytest.mark.parametrize("resolution", [4, 5, 6, 8])
    def test_all_resolutions_cover_a_bend(self, resolution):
        turns = np.linspace(0, np.pi, 40)
        bend = np.column_stack([-105 + np.cos(turns) / 5, 30 + np.sin(turns) / 5])
        boundary = gpd.GeoDataFrame(geometry=[shapely.LineString(bend)], crs=4326)
        options = CorridorOptions(half_width_km=3, resolution=resolution)
        table = corridor_cells(boundary, options)
        line = boundary_line(boundary)
        rng = np.random.default_rng(resolution)
        start = point_at(line, rng.uniform(0, 60, 3000))
        x, y, _ = GEOD.fwd(
            start[:, 0],
            start[:, 1],
            rng.uniform(0, 360, 3000),
            3000 * rng.uniform(0, 1, 3000),
        )
        assert np.isin(cells.points_to_cells(x, y, resolution), table.index).all()

    def test_area_on_each_side_is_what_an_equal_area_map_says(self, border, narrow):
        by_share = (narrow["share_us"] * narrow["area_km2"]).sum()
        hexagons = cells.cell_polygons(narrow.index)
        side = sides_of(boundary_line(border))
        north = gpd.GeoSeries([side.north], crs=side.metric_crs).to_crs(4326)
        union = gpd.GeoSeries([shapely.union_all(hexagons)], crs=4326)
        cut = union.intersection(north.make_valid()).to_crs(EQUAL_AREA)
        assert cut.area.iloc[0] / 1e6 == pytest.approx(by_share, rel=0.005)

    def test_progress_is_told_to_the_end(self, tiny_boundary):
        told = []
        corridor_cells(
            tiny_boundary,
            CorridorOptions(half_width_km=2),
            progress=lambda done, total: told.append((done, total)),
        )
        assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]

    def test_the_same_boundary_gives_the_same_table(self, tiny_boundary):
        options = CorridorOptions(half_width_km=5)
        first = corridor_cells(tiny_boundary, options)
        again = corridor_cells(tiny_boundary.iloc[[0, 1]].copy(), options)
        pd.testing.assert_frame_equal(first, again, check_exact=True)

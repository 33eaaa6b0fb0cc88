"""Zones: ranked, contiguous, of one side, within their sizes, and worth their area."""

import itertools
import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmap import cells
from riskmap.crs import GEOD
from riskmap.errors import OptionError, TableContractError
from riskmap.neighbours import connected_groups, neighbour_matrix
from riskmap.schema import check_table
from riskmap.zones import (
    MEMBER_COLUMNS,
    ZONE_COLUMNS,
    ZoneOptions,
    find_zones,
    name_zones,
)
from riskmap.zones.partition import split_group
from riskmap.zones.selection import Graph, select_cells


def region(size_deg: float = 0.6) -> pd.DataFrame:
    """A square of cells about Nogales, parted by the parallel 31.333."""
    box = shapely.box(
        -111, 31.333 - size_deg / 2, -111 + size_deg, 31.333 + size_deg / 2
    )
    table = cells.cell_centres(cells.cells_touching(box, 7))
    table["share_us"] = np.clip((table["y"] - 31.333) / 0.02 + 0.5, 0, 1)
    table["km"] = 2_000 + (-109 - table["x"]) * 95
    table["area_km2"] = cells.cell_areas_km2(table.index)
    return table


def surface(table: pd.DataFrame, seed: int, smooth: int = 2) -> pd.DataFrame:
    """Scores with some peaks, and a tenth of the cells without data."""
    rng = np.random.default_rng(seed)
    values = rng.gamma(0.1, 1.0, len(table))
    links = neighbour_matrix(table.index)
    for _ in range(smooth):
        values = links @ values / 7
    scores = pd.DataFrame({"danger": values}, index=table.index)
    scores["danger_low"], scores["danger_high"] = values / 2, values * 3
    scores.loc[table["x"] < table["x"].quantile(0.1), :] = np.nan
    return scores


@pytest.fixture(scope="module")
def table():
    return region()


@pytest.fixture(scope="module")
def scores(table):
    return surface(table, seed=1)


@pytest.fixture(scope="module")
def found(table, scores):
    return find_zones(table, scores, ZoneOptions(share_of_area=0.2), score="danger")


class TestContract:
    def test_tables_keep_their_contracts(self, found):
        zones, members = found
        assert len(zones) > 4
        check_table(zones, ZONE_COLUMNS, name="zones")
        check_table(members, MEMBER_COLUMNS, name="members")
        assert zones.index.name == "zone_id"
        assert zones.index.is_unique
        assert zones.crs.to_epsg() == 4326
        assert members.index.equals(cells.cell_index(members.index))

    def test_every_zone_hangs_together(self, found):
        _, members = found
        for _, zone in members.groupby("zone_id"):
            assert connected_groups(zone.index).max() == 0

    def test_every_zone_is_within_its_limits(self, found):
        areas = found[0]["area_km2"]
        assert areas.between(25, 250).all()

    def test_areas_are_the_real_areas_of_the_cells(self, found, table):
        zones, members = found
        real = table["area_km2"][members.index].groupby(members["zone_id"]).sum()
        pd.testing.assert_series_equal(
            zones["area_km2"].sort_index(), real, check_names=False
        )
        drawn = zones.to_crs("+proj=cea +lat_ts=31 +ellps=sphere").area / 1e6
        assert np.allclose(drawn, zones["area_km2"], rtol=0.01)

    def test_no_zone_holds_a_cell_mostly_on_the_other_side(self, found, table):
        zones, members = found
        side = zones["side"].reindex(members["zone_id"]).to_numpy()
        share = table["share_us"][members.index].to_numpy()
        assert set(side) == {"US", "MX"}
        assert (share[side == "US"] >= 0.5).all()
        assert (share[side == "MX"] <= 0.5).all()

    def test_no_cell_without_data_is_in_a_zone(self, found, scores):
        assert scores["danger"][found[1].index].notna().all()

    def test_ranks_follow_the_events_expected(self, found):
        zones, _ = found
        assert zones["joint_rank"].tolist() == list(range(1, len(zones) + 1))
        assert zones["expected_per_year"].is_monotonic_decreasing
        for side, of_side in zones.groupby("side"):
            assert of_side["rank"].tolist() == list(range(1, len(of_side) + 1))
            assert of_side.index[0] == f"danger-{side}-001"

    def test_sums_are_the_cells_sums(self, found, scores):
        zones, members = found
        sums = scores.loc[members.index].groupby(members["zone_id"]).sum()
        sums = sums.loc[zones.index]
        assert np.allclose(zones["expected_per_year"], sums["danger"])
        low, high = zones["expected_low_per_year"], zones["expected_high_per_year"]
        # cells do not all lie at the same end at once
        assert (low > 0).all()
        assert (high <= sums["danger_high"] * (1 + 1e-6)).all()
        assert (low <= zones["expected_per_year"]).all()
        assert (zones["expected_per_year"] <= high).all()
        total = scores["danger"].sum()
        assert np.allclose(zones["share_of_score"], sums["danger"] / total)

    def test_the_area_stays_within_the_share(self, found, table, scores):
        known = table[scores["danger"].notna()]
        for side, north in (("US", True), ("MX", False)):
            of_side = known[(known["share_us"] >= 0.5) == north]
            zones = found[0][found[0]["side"] == side]
            assert zones["area_km2"].sum() <= 0.2 * of_side["area_km2"].sum()

    def test_zones_are_single_polygons(self, found):
        assert (found[0].geom_type == "Polygon").all()
        assert found[0].is_valid.all()

    def test_kilometres_span_the_cells(self, found, table):
        zones, members = found
        km = table["km"][members.index].groupby(members["zone_id"])
        assert np.allclose(zones["from_km"], km.min()[zones.index])
        assert np.allclose(zones["to_km"], km.max()[zones.index])

    def test_the_order_of_rows_is_of_no_matter(self, found, table, scores):
        shuffled = scores.sample(frac=1, random_state=3)
        options = ZoneOptions(share_of_area=0.2)
        zones, members = find_zones(table, shuffled, options, score="danger")
        pd.testing.assert_frame_equal(pd.DataFrame(zones), pd.DataFrame(found[0]))
        pd.testing.assert_frame_equal(members, found[1])

    def test_equal_scores_give_the_same_zones_each_time(self, table):
        flat = pd.DataFrame({"danger": table["area_km2"] / 100}, index=table.index)
        first, _ = find_zones(table, flat, ZoneOptions(), score="danger")
        again, _ = find_zones(table, flat, ZoneOptions(), score="danger")
        assert len(first)
        pd.testing.assert_frame_equal(pd.DataFrame(first), pd.DataFrame(again))

    @given(
        seed=st.integers(0, 10_000),
        smooth=st.integers(0, 3),
        share=st.floats(0.01, 1),
        largest_km2=st.floats(7, 400),
        ratio=st.floats(0, 1),
    )
    @settings(max_examples=25, deadline=None)
    def test_limits_hold_whatever_the_surface(
        self, seed, smooth, share, largest_km2, ratio
    ):
        small = region(0.25)
        options = ZoneOptions(
            share_of_area=share,
            largest_km2=largest_km2,
            smallest_km2=largest_km2 * ratio,
        )
        scores = surface(small, seed, smooth)
        zones, members = find_zones(small, scores, options, score="danger")
        assert zones["area_km2"].between(largest_km2 * ratio, largest_km2).all()
        assert members.index.is_unique
        for _, zone in members.groupby("zone_id"):
            assert connected_groups(zone.index).max() == 0


class TestEdges:
    def test_no_data_gives_no_zones_of_the_right_shape(self, table):
        nothing = pd.DataFrame({"danger": np.nan}, index=table.index)
        zones, members = find_zones(table, nothing, ZoneOptions(), score="danger")
        check_table(zones, ZONE_COLUMNS, name="zones")
        assert len(zones) == len(members) == 0
        assert zones.crs.to_epsg() == 4326

    def test_nothing_expected_gives_no_zones(self, table):
        zero = pd.DataFrame({"danger": 0.0}, index=table.index)
        zones, _ = find_zones(table, zero, ZoneOptions(), score="danger")
        assert len(zones) == 0

    def test_a_score_without_limits_has_missing_limits(self, table, scores):
        bare = scores[["danger"]]
        zones, _ = find_zones(table, bare, ZoneOptions(), score="danger")
        assert zones["expected_low_per_year"].isna().all()

    def test_joint_zones_may_cross_the_line(self, table):
        near = -((table["y"] - 31.333) ** 2 + (table["x"] + 110.7) ** 2)
        peak = pd.DataFrame({"danger": np.exp(near * 500)}, index=table.index)
        options = ZoneOptions(by_side=False)
        zones, members = find_zones(table, peak, options, score="danger")
        first = members.index[members["zone_id"] == "danger-both-001"]
        assert zones["side"].tolist()[0] == "both"
        assert table["share_us"][first].between(0.1, 0.9).any()
        assert {0.0, 1.0} <= set(table["share_us"][first])

    def test_a_cell_larger_than_a_zone_is_a_zone(self):
        index = cells.cells_touching(shapely.box(-111, 31, -108, 33), 5)
        table = pd.DataFrame({"share_us": 1.0, "km": 1.0}, index=index)
        table["area_km2"] = cells.cell_areas_km2(index)
        scores = pd.DataFrame({"danger": np.arange(len(index)) * 1.0}, index=index)
        zones, _ = find_zones(table, scores, ZoneOptions(), score="danger")
        assert (zones["cells"] == 1).all()
        assert zones["area_km2"].min() > 250

    def test_a_missing_column_is_refused(self, table, scores):
        with pytest.raises(TableContractError):
            find_zones(table, scores, ZoneOptions(), score="other")
        bare = table.drop(columns="area_km2")
        with pytest.raises(TableContractError):
            find_zones(bare, scores, ZoneOptions(), score="danger")

    @pytest.mark.parametrize(
        "wrong",
        [
            {"share_of_area": 0},
            {"share_of_area": 1.1},
            {"share_of_area": math.nan},
            {"largest_km2": 0},
            {"largest_km2": math.inf},
            {"smallest_km2": -1},
            {"smallest_km2": 300},
        ],
    )
    def test_absurd_options_are_refused(self, wrong):
        with pytest.raises(OptionError) as caught:
            ZoneOptions(**wrong)
        assert caught.value.fields["option"] in wrong


def patch(rings: int) -> tuple[pd.Index, Graph]:
    """A hexagon of cells."""
    middle = cells.points_to_cells([-110.0], [31.5], 7)
    near = cells.cells_touching(shapely.box(-110.6, 30.9, -109.4, 32.1), 7)
    here = near.get_loc(middle[0])
    index = near[neighbour_matrix(near, rings)[here].indices]
    graph = Graph(
        values=np.zeros(len(index)),
        areas_km2=np.ones(len(index)),
        links=neighbour_matrix(index),
    )
    return index, graph


def with_values(graph: Graph, values: np.ndarray) -> Graph:
    return Graph(values=values, areas_km2=graph.areas_km2, links=graph.links)


def groups_of(graph: Graph, chosen: np.ndarray) -> list[np.ndarray]:
    """Touching groups, by walking: another way than scipy's."""
    left, found = set(np.flatnonzero(chosen).tolist()), []
    while left:
        queue, group = [left.pop()], []
        while queue:
            cell = queue.pop()
            group.append(cell)
            near = set(graph.links[cell].indices.tolist()) & left
            left -= near
            queue.extend(near)
        found.append(np.array(sorted(group)))
    return found


def keep_large(graph: Graph, chosen: np.ndarray, smallest: float) -> np.ndarray:
    kept = np.zeros(chosen.size, dtype=bool)
    for group in groups_of(graph, chosen):
        kept[group] = group.size >= smallest
    return kept


def by_threshold(graph: Graph, budget: int, smallest: int) -> np.ndarray:
    """The best cells, groups that are too small dropped; the best threshold."""
    order = np.argsort(-graph.values, kind="stable")
    best = np.zeros(graph.values.size, dtype=bool)
    for count in range(budget, 4 * budget, max(budget // 10, 1)):
        chosen = np.zeros(graph.values.size, dtype=bool)
        chosen[order[:count]] = True
        kept = keep_large(graph, chosen, smallest)
        if kept.sum() <= budget and graph.values[kept].sum() > graph.values[best].sum():
            best = kept
    return best


def by_growing(graph: Graph, budget: int, smallest: int, size: int) -> np.ndarray:
    """Zones of one size, grown one after another from the best cell left."""
    chosen = np.zeros(graph.values.size, dtype=bool)
    while chosen.sum() + size <= budget:
        free = np.where(chosen, -1.0, graph.values)
        zone = [int(np.argmax(free))]
        while len(zone) < size:
            edge = set(graph.links[zone].indices.tolist()) - set(zone)
            edge = {cell for cell in edge if not chosen[cell]}
            if not edge:
                break
            zone.append(max(sorted(edge), key=lambda cell: graph.values[cell]))
        chosen[zone] = True
    return keep_large(graph, chosen, smallest)


def by_disks(graph: Graph, budget: int, smallest: int) -> np.ndarray:
    """Disks of seven about the cells whose disks hold most."""
    chosen = np.zeros(graph.values.size, dtype=bool)
    sums = graph.links @ graph.values
    for cell in np.argsort(-sums, kind="stable"):
        disk = graph.links[cell].indices
        if not chosen[disk].any() and chosen.sum() + disk.size <= budget:
            chosen[disk] = True
    return keep_large(graph, chosen, smallest)


class TestWorth:
    def test_small_graphs_come_near_the_best_there_is(self):
        _, graph = patch(2)
        graph = graph.subset(np.arange(13))
        size, budget, smallest = 13, 6, 3
        allowed = []
        for count in range(1, budget + 1):
            for picked in itertools.combinations(range(size), count):
                chosen = np.zeros(size, dtype=bool)
                chosen[list(picked)] = True
                groups = groups_of(graph, chosen)
                if all(group.size >= smallest for group in groups):
                    allowed.append(chosen)
        every = np.array(allowed, dtype=float)
        shares = []
        for seed in range(40):
            values = np.random.default_rng(seed).exponential(size=size)
            chosen = select_cells(
                with_values(graph, values), budget_km2=budget, smallest_km2=smallest
            )
            assert chosen.sum() <= budget
            assert (keep_large(graph, chosen, smallest) == chosen).all()
            shares.append(values[chosen].sum() / (every @ values).max())
        assert np.mean(shares) >= 0.97
        assert np.quantile(shares, 0.1) >= 0.9

    @pytest.mark.parametrize("smooth", [0, 1, 3])
    @pytest.mark.parametrize("seed", [1, 2, 3])
    def test_no_other_heuristic_captures_much_more(self, smooth, seed):
        index, graph = patch(14)
        values = np.random.default_rng(seed).gamma(0.1, 1.0, len(index))
        for _ in range(smooth):
            values = graph.links @ values / 7
        graph = with_values(graph, values)
        budget, smallest = int(0.1 * len(index)), 4
        others = [by_threshold(graph, budget, smallest)]
        others += [by_growing(graph, budget, smallest, size) for size in (4, 7, 20)]
        others.append(by_disks(graph, budget, smallest))
        chosen = select_cells(graph, budget_km2=budget, smallest_km2=smallest)
        best = max(values[other].sum() for other in others)
        assert values[chosen].sum() >= 0.95 * best

    def test_splitting_a_group_loses_next_to_nothing(self):
        _, graph = patch(8)
        everything = np.arange(graph.values.size)
        zones = split_group(graph, everything, largest_km2=40, smallest_km2=4)
        assert sum(zone.size for zone in zones) == everything.size
        assert max(zone.size for zone in zones) <= 40
        # 217 cells cannot do with fewer than six zones of forty
        assert len(zones) <= 9

    def test_zones_are_compact(self):
        # isoperimetric quotient; a row of six hexagons has 0.32, a full disk 0.69
        table = region()
        zones, _ = find_zones(
            table, surface(table, 4, 4), ZoneOptions(), score="danger"
        )
        metric = zones.to_crs("+proj=laea +lat_0=31.3 +lon_0=-110.7").geometry
        quotient = 4 * np.pi * metric.area / metric.length**2
        assert quotient.median() > 0.4


class TestNames:
    @pytest.fixture
    def landmarks(self):
        return gpd.GeoDataFrame(
            {
                "kind": ["town", "hospital", "town", "town"],
                "name_en": ["Far", "Hospital", "Hearsay", "Other"],
                "name_es": ["Lejos", "Hospital", "Rumor", "Otro"],
                "basis": ["read", "read", "unverified", "derived"],
            },
            index=pd.Index(["a", "b", "c", "d"], name="landmark_id"),
            geometry=[
                shapely.Point(-110.7, 31.6),
                shapely.Point(-110.95, 31.45),
                shapely.Point(-110.94, 31.45),
                shapely.Point(-100, 28),
            ],
            crs="EPSG:4326",
        )

    @pytest.fixture
    def zones(self):
        return gpd.GeoDataFrame(
            {"rank": [1, 2]},
            index=pd.Index(["z-1", "z-2"], name="zone_id"),
            geometry=[
                shapely.box(-111, 31.4, -110.9, 31.5),
                shapely.box(-105.1, 30, -105, 30.1),
            ],
            crs="EPSG:4326",
        )

    def test_a_verified_place_names_a_zone_before_a_nearer_rumour(
        self, zones, landmarks
    ):
        named = name_zones(zones, landmarks)
        assert named.loc["z-1", "landmark_id"] == "a"
        assert named.loc["z-1", "landmark_es"] == "Lejos"
        metres = GEOD.inv(-110.95, 31.45, -110.7, 31.6)[2]
        there = named.loc["z-1", "landmark_distance_km"]
        assert there == pytest.approx(metres / 1000, abs=0.5)

    def test_a_rumour_serves_where_nothing_verified_is_near(self, zones, landmarks):
        landmarks.loc["c", "geometry"] = shapely.Point(-104.9, 30.05)
        assert name_zones(zones, landmarks).loc["z-2", "landmark_id"] == "c"

    def test_a_hospital_names_no_zone(self, zones, landmarks):
        only = name_zones(zones, landmarks.loc[["b"]])
        assert only["landmark_en"].tolist() == ["", ""]
        assert only["landmark_distance_km"].isna().all()

    def test_zones_keep_their_order_and_shapes(self, zones, landmarks):
        named = name_zones(zones.iloc[::-1], landmarks)
        assert named.index.tolist() == ["z-2", "z-1"]
        assert named.columns[-1] == "geometry"
        assert named.geometry.equals(zones.geometry.iloc[::-1])

    def test_no_zones_give_no_names(self, zones, landmarks):
        assert name_zones(zones.iloc[:0], landmarks)["landmark_en"].tolist() == []

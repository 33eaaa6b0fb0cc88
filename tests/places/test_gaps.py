"""Gaps, marking, verification, contacts and regions."""

import datetime
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmap.errors import TableContractError, UnknownNameError
from riskmap.places.contacts import (
    ROLES,
    contacts_from,
    empty_contacts,
    find_contacts,
)
from riskmap.places.demarcation import PARTS, rank_stretches
from riskmap.places.gaps import GAP_COLUMNS, GapOptions, counted, find_gaps
from riskmap.places.gazetteer import Gazetteer
from riskmap.places.jurisdictions import OFFICE_TABLE, OFFICES, build_areas
from riskmap.places.regions import REGION_TABLE, find_region, region_mask
from riskmap.places.verification import find_disagreements, verification_states
from riskmap.schema import check_table
from tests.conftest import ROOT

INCURSIONS_KM = (1100.0, 1200.0, 1300.0, 1650.0, 2500.0)
TODAY = datetime.date(2026, 11, 25)
DATA = ROOT / "data" / "landmarks"


@pytest.fixture(scope="module")
def regions():
    return pd.read_csv(DATA / "priority_regions.csv", dtype="str")


@pytest.fixture(scope="module")
def shapes():
    return gpd.read_file(DATA / "regions.geojson")


def without(gazetteer, landmark_id):
    kept = [p for p in gazetteer.landmarks if p.landmark_id != landmark_id]
    return Gazetteer(landmarks=tuple(kept))


def uncovered_km(gaps):
    return float(gaps["length_km"].sum())


def test_gaps_are_ordered_and_keep_their_contract(gazetteer, line):
    gaps = find_gaps(gazetteer, line)
    check_table(gaps, GAP_COLUMNS, name="gaps")
    assert gaps["length_km"].is_monotonic_decreasing
    assert gaps["rank"].tolist() == list(range(1, len(gaps) + 1))
    assert (gaps["farthest_km"] > 5).all()
    # the Big Bend has no bridge between Presidio and Del Rio
    assert gaps["from_km"].iloc[0] > 900
    assert gaps["to_km"].iloc[0] < 1600


def test_removing_a_landmark_lengthens_a_gap_and_adding_shortens_it(gazetteer, line):
    before = find_gaps(gazetteer, line)
    fewer = without(gazetteer, "ib-011")
    after = find_gaps(fewer, line)
    assert uncovered_km(after) > uncovered_km(before) + 5
    again = find_gaps(
        Gazetteer(
            landmarks=(
                *fewer.landmarks,
                *(p for p in gazetteer.landmarks if p.landmark_id == "ib-011"),
            )
        ),
        line,
    )
    assert uncovered_km(again) == uncovered_km(before)


def test_what_nobody_sees_or_verified_closes_no_gap(gazetteer, line):
    kinds = {place.kind for place in counted(gazetteer, GapOptions())}
    assert "river_km" not in kinds
    assert "town" not in kinds
    strict = uncovered_km(find_gaps(gazetteer, line))
    loose = uncovered_km(find_gaps(gazetteer, line, GapOptions(unverified=True)))
    assert loose < strict


def test_without_landmarks_the_whole_line_is_one_gap(line):
    (gap,) = find_gaps(Gazetteer(landmarks=()), line).itertuples()
    assert gap.length_km == pytest.approx(line.length_km, abs=0.1)
    assert np.isnan(gap.farthest_km)


def test_a_marker_lowers_the_stretch_that_it_stands_on(gazetteer, line):
    ranked = rank_stretches(gazetteer, line, incursions_km=INCURSIONS_KM)
    assert ranked["score"].is_monotonic_decreasing
    first = ranked.iloc[0]
    lon, lat = line.point_at([(first["from_km"] + first["to_km"]) / 2])[0]
    post = next(p for p in gazetteer.landmarks if p.landmark_id == "bm-001")
    added = replace(post, landmark_id="new", lon=float(lon), lat=float(lat))
    again = rank_stretches(
        Gazetteer(landmarks=(*gazetteer.landmarks, added)),
        line,
        incursions_km=INCURSIONS_KM,
    )
    same = again[again["from_km"] == first["from_km"]].iloc[0]
    assert same["score"] < first["score"]
    assert same["rank"] > first["rank"]


def test_a_part_without_data_is_missing_and_not_zero(gazetteer, line):
    ranked = rank_stretches(gazetteer, line)
    assert ranked["incursions"].isna().all()
    assert ranked["road_km"].isna().all()
    reasons = [f"reason_{name}" for name in PARTS]
    assert np.allclose(ranked[reasons].sum(axis=1), ranked["score"])
    assert ranked["score"].between(0, 1).all()
    parts = [f"part_{name}" for name in PARTS[1:]]
    assert np.allclose(ranked["score"], ranked[parts].mean(axis=1))


def test_a_stretch_that_nobody_watches_has_no_incursions_on_record(gazetteer, line):
    ranked = rank_stretches(
        gazetteer, line, incursions_km=[1205.0, 1206.0], watched_km=[(1000, 1400)]
    ).set_index("from_km")
    assert ranked.loc[1200.0, "incursions"] == 2
    assert ranked.loc[1300.0, "incursions"] == 0
    assert np.isnan(ranked.loc[1500.0, "incursions"])
    assert np.isnan(ranked.loc[1500.0, "reason_incursions"])


def test_roads_count_only_where_all_of_them_are_on_file(gazetteer, line, jurisdictions):
    areas = build_areas(jurisdictions, line)
    ranked = rank_stretches(gazetteer, line, areas=areas).set_index("from_km")
    # Arizona is the line from km 2340 to km 2950 or so; Texas has no roads on file
    assert ranked.loc[2500.0, "road_km"] < 20
    assert np.isnan(ranked.loc[1200.0, "road_km"])
    remote = ranked.loc[1200.0, "part_remoteness"]
    town_km = ranked.loc[1200.0, "town_km"]
    assert remote == pytest.approx(town_km / (town_km + 25))


@given(keep=st.sets(st.integers(0, 39), min_size=1), extra=st.integers(0, 39))
@settings(max_examples=10, deadline=None)
def test_more_landmarks_never_lengthen_a_gap(line, gazetteer, keep, extra):
    posts = [p for p in gazetteer.landmarks if p.kind == "boundary_monument"][::7]
    fewer = Gazetteer(landmarks=tuple(posts[at] for at in sorted(keep)))
    more = Gazetteer(landmarks=(*fewer.landmarks, posts[extra]))
    before, after = find_gaps(fewer, line), find_gaps(more, line)
    assert uncovered_km(after) <= uncovered_km(before) + 1e-9
    assert after["length_km"].max() <= before["length_km"].max() + 1e-9
    # every gap left lies within one that was there
    for gap in after.itertuples():
        within = (before["from_km"] <= gap.from_km) & (gap.to_km <= before["to_km"])
        assert within.any()


def landmark_rows(*rows):
    columns = ["id", "kind", "us_id", "mx_id", "name_en", "source", "x", "accuracy_m"]
    table = pd.DataFrame(rows, columns=columns).set_index("id")
    table["name_es"] = table["name_en"]
    points = gpd.points_from_xy(table.pop("x"), [31.3] * len(table))
    return gpd.GeoDataFrame(table, geometry=points, crs="EPSG:4326")


def test_two_sources_300_m_apart_at_one_monument_are_listed():
    # 300 m along the parallel of 31.3° is 0.003152°
    rows = landmark_rows(
        ("bm-1", "boundary_monument", "166", "166", "Monument 166", "IBWC", -110, 10),
        (
            "x-9",
            "boundary_monument",
            "166",
            "",
            "Mon. 166",
            "CILA",
            -110.003152,
            10,
        ),
        ("bm-2", "boundary_monument", "1..2", "", "Monument 1..2", "IBWC", -109, 10),
        ("bm-3", "boundary_monument", "1..2", "", "Monument 1..2", "CILA", -108, 10),
    )
    (found,) = find_disagreements(rows).itertuples()
    assert found.distance_m == pytest.approx(300, abs=0.5)
    assert {found.source, found.other_source} == {"IBWC", "CILA"}
    assert found.apart
    assert found.renamed


def test_sources_that_agree_within_their_accuracy_are_not_listed():
    rows = landmark_rows(
        ("t-1", "town", "", "", "Ajo", "one", -110, 3000),
        ("t-1", "town", "", "", "Ájo", "other", -110.03, 3000),
    )
    assert find_disagreements(rows).empty
    renamed = rows.assign(name_en=["Ajo", "Why"], name_es=["Ajo", "Why"])
    assert find_disagreements(renamed)["renamed"].tolist() == [True]


def test_the_bundled_landmarks_do_not_contradict_themselves(landmarks):
    assert not find_disagreements(landmarks)["apart"].any()


def test_what_was_verified_over_183_days_ago_is_stale():
    rows = pd.DataFrame(
        {
            "basis": ["read", "read", "read", "unverified"],
            "verified_on": ["2026-05-26", "2026-05-25", "", "2026-11-23"],
        }
    )
    found = verification_states(rows, today=TODAY)
    assert found["state"].tolist() == ["verified", "stale", "never", "unverified"]
    assert found["days"].iloc[:2].tolist() == [183, 184]


def desk(**changes):
    row = {
        "side": "US", "role": "first_responder", "desk_en": "Dispatch",
        "desk_es": "Despacho", "channel": "radio", "hours": "24 h", "from_km": 0,
        "to_km": 100, "verified_on": "2026-11-01", "supervisor": "somebody",
    }  # fmt: skip
    return pd.DataFrame([row | changes])


def test_a_contact_is_a_desk_and_other_columns_are_dropped():
    kept = contacts_from(desk())
    assert "supervisor" not in kept.columns
    found = find_contacts(kept, 50.0, today=TODAY)
    assert [one.desk_en for one in found.contacts] == ["Dispatch"]
    assert not found.contacts[0].stale
    assert found.gaps["US"] == ROLES[1:]
    assert found.gaps["MX"] == ROLES


def test_an_old_contact_is_flagged_and_a_far_one_is_not_found():
    kept = contacts_from(desk(verified_on="2026-01-01"))
    assert find_contacts(kept, 50.0, today=TODAY).contacts[0].stale
    assert find_contacts(kept, 101.0, today=TODAY).contacts == ()
    never = contacts_from(desk(verified_on=""))
    assert find_contacts(never, 50.0, today=TODAY).contacts[0].stale


def test_without_contacts_both_sides_say_their_gaps():
    found = find_contacts(empty_contacts(), 50.0, today=TODAY)
    assert found.gaps == {"US": ROLES, "MX": ROLES}


def test_a_contact_with_a_wrong_side_is_refused():
    with pytest.raises(TableContractError):
        contacts_from(desk(side="north"))


def test_there_are_ten_mechanisms_and_all_consulates_have_open_districts():
    names = ("liaison_mechanisms.csv", "consulates.csv")
    tables = [pd.read_csv(DATA / name, keep_default_na=False) for name in names]
    for table in tables:
        assert [c.name for c in OFFICE_TABLE] == list(table.columns)
        assert set(table["office"]) <= set(OFFICES)
        assert set(table["basis"]) == {"unverified"}
    assert len(tables[0]) == 10
    assert (tables[0]["from_km"] < tables[0]["to_km"]).all()
    assert (tables[1]["office"] == "mx_consulate").sum() >= 12
    assert (tables[1]["from_km"] == "").all()


def test_every_priority_region_opens_and_holds_cells(
    regions, shapes, jurisdictions, line
):
    check_table(regions, REGION_TABLE, name="regions")
    km = np.arange(0.0, line.length_km, 0.5)
    points = line.point_at(km)
    # a little to the north of the line, where one is surely on land
    rows = pd.DataFrame({"km": km, "x": points[:, 0], "y": points[:, 1] + 0.01})
    deep = pd.DataFrame({"km": [2770.0], "x": [-113.3], "y": [32.3]})
    for _, region in regions.iterrows():
        inside = region_mask(
            region, pd.concat([rows, deep]), shapes=shapes, jurisdictions=jurisdictions
        )
        assert inside.any() or region["region_id"].startswith("state_"), region
    for wanted in (
        "Western Arizona deserts", "All-American Canal", "Río Bravo", "San Diego",
        "Calexico", "Tucson", "El Paso", "Laredo", "arizona/sonora",
        "Laredo/Nuevo Laredo", "Sector Yuma", "Coahuila de Zaragoza",
    ):  # fmt: skip
        assert find_region(regions, wanted)["region_id"]


def test_a_sector_s_region_holds_both_sides(regions, shapes, jurisdictions):
    cells = pd.DataFrame({"km": [2500.0, 2500.0, 100.0], "x": 0.0, "y": 0.0})
    inside = region_mask(
        find_region(regions, "Tucson"),
        cells,
        shapes=shapes,
        jurisdictions=jurisdictions,
    )
    assert inside.tolist() == [True, True, False]


def test_an_unknown_region_lists_those_that_there_are(regions):
    with pytest.raises(UnknownNameError) as caught:
        find_region(regions, "Atlantis")
    assert "all_american_canal" in caught.value.fields["known"]


def test_an_outline_that_is_missing_is_said(regions, shapes, jurisdictions):
    cells = pd.DataFrame({"km": [0.0], "x": [0.0], "y": [0.0]})
    none = shapes.iloc[:0].set_geometry([shapes.geometry.iloc[0]][:0])
    with pytest.raises(UnknownNameError):
        region_mask(
            find_region(regions, "Calexico"),
            cells,
            shapes=none,
            jurisdictions=jurisdictions,
        )
    assert isinstance(shapes.geometry.iloc[0], shapely.Polygon)

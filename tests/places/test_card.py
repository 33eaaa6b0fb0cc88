"""A card agrees with brute force and geodesy, fits a radio message, hides no gap."""

import json
import time
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from riskmap.crs import GEOD
from riskmap.places.card import build_surroundings, card, cards
from riskmap.places.card_text import card_json, full_text, gpx, plain_text
from riskmap.places.coordinates import read_coordinate
from riskmap.places.facts import is_shared
from riskmap.places.gazetteer import Gazetteer
from riskmap.places.jurisdictions import OFFICES

POINTS = 200
NOGALES = (-110.9406, 31.3322)


@pytest.fixture(scope="module")
def surroundings(gazetteer, line, jurisdictions):
    return build_surroundings(gazetteer, line, jurisdictions=jurisdictions)


@pytest.fixture(scope="module")
def points(line):
    rng = np.random.default_rng(4)
    on_line = line.point_at(rng.uniform(0, line.length_km, POINTS))
    return on_line + rng.normal(0, 0.3, (POINTS, 2))


@pytest.fixture(scope="module")
def made(points, surroundings):
    return cards(points[:, 0], points[:, 1], surroundings)


def brute(landmarks, x, y):
    """Every distance on the ellipsoid, the shortest first, ties by id."""
    measured = [
        (float(GEOD.inv(place.lon, place.lat, x, y)[2]), place.landmark_id)
        for place in landmarks
    ]
    return sorted(measured)


def test_neighbours_are_those_of_brute_force(made, points, gazetteer):
    shared = [p for p in gazetteer.landmarks if p.shape is None and is_shared(p)]
    towns = [p for p in gazetteer.landmarks if p.kind == "town" and p.side == "MX"]
    for one, (x, y) in zip(made, points, strict=True):
        wanted = brute(shared, x, y)[:3]
        assert [near.landmark.landmark_id for near in one.shared] == [
            name for _, name in wanted
        ]
        for near, (metres, _) in zip(one.shared, wanted, strict=True):
            assert abs(near.metres - metres) <= 0.1
        assert one.around["town_mx"].landmark.landmark_id == brute(towns, x, y)[0][1]


def test_one_card_is_as_good_as_many(made, points, surroundings):
    alone = card(points[0, 0], points[0, 1], surroundings)
    assert alone == made[0]


def test_bearings_lead_from_the_landmark_to_the_point(made):
    for one in made[:50]:
        near = one.shared[0]
        lon, lat, _ = GEOD.fwd(
            near.landmark.lon, near.landmark.lat, near.bearing_deg, near.metres
        )
        assert GEOD.inv(lon, lat, one.lon, one.lat)[2] < 0.1


def test_every_form_of_the_coordinate_leads_back(made):
    for one in made[:50]:
        for form, tolerance_m in (
            ("decimal", 1), ("dms", 4), ("ddm", 2), ("mgrs", 2), ("utm", 2),
            ("plus_code", 12), ("cell", 250),
        ):  # fmt: skip
            read = read_coordinate(one.formats[form])
            assert GEOD.inv(read.lon, read.lat, one.lon, one.lat)[2] <= tolerance_m


def test_the_side_is_unsure_only_near_the_line(surroundings, line):
    x, y = line.point_at([2500.0])[0]
    there = card(x, y, surroundings)
    away = card(x, y + 0.1, surroundings)
    vague = card(x, y + 0.1, surroundings, accuracy_m=50_000)
    assert there.side_probability == pytest.approx(0.5, abs=0.05)
    assert away.side == "US"
    assert away.side_probability > 0.9999
    assert 0.5 < vague.side_probability < 0.9


def test_both_sides_have_their_jurisdictions(surroundings):
    here = card(*NOGALES, surroundings)
    assert here.side == "MX"
    assert here.units == {
        "us_state": "Arizona",
        "us_county": "Santa Cruz",
        "bp_sector": "Tucson",
        "mx_state": "Sonora",
        "mx_municipio": "Nogales",
    }


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_plain_text_fits_a_message_and_the_full_one_says_every_gap(
    made, labels, lang
):
    for one in made:
        text = plain_text(one, labels[lang], lang)
        assert len(text) <= 600
        assert one.formats["mgrs"] in text
        assert full_text(one, labels[lang], lang).count(labels[lang](
            "places.card.gap")) >= len(OFFICES)  # fmt: skip


def test_offices_come_from_the_table_and_nowhere_else(
    gazetteer, line, jurisdictions, labels
):
    offices = pd.DataFrame(
        {
            "office": ["liaison_mechanism", "mx_consulate"],
            "name_en": ["Nogales-Nogales", "Nogales"],
            "name_es": ["Nogales-Nogales", "Nogales"],
            "from_km": [2500.0, np.nan],
            "to_km": [2560.0, np.nan],
            "source": ["", ""],
            "basis": ["unverified", "read"],
            "verified_on": ["", ""],
        }
    )
    around = build_surroundings(
        gazetteer, line, jurisdictions=jurisdictions, offices=offices
    )
    here = card(*NOGALES, around)
    assert [one.name_en for one in here.offices["liaison_mechanism"]] == [
        "Nogales-Nogales"
    ]
    # a row without kilometres is competent nowhere
    assert here.offices["mx_consulate"] == ()
    assert "unverified" in full_text(here, labels["en"], "en")


def test_json_leaves_nothing_out(made, labels):
    found = json.loads(json.dumps(card_json(made[0], labels)))
    assert found["offices"] == {office: [] for office in OFFICES}
    assert found["elevation_m"] is None
    assert found["text_en"] != found["text_es"]


def test_a_waypoint_is_gpx_with_a_short_name(made, labels):
    tree = ET.fromstring(gpx(made[:3], labels["es"], "es"))  # noqa: S314
    names = [node.text for node in tree.iter() if node.tag.endswith("name")]
    assert len(names) == 3
    assert all(len(name) <= 10 and name.isascii() for name in names)


def test_without_landmarks_a_card_still_says_where(line, labels):
    here = card(*NOGALES, build_surroundings(Gazetteer(landmarks=()), line))
    assert here.shared == ()
    text = full_text(here, labels["en"], "en")
    assert "31.33220, -110.94060" in text
    assert text.count("NOT ON FILE") >= 12


def test_ten_thousand_cards_take_seconds(surroundings, points):
    x, y = np.tile(points[:, 0], 50), np.tile(points[:, 1], 50)
    start = time.process_time()
    assert len(cards(x, y, surroundings)) == 10_000
    assert time.process_time() - start < 5

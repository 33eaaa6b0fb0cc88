"""A card agrees with brute force and geodesy, fits a radio message, hides no gap."""

import datetime
import json
import time
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from riskmap.crs import GEOD
from riskmap.places.card import LINE_SD_M, build_surroundings, card, cards
from riskmap.places.card_page import card_page
from riskmap.places.card_text import card_json, full_text, gpx, plain_text
from riskmap.places.contacts import contacts_from
from riskmap.places.coordinates import read_coordinate
from riskmap.places.facts import is_shared
from riskmap.places.gazetteer import Gazetteer, build_gazetteer
from riskmap.places.jurisdictions import OFFICES
from riskmap.places.resolver import locate

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


def test_thirty_metres_at_a_hundred_is_about_62_to_38_as_in_the_register(surroundings):
    line = surroundings.line
    # on dry land, where the line itself is known to 22.5 m
    km = next(
        km for km in range(2100, 2500, 20)
        if not any(low <= km <= high for low, high in line.rivers)
    )  # fmt: skip
    x, y = line.point_at([float(km)])[0]
    steps = np.linspace(-0.002, 0.002, 801)
    away = np.array([line.nearest([x], [y + step])[1][0] for step in steps])
    near = steps[np.argmin(np.abs(away - 0.030))]
    found = card(x, y + near, surroundings, accuracy_m=100)
    drawn = np.random.default_rng(1).normal(size=200_000)
    doubt_m = np.hypot(100.0, LINE_SD_M["land"])
    simulated = (found.line_m + drawn * doubt_m > 0).mean()
    assert found.line_m == pytest.approx(30, abs=0.5)
    assert found.side_probability == pytest.approx(simulated, abs=0.005)
    assert found.side_probability == pytest.approx(0.62, abs=0.01)


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


TODAY = datetime.date(2026, 11, 25)


def test_what_is_verified_too_long_ago_is_said_on_every_text(
    line, labels, landmarks, jurisdictions
):
    old = landmarks.assign(verified_on="2026-05-25")
    stale = build_gazetteer(old, jurisdictions=jurisdictions, today=TODAY)
    made = card(*NOGALES, build_surroundings(stale, line))
    for lang, loud in (("en", "NOT VERIFIED SINCE"), ("es", "SIN VERIFICAR DESDE")):
        assert f"{loud} 2026-05-25" in plain_text(made, labels[lang], lang)
        assert f"{loud} 2026-05-25" in full_text(made, labels[lang], lang)
    assert card_json(made, labels)["shared"][0]["state"] == "stale"
    (found,) = locate("monument 166", stale, line).candidates
    assert "note.stale" in [note.code for note in found.notes]
    # 183 days are not over 183 days
    young = landmarks.assign(verified_on="2026-05-26")
    fresh = build_gazetteer(young, today=TODAY)
    made = card(*NOGALES, build_surroundings(fresh, line))
    assert "NOT VERIFIED" not in full_text(made, labels["en"], "en")


def contacts(**row):
    told = {
        "side": "US", "role": "first_responder", "desk_en": "County desk",
        "desk_es": "Mesa del condado", "channel": "+1 520", "hours": "24/7",
        "from_km": 2500.0, "to_km": 2600.0, "verified_on": "2026-11-01",
    } | row  # fmt: skip
    return contacts_from(pd.DataFrame([told]))


def test_a_card_says_who_answers_and_loudly_who_does_not(gazetteer, line, labels):
    around = build_surroundings(gazetteer, line, contacts=contacts())
    made = card(*NOGALES, replace(around, today=TODAY))
    english = full_text(made, labels["en"], "en")
    assert "County desk, +1 520, 24/7 (verified 2026-11-01)" in english
    assert "NOBODY ON FILE, Mexico: first responder" in english
    assert "SIN CONTACTO REGISTRADO, México" in full_text(made, labels["es"], "es")
    told = card_json(made, labels)["contacts"]
    assert told["gaps"]["US"] == ["liaison_chair", "consulate", "high_level"]
    old = build_surroundings(gazetteer, line, contacts=contacts(verified_on=""))
    stale = card(*NOGALES, replace(old, today=TODAY))
    assert "NOT VERIFIED FOR OVER 183 DAYS" in full_text(stale, labels["en"], "en")
    # without a day nothing can be judged, and nothing is said
    assert card(*NOGALES, around).contacts is None


def test_the_nearest_road_is_said_only_where_all_roads_are_on_file(surroundings):
    arizona = card(-111.5, 31.8, surroundings)
    assert arizona.roads["US"].landmark.landmark_id == "AZ-286"
    assert "MX" not in arizona.roads
    assert card(-102.5, 29.8, surroundings).roads == {}


def test_the_page_is_one_whole_document_in_both_languages(made, surroundings, labels):
    text = card_page(made[0], surroundings, labels, "es")
    root = ET.fromstring(text.partition("\n")[2])  # noqa: S314 our own text
    assert root.attrib["lang"] == "es"
    columns = [
        part.attrib["lang"] for part in root.iter("div") if "lang" in part.attrib
    ]
    assert columns == ["es", "en"]
    assert made[0].formats["mgrs"] in text
    for outside in ("http://", "https://", "<script", "url(", "@import"):
        assert outside not in text
    assert card_page(made[0], surroundings, labels, "es") == text


def test_names_that_try_to_run_do_not_on_the_page(gazetteer, line, labels):
    loud = "<script>alert(1)</script>"
    places = tuple(
        replace(place, name_en=loud, name_es=loud) for place in gazetteer.landmarks
    )
    around = build_surroundings(Gazetteer(landmarks=places), line)
    text = card_page(card(*NOGALES, around), around, labels, "en")
    assert "<script" not in text
    assert "&lt;script&gt;" in text

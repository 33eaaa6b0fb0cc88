"""The small parts of places, against hand-worked numbers."""

import math

import numpy as np
import pytest

from riskmap import grids
from riskmap.crs import GEOD, geocentric
from riskmap.places import plus_codes
from riskmap.places.coordinates import (
    CoordinateFault,
    read_coordinate,
    split_short_plus_code,
)
from riskmap.places.geodesy import (
    COMPASS,
    bearing_of,
    turn_between_deg,
    wind_of,
)
from riskmap.places.grammar import read_phrase
from riskmap.places.lexicon import fold, lexicon, phrases, words_of
from riskmap.places.names import find_landmarks
from riskmap.places.tokens import read_number


@pytest.mark.parametrize("wind", COMPASS)
def test_winds_and_bearings_are_inverse(wind):
    assert wind_of(bearing_of(wind), winds=16) == wind


def test_a_bearing_goes_to_the_nearer_wind():
    assert [wind_of(deg) for deg in (22.4, 22.6, 337.6, 359.9)] == ["N", "NE", "N", "N"]
    assert turn_between_deg(10, 350) == 20


def test_a_point_in_space_is_as_far_from_the_centre_as_the_ellipsoid_says():
    assert np.linalg.norm(geocentric([0], [90])[0]) == pytest.approx(GEOD.b)


# worked with the reference implementations of MGRS (NGA, mgrs 1.6.0) and of plus
# codes (Google, openlocationcode 1.0.1)
KNOWN = (
    (-110.9406, 31.3322, "12R WV 05650 66420", "853F83J5+VQ"),
    (-117.1225, 32.5343, "11S MR 88496 99667", "8544GVMH+P2"),
    (-97.1469, 25.9558, "14R PP 85543 72102", "76Q4XV43+86"),
)


@pytest.mark.parametrize(("lon", "lat", "mgrs", "plus"), KNOWN)
def test_grids_and_plus_codes_agree_with_their_references(lon, lat, mgrs, plus):
    assert grids.to_mgrs([lon], [lat]) == [mgrs]
    assert plus_codes.encode(lon, lat) == plus


def test_every_code_leads_back_to_its_point():
    rng = np.random.default_rng(1)
    for lon, lat in zip(
        rng.uniform(-118, -96, 200), rng.uniform(25, 34, 200), strict=True
    ):
        x, y, side = grids.from_mgrs(grids.to_mgrs([lon], [lat])[0])
        assert GEOD.inv(lon, lat, x, y)[2] <= side
        west, south, east, north = plus_codes.decode(plus_codes.encode(lon, lat, 11))
        assert west <= lon <= east
        assert south <= lat <= north
        short = plus_codes.encode(lon, lat)[4:]
        near = plus_codes.recover(short, lon + 0.3, lat - 0.3)
        assert near == plus_codes.encode(lon, lat)


@pytest.mark.parametrize(
    "text",
    [
        "31.3322, -110.9406", "31.3322,-110.9406", "31.3322 -110.9406",
        "(31.3322, -110.9406)", "31,3322 -110,9406", "31,3322; -110,9406",
        "N31.3322 W110.9406", "31.3322N 110.9406W", "31.3322° N, 110.9406° O",
        "31.3322 norte 110.9406 oeste", "lat: 31.3322, lon: -110.9406",
        "latitud 31.3322 longitud -110.9406", "-110.9406, 31.3322",
        "W110.9406 N31.3322", "31 19.932 N 110 56.436 W", "31°19.932'N 110°56.436'O",
        "31°19'55.92\"N 110°56'26.16\"W", "31-19-55.92N 110-56-26.16W",
        "31 19 55.92 -110 56 26.16", "12R WV 05651 66420", "12RWV0565166420",
        "UTM 12R 505651 3466421", "505651 3466421 12R", "853F83J5+VQ",
        "853f83j5+vq", "MGRS 12R WV 0565 6642",
    ],
)  # fmt: skip
def test_all_forms_name_one_point(text):
    found = read_coordinate(text)
    assert GEOD.inv(found.lon, found.lat, -110.9406, 31.3322)[2] < found.radius_m + 2


@pytest.mark.parametrize(
    "text",
    ["", "Ajo", "monument 166", "98 and 99", "260401", "km 1204", "2 km", "1,204"],
)
def test_names_and_numbers_are_no_coordinates(text):
    assert read_coordinate(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("95, 200", "coordinate_out_of_range"),
        ("31 60 N 110 20 W", "minutes_out_of_range"),
        ("31.5 30 N 110 20 W", "coordinate_unreadable"),
        ("31.3 N", "coordinate_unreadable"),
        ("31 N 30 S", "coordinate_unreadable"),
        ("12R AV 085 682", "coordinate_unreadable"),
        ("99R VV 085 682", "coordinate_unreadable"),
        ("12S 505651 3466421", "coordinate_unreadable"),
        ("8fffffffffffff1", "coordinate_unreadable"),
    ],
)
def test_what_only_looks_like_a_coordinate_is_a_fault(text, code):
    assert read_coordinate(text) == CoordinateFault(code=code)


def test_the_radius_is_half_of_the_last_digit():
    found = read_coordinate("31.33, -110.94")
    half_m = GEOD.inv(-110.94, 31.33, -110.935, 31.335)[2]
    assert found.radius_m == pytest.approx(half_m)
    square = read_coordinate("12R WV 05 66")
    assert square.radius_m == pytest.approx(1000 / math.sqrt(2))


def test_a_short_plus_code_needs_its_place():
    assert split_short_plus_code("83J5+VQ Nogales") == ("83J5+VQ", "Nogales")
    assert split_short_plus_code("853F83J5+VQ Nogales") is None
    assert split_short_plus_code("2 + 2 km") is None


@pytest.mark.parametrize(
    ("text", "number", "half"),
    [
        ("2", 2, 0.5), ("2.5", 2.5, 0.05), ("2,5", 2.5, 0.05), ("1,204", 1204, 0.5),
        ("300", 300, 50), ("1/2", 0.5, 0.25), ("12.50", 12.5, 0.005),
        ("1,5", 1.5, 0.05),
        ("12,345.5", 12345.5, 0.05),
    ],
)  # fmt: skip
def test_numbers_of_both_countries(text, number, half):
    assert read_number(text) == pytest.approx((number, half))


def test_what_is_no_number_is_none():
    assert read_number("1.2.3") is None
    assert read_number("1/0") is None
    assert read_number("km") is None


def test_accents_case_and_apostrophes_do_not_count():
    assert fold("TOHONO O\u2019ODHAM Sásabe Peñasco") == "tohono oodham sasabe penasco"
    assert words_of("Puente II") == words_of("puente dos") == ("puente", "2")


def test_no_phrase_of_the_lexicon_has_two_senses_that_clash():
    kinds = {"direction", "unit", "side", "number"}
    clashing = {
        words: senses
        for words, senses in phrases().items()
        if len({name for name, _ in senses} & kinds) > 1
    }
    assert clashing == {}
    directions = [w for ws in lexicon()["directions"].values() for w in ws]
    assert len(directions) == len(set(directions))


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("half a mile north of Ajo", 804.672),
        ("media milla al norte de Ajo", 804.672),
        ("a mile and a half north of Ajo", 2414.016),
        ("milla y media al norte de Ajo", 2414.016),
        ("2 1/2 miles north of Ajo", 4023.36),
        ("2 ½ miles north of Ajo", 4023.36),
        ("a quarter mile north of Ajo", 402.336),
        ("tres cuartos de milla al norte de Ajo", 1207.008),
        ("300 yards north of Ajo", 274.32),
        ("900 pies al norte de Ajo", 274.32),
        ("doce millas al norte de Ajo", 19312.128),
        ("1,500 m al norte de Ajo", 1500),
        ("1,5 km al norte de Ajo", 1500),
    ],
)
def test_distances_in_all_units(text, metres):
    reading = read_phrase(text)[0]
    assert reading.steps[0].metres == pytest.approx(metres)
    assert reading.steps[0].wind == "N"
    assert reading.places == ("ajo",)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Nogales", ["town-013", "town-058"]),
        ("Nogales, Sonora", ["town-013"]),
        ("Heroica Nogales", ["town-013"]),
        ("US consulate Nogales", ["uc-002"]),
        ("consulado de México en Nogales", ["mc-005"]),
        ("Puente II", ["ib-014", "ib-016"]),
        ("paso del norte", ["pass-002"]),
        ("puente paso del norte", ["ib-003"]),
        ("2604", ["poe-014", "poe-015", "poe-016"]),
        ("SASABE", ["town-171", "poe-019"]),
        ("nogles", ["town-013", "town-058"]),
        ("puerto peñasco", ["town-176"]),
        ("hospital in Nogales", ["hosp-003", "hosp-240"]),
        ("hospital de Bisbee", ["hosp-002"]),
    ],
)
def test_names_lead_to_all_that_have_them(gazetteer, text, ids):
    found = find_landmarks(gazetteer, text)
    assert [place.landmark_id for place in found.landmarks] == ids


def test_every_landmark_is_found_by_its_own_id_and_both_names(gazetteer):
    for place in gazetteer.landmarks:
        if place.shape is not None:
            continue
        assert place in find_landmarks(gazetteer, place.landmark_id).landmarks
        if place.numbers is None:
            for name in (place.name_en, place.name_es):
                found = find_landmarks(gazetteer, name)
                assert place in found.landmarks or found.too_many, name

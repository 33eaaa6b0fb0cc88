"""Places as the pages show them: read once for each state of a project."""

import datetime

import pytest

from riskmap import pipeline
from riskmap.i18n import Words
from riskmap.ui import places, state


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("places") / "border"
    return pipeline.create_project(folder, empty=True)


def model(**chosen):
    return {state.PHRASE: "", state.READING: 1, state.POINT: None} | chosen


def test_every_table_that_is_read_is_watched(project):
    class Spy:
        def __init__(self):
            self.read_names = set()

        def read(self, name):
            self.read_names.add(name)
            return project.read(name)

        def snapshot(self, name):
            return project.snapshot(name)

        def batches(self, kind):
            return project.batches(kind)

    spy = Spy()
    pipeline.read_whereabouts(spy)
    assert spy.read_names == set(places.READ_TABLES)


def test_places_are_read_once_and_anew_after_a_delivery(project):
    first = places.whereabouts(project.path)
    assert places.whereabouts(project.path) is first
    pipeline.verify_landmarks(project, ("poe-014",), on=datetime.date(2026, 1, 1))
    assert places.whereabouts(project.path) is not first


def test_the_view_holds_the_wider_circle(known):
    found = places.find_readings(known, model(q="monument 124"))
    west, south, east, north = places.target(found)["box"]
    one = found.answer.candidates[0]
    assert (west + east) / 2 == pytest.approx(one.lon, abs=1e-6)
    assert (south + north) / 2 == pytest.approx(one.lat, abs=1e-6)
    assert (north - south) * 111_320 / 2 >= one.spoken_radius_m - 1


def test_a_reading_that_is_not_there_is_the_last_one(known):
    found = places.find_readings(known, model(q="Nogales", n=99))
    assert found.chosen == len(found.answer.candidates) - 1


def test_a_point_says_how_well_it_was_hit(known):
    found = places.find(known, model(point=[31.35, -110.95, 250.0]))
    assert found.card.accuracy_m == 250
    drawn = places.readings(found, Words("en"))
    assert drawn["point"] == [31.35, -110.95, 250.0]
    assert places.target(found) is None


def test_a_card_for_a_hand_held_unit_holds_the_plain_text(known):
    found = places.find(known, model(q="31.35, -110.95"))
    for lang in ("en", "es"):
        texts = places.texts(found.card, lang)
        assert texts["plain"].split("\n")[2] in texts["gpx"]
        assert texts["file"].endswith(f"-{lang}.gpx")

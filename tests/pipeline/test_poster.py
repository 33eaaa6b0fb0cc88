"""The poster: made of published ground alone, honest about what it lacks."""

import numpy as np
import pandas as pd
import pytest

from riskmap.errors import ColumnMissingError, OptionError, RestrictedError
from riskmap.exports.poster import MOST_NUMBERS, POSTERS
from riskmap.i18n import LANGUAGES, Words
from riskmap.pipeline import poster
from riskmap.pipeline.hazards import NEEDS
from riskmap.project import Project
from riskmap.sharing.markings import GREEN, Marking

WORDS = {lang: Words(lang).text for lang in ("es", "en")}
HEAD = ",".join(poster.NUMBER_COLUMNS)


@pytest.fixture
def sheet(ran, tmp_path, monkeypatch):
    """Make a poster and keep what would be drawn."""
    drawn = []
    monkeypatch.setattr(
        poster, "poster_bytes", lambda made, _: drawn.append(made) or b"%PDF"
    )

    def make(numbers=None):
        poster.write_posters(ran, WORDS, tmp_path, papers=("a4",), numbers=numbers)
        return drawn[-1]

    return make


def test_a_poster_reads_no_record(ran, tmp_path, monkeypatch):
    read, real = [], Project.read
    monkeypatch.setattr(
        Project,
        "read",
        lambda self, name, **k: read.append(name) or real(self, name, **k),
    )
    poster.write_posters(ran, WORDS, tmp_path, papers=("a4",))
    # of landmarks the marks: whether how far a town is may be shown
    assert set(read) <= {*NEEDS, *poster.GROUND, "regions", "landmarks"}


@pytest.mark.parametrize("paper", POSTERS)
def test_the_same_project_gives_the_same_bytes(ran, tmp_path, paper):
    (one,) = poster.write_posters(ran, WORDS, tmp_path / "1", papers=(paper,))
    (two,) = poster.write_posters(ran, WORDS, tmp_path / "2", papers=(paper,))
    assert one.read_bytes() == two.read_bytes()
    assert one.read_bytes().startswith(b"%PDF")


def test_ground_that_is_not_for_everybody_makes_no_poster(ran, tmp_path, monkeypatch):
    monkeypatch.setattr(poster, "marking_of_table", lambda *_: Marking(label=GREEN))
    with pytest.raises(RestrictedError):
        poster.write_posters(ran, WORDS, tmp_path)
    assert not list(tmp_path.iterdir())


def test_without_numbers_the_poster_says_so_in_both_languages(sheet):
    assert sheet().numbers == [
        tuple(WORDS[lang]("poster.numbers.none") for lang in ("es", "en"))
    ]


def test_numbers_stand_as_they_were_filled_in(sheet, tmp_path):
    path = tmp_path / "numbers.csv"
    path.write_text(f"{HEAD}\nMX,Emergencias,Emergencies,911,24 h,2026-11-01\n")
    assert sheet(path).numbers == [("911  Emergencias, MX", "Emergencies, 24 h")]


def test_numbers_without_a_column_are_refused(sheet, tmp_path):
    path = tmp_path / "numbers.csv"
    path.write_text("side,number\nMX,911\n")
    with pytest.raises(ColumnMissingError, match="service_es"):
        sheet(path)


def test_more_numbers_than_there_is_room_for_are_refused(ran, tmp_path):
    path = tmp_path / "numbers.csv"
    row = "MX,Emergencias,Emergencies,911,24 h,2026-11-01\n"
    path.write_text(f"{HEAD}\n" + row * (MOST_NUMBERS + 1))
    with pytest.raises(OptionError):
        poster.write_posters(ran, WORDS, tmp_path, numbers=path)


def test_every_zone_has_a_class_and_the_sheet_is_for_everybody(sheet):
    made = sheet()
    known = {
        lang: {
            Words(lang).text(f"poster.class.{name}")
            for name in (*poster.CLASSES, "no_data")
        }
        for lang in LANGUAGES
    }
    assert made.marking == "TLP:CLEAR"
    assert made.rows
    for _, fields in made.rows:
        assert len(fields) == len(made.heads) - 1
        assert {text.split(",")[0] for _, text in fields} <= known["es"]


def test_a_zone_is_as_hot_as_its_worst_tenth_and_as_deep_as_its_worst_cell(ran):
    cells = ran.read("cells")
    # a fifth of every zone at 0.3 in July, the rest at 0.04: the worst tenth is at 0.3
    place = np.arange(len(cells)) % 5 == 0
    months = {
        month: np.where(place & (month == 7), 0.3, 0.04) for month in range(1, 13)
    }
    heat = pd.DataFrame(months, index=cells.index)
    water = pd.Series(np.where(place, np.nan, 0.02), index=cells.index)
    found = poster.zone_dangers(ran, {"cells": cells}, heat, water)
    assert {"Arizona", "Texas", "Tamaulipas"} <= {zone.name_en for zone in found}
    large = [
        zone for zone in found if zone.name_en in ("Texas", "Tamaulipas", "Sonora")
    ]
    for zone in large:
        assert zone.heat.tolist() == [0.04] * 6 + [0.3] + [0.04] * 5
        assert zone.water == 0.02


def test_ground_without_data_is_no_low_danger(ran):
    cells = ran.read("cells")
    heat = pd.DataFrame(np.nan, index=cells.index, columns=range(1, 13))
    water = pd.Series(np.nan, index=cells.index)
    zone = poster.zone_dangers(ran, {"cells": cells}, heat, water)[0]
    assert poster.class_of(zone.water, poster.WATER_FROM) == -1
    assert all(poster.class_of(v, poster.HEAT_FROM) == -1 for v in zone.heat.tolist())

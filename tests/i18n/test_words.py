"""Words: forms, numbers, days and errors, worked out by hand."""

import datetime

import numpy as np
import pandas as pd
import pytest

from riskmap import errors
from riskmap.i18n import LANGUAGES, Words


def test_a_language_without_catalogues_is_refused():
    with pytest.raises(KeyError, match="fr"):
        Words("fr")


def test_an_unknown_key_is_refused_and_never_shown():
    with pytest.raises(KeyError, match=r"no\.such\.key"):
        Words("en").text("no.such.key")


def test_a_lenient_face_shows_words_and_logs_the_missing_key(caplog):
    shown = Words("es", strict=False).text("no.such.key")
    assert shown == "(aún sin texto)"
    assert "no.such.key" in caplog.text


def test_a_sentence_with_a_field_that_was_not_given_is_refused():
    with pytest.raises(KeyError, match="path"):
        Words("en").text("error.disk_full")


@pytest.mark.parametrize(
    ("lang", "n", "said"),
    [
        ("en", 0, "0 incidents"),
        ("en", 1, "1 incident"),
        ("en", 2, "2 incidents"),
        ("es", 0, "0 incidentes"),
        ("es", 1, "1 incidente"),
        ("es", 1_000_000, "1,000,000 incidentes"),
    ],
)
def test_a_count_takes_its_plural_form(lang, n, said):
    assert Words(lang).plural("cli.status.incidents", n) == said


@pytest.mark.parametrize(
    ("value", "options", "said"),
    [
        (86_019, {}, "86,019"),
        (-3.14159, {"digits": 2}, "-3.14"),
        (0, {"significant": 2}, "0"),
        (0.000512, {"significant": 2}, "0.00051"),
        (12_345, {"significant": 2}, "12,345"),
        (9.87, {"significant": 2}, "9.9"),
        (np.float64(1.5), {"digits": 1}, "1.5"),
        (float("inf"), {"significant": 2}, "∞"),
    ],
)
def test_a_number_is_written_as_both_sides_write_it(value, options, said):
    assert {Words(lang).number(value, **options) for lang in LANGUAGES} == {said}


@pytest.mark.parametrize("missing", [None, float("nan"), np.float64("nan")])
def test_a_missing_number_is_no_data_and_never_zero(missing):
    assert Words("en").number(missing) == Words("en").percent(missing) == "no data"
    assert Words("es").number(missing) == Words("es").percent(missing) == "sin datos"


@pytest.mark.parametrize(
    ("precision", "english", "spanish"),
    [
        ("day", "Mar 9, 2019", "9 mar 2019"),
        ("week", "week of Mar 9, 2019", "semana del 9 mar 2019"),
        ("month", "March 2019", "marzo de 2019"),
        ("year", "2019", "2019"),
    ],
)
def test_a_day_is_said_no_finer_than_it_is_known(precision, english, spanish):
    day = pd.Timestamp("2019-03-09", tz="UTC")
    assert Words("en").date(day, precision=precision) == english
    assert Words("es").date(day, precision=precision) == spanish


def test_a_missing_day_is_no_data():
    assert Words("es").date(pd.NaT) == Words("es").date(None) == "sin datos"


def test_fields_are_written_as_the_language_writes_them():
    error = errors.ColumnMissingError(
        "", path="a.csv", columns=["fecha", "lon", "lat"], found=("x",)
    )
    assert "fecha, lon, and lat" in Words("en").error(error)
    assert "fecha, lon y lat" in Words("es").error(error)
    before = errors.NoEventsError(
        "", target="patrol_risk", before=datetime.date(2019, 3, 9)
    )
    assert "9 mar 2019" in Words("es").error(before)


def test_a_field_that_is_a_code_is_said_in_words():
    error = errors.CellIndexError("", reason="mixed", got="[7, 8]")
    assert "de varias resoluciones" in Words("es").error(error)


def test_a_code_in_words_may_name_fields_too():
    error = errors.BoundaryNotLineError("", found="gap", gap_m=1952)
    assert "un hueco de 1,952 m entre dos tramos" in Words("es").error(error)
    without = errors.BoundaryNotLineError("", found="gap")
    assert "sin especificar" in Words("es").error(without)


def test_braces_in_a_field_are_shown_as_they_are():
    error = errors.FileMissingError("", path="{mapa}.csv")
    assert "{mapa}.csv" in Words("es").error(error)


def test_an_error_of_a_class_without_words_takes_those_above_it():
    class OddFileError(errors.FileEmptyError):
        code = "odd_file"

    assert Words("en").error(OddFileError("", path="a.csv")) == Words("en").error(
        errors.FileEmptyError("", path="a.csv")
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_error_raised_without_a_field_is_still_a_sentence(lang):
    said = Words(lang).error(errors.ProjectNewerError("developers only"))
    assert Words(lang).text("number.unsaid") in said
    assert "developers" not in said

"""Coordinates, dates, numbers: what a person would read is what is read."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmap.ingest.coordinates import parse_angle, parse_angles, split_pairs
from riskmap.ingest.dates import parse_days
from riskmap.ingest.quantities import as_numbers
from tests.ingest.conftest import few_examples

KNOWN_ON = date(2030, 1, 1)

MONTHS_ES = "enero febrero marzo abril mayo junio julio agosto septiembre octubre"
MONTHS_ES = (*MONTHS_ES.split(), "noviembre", "diciembre")


@pytest.mark.parametrize(
    "text",
    [
        "-110.5203",
        "-110,5203",
        "110.5203 W",
        "110.5203W",
        "W 110.5203",
        "110.5203 O",
        "110.5203° oeste",
        "-110.5203 W",
        "\u2212110.5203",
        "110°31'13.08\"W",
        "110° 31\u2032 13.08\u2033 O",
        "110 31 13.08 W",
        "-110:31:13.08",
        "W110-31-13.08",
        "110º31,218' O",
        "110° 31.218' W",
        "-110 31.218",
    ],
)
def test_one_longitude_in_the_forms_that_people_write(text):
    degrees, code = parse_angle(text, "lon")
    assert code == ""
    assert degrees == pytest.approx(-110.5203, abs=1e-6)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "W",
        "-",
        "31..4",
        "31.4.5",
        "1 2 3 4",
        "31.5 20",
        "31 N 4",
        "N 31 N",
        "31.4x",
        "1e2",
        "٣١",
    ],
)
def test_what_is_no_angle_is_not_read_as_one(text):
    assert parse_angle(text, "lat")[1] == "coordinate_unreadable"


@few_examples
@given(
    st.integers(0, 89), st.integers(0, 59), st.integers(0, 5999), st.sampled_from("NS")
)
def test_degrees_minutes_and_seconds_survive_a_round_trip(d, m, s, letter):
    text = f"{d}°{m:02d}'{s / 100:05.2f}\"{letter}"
    degrees, code = parse_angle(text, "lat")
    assert code == ""
    expected = (d + m / 60 + s / 360_000) * (1 if letter == "N" else -1)
    assert degrees == pytest.approx(expected, abs=1e-9)


@few_examples
@given(st.decimals(-180, 180, places=6))
def test_a_column_reads_a_number_as_python_does(number):
    for text in (str(number), str(number).replace(".", ",")):
        found = parse_angles(pd.Series([text]), "lon")
        assert found.degrees.tolist() == [float(number)]


days_written = st.lists(
    st.dates(date(1980, 1, 1), date(2029, 12, 31)), min_size=1, max_size=30
)


def read(*texts, **options):
    return parse_days(pd.Series(texts, dtype="str"), known_on=KNOWN_ON, **options)


@pytest.mark.parametrize(
    "text",
    [
        "2021-03-05",
        "2021/3/5",
        "2021.03.05",
        "20210305",
        "2021-03-05T23:15:00Z",
        "2021-03-05 23:15:00.000",
        "2021-03-05T00:00:00+00:00",
        "5 de marzo de 2021",
        "5 de Marzo del 2021",
        "viernes, 5 de marzo de 2021",
        "5-mar-2021",
        "05 MAR 2021",
        "March 5, 2021",
        "Mar. 5 2021",
        "5th March 2021",
        "1º de marzo de 2021",
    ],
)
def test_one_day_in_the_forms_that_people_write(text):
    found = read(text)
    day = 1 if "º" in text else 5
    assert found.code.tolist() == [""]
    assert found.day.tolist() == [pd.Timestamp(2021, 3, day)]
    assert found.precision.tolist() == ["day"]


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("2021-03", "month"),
        ("marzo de 2021", "month"),
        ("Mar 2021", "month"),
        ("2021", "year"),
    ],
)
def test_a_month_or_a_year_is_kept_as_what_it_is(text, precision):
    found = read(text)
    assert found.precision.tolist() == [precision]
    assert found.day.dt.year.tolist() == [2021]
    assert found.day.dt.day.tolist() == [1]


@few_examples
@given(days_written)
def test_dates_written_day_first_are_never_read_month_first(days):
    texts = [f"{d.day:02d}/{d.month:02d}/{d.year}" for d in days]
    found = read(*texts)
    assert found.order in ("dmy", "")
    if found.order == "dmy":
        assert found.day.dt.date.tolist() == days
    else:
        undecided = [d.day != d.month for d in days]
        assert (found.code == "date_order_undecided").tolist() == undecided


@few_examples
@given(days_written)
def test_both_orders_are_treated_alike(days):
    first = read(*(f"{d.day}/{d.month}/{d.year}" for d in days))
    second = read(*(f"{d.month}/{d.day}/{d.year}" for d in days))
    assert first.code.tolist() == second.code.tolist()
    assert first.day.equals(second.day)


def test_a_file_half_in_each_order_is_undecided_even_where_a_row_is_clear():
    found = read("25/12/2020", "12/25/2020", "1/1/2020")
    assert found.code.tolist() == ["date_order_undecided"] * 2 + [""]


def test_a_profile_that_states_the_order_needs_no_evidence():
    assert read("3/4/2021", order="dmy").day.tolist() == [pd.Timestamp(2021, 4, 3)]
    assert read("3/4/2021", order="mdy").day.tolist() == [pd.Timestamp(2021, 3, 4)]
    assert read("12/25/2020", order="dmy").code.tolist() == ["date_order_contradicts"]


@few_examples
@given(st.dates(date(1920, 1, 1), date(2029, 12, 31)))
def test_spanish_dates_written_out_survive_a_round_trip(day):
    text = f"{day.day} de {MONTHS_ES[day.month - 1]} de {day.year}"
    assert read(text).day.dt.date.tolist() == [day]


@few_examples
@given(st.integers(10_000, 47_000))
def test_a_spreadsheet_day_is_proposed_as_python_counts_it(serial):
    expected = date(1899, 12, 30) + timedelta(days=serial)
    found = read(str(serial))
    assert found.code.tolist() == ["date_excel_serial"]
    assert found.proposed.tolist() == [expected.isoformat()]


@few_examples
@given(st.text(max_size=20))
def test_no_text_whatever_breaks_a_reader(text):
    assert parse_angle(text, "lat")[1] in {
        "",
        "coordinate_unreadable",
        "hemisphere_contradicts",
        "minutes_out_of_range",
    }
    found = read(text.strip())
    assert found.day.isna().tolist() == [found.code.tolist() != [""]]
    as_numbers(pd.Series([text], dtype="str"))


@pytest.mark.parametrize("piece", ["9", "1.", "1 - ", "1 de ", "(", "Ã\x81", "a@"])
def test_a_very_long_text_takes_no_longer_than_a_long_one(piece):
    text = pd.Series([piece * (99_000 // len(piece))], dtype="str")
    # without a bound the first of these took minutes
    assert split_pairs(text)[["lat", "lon"]].values.tolist() == [["", ""]]
    assert parse_angles(text, "lat").code.tolist() == ["coordinate_unreadable"]
    assert parse_days(text, known_on=KNOWN_ON).code.tolist() == ["date_unreadable"]

"""Numbers spelt out, words of the radio, and the words around a place."""

import pytest

from riskmap.places.speech import plain_speech, shorter, with_digits

SPELT = {
    "monument one sixty six": "monument 166",
    "mojonera uno noventa y ocho": "mojonera 198",
    "ciento sesenta y seis": "166",
    "one hundred and five": "105",
    "two hundred fifty yards": "250 yards",
    "quinientos veinte metros": "520 metros",
    "mil doscientos cuatro": "1204",
    "two thousand one hundred": "2100",
    "three one point five zero one two": "31.5012",
    "menos ciento once punto cinco cuatro": "-111.54",
    "minus one one one": "-111",
    "sixty five and sixty six": "65 and 66",
    "dieciséis": "16",
}


@pytest.mark.parametrize("text", SPELT)
def test_numbers_that_are_spelt_out_become_digits(text):
    assert with_digits(text) == SPELT[text]


@pytest.mark.parametrize(
    "text",
    [
        "Three Points",
        "Mila Doce",
        "two miles and a half",
        "dos y medio kilómetros",
        "más o menos dos km",
        "un punto a dos km al norte",
        "31.5012, -111.5453",
        "31°19'N 110°56'O",
    ],
)
def test_what_is_no_spelt_number_is_left_alone(text):
    assert with_digits(text) == text


def test_words_of_the_radio_are_dropped_at_the_ends_only():
    assert plain_speech("10-20 is Ajo, over") == "Ajo"
    assert plain_speech("adelante, posición 31.5 -111.5, cambio") == "31.5 -111.5"
    assert plain_speech("over the hill at Ajo") == "over the hill at Ajo"
    assert plain_speech("cambio") == "cambio"


def test_slashed_compass_points_are_one():
    assert plain_speech("2 miles S/SW of Ajo") == "2 miles SSW of Ajo"


def test_the_fewest_words_are_left_out_first():
    left = [out for _, out in shorter("bodies in the water, 300 yards below Roma")]
    assert left == sorted(left, key=len)
    # small words are no news
    assert "bodies water" in left


def test_a_long_report_is_not_searched():
    assert list(shorter("word " * 100 + "2 km west of Ajo")) == []

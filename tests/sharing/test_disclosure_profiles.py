"""Profiles protect no less than their label asks for."""

from dataclasses import replace

import pytest

from riskmap.errors import DisclosureOptionError, UnknownNameError
from riskmap.sharing.profiles import NAMES, profile_named, read_profile


@pytest.mark.parametrize("name", NAMES)
def test_a_profile_is_whole_and_its_numbers_have_sources(name):
    assert profile_named(name).name == name


def test_the_numbers_are_those_of_the_issue():
    public, partner = profile_named("public"), profile_named("partner")
    assert (public.label, public.smallest_count, public.delay_h) == (
        "TLP:CLEAR",
        11,
        72,
    )
    assert (partner.label, partner.smallest_count) == ("TLP:AMBER", 5)
    assert public.purposes == ("life_saving",)
    assert public.dominance == partner.dominance == 0.8


@pytest.mark.parametrize(
    "change",
    [
        {"smallest_count": 0},
        {"smallest_count": 10},
        {"free_text": True},
        {"delay_h": 24},
        {"epoch": "day"},
        {"resolutions": ()},
        {"resolutions": (4, 3)},
        {"resolutions": (9,)},
        {"dominance": 0.0},
        {"purposes": ()},
    ],
)
def test_what_protects_less_is_refused(change):
    with pytest.raises(DisclosureOptionError) as caught:
        replace(profile_named("public"), **change)
    assert caught.value.fields["option"] in change


def test_a_profile_nobody_knows_is_refused():
    with pytest.raises(UnknownNameError):
        profile_named("everybody")


def test_a_number_without_a_source_is_refused():
    with pytest.raises(DisclosureOptionError, match="source"):
        read_profile("[smallest_count]\nvalue = 11\n", name="mine")

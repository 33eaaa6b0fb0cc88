"""Words of the map: every key that a script asks for is there, in both languages."""

import re

import pytest

from riskmap.i18n import Words
from riskmap.webmap import assets
from riskmap.webmap.words import MAP_KEYS, map_words

ASKED = sorted(
    {
        key
        for name in assets.PAGE_SCRIPTS
        if name.startswith("js/")
        for key in re.findall(r'"(map\.[a-z_.0-9]+)"', assets.read_asset(name))
    }
)


@pytest.mark.parametrize("key", ASKED)
def test_every_key_that_a_script_asks_for_is_sent(key):
    # a key that ends in a full stop is completed by the script
    known = [known for known in MAP_KEYS if known.startswith(key)]
    assert known if key.endswith(".") else key in MAP_KEYS


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("key", MAP_KEYS)
def test_every_key_has_words(key, lang):
    assert Words(lang).has(key)


def test_only_what_is_shown_is_looked_up():
    asked = map_words(str, ["s"], ["k"], ["l"])
    assert set(asked) == {*MAP_KEYS, "score.s", "kind.k", "landmark_kind.l"}

"""Choosing a language: asked for first, then the environment, then English."""

import pytest

from riskmap.i18n import choose_language


@pytest.mark.parametrize(
    ("arguments", "environment", "locale", "chosen"),
    [
        ([], {}, None, "en"),
        (["--lang", "es", "status"], {"RISKMAP_LANG": "en"}, None, "es"),
        (["status", "--lang=es"], {}, None, "es"),
        (["status", "--lang"], {}, None, "en"),
        (["status", "--", "--lang", "es"], {}, None, "en"),
        (["--lang", "tlh"], {"LANG": "es_MX.UTF-8"}, None, "es"),
        ([], {"RISKMAP_LANG": "es", "LC_ALL": "en_US.UTF-8"}, None, "es"),
        ([], {"RISKMAP_LANG": "", "LANG": "es_MX.UTF-8"}, None, "es"),
        ([], {"LANG": "C.UTF-8"}, None, "en"),
        ([], {"LANG": "C.UTF-8"}, "es-MX", "es"),
        ([], {}, "esperanto", "en"),
        ([], {}, "ES", "es"),
    ],
)
def test_the_first_that_names_a_language_wins(arguments, environment, locale, chosen):
    assert choose_language(arguments, environment, locale) == chosen

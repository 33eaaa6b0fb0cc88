"""The catalogues: both languages say the same things, and every code has words."""

import inspect
import re
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from riskmap import errors
from riskmap.i18n import LANGUAGES, Words
from riskmap.i18n.catalogues import LOCALES, catalogue, domains, forms

FILES = sorted(LOCALES.glob("*/*.po"))
DOMAINS = sorted({path.stem for path in FILES})
EXAMPLE_KEY = re.compile(r"[a-z_]+(\.[\w -]+)+")

# words that both languages write alike
ALIKE = {
    "cli.argument.cell",
    "cli.column.area",
    "cli.column.km",
    "cli.column.seconds",
    "cli.ingest.file",
    "cli.metavar.card_form",
    "cli.ingest.sum",
    "cli.scores.rival",
    "cli.zones.near",
    "number.span",
}
LEAST_LETTERS = 4


def messages(language, domain):
    return {
        m.id[0] if m.pluralizable else m.id: m
        for m in catalogue(language, domain)
        if m.id
    }


def texts(message):
    return (message.string,) if isinstance(message.string, str) else message.string


def fields(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def errors_of_the_tree():
    return [
        kind
        for _, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, errors.RiskmapError)
    ]


def test_every_language_has_a_folder_and_no_other_has():
    assert sorted(path.name for path in LOCALES.iterdir()) == sorted(LANGUAGES)


def test_every_language_has_the_same_domains():
    assert len({domains(language) for language in LANGUAGES}) == 1


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_a_catalogue_is_a_clean_po_file(path):
    with path.open("rb") as file:
        po = read_po(file, abort_invalid=True)
    assert po.charset.lower() == "utf-8"
    assert str(po.locale) == path.parent.name
    assert po.num_plurals == 2
    assert not po.obsolete
    ids = re.findall(r'^msgid "(.+)"$', path.read_text("utf-8"), re.MULTILINE)
    assert len(ids) == len(set(ids)), "a key stands twice"


@pytest.mark.parametrize("domain", DOMAINS)
def test_both_languages_have_the_same_keys(domain):
    first, *others = (set(messages(language, domain)) for language in LANGUAGES)
    for other in others:
        assert first ^ other == set()


@pytest.mark.parametrize("domain", DOMAINS)
def test_both_languages_have_the_same_plurals_and_fields(domain):
    english, spanish = (messages(language, domain) for language in LANGUAGES)
    for key in english.keys() & spanish.keys():
        assert len(texts(english[key])) == len(texts(spanish[key])), key
        wanted = set.union(*map(fields, texts(english[key])))
        # "{n} row" may be said as "one row"
        for text in (*texts(english[key]), *texts(spanish[key])):
            assert fields(text) | {"n"} == wanted | {"n"}, key
            assert all(name.isidentifier() for name in fields(text)), key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("domain", DOMAINS)
def test_no_message_is_empty_fuzzy_or_a_bare_key(domain, language):
    for key, message in messages(language, domain).items():
        assert not message.fuzzy, key
        for text in texts(message):
            assert text.strip() == text != "", key
            assert text != key
            assert "  " not in text, key


@pytest.mark.parametrize("domain", DOMAINS)
def test_spanish_is_not_english_left_standing(domain):
    english, spanish = (messages(language, domain) for language in LANGUAGES)
    same = {
        key
        for key in english.keys() & spanish.keys() - ALIKE
        if texts(english[key]) == texts(spanish[key])
        # a name, a unit or a code may be the same word; a phrase hardly
        and len(re.findall(r"[^\W\d_]{2,}", texts(english[key])[0])) >= LEAST_LETTERS
    }
    assert same == set()


@pytest.mark.parametrize("domain", DOMAINS)
def test_spanish_quotes_and_asks_as_spanish_does(domain):
    for key, message in messages("es", domain).items():
        for text in texts(message):
            assert "\u201c" not in text, f"{key}: write «»"
            assert text.count("«") == text.count("»"), key
            assert text.count("¿") == text.count("?"), key
            assert text.count("¡") == text.count("!"), key


# one word for one thing, as docs/howto-languages.md lists them
INSTEAD = {
    "corredor": "franja",
    "línea fronteriza": "línea divisoria",
    "evento": "incidente",
    "puntaje": "índice",
    "pulse": "presione",
    "computador ": "computadora",
    "ordenador": "computadora",
    "fichero": "archivo",
    " %": "%",
}


@pytest.mark.parametrize("domain", DOMAINS)
def test_spanish_has_one_word_for_one_thing(domain):
    for key, message in messages("es", domain).items():
        for text in texts(message):
            for word, better in INSTEAD.items():
                assert word not in text.lower(), f"{key}: {better}"


def test_no_key_stands_in_two_domains():
    seen = {}
    for domain in DOMAINS:
        for key in messages("en", domain):
            assert seen.setdefault(key, domain) == domain, key


def test_keys_are_dotted_words():
    for domain in DOMAINS:
        for key in messages("en", domain):
            assert EXAMPLE_KEY.fullmatch(key), key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", errors_of_the_tree(), ids=lambda kind: kind.code)
def test_every_error_has_its_own_sentence(kind, language):
    assert forms(language, f"error.{kind.code}"), f"error.{kind.code}"
    said = Words(language).error(kind("for developers"))
    assert said[-1] in ".»"


def test_every_error_has_a_code_of_its_own():
    codes = [kind.code for kind in errors_of_the_tree()]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", errors_of_the_tree(), ids=lambda kind: kind.code)
def test_an_errors_sentence_names_only_fields_that_its_class_lists(kind, language):
    listed = set(re.findall(r"``(\w+)``", " ".join(_docs(kind))))
    (text,) = forms(language, f"error.{kind.code}")
    assert fields(text) <= listed


def _docs(kind):
    return [c.__doc__ or "" for c in kind.__mro__ if issubclass(c, errors.RiskmapError)]


def test_catalogues_are_read_once():
    assert catalogue("es", "errors") is catalogue("es", "errors")


def test_the_folder_of_catalogues_goes_into_the_package():
    assert Path(errors.__file__).parent / "i18n" / "locales" == LOCALES

"""Lexicon: the words of both languages, read from lexicon.toml, and folding."""

import re
import tomllib
import unicodedata
from functools import lru_cache
from importlib import resources
from typing import Any, Final

UNIT_M: Final = {"m": 1.0, "km": 1000.0, "mi": 1609.344, "yd": 0.9144, "ft": 0.3048}
"""Metres in each unit; the international mile, yard and foot are exact."""

HALVES: Final = {"half": 0.5, "quarter": 0.25, "three_quarters": 0.75}

ROMAN: Final = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}

ORDINALS: Final = {
    "uno": "1", "one": "1", "dos": "2", "two": "2", "tres": "3", "three": "3",
    "cuatro": "4", "four": "4",
}  # fmt: skip

Value = str | float


@lru_cache(maxsize=2)
def _toml(name: str) -> dict[str, Any]:
    """Read one of the files beside this one, once."""
    text = resources.files("riskmap.places").joinpath(name).read_text("utf-8")
    return tomllib.loads(text)


def lexicon() -> dict[str, Any]:
    """Read the lexicon.

    Returns
    -------
    dict
        As ``lexicon.toml`` has it.

    Examples
    --------
    >>> lexicon()["directions"]["W"][:3]
    ['w', 'o', 'west']
    """
    return _toml("lexicon.toml")


def aliases() -> dict[str, dict[str, list[str]]]:
    """Read other names of landmarks.

    Returns
    -------
    dict
        ``names`` and ``places``, each from landmark to texts.

    Examples
    --------
    >>> aliases()["names"]["poe-008"]
    ['CBX', 'Cross Border Xpress']
    """
    return _toml("aliases.toml")


def fold(text: str) -> str:
    """Write a text in lower case, without accents, apostrophes and doubled spaces.

    Parameters
    ----------
    text
        As a person wrote it.

    Returns
    -------
    str
        The same for all ways of writing it; digits and punctuation are kept.

    Examples
    --------
    >>> fold("  Tohono O'odham,  SÁSABE ½ ")
    'tohono oodham, sasabe 1/2'
    """
    halves = re.sub(r"(?<=\d)(?=[¼½¾])", " ", text)
    apart = unicodedata.normalize("NFKD", halves.casefold()).replace("\u2044", "/")
    plain = "".join(mark for mark in apart if not unicodedata.combining(mark))
    plain = re.sub(r"['\u2019\u2018\u00b4`\u02bc]", "", plain)
    plain = re.sub(r"[\u2010-\u2015\u2212]", "-", plain)
    return re.sub(r"\s+", " ", plain).strip()


def words_of(text: str) -> tuple[str, ...]:
    """Cut a text into folded words and numbers, Roman and spelt ones as digits.

    Parameters
    ----------
    text
        Any text, a name as a rule.

    Returns
    -------
    tuple of str
        In order.

    Examples
    --------
    >>> words_of("Puente Internacional II (Juárez-Lincoln)")
    ('puente', 'internacional', '2', 'juarez', 'lincoln')
    """
    found = re.findall(r"\d+\.\.\d+|[^\W_]+", fold(text))
    return tuple(ROMAN.get(word, ORDINALS.get(word, word)) for word in found)


@lru_cache(maxsize=1)
def phrases() -> dict[tuple[str, ...], tuple[tuple[str, Value], ...]]:
    """List every phrase of the grammar with the symbols that it may stand for.

    Returns
    -------
    dict
        From folded words to pairs of symbol and value.

    Examples
    --------
    >>> phrases()[("aguas", "abajo")]
    (('downstream', ''),)
    """
    table = lexicon()
    found: dict[tuple[str, ...], list[tuple[str, Value]]] = {}

    def add(symbol: str, value: Value, texts: list[str]) -> None:
        for text in texts:
            words = tuple(re.findall(r"[^\W_]+|[&~]", fold(text)))
            found.setdefault(words, []).append((symbol, value))

    for symbol, texts in table["symbols"].items():
        add(symbol, "", texts)
    for section, symbol in (
        ("directions", "direction"),
        ("sides", "side"),
        ("units", "unit"),
        ("refused_units", "refused"),
    ):
        for value, texts in table[section].items():
            add(symbol, value, texts)
    for name, texts in table["half"].items():
        add("half", HALVES[name], texts)
    for value, texts in table["numbers"].items():
        add("number", float(value), texts)
    return {words: tuple(symbols) for words, symbols in found.items()}


@lru_cache(maxsize=1)
def kind_phrases() -> dict[tuple[str, ...], tuple[str, ...]]:
    """List the words that say of what kind a place is.

    Returns
    -------
    dict
        From folded words to kinds of landmarks.

    Examples
    --------
    >>> kind_phrases()[("mojonera",)]
    ('boundary_monument',)
    """
    return {
        words_of(text): tuple(kinds.split())
        for kinds, texts in lexicon()["kinds"].items()
        for text in texts
    }


@lru_cache(maxsize=1)
def state_phrases() -> dict[tuple[str, ...], str]:
    """List the names of states and countries that narrow a place.

    Returns
    -------
    dict
        From folded words to side and code, such as ``US-04`` or ``MX-``.

    Examples
    --------
    >>> state_phrases()[("new", "mexico")]
    'US-35'
    """
    return {
        words_of(text): code
        for code, texts in lexicon()["states"].items()
        for text in texts
    }

"""Tokens: a phrase cut into words and phrases of the lexicon, and its numbers."""

import re
from dataclasses import dataclass
from typing import Final

from riskmap.places.lexicon import Value, fold, phrases

TOKEN: Final = re.compile(r"(?:(?<=\s)|^)-\d[\d.,]*|\d[\d.,]*(?:/\d+)?|[^\W\d_]+|\S")

NUMBER: Final = re.compile(r"-?\d+(?:[.,]\d+)*")

THOUSANDS: Final = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?")

LONGEST_PHRASE = 6


@dataclass(frozen=True)
class Token:
    """A word or phrase: where it stands in the words, and what it may mean."""

    start: int
    end: int
    senses: tuple[tuple[str, Value], ...] = ()

    def sense(self, symbol: str) -> Value | None:
        """Find the value of one of its senses; None if it has no such sense."""
        return next((value for name, value in self.senses if name == symbol), None)


def read_number(text: str) -> tuple[float, float] | None:
    """Read a number as both countries write it, and how finely it was said.

    A comma before exactly three digits parts thousands; else it is decimal.

    Parameters
    ----------
    text
        Digits, points, commas, a sign or a slash.

    Returns
    -------
    tuple of float or None
        The number and half of what its last digit other than zero stands for.

    Examples
    --------
    >>> read_number("1,204"), read_number("2,5"), read_number("300")
    ((1204.0, 0.5), (2.5, 0.05), (300.0, 50.0))
    """
    if re.fullmatch(r"\d+/[1-9]\d*", text):
        top, bottom = text.split("/")
        return int(top) / int(bottom), 0.5 / int(bottom)
    tidy = text.rstrip(".,")
    if NUMBER.fullmatch(tidy) is None:
        return None
    if THOUSANDS.fullmatch(tidy):
        tidy = tidy.replace(",", "")
    tidy = tidy.replace(",", ".")
    if tidy.count(".") > 1:
        return None
    whole, _, decimals = tidy.partition(".")
    zeros = 0 if decimals else len(whole) - len(whole.rstrip("0"))
    return float(tidy), 0.5 * 10.0 ** (zeros - len(decimals))


def tokenize(text: str) -> tuple[list[str], list[Token]]:
    """Cut a phrase into words, and these into phrases of the lexicon.

    Parameters
    ----------
    text
        The phrase.

    Returns
    -------
    tuple
        The words, each with a space before it unless it was glued to the last, and
        the tokens.

    Examples
    --------
    >>> tokenize("300m N of Ajo")[0]
    ['300', 'm', ' n', ' of', ' ajo']
    """
    folded = fold(text)
    spans = list(TOKEN.finditer(folded))
    words = [
        (" " if at.start() and folded[at.start() - 1] == " " else "") + at.group()
        for at in spans
    ]
    plain = [word.strip() for word in words]
    table = phrases()
    tokens, place = [], 0
    while place < len(plain):
        length, senses = 1, table.get((plain[place],), ())
        for longer in range(min(LONGEST_PHRASE, len(plain) - place), 1, -1):
            found = table.get(tuple(plain[place : place + longer]))
            if found:
                length, senses = longer, found
                break
        if NUMBER.fullmatch(plain[place].rstrip(".,")) or "/" in plain[place]:
            senses = (("number", plain[place]),)
        tokens.append(Token(place, place + length, senses))
        place += length
    return words, tokens

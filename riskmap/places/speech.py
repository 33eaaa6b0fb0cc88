"""Speech: numbers spelt out, words of the radio, and the words around a place."""

import itertools
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from riskmap.places.lexicon import fold, kind_phrases, lexicon, words_of
from riskmap.places.tokens import Token, tokenize

WORD: Final = re.compile(r"[^\W\d_]+|\d+")

JOINED: Final = re.compile(r"\b([NSEWO])/([NS][EWO])\b", re.IGNORECASE)

# a report is longer than a place, but not much: more words are not searched
MOST_WORDS = 60

HARMFUL: Final = (
    "direction", "side", "line_way", "river_way", "downstream", "upstream", "refused",
    "between", "halfway", "half", "toward",
)  # fmt: skip
"""Senses of words that say where something is: such words are never left out."""

STARTS: Final = ("number", "half", "between", "halfway", "near", "at", "about")
"""Senses of the first word of a place within a sentence."""

TENS, HUNDRED = 10, 100


@lru_cache(maxsize=1)
def _spelt() -> dict[str, tuple[str, int]]:
    """List the number words with what they are and what they count."""
    table = lexicon()["spelt"]
    found: dict[str, tuple[str, int]] = {}
    for sort in ("ones", "teens", "tens", "hundreds"):
        for number, words in table[sort].items():
            found |= dict.fromkeys(words, (sort, int(number)))
    for sort in ("hundred", "thousand", "point", "minus", "and"):
        found |= dict.fromkeys(table[sort], (sort, 0))
    return found


class _Spelling:
    """Reads number words one after the other; each method returns where it stopped."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words

    def sort(self, at: int) -> str:
        """Tell what a word counts; empty if it is no number word."""
        return _spelt().get(self.words[at], ("", 0))[0] if self.has(at) else ""

    def has(self, at: int) -> bool:
        """Tell whether there is such a word."""
        return 0 <= at < len(self.words)

    def value(self, at: int) -> int:
        """Tell how much a word counts."""
        return _spelt()[self.words[at]][1]

    def below_hundred(self, at: int) -> tuple[int, int]:
        """Read "sixty six", "sesenta y seis", "seis"; where it starts if it is none."""
        sort = self.sort(at)
        if sort in ("ones", "teens"):
            return self.value(at), at + 1
        if sort != "tens":
            return 0, at
        one = at + 2 if self.sort(at + 1) == "and" else at + 1
        if self.sort(one) == "ones" and self.value(one) > 0:
            return self.value(at) + self.value(one), one + 1
        return self.value(at), at + 1

    def below_thousand(self, at: int) -> tuple[int, int]:
        """Read "one hundred and five", "ciento cinco", "quinientos"."""
        if self.sort(at) == "hundreds":
            hundreds, end = self.value(at), at + 1
        elif self.sort(at) == "ones" and self.sort(at + 1) == "hundred":
            hundreds, end = self.value(at) * HUNDRED, at + 2
        else:
            return self.below_hundred(at)
        begin = end + 1 if self.words[end : end + 1] == ["and"] else end
        rest, last = self.below_hundred(begin)
        return hundreds + rest, last if last > begin else end

    def whole(self, at: int) -> tuple[int, int]:
        """Read "mil doscientos cuatro", "two thousand"."""
        number, end = self.below_thousand(at)
        if self.sort(end) != "thousand":
            return number, end
        rest, last = self.below_thousand(end + 1)
        return (number or 1) * 1000 + rest, max(last, end + 1)

    def digits(self, at: int) -> tuple[str, int]:
        """Read numbers said one after the other: "one sixty six" is 166."""
        text = ""
        while True:
            number, end = self.whole(at)
            if end == at:
                return text, at
            text, at = f"{text}{number}", end

    def number(self, at: int) -> tuple[str, int]:
        """Read a number with its sign and decimals; empty if there is none."""
        negative = self.sort(at) == "minus" and (at == 0 or self.words[at - 1] != "o")
        text, end = self.digits(at + negative)
        if not text:
            return "", at
        if self.sort(end) == "point":
            decimals, last = self.digits(end + 1)
            if decimals:
                text, end = f"{text}.{decimals}", last
        return ("-" if negative else "") + text, end


def with_digits(text: str) -> str:
    """Write numbers that were spelt out as digits, as radio operators join them.

    One word alone ("two") is left to the grammar, and so are names such as Three
    Points.

    Parameters
    ----------
    text
        A phrase in English, Spanish or a mix.

    Returns
    -------
    str
        The same phrase; what is no number is as it was.

    Examples
    --------
    >>> with_digits("monument one sixty six"), with_digits("mil doscientos cuatro")
    ('monument 166', '1204')
    >>> with_digits("menos ciento once punto cinco cuatro")
    '-111.54'
    >>> with_digits("two clicks south of Three Points")
    'two clicks south of Three Points'
    """
    spans = [found.span() for found in WORD.finditer(text)]
    words = [fold(text[start:end]) for start, end in spans]
    spelling = _Spelling(words)
    simple = {word for words in lexicon()["numbers"].values() for word in words}
    kept, done, at = [], 0, 0
    while at < len(words):
        number, end = spelling.number(at)
        if not number or (end == at + 1 and words[at] in simple):
            at += 1
            continue
        kept += [text[done : spans[at][0]], number]
        done, at = spans[end - 1][1], end
    return "".join(kept) + text[done:]


@lru_cache(maxsize=2)
def _edge(where: str) -> re.Pattern[str]:
    """Make the pattern of the words that open or close a call."""
    told = sorted(lexicon()["radio"][where], key=len, reverse=True)
    words = "|".join(re.escape(text).replace(r"\ ", r"[\s,:]+") for text in told)
    if where == "opening":
        return re.compile(rf"^(?:(?:{words})(?![\w])[\s,.:;]*)+", re.IGNORECASE)
    return re.compile(rf"(?:[\s,.;]+(?:{words}))+[\s.!]*$", re.IGNORECASE)


def plain_speech(text: str) -> str:
    """Write a phrase without the words of the radio and with numbers as digits.

    Parameters
    ----------
    text
        What somebody said.

    Returns
    -------
    str
        The same without "10-20", «adelante», "over" and the like at its ends.

    Examples
    --------
    >>> plain_speech("10-20 is two clicks south of monument one sixty six, over")
    'two clicks south of monument 166'
    """
    # "S/SW" is half way between both
    text = JOINED.sub(r"\1\2", text)
    bare = _edge("closing").sub("", _edge("opening").sub("", text.strip()))
    return with_digits(bare).strip() or text


def shorter(text: str) -> Iterator[tuple[str, str]]:
    """Leave out words around a place, ever more, none of which says where it is.

    Parameters
    ----------
    text
        A phrase that is no place as it stands.

    Yields
    ------
    tuple of str
        What may be a place, and what was left out, the fewest words first.

    Examples
    --------
    >>> next(shorter("bodies in the water 300 yards below the bridge"))
    ('in the water 300 yards below the bridge', 'bodies')
    """
    words, tokens = tokenize(text)
    if len(words) > MOST_WORDS:
        return
    for end in _ends(words, tokens):
        for start in _starts(words, tokens[:end]):
            if (start or end < len(tokens)) and start < end:
                left = (tokens[:start], tokens[end:])
                if not any(_says_where(words, part) for part in left):
                    out = (_text(words, _telling(part)) for part in left)
                    kept = _text(words, tokens[start:end])
                    yield kept, " … ".join(part for part in out if part)


def _text(words: Sequence[str], tokens: Sequence[Token]) -> str:
    """Write tokens as they stood."""
    kept = "".join("".join(words[token.start : token.end]) for token in tokens)
    return kept.strip(" ,;:.")


def _telling(tokens: Sequence[Token]) -> list[Token]:
    """Keep the words that are no mere filler of the grammar."""
    return [token for token in tokens if not _has(token, ("filler", "at", "of"))]


def _has(token: Token, symbols: Sequence[str]) -> bool:
    """Tell whether a token has one of some senses."""
    return any(token.sense(symbol) is not None for symbol in symbols)


def _starts(words: Sequence[str], tokens: Sequence[Token]) -> list[int]:
    """List where a place may start: at its first word, or behind a comma."""
    kinds = {phrase[0] for phrase in kind_phrases()}
    return [
        place
        for place, token in enumerate(tokens)
        if place == 0
        or _has(token, STARTS)
        or (_has(token, ("filler",)) and _counts(tokens[place + 1 : place + 2]))
        or words[token.start].strip() in kinds
        or words[tokens[place - 1].start].strip() in ",;:."
    ]


def _counts(tokens: Sequence[Token]) -> bool:
    """Tell whether a unit comes next: "a mile"."""
    return any(_has(token, ("unit",)) for token in tokens)


def _ends(words: Sequence[str], tokens: Sequence[Token]) -> list[int]:
    """List where a place may end: last, before a comma, or behind a number."""
    cuts = [
        place
        for place, token in enumerate(tokens)
        if place
        and (
            words[token.start].strip() in ",;"
            or (_has(tokens[place - 1], ("number",)) and not token.senses)
        )
    ]
    return [len(tokens), *reversed(cuts)]


def _says_where(words: Sequence[str], tokens: Sequence[Token]) -> bool:
    """Tell whether words say where something is, or where it is not."""
    # "se" is a word of every Spanish report before it is a direction
    told = [one for one in tokens if _text(words, [one]) != "se"]
    if any(_has(token, HARMFUL) for token in told):
        return True
    counted = any(
        _has(one, ("number",)) and _has(other, ("unit",))
        for one, other in itertools.pairwise(tokens)
    )
    # "one and | a half clicks": the number belongs to what follows
    cut = bool(tokens) and _has(tokens[-1], ("number", "and"))
    said = set(words_of(_text(words, tokens)))
    denied = set(lexicon()["radio"]["denied"])
    kinds = {phrase[0] for phrase in kind_phrases() if len(phrase) == 1}
    return counted or cut or bool(said & (denied | kinds))

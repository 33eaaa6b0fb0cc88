"""Grammar: how people say where something is, as readings, in either language.

::

    phrase   place | between | near place | steps [of] place | place steps
    between  ("between" | "halfway between") place "and" place
    steps    step [("and" | ",") step]
    step     [about] [distance] [along] [direction | "downstream" | "upstream"]
    distance number unit | number unit "and" half | half unit

A phrase may have several readings; all are returned, the likeliest first, and the
resolver keeps those whose places exist.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from riskmap.places.lexicon import UNIT_M, Value
from riskmap.places.tokens import Token, read_number, tokenize

SKIPPED: Final = ("filler", "about", "at", "near", "toward")
"""Symbols that may stand before a direction or distance without a sense of theirs."""

STREAMS: Final = ("downstream", "upstream")


@dataclass(frozen=True, kw_only=True)
class Step:
    """One leg of the way from a landmark to the place that is meant.

    Parameters
    ----------
    metres
        How far; None if no distance was said.
    half_unit_m
        Half of what the last digit of the distance stands for, metres.
    way
        ``"compass"``, ``"line"`` (along the line), ``"downstream"``, ``"upstream"``
        or ``"any"`` (no direction said).
    wind
        Compass point of :data:`riskmap.places.geodesy.COMPASS`, or ``""``.
    number, unit
        As said, to be said back.
    hedged
        True after words such as "about".
    """

    metres: float | None = None
    half_unit_m: float = 0.0
    way: str = "any"
    wind: str = ""
    number: float = 0.0
    unit: str = ""
    hedged: bool = False


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One way to read a phrase.

    Parameters
    ----------
    form
        ``"at"``, ``"near"``, ``"steps"``, ``"between"`` or ``"halfway"``.
    places
        What the landmarks are called, one, or two for between.
    steps
        Legs from the landmark.
    toward
        What lies in the direction that was said, if it was said so.
    side
        ``"US"`` or ``"MX"`` if said; ``"US MX"`` if both were.
    refused
        A unit that is no length here, such as *varas*, minutes or blocks.
    """

    form: str
    places: tuple[str, ...]
    steps: tuple[Step, ...] = ()
    toward: str = ""
    side: str = ""
    refused: str = ""


class _Parser:
    """Reads one phrase; every method returns what it read and where it stopped."""

    def __init__(self, text: str) -> None:
        words, tokens = tokenize(text)
        sides = {str(value) for token in tokens if (value := token.sense("side"))}
        self.side = " ".join(sorted(sides, reverse=True))
        self.words = words
        self.tokens = _without_sides(words, tokens)
        refused = next((at for at in self.tokens if at.sense("refused")), None)
        self.refused = self.text([refused]) if refused and self._counted() else ""

    def _counted(self) -> bool:
        """Tell whether a number stands right before a unit that is refused."""
        return any(
            one.sense("number") is not None and other.sense("refused") is not None
            for one, other in zip(self.tokens, self.tokens[1:], strict=False)
        )

    def text(self, tokens: Sequence[Token]) -> str:
        """Write tokens as they stood, loose ends and words before a place dropped."""
        kept = "".join("".join(self.words[token.start : token.end]) for token in tokens)
        return kept.strip(" ,;:.")

    def skip(self, at: int, symbols: Sequence[str] = SKIPPED) -> int:
        """Pass over words without a sense of their own."""
        while at < len(self.tokens) and self.is_any(at, symbols):
            at += 1
        return at

    def is_any(self, at: int, symbols: Sequence[str]) -> bool:
        """Tell whether a token has one of some senses."""
        return at < len(self.tokens) and any(
            self.tokens[at].sense(symbol) is not None for symbol in symbols
        )

    def value(self, at: int, symbol: str) -> Value | None:
        """Find a token's value for a sense; None if it has none or there is none."""
        return self.tokens[at].sense(symbol) if at < len(self.tokens) else None

    def amount(self, at: int) -> tuple[float, float, int] | None:
        """Read a number, perhaps with a fraction: number, half unit, end."""
        half = self.value(at, "half")
        if half is not None:
            return float(half), float(half) / 2, at + 1
        said = self.value(at, "number")
        if said is None:
            return self.single(at)
        read = (said, 0.5) if isinstance(said, float) else read_number(said)
        if read is None:
            return None
        more = self.value(at + 1, "number")
        if isinstance(more, str) and "/" in more:
            fraction = read_number(more)
            if fraction is not None:
                return read[0] + fraction[0], fraction[1], at + 2
        return read[0], read[1], at + 1

    def single(self, at: int) -> tuple[float, float, int] | None:
        """Read one unit without a number: "a mile", "milla y media"."""
        if self.is_any(at, ("filler",)) and self.is_any(at + 1, ("unit",)):
            return 1.0, 0.5, at + 1
        more = self.is_any(at + 1, ("and",)) and self.is_any(
            self.skip(at + 2), ("half",)
        )
        counted = at > 0 and self.is_any(at - 1, ("filler",))
        if self.is_any(at, ("unit",)) and (more or counted):
            return 1.0, 0.5, at
        return None

    def distance(self, at: int, unit: str = "") -> tuple[Step, int] | None:
        """Read a distance; ``unit`` stands in where none is said."""
        start = self.skip(at, ("about", "near", "filler"))
        if start > at and self.is_any(start, ("unit",)):
            start -= 1
        read = self.amount(start)
        if read is None:
            return None
        number, half, end = read
        later = self.skip(end + 1)
        more = self.is_any(end, ("and",)) and self.is_any(later, ("half",))
        if more and self.is_any(later + 1, ("unit",)):
            # "one and a half clicks", «dos y medio kilómetros»
            number, half = number + float(self.value(later, "half") or 0), 0.25
            end = later + 1
        said = self.value(end, "unit")
        if said is None and not unit:
            return None
        end += said is not None
        named = str(said or unit)
        if self.is_any(end, ("and",)) and self.is_any(self.skip(end + 1), ("half",)):
            end = self.skip(end + 1)
            number, half = number + float(self.value(end, "half") or 0), 0.25
            end += 1
        hedged = any(
            self.is_any(place, ("about", "near")) for place in range(at, start)
        )
        metres = number * UNIT_M[named]
        step = Step(
            metres=metres,
            half_unit_m=half * UNIT_M[named],
            number=number,
            unit=named,
            hedged=hedged,
        )
        return step, end

    def course(self, at: int) -> tuple[str, str, int]:
        """Read the way of a step: way, wind, end; ``"any"`` if none is said."""
        start = self.skip(at)
        way, wind, end = "any", "", at
        for _ in range(2):
            if self.is_any(start, ("line_way", "river_way")):
                way, end = "line", start + 1
            elif (found := self.value(start, "direction")) is not None and not wind:
                wind, end = str(found), start + 1
                way = "line" if way == "line" else "compass"
            elif self.is_any(start, ("downstream", "upstream")):
                down = self.is_any(start, ("downstream",))
                return "downstream" if down else "upstream", "", start + 1
            start = self.skip(end)
        return way, wind, end

    def step(self, at: int, unit: str = "") -> tuple[Step, int] | None:
        """Read one step: distance and course in either order."""
        read = self.distance(at, unit)
        if read is not None:
            way, wind, end = self.course(read[1])
            return replace(read[0], way=way, wind=wind), end
        way, wind, end = self.course(at)
        if way == "any" or (way == "line" and not wind):
            return None
        later = self.distance(end)
        if later is not None:
            follows, more, last = self.course(later[1])
            way = follows if follows == "line" else way
            return replace(later[0], way=way, wind=wind or more), last
        return Step(way=way, wind=wind), end

    def steps(self, at: int) -> tuple[tuple[Step, ...], int] | None:
        """Read one step or two."""
        first = self.step(at)
        if first is None:
            return None
        one, end = first
        if self.is_any(end, ("and",)) or self.text(self.tokens[end : end + 1]) == "":
            second = self.step(end + 1, one.unit) if end < len(self.tokens) else None
            if second is not None and second[0].metres is not None and second[0].wind:
                return (one, second[0]), second[1]
        return (one,), end

    def readings(self) -> Iterator[Reading]:
        """Read the phrase in every way."""
        start = self.skip(0, ("filler", "at"))
        yield from self.between(start)
        yield from self.before(start)
        yield from self.after(start)
        if self.is_any(start, ("near",)):
            begin = self.skip(start + 1, ("of",))
            yield self.reading("near", self.tokens[begin:])
        for begin in sorted({0, start}, reverse=start == len(self.tokens)):
            yield self.reading("at", self.tokens[begin:])

    def reading(self, form: str, *places: Sequence[Token]) -> Reading:
        """Make a reading without steps."""
        texts = tuple(self.text(place) for place in places)
        return Reading(form=form, places=texts, side=self.side, refused=self.refused)

    def between(self, at: int) -> Iterator[Reading]:
        """Read "between A and B"."""
        if not self.is_any(at, ("between", "halfway")):
            return
        form = "halfway" if self.is_any(at, ("halfway",)) else "between"
        begin = at + 1 + self.is_any(at + 1, ("between",))
        for cut in range(begin + 1, len(self.tokens) - 1):
            if self.is_any(cut, ("and",)):
                yield self.reading(form, self.tokens[begin:cut], self.tokens[cut + 1 :])

    def before(self, at: int) -> Iterator[Reading]:
        """Read steps that stand before the place."""
        read = self.steps(at)
        if read is None:
            return
        steps, end = read
        linked = self.is_any(end, ("of", "near", "at"))
        stream = steps[0].way in STREAMS
        told = linked or stream or steps[0].metres is not None
        if end >= len(self.tokens) or not told:
            return
        begin = end + linked
        last = len(self.tokens) - 1
        if last > begin and self.is_any(last, ("line_way", "river_way")):
            # "3 km east of A along the line": the way comes last
            self.tokens = self.tokens[:-1]
            steps = (*steps[:-1], replace(steps[-1], way="line"))
        if (
            linked
            and self.is_any(begin, ("line_place",))
            and self.is_any(begin + 1, ("at", "near", "of"))
        ):
            begin += 2
        # "N of Ajo 12 mi": the distance comes last
        if steps[-1].metres is None:
            for cut in range(begin + 1, len(self.tokens)):
                later = self.distance(cut)
                if later is not None and later[1] == len(self.tokens):
                    moved = replace(later[0], way=steps[-1].way, wind=steps[-1].wind)
                    yield self.stepped((*steps[:-1], moved), self.tokens[begin:cut])
        yield from self.aimed(steps, begin)
        # "del Rio", "los Algodones": the link may belong to the name
        if linked and steps[0].metres is not None:
            yield self.stepped(steps, self.tokens[end:])

    def aimed(self, steps: tuple[Step, ...], begin: int) -> Iterator[Reading]:
        """Read "5 km from A toward B", else a place alone."""
        loose = steps[-1].way == "any" and steps[-1].metres is not None
        for cut in range(begin + 1, len(self.tokens)):
            # "5 km from A to the north": the direction comes last
            way, wind, last = self.course(cut)
            if loose and (wind or way in STREAMS) and last == len(self.tokens):
                turned = (*steps[:-1], replace(steps[-1], way=way, wind=wind))
                yield self.stepped(turned, self.tokens[begin:cut])
                break
            if self.is_any(cut, ("toward",)) and loose and cut + 1 < len(self.tokens):
                found = self.stepped(steps, self.tokens[begin:cut])
                yield replace(found, toward=self.text(self.tokens[cut + 1 :]))
        yield self.stepped(steps, self.tokens[begin:])

    def after(self, at: int) -> Iterator[Reading]:
        """Read steps that stand behind the place."""
        begin = self.skip(at, ("filler", "at", "of", "near"))
        for cut in range(begin + 1, len(self.tokens)):
            read = self.steps(cut)
            if read is None or read[1] != len(self.tokens):
                continue
            stream = read[0][0].way in STREAMS
            if read[0][0].metres is not None or stream:
                yield self.stepped(read[0], self.tokens[begin:cut])

    def stepped(self, steps: tuple[Step, ...], place: Sequence[Token]) -> Reading:
        """Make a reading with steps."""
        return replace(self.reading("steps", place), steps=steps)


def _without_sides(words: Sequence[str], tokens: Sequence[Token]) -> list[Token]:
    """Drop the words that say the side, and the small ones before them."""
    kept: list[Token] = []
    for token in tokens:
        if token.sense("side") is None:
            kept.append(token)
            continue
        while kept and (
            any(kept[-1].sense(name) is not None for name in ("filler", "at", "of"))
            or words[kept[-1].start].strip() in ",;("
        ):
            kept.pop()
    while kept and words[kept[-1].start].strip() in ",;.)":
        kept.pop()
    return kept


def read_phrase(text: str) -> tuple[Reading, ...]:
    """Read a phrase in every way that the grammar knows.

    Parameters
    ----------
    text
        A phrase in English, Spanish or a mix.

    Returns
    -------
    tuple of Reading
        The likeliest first; the last ones take the whole phrase for a name.

    Examples
    --------
    >>> reading = read_phrase("a 300 m al sur del monumento 122A")[0]
    >>> reading.places, reading.steps[0].metres, reading.steps[0].wind
    (('monumento 122a',), 300.0, 'S')
    >>> reading = read_phrase("3 miles downstream of the Eagle Pass bridge")[0]
    >>> reading.places, reading.steps[0].way
    (('eagle pass bridge',), 'downstream')
    """
    found = [reading for reading in _Parser(text).readings() if all(reading.places)]
    return tuple(dict.fromkeys(found))

"""Names: find the landmarks that a name means, exactly, in part, or misspelt."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from rapidfuzz import fuzz, process

from riskmap.places.gazetteer import (
    CALLED_IN_FULL,
    Gazetteer,
    core_of,
    narrowing_of,
    without_stops,
)
from riskmap.places.geodesy import distance_m
from riskmap.places.landmark import (
    AREAS,
    CROSSINGS,
    FACILITIES,
    MONUMENT,
    ROAD,
    Landmark,
)
from riskmap.places.lexicon import words_of

EXACT: Final = "exact"
PART: Final = "part"
FUZZY: Final = "fuzzy"

QUALITIES: Final = (EXACT, PART, FUZZY)
"""How a name was matched, best first."""

# percent of letters in common (rapidfuzz ratio): one letter in five may be wrong
FUZZY_AT_LEAST = 80.0
# what is this much worse than the best is no other reading of a misspelling
FUZZY_WITHIN = 6.0
SUGGEST_AT_LEAST = 55.0
MOST_SUGGESTIONS = 3
SHORTEST_FUZZY = 4

# a facility this near to the middle of a town is in it
TOWN_REACH_M = 8000.0

# words of a name that is looked for among others
LONGEST_NAME = 5

# more readings than this say nothing: ask for more words
MOST_READINGS = 12

RANKS: Final = ("town", *CROSSINGS)


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a name means.

    Parameters
    ----------
    landmarks
        All readings, the likeliest first; empty if none.
    quality
        One of :data:`QUALITIES`.
    narrowed
        Side and code of the state that the name gave, such as ``MX-26``.
    elsewhere
        Readings that the state or side rules out, where no other is left.
    too_many
        How many readings there were, if too many to be of use.
    suggestions
        Landmarks with names that are like it, where nothing was found.
    """

    landmarks: tuple[Landmark, ...] = ()
    quality: str = EXACT
    narrowed: str = ""
    elsewhere: tuple[Landmark, ...] = ()
    too_many: int = 0
    suggestions: tuple[Landmark, ...] = ()


def find_landmarks(gazetteer: Gazetteer, text: str, *, side: str = "") -> Found:
    """Find all landmarks that a name may mean.

    Parameters
    ----------
    gazetteer
        Where to look.
    text
        A name or code in either language, perhaps with a state behind it.
    side
        ``"US"`` or ``"MX"`` if only that side is meant.

    Returns
    -------
    Found
        All readings of the best quality: never one picked among equals.

    Examples
    --------
    >>> from riskmap.places.gazetteer import Gazetteer
    >>> find_landmarks(Gazetteer(landmarks=()), "Ajo").landmarks
    ()
    """
    code = gazetteer.codes.get(text.strip().casefold().replace(" ", ""), [])
    words = words_of(text)
    core, kinds = core_of(words)
    if kinds and not code:
        code = _of_kinds(gazetteer, gazetteer.codes.get("".join(core), []), kinds)
    if code:
        return Found(landmarks=_ranked(gazetteer, code))
    if not words:
        return Found()
    shorter, narrowed = narrowing_of(words, gazetteer.units)
    tries = [(words, "")] + ([(shorter, narrowed)] if narrowed else [])
    for quality in QUALITIES:
        for tried, state in tries:
            places = _matches(gazetteer, tried, quality)
            if places:
                return _narrow(gazetteer, places, quality, state, side)
    return Found(suggestions=_suggest(gazetteer, shorter))


def names_place(gazetteer: Gazetteer, text: str) -> bool:
    """Tell whether any words of a text that follow one another name a place.

    Parameters
    ----------
    gazetteer
        Where to look.
    text
        Any text.

    Returns
    -------
    bool
        True if some do, exactly.

    Examples
    --------
    >>> names_place(Gazetteer(landmarks=(), named={"gila bend": [0]}), "by Gila Bend")
    True
    """
    words = words_of(text)
    return any(
        " ".join(words[start : start + length]) in gazetteer.named
        for length in range(1, LONGEST_NAME + 1)
        for start in range(len(words) - length + 1)
    )


def _matches(gazetteer: Gazetteer, words: Sequence[str], quality: str) -> list[int]:
    """Find places by one quality of match."""
    core, kinds = core_of(words)
    if quality == EXACT:
        return _exact(gazetteer, words, core, kinds)
    if quality == PART:
        return _part(gazetteer, core, kinds)
    return _misspelt(gazetteer, core or without_stops(words), kinds)


def _of_kinds(
    gazetteer: Gazetteer, places: Iterable[int], kinds: Sequence[str]
) -> list[int]:
    """Keep the places of some kinds."""
    return [place for place in places if gazetteer.landmarks[place].kind in kinds]


def _exact(
    gazetteer: Gazetteer,
    words: Sequence[str],
    core: Sequence[str],
    kinds: Sequence[str],
) -> list[int]:
    """Find places that have just this name; of the kind that is said, if one is."""
    whole = gazetteer.named.get(" ".join(words), [])
    bare = gazetteer.named.get(" ".join(without_stops(words)), [])
    if not kinds:
        return whole or bare
    named = _of_kinds(gazetteer, gazetteer.cores.get(" ".join(core), []), kinds)
    if named and not whole:
        named += _about_town(gazetteer, core, kinds)
    return list(dict.fromkeys([*whole, *_of_kinds(gazetteer, bare, kinds), *named]))


def _part(gazetteer: Gazetteer, core: Sequence[str], kinds: Sequence[str]) -> list[int]:
    """Find places whose names hold all of these words."""
    wanted = set(core)
    if not wanted:
        return []
    found = [place for place, bag in enumerate(gazetteer.words) if wanted <= bag]
    if kinds:
        about = _about_town(gazetteer, core, kinds)
        return list(dict.fromkeys([*_of_kinds(gazetteer, found, kinds), *about]))
    # a number alone names no place
    if all(word.isdigit() for word in wanted):
        return []
    # one word of a town's name does not mean its hospital; two of its own do
    hidden = {MONUMENT, ROAD, *AREAS} | (set() if len(wanted) > 1 else FACILITIES)
    return [place for place in found if gazetteer.landmarks[place].kind not in hidden]


def _about_town(
    gazetteer: Gazetteer, core: Sequence[str], kinds: Sequence[str]
) -> list[int]:
    """Find the facilities in every town of a name, whatever they are called.

    "The hospital in Nogales" may be Holy Cross, which has no Nogales in its name.
    """
    wanted = [kind for kind in kinds if kind in FACILITIES]
    named = gazetteer.cores.get(" ".join(core), [])
    towns = [gazetteer.landmarks[t] for t in _of_kinds(gazetteer, named, ("town",))]
    if not wanted or not towns:
        return []
    facilities = _of_kinds(gazetteer, range(len(gazetteer)), wanted)
    x = np.array([gazetteer.landmarks[place].lon for place in facilities])
    y = np.array([gazetteer.landmarks[place].lat for place in facilities])
    near = np.zeros(x.size, dtype=bool)
    for town in towns:
        ones = np.ones(x.size)
        near |= distance_m(town.lon * ones, town.lat * ones, x, y) <= TOWN_REACH_M
    return [place for place, close in zip(facilities, near, strict=True) if close]


def _misspelt(
    gazetteer: Gazetteer, core: Sequence[str], kinds: Sequence[str]
) -> list[int]:
    """Find places whose names differ by a few letters, and no digit."""
    text = " ".join(core)
    if len(text) < SHORTEST_FUZZY:
        return []
    digits = {word for word in core if word.isdigit()}
    scored: list[tuple[float, int]] = []
    near = process.extract(
        text,
        list(gazetteer.cores),
        scorer=fuzz.ratio,
        score_cutoff=FUZZY_AT_LEAST,
        limit=None,
    )
    for key, score, _ in near:
        if {word for word in key.split() if word.isdigit()} != digits:
            continue
        for place in gazetteer.cores[key]:
            kind = gazetteer.landmarks[place].kind
            if kind in kinds or not (kinds or kind in CALLED_IN_FULL):
                scored.append((score, place))
    best = max((score for score, _ in scored), default=0.0)
    kept = sorted((-s, place) for s, place in scored if s >= best - FUZZY_WITHIN)
    return list(dict.fromkeys(place for _, place in kept))


def _suggest(gazetteer: Gazetteer, words: Sequence[str]) -> tuple[Landmark, ...]:
    """Name landmarks with names that are a little like one."""
    near = process.extract(
        " ".join(words),
        list(gazetteer.named),
        scorer=fuzz.ratio,
        score_cutoff=SUGGEST_AT_LEAST,
        limit=MOST_SUGGESTIONS,
    )
    places = dict.fromkeys(gazetteer.named[key][0] for key, _, _ in near)
    return tuple(gazetteer.landmarks[place] for place in places)


def _narrow(
    gazetteer: Gazetteer, places: Sequence[int], quality: str, state: str, side: str
) -> Found:
    """Keep the readings of a state and a side."""
    ranked = _ranked(gazetteer, places)
    kept = tuple(
        place
        for place in ranked
        if (not side or place.side in (side, "both")) and _in_state(place, state)
    )
    if not kept:
        return Found(quality=quality, narrowed=state, elsewhere=ranked)
    if len(kept) > MOST_READINGS:
        return Found(quality=quality, narrowed=state, too_many=len(kept))
    return Found(landmarks=kept, quality=quality, narrowed=state)


def _in_state(place: Landmark, state: str) -> bool:
    """Tell whether a place may lie in a state, or on its side of the line."""
    if not state:
        return True
    side, _, code = state.partition("-")
    if place.side not in (side, "both"):
        return False
    return not code or not place.states or state in place.states


def _ranked(gazetteer: Gazetteer, places: Iterable[int]) -> tuple[Landmark, ...]:
    """Order readings: towns, crossings, the rest; as they stand in the table."""
    chosen = [gazetteer.landmarks[place] for place in places]

    def order(place: Landmark) -> tuple[int, str]:
        known = place.kind in RANKS
        return (RANKS.index(place.kind) if known else len(RANKS), place.landmark_id)

    return tuple(sorted(chosen, key=order))

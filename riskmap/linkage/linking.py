"""Linking: records of several sources → the pairs that may be one event."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskmap.crs import to_storage
from riskmap.linkage.assignment import assign, rival_odds
from riskmap.linkage.chance import Background
from riskmap.linkage.coding import Coded, Floats, code_records
from riskmap.linkage.comparison import Compared, compare_sources
from riskmap.linkage.fitting import Fitted, fit_pairs, weigh
from riskmap.linkage.levels import FIELDS, LEAST_M, LEVELS, LinkageOptions
from riskmap.schema import Column, empty_table

STATES: Final = ("sure", "possible", "accepted", "rejected", "displaced")
"""Linked by weight; waits for a person; linked, or kept apart, by a person; sure, but
would put two records of one source into one incident through a third record."""

LINKED: Final = ("sure", "accepted")

PARTS: Final = ("start", *FIELDS, "rivals")
"""What a weight is made of, each a column in bits: they add up to ``total_bits``."""

LINK_TABLE: Final[tuple[Column, ...]] = (
    Column(name="one", dtype="str", meaning="event_id of the one record"),
    Column(name="other", dtype="str", meaning="event_id of the other"),
    Column(name="source_one", dtype="str"),
    Column(name="source_other", dtype="str"),
    Column(name="state", dtype="str", values=STATES),
    Column(name="probability", dtype="float64", lowest=0, highest=1, missing=True),
    *(
        Column(name=f"{part}_bits", dtype="float64", unit="bit", missing=True)
        for part in (*PARTS, "total")
    ),
    *(Column(name=f"{field}_level", dtype="str", missing=True) for field in FIELDS),
    Column(name="apart_m", dtype="float64", unit="m", lowest=0, missing=True),
    Column(name="apart_days", dtype="float64", unit="d", lowest=0, missing=True),
)

ID_DIGITS: Final = 16

# records of the smaller source from which true pairs are learned
ENOUGH: Final = 20_000

# of pairs that weigh the same the nearer is chosen: less than any evidence weighs
NEARER_BITS: Final = 1e-3

# beyond this many bits nothing is gained, and powers of two stay finite
_MOST_BITS: Final = 100.0


def link_id(one: str, other: str) -> str:
    """Name the link between two records, whichever is said first.

    Parameters
    ----------
    one, other
        Their ``event_id``.

    Returns
    -------
    str
        The same in every project.

    Examples
    --------
    >>> link_id("ogis:1", "nmd:7") == link_id("nmd:7", "ogis:1")
    True
    """
    text = "\n".join(sorted((one, other)))
    return hashlib.sha256(text.encode()).hexdigest()[:ID_DIGITS]


def propose_links(
    records: pd.DataFrame, options: LinkageOptions | None = None
) -> pd.DataFrame:
    """Propose which records of different sources are of one event.

    Fellegi and Sunter's weights: each field adds the logarithm of how much likelier
    a true pair agrees so well than an unrelated one. Place is judged by both
    accuracies and by how thick the records lie there, time by both precisions and
    the season. No identifier, name, age or text is compared, and no pair is proposed
    across the purpose wall. Records of one source are never linked to one another.

    Parameters
    ----------
    records
        Event table on ``event_id``, unique; ``x`` and ``y`` in degrees may stand for
        its geometry.
    options
        When a pair is sure or possible.

    Returns
    -------
    pandas.DataFrame
        :data:`LINK_TABLE` on ``link_id``, sorted; pairs less than possible are left
        out. A record stands in one pair at most for every other source.

    Notes
    -----
    I. P. Fellegi and A. B. Sunter, "A theory for record linkage", Journal of the
    American Statistical Association 64 (1969), doi:10.1080/01621459.1969.10501049.

    Examples
    --------
    >>> from riskmap.ingest import INCIDENT_TABLE
    >>> from riskmap.schema import empty_table
    >>> nothing = empty_table(INCIDENT_TABLE, index="event_id")
    >>> propose_links(nothing).shape[0]
    0
    """
    asked = options or LinkageOptions()
    stored = records.sort_index()
    if len(stored) and "x" not in stored:
        stored = to_storage(stored, name="records")
    if not len(stored):
        return empty_table(LINK_TABLE, index="link_id")
    sides = _sides(stored)
    found = (_links_of(stored.index, *pair, asked) for pair in _source_pairs(sides))
    parts = [links for links in found if links is not None]
    if not parts:
        return empty_table(LINK_TABLE, index="link_id")
    # laid out once: a table for each pair of sources costs more than the search
    columns = {
        name: np.concatenate([part[name] for part in parts]) for name in parts[0]
    }
    index = pd.Index(columns.pop("link_id"), name="link_id", dtype="str")
    links = pd.DataFrame(columns, index=index).sort_index()
    dtypes = {column.name: column.dtype for column in LINK_TABLE}
    return links[list(dtypes)].astype(dtypes)


@dataclass(frozen=True)
class _Side:
    """The records of one source that tell of one purpose, read for linkage once."""

    purpose: str
    source: str
    rows: npt.NDArray[np.intp]
    records: Coded

    @cached_property
    def background(self) -> Background:
        return Background.of(self.records)


def _sides(records: pd.DataFrame) -> list[_Side]:
    """Part the records by purpose and source."""
    coded = code_records(records)
    groups = records.groupby(["purpose", "source"], observed=True).indices
    return [
        _Side(purpose, source, rows, coded.take(rows))
        for (purpose, source), rows in sorted(groups.items())
    ]


def _source_pairs(sides: list[_Side]) -> Iterator[tuple[_Side, _Side]]:
    """Pair the sources of each purpose; the larger one stands second."""
    for pair in combinations(sides, 2):
        small, large = sorted(pair, key=lambda side: (len(side.rows), side.source))
        if small.purpose == large.purpose:
            yield small, large


def _likely(pairs: Compared, fitted: Fitted, floor: float) -> Compared:
    """Keep the pairs that may come to something."""
    total = fitted.start_bits + weigh(pairs, fitted).sum(axis=1)
    return pairs.take(np.flatnonzero(total > floor))


def _spreads_apart(pairs: Compared, one: Coded, other: Coded) -> Floats:
    """Tell how far apart pairs lie, in standard deviations of both places."""
    spread = np.hypot(one.accuracy_m[pairs.rows], other.accuracy_m[pairs.others])
    return np.asarray(pairs.metres / np.maximum(spread, LEAST_M))


def _links_of(
    ids: pd.Index, small: _Side, large: _Side, options: LinkageOptions
) -> dict[str, npt.NDArray[Any]] | None:
    """Link two sources, column by column; None if nothing of them is near enough."""
    one, other, background = small.records, large.records, large.background
    # as many records tell the shares of twenty levels to a thousandth
    step = -(-len(one) // ENOUGH)
    some = np.arange(0, len(one), step)
    sample = list(compare_sources(one.take(some), other, background, options))
    if not sample and step == 1:
        return None
    fitted = fit_pairs(Compared.joined(sample), (len(one), len(other)), step=step)
    least = np.log2(options.possible_from / (1.0 - options.possible_from))
    # a rival of one bit in twenty still makes a sure pair a little less so
    floor = np.log2(1.0 - options.sure_from)
    parts = sample if step == 1 else compare_sources(one, other, background, options)
    pairs = Compared.joined([_likely(part, fitted, floor) for part in parts])
    if not len(pairs):
        return None
    bits = weigh(pairs, fitted)
    total = fitted.start_bits + bits.sum(axis=1)
    odds = np.exp2(np.minimum(total, _MOST_BITS))
    gains = total - floor - NEARER_BITS * _spreads_apart(pairs, one, other)
    chosen = assign(pairs.rows, pairs.others, gains)
    rivals = rival_odds(pairs.rows, pairs.others, odds, chosen)
    rival_bits = -np.log2(1.0 + rivals)
    chosen &= total + rival_bits >= least
    pairs, bits = pairs.take(chosen), bits[chosen]
    rival_bits, total = rival_bits[chosen], total[chosen] + rival_bits[chosen]
    probability = 1.0 / (1.0 + np.exp2(-np.minimum(total, _MOST_BITS)))
    if not len(pairs):
        return None
    both = ids[small.rows[pairs.rows]], ids[large.rows[pairs.others]]
    ones, others = (names.to_numpy(dtype=object) for names in both)
    words = np.array(LEVELS)
    return {
        # plain lists: an array of a million texts gives them one by one, and slowly
        "link_id": np.array(
            [link_id(a, b) for a, b in zip(ones.tolist(), others.tolist(), strict=True)]
        ),
        "one": ones,
        "other": others,
        "source_one": np.full(len(ones), small.source, dtype=object),
        "source_other": np.full(len(ones), large.source, dtype=object),
        "state": np.where(probability >= options.sure_from, "sure", "possible"),
        "probability": probability,
        "start_bits": np.full(len(ones), fitted.start_bits),
        **{f"{name}_bits": bits[:, n] for n, name in enumerate(FIELDS)},
        "rivals_bits": rival_bits,
        "total_bits": total,
        **{f"{name}_level": words[pairs.levels[:, n]] for n, name in enumerate(FIELDS)},
        "apart_m": pairs.metres,
        "apart_days": pairs.days.astype(np.float64),
    }

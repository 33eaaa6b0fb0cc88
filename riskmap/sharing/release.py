"""Release: the counts that may leave, given all that their readers already hold."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from riskmap import cells as cells_
from riskmap.errors import DisclosureError, DisclosureOptionError
from riskmap.schema import Column
from riskmap.sharing.counting import (
    STRATA,
    WHOLE_RESOLUTION,
    Counted,
)
from riskmap.sharing.lattice import Flags, Integers
from riskmap.sharing.profiles import DisclosureProfile
from riskmap.sharing.readers import (
    PROTECTED,
    SHOWN,
    Readers,
    View,
    known_counts,
    needs_of,
    reduced,
)
from riskmap.sharing.suppression import Suppression, suppress
from riskmap.sharing.worlds import exposed

RELEASE_TABLE: Final[tuple[Column, ...]] = (
    Column(name="stratum", dtype="str", values=STRATA),
    Column(name="purpose", dtype="str"),
    Column(name="cell", dtype="uint64", meaning="0 for the whole border"),
    Column(name="resolution", dtype="int64", lowest=WHOLE_RESOLUTION, highest=15),
    Column(name="kind", dtype="str", meaning="empty for all kinds of the purpose"),
    Column(name="period", dtype="str"),
    Column(name="state", dtype="str", values=(SHOWN, PROTECTED)),
    Column(
        name="events",
        dtype="Int64",
        lowest=0,
        missing=True,
        meaning="missing where the count is protected: zero, small or withheld",
    ),
)

KEY: Final = ("stratum", "purpose", "cell", "kind", "period")

CELLS_NAMED: Final = 5
"""Cells at fault that an error names."""


def _publishable(
    block: Counted,
    profile: DisclosureProfile,
    periods: Collection[str],
    cells: Collection[int] | None,
) -> Flags:
    """Mark the counts that a profile would publish, small or not."""
    names = np.array(block.places.names, dtype=np.uint64)
    level = np.full(len(names), WHOLE_RESOLUTION)
    level[1:] = [cells_.resolution_of(names[n : n + 1]) for n in range(1, len(names))]
    places = np.isin(level, [*profile.resolutions, WHOLE_RESOLUTION])
    if cells is not None:
        places &= np.isin(names, np.array(sorted(cells), dtype=np.uint64))
    own = profile.purposes if block.purpose in profile.purposes else ()
    when = np.isin(np.array(block.periods.names), sorted(periods)) & bool(own)
    kinds = np.ones(len(block.kinds), dtype=bool)
    return places[:, None, None] & kinds[None, :, None] & when[None, None, :]


def _released(block: Counted, published: Flags, shown: Flags) -> pd.DataFrame:
    """Write what is published of a block as rows."""
    place, kind, period = np.nonzero(published)
    names = np.array(block.places.names, dtype=np.uint64)
    level = np.full(len(names), WHOLE_RESOLUTION, dtype=np.int64)
    level[1:] = [cells_.resolution_of(names[n : n + 1]) for n in range(1, len(names))]
    seen = shown[place, kind, period]
    events = pd.Series(block.counts[place, kind, period], dtype="Int64")
    return pd.DataFrame(
        {
            "stratum": pd.Series(block.stratum, index=range(len(place)), dtype="str"),
            "purpose": pd.Series(block.purpose, index=range(len(place)), dtype="str"),
            "cell": names[place],
            "resolution": level[place],
            "kind": pd.Series(np.array(block.kinds.names)[kind], dtype="str"),
            "period": pd.Series(np.array(block.periods.names)[period], dtype="str"),
            "state": pd.Series(np.where(seen, SHOWN, PROTECTED), dtype="str"),
            "events": events.mask(~seen),
        }
    )


def _faults(block: Counted, view: View, nodes: Integers) -> list[dict[str, Any]]:
    """Name the counts at fault, never what they are."""
    found = zip(*np.unravel_index(nodes, view.shape(block)), strict=True)
    return [
        {
            "stratum": block.stratum,
            "purpose": block.purpose,
            "cell": block.places.names[view.places[place]],
            "kind": block.kinds.names[view.kinds[kind]],
            "period": block.periods.names[period],
        }
        for place, kind, period in found
    ]


def _told(block: Counted) -> Flags:
    """Mark what is written where nothing is protected: the whole, and no zero else."""
    told: Flags = block.counts > 0
    told[0, 0] = True
    return told


def _protect(
    block: Counted, published: Flags, readers: Sequence[Readers]
) -> tuple[Flags, list[dict[str, Any]]]:
    """Hide what would let any of the readers narrow a protected count."""
    shown = published.copy()
    faults: list[dict[str, Any]] = []
    if all(some.smallest_count <= 1 for some in readers):
        return shown, faults
    for some in readers:
        needs = needs_of(block, some)
        shown &= ~needs.protected
    for some in readers:
        held = known_counts(block, some.held)
        view = reduced(block, held | shown, some)
        own = np.ix_(view.places, view.kinds)
        may_hide = (shown & ~held)[own].ravel()
        found: Suppression = suppress(view.system, view.needs, may_hide)
        faults += _faults(block, view, found.exposed)
        safe = found.known.reshape(view.shape(block))
        shown[own] &= safe | held[own]
    return shown, faults


def build_release(
    blocks: Iterable[Counted],
    profile: DisclosureProfile,
    readers: Sequence[Readers],
    *,
    periods: Collection[str],
    cells: Collection[int] | None = None,
) -> pd.DataFrame:
    """Release the counts of a profile so that nobody narrows a small one.

    Of each protected count there stay, for every group of readers and with all they
    hold already, worlds in which it is 0 and in which it is the smallest count less
    one. Where nothing is protected, zero is written for the whole border alone: a
    watched place that is not named has none.

    Parameters
    ----------
    blocks
        Counts, as fine as the finest that any reader holds.
    profile
        What is to leave.
    readers
        Everybody who will hold it.
    periods
        The epochs that may leave: over, and late enough.
    cells
        Only these places; all of the grid if not given.

    Returns
    -------
    pandas.DataFrame
        Of :data:`RELEASE_TABLE`, on plain row numbers, in the order of the lattice.

    Raises
    ------
    DisclosureError
        If what readers hold already would, with anything that could be shown, give
        a small count away; the cells at fault are named.
    DisclosureOptionError
        If nothing is selected.
    """
    parts, faults = [], []
    for block in blocks:
        published = _publishable(block, profile, periods, cells)
        if profile.smallest_count <= 1:
            published &= _told(block)
        if not published.any():
            continue
        shown, at_fault = _protect(block, published, readers)
        faults += at_fault
        parts.append(_released(block, published, shown))
    if faults:
        raise disclosure_error(faults)
    if not parts:
        msg = "The selection is empty: no epoch of it is over, or no place is in it."
        reason = "—"
        raise DisclosureOptionError(msg, option="selection", value="∅", reason=reason)
    return pd.concat(parts, ignore_index=True)


def disclosure_error(faults: Sequence[Mapping[str, Any]]) -> DisclosureError:
    """Say which cells would give small counts away.

    Parameters
    ----------
    faults
        Mappings with ``cell``, ``kind``, ``period``.

    Returns
    -------
    DisclosureError
        To be raised.

    Examples
    --------
    >>> fault = {"cell": 0, "kind": "", "period": "2019"}
    >>> disclosure_error([fault]).fields["count"]
    1
    """
    named = [
        f"{fault['cell']:x} {fault['kind'] or '*'} {fault['period']}"
        for fault in faults[:CELLS_NAMED]
    ]
    cells = ", ".join(named) + (" …" if len(faults) > CELLS_NAMED else "")
    msg = f"{len(faults)} counts could be worked out: {cells}."
    return DisclosureError(msg, count=len(faults), cells=cells)


def check_held(blocks: Sequence[Counted], held: pd.DataFrame) -> None:
    """Check that what readers hold is what is counted now: else no audit holds.

    Parameters
    ----------
    blocks
        Counts, of some years or all.
    held
        Rows of earlier releases; of years that are not counted nothing is checked.

    Raises
    ------
    DisclosureError
        If a released count is not in the lattice, or is another number in it.
    """
    shown = held[held["state"] == SHOWN].drop_duplicates([*KEY])
    shown = shown[shown["period"].str[:4].isin({block.year for block in blocks})]
    by_block = {(b.stratum, b.purpose, b.year): b for b in blocks}
    keys = [shown["stratum"], shown["purpose"], shown["period"].str[:4]]
    faults: list[dict[str, Any]] = []
    for key, rows in shown.groupby(keys):
        block = by_block.get(key)
        for row in rows.to_dict("records"):
            at = _place_of(block, row) if block else None
            if block is None or at is None or block.counts[at] != row["events"]:
                faults.append(row)
    if faults:
        raise disclosure_error(faults)


def _place_of(block: Counted, row: Mapping[str, Any]) -> tuple[int, ...] | None:
    """Find a released count in its block; None if it is not there."""
    at = (
        block.places.place.get(row["cell"]),
        block.kinds.place.get(row["kind"]),
        block.periods.place.get(row["period"]),
    )
    found = tuple(number for number in at if number is not None)
    return found if len(found) == len(at) else None


def audit_holdings(blocks: Iterable[Counted], readers: Readers) -> list[dict[str, Any]]:
    """Look for small counts that readers can narrow with all that they hold.

    Parameters
    ----------
    blocks
        Counts, as fine as the finest that they hold.
    readers
        The readers.

    Returns
    -------
    list of dict
        ``stratum``, ``purpose``, ``cell``, ``kind``, ``period`` of each; empty if
        all are safe.
    """
    faults: list[dict[str, Any]] = []
    for block in blocks:
        known = known_counts(block, readers.held)
        if not known.any():
            continue
        view = reduced(block, known, readers)
        low, high = exposed(view.system, view.needs)
        faults += _faults(block, view, np.union1d(low, high))
    return faults

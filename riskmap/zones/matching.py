"""Matching: which zone of one map is which of another, by the cells they share."""

from typing import Any

import pandas as pd

from riskmap.schema import Column, check_table

MATCH_TABLE: tuple[Column, ...] = (
    Column(name="zone_before", dtype="str", meaning="Zone before, or empty if new."),
    Column(name="zone_after", dtype="str", meaning="Zone after, or empty if gone."),
    Column(name="shared", dtype="float64", lowest=0, highest=1, meaning="Jaccard."),
)

# share of the cells of two zones that must be the same ones
LEAST_SHARED = 0.1


def match_zones(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    r"""Pair the zones of two maps, those that share most of their cells first.

    :math:`|A \cap B| / |A \cup B|` (Jaccard 1912), greedily: a zone stands in one pair.
    Zones that share less than a tenth of their cells are different zones.

    Parameters
    ----------
    before, after
        ``cell`` and ``zone_id``, as :func:`riskmap.zones.find_zones` gives them.

    Returns
    -------
    pandas.DataFrame
        :data:`MATCH_TABLE`; zones without a partner come last, with an empty name for
        it.

    Examples
    --------
    >>> one = pd.DataFrame({"cell": [1, 2, 3], "zone_id": ["a", "a", "b"]})
    >>> other = pd.DataFrame({"cell": [1, 2, 9], "zone_id": ["x", "x", "y"]})
    >>> match_zones(one, other).values.tolist()
    [['a', 'x', 1.0], ['b', '', 0.0], ['', 'y', 0.0]]
    """
    both = before.merge(after, on="cell", suffixes=("_before", "_after"))
    common = both.groupby(["zone_id_before", "zone_id_after"]).size()
    sizes = [table["zone_id"].value_counts() for table in (before, after)]
    pairs = sorted(
        (
            -float(n) / (sizes[0][first] + sizes[1][second] - n),
            str(first),
            str(second),
        )
        for (first, second), n in common.items()
    )
    rows: list[dict[str, Any]] = []
    taken: tuple[set[str], set[str]] = (set(), set())
    for less, first, second in pairs:
        if -less < LEAST_SHARED or first in taken[0] or second in taken[1]:
            continue
        taken[0].add(first)
        taken[1].add(second)
        rows.append({"zone_before": first, "zone_after": second, "shared": -less})
    for name, side, table in zip(
        ("zone_before", "zone_after"), (0, 1), (before, after), strict=True
    ):
        alone = sorted(set(table["zone_id"].astype(str)) - taken[side])
        empty = {"zone_before": "", "zone_after": "", "shared": 0.0}
        rows += [{**empty, name: zone} for zone in alone]
    found = pd.DataFrame(rows, columns=[column.name for column in MATCH_TABLE])
    found = found.astype({column.name: column.dtype for column in MATCH_TABLE})
    check_table(found, MATCH_TABLE, name="zone_matches")
    return found

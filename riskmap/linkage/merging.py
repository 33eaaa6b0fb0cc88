"""Merging: linked records → one incident each, every record kept and found again."""

from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph

from riskmap.linkage.linking import LINK_TABLE, LINKED, link_id
from riskmap.schema import Column, empty_table

MEMBER_TABLE: Final[tuple[Column, ...]] = (
    Column(name="incident_id", dtype="str", meaning="event_id of the record shown"),
    Column(name="source", dtype="str"),
    Column(name="shown", dtype="bool", meaning="it stands for the incident"),
    Column(name="records", dtype="int64", lowest=1, meaning="records of the incident"),
)

DECISIONS: Final = ("accept", "reject", "undo")

DECISION_TABLE: Final[tuple[Column, ...]] = (
    Column(name="link_id", dtype="str"),
    Column(name="one", dtype="str"),
    Column(name="other", dtype="str"),
    Column(name="decision", dtype="str", values=DECISIONS),
    Column(name="reason", dtype="str"),
    Column(name="known_at", dtype="str", meaning="ISO 8601, UTC"),
)

_FINEST_FIRST: Final = {"day": 0, "week": 1, "month": 2, "year": 3}


def decide(
    links: pd.DataFrame, decisions: pd.DataFrame, sources: pd.Series
) -> pd.DataFrame:
    """Let what persons decided stand over what the weights say.

    Parameters
    ----------
    links
        Of :func:`riskmap.linkage.linking.propose_links`.
    decisions
        :data:`DECISION_TABLE` in the order they were made: the last one of a link
        holds, and ``undo`` gives it back to its weight.
    sources
        Source of every record that there is, on ``event_id``. Decisions on others
        wait.

    Returns
    -------
    pandas.DataFrame
        :data:`riskmap.linkage.linking.LINK_TABLE`, with the pairs that only a
        person has decided on, whose weights are missing.
    """
    held = decisions.drop_duplicates("link_id", keep="last")
    held = held[held["decision"] != "undo"].set_index("link_id")
    ones = sources.index.get_indexer(held["one"])
    others = sources.index.get_indexer(held["other"])
    held = held[(ones >= 0) & (others >= 0)]
    words = {"accept": "accepted", "reject": "rejected"}
    said = held["decision"].map(words).reindex(links.index)
    decided = links.assign(state=links["state"].where(said.isna(), said))
    extra = held.loc[held.index.difference(links.index)]
    dtypes = {column.name: column.dtype for column in LINK_TABLE}
    if len(extra):
        added = empty_table(LINK_TABLE, index="link_id").reindex(extra.index)
        levels = [name for name in added.columns if name.endswith("_level")]
        added[levels] = added[levels].fillna("")
        added = added.assign(
            one=extra["one"],
            other=extra["other"],
            source_one=sources.reindex(extra["one"]).to_numpy(),
            source_other=sources.reindex(extra["other"]).to_numpy(),
            state=extra["decision"].map(words),
        )
        decided = pd.concat([decided, added.astype(dtypes)]).sort_index()
    return _displace(decided.astype(dtypes), sources)


def _displace(links: pd.DataFrame, sources: pd.Series) -> pd.DataFrame:
    """Give up sure links that would join two records of a source through others."""
    held = np.flatnonzero(links["state"].isin(LINKED))
    if not len(held):
        return links
    ones = sources.index.get_indexer(links["one"].iloc[held])
    others = sources.index.get_indexer(links["other"].iloc[held])
    labels = _components(ones, others, len(sources))
    source = np.asarray(pd.factorize(sources)[0])
    twice = pd.DataFrame({"label": labels, "source": source}).duplicated(keep=False)
    torn = np.isin(labels[ones], np.unique(labels[twice.to_numpy()]))
    if not torn.any():
        return links
    sure = (links["state"].iloc[held] == "sure").to_numpy()
    total = links["total_bits"].iloc[held].fillna(0.0).to_numpy()
    # what a person has linked comes first, then the heaviest
    order = np.lexsort((np.arange(len(held)), -total, sure))
    given_up = []
    group: dict[int, set[int]] = {}
    for n in order[torn[order]]:
        one, other = int(ones[n]), int(others[n])
        ours, theirs = group.get(one, {one}), group.get(other, {other})
        shared = {source[r] for r in ours} & {source[r] for r in theirs}
        if sure[n] and shared and ours is not theirs:
            given_up.append(held[n])
            continue
        both = ours | theirs
        group |= dict.fromkeys(both, both)
    states = links["state"].to_numpy(dtype=object).copy()
    states[given_up] = "displaced"
    return links.assign(state=pd.array(states, dtype="str"))


def member_records(records: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Tell which records each incident has, and which of them is shown.

    The record shown is the one whose place is known best; then whose time is, whose
    source is graded best, whose identifier comes first. What it says is not mixed
    with what others say: numbers and kinds that disagree stay side by side in their
    records.

    Parameters
    ----------
    records
        Event table on ``event_id``, unique.
    links
        :data:`riskmap.linkage.linking.LINK_TABLE`, as :func:`decide` returns it;
        those in :data:`riskmap.linkage.linking.LINKED` hold. Both records of each
        must be there.

    Returns
    -------
    pandas.DataFrame
        :data:`MEMBER_TABLE` on the ``event_id`` of every record, sorted.
    """
    ordered = records.sort_index()
    labels = _labels(ordered, links)
    quality = ordered["source_quality"].fillna(0.0).to_numpy()
    precision = ordered["time_precision"].map(_FINEST_FIRST).to_numpy(dtype=np.int64)
    accuracy = ordered["accuracy_m"].to_numpy()
    order = np.lexsort((np.arange(len(labels)), -quality, precision, accuracy, labels))
    first = np.ones(len(order), dtype=bool)
    first[1:] = labels[order][1:] != labels[order][:-1]
    shown = np.zeros(len(order), dtype=bool)
    shown[order[first]] = True
    best = np.zeros(int(labels.max(initial=-1)) + 1, dtype=np.int64)
    best[labels[shown]] = np.flatnonzero(shown)
    members = pd.DataFrame(
        {
            "incident_id": ordered.index[best[labels]],
            "source": ordered["source"].astype("str").array,
            "shown": shown,
            "records": np.bincount(labels, minlength=1)[labels],
        },
        index=ordered.index.rename("event_id"),
    )
    return members.astype({column.name: column.dtype for column in MEMBER_TABLE})


def merge_records(
    records: gpd.GeoDataFrame, links: pd.DataFrame
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Show one record for each incident, and tell which records it has.

    Parameters
    ----------
    records, links
        As for :func:`member_records`.

    Returns
    -------
    tuple
        Event table of the incidents, sorted; what :func:`member_records` returns.
    """
    members = member_records(records, links)
    ordered = records.sort_index()
    return ordered[members["shown"].to_numpy()], members


def _labels(records: pd.DataFrame, links: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Give each record the number of its incident."""
    held = links[links["state"].isin(LINKED)]
    ones = records.index.get_indexer(held["one"])
    others = records.index.get_indexer(held["other"])
    return _components(ones, others, len(records))


def _components(ones: Any, others: Any, size: int) -> npt.NDArray[np.int64]:
    """Give each record the number of the group that links put it in."""
    graph = sparse.coo_matrix((np.ones(len(ones)), (ones, others)), shape=(size, size))
    return np.asarray(
        csgraph.connected_components(graph, directed=False)[1], dtype=np.int64
    )


def decision_row(one: str, other: str, decision: str, reason: str, at: str) -> Any:
    """Write one decision as a table.

    Parameters
    ----------
    one, other
        ``event_id`` of the two records.
    decision
        One of :data:`DECISIONS`.
    reason
        Why; no names.
    at
        When, ISO 8601, UTC.

    Returns
    -------
    pandas.DataFrame
        :data:`DECISION_TABLE`, one row.
    """
    values = (link_id(one, other), one, other, decision, reason, at)
    row = {c.name: [v] for c, v in zip(DECISION_TABLE, values, strict=True)}
    return pd.DataFrame(row).astype({c.name: c.dtype for c in DECISION_TABLE})

"""Record marks: how the rows of each table of records are marked."""

from collections.abc import Callable
from typing import Any, Final

import pandas as pd

from riskmap.history.effort import PURPOSES
from riskmap.sharing.markings import CLEAR, UNMARKED

OPEN_SOURCES: Final = frozenset({"iom_mmp", "ucdp_ged"})
"""Sources of the bundled sample: published, their records known to everybody."""

WORDS_OF_PROFILES: Final = {"public": CLEAR, "by agreement": UNMARKED}
"""What ingest profiles wrote for a marking before there were labels."""

LIFE_SAVING_LANDMARKS: Final = frozenset(
    {"water", "water_station", "shelter", "rescue_beacon", "camp", "route"}
)


def mark_incidents(records: pd.DataFrame) -> pd.DataFrame:
    """Give each incident its marking, whatever its file said.

    Parameters
    ----------
    records
        Event table, perhaps without ``marking``.

    Returns
    -------
    pandas.DataFrame
        With ``marking``: a label of TLP 2.0, empty for unmarked. Without the column
        only the bundled open sources are ``TLP:CLEAR``.

    Examples
    --------
    >>> rows = pd.DataFrame({"source": ["iom_mmp", "agency"]})
    >>> mark_incidents(rows)["marking"].tolist()
    ['TLP:CLEAR', '']
    """
    is_open = records["source"].isin(OPEN_SOURCES)
    if "marking" in records.columns:
        said = records["marking"].astype("str").fillna("").replace(WORDS_OF_PROFILES)
    else:
        said = pd.Series("", index=records.index, dtype="str")
        said = said.mask(is_open, CLEAR)
    # what a source has published stays so, though a file of old did not say it
    said = said.mask((said == "") & is_open, CLEAR)
    return records.assign(marking=said.astype("str"))


def mark_landmarks(records: pd.DataFrame) -> pd.DataFrame:
    """Give each landmark its marking and purpose.

    Parameters
    ----------
    records
        Landmarks, perhaps without ``marking``.

    Returns
    -------
    pandas.DataFrame
        Water, shelter and the like are life-saving and unmarked unless they say;
        others are ``TLP:CLEAR`` unless they say.

    Examples
    --------
    >>> mark_landmarks(pd.DataFrame({"kind": ["town", "water"]}))["marking"].tolist()
    ['TLP:CLEAR', '']
    """
    saving = records["kind"].isin(LIFE_SAVING_LANDMARKS)
    said = pd.Series("", index=records.index, dtype="str")
    if "marking" in records.columns:
        said = records["marking"].astype("str").fillna("")
    purpose = saving.map({True: "life_saving", False: "neutral"})
    return records.assign(
        marking=said.mask((said == "") & ~saving, CLEAR).astype("str"),
        purpose=purpose.astype("str"),
    )


def landmarks_for_tables(landmarks: Any) -> Any:
    """Keep the landmarks that tables for everybody are made of.

    A distance to a water point, or a zone of patrol risk named by one, would tell
    where it is, and to the wrong side of the purpose wall.

    Parameters
    ----------
    landmarks
        Landmarks with ``kind``.

    Returns
    -------
    pandas.DataFrame
        Those that are not life-saving; as they were.

    Examples
    --------
    >>> rows = pd.DataFrame({"kind": ["town", "water_station"]})
    >>> landmarks_for_tables(rows)["kind"].tolist()
    ['town']
    """
    return landmarks[~landmarks["kind"].isin(LIFE_SAVING_LANDMARKS)]


def mark_neutral(records: pd.DataFrame) -> pd.DataFrame:
    """Mark what tells of offices, of which nobody said whose eyes it is for.

    Parameters
    ----------
    records
        Any rows.

    Returns
    -------
    pandas.DataFrame
        Two columns on the same index.

    Examples
    --------
    >>> mark_neutral(pd.DataFrame({"row": [1]})).to_dict("list")
    {'marking': [''], 'purpose': ['neutral']}
    """
    return mark_unknown(records).assign(purpose="neutral").astype("str")


def mark_unknown(records: pd.DataFrame) -> pd.DataFrame:
    """Mark what nobody has said anything of: its originator's, and of any purpose.

    Parameters
    ----------
    records
        Any rows.

    Returns
    -------
    pandas.DataFrame
        Two columns on the same index.

    Examples
    --------
    >>> mark_unknown(pd.DataFrame({"row": [1]})).to_dict("list")
    {'marking': [''], 'purpose': ['mixed']}
    """
    marked = pd.DataFrame(index=records.index)
    return marked.assign(marking="", purpose="mixed").astype("str")


def mark_effort(records: pd.DataFrame) -> pd.DataFrame:
    """Give each row of a log of effort its marking, and the purpose of who looked.

    Parameters
    ----------
    records
        As :data:`riskmap.history.effort.LOG_TABLE`.

    Returns
    -------
    pandas.DataFrame
        Two columns on the same index; a row that says nothing is unmarked.

    Examples
    --------
    >>> rows = pd.DataFrame({"kind": ["search"], "marking": ["TLP:GREEN"]})
    >>> mark_effort(rows).to_dict("list")
    {'marking': ['TLP:GREEN'], 'purpose': ['life_saving']}
    """
    marked = pd.DataFrame(index=records.index)
    purpose = records["kind"].map(PURPOSES)
    return marked.assign(marking=records["marking"], purpose=purpose).astype("str")


RECORDS: Final = {
    "incidents": mark_incidents,
    "incident_records": mark_incidents,
    "incidents.accepted": mark_incidents,
    "landmarks": mark_landmarks,
    "landmarks.accepted": mark_landmarks,
    "quarantine": mark_unknown,
    "incidents.faults": mark_unknown,
    "landmarks.faults": mark_unknown,
    "effort.accepted": mark_effort,
    "contacts.accepted": mark_neutral,
    "offices.accepted": mark_neutral,
    "releases.accepted": mark_neutral,
    "scenarios.accepted": mark_neutral,
    "links": mark_unknown,
    "incident_members": mark_unknown,
}
"""Tables whose rows are records or name them, and how each row is marked."""


def marks_of(name: str) -> Callable[[pd.DataFrame], pd.DataFrame] | None:
    """Find how the rows of a table are marked, if it is one of records.

    Parameters
    ----------
    name
        Of a table, or of a part of the deliveries: ``links.accepted``.

    Returns
    -------
    callable or None
        As of :data:`RECORDS`. Every delivery is taken for records; None for a table
        that is made of many.

    Examples
    --------
    >>> marks_of("follow_up.accepted") is mark_unknown, marks_of("scores")
    (True, None)
    """
    return RECORDS.get(name, mark_unknown if "." in name else None)

"""Gazetteer: landmarks and cards of a project, kept as deliveries of one row."""

import datetime
import hashlib
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.errors import LandmarkExistsError
from riskmap.exports.geojson import feature_collection
from riskmap.exports.table import csv_text
from riskmap.ingest import FAULT_TABLE
from riskmap.ingest.landmarks import SIDES
from riskmap.pipeline.audit import audited, now
from riskmap.pipeline.deliveries import LANDMARK_PROFILE
from riskmap.pipeline.reports import BatchReport
from riskmap.pipeline.versions import current_records
from riskmap.pipeline.whereabouts import Whereabouts, landmarks_of
from riskmap.places.demarcation import rank_stretches
from riskmap.places.register import NewLandmark, landmark_row, matching, verified
from riskmap.places.verification import find_disagreements, verification_states
from riskmap.project import Project
from riskmap.schema import empty_table

LANDMARK_SIDES = SIDES

INCURSION = "incursion"


def today() -> datetime.date:
    """Tell the day, for a face that was given none.

    Returns
    -------
    datetime.date
        The day at Greenwich.
    """
    return now().date()


def list_landmarks(
    project: Project,
    *,
    on: datetime.date | None = None,
    kind: str = "",
    side: str = "",
    text: str = "",
) -> gpd.GeoDataFrame:
    """List landmarks with how well each is verified, along the line.

    Parameters
    ----------
    project
        The project; it need not have been run.
    on
        The day that verification is judged on; today if not given.
    kind, side, text
        Which of them; empty for all. A text is looked for in names and identifiers.

    Returns
    -------
    geopandas.GeoDataFrame
        On ``landmark_id``: the landmarks that hold, ``state`` (``verified``,
        ``stale``, ``never`` or ``unverified``) and ``days`` since, NaN if no day is
        on record.
    """
    held = matching(landmarks_of(project), kind=kind, side=side, text=text)
    states: Any = held.join(verification_states(held, today=on or today()))
    return states


def unverified_landmarks(
    project: Project, *, on: datetime.date | None = None
) -> gpd.GeoDataFrame:
    """List the landmarks that nobody has verified, or not for over 183 days.

    Parameters
    ----------
    project
        The project; it need not have been run.
    on
        The day that this is judged on; today if not given.

    Returns
    -------
    geopandas.GeoDataFrame
        As :func:`list_landmarks`, without the verified ones.
    """
    held = list_landmarks(project, on=on)
    return held[held["state"] != "verified"]


def landmark_history(project: Project, landmark_id: str) -> gpd.GeoDataFrame:
    """Read all that was ever delivered of one landmark.

    Parameters
    ----------
    project
        The project.
    landmark_id
        Which landmark.

    Returns
    -------
    geopandas.GeoDataFrame
        One row a delivery, what holds last: ``known_at``, ``file``, then the columns
        of a landmark.

    Raises
    ------
    UnknownNameError
        If there is no such landmark; those of like names are listed.
    """
    # refuses an unknown one, with the ids that are like it
    verified(landmarks_of(project), [landmark_id], on=today())
    batches = project.batches("landmarks")
    rows = []
    for place, batch in enumerate(batches):
        table = batches[place : place + 1].accepted()
        held = table[table.index == landmark_id]
        told = {"known_at": batch.known_at, "file": batch.file_name}
        rows.append(held.assign(**told)[[*told, *held.columns]])
    found: Any = pd.concat(rows)
    return found


def landmark_disagreements(project: Project) -> gpd.GeoDataFrame:
    """List the landmarks that two sources place or name otherwise; both are kept.

    Parameters
    ----------
    project
        The project.

    Returns
    -------
    geopandas.GeoDataFrame
        As :func:`riskmap.places.verification.find_disagreements`. What a source has
        corrected since is no disagreement.
    """
    batches = project.batches("landmarks")
    if not len(batches):
        return find_disagreements(landmarks_of(project))
    rows = batches.accepted()
    corrected = rows.reset_index().duplicated(["landmark_id", "source"], keep="last")
    kept: Any = rows[~corrected.to_numpy()]
    return find_disagreements(kept)


def stretches_to_mark(project: Project, known: Whereabouts) -> gpd.GeoDataFrame:
    """Rank stretches of the line by how much a new marker would be worth there.

    Parameters
    ----------
    project
        The project, for the incursions on record.
    known
        As :func:`riskmap.pipeline.read_whereabouts` reads it.

    Returns
    -------
    geopandas.GeoDataFrame
        As :func:`riskmap.places.demarcation.rank_stretches`; ``incursions`` are
        missing, not zero, where no source that has delivered any looks.
    """
    km = None
    records = current_records(project.batches("incidents"))
    held = records.geometry[records["kind"] == INCURSION]
    if len(held):
        km, _ = known.line.nearest(np.asarray(held.x), np.asarray(held.y))
    made = project.snapshot("coverage")
    coverage = project.read("coverage" if made else "coverage_given")
    telling = set(records.loc[records["kind"] == INCURSION, "source"])
    spans = coverage[coverage["source"].isin(telling)]
    return rank_stretches(
        known.gazetteer,
        known.line,
        incursions_km=km,
        watched_km=tuple(zip(spans["from_km"], spans["to_km"], strict=True)),
        areas=known.around.areas,
    )


def geojson_text(table: gpd.GeoDataFrame, *, name: str) -> str:
    """Write a table with places as GeoJSON.

    Parameters
    ----------
    table
        EPSG:4326; the first column identifies the features.
    name
        Name of the layer.

    Returns
    -------
    str
        A FeatureCollection, six decimals, one feature a line.
    """
    return b"".join(feature_collection(table, name=name, about={})).decode()


@audited("edit", subject="landmark")
def add_landmark(
    project: Project,
    known: Whereabouts,
    new: NewLandmark,
    *,
    replace: bool = False,
    at: datetime.datetime | None = None,
) -> BatchReport:
    """Deliver one landmark; what was known of it before stays in its history.

    Parameters
    ----------
    project
        The project.
    known
        As :func:`riskmap.pipeline.read_whereabouts` reads it, for side and kilometre.
    new
        What was said of it.
    replace
        True to correct a landmark of that id.
    at
        When it became known, UTC; now if not given.

    Returns
    -------
    BatchReport
        ``repeated`` if it is known just so already.

    Raises
    ------
    LandmarkFaultyError
        If it lies nowhere, far from the border, or on another side than was said.
    LandmarkExistsError
        If there is a landmark of that id and it is not to be replaced.
    """
    row = landmark_row(new, known.line)
    held = landmarks_of(project)
    there = new.landmark_id in held.index
    if there and not replace and not _same(held.loc[[new.landmark_id]], row):
        msg = f"There is a landmark {new.landmark_id} already."
        raise LandmarkExistsError(msg, landmark=new.landmark_id)
    return _deliver(project, held, row, at)


@audited("approve", subject="landmarks")
def verify_landmarks(
    project: Project,
    ids: tuple[str, ...],
    *,
    on: datetime.date,
    at: datetime.datetime | None = None,
) -> BatchReport:
    """Note that somebody verified landmarks on a day: a delivery of just these.

    Parameters
    ----------
    project
        The project.
    ids
        Which landmarks.
    on
        The day.
    at
        When it became known, UTC; now if not given.

    Returns
    -------
    BatchReport
        ``repeated`` if that is known already.

    Raises
    ------
    UnknownNameError
        If there is no landmark of such an id; nothing is noted then.
    """
    held = landmarks_of(project)
    chosen = tuple(dict.fromkeys(ids))
    return _deliver(project, held, verified(held, chosen, on=on), at)


def _deliver(
    project: Project,
    held: gpd.GeoDataFrame,
    rows: gpd.GeoDataFrame,
    at: datetime.datetime | None,
) -> BatchReport:
    """Record rows that change what holds; the same again is told to be repeated."""
    name = "+".join(rows.index)
    before = held.loc[held.index.isin(rows.index)]
    repeated = len(before) == len(rows) and _same(before.loc[rows.index], rows)
    if not repeated:
        seen = len(project.batches("landmarks"))
        # counted, so that a change that is taken back is news
        text = f"{seen}\n{_text_of(rows)}"
        project.record_batch(
            "landmarks",
            accepted=rows,
            faults=empty_table(FAULT_TABLE, index="row_number").reset_index(drop=True),
            file_sha256=hashlib.sha256(text.encode()).hexdigest(),
            file_name=name,
            profile=LANDMARK_PROFILE,
            duplicates=0,
            rows_in=len(rows),
            known_at=(at or now()).isoformat(timespec="seconds"),
            seen=seen,
        )
    return BatchReport(
        file=name,
        profile=LANDMARK_PROFILE,
        rows_in=len(rows),
        accepted=len(rows),
        quarantined=0,
        duplicates=0,
        faults={},
        stripped={},
        repeated=repeated,
    )


def _same(one: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> bool:
    """Tell whether rows say the same."""
    return _text_of(one) == _text_of(other)


def _text_of(rows: gpd.GeoDataFrame) -> str:
    """Write rows as text, for comparing and for a checksum."""
    flat = pd.DataFrame(rows.drop(columns="geometry")).reset_index()
    return csv_text(flat.assign(x=rows.geometry.x.array, y=rows.geometry.y.array))

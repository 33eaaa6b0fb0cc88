"""Data dictionary: every exported field in plain words, in both languages."""

from collections.abc import Mapping

import pandas as pd

from riskmap.exports.notes import ExportNotes, Label
from riskmap.schema import Column

TABLE = "data_dictionary"

# unit of each field that is neither a layer nor a score; "1" is a pure number and
# "" a text, an identifier or a day
FIELDS: Mapping[str, str] = {
    "cell": "",
    "side": "",
    "share_us": "1",
    "share_mx": "1",
    "km": "km",
    "distance_km": "km",
    "area_km2": "km²",
    "x": "°",
    "y": "°",
    "zone_id": "",
    "score": "",
    "rank": "1",
    "joint_rank": "1",
    "cells": "1",
    "expected_per_year": "1/yr",
    "expected_low_per_year": "1/yr",
    "expected_high_per_year": "1/yr",
    "share_of_score": "1",
    "from_km": "km",
    "to_km": "km",
    "landmark_id": "",
    "landmark_en": "",
    "landmark_es": "",
    "landmark_distance_km": "km",
    "kind": "",
    "name_en": "",
    "name_es": "",
    "accuracy_m": "m",
    "us_id": "",
    "mx_id": "",
    "source": "",
    "basis": "",
    "verified_on": "",
    "events": "1",
    "dead": "1",
    "missing": "1",
    "length_km": "km",
    "radius_km": "km",
    "days": "d",
    "apart_from_km": "km",
    "apart_to_km": "km",
    "apart_from_days": "d",
    "apart_to_days": "d",
    "outer_km": "km",
}

# what follows a score's name in a column, and its unit
SCORE_PARTS: Mapping[str, str] = {
    "low": "1/yr",
    "high": "1/yr",
    "rank": "1",
    "percentile": "%",
    "evidence": "",
    "top1pct": "1",
    "top5pct": "1",
    "top10pct": "1",
}

EVENTS_PREFIX = "events_"


def data_dictionary(
    tables: Mapping[str, pd.DataFrame], notes: ExportNotes
) -> pd.DataFrame:
    """Describe every field of some tables.

    Parameters
    ----------
    tables
        Tables as they are written, by name.
    notes
        Words, and which columns are scores and layers.

    Returns
    -------
    pandas.DataFrame
        A row for each field of each table, in their order: ``table``, ``field``,
        ``type``, ``unit``, and for each language ``name_…`` and ``meaning_…``.

    Raises
    ------
    KeyError
        If the catalogue has no words for a field.

    Examples
    --------
    >>> notes = ExportNotes(version="0.1", as_of="2022-01-01", words={"en": str.upper})
    >>> table = pd.DataFrame({"km": [1.0]})
    >>> data_dictionary({"cells": table}, notes).iloc[0].to_list()
    ['cells', 'km', 'float64', 'km', 'FIELD.KM', 'FIELD.KM.HELP']
    """
    layers = {column.name: column for column in notes.layers}
    rows = []
    for table, values in tables.items():
        for field, dtype in values.dtypes.items():
            if dtype == "geometry":
                continue
            name = str(field)
            row = {"table": table, "field": name, "type": _kind(dtype)}
            row["unit"] = _unit(name, layers, notes)
            for language, label in sorted(notes.words.items()):
                row[f"name_{language}"] = _name(name, layers, notes, label)
                row[f"meaning_{language}"] = _meaning(name, layers, notes, label)
            rows.append(row)
    return pd.DataFrame(rows)


def _kind(dtype: object) -> str:
    """Name a type as a reader of the file would."""
    name = str(dtype).lower()
    return "datetime" if name.startswith("datetime") else name


def _score_part(field: str, notes: ExportNotes) -> tuple[str, str] | None:
    """Split a column of a score into the score and its part, "" for the score."""
    for score in notes.scores:
        if field == score:
            return score, ""
        part = field.removeprefix(f"{score}_")
        if part != field and part in SCORE_PARTS:
            return score, part
    return None


def _unit(field: str, layers: Mapping[str, Column], notes: ExportNotes) -> str:
    """Give the unit of a field."""
    if field in FIELDS:
        return FIELDS[field]
    if field in layers:
        return layers[field].unit
    if found := _score_part(field, notes):
        return SCORE_PARTS.get(found[1], "1/yr")
    return "1"


def _name(
    field: str, layers: Mapping[str, Column], notes: ExportNotes, label: Label
) -> str:
    """Name a field."""
    if field not in FIELDS and field in layers:
        return label(f"layer.{field}")
    if found := _score_part(field, notes):
        score, part = found
        name = label(f"score.{score}")
        return f"{name}: {label(f'field.score_{part}')}" if part else name
    if field.startswith(EVENTS_PREFIX):
        kind = label(f"kind.{field.removeprefix(EVENTS_PREFIX)}")
        return f"{label('field.events')}: {kind}"
    return label(f"field.{field}")


def _meaning(
    field: str, layers: Mapping[str, Column], notes: ExportNotes, label: Label
) -> str:
    """Say what a field means, and what a missing value in it means."""
    if field not in FIELDS and field in layers:
        return label(f"layer.{field}.help")
    if found := _score_part(field, notes):
        score, part = found
        return label(f"field.score_{part}.help" if part else f"score.{score}.help")
    if field.startswith(EVENTS_PREFIX):
        return label("field.events.help")
    return label(f"field.{field}.help")

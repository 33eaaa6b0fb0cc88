"""Package tables: what of a project may leave under a profile, and what stays."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap import cells as cells_
from riskmap.exports import score_table
from riskmap.history.accuracy import only_area
from riskmap.identifiers import find_disclosing
from riskmap.pipeline.disclosure import Release
from riskmap.pipeline.package_change import add_change
from riskmap.pipeline.policy import marking_of_table
from riskmap.pipeline.record_marks import RECORDS
from riskmap.pipeline.release_files import released_table
from riskmap.project import Project
from riskmap.scoring import PRESETS
from riskmap.sharing.markings import AMBER, CLEAR, GREEN, Marking, rank_of, strictest
from riskmap.sharing.points import to_cell_centres
from riskmap.sharing.policy import (
    Clearance,
    is_visible,
    marking_columns,
    visible_rows,
)
from riskmap.sharing.profiles import DisclosureProfile
from riskmap.sharing.readers import SHOWN

ROLE_OF: Final = {"public": "viewer", "partner": "assessor", "internal": "analyst"}
"""Who is thought to read a package; another role may be asked for."""

SURFACE: Final = "export"

RECORD_FIELDS: Final = (
    "kind",
    "cause",
    "purpose",
    "occurred_on",
    "time_precision",
    "dead",
    "missing",
    "source",
    "area",
    "marking",
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Selection:
    """What leaves.

    Parameters
    ----------
    tables
        Name to table.
    markings
        Name to marking, of the same tables.
    withheld
        What stays, by name: a marking, or a number of rows.
    inputs
        Tables of the project that went in.
    """

    tables: dict[str, Any] = field(default_factory=dict)
    markings: dict[str, Marking] = field(default_factory=dict)
    withheld: dict[str, str] = field(default_factory=dict)
    inputs: set[str] = field(default_factory=set)

    def add(self, name: str, table: Any, marking: Marking, *inputs: str) -> None:
        """Let a table leave; one without rows is not worth a file."""
        if len(table) == 0:
            return
        self.tables[name] = table
        self.markings[name] = marking
        self.inputs.update(inputs)


@dataclass(frozen=True, kw_only=True)
class Door:
    """What decides on leaving.

    Parameters
    ----------
    project
        The project.
    profile
        The disclosure profile.
    clearance
        Of who will read it.
    origin
        Whose the records are where they do not say.
    """

    project: Project
    profile: DisclosureProfile
    clearance: Clearance
    origin: str

    def marking(self) -> Marking:
        """Tell the marking of everything that leaves."""
        named = frozenset({self.clearance.country, self.origin})
        is_open = rank_of(self.profile.label) <= rank_of(GREEN)
        return Marking(
            label=self.profile.label, releasable_to=None if is_open else named
        )

    def lets(self, marking: Marking) -> bool:
        """Tell whether something made of many records may leave whole."""
        visible = is_visible(
            marking, self.clearance, surface=SURFACE, grain="aggregate"
        )
        return visible and rank_of(marking.label) <= rank_of(self.profile.label)

    def lets_rows(self, rows: pd.DataFrame, *, highest: str) -> Any:
        """Tell of each marked record whether it may leave by itself."""
        seen = visible_rows(
            rows, self.clearance, surface=SURFACE, originator=self.origin
        )
        labels = [
            rank_of(Marking.read(text, originator=self.origin).label)
            for text in marking_columns(rows)["marking"]
        ]
        of_purpose = rows["purpose"].isin({*self.profile.purposes, "neutral"})
        low = np.array(labels, dtype=int) <= rank_of(highest)
        return seen & low & of_purpose.to_numpy()

    def kept(self) -> tuple[str, ...]:
        """Name the scores whose purpose may leave."""
        return tuple(
            preset.name for preset in PRESETS if preset.purpose in self.profile.purposes
        )


def select_tables(door: Door, release: Release | None) -> Selection:
    """Choose what leaves: derived tables whole, records one by one, released counts.

    Parameters
    ----------
    door
        What decides.
    release
        Counts that were released under the profile; None where records leave.

    Returns
    -------
    Selection
        Never anything of a marking above the profile's, of a purpose that it does
        not name, or of which a text tells of a person or a place.
    """
    found = Selection()
    _add_derived(door, found)
    _add_landmarks(door, found)
    _add_incidents(door, found)
    add_change(door, found)
    if release is not None:
        found.add("counts", _count_layer(release), door.marking(), "incidents")
    return found


def _add_derived(door: Door, found: Selection) -> None:
    """Add scores and zones, unless something that went into them forbids it."""
    project, scores = door.project, door.kept()
    dropped = tuple(preset.name for preset in PRESETS if preset.name not in scores)
    marks = {
        name: marking_of_table(project, name, originator=door.origin)
        for name in ("cells", "scores", "zones")
    }
    both = strictest((marks["cells"], marks["scores"]))
    if door.lets(both):
        table = score_table(project.read("cells"), project.read("scores"))
        kept = [c for c in table if not str(c).startswith(dropped or ("\0",))]
        found.add("scores", table[kept], both, "cells", "scores")
    else:
        found.withheld["scores"] = both.text()
    if door.lets(marks["zones"]):
        zones = project.read("zones")
        zones = zones[zones["score"].isin(scores)]
        told = _tells(zones, ("landmark_en", "landmark_es"))
        for name in ("landmark_en", "landmark_es", "landmark_id"):
            zones = zones.assign(**{name: zones[name].mask(told, "")})
        found.add("zones", zones, marks["zones"], "zones")
    else:
        found.withheld["zones"] = marks["zones"].text()


def _add_landmarks(door: Door, found: Selection) -> None:
    """Add the landmarks that may be seen one by one."""
    table: Any = door.project.read("landmarks")
    marked = RECORDS["landmarks"](pd.DataFrame(table))
    seen = door.lets_rows(marked, highest=door.profile.label)
    seen &= ~_tells(table, ("name_en", "name_es")).to_numpy()
    table = table.assign(marking=marked["marking"])[seen]
    _count_withheld(found, "landmarks", seen)
    marking = _of_rows(marked[seen], door)
    found.add("landmarks", table, marking, "landmarks")


def _add_incidents(door: Door, found: Selection) -> None:
    """Add records one by one, at the centre of their cell; an area has no place.

    Beside protected counts only those that everybody knows: any other could be
    subtracted from a count.
    """
    if rank_of(door.profile.label) < rank_of(AMBER):
        return
    open_only = rank_of(door.profile.label) == rank_of(AMBER)
    table: Any = door.project.read("incidents")
    marked = RECORDS["incidents"](pd.DataFrame(table.drop(columns="geometry")))
    seen = door.lets_rows(marked, highest=CLEAR if open_only else door.profile.label)
    _count_withheld(found, "incidents", seen)
    if not seen.any():
        return
    finest = max(door.profile.resolutions)
    points = to_cell_centres(table.geometry.x[seen], table.geometry.y[seen], finest)
    shapes = shapely.points(points["x"], points["y"])
    # records of before there were areas have none
    area = marked["area"].fillna("") if "area" in marked else ""
    told = marked.assign(area=area)[seen]
    shapes[only_area(told)] = None
    records = gpd.GeoDataFrame(
        told[list(RECORD_FIELDS)], geometry=shapes, crs="EPSG:4326"
    )
    found.add("incidents", records, _of_rows(marked[seen], door), "incidents")


def _of_rows(rows: pd.DataFrame, door: Door) -> Marking:
    texts = rows["marking"].unique()
    marks = [Marking.read(text, originator=door.origin) for text in texts]
    return strictest([*marks, Marking(label=CLEAR)])


def _count_withheld(found: Selection, name: str, seen: Any) -> None:
    """Say how many rows stay, as little as nought or some: a number could tell."""
    if not seen.all():
        found.withheld[name] = "rows"


def _tells(table: pd.DataFrame, columns: tuple[str, ...]) -> pd.Series:
    """Find rows of which a text tells of a person, or exactly of a place."""
    found = pd.Series(data=False, index=table.index)
    for name in columns:
        told: Mapping[str, bool] = {
            text: any(True for _ in find_disclosing(text))
            for text in table[name].dropna().unique()
        }
        found |= table[name].map(told).fillna(value=False).astype(bool)
    return found


def _count_layer(release: Release) -> gpd.GeoDataFrame:
    """Draw the counts that are shown; the whole border has no outline.

    A hexagon for each that is not would be nine tenths of the file.
    """
    table = released_table(release)
    parts = ("cell", "stratum", "purpose", "kind", "period")
    name = table["cell"].where(table["cell"] != "", "border")
    for part in parts[1:]:
        name = name + "-" + table[part].where(table[part] != "", "all")
    shapes = np.full(len(table), None, dtype=object)
    placed = ((table["cell"] != "") & (table["state"] == SHOWN)).to_numpy()
    known = cells_.parse_cells(table.loc[placed, "cell"])
    shapes[placed] = cells_.cell_polygons(known).to_numpy()
    frame = gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4326")
    return frame.set_index(pd.Index(name, name="count_id"))

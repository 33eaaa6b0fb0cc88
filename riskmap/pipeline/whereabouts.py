"""Whereabouts: what a project knows of places, to say where something is."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.boundary import boundary_line, kilometres_along, point_at
from riskmap.boundary.sides import sides_at, sides_of
from riskmap.ingest.landmarks import LANDMARK_TABLE
from riskmap.pipeline.audit import now
from riskmap.pipeline.contacts import contacts_of, offices_of
from riskmap.places.answers import Answer
from riskmap.places.card import Surroundings, build_surroundings, cards
from riskmap.places.facts import Card
from riskmap.places.gaps import GapOptions, find_gaps
from riskmap.places.gazetteer import Gazetteer, build_gazetteer
from riskmap.places.jurisdictions import OFFICES, offices_at, units_at
from riskmap.places.line import Line
from riskmap.places.resolver import locate
from riskmap.places.wording import answer_json
from riskmap.project import Project
from riskmap.schema import empty_table

RIVERS = ("rio_grande", "colorado")


@dataclass(frozen=True, kw_only=True, eq=False)
class Whereabouts:
    """What phrases are resolved with and cards are made from.

    Parameters
    ----------
    gazetteer
        Landmarks by name, number and code.
    line
        The line, measured by :mod:`riskmap.boundary`.
    units
        Jurisdictions.
    offices
        Liaison mechanisms and consulates by kilometre.
    contacts
        Who answers for which stretch.
    terrain
        Elevation by cell.
    day
        The day that verification is judged on.
    """

    gazetteer: Gazetteer
    line: Line
    units: gpd.GeoDataFrame
    offices: pd.DataFrame
    contacts: pd.DataFrame
    terrain: pd.DataFrame
    day: datetime.date

    @cached_property
    def around(self) -> Surroundings:
        """Everything that cards look up, indexed at the first card."""
        made = build_surroundings(
            self.gazetteer,
            self.line,
            jurisdictions=self.units,
            offices=self.offices,
            contacts=self.contacts,
            terrain=self.terrain,
        )
        return replace(made, today=self.day)


def landmarks_of(project: Project) -> gpd.GeoDataFrame:
    """Read the landmarks delivered so far; what came last of one is what holds.

    Parameters
    ----------
    project
        The project; it need not have been run.

    Returns
    -------
    geopandas.GeoDataFrame
        On ``landmark_id``, EPSG:4326; empty before the first delivery.
    """
    batches = project.batches("landmarks")
    if not len(batches):
        nothing: Any = empty_table(LANDMARK_TABLE, index="landmark_id")
        return nothing
    accepted: Any = batches.accepted()
    return accepted[~accepted.index.duplicated(keep="last")].sort_index()


def measured_line(boundary: gpd.GeoDataFrame) -> Line:
    """Hand the line to places, with what measures it.

    Parameters
    ----------
    boundary
        Reaches in order.

    Returns
    -------
    riskmap.places.line.Line
        The line.
    """
    shape = boundary_line(boundary)
    rivers = boundary[boundary["reach"].isin(RIVERS)]
    return Line(
        nearest=partial(kilometres_along, shape),
        point_at=partial(point_at, shape),
        side_of=partial(sides_at, sides_of(shape)),
        length_km=float(boundary["to_km"].max()),
        rivers=tuple(zip(rivers["from_km"], rivers["to_km"], strict=True)),
    )


def roads_of(project: Project) -> gpd.GeoDataFrame | None:
    """Read the roads of a project.

    Parameters
    ----------
    project
        The project; it need not have been run.

    Returns
    -------
    geopandas.GeoDataFrame or None
        None in a project that was made before there were any.
    """
    roads: Any = project.read("roads") if project.snapshot("roads") else None
    return roads


def read_whereabouts(
    project: Project, *, on: datetime.date | None = None
) -> Whereabouts:
    """Read and index what a project knows of places; keep it for many questions.

    Parameters
    ----------
    project
        The project; it need not have been run.
    on
        The day that verification is judged on; today if not given.

    Returns
    -------
    Whereabouts
        Gazetteer, line and areas.

    Raises
    ------
    TableMissingError
        If the project has no boundary.
    """
    boundary: Any = project.read("boundary")
    units: Any = project.read("jurisdictions")
    waterways: Any = project.read("waterways")
    line = measured_line(boundary)
    day = on or now().date()
    gazetteer = build_gazetteer(
        landmarks_of(project),
        waterways=waterways,
        roads=roads_of(project),
        jurisdictions=units,
        today=day,
    )
    return Whereabouts(
        gazetteer=gazetteer,
        line=line,
        units=units,
        offices=offices_of(project),
        contacts=contacts_of(project),
        terrain=project.read("terrain_given"),
        day=day,
    )


def find_place(known: Whereabouts, text: str) -> Answer:
    """Say where a phrase is: every reading with its doubt, or why there is none.

    Parameters
    ----------
    known
        As :func:`read_whereabouts` reads it.
    text
        What somebody said, in either language or a mix.

    Returns
    -------
    riskmap.places.answers.Answer
        Candidates, the likeliest first; or a reason.
    """
    return locate(text, known.gazetteer, known.line)


def find_place_json(
    known: Whereabouts, text: str, words: Mapping[str, Any]
) -> dict[str, Any]:
    """Say where a phrase is, for a program.

    Parameters
    ----------
    known
        As :func:`read_whereabouts` reads it.
    text
        What somebody said.
    words
        Language to its labels, both.

    Returns
    -------
    dict
        ``candidates`` and ``reason``, as ``riskmap locate --json`` prints them.
    """
    return answer_json(find_place(known, text), words)


def place_cards(
    known: Whereabouts, x: Any, y: Any, *, accuracy_m: float = 0.0
) -> list[Card]:
    """Make the cards of points: what is near, who answers, how to say it.

    Parameters
    ----------
    known
        As :func:`read_whereabouts` reads it.
    x, y
        Longitudes and latitudes, degrees (EPSG:4326).
    accuracy_m
        How far the points may be off, metres.

    Returns
    -------
    list of riskmap.places.card.Card
        One a point.
    """
    xs, ys = np.asarray(x, dtype="float64"), np.asarray(y, dtype="float64")
    return list(cards(xs, ys, known.around, accuracy_m=accuracy_m))


def place_units(known: Whereabouts, points: pd.DataFrame) -> pd.DataFrame:
    """Tell the jurisdictions of many places on both sides, cells or incidents.

    Parameters
    ----------
    known
        As :func:`read_whereabouts` reads it.
    points
        ``x`` and ``y``, degrees (EPSG:4326), on any index: the cell table, or the
        places of incidents.

    Returns
    -------
    pandas.DataFrame
        On the same index: the name of the state, county or municipio and sector on
        each side, those of the other side across the line, and the liaison mechanisms
        and consulates that are competent, joined by "; ". Empty where nothing is on
        file: a gap, filled by no guess.
    """
    x, y = (points[name].to_numpy(dtype="float64") for name in ("x", "y"))
    areas = known.around.areas
    km, away_km = known.line.nearest(x, y)
    columns: dict[str, Any] = {}
    if areas is None:
        return pd.DataFrame(index=points.index)
    held = units_at(areas, x, y, km, away_km, known.line.side_of(x, y))
    for kind, units in held.items():
        # the last name stands for a place that no unit holds
        names = np.array([*areas.names[kind], ""], dtype=object)
        columns[kind] = pd.array(names[units], dtype="str")
    called = areas.offices["name_en"].astype(str).tolist()
    competent = offices_at(areas, km)
    for office in OFFICES:
        told = ["; ".join(called[row] for row in one[office]) for one in competent]
        columns[office] = pd.array(told, dtype="str")
    return pd.DataFrame(columns, index=points.index)


def landmark_gaps(known: Whereabouts, *, reach_km: float) -> gpd.GeoDataFrame:
    """Find the stretches of the line far from every landmark both sides know.

    Parameters
    ----------
    known
        As :func:`read_whereabouts` reads it.
    reach_km
        Farther than this is far.

    Returns
    -------
    geopandas.GeoDataFrame
        The longest first, EPSG:4326.

    Raises
    ------
    OptionError
        If the reach is not above zero.
    """
    return find_gaps(known.gazetteer, known.line, GapOptions(reach_km=reach_km))

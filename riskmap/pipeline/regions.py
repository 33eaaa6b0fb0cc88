"""Regions: parts of the border opened by name, and what of a project is there."""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from riskmap.pipeline import views
from riskmap.pipeline.context import read_priority_regions
from riskmap.pipeline.founding import sample_folder
from riskmap.pipeline.whereabouts import landmarks_of
from riskmap.places.lexicon import fold
from riskmap.places.regions import find_region, region_mask, unit_regions
from riskmap.project import Project

TABLE, FILE = "priority_regions", "landmarks/priority_regions.csv"

# kinds of jurisdictions that are listed among the regions, without being asked for
LISTED = ("bp_sector", "us_state", "mx_state")


@dataclass(frozen=True, kw_only=True, eq=False)
class RegionView:
    """What of a project lies in one region.

    Parameters
    ----------
    region_id, name_en, name_es
        The region, by its code and its names.
    basis
        How its outline is known: ``read``, ``derived`` or ``unverified``.
    cells
        Numbers of the cells whose centres lie in it, in the order of the cell table.
    zones
        Ids of the zones with a cell in it, sorted.
    box
        West, south, east, north of those centres, degrees; None if there are none.
    landmarks
        Ids of the landmarks in it, sorted.
    area_km2
        Area of those cells, square kilometres.
    """

    region_id: str
    name_en: str
    name_es: str
    basis: str
    cells: npt.NDArray[np.uint64]
    zones: tuple[str, ...]
    box: tuple[float, float, float, float] | None
    landmarks: tuple[str, ...] = ()
    area_km2: float = 0.0


def list_regions(project: Project | None = None) -> pd.DataFrame:
    """List the regions that can be opened by name.

    Parameters
    ----------
    project
        The project of which the regions are listed; the bundled ones if not given,
        or if it was made before projects had any.

    Returns
    -------
    pandas.DataFrame
        ``region_id``, ``name_en``, ``name_es``, ``by``, ``value``, ``source``,
        ``basis``; texts. Every state and sector of the project's jurisdictions is one,
        in the project's table of regions or not.

    Examples
    --------
    >>> list_regions()["region_id"].tolist()[:2]
    ['western_arizona_deserts', 'all_american_canal']
    """
    if project is None or project.snapshot(TABLE) is None:
        listed = read_priority_regions(sample_folder() / FILE)
    else:
        listed = project.read(TABLE)
    if project is None:
        return listed
    units = unit_regions(_units(project))
    wide = units[units["region_id"].str.partition(":")[0].isin(LISTED)]
    known = {fold(name) for name in listed["name_en"]}
    new = wide[[fold(name) not in known for name in wide["name_en"]]]
    return pd.concat([listed, new], ignore_index=True)


def _units(project: Project) -> gpd.GeoDataFrame:
    """Read the jurisdictions of a project."""
    units: Any = project.read("jurisdictions")
    return units


def _any_region(project: Project) -> pd.DataFrame:
    """List the regions, then every unit of jurisdiction."""
    every = [list_regions(project), unit_regions(_units(project))]
    table = pd.concat(every, ignore_index=True)
    return table[~table.duplicated("region_id")]


def open_region(
    project: Project, name: str, *, regions: pd.DataFrame | None = None
) -> RegionView:
    """Find what of a project lies in a region.

    Parameters
    ----------
    project
        A project that has been run.
    name
        Code or name, in either language; case and accents do not count. Counties and
        municipios open as well: "Pima County", ``mx_municipio:26004``.
    regions
        As :func:`list_regions` returns it; those of the project if not given.

    Returns
    -------
    RegionView
        Its cells, zones and view.

    Raises
    ------
    UnknownNameError
        If there is no such region, or it names an outline that the project lacks.
    TableMissingError
        Before the first run.
    """
    row = find_region(_any_region(project) if regions is None else regions, name)
    cells = project.read("cells")
    held = cells[rows_inside(project, row, cells)]
    landmarks = landmarks_of(project)
    points = landmarks.geometry
    placed = pd.DataFrame(
        {"x": points.x, "y": points.y, "km": landmarks["km"]}, index=landmarks.index
    )
    marked = landmarks.index[rows_inside(project, row, placed)]
    members = project.read("zone_cells")
    zones = members.loc[members["cell"].isin(held.index), "zone_id"]
    return RegionView(
        region_id=str(row["region_id"]),
        name_en=str(row["name_en"]),
        name_es=str(row["name_es"]),
        basis=str(row["basis"]),
        cells=held.index.to_numpy(dtype=np.uint64),
        zones=tuple(sorted({str(zone) for zone in zones})),
        landmarks=tuple(str(name) for name in marked),
        area_km2=float(held["area_km2"].sum()),
        box=_box(held),
    )


def rows_inside(
    project: Project, row: pd.Series, table: pd.DataFrame
) -> npt.NDArray[np.bool_]:
    """Tell which rows of a table lie in a region.

    Parameters
    ----------
    project
        Whose outlines.
    row
        Row of :func:`list_regions`.
    table
        With ``x``, ``y`` (degrees, EPSG:4326) and ``km``.

    Returns
    -------
    numpy.ndarray of bool of shape (n_rows,)
        By the place of each row: of a cell its centre.
    """
    shapes: Any = project.read("regions")
    return region_mask(row, table, shapes=shapes, jurisdictions=_units(project))


def scores_in(
    project: Project,
    region: RegionView,
    *,
    target: str | None = None,
    top: int | None = None,
) -> pd.DataFrame:
    """Read the scores of a region's cells, the highest first.

    Parameters
    ----------
    project
        A project that has been run.
    region
        From :func:`open_region`.
    target
        One score, by name; all if not given.
    top
        How many cells.

    Returns
    -------
    pandas.DataFrame
        As :func:`riskmap.pipeline.scores`; ranks are those of the whole border.
    """
    table = views.scores(project, target=target)
    table = table[table.index.isin(region.cells)]
    rank = f"{target or views.SCORES[0]}_rank"
    if target is not None or top is not None:
        table = table.sort_values(rank, kind="stable", na_position="last")
    return table if top is None else table[table[rank].notna()].head(top)


def zones_in(
    project: Project, region: RegionView, *, target: str | None = None
) -> gpd.GeoDataFrame:
    """Read the ranked zones that have a cell in a region.

    Parameters
    ----------
    project
        A project that has been run.
    region
        From :func:`open_region`.
    target
        One score, by name; all if not given.

    Returns
    -------
    geopandas.GeoDataFrame
        As :func:`riskmap.pipeline.zones`, whole, ranks of the whole border.
    """
    found = views.zones(project, target=target)
    return found[found.index.isin(region.zones)]


def _box(held: pd.DataFrame) -> tuple[float, float, float, float] | None:
    """Find the box about cells."""
    if held.empty:
        return None
    x, y = held["x"], held["y"]
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())

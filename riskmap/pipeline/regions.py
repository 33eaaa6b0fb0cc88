"""Regions: parts of the border opened by name, and what of a project is there."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskmap.pipeline.founding import sample_folder
from riskmap.places.regions import REGION_TABLE, find_region, region_mask
from riskmap.project import Project

FILE = "landmarks/priority_regions.csv"


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
    """

    region_id: str
    name_en: str
    name_es: str
    basis: str
    cells: npt.NDArray[np.uint64]
    zones: tuple[str, ...]
    box: tuple[float, float, float, float] | None


def list_regions(file: Path | None = None) -> pd.DataFrame:
    """List the regions that can be opened by name.

    Parameters
    ----------
    file
        A table like the bundled one; the bundled one if not given.

    Returns
    -------
    pandas.DataFrame
        ``region_id``, ``name_en``, ``name_es``, ``by``, ``value``, ``source``,
        ``basis``; texts.

    Examples
    --------
    >>> list_regions()["region_id"].tolist()[:2]
    ['western_arizona_deserts', 'all_american_canal']
    """
    table = pd.read_csv(file or sample_folder() / FILE, dtype="str", encoding="utf-8")
    return table[[column.name for column in REGION_TABLE]]


def open_region(
    project: Project, name: str, *, regions: pd.DataFrame | None = None
) -> RegionView:
    """Find what of a project lies in a region.

    Parameters
    ----------
    project
        A project that has been run.
    name
        Code or name, in either language; case and accents do not count.
    regions
        As :func:`list_regions` returns it; the bundled ones if not given.

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
    row = find_region(list_regions() if regions is None else regions, name)
    cells = project.read("cells")
    shapes: Any = project.read("regions")
    units: Any = project.read("jurisdictions")
    inside = region_mask(row, cells, shapes=shapes, jurisdictions=units)
    held = cells[inside]
    members = project.read("zone_cells")
    zones = members.loc[members["cell"].isin(held.index), "zone_id"]
    return RegionView(
        region_id=str(row["region_id"]),
        name_en=str(row["name_en"]),
        name_es=str(row["name_es"]),
        basis=str(row["basis"]),
        cells=held.index.to_numpy(dtype=np.uint64),
        zones=tuple(sorted({str(zone) for zone in zones})),
        box=_box(held),
    )


def _box(held: pd.DataFrame) -> tuple[float, float, float, float] | None:
    """Find the box about cells."""
    if held.empty:
        return None
    x, y = held["x"], held["y"]
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())

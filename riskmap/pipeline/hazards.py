"""Hazards: terrain, climate and water brought together for the danger physics."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskmap.crs import geocentric
from riskmap.features.climate import MONTHS, interpolate
from riskmap.features.hazard_files import raster_means, read_day_table, read_hazard
from riskmap.features.terrain import at_cells
from riskmap.hazards.day import dew_point_c
from riskmap.hazards.debt import water_debt
from riskmap.hazards.drowning import NO_COURSES
from riskmap.hazards.options import HazardOptions
from riskmap.hazards.spread import coarsened, refined
from riskmap.hazards.temperature import check_celsius, lowest_of_day_c
from riskmap.hazards.walkers import Ground
from riskmap.hazards.water import drowning
from riskmap.pipeline.reports import Progress
from riskmap.pipeline.runner import Settings, Step, Tables

Floats = npt.NDArray[np.float64]

NEEDS = ("cells", "layers", "climate", "waterways", "terrain_given")


def _normals(
    climate: pd.DataFrame, places: pd.DataFrame, month: int
) -> tuple[Floats, Floats]:
    """Carry the month's normal maximum and minimum to places."""
    centres = geocentric(places["x"].to_numpy(), places["y"].to_numpy())
    height = places["elevation_m"].to_numpy()
    name = MONTHS[month - 1]
    high, low = (
        interpolate(climate[climate["variable"] == variable], [name], centres, height)[
            :, 0
        ]
        for variable in ("tmax", "tmin")
    )
    return high, np.minimum(high, low)


def _day_c(path: Path, places: pd.DataFrame) -> Floats:
    """Read a forecast day's maximum at places, in the file's own unit."""
    if path.suffix.lower() == ".csv":
        table = read_day_table(path)
        centres = geocentric(places["x"].to_numpy(), places["y"].to_numpy())
        height = places["elevation_m"].to_numpy()
        return np.asarray(interpolate(table, ["tmax_c"], centres, height)[:, 0])
    values = raster_means(path, places.index, option="temperature")
    return np.asarray(values, dtype=np.float64)


def _ground(
    places: pd.DataFrame, climate: pd.DataFrame, options: HazardOptions, folder: str
) -> Ground:
    """Tell what a walker meets at places on the month's normal or a forecast day."""
    high, low = _normals(climate, places, options.month)
    dew = dew_point_c(high, low)
    if options.temperature:
        day = _day_c(Path(folder, options.temperature), places)
        day = check_celsius(day, high, options.temperature)
        low = lowest_of_day_c(day, high, low)
        high = day
    return Ground(
        slope_deg=places["slope_deg"].to_numpy(),
        highest_c=high,
        lowest_c=low,
        dew_c=dew,
        latitude_deg=places["y"].to_numpy(),
    )


def _heat(tables: Tables, options: HazardOptions, folder: str) -> pd.DataFrame:
    """Find the water debt, on cells no finer than the ground is known."""
    cells, layers = tables["cells"], tables["layers"]
    water_km = np.fmin(layers["distance_to_water_km"], layers["distance_to_town_km"])
    places = pd.DataFrame(
        {
            "x": cells["x"],
            "y": cells["y"],
            "line_km": cells["distance_km"],
            "water_km": water_km,
            "elevation_m": layers["elevation_m"],
            "slope_deg": layers["slope_deg"],
        }
    )
    coarse = coarsened(places)
    found = water_debt(
        coarse.index,
        _ground(coarse, tables["climate"], options, folder),
        options.walk(),
        line_km=coarse["line_km"].to_numpy(),
        water_km=coarse["water_km"].to_numpy(),
    )
    return refined(found, cells.index)


def _drowning(tables: Tables, options: HazardOptions) -> pd.DataFrame:
    """Find the drowning danger of the land: of the open sea nothing is known."""
    index = tables["cells"].index
    found = drowning(tables["cells"], tables["waterways"], options.water())
    # the bundled terrain holds all land within 110 km of the line, and no open sea
    sea = at_cells(tables["terrain_given"], "elevation_m", index).isna()
    flag = found["drowning_flag"].mask(sea, NO_COURSES).astype("str")
    numbers = found.drop(columns="drowning_flag").mask(sea)
    return numbers.assign(drowning_flag=flag)


def make_hazards(
    tables: Tables, options: HazardOptions, folder: str = "."
) -> pd.DataFrame:
    """Work out every hazard of every cell.

    Parameters
    ----------
    tables
        ``cells``, ``layers``, ``climate``, ``waterways``, ``terrain_given``.
    options
        Who walks, the water, and the files of hazards.
    folder
        Where the files that the options name are.

    Returns
    -------
    pandas.DataFrame
        On ``cell``: the columns of :data:`riskmap.hazards.catalogue.HAZARDS`, those
        of files only if the file is given.

    Raises
    ------
    InputError
        If a file cannot be used.
    """
    cells = tables["cells"]
    parts = [
        _heat(tables, options, folder),
        _drowning(tables, options),
    ]
    for name, file in options.files().items():
        values = read_hazard(Path(folder, file), cells.index, option=name)
        parts.append(values.rename(f"{name}_hazard").to_frame())
    return pd.concat(parts, axis=1)


def heat_of_month(tables: Tables, options: HazardOptions) -> pd.Series:
    """Tell the danger of heat alone in the month that the options name.

    Parameters
    ----------
    tables
        As for :func:`make_hazards`.
    options
        Who walks; files of hazards are not read.

    Returns
    -------
    pandas.Series of float64
        ``heat_chance`` on the cells, 0 to 1; NaN for no data.
    """
    return _heat(tables, options, ".")["heat_chance"]


def water_danger(tables: Tables, options: HazardOptions) -> pd.Series:
    """Tell the danger of drowning alone.

    Parameters
    ----------
    tables, options
        As for :func:`make_hazards`.

    Returns
    -------
    pandas.Series of float64
        ``drowning_chance`` on the cells, 0 to 1; NaN for no data.
    """
    return _drowning(tables, options)["drowning_chance"]


def _checksums(options: HazardOptions, folder: str) -> dict[str, str]:
    """Name the state of the files that options name; empty for one not there."""
    named = dict(options.files())
    if options.temperature:
        named["temperature"] = options.temperature
    found = {}
    for name, file in sorted(named.items()):
        path = Path(folder, file)
        text = path.read_bytes() if path.is_file() else b""
        found[name] = hashlib.sha256(text).hexdigest() if text else ""
    return found


def _step_options(settings: Settings) -> Mapping[str, Any]:
    """Say what the table of hazards depends on."""
    options = settings.config.hazards
    return asdict(options) | {"files": _checksums(options, settings.folder)}


def _make(tables: Tables, settings: Settings, _: Progress) -> Sequence[pd.DataFrame]:
    """Take the step."""
    return (make_hazards(tables, settings.config.hazards, settings.folder),)


HAZARD_STEP = Step(
    name="hazards",
    makes=("hazards",),
    make=_make,
    needs=NEEDS,
    options=_step_options,
)

"""Poster: where heat and water endanger people on foot, for everybody to read.

It is made of physics and published ground alone: no record of any kind goes into it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskmap import cells as cells_
from riskmap.errors import ColumnMissingError, RestrictedError
from riskmap.exports.files import write_bytes
from riskmap.exports.poster import POSTERS, Poster, poster_bytes
from riskmap.hazards.options import HazardOptions
from riskmap.ingest.reading import read_table
from riskmap.pipeline.audit import audited
from riskmap.pipeline.hazards import NEEDS, heat_of_month, water_danger
from riskmap.pipeline.policy import marking_of_table
from riskmap.pipeline.regions import list_regions, rows_inside
from riskmap.pipeline.reports import Progress, tell_nobody
from riskmap.project import Project
from riskmap.sharing.markings import CLEAR

Label = Callable[..., str]

# read besides what the hazards need
GROUND = ("boundary", "basemap", "priority_regions", "jurisdictions")

PAPERS: tuple[str, ...] = tuple(POSTERS)

NUMBERS_FILE = "emergency_numbers.csv"
NUMBER_COLUMNS = ("side", "service_es", "service_en", "number", "hours", "verified_on")

# chance that heat takes more water than the limit, or water a life, at which a class
# begins; riskmap's own choice, to be reviewed by the people who use it
HEAT_FROM = (0.01, 0.05, 0.2)
WATER_FROM = (0.01, 0.05, 0.1)
CLASSES = ("low", "raised", "high", "extreme")
# YlOrRd and Blues of ColorBrewer, four classes
HEAT_COLOURS = ("#ffffb2", "#fecc5c", "#fd8d3c", "#e31a1c")
WATER_COLOURS = ("#eff3ff", "#bdd7e7", "#6baed6", "#08519c")
NO_DATA_COLOUR = "#d9d9d9"

# a zone is as dangerous as the worst tenth of its ground; its water, as its worst cell
WORST_SHARE = 0.9
MAP_RESOLUTION = 6

# what the agreements name, then the states of both countries
NAMED = ("western_arizona_deserts", "all_american_canal", "rio_grande")

ADVICE = ("water", "alone", "heat", "river", "call")


@dataclass(frozen=True, kw_only=True)
class Danger:
    """The danger of one zone.

    Parameters
    ----------
    name_en, name_es
        The zone.
    heat
        Chance at its worst tenth in each month, of shape (12,); NaN for no data.
    water
        Chance at its worst cell; NaN for no data.
    """

    name_en: str
    name_es: str
    heat: npt.NDArray[np.float64]
    water: float


@audited("export", subject="poster")
def write_posters(
    project: Project,
    words: Mapping[str, Label],
    out: Path,
    *,
    papers: Sequence[str] = PAPERS,
    numbers: Path | None = None,
    progress: Progress | None = None,
) -> tuple[Path, ...]:
    """Write the public danger map: heat and water by zone, what to do, whom to call.

    Parameters
    ----------
    project
        A project that has been run.
    words
        ``es`` and ``en`` to their labels; the first is printed large.
    out
        Folder of the files, made if it is not there.
    papers
        ``letter``, ``a4`` or both.
    numbers
        CSV with the columns of :data:`NUMBER_COLUMNS`; by default the project's own
        ``emergency_numbers.csv``. Without one the poster says that none is known.
    progress
        Told ``(step, done, total)``.

    Returns
    -------
    tuple of Path
        One PDF for each paper; the same for the same project and numbers.

    Raises
    ------
    RestrictedError
        If the ground it is made of is marked for fewer than everybody.
    InputError
        If the numbers cannot be read.
    TableMissingError
        Before the first run.
    UnknownNameError
        If there is no such paper.
    FolderUnwritableError
        If it cannot be written.
    """
    told = progress or tell_nobody
    _check_open(project)
    tables = {name: project.read(name) for name in (*NEEDS, *GROUND)}
    usual = HazardOptions()
    months = []
    for month in range(1, 13):
        told("poster", month - 1, 12)
        months.append(heat_of_month(tables, replace(usual, month=month)))
    heat = pd.concat(months, axis=1, keys=range(1, 13))
    water = water_danger(tables, usual)
    zones = zone_dangers(project, tables, heat, water)
    called = read_numbers(numbers or project.path / NUMBERS_FILE)
    sheet = _poster(tables, heat, water, zones, called, words)
    return tuple(
        write_bytes(
            Path(out) / f"riskmap_poster_{paper}.pdf", [poster_bytes(sheet, paper)]
        )
        for paper in papers
    )


def _check_open(project: Project) -> None:
    """Refuse ground that is not for everybody."""
    for name in (*NEEDS, *GROUND):
        label = marking_of_table(project, name).label
        if label != CLEAR:
            msg = f"The table {name} is marked {label}; a poster is for everybody."
            raise RestrictedError(msg, table=name, role="public")


def read_numbers(path: Path) -> pd.DataFrame:
    """Read the numbers to call that somebody has filled in.

    Parameters
    ----------
    path
        CSV with the columns of :data:`NUMBER_COLUMNS`.

    Returns
    -------
    pandas.DataFrame
        Text; no rows if there is no such file.

    Raises
    ------
    ColumnMissingError
        If it lacks a column.
    InputError
        If it cannot be read.
    """
    if not path.is_file():
        return pd.DataFrame({name: pd.Series(dtype="str") for name in NUMBER_COLUMNS})
    table = read_table(path).frame
    lacking = [name for name in NUMBER_COLUMNS if name not in table.columns]
    if lacking:
        msg = f"{path} must have the columns {lacking}."
        raise ColumnMissingError(
            msg,
            path=str(path),
            columns=", ".join(lacking),
            found=", ".join(table.columns),
        )
    return table[list(NUMBER_COLUMNS)].fillna("").astype("str")


def zone_dangers(
    project: Project,
    tables: Mapping[str, Any],
    heat: pd.DataFrame,
    water: pd.Series,
) -> list[Danger]:
    """Measure the danger of each zone that everybody knows by name.

    Parameters
    ----------
    project
        Whose regions.
    tables
        With ``cells``.
    heat
        Chance by cell and month.
    water
        Chance by cell.

    Returns
    -------
    list of Danger
        What the agreements name, then the states of both countries; those without a
        cell are left out.
    """
    regions = list_regions(project).set_index("region_id", drop=False)
    single = (regions["by"] == "states") & ~regions["value"].str.contains(" ")
    cells, found = tables["cells"], []
    for _, row in pd.concat([regions.loc[list(NAMED)], regions[single]]).iterrows():
        inside = rows_inside(project, row, cells)
        if not inside.any():
            continue
        found.append(
            Danger(
                name_en=str(row["name_en"]),
                name_es=str(row["name_es"]),
                heat=heat[inside].quantile(WORST_SHARE).to_numpy(),
                water=float(water[inside].max()),
            )
        )
    return found


def class_of(value: float, starts: tuple[float, ...]) -> int:
    """Find the class of a chance.

    Parameters
    ----------
    value
        A chance.
    starts
        Where each class after the first begins.

    Returns
    -------
    int
        Position of the class; -1 for no data.

    Examples
    --------
    >>> [class_of(v, HEAT_FROM) for v in (0.0, 0.01, 0.3, float("nan"))]
    [0, 1, 3, -1]
    """
    if np.isnan(value):
        return -1
    return int(np.searchsorted(starts, value, side="right"))


def _poster(
    tables: Mapping[str, Any],
    heat: pd.DataFrame,
    water: pd.Series,
    zones: list[Danger],
    numbers: pd.DataFrame,
    words: Mapping[str, Label],
) -> Poster:
    """Put the sheet together in two languages."""
    first, second = words.values()

    def both(key: str) -> tuple[str, str]:
        return first(key), second(key)

    hottest = _coarse(heat.max(axis=1), "median")
    wet = _coarse(water[water >= WATER_FROM[0]], "max")
    cells = tables["cells"]
    names = [first(f"poster.class.{name}") for name in CLASSES]
    legend = [
        [
            ("", first(f"poster.legend.{kind}")),
            *zip(colours, names, strict=True),
            *((colour, first("poster.class.no_data")) for colour in blind),
        ]
        for kind, colours, blind in (
            ("heat", HEAT_COLOURS, (NO_DATA_COLOUR,)),
            ("water", WATER_COLOURS, ()),
        )
    ]
    legend.append([("", first("poster.legend.low"))])
    return Poster(
        titles=both("poster.title"),
        box=(
            float(cells["x"].min()),
            float(cells["y"].min()),
            float(cells["x"].max()),
            float(cells["y"].max()),
        ),
        cells=cells_.cell_polygons(hottest.index),
        colours=_colours(hottest, HEAT_FROM, HEAT_COLOURS),
        water=cells_.cell_polygons(wet.index),
        water_colours=_colours(wet, WATER_FROM, WATER_COLOURS),
        basemap=tables["basemap"],
        boundary=tables["boundary"].geometry,
        legend=legend,
        heads=[both(f"poster.head.{name}") for name in ("zone", "heat", "water")],
        rows=[_row(zone, next(iter(words)), first) for zone in zones],
        advice_title=both("poster.advice"),
        advice=[both(f"poster.advice.{name}") for name in ADVICE],
        numbers_title=both("poster.numbers"),
        numbers=_numbers(numbers, tuple(words)) or [both("poster.numbers.none")],
        foot=both("poster.foot"),
        marking=CLEAR,
    )


def _coarse(values: pd.Series, how: str) -> pd.Series:
    """Join cells to larger ones, that a sheet of the whole border can show."""
    resolution = min(MAP_RESOLUTION, cells_.resolution_of(values.index))
    found = values.groupby(cells_.parents(values.index, resolution)).agg(how)
    return found.set_axis(cells_.cell_index(found.index))


def _colours(
    values: pd.Series, starts: tuple[float, ...], colours: tuple[str, ...]
) -> npt.NDArray[np.str_]:
    """Find the colour of each cell."""
    classes = [class_of(value, starts) for value in values.tolist()]
    return np.array([NO_DATA_COLOUR if c < 0 else colours[c] for c in classes])


def _row(zone: Danger, lang: str, first: Label) -> tuple[str, list[Any]]:
    """Write the row of a zone in the first language."""
    known = zone.heat[~np.isnan(zone.heat)]
    worst = class_of(float(known.max()) if len(known) else float("nan"), HEAT_FROM)
    high = [
        month
        for month, value in enumerate(zone.heat.tolist(), start=1)
        if class_of(value, HEAT_FROM) >= CLASSES.index("high")
    ]
    said = _class_word(worst, first)
    if high:
        # months in danger follow on one another in every zone: a span says them
        months = [first(f"poster.month.{month}") for month in (high[0], high[-1])]
        said += f", {months[0]}-{months[1]}" if len(high) > 1 else f", {months[0]}"
    wet = class_of(zone.water, WATER_FROM)
    return str(getattr(zone, f"name_{lang}")), [
        (NO_DATA_COLOUR if worst < 0 else HEAT_COLOURS[worst], said),
        (NO_DATA_COLOUR if wet < 0 else WATER_COLOURS[wet], _class_word(wet, first)),
    ]


def _class_word(place: int, label: Label) -> str:
    """Say a class."""
    return label(f"poster.class.{'no_data' if place < 0 else CLASSES[place]}")


def _numbers(
    numbers: pd.DataFrame, languages: tuple[str, ...]
) -> list[tuple[str, str]]:
    """Write the numbers to call, in both languages."""
    return [
        (
            f"{row['number']}  {row[f'service_{languages[0]}']}, {row['side']}",
            f"{row[f'service_{languages[1]}']}, {row['hours']}",
        )
        for row in numbers.to_dict("records")
    ]

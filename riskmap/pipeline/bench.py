"""Bench: one score's records, layers and regions, ready to be judged."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from riskmap.boundary import CorridorOptions
from riskmap.errors import NoEventsError
from riskmap.evaluation.baselines import BASELINES, Forecaster
from riskmap.evaluation.baselines_learned import learned_baselines
from riskmap.evaluation.baselines_near import NEAR_BASELINES
from riskmap.evaluation.baselines_open_cp import OPEN_CP_BASELINES
from riskmap.evaluation.folds import RollingOrigin
from riskmap.history.effort import looked_at
from riskmap.history.ground import EPOCH
from riskmap.history.records import Records, keep_records
from riskmap.pipeline.days import settle_day
from riskmap.pipeline.reports import Progress, tell_nobody
from riskmap.pipeline.road import read_settings
from riskmap.pipeline.runner import Shelf
from riskmap.pipeline.scored import effort_in
from riskmap.pipeline.steps import STEPS
from riskmap.pipeline.whereabouts import measured_line
from riskmap.places.jurisdictions import STEP_KM, build_areas
from riskmap.project import Project
from riskmap.scoring import Preset, mixture_forecaster, preset_named
from riskmap.scoring.wall import NEUTRAL

MODEL = "mixture"

# steps whose tables depend on the fineness of the cells
BY_CELL = ("cells", "terrain", "coverage", "layers", "effort")

# years that must have been watched before the first map is judged
LEAST_YEARS = 3
YEAR_DAYS = 365


@dataclass(frozen=True, kw_only=True)
class EvaluationOptions:
    """What to judge a score on.

    Parameters
    ----------
    from_on, to_on
        First origin and the end, ISO 8601; by default all whole horizons after three
        watched years.
    horizon_days
        Days that each map looks ahead.
    resolution
        H3 resolution; by default that of the last run.
    gap_days
        Days before each origin that are not known yet.
    refit_every
        Origins after which maps are made anew.
    unseen
        Whether to leave regions, and blocks of ground, out one by one.
    every
        Whether to make every permanent baseline, or the quick ones only.
    draws
        Bootstrap draws.
    """

    from_on: str = ""
    to_on: str = ""
    horizon_days: int = 365
    resolution: int = 0
    gap_days: int = 0
    refit_every: int = 1
    unseen: bool = True
    every: bool = True
    draws: int = 1_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Bench:
    """One score's records and layers at one fineness, ready to be judged.

    Parameters
    ----------
    preset
        The score.
    records
        All that is known at the end.
    features
        Layers on the cells.
    incidents, coverage
        Tables that the records were kept from.
    as_of
        Day from which nothing is known.
    regions
        Sector of each cell, both sides alike.
    """

    preset: Preset
    records: Records
    features: pd.DataFrame
    incidents: Any
    coverage: pd.DataFrame
    as_of: str
    regions: pd.Series = field(repr=False)

    @property
    def forecasters(self) -> dict[str, Forecaster]:
        """The score's own model first, then the quick baselines."""
        own = mixture_forecaster(self.preset, self.features)
        return {MODEL: own, **BASELINES}

    @property
    def every_forecaster(self) -> dict[str, Forecaster]:
        """The same, with near repeats, open_cp's methods and learned ones."""
        layers = self.features[list(self.preset.layers)]
        return {
            **self.forecasters,
            **NEAR_BASELINES,
            **OPEN_CP_BASELINES,
            **learned_baselines(layers),
        }


def lay_bench(
    project: Project,
    target: str,
    *,
    resolution: int = 0,
    progress: Progress = tell_nobody,
) -> Bench:
    """Gather what one score is judged on.

    Parameters
    ----------
    project
        The project, once run.
    target
        The score.
    resolution
        H3 resolution; 0 for that of the last run, else cells and layers are made anew
        and not stored.
    progress
        Told ``(step, done, total)``.

    Returns
    -------
    Bench
        Records, layers and regions.

    Raises
    ------
    UnknownNameError
        If there is no such score.
    TableMissingError
        Before the first run.
    """
    settings = read_settings(project)
    preset = preset_named(target, settings.presets)
    shelf, made = Shelf(project), project.snapshot("cells")
    scored = project.snapshot("scores")
    as_of = str(scored.options["as_of"]) if scored else settle_day(shelf["incidents"])
    if resolution and made and made.options["resolution"] != resolution:
        width = float(made.options["half_width_km"])
        corridor = CorridorOptions(resolution=resolution, half_width_km=width)
        config = replace(settings.config, corridor=corridor)
        settings = replace(settings, config=config, as_of=as_of)
        for step in (step for step in STEPS if step.name in BY_CELL):
            made_now = step.make(shelf, settings, progress)
            for name, table in zip(step.makes, made_now, strict=True):
                shelf.put(name, table)
    coverage = shelf["coverage"]
    mine = coverage.loc[coverage["purpose"].isin((preset.purpose, NEUTRAL))]
    cells, effort = shelf["cells"], effort_in(shelf)
    records = keep_records(
        cells,
        shelf["incidents"],
        mine,
        kinds=preset.kinds,
        as_of=as_of,
        looked=looked_at(cells.index, effort, preset.purpose),
    )
    return Bench(
        preset=preset,
        records=records,
        features=shelf["layers"],
        incidents=shelf["incidents"],
        coverage=mine,
        as_of=as_of,
        regions=sector_of(project, shelf["cells"]),
    )


def sector_of(project: Project, cells: pd.DataFrame) -> pd.Series:
    """Name the sector whose stretch of the line is nearest to each cell.

    Parameters
    ----------
    project
        Whose jurisdictions.
    cells
        Cell table.

    Returns
    -------
    pandas.Series of str
        Code of the sector, on the cell index, the same on both sides.
    """
    line = measured_line(project.read("boundary"))
    areas = build_areas(project.read("jurisdictions"), line)
    along, codes = areas.along["bp_sector"], np.array(areas.codes["bp_sector"])
    mark = np.rint(cells["km"].to_numpy() / STEP_KM).astype(np.intp)
    found = codes[along[np.minimum(mark, len(along) - 1)]] if len(codes) else ""
    return pd.Series(found, index=cells.index, name="region", dtype="str")


def rolling_of(bench: Bench, options: EvaluationOptions) -> RollingOrigin:
    """Settle the origins: as asked, or all whole horizons after three watched years.

    Parameters
    ----------
    bench
        What is judged.
    options
        What was asked.

    Returns
    -------
    RollingOrigin
        With at least one origin.

    Raises
    ------
    NoEventsError
        If too little was ever watched.
    DateOptionError
        If no horizon fits between the days asked for.
    """
    records, horizon = bench.records, options.horizon_days
    first, end = records.coverage.first_day, records.as_of_day
    if first is None or not len(records.events):
        msg = f"Nothing is recorded of {bench.preset.name}."
        raise NoEventsError(msg, target=bench.preset.name, before=bench.as_of)
    start = first + LEAST_YEARS * YEAR_DAYS
    # the last horizon ends on the last day known
    start += (end - start) % horizon if end > start else 0
    return RollingOrigin(
        from_on=options.from_on or _iso(start),
        to_on=options.to_on or _iso(end),
        horizon_days=horizon,
        gap_days=options.gap_days,
        refit_every=options.refit_every,
    )


def _iso(day: int) -> str:
    """Write a day number as ISO 8601."""
    return str((EPOCH + pd.Timedelta(days=day)).date().isoformat())

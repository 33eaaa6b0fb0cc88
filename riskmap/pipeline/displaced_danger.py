"""Displaced danger: a score as known before an operation and at the end, by area.

The score is worked out anew for both days by the model in use, each time of what had
occurred before. It is made of the same records that the counts are: it is no second
witness.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from riskmap.history.ground import Floats, Placed
from riskmap.history.records import Records
from riskmap.hotspots.danger import danger_rows, draw_blocks
from riskmap.hotspots.displacement import Blocks, DisplacementOptions, Ints
from riskmap.pipeline.changes import TARGETS, Subject, day_text
from riskmap.pipeline.in_use import presets_in_use
from riskmap.project import Project
from riskmap.scoring import basis_of, target_records
from riskmap.scoring.basis import forecaster_of
from riskmap.scoring.totals import DAYS_PER_YEAR

# densities are told per so many km²
PER_KM2 = 100.0

# forecasts are of whole days
HORIZON_DAYS = 365

# one seed, as every score is made with
RANDOM_STATE = 0

READS = ("incidents", "coverage", "layers")


def danger_about(
    project: Project,
    subject: Subject,
    area: Ints,
    window: tuple[int, int],
    options: DisplacementOptions,
    told: Callable[[int], None],
) -> pd.DataFrame | None:
    """Compare a score before and after in the area, its rings and the controls.

    Parameters
    ----------
    project
        A project that has been run.
    subject
        Whose score; one kind of incident has none.
    area
        0 in the area, 1 and up in the rings, the highest number in the controls, -1
        elsewhere, of shape (n_cells,).
    window
        First day of the operation, and blocks on each side.
    options
        Rings, blocks, draws and level.
    told
        Told how many scores were made.

    Returns
    -------
    pandas.DataFrame or None
        As :data:`riskmap.hotspots.danger.DANGER_TABLE`: events a year per 100 km² of
        cells watched by the first day; None for one kind.
    """
    if subject.name not in TARGETS:
        return None
    start, n = window
    first = start - n * options.block_days
    events, score = score_before_and_after(project, subject, area, window, options)
    none = np.zeros(0, dtype=np.int64)
    drawn = Blocks(block=none, area=none, n_before=n, n_after=n).draw(options)
    found = []
    for done, pick in enumerate([np.arange(2 * n), *drawn[: options.score_draws]]):
        told(done)
        found.append(score(draw_blocks(events, pick, first, options.block_days)))
    before, after = np.array(found).transpose(1, 0, 2)
    return danger_rows(before, after, options.rings_km, options.level)


def score_before_and_after(
    project: Project,
    subject: Subject,
    area: Ints,
    window: tuple[int, int],
    options: DisplacementOptions,
) -> tuple[Placed, Callable[[Placed], tuple[Floats, Floats]]]:
    """Make ready to score areas on the day before and at the end.

    Parameters
    ----------
    project, subject, area, window, options
        As of :func:`danger_about`.

    Returns
    -------
    Placed
        What is known at the end.
    Callable
        From events, those or others at the same sites, to the mean of each area,
        events a year per 100 km²: before, and after.
    """
    start, n = window
    presets = {preset.name: preset for preset in presets_in_use(project)}
    preset = presets[subject.name]
    held: dict[str, Any] = {name: project.read(name) for name in READS}
    known = target_records(
        subject.records.ground,
        held["incidents"],
        held["coverage"],
        preset,
        as_of=day_text(start + n * options.block_days),
    )
    forecast = forecaster_of(basis_of(preset, held["layers"], RANDOM_STATE))
    inside = subject.known & (known.before(start).watched > 0) & (area >= 0)
    own, n_areas = area[inside], int(area.max()) + 1
    ground = np.bincount(
        own, subject.cells["area_km2"].to_numpy()[inside], minlength=n_areas
    )

    per_year = DAYS_PER_YEAR / HORIZON_DAYS

    def mean(records: Records) -> Floats:
        expected = forecast(records, HORIZON_DAYS)[inside]
        events = np.bincount(own, expected, minlength=n_areas)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(PER_KM2 * per_year * events / ground)

    def score(events: Placed) -> tuple[Floats, Floats]:
        then = replace(known, events=events)
        return mean(then.before(start)), mean(then)

    return known.events, score

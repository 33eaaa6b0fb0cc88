"""Basis: what all maps of one score rest on, on whatever day they are made."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from riskmap.errors import ColumnMissingError
from riskmap.history.effort import looked_at
from riskmap.history.ground import Floats, Ground, lay_ground
from riskmap.history.records import Records, keep_records
from riskmap.scoring.blend import Blend
from riskmap.scoring.expectation import expect, naming
from riskmap.scoring.mixture import KernelMixture, mixture_of
from riskmap.scoring.place import PlaceTerms
from riskmap.scoring.presets import Preset
from riskmap.scoring.totals import DAYS_PER_YEAR, expect_total
from riskmap.scoring.wall import NEUTRAL, refuse_wrong_side

if TYPE_CHECKING:
    from riskmap.scoring.stack import StackTables

# number of a preset that asks for the stack: past horizons it is weighed by, 0 for none
STACK_HORIZONS = "stack_horizons"

# Jeffreys' prior of a Poisson rate: half an event more than was seen
JEFFREYS_EVENTS = 0.5


@dataclass(frozen=True, kw_only=True)
class Basis:
    """A preset with its layers made into terms, once for every day.

    Parameters
    ----------
    preset
        What the score is made from.
    place
        Terms of its layers.
    blend
        Its prior of unseen ground.
    """

    preset: Preset
    place: PlaceTerms
    blend: Blend

    @cached_property
    def tables(self) -> "StackTables":
        """What the learners of a stack may use; keeps the days they were asked for."""
        # slow to import, and seldom asked for
        from riskmap.scoring.stack import StackTables  # noqa: PLC0415

        layers = pd.DataFrame(self.place.layers, columns=list(self.preset.layers))
        return StackTables(place=self.place, layers=layers)

    def fit(self, records: Records) -> KernelMixture:
        """Fit the model on what is known, in one thread."""
        model = mixture_of(self.preset)
        horizons = self.preset.numbers.get(STACK_HORIZONS, 0)
        if horizons:
            from riskmap.scoring.stacked import stacked  # noqa: PLC0415

            model = stacked(model, self.tables, horizons)
        with threadpool_limits(1):
            return model.fit(records, place=self.place)


def basis_of(preset: Preset, features: pd.DataFrame, random_state: int = 0) -> Basis:
    """Take the layers that a preset wants, and no others.

    Parameters
    ----------
    preset
        What the score is made from.
    features
        Layers on the cell index; of these only the preset's are used, and hazards
        (:data:`riskmap.scoring.terms.HAZARDS`) if the preset serves to save lives.
    random_state
        Seed of the draw of cells without events.

    Returns
    -------
    Basis
        For any records on the same cells.

    Raises
    ------
    PurposeWallError
        If hazards are given for a score that does not serve to save lives.
    ColumnMissingError
        If a layer of the preset is not in ``features``.
    """
    missing = [name for name in preset.layers if name not in features.columns]
    if missing:
        msg = f"{preset.name} needs layers that are not there: {missing}."
        raise ColumnMissingError(
            msg,
            path="features",
            columns=", ".join(missing),
            found=", ".join(map(str, features.columns)),
        )
    layers = features[list(preset.layers)].to_numpy(dtype=np.float64)
    return Basis(
        preset=preset,
        place=PlaceTerms(layers=layers, random_state=random_state),
        blend=Blend(preset, features, random_state),
    )


def target_records(
    cells: pd.DataFrame | Ground,
    incidents: gpd.GeoDataFrame,
    coverage: pd.DataFrame,
    preset: Preset,
    *,
    as_of: pd.Timestamp | str,
    effort: pd.DataFrame | None = None,
) -> Records:
    """Gather what a preset may know on a day.

    Parameters
    ----------
    cells
        Cell table, or the ground that it was laid on.
    incidents
        Event table (EPSG:4326) of all kinds; only the preset's are used.
    coverage
        Coverage table; only rows of the preset's purpose are used.
    preset
        What the score is made from.
    as_of
        Events on this day or later are not known.
    effort
        As :func:`riskmap.history.effort.lay_effort` gives it; of this only rows of the
        preset's purpose are used.

    Returns
    -------
    Records
        Of the preset's kinds.

    Raises
    ------
    PurposeWallError
        If an incident of the preset's kinds is tagged with another purpose.
    """
    used = incidents.loc[incidents["kind"].isin(preset.kinds)]
    pairs = used[["kind", "purpose"]].drop_duplicates()
    for kind, purpose in sorted(pairs.itertuples(index=False, name=None)):
        refuse_wrong_side(preset.name, preset.purpose, {kind: purpose})
    mine = coverage.loc[coverage["purpose"].isin((preset.purpose, NEUTRAL))]
    ground = cells if isinstance(cells, Ground) else lay_ground(cells)
    looked = looked_at(ground.cells.index, effort, preset.purpose)
    return keep_records(
        ground, incidents, mine, kinds=preset.kinds, as_of=as_of, looked=looked
    )


def expected_total(
    records: Records, preset: Preset, day: int, horizon_days: int | None = None
) -> float:
    """Expect the events of a year on watched ground; never quite none.

    Parameters
    ----------
    records
        What is known.
    preset
        What the score is made from.
    day
        Day number; nothing on it or later is used.
    horizon_days
        Days ahead: what is expected of a month is learned from months. None for the
        preset's own horizon.

    Returns
    -------
    float
        Events per year; 0 if nothing was watched by then.
    """
    own = preset.numbers["horizon_days"]
    ahead = own if horizon_days is None else horizon_days
    first = records.coverage.first_day
    if first is None or first >= day:
        return 0.0
    total = expect_total(
        records.before(day).events.day,
        day,
        first,
        horizon_days=ahead,
        half_lives_days=preset.numbers["total_half_lives_days"] if ahead == own else (),
    ).expected
    per_year = DAYS_PER_YEAR / ahead
    least = JEFFREYS_EVENTS * DAYS_PER_YEAR / (day - first)
    return float(max(total * per_year, least))


def forecaster_of(basis: Basis) -> Callable[[Records, int], Floats]:
    """Make the forecaster of a score, to be compared with others.

    Parameters
    ----------
    basis
        What the score rests on.

    Returns
    -------
    Callable
        From what is known and the days ahead to expected events in each cell.
    """
    preset = basis.preset

    def forecast(records: Records, horizon_days: int) -> Floats:
        model = basis.fit(records)
        with threadpool_limits(1):
            found = expect(
                model,
                records.as_of_day,
                records.watched,
                **naming(preset, parts=False),
            )
        shares: Floats = basis.blend.blended(found.parts, records).sum(axis=0)
        total = expected_total(records, preset, records.as_of_day, horizon_days)
        return shares * total * horizon_days / DAYS_PER_YEAR

    return forecast


def mixture_forecaster(
    preset: Preset, features: pd.DataFrame, *, random_state: int = 0
) -> Callable[[Records, int], Floats]:
    """Make the forecaster of a preset from its layers.

    Parameters
    ----------
    preset
        What the score is made from.
    features
        Layers on the cells of the records; of these only the preset's are used.
    random_state
        Seed of the draw of cells without events.

    Returns
    -------
    Callable
        As :func:`forecaster_of` gives it.
    """
    return forecaster_of(basis_of(preset, features, random_state))

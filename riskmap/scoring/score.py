"""Score: every cell's expected events per year, its doubt, its rank and its reasons."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from threadpoolctl import threadpool_limits

from riskmap.history.ground import Floats
from riskmap.history.records import Records
from riskmap.history.spread import chance_in_top
from riskmap.scoring.basis import Basis, basis_of, expected_total, target_records
from riskmap.scoring.blend import Blend
from riskmap.scoring.doubt import Doubt, Trial, fit_doubt, rate_interval
from riskmap.scoring.expectation import PARTS, expect, naming, shares_of
from riskmap.scoring.mixture import KernelMixture
from riskmap.scoring.presets import Preset
from riskmap.scoring.totals import DAYS_PER_YEAR

RECORDED, PRIOR, NO_DATA = "records", "prior", "no_data"

# scores equal to so many digits are equal: floating noise must not rank cells
DIGITS = 10

# shares of the area that a cell's chance to be among the densest is told for
TOP_SHARES = (0.01, 0.05, 0.10)

# share of a cell that must be watched where the unwatched is no data
LEAST_WATCHED = 0.5


def score_cells(  # noqa: PLR0913 - the tables, the preset and two options
    cells: pd.DataFrame,
    features: pd.DataFrame,
    incidents: gpd.GeoDataFrame,
    coverage: pd.DataFrame,
    preset: Preset,
    *,
    as_of: pd.Timestamp | str,
    random_state: int = 0,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Score every cell from what had occurred before a day.

    The score is how many events a year would be *recorded* in the cell; it says
    nothing of who is there, nor of what nobody records.

    Parameters
    ----------
    cells
        Cell table.
    features
        Layers on the same index; of these only the preset's are used, and hazards
        (:data:`riskmap.scoring.terms.HAZARDS`) if the preset serves to save lives.
    incidents
        Event table (EPSG:4326) of all kinds; only the preset's are used.
    coverage
        Coverage table; only rows of the preset's purpose are used.
    preset
        What the score is made from.
    as_of
        Events on this day or later are not known.
    random_state
        Seed of the draw of cells without events.

    Returns
    -------
    scores : pandas.DataFrame of shape (n_cells, 9)
        On the cell index, named after the score ``S``: ``S`` events per year, NaN
        where nothing is known; ``S_low`` and ``S_high``, 90 % interval of the yearly
        rate; ``S_rank``, 1 for the highest density per km²; ``S_percentile``, share
        of the scored area that is no higher, 0 to 100; ``S_evidence``: ``records``,
        ``prior`` or ``no_data``; ``S_top1pct``, ``S_top5pct`` and ``S_top10pct``,
        chance that the cell is among the densest such share of the area with data.
    reasons : pandas.DataFrame
        ``cell``, ``score``, ``part``, ``value``: parts of each cell's score, which
        add up to it; parts of 0 are left out.

    Raises
    ------
    PurposeWallError
        If an incident of the preset's kinds is tagged with another purpose.
    ColumnMissingError
        If a layer of the preset is not in ``features``.
    """
    records = target_records(cells, incidents, coverage, preset, as_of=as_of)
    return score_records(records, basis_of(preset, features, random_state))


def score_records(records: Records, basis: Basis) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Score every cell from the records of one score.

    Parameters
    ----------
    records
        What is known, as :func:`riskmap.scoring.basis.target_records` gathers it.
    basis
        What the score rests on.

    Returns
    -------
    scores, reasons : pandas.DataFrame
        As of :func:`score_cells`.
    """
    preset, cells = basis.preset, records.ground.cells
    model = basis.fit(records)
    with threadpool_limits(1):
        parts, evidence = _parts(model, preset, basis.blend)
        spread = _spread(model, preset, evidence)
    expected = np.where(evidence == NO_DATA, np.nan, parts.sum(axis=0))
    low, high = rate_interval(expected, spread)
    yearly = parts.sum(axis=0)
    yearly[evidence == NO_DATA] = np.nan
    table = _table(cells, preset.name, yearly, evidence)
    table.insert(1, f"{preset.name}_low", low)
    table.insert(2, f"{preset.name}_high", high)
    area = cells["area_km2"].to_numpy(dtype=np.float64)
    for share, chance in zip(
        TOP_SHARES,
        chance_in_top(expected / area, spread, area, TOP_SHARES),
        strict=True,
    ):
        table[f"{preset.name}_top{round(100 * share)}pct"] = chance
    return table, _reasons(cells.index, preset.name, parts, evidence)


def _parts(
    model: KernelMixture, preset: Preset, blend: Blend
) -> tuple[Floats, npt.NDArray[np.str_]]:
    """Work the parts of every cell out, events per year, and what they rest on."""
    records, day = model.records_, model.records_.as_of_day
    total = expected_total(records, preset, day)
    # where effort is known, the map is what as much looking everywhere would record
    even = records.evenly()
    shares = expect(model, day, even.watched, **naming(preset, parts=True))
    told = (even.watched < 1).any() and preset.outside_coverage == PRIOR
    relative = blend.relative(records) if told else None
    parts = blend.blended(shares.parts, even, relative) * total
    if records.coverage.looked is not None and total > 0:
        parts *= total / float(parts.sum(axis=0) @ records.coverage.looked)
    # a cell of which less than half is watched would be judged by its other half
    least = 0.0 if preset.outside_coverage == PRIOR else LEAST_WATCHED
    seen = even.watched > least
    thin = len(records.events) == 0
    evidence = np.where(seen, PRIOR if thin else RECORDED, NO_DATA)
    if preset.outside_coverage == PRIOR and seen.any():
        rate = model.place_.rate(day) if relative is None else relative
        rate = rate * records.ground.area_km2
        mine = (rate * records.watched).sum()
        scale = total / mine if mine > 0 else 0.0
        parts[PARTS.index("place")] += np.where(seen, 0.0, rate * scale)
        evidence = np.where(seen, evidence, PRIOR)
    elif thin:
        evidence = np.full(len(seen), NO_DATA)
    parts[:, evidence == NO_DATA] = 0.0
    return parts, evidence


def _spread(
    model: KernelMixture, preset: Preset, evidence: npt.NDArray[np.str_]
) -> Floats:
    """Tell each rate's dispersion by how far past forecasts of its like strayed."""
    numbers, day = preset.numbers, model.records_.as_of_day
    usual = Doubt(shape=numbers["usual_shape"], drift=numbers["usual_drift"])
    trials, alone = _past_trials(model, preset)
    known = fit_doubt(trials, usual).dispersion(model.clusters_[0].own_records(day))
    nothing = np.zeros(len(known))
    strange = fit_doubt(alone, usual).dispersion(nothing)
    strange = np.maximum(strange * numbers["prior_dispersion_times"], known.max())
    return np.where(evidence == RECORDED, known, strange)


def _past_trials(
    model: KernelMixture, preset: Preset
) -> tuple[list[Trial], list[Trial]]:
    """Foretell past horizons as at the time, by the mixture and by place alone."""
    numbers, records = preset.numbers, model.records_
    horizon = numbers["horizon_days"]
    # horizons lie whole steps back: every so many of them follow on one another
    apart = max(round(horizon / numbers["step_days"]), 1) * numbers["step_days"]
    trials, alone = [], []
    for window in model.windows_:
        back = records.as_of_day - horizon - window.day
        if back % apart or back >= apart * numbers["doubt_horizons"]:
            continue
        day, where = window.day, window.open_share
        total = expected_total(records, preset, day) * horizon / DAYS_PER_YEAR
        counts = np.zeros(len(records.ground))
        counts[window.rows] = window.counts
        shares = shares_of(model, day, where, preset)
        place = model.place_.shares(window.place_day, where)
        own = model.clusters_[0].own_records(day)
        trials.append(Trial(expected=shares * total, counts=counts, own=own))
        alone.append(Trial(expected=place * total, counts=counts, own=own * 0))
    return trials, alone


def _table(
    cells: pd.DataFrame,
    name: str,
    yearly: Floats,
    evidence: npt.NDArray[np.str_],
) -> pd.DataFrame:
    """Rank cells by density; equal ones by their number."""
    area = cells["area_km2"].to_numpy(dtype=np.float64)
    density = significant(yearly / area)
    known = np.isfinite(density)
    order = np.flatnonzero(known)[np.argsort(-density[known], kind="stable")]
    rank = pd.array(np.zeros(len(cells), dtype=np.int64), dtype="Int64")
    rank[order] = np.arange(1, len(order) + 1)
    rank[~known] = pd.NA
    return pd.DataFrame(
        {
            name: yearly,
            f"{name}_rank": rank,
            f"{name}_percentile": percentile_by_area(density, area),
            f"{name}_evidence": pd.array(evidence.astype(object), dtype="str"),
        },
        index=cells.index,
    )


def significant(values: Floats, digits: int = DIGITS) -> Floats:
    """Round to significant digits.

    Parameters
    ----------
    values
        Any numbers; NaN and 0 stay.
    digits
        How many to keep.

    Returns
    -------
    numpy.ndarray
        Of the same shape.

    Examples
    --------
    >>> significant(np.array([0.123456789012, 0.0])).tolist()
    [0.123456789, 0.0]
    """
    size = np.abs(values)
    known = np.isfinite(size) & (size > 0)
    places = digits - 1 - np.floor(np.log10(size, where=known, out=np.zeros_like(size)))
    scale = 10.0**places
    return np.where(known, np.rint(values * scale) / scale, values)


def percentile_by_area(density: Floats, area: Floats) -> Floats:
    """Measure the share of the scored area whose density is no higher.

    Parameters
    ----------
    density
        Events per km², of shape (n_cells,); NaN where unknown.
    area
        Real area of each cell.

    Returns
    -------
    numpy.ndarray of shape (n_cells,)
        0 to 100, the highest cell 100; NaN where unknown.

    Examples
    --------
    >>> percentile_by_area(np.array([2.0, 1.0, np.nan]), np.array([1.0, 3.0, 9.0]))
    array([100.,  75.,  nan])
    """
    found = np.full(len(density), np.nan)
    known = np.flatnonzero(np.isfinite(density))
    levels, place = np.unique(density[known], return_inverse=True)
    below = np.cumsum(np.bincount(place, area[known], minlength=len(levels)))
    if len(known):
        found[known] = 100 * (below / below[-1])[place]
    return found


def _reasons(
    index: pd.Index, name: str, parts: Floats, evidence: npt.NDArray[np.str_]
) -> pd.DataFrame:
    """Lay the parts of every scored cell out as a long table, cell by cell."""
    wanted = (parts > 0) & (evidence != NO_DATA)
    cell, part = np.nonzero(wanted.T)
    table = pd.DataFrame(
        {
            "cell": index.to_numpy()[cell],
            "score": pd.array([name], dtype="str").take(np.zeros(len(cell), np.intp)),
            "part": pd.array(PARTS, dtype="str").take(part),
            "value": parts.T[cell, part],
        }
    )
    return table.astype({"cell": "uint64"})

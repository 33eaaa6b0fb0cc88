"""Water: the drowning danger of cells, from courses cut into pieces."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

from riskmap.crs import geocentric
from riskmap.hazards.channels import WaterOptions
from riskmap.hazards.drowning import (
    COARSE,
    COARSE_M,
    CROSSINGS,
    FAR_KM,
    M_PER_KM,
    NO_COURSES,
    NONE_LISTED,
    REACH_SPREADS,
    Pieces,
    cut_courses,
    drift,
)

Floats = npt.NDArray[np.float64]


def spread_over(
    table: pd.DataFrame, amounts: Floats, pieces: Pieces, tree: cKDTree
) -> Floats:
    """Spread the amounts of pieces over the cells about them, per square kilometre.

    Each piece is smeared as far as its place may be off, and at least half a cell's
    width; what is smeared over the corridor's rim is lost.

    Parameters
    ----------
    table
        Cell table: ``area_km2``.
    amounts
        Of each piece, of shape (n_pieces,).
    pieces
        Their places and spreads.
    tree
        Over the centres of the cells in space, metres.

    Returns
    -------
    numpy.ndarray of shape (n_cells,)
        Amount per square kilometre.
    """
    area = table["area_km2"].to_numpy()
    # a smear finer than a cell would fall between the centres
    cell_km = float(np.sqrt(np.median(area)) / 2) if len(area) else 1.0
    density = np.zeros(len(area))
    for spread in np.unique(pieces.spread_km):
        rows = np.flatnonzero((pieces.spread_km == spread) & (amounts > 0))
        if rows.size == 0:
            continue
        wide_m = max(float(spread), cell_km) * M_PER_KM
        own = cKDTree(pieces.xyz_m[rows])
        pairs = own.sparse_distance_matrix(
            tree, REACH_SPREADS * wide_m, output_type="ndarray"
        )
        per_km2 = np.exp(-0.5 * (pairs["v"] / wide_m) ** 2)
        per_km2 /= 2 * np.pi * (wide_m / M_PER_KM) ** 2
        density += np.bincount(
            pairs["j"], per_km2 * amounts[rows][pairs["i"]], minlength=len(density)
        )
    return density


def drowning(
    table: pd.DataFrame, waterways: gpd.GeoDataFrame, options: WaterOptions
) -> pd.DataFrame:
    """Tell the drowning danger of each cell.

    ``drowning_chance`` is the chance that a kilometre's walk in any direction meets
    listed water and is swept away by it: who is near water and whether they mean to
    cross is exposure, and not in it. ``drowning_drift`` is the same, carried
    downstream to where a body is found. Unlisted canals, ditches, tanks, the sea and
    floods are not in it.

    Parameters
    ----------
    table
        Cell table: ``x``, ``y``, ``area_km2``.
    waterways
        Lines with ``name_en``, ``kind`` and ``accuracy_m``.
    options
        Stages and drift.

    Returns
    -------
    pandas.DataFrame of shape (n_cells, 3)
        The two chances, 0 to 1, and ``drowning_flag``: ``coarse_course`` where the
        nearest course is known no better than 2.5 km; ``none_listed`` where none is
        within 50 km; ``no_data`` everywhere, with NaN, if none is listed at all.
    """
    pieces = cut_courses(waterways, options)
    names = ("drowning_chance", "drowning_drift")
    if not len(pieces.length_km) or not len(table):
        found = pd.DataFrame(np.nan, index=table.index, columns=list(names))
        return found.assign(
            drowning_flag=pd.Series(NO_COURSES, index=table.index, dtype="str")
        )
    centres = geocentric(table["x"].to_numpy(), table["y"].to_numpy())
    tree = cKDTree(centres)
    danger = pieces.length_km * pieces.weight
    carried = drift(danger, pieces, options.drift_km)
    found = pd.DataFrame(index=table.index)
    for name, amounts in zip(names, (danger, carried), strict=True):
        density = spread_over(table, amounts, pieces, tree)
        found[name] = -np.expm1(-CROSSINGS * density)
    flags = pd.Series(_flags(pieces, centres), index=table.index, dtype="str")
    return found.assign(drowning_flag=flags)


def _flags(pieces: Pieces, centres: Floats) -> npt.NDArray[np.str_]:
    """Say where the nearest course is coarse, or none is near."""
    # cells beyond the reach are told apart by a search that ends there
    _, nearest = cKDTree(pieces.xyz_m).query(
        centres, distance_upper_bound=FAR_KM * M_PER_KM
    )
    codes = np.where(pieces.spread_km * M_PER_KM > COARSE_M, COARSE, "")
    return np.asarray(np.append(codes, NONE_LISTED)[nearest])

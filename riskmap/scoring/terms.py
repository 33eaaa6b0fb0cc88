"""Terms: layers and hazards of a place, so made that they mean the same anywhere."""

import numpy as np
import pandas as pd

from riskmap.history.ground import Floats

# distances count by how near a thing is, so that far away it says nothing: kilometres
# over which nearness falls to a third, from beside it to a day's walk
REACHES_KM = (1.5, 5.0, 15.0, 40.0)
NEAR_THINGS = (
    "distance_to_town_km",
    "distance_to_crossing_km",
    "distance_to_river_km",
    "distance_to_canal_km",
)

# middle and half the usual spread of each layer of terrain and heat on the border
TERRAIN = {
    "slope_deg": (2.0, 5.0),
    "ruggedness": (0.0015, 0.005),
    "elevation_m": (780.0, 1_000.0),
    "july_tmax_c": (35.0, 7.0),
    "july_water_demand_mm_per_day": (6.5, 1.5),
}

# hazards that may be given beside the layers; every one serves to save lives only
HAZARDS = ("walk_hours", "heat_loss_l_per_km", "drowning_drift")

# those on foot halve every so many hours: hazards.intensity says why
HALF_WAY_HOURS = 8.0

# litres that a kilometre costs, and a chance of drowning, that are much
MUCH_HEAT_L_PER_KM = 0.05
MUCH_DROWNING = 0.1

LINE, NEAR, WALK, LAND = "line", "near", "walk", "land"


def ground_terms(features: pd.DataFrame) -> dict[str, Floats]:
    """Make the terms of each family from layers, and from hazards if they are there.

    Parameters
    ----------
    features
        Neutral layers on the cell index, ``distance_to_line_km`` among them, with or
        without :data:`HAZARDS`; those that are not there are left out. Missing values
        count as far away, or as the usual.

    Returns
    -------
    dict
        Family to its terms, of shape (n_cells, n_terms).

    Examples
    --------
    >>> table = pd.DataFrame({"distance_to_line_km": [0.0], "share_mx": [0.0]})
    >>> {name: terms.shape[1] for name, terms in ground_terms(table).items()}
    {'line': 9}
    """
    south = features["share_mx"].to_numpy(dtype=np.float64)[:, None]
    line = _nearness(features["distance_to_line_km"])
    found = {LINE: np.column_stack([line, south, line * south])}
    things = [name for name in NEAR_THINGS if name in features]
    if things:
        found[NEAR] = np.column_stack([_nearness(features[name]) for name in things])
    lie = [
        np.clip((features[name].fillna(middle).to_numpy() - middle) / spread, -2, 2)
        for name, (middle, spread) in TERRAIN.items()
        if name in features
    ]
    if lie:
        found[LAND] = np.column_stack([*lie, *(terms**2 for terms in lie)])
    if set(HAZARDS) <= set(features.columns):
        found[WALK] = _walking(features)
    return found


def _nearness(distance_km: pd.Series) -> Floats:
    """Tell how near, 1 to 0, over each reach; what is not known is far."""
    away = distance_km.fillna(np.inf).to_numpy(dtype=np.float64)[:, None]
    return np.asarray(np.exp(-away / np.array(REACHES_KM)))


def _walking(features: pd.DataFrame) -> Floats:
    """Flow times hazard by cause, and their logarithms: what physics says."""
    hours, heat, drift = (
        features[name].fillna(features[name].median()).fillna(0.0).to_numpy(np.float64)
        for name in HAZARDS
    )
    halves = hours / HALF_WAY_HOURS
    flow = 0.5**halves
    loss = heat / MUCH_HEAT_L_PER_KM
    return np.column_stack(
        [
            -np.log(2) * halves,
            flow,
            np.log(np.maximum(loss, 1e-3)),
            flow * loss,
            np.log1p(drift * 100 / MUCH_DROWNING) / 2,
            drift / MUCH_DROWNING,
            (drift > 0) * 1.0,
        ]
    )

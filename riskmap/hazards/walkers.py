"""Walkers: who walks, with what, from when; and the water a kilometre costs them."""

import itertools
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from riskmap.errors import OptionError
from riskmap.hazards import heat, walking
from riskmap.hazards.day import (
    HOURS,
    air_by_hour_c,
    clear_sun_w_per_m2,
    sun_height_deg,
)

Floats = npt.NDArray[np.float64]

# slope at which Tobler's walker is fastest: past it a kilometre downhill may cost less
KINK = 0.05

M_PER_KM = 1000.0
G_PER_L = 1000.0
S_PER_H = 3600.0


def _settings() -> Mapping[str, Any]:
    """Read the numbers of the danger physics, each with its source."""
    text = resources.files("riskmap.hazards").joinpath("walkers.toml").read_text("utf8")
    return {name: entry["value"] for name, entry in tomllib.loads(text).items()}


SETTINGS = _settings()

# settings a person may choose, and the range each must lie in
RANGES = {
    "month": (1, 12),
    "start_hour": (-1, 23),
    "hours": (1, 24),
    "water_l": (0, 40),
    "limit_share": (0.01, 0.3),
    "ground": (1.0, 4.0),
    "wind_ms": (0.1, 10.0),
}


@dataclass(frozen=True, kw_only=True)
class WalkOptions:
    """Who walks, when and with what.

    Parameters
    ----------
    month
        1 to 12.
    start_hour
        Hour by the sun at which the walk starts, 0 to 23; -1 for the spread of starts.
    hours
        Hours on foot in a day, from the start on.
    water_l
        Litres carried from the line or the last water, the middle of the spread.
    limit_share
        Loss, as a share of body mass, that is the limit: 0.05, 0.10 or 0.15.
    ground
        Ground factor: 1.0 paved, 1.2 light brush, 1.5 heavy brush, 2.1 loose sand.
    wind_ms
        Wind at the height of the body, metres a second.
    sweat
        ``piecewise`` or ``corrected``: which equation of Gonzalez 2009.

    Raises
    ------
    OptionError
        If one is out of its range.

    Examples
    --------
    >>> WalkOptions(month=7).hours
    10
    """

    month: int = SETTINGS["month"]
    start_hour: int = -1
    hours: int = SETTINGS["hours"]
    water_l: float = SETTINGS["water_l"]
    limit_share: float = SETTINGS["limit_share"]
    ground: float = SETTINGS["ground"]
    wind_ms: float = SETTINGS["wind_ms"]
    sweat: str = "piecewise"

    def __post_init__(self) -> None:
        """Refuse what no walker can be."""
        for name, (low, high) in RANGES.items():
            if not low <= getattr(self, name) <= high:
                value = getattr(self, name)
                msg = f"`{name}` must be between {low} and {high}, got {value!r}."
                raise OptionError(msg, option=name, value=value)
        if self.sweat not in heat.SWEAT:
            msg = f"`sweat` must be one of {tuple(heat.SWEAT)}, got {self.sweat!r}."
            raise OptionError(msg, option="sweat", value=self.sweat)

    def starts(self) -> tuple[tuple[int, float], ...]:
        """List the hours at which a walk starts, and the share of each."""
        if self.start_hour >= 0:
            return ((self.start_hour, 1.0),)
        hours, shares = SETTINGS["start_hours"], SETTINGS["start_shares"]
        return tuple(zip(hours, shares, strict=True))


@dataclass(frozen=True, kw_only=True)
class Walker:
    """One of the walkers that stand for all.

    Parameters
    ----------
    body_kg, water_l, load_kg
        Body, water at the start, and all that is carried, water included.
    share
        How many of all walkers it stands for.
    """

    body_kg: float
    water_l: float
    load_kg: float
    share: float


def walkers(options: WalkOptions) -> tuple[Walker, ...]:
    """List the walkers that stand for the spread of bodies and loads.

    Two bodies and two loads, a standard deviation either side of the middle: the
    two-point Gauss-Hermite rule, exact for the mean and the spread.

    Parameters
    ----------
    options
        Water in the middle of the spread.

    Returns
    -------
    tuple of Walker
        Their shares add up to 1.

    Examples
    --------
    >>> [(w.body_kg, w.water_l) for w in walkers(WalkOptions(water_l=4.0))]
    [(58.0, 2.8), (58.0, 5.2), (82.0, 2.8), (82.0, 5.2)]
    """
    return tuple(_walkers(options))


def _walkers(options: WalkOptions) -> Iterator[Walker]:
    """Go through the bodies and the loads."""
    middle, spread = SETTINGS["body_kg"], SETTINGS["body_spread_kg"]
    for body, water in itertools.product((-1, 1), (-1, 1)):
        water_l = options.water_l * (1 + water * SETTINGS["water_spread"])
        yield Walker(
            body_kg=middle + body * spread,
            water_l=round(water_l, 9),
            load_kg=SETTINGS["pack_kg"] + water_l,
            share=0.25,
        )


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What a walker meets in each cell, all of shape (n_cells,).

    Parameters
    ----------
    slope_deg
        Steepness of the ground, degrees.
    highest_c, lowest_c
        Air of the day in the shade, °C.
    dew_c
        Dew point, °C.
    latitude_deg
        Degrees north.
    """

    slope_deg: Floats
    highest_c: Floats
    lowest_c: Floats
    dew_c: Floats
    latitude_deg: Floats


def felt_by_hour_c(ground: Ground, options: WalkOptions) -> Floats:
    """Tell how hot the air with the sun's gain is, hour by hour.

    Parameters
    ----------
    ground
        What the walker meets.
    options
        Month and wind.

    Returns
    -------
    numpy.ndarray of shape (n_cells, 24)
        °C.
    """
    # the sun stands alike over a tenth of a degree: each height is worked out once
    rounded = np.round(ground.latitude_deg, 1)
    latitudes, rows = np.unique(rounded, return_inverse=True)
    height = sun_height_deg(latitudes, options.month)
    gain = heat.sun_gain_k(clear_sun_w_per_m2(height), height, options.wind_ms)
    return np.asarray(air_by_hour_c(ground.highest_c, ground.lowest_c) + gain[rows])


def effort_w_per_m2(
    slope: Floats, walker: Walker, options: WalkOptions
) -> tuple[Floats, Floats, Floats]:
    """Tell speed, metabolic rate and lifting work on a slope.

    Parameters
    ----------
    slope
        Rise over run along the path, of shape (n_cells,).
    walker
        Body and load.
    options
        Ground.

    Returns
    -------
    tuple of numpy.ndarray
        m/s, W/m², W/m².
    """
    speed = walking.walking_speed_kmh(slope) * walking.MS_PER_KMH
    area = walking.body_area_m2(walker.body_kg, SETTINGS["height_m"])
    kilograms = {"body_kg": walker.body_kg, "load_kg": walker.load_kg}
    rate = walking.walking_rate_w(
        speed, 100 * slope, ground=options.ground, **kilograms
    )
    work = walking.climbing_work_w(speed, 100 * slope, **kilograms)
    return speed, rate / area, work / area


def _loss_l_per_km(
    slope: Floats, ground: Ground, felt: Floats, walker: Walker, options: WalkOptions
) -> Floats:
    """Tell what a kilometre on a path of one slope costs, hour by hour."""
    speed, rate, work = effort_w_per_m2(slope, walker, options)
    air = heat.stirred_air_ms(options.wind_ms, rate)
    largest = heat.largest_evaporation(heat.vapour_kpa(ground.dew_c), air)
    need = heat.required_evaporation(rate[:, None], work[:, None], felt, air[:, None])
    grams = heat.SWEAT[options.sweat](need, largest[:, None])
    area = walking.body_area_m2(walker.body_kg, SETTINGS["height_m"])
    per_km = area * M_PER_KM / (speed * S_PER_H) / G_PER_L
    return np.asarray(grams * per_km[:, None])


def loss_by_hour_l_per_km(
    ground: Ground, felt: Floats, walker: Walker, options: WalkOptions
) -> Floats:
    """Tell the water that a kilometre costs a walker, hour by hour.

    Paths go up as much as down, each at the cell's slope. On steep ground a walker
    never fares better than at the slope where walking down is fastest: who finds a
    steep cell finds gentle steps in it too.

    Parameters
    ----------
    ground
        What the walker meets.
    felt
        As :func:`felt_by_hour_c` gives, of shape (n_cells, 24).
    walker
        Body and load.
    options
        Ground factor, wind, equation.

    Returns
    -------
    numpy.ndarray of shape (n_cells, 24)
        Litres a kilometre; NaN where anything is unknown.
    """
    slope = np.tan(np.radians(ground.slope_deg))

    def both_ways(steepness: Floats) -> Floats:
        up = _loss_l_per_km(steepness, ground, felt, walker, options)
        return (up + _loss_l_per_km(-steepness, ground, felt, walker, options)) / 2

    loss = both_ways(slope)
    steep = np.flatnonzero(slope > KINK)
    if steep.size:
        here = Ground(
            slope_deg=ground.slope_deg[steep],
            highest_c=ground.highest_c[steep],
            lowest_c=ground.lowest_c[steep],
            dew_c=ground.dew_c[steep],
            latitude_deg=ground.latitude_deg[steep],
        )
        gentle = np.full(steep.size, KINK)
        up = _loss_l_per_km(gentle, here, felt[steep], walker, options)
        down = _loss_l_per_km(-gentle, here, felt[steep], walker, options)
        loss[steep] = np.maximum(loss[steep], (up + down) / 2)
    return loss


def window_mean(by_hour: Floats, start_hour: int, hours: int) -> Floats:
    """Average over the hours on foot, which may run past midnight.

    Parameters
    ----------
    by_hour
        Of shape (n_cells, 24).
    start_hour
        First hour.
    hours
        How many.

    Returns
    -------
    numpy.ndarray of shape (n_cells,)
        The mean.

    Examples
    --------
    >>> window_mean(np.arange(24.0)[None, :], 22, 4).tolist()
    [11.5]
    """
    among = (HOURS - start_hour) % 24 < hours
    return np.asarray(by_hour[:, among].mean(axis=1))

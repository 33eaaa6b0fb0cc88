"""Heat: what sweat a walker needs, what the air can take, what is lost.

Sweat by Gonzalez et al. 2009; heat of body, clothing and air by Givoni and Goldman 1972
(J Appl Physiol 32:812); the sun's by ASHRAE 55, appendix C, with the walker's shadow of
Jendritzky 1990. What was read of each: docs/literature.md.
"""

import numpy as np
import numpy.typing as npt

from riskmap.provenance import Source

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

GONZALEZ = Source(
    name="Gonzalez et al. 2009, Journal of Applied Physiology 107:379",
    publisher="American Physiological Society",
)

# where the sweat equations were fitted (Gonzalez et al. 2009)
FITTED_AIR_C = (15.0, 46.0)
FITTED_VAPOUR_KPA = (0.27, 4.45)
FITTED_WIND_MS = (0.4, 2.5)
FITTED_RATE_W_PER_M2 = 450.0
FITTED_HOURS = (2.0, 8.0)
# (their standard error is below 100 g per square metre and hour)

# skin of a person who works in the heat, and its vapour (Givoni and Goldman 1972)
SKIN_C, SKIN_MMHG = 36.0, 44.0
MMHG_PER_KPA = 7.50062

# a shirt and long trousers: insulation in clo and how it and the way for vapour
# change with the air's speed about the walker (Givoni and Goldman 1972)
CLO, CLO_WIND = 0.99, -0.25
VAPOUR_WAY, VAPOUR_WIND = 0.75, 0.25
# walking stirs the air: m/s for each W/m² above standing (the same)
STIRRED_MS_PER_W, STILL_W_PER_M2 = 0.004, 58.0

# W/m² and °C for one clo; and for mm Hg by the Lewis relation (the same)
W_PER_CLO, W_PER_CLO_MMHG = 6.45, 14.21

# radiative exchange, and convective with the square root of wind (ASHRAE 55)
RADIATIVE_W, CONVECTIVE_W, CONVECTIVE_POWER = 4.7, 8.6, 0.53

# standing person: share of skin that sees around; absorbed share of sunlight; share
# of the sky's light that is scattered; and what pale desert ground throws back
SEEN, ABSORBED, SCATTERED, GROUND_ALBEDO = 0.725, 0.67, 0.2, 0.3


def vapour_kpa(dew_point_c: npt.ArrayLike) -> Floats:
    """Tell the vapour pressure of air from its dew point (FAO-56 equation 14).

    Parameters
    ----------
    dew_point_c
        °C, of any shape.

    Returns
    -------
    numpy.ndarray
        kPa.

    Examples
    --------
    >>> vapour_kpa(20.0).round(3).tolist()
    2.338
    """
    dew = np.asarray(dew_point_c, dtype=np.float64)
    return np.asarray(0.6108 * np.exp(17.27 * dew / (dew + 237.3)))


def stirred_air_ms(wind_ms: npt.ArrayLike, rate_w_per_m2: npt.ArrayLike) -> Floats:
    """Tell how fast the air moves about a walker (Givoni and Goldman 1972).

    Parameters
    ----------
    wind_ms
        Metres a second at the height of the body, of any shape.
    rate_w_per_m2
        Metabolic rate.

    Returns
    -------
    numpy.ndarray
        Metres a second.

    Examples
    --------
    >>> stirred_air_ms(1.0, 158.0).round(2).tolist()
    1.4
    """
    moving = np.maximum(np.asarray(rate_w_per_m2, dtype=np.float64) - STILL_W_PER_M2, 0)
    return np.asarray(np.asarray(wind_ms) + STIRRED_MS_PER_W * moving)


def sun_gain_k(
    sun_w_per_m2: npt.ArrayLike, sun_height_deg: npt.ArrayLike, wind_ms: npt.ArrayLike
) -> Floats:
    """Tell by how much the sun makes the air feel hotter to a standing walker.

    Measures sunlight from above, from the sky and from pale ground; not the heat
    that hot ground sends out.

    Parameters
    ----------
    sun_w_per_m2
        Sunlight on level ground, of any shape.
    sun_height_deg
        Height of the sun, degrees; 0 or less is night.
    wind_ms
        Metres a second.

    Returns
    -------
    numpy.ndarray
        Kelvin to be added to the air's temperature; 0 at night.

    Examples
    --------
    >>> sun_gain_k([0.0, 900.0], [-10.0, 60.0], 2.0).round(1).tolist()
    [0.0, 11.0]
    """
    level = np.asarray(sun_w_per_m2, dtype=np.float64)
    height = np.clip(np.asarray(sun_height_deg, dtype=np.float64), 0.0, 90.0)
    # a low sun is never less than 5 degrees up: the beam would be without end
    beam = (1 - SCATTERED) * level / np.sin(np.radians(np.maximum(height, 5.0)))
    shadow = 0.308 * np.cos(np.radians(height * (0.998 - height**2 / 50_000)))
    around = 0.5 * SEEN * level * (SCATTERED + GROUND_ALBEDO)
    gained = ABSORBED / 0.95 * (around + shadow * SEEN * beam)
    exchange = RADIATIVE_W + CONVECTIVE_W * np.asarray(wind_ms) ** CONVECTIVE_POWER
    return np.where(height > 0, gained / exchange, 0.0)


def required_evaporation(
    rate_w_per_m2: npt.ArrayLike,
    work_w_per_m2: npt.ArrayLike,
    felt_c: npt.ArrayLike,
    air_ms: npt.ArrayLike,
) -> Floats:
    """Tell what heat sweat must carry off (Givoni and Goldman 1972).

    Parameters
    ----------
    rate_w_per_m2, work_w_per_m2
        Metabolic rate, and the part that lifts weight, of any shape.
    felt_c
        Air with the sun's gain, °C.
    air_ms
        Speed of the air about the walker.

    Returns
    -------
    numpy.ndarray
        W/m², never below 0.

    Examples
    --------
    >>> required_evaporation(200.0, 0.0, 36.0, 1.0).tolist()
    200.0
    """
    clo = CLO * np.asarray(air_ms, dtype=np.float64) ** CLO_WIND
    exchanged = W_PER_CLO * (np.asarray(felt_c) - SKIN_C) / clo
    kept = np.asarray(rate_w_per_m2) - np.asarray(work_w_per_m2)
    return np.asarray(np.maximum(kept + exchanged, 0.0))


def largest_evaporation(vapour: npt.ArrayLike, air_ms: npt.ArrayLike) -> Floats:
    """Tell how much heat the air can take up by evaporation (the same).

    Parameters
    ----------
    vapour
        Vapour pressure of the air, kPa, of any shape.
    air_ms
        Speed of the air about the walker.

    Returns
    -------
    numpy.ndarray
        W/m², never below 1.

    Examples
    --------
    >>> largest_evaporation(1.0, 1.0).round(1).tolist()
    389.0
    """
    way = VAPOUR_WAY * np.asarray(air_ms, dtype=np.float64) ** VAPOUR_WIND
    room = SKIN_MMHG - MMHG_PER_KPA * np.asarray(vapour, dtype=np.float64)
    return np.asarray(np.maximum(W_PER_CLO_MMHG * way * room, 1.0))


def sweat_shapiro(required: npt.ArrayLike, largest: npt.ArrayLike) -> Floats:
    """Tell the sweat lost, by the older equation that says too much (Shapiro 1982).

    Parameters
    ----------
    required, largest
        Evaporation in W/m², of any shape, ``largest`` above 0.

    Returns
    -------
    numpy.ndarray
        Grams a square metre and hour.

    Examples
    --------
    >>> sweat_shapiro(300.0, 200.0).round(1).tolist()
    751.2
    """
    need = np.asarray(required, dtype=np.float64)
    return np.asarray(27.9 * need * np.asarray(largest, dtype=np.float64) ** -0.455)


def sweat_corrected(required: npt.ArrayLike, largest: npt.ArrayLike) -> Floats:
    """Tell the sweat lost, Shapiro's equation corrected (Gonzalez 2009).

    Parameters
    ----------
    required, largest
        Evaporation in W/m², of any shape, ``largest`` above 0.

    Returns
    -------
    numpy.ndarray
        Grams a square metre and hour.

    Examples
    --------
    >>> sweat_corrected(300.0, 200.0).round(1).tolist()
    362.1
    """
    return np.asarray(147.0 * np.exp(0.0012 * sweat_shapiro(required, largest)))


def sweat_piecewise(required: npt.ArrayLike, largest: npt.ArrayLike) -> Floats:
    """Tell the sweat lost, by the piecewise equation (Gonzalez 2009).

    Parameters
    ----------
    required, largest
        Evaporation in W/m², of any shape.

    Returns
    -------
    numpy.ndarray
        Grams a square metre and hour, never below 0.

    Examples
    --------
    >>> sweat_piecewise([300.0, 0.0], [200.0, 400.0]).round(1).tolist()
    [431.1, 0.0]
    """
    need = 1.527 * np.asarray(required, dtype=np.float64)
    room = 0.87 * np.asarray(largest, dtype=np.float64)
    return np.asarray(np.maximum(147.0 + need - room, 0.0))


SWEAT = {"piecewise": sweat_piecewise, "corrected": sweat_corrected}


def outside_fit(
    air_c: npt.ArrayLike,
    vapour: npt.ArrayLike,
    wind_ms: npt.ArrayLike,
    rate_w_per_m2: npt.ArrayLike,
) -> dict[str, Truths]:
    """Tell where the sweat equations are asked for what they were not fitted on.

    Parameters
    ----------
    air_c, vapour, wind_ms, rate_w_per_m2
        Air °C, vapour kPa, wind m/s, metabolic rate W/m², of one shape.

    Returns
    -------
    dict of str to numpy.ndarray of bool
        ``hot``, ``cold``, ``humid``, ``dry``, ``wind``, ``effort``; an unknown value
        is outside nothing.

    Examples
    --------
    >>> found = outside_fit([47.0, 40.0], 1.0, 2.0, 200.0)
    >>> [name for name, there in found.items() if there.any()]
    ['hot']
    """
    air, moist = np.asarray(air_c), np.asarray(vapour)
    wind, rate = np.asarray(wind_ms), np.asarray(rate_w_per_m2)
    return {
        "hot": air > FITTED_AIR_C[1],
        "cold": air < FITTED_AIR_C[0],
        "humid": moist > FITTED_VAPOUR_KPA[1],
        "dry": moist < FITTED_VAPOUR_KPA[0],
        "wind": (wind < FITTED_WIND_MS[0]) | (wind > FITTED_WIND_MS[1]),
        "effort": rate > FITTED_RATE_W_PER_M2,
    }

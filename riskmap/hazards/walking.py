"""Walking: how fast a person goes on a slope, and what it costs the body.

Speed by Tobler 1993; effort by Pandolf, Givoni and Goldman 1977 (J Appl Physiol
43:577), downhill put right by Santee 2001 (Aviat Space Environ Med 72:562); body
surface by DuBois and DuBois 1916. What was read of each: docs/literature.md.
"""

import numpy as np
import numpy.typing as npt

from riskmap.provenance import Source

Floats = npt.NDArray[np.float64]

TOBLER = Source(
    name="Tobler 1993, Three presentations on geographical analysis and modeling",
    publisher="NCGIA Technical Report 93-1",
)

# fastest walk, km/h, and the slope at which it is reached (Tobler 1993)
FASTEST_KMH, FASTEST_SLOPE, SLOWING = 6.0, -0.05, 3.5

# what Pandolf's equation was fitted on: speed m/s, load kg (Pandolf et al. 1977)
FITTED_SPEED_MS, FITTED_LOAD_KG = 1.97, 70.0

# metres a second in a kilometre an hour
MS_PER_KMH = 1 / 3.6

GRAVITY_MS2 = 9.81


def walking_speed_kmh(slope: npt.ArrayLike) -> Floats:
    """Tell how fast a person walks along a path (Tobler's hiking function).

    Measures the pace of a fit walker on a footpath by day; not that of a group, of
    children, at night or through brush.

    Parameters
    ----------
    slope
        Rise over run along the path, negative downhill, of any shape.

    Returns
    -------
    numpy.ndarray
        Kilometres an hour, of the same shape; NaN stays NaN.

    Examples
    --------
    >>> walking_speed_kmh([-0.05, 0.0, 0.10]).round(3).tolist()
    [6.0, 5.037, 3.549]
    """
    from_best = np.abs(np.asarray(slope, dtype=np.float64) - FASTEST_SLOPE)
    return np.asarray(FASTEST_KMH * np.exp(-SLOWING * from_best))


def metabolic_rate_w(
    speed_ms: npt.ArrayLike,
    grade_pct: npt.ArrayLike,
    *,
    body_kg: float,
    load_kg: float,
    ground: float,
) -> Floats:
    """Tell what heat and work a walker's body sets free (Pandolf 1977).

    Fitted up to 1.97 m/s and 70 kg of load, level or uphill; downhill it is put
    right by :func:`downhill_saving_w`, as in :func:`walking_rate_w`.

    Parameters
    ----------
    speed_ms
        Metres a second, of any shape.
    grade_pct
        Rise over run in per cent, of the same shape.
    body_kg, load_kg
        Kilograms.
    ground
        Ground factor: 1.0 paved, 1.2 light brush, 1.5 heavy brush, 2.1 loose sand.

    Returns
    -------
    numpy.ndarray
        Watts.

    Examples
    --------
    >>> carried = {"body_kg": 70.0, "load_kg": 10.0}
    >>> metabolic_rate_w(1.2, 5.0, ground=1.2, **carried).round(2).tolist()
    517.23
    """
    v = np.asarray(speed_ms, dtype=np.float64)
    g = np.asarray(grade_pct, dtype=np.float64)
    total_kg = body_kg + load_kg
    standing = 1.5 * body_kg + 2.0 * total_kg * (load_kg / body_kg) ** 2
    return np.asarray(standing + ground * total_kg * (1.5 * v**2 + 0.35 * v * g))


def downhill_saving_w(
    speed_ms: npt.ArrayLike,
    grade_pct: npt.ArrayLike,
    *,
    body_kg: float,
    load_kg: float,
    ground: float,
) -> Floats:
    """Tell what Pandolf's equation is wrong by downhill (Santee 2001).

    To be taken off what :func:`metabolic_rate_w` gives; it is negative where braking
    costs more than the equation says.

    Parameters
    ----------
    speed_ms
        Metres a second, of any shape.
    grade_pct
        Rise over run in per cent, of the same shape; 0 where it is not negative.
    body_kg, load_kg
        Kilograms.
    ground
        Ground factor.

    Returns
    -------
    numpy.ndarray
        Watts; 0 on level ground and uphill.

    Examples
    --------
    Worked by hand: 1.2 (-10 x 80 x 1.2 / 3.5 - 80 x 16 / 70 + 25 - 1.44).

    >>> carried = {"body_kg": 70.0, "load_kg": 10.0}
    >>> downhill_saving_w(1.2, -10.0, ground=1.2, **carried).round(2).tolist()
    -322.81
    """
    v = np.asarray(speed_ms, dtype=np.float64)
    g = np.asarray(grade_pct, dtype=np.float64)
    total_kg = body_kg + load_kg
    braking = total_kg * (g + 6.0) ** 2 / body_kg
    saving = ground * (g * total_kg * v / 3.5 - braking + 25.0 - v**2)
    return np.where(g < 0, saving, 0.0)


def walking_rate_w(
    speed_ms: npt.ArrayLike,
    grade_pct: npt.ArrayLike,
    *,
    body_kg: float,
    load_kg: float,
    ground: float,
) -> Floats:
    """Tell a walker's metabolic rate up and down (Pandolf 1977, Santee 2001).

    Parameters
    ----------
    speed_ms
        Metres a second, of any shape.
    grade_pct
        Rise over run in per cent, of the same shape.
    body_kg, load_kg
        Kilograms.
    ground
        Ground factor.

    Returns
    -------
    numpy.ndarray
        Watts, never below standing still with the load.

    Examples
    --------
    >>> carried = {"body_kg": 70.0, "load_kg": 10.0, "ground": 1.0}
    >>> walking_rate_w(1.2, [0.0, -10.0], **carried).round(1).tolist()
    [281.1, 214.1]
    """
    carried = {"body_kg": body_kg, "load_kg": load_kg, "ground": ground}
    rate = metabolic_rate_w(speed_ms, grade_pct, **carried)
    rate = rate - downhill_saving_w(speed_ms, grade_pct, **carried)
    standing = metabolic_rate_w(0.0, 0.0, **carried)
    return np.asarray(np.maximum(rate, standing))


def climbing_work_w(
    speed_ms: npt.ArrayLike, grade_pct: npt.ArrayLike, *, body_kg: float, load_kg: float
) -> Floats:
    """Tell what part of a walker's effort lifts the weight and makes no heat.

    Parameters
    ----------
    speed_ms
        Metres a second, of any shape.
    grade_pct
        Rise over run in per cent, of the same shape.
    body_kg, load_kg
        Kilograms.

    Returns
    -------
    numpy.ndarray
        Watts; 0 downhill, where braking turns all into heat.

    Examples
    --------
    >>> climbing_work_w(1.0, 10.0, body_kg=70.0, load_kg=10.0).round(1).tolist()
    78.5
    """
    climb_ms = np.asarray(speed_ms) * np.maximum(np.asarray(grade_pct), 0) / 100
    return np.asarray((body_kg + load_kg) * GRAVITY_MS2 * climb_ms)


def body_area_m2(body_kg: npt.ArrayLike, height_m: float) -> Floats:
    """Tell a body's surface (DuBois and DuBois 1916).

    Parameters
    ----------
    body_kg
        Kilograms, of any shape.
    height_m
        Metres.

    Returns
    -------
    numpy.ndarray
        Square metres, of the same shape.

    Examples
    --------
    >>> body_area_m2(70.0, 1.73).round(2).tolist()
    1.83
    """
    weight = np.asarray(body_kg, dtype=np.float64)
    return np.asarray(0.202 * weight**0.425 * height_m**0.725)

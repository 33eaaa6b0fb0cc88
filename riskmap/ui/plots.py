"""Plots: bars with intervals, and lines, as blocks for the page to draw."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

from riskmap.i18n import Words
from riskmap.ui.blocks import Block

TICKS = 5
ROUND_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def whiskers(
    caption: str,
    rows: Iterable[tuple[str, float, float, float]],
    words: Words,
    *,
    digits: int = 2,
) -> Block:
    """Lay values out beside each other with their intervals.

    Parameters
    ----------
    caption
        What they are, with the unit.
    rows
        Name, value, lower end and upper end; NaN for what is not known.
    words
        Words of the language.
    digits
        Digits after the point.

    Returns
    -------
    dict
        A block.
    """
    drawn = []
    for name, value, low, high in rows:
        said = words.number(value, digits=digits)
        if not (math.isnan(low) or math.isnan(high)):
            ends = [words.number(end, digits=digits) for end in (low, high)]
            said = f"{said} ({words.text('number.span', low=ends[0], high=ends[1])})"
        numbers = {"value": value, "low": low, "high": high}
        held = {key: None if math.isnan(n) else float(n) for key, n in numbers.items()}
        drawn.append({"name": name, "text": said, **held})
    return {"kind": "whiskers", "caption": caption, "rows": drawn}


def series(
    caption: str, axes: Sequence[dict[str, Any]], lines: Sequence[dict[str, Any]]
) -> Block:
    """Draw lines.

    Parameters
    ----------
    caption
        What is drawn.
    axes
        The horizontal and the upright one, from :func:`axis` or :func:`days`.
    lines
        From :func:`line`.

    Returns
    -------
    dict
        A block.
    """
    across, upright = axes
    return {
        "kind": "series",
        "caption": caption,
        "x": across,
        "y": upright,
        "lines": list(lines),
    }


def line(name: str, points: Iterable[tuple[float, float]]) -> dict[str, Any]:
    """Make one line of a plot.

    Parameters
    ----------
    name
        What the legend says.
    points
        In order.

    Returns
    -------
    dict
        For :func:`series`.
    """
    return {"name": name, "points": [list(map(float, point)) for point in points]}


def axis(
    name: str, values: Iterable[float], words: Words, *, nought: bool = False
) -> dict[str, Any]:
    """Choose the ends and ticks of an axis.

    Parameters
    ----------
    name
        What it measures, with the unit.
    values
        What is to be drawn; those that are not finite do not count.
    words
        Words of the language.
    nought
        True to start at 0.

    Returns
    -------
    dict
        For :func:`series`.

    Examples
    --------
    >>> made = axis("km", [0.3, 9.0], Words("es"), nought=True)
    >>> made["ends"], [said for _, said in made["ticks"]]
    ([0.0, 10.0], ['0', '2', '4', '6', '8', '10'])
    """
    known = [value for value in values if math.isfinite(value)]
    low = min([0.0, *known] if nought else known or [0.0])
    high = max(known, default=1.0)
    if high <= low:
        high = low + 1.0
    step = _step((high - low) / TICKS)
    first, last = math.floor(low / step), math.ceil(high / step)
    places = [round(number * step, 10) for number in range(first, last + 1)]
    return {
        "name": name,
        "ends": [places[0], places[-1]],
        "ticks": [[place, words.number(place)] for place in places],
    }


def days(name: str, stamps: Sequence[tuple[float, str]]) -> dict[str, Any]:
    """Make an axis of days.

    Parameters
    ----------
    name
        What it tells.
    stamps
        Number and text of each day, in order.

    Returns
    -------
    dict
        For :func:`series`; every so many days are named, so that texts do not meet.
    """
    every = max(1, math.ceil(len(stamps) / TICKS))
    ends = [stamps[0][0], stamps[-1][0]]
    return {"name": name, "ends": ends, "ticks": [list(s) for s in stamps[::every]]}


def _step(least: float) -> float:
    """Find the smallest round step that is not below the least."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * one for one in ROUND_STEPS if power * one >= least * 0.999)

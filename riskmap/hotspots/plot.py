"""Plot: the bands of near repeats as one picture, in SVG, without a library."""

from collections.abc import Callable
from html import escape

import numpy as np
import pandas as pd

from riskmap.hotspots.nearrepeat import raised

SVG = "<svg xmlns='http://www.w3.org/2000/svg'"
TO = "\u2013"
TIMES = "\u00d7"

WIDTH, ROW, LEFT, TOP, FOOT = 760, 64, 150, 84, 56

# from as many as chance to four times as many; black and white both read on none
LOW, HIGH = (255, 255, 255), (178, 24, 43)
MOST = 4.0
DARK = 0.55


def draw_bands(bands: pd.DataFrame, *, title: str, label: Callable[[str], str]) -> str:
    """Draw how many times as many pairs each band holds as chance would give.

    A frame marks bands that are raised; the number of pairs stands under each ratio, so
    that no meaning rests on colour alone.

    Parameters
    ----------
    bands
        As :data:`riskmap.hotspots.nearrepeat.BAND_TABLE`.
    title
        What is shown.
    label
        From a key to words.

    Returns
    -------
    str
        SVG.

    Examples
    --------
    >>> from riskmap.hotspots.nearrepeat import NearRepeatOptions, knox
    >>> found = knox(np.zeros((2, 2)), np.array([0, 1]), np.zeros(2, dtype=int),
    ...     NearRepeatOptions(deals=399))
    >>> draw_bands(found.bands, title="<b>", label=str).count("&lt;b&gt;")
    2
    """
    days = bands[["from_days", "to_days"]].drop_duplicates().to_numpy().tolist()
    km = bands[["from_km", "to_km"]].drop_duplicates().to_numpy().tolist()
    cell = (WIDTH - LEFT - 20) / len(days)
    height = TOP + ROW * len(km) + FOOT
    parts = [
        f"{SVG} viewBox='0 0 {WIDTH} {height}' role='img' font-family='sans-serif'>",
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        _text(20, 28, title, anchor="start", size=17),
        _text(LEFT + cell * len(days) / 2, 54, label("change.plot.days")),
        _text(20, TOP - 10, label("change.plot.km"), anchor="start"),
    ]
    for place, (low, high) in enumerate(days):
        parts.append(_text(LEFT + cell * (place + 0.5), TOP - 10, f"{low}{TO}{high}"))
    for place, (low, high) in enumerate(km):
        middle = TOP + ROW * (place + 0.5) + 5
        parts.append(_text(LEFT - 12, middle, f"{low:g}{TO}{high:g}", anchor="end"))
    marks = raised(bands)
    # frames last, so that no neighbour covers them
    boxes = [
        (LEFT + cell * (at % len(days)), TOP + ROW * (at // len(days)))
        for at in range(len(bands))
    ]
    for (x, y), row in zip(boxes, bands.itertuples(), strict=True):
        parts += _box(x, y, cell, float(row.ratio), int(row.pairs))
    parts += [
        f'<rect x="{x + 2:.1f}" y="{y + 2}" width="{cell - 4:.1f}" height="{ROW - 4}" '
        f'fill="none" stroke="#111" stroke-width="3"/>'
        for (x, y), mark in zip(boxes, marks, strict=True)
        if mark
    ]
    foot = TOP + ROW * len(km) + 28
    parts += [_text(20, foot, label("change.plot.note"), anchor="start", size=13)]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _box(x: float, y: float, cell: float, ratio: float, pairs: int) -> list[str]:
    """Draw one band: its ratio, and its pairs in small."""
    share = 0.0 if np.isnan(ratio) else float(np.clip((ratio - 1) / (MOST - 1), 0, 1))
    colour = [round(a + (b - a) * share) for a, b in zip(LOW, HIGH, strict=True)]
    ink = "#fff" if share > DARK else "#111"
    said = TO if np.isnan(ratio) else f"{TIMES} {ratio:.2f}"
    fill = f"rgb({colour[0]},{colour[1]},{colour[2]})"
    size = f"width='{cell:.1f}' height='{ROW}'"
    return [
        f"<rect x='{x:.1f}' y='{y}' {size} fill='{fill}' stroke='#999'/>",
        _text(x + cell / 2, y + ROW / 2, said, fill=ink, size=16),
        _text(x + cell / 2, y + ROW / 2 + 20, f"n = {pairs}", fill=ink, size=12),
    ]


def _text(
    x: float,
    y: float,
    text: str,
    *,
    anchor: str = "middle",
    size: int = 14,
    fill: str = "#111",
) -> str:
    """Write one text."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" '
        f'fill="{fill}">{escape(text)}</text>'
    )

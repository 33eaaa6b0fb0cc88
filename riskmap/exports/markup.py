"""Markup: text and coordinates as XML files want them, without a parser."""

import html
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely

# what XML 1.0 cannot hold, however it is written
UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# a hundredth of a metre
DECIMALS = 7


def escaped(value: object) -> str:
    r"""Write a value as XML text or attribute.

    Parameters
    ----------
    value
        Anything; None and missing texts become empty.

    Returns
    -------
    str
        Escaped; characters that XML cannot hold are replaced.

    Examples
    --------
    >>> escaped("Río <Bravo> & más\x00")
    'Río &lt;Bravo&gt; &amp; más�'
    """
    text = "" if value is None else str(value)
    return html.escape(UNWRITABLE.sub("\ufffd", text), quote=True)


def degrees(value: float) -> str:
    """Write a coordinate with seven decimals, zeros at the end left out.

    Parameters
    ----------
    value
        Degrees.

    Returns
    -------
    str
        Never in powers of ten, never ``-0``.

    Examples
    --------
    >>> degrees(-110.94), degrees(-1e-9), degrees(31.12345678)
    ('-110.94', '0', '31.1234568')
    """
    text = f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def rings_of(shape: Any) -> list[list[tuple[float, float]]]:
    """Take a polygon apart into its outer ring and its holes.

    Parameters
    ----------
    shape
        A polygon, degrees.

    Returns
    -------
    list of list of tuple of float
        Outer ring first; longitude and latitude.

    Examples
    --------
    >>> len(rings_of(shapely.box(0, 0, 1, 1))[0])
    5
    """
    return [
        [(float(x), float(y)) for x, y in np.asarray(ring.coords)[:, :2]]
        for ring in (shape.exterior, *shape.interiors)
    ]


def parts_of(shape: Any) -> Iterable[Any]:
    """Take a collection of geometries apart; a missing one has no parts.

    Parameters
    ----------
    shape
        Any geometry.

    Returns
    -------
    iterable
        Single geometries, empty ones left out.

    Examples
    --------
    >>> [part.geom_type for part in parts_of(shapely.MultiPoint([(0, 0), (1, 1)]))]
    ['Point', 'Point']
    """
    if shape is None or shape.is_empty:
        return []
    return [part for part in shapely.get_parts(shape) if not part.is_empty]

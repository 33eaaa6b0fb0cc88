"""Colours of the map: palettes a colour-blind reader can tell apart, and classes.

Class breaks are fixed: they never follow the view, the month or the data, so that two
maps side by side mean the same.
"""

from dataclasses import dataclass

from riskmap.errors import UnknownNameError

# five classes, from low to high; ColorBrewer and matplotlib; chosen by the least colour
# difference between any two classes under three colour-vision deficiencies. No
# red-yellow-green.
PALETTES: dict[str, tuple[str, ...]] = {
    "YlOrRd": ("#ffffb2", "#fecc5c", "#fd8d3c", "#f03b20", "#bd0026"),
    "Cividis": ("#fee838", "#bcae6c", "#7d7c78", "#35456c", "#00224e"),
    "Viridis": ("#fde725", "#5ec962", "#21918c", "#3b528b", "#440154"),
    "Grey": ("#f7f7f7", "#cccccc", "#969696", "#636363", "#252525"),
}
DEFAULT_PALETTE = "YlOrRd"

# seven classes of change, from less to more: RdBu of ColorBrewer, reversed; the two
# palest a little stronger, as a protanope could hardly tell them from the middle
CHANGE_COLOURS = (
    *("#2166ac", "#67a9cf", "#c6dfee"),
    "#f7f7f7",
    *("#fcd2ba", "#ef8a62", "#b2182b"),
)

# what covers a cell of which nothing is known, whatever the palette
NO_DATA_COLOUR = "#d0d0d0"
# cells where a source would have told and nothing was recorded
NONE_RECORDED_COLOUR = "#d3e4d8"


@dataclass(frozen=True, kw_only=True)
class Classes:
    """Classes of one quantity: where they begin, and what they are called.

    Parameters
    ----------
    breaks
        Where the second and each later class begins, ascending.
    words
        Keys of the class names, one more than breaks, lowest first.
    unit
        Key of the unit's name.
    """

    breaks: tuple[float, ...]
    words: tuple[str, ...]
    unit: str


# expected recorded events a year per 100 km²: half decades, the first of them about the
# corridor's mean (300 deaths and disappearances a year over 517,000 km² are 0.06)
RATE_CLASSES = Classes(
    breaks=(0.03, 0.1, 0.3, 1),
    words=(
        "map.class.very_low",
        "map.class.low",
        "map.class.medium",
        "map.class.high",
        "map.class.very_high",
    ),
    unit="map.unit.rate",
)
# recorded incidents in a cell
COUNT_CLASSES = Classes(
    breaks=(2, 5, 10, 50),
    words=(
        "map.count.1",
        "map.count.2_4",
        "map.count.5_9",
        "map.count.10_49",
        "map.count.50",
    ),
    unit="map.unit.count",
)


def palette(name: str) -> tuple[str, ...]:
    """Find a palette by its name.

    Parameters
    ----------
    name
        One of :data:`PALETTES`.

    Returns
    -------
    tuple of str
        Five colours as ``#rrggbb``, from low to high.

    Raises
    ------
    UnknownNameError
        If there is no such palette.

    Examples
    --------
    >>> palette("Grey")[0]
    '#f7f7f7'
    """
    if name not in PALETTES:
        msg = f"No palette {name!r}: known are {', '.join(PALETTES)}."
        raise UnknownNameError(
            msg, kind="palette", value=name, known=", ".join(PALETTES)
        )
    return PALETTES[name]

"""Our layers as folium sees them: each is one line of script and its options.

The script holds options, file names and codes only. Tables reach the browser as files
that :mod:`riskmap.webmap.files` makes, so no text from outside is ever part of a
script.
"""

from typing import Any

import folium
from branca.element import MacroElement
from folium.template import Template

# how each kind of landmark looks: told apart by shape and letter, not by colour alone;
# `zoom` is where it begins to show
Symbol = dict[str, str | int]


def _symbol(shape: str, letter: str, colour: str, zoom: int) -> Symbol:
    """Make one symbol."""
    return {"shape": shape, "letter": letter, "colour": colour, "zoom": zoom}


BLACK, RED, BLUE, GREEN, BROWN = "#111111", "#b00020", "#0b4fa8", "#1d6b37", "#6a4a1f"
LANDMARK_SYMBOLS: dict[str, Symbol] = {
    "port_of_entry": _symbol("square", "P", BLACK, 6),
    "international_bridge": _symbol("square", "B", BLACK, 7),
    "hospital": _symbol("circle", "H", RED, 7),
    "town": _symbol("circle", "T", BLACK, 8),
    "airport": _symbol("circle", "A", BLUE, 8),
    "boundary_monument": _symbol("diamond", "M", BLACK, 8),
    "river_km": _symbol("diamond", "K", BLUE, 7),
    "stream_gauge": _symbol("diamond", "G", BLUE, 7),
    "dam": _symbol("diamond", "D", BLUE, 7),
    "peak": _symbol("triangle", "P", BROWN, 7),
    "pass": _symbol("triangle", "V", BROWN, 7),
    "natural_feature": _symbol("triangle", "N", BROWN, 7),
    "border_patrol_sector_hq": _symbol("square", "S", GREEN, 6),
    "border_patrol_station": _symbol("square", "E", GREEN, 7),
    "grupo_beta": _symbol("circle", "B", GREEN, 6),
    "mexican_consulate": _symbol("square", "C", BLUE, 7),
    "us_consulate": _symbol("square", "U", BLUE, 7),
    "other": _symbol("circle", "?", BLACK, 8),
}


class OurLayer(folium.map.Layer):
    """A layer that one function of our script makes.

    Parameters
    ----------
    options
        Options of the script's layer.
    """

    function = ""
    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = riskmap.{{ this.function }}(
            source, {{ this.options|tojson }}
        );
        {% endmacro %}
        """
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(overlay=True, control=False)
        self._name = self.function
        self._id = "riskmap"
        self.options = options


class Basemap(OurLayer):
    """Land, rivers, state lines and names of places."""

    function = "basemap"


class Boundary(OurLayer):
    """The boundary line."""

    function = "boundary"


class Cells(OurLayer):
    """Hexagons painted on canvas tiles, with level of detail by zoom."""

    function = "cells"


class Zones(OurLayer):
    """Outlines of the ranked zones."""

    function = "zones"


class Landmarks(OurLayer):
    """Landmarks by kind, each a shape and a letter."""

    function = "landmarks"


class Source(MacroElement):
    """Where the map's files come from.

    Parameters
    ----------
    function
        ``remote`` or ``embedded``, of our script.
    place
        Address of the folder, or id of the element that holds the files.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var source = riskmap.{{ this.function }}({{ this.place|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, function: str, place: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "source"
        self._id = "riskmap"
        self.function = function
        self.place = place

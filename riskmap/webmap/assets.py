"""Our scripts and styles, and the pinned ones that set-up fetched."""

import re
from pathlib import Path

from riskmap.errors import FileMissingError

STATIC = Path(__file__).resolve().parent / "static"

# in the order in which a page needs them
VENDOR_SCRIPTS = (
    "vendor/leaflet/leaflet.js",
    "vendor/h3-js/h3-js.umd.js",
    "vendor/mgrs/mgrs.min.js",
)
OUR_SCRIPTS = (
    "js/codec.js",
    "js/store.js",
    "js/cells.js",
    "js/overlays.js",
    "js/panel.js",
    "js/areas.js",
    "js/records.js",
    "js/time.js",
    "js/second.js",
    "js/places.js",
    "js/tools.js",
    "js/face.js",
)
SCRIPTS = VENDOR_SCRIPTS + OUR_SCRIPTS
PAGE_SCRIPTS = (*SCRIPTS, "js/page.js")
STYLES = ("vendor/leaflet/leaflet.css", "map.css")
PAGE_STYLES = (*STYLES, "page.css")
WORLD = "world.json"

# images we do not use, and debugging notes that a browser would try to fetch
_IMAGE = re.compile(r"(background-image|behavior):\s*url\([^)]*\);?")
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)


def read_asset(name: str) -> str:
    """Read one script or style.

    Parameters
    ----------
    name
        Path below the static folder.

    Returns
    -------
    str
        Its text, without images that would be fetched from elsewhere.

    Raises
    ------
    FileMissingError
        If set-up has not fetched it.

    Examples
    --------
    >>> "hexagons" in read_asset("js/cells.js")
    True
    """
    path = STATIC / name
    if not path.is_file():
        msg = (
            f"{name} is absent: run `python scripts/vendor_assets.py`, which fetches "
            "it from npm."
        )
        raise FileMissingError(msg, path=str(path))
    text = path.read_text(encoding="utf-8")
    return _SOURCE_MAP.sub("", _IMAGE.sub("", text))


def bundle(kind: str) -> str:
    """Join what the app's map needs into one script or one style.

    Parameters
    ----------
    kind
        ``js`` or ``css``.

    Returns
    -------
    str
        Every script or style, in order.

    Examples
    --------
    >>> "riskmap.Face" in bundle("js")
    True
    """
    names = SCRIPTS if kind == "js" else STYLES
    return "\n".join(read_asset(name) for name in names)

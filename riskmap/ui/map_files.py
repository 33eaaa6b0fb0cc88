"""The files of the map that the browser asks for, under names that never change."""

import contextlib
import ctypes
import functools
import gc
import gzip
import hashlib

import pyarrow as pa
from starlette.requests import Request
from starlette.responses import Response

from riskmap.errors import RiskmapError
from riskmap.ui import access, door, places, quality
from riskmap.ui.server import MAP_ADDRESS, STATIC_ADDRESS
from riskmap.ui.signed import claims_of
from riskmap.ui.tables import VIEWS, is_stale, load
from riskmap.webmap import build_map, bundle, map_script

# an address holds the sum of its content, so it never changes; no proxy keeps it for
# others, and where people sign in it answers those only to whom the page showed it
IMMUTABLE = "private, max-age=31536000, immutable"

BUILDER = """
window.riskmap.builders = window.riskmap.builders || {{}};
window.riskmap.builders["{address}"] = function () {{
{script}
return {{map: map_riskmap, cells: cells_riskmap, zones: zones_riskmap,
  landmarks: landmarks_riskmap}};
}};
"""


def addresses(digest: str) -> dict[str, str]:
    """Tell where the browser gets the map.

    Parameters
    ----------
    digest
        Name of the view's state.

    Returns
    -------
    dict
        ``bundle``, ``style`` and ``map``.
    """
    return {
        "bundle": f"{STATIC_ADDRESS}/{_sum('js')}/map.js",
        "style": f"{STATIC_ADDRESS}/{_sum('css')}/map.css",
        "map": f"{MAP_ADDRESS}/{digest}/map.js",
    }


@functools.cache
def _packed(kind: str) -> bytes:
    """Bundle our scripts or styles, once."""
    return gzip.compress(bundle(kind).encode(), 6, mtime=0)


@functools.cache
def _sum(kind: str) -> str:
    """Name a bundle by its content."""
    return hashlib.sha256(_packed(kind)).hexdigest()[:16]


def _answer(request: Request, packed: bytes, media_type: str) -> Response:
    """Send gzipped bytes as they are, or opened for who cannot."""
    headers = {"Cache-Control": IMMUTABLE, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(packed, media_type=media_type, headers=headers)
    return Response(gzip.decompress(packed), media_type=media_type, headers=headers)


def static_file(request: Request) -> Response:
    """Answer with one of the two bundles."""
    kind = {"map.js": "js", "map.css": "css"}.get(request.path_params["name"])
    if kind is None or request.path_params["digest"] != _sum(kind):
        return Response(status_code=404)
    media = "text/javascript" if kind == "js" else "text/css"
    return _answer(request, _packed(kind), media)


def map_file(request: Request) -> Response:
    """Answer with one file of one state of the project."""
    digest, name = request.path_params["digest"], request.path_params["name"]
    whose = None
    if access.configured():
        try:
            whose = access.Person(access.clearance(claims_of(request)))
        except RiskmapError:
            return Response(status_code=403)
    view = VIEWS.named(digest, whose)
    if view is None:
        return Response(status_code=404)
    files = view.files
    if name == "map.js":
        return _answer(request, _builder(digest), "text/javascript")
    if name not in files.names():
        return Response(status_code=404)
    return _answer(request, files.read(name), "application/octet-stream")


@functools.lru_cache(maxsize=4)
def _builder(digest: str) -> bytes:
    """Wrap the script that folium wrote in a function of its own."""
    folder = f"{MAP_ADDRESS}/{digest}/"
    view = VIEWS.named(digest) or load()
    made = build_map(view.tables, source="remote", place=folder)
    text = BUILDER.format(address=f"{folder}map.js", script=map_script(made))
    return gzip.compress(text.encode(), 6, mtime=0)


def warm() -> None:
    """Read the project and make what the first map needs."""
    # a page says in words what is wrong with a project
    with contextlib.suppress(RiskmapError):
        view = load()
        for kind in ("js", "css"):
            _packed(kind)
        _builder(view.digest)
        for name in view.files.names():
            if name.endswith(".json") or name.startswith("overview."):
                view.files.read(name)


def settle() -> None:
    """Read what is asked for next: news, reasons of a cell, places, and quality."""
    _stay()
    for read in (_restricted, is_stale, _reasons, _places, quality.load):
        # a page says in words what is wrong
        with contextlib.suppress(RiskmapError):
            read()
        _stay()


def _restricted() -> None:
    """Find what of the map is restricted, which the first to open it would wait for."""
    door.restricted("map")


def _reasons() -> None:
    """Read the reasons of all cells."""
    load().reasons()


def _places() -> None:
    """Index what is around places."""
    places.prepare(places.whereabouts())


def _stay() -> None:
    """Spare the collector what was read: Streamlit calls it after every rerun."""
    gc.collect()
    gc.freeze()
    give_back()


def give_back() -> None:
    """Hand the room back to the system that reading needed and answering does not."""
    pa.default_memory_pool().release_unused()
    # only the C library of Linux has it
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)

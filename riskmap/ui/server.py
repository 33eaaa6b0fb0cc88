"""What the server adds to Streamlit: the map's addresses, gzip and safe headers."""

import asyncio
import base64
import contextlib
import functools
import gc
import gzip
import hashlib
import re
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from riskmap.errors import RiskmapError
from riskmap.ui import places
from riskmap.ui.tables import VIEWS, load
from riskmap.webmap import build_map, bundle, map_script

STATIC_ADDRESS = "/riskmap/static"
MAP_ADDRESS = "/riskmap/map"
# an address holds the sum of its content, so it never changes
IMMUTABLE = "public, max-age=31536000, immutable"
SMALLEST_GZIP_BYTES = 1000

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


def _static(request: Request) -> Response:
    """Answer with one of the two bundles."""
    kind = {"map.js": "js", "map.css": "css"}.get(request.path_params["name"])
    if kind is None or request.path_params["digest"] != _sum(kind):
        return Response(status_code=404)
    media = "text/javascript" if kind == "js" else "text/css"
    return _answer(request, _packed(kind), media)


def _map(request: Request) -> Response:
    """Answer with one file of one state of the project."""
    digest, name = request.path_params["digest"], request.path_params["name"]
    files = VIEWS.files(digest)
    if files is None:
        return Response(status_code=404)
    if name == "map.js":
        return _answer(request, _builder(digest), "text/javascript")
    if name not in files.names():
        return Response(status_code=404)
    return _answer(request, files.read(name), "application/octet-stream")


@functools.lru_cache(maxsize=4)
def _builder(digest: str) -> bytes:
    """Wrap the script that folium wrote in a function of its own."""
    folder = f"{MAP_ADDRESS}/{digest}/"
    made = build_map(load().tables, source="remote", place=folder)
    text = BUILDER.format(address=f"{folder}map.js", script=map_script(made))
    return gzip.compress(text.encode(), 6, mtime=0)


@contextlib.asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[None]:
    """Read the project while the first browser is still fetching the page.

    Parameters
    ----------
    _
        The app.

    Yields
    ------
    None
        While the app serves.
    """
    reading = asyncio.get_running_loop().run_in_executor(None, _warm)
    yield
    await reading


def _warm() -> None:
    """Read the project and make what every visitor asks for first."""
    # a page says in words what is wrong with a project
    with contextlib.suppress(RiskmapError):
        view = load()
        for kind in ("js", "css"):
            _packed(kind)
        _builder(view.digest)
        for name in view.files.names():
            if name.endswith(".json") or name.startswith("overview."):
                view.files.read(name)
        view.reasons()
        places.whereabouts()
        # what is read now stays: the collector need not look at it again
        gc.collect()
        gc.freeze()


def routes() -> Sequence[BaseRoute]:
    """List the addresses that the app adds.

    Returns
    -------
    Sequence of BaseRoute
        For ``st.App``.
    """
    return (
        Route(f"{STATIC_ADDRESS}/{{digest}}/{{name}}", _static),
        Route(f"{MAP_ADDRESS}/{{digest}}/{{name}}", _map),
    )


@functools.cache
def content_policy() -> str:
    """Write the Content-Security-Policy: nothing from elsewhere, as Streamlit allows.

    Streamlit needs styles in the page, one script in its own index (allowed by its
    sum), and a component's script from a ``blob:`` of the page itself.

    Returns
    -------
    str
        Value of the header.

    Examples
    --------
    >>> "unsafe-eval" in content_policy()
    False
    """
    index = Path(streamlit.__file__).parent / "static" / "index.html"
    inline = re.findall(
        r"<script>(.*?)</script>", index.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    sums = " ".join(
        "'sha256-"
        + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        + "'"
        for text in inline
    )
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' blob: {sums}".strip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "manifest-src 'self'",
            "media-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class SafeHeaders:
    """Middleware that puts the same safe headers on every response.

    Parameters
    ----------
    app
        What it wraps.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, adding headers to its answer.

        Parameters
        ----------
        scope, receive, send
            As ASGI says.
        """

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = content_policy()
                headers["X-Content-Type-Options"] = "nosniff"
                headers["X-Frame-Options"] = "DENY"
                headers["Referrer-Policy"] = "no-referrer"
                headers["Cross-Origin-Opener-Policy"] = "same-origin"
                headers["Permissions-Policy"] = (
                    "geolocation=(), camera=(), microphone=()"
                )
            await send(message)

        await self._app(scope, receive, marked)


def middleware() -> Sequence[Middleware]:
    """List what wraps every request.

    Returns
    -------
    Sequence of Middleware
        For ``st.App``.
    """
    return (
        Middleware(SafeHeaders),
        Middleware(GZipMiddleware, minimum_size=SMALLEST_GZIP_BYTES),
    )

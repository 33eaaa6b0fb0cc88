"""What the server adds to Streamlit: the map's addresses, gzip and safe headers.

It imports nothing heavy: the server answers the browser while the rest is imported.
"""

import asyncio
import base64
import contextlib
import ctypes
import functools
import gc
import hashlib
import importlib
import re
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# what Streamlit's page asks before it begins
HOST_ADDRESS = "/_stcore/host-config"
STATIC_ADDRESS = "/riskmap/static"
MAP_ADDRESS = "/riskmap/map"
SMALLEST_GZIP_BYTES = 1000

# how long a thread that has work may go on before another runs: with sixty people at
# once, Python's own 5 ms cost an answer more in handing over than in working
HAND_OVER_S = 0.02

# malloc.h's number for: so many stores of memory at most
M_ARENA_MAX, ARENAS = -8, 2

# what a first map may take after its files are read; until then a browser goes first
FIRST_MAP_S = 5.0

# how often room that stands empty goes back to the system; it takes milliseconds
GIVE_BACK_EVERY_S = 120.0


def _map_files() -> Any:
    """Give what answers for the map, imported while the server already answers."""
    return importlib.import_module("riskmap.ui.map_files")


def _static(request: Request) -> Response:
    """Answer with one of the two bundles."""
    answer: Response = _map_files().static_file(request)
    return answer


def _map(request: Request) -> Response:
    """Answer with one file of one state of the project."""
    answer: Response = _map_files().map_file(request)
    return answer


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
    _share_memory()
    sys.setswitchinterval(HAND_OVER_S)
    # all that is imported and read for the first map stays: nothing is to be collected
    gc.disable()
    reading = asyncio.create_task(_read_ahead())
    yield
    reading.cancel()


def _share_memory() -> None:
    """Let the threads of all people share two stores of memory, not one each.

    The C library of Linux gives each thread one of its own, up to eight a processor,
    and hands none back.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)


async def _read_ahead() -> None:
    """Make the files of the first map, then what is asked next; then keep tidy."""
    run = asyncio.get_running_loop().run_in_executor
    try:
        await run(None, lambda: _map_files().warm())
    finally:
        gc.enable()
    await asyncio.sleep(FIRST_MAP_S)
    await run(None, lambda: _map_files().settle())
    while True:
        await asyncio.sleep(GIVE_BACK_EVERY_S)
        await run(None, lambda: _map_files().give_back())


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


class OwnNotes:
    """Middleware that keeps Streamlit's page from showing boxes of its own.

    They are English and lie over a map that still works; riskmap says itself when the
    server does not answer (:mod:`riskmap.ui.connection`). Nor does the page obey any
    other page that would hold it.

    Parameters
    ----------
    app
        What it wraps.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._told = JSONResponse({"allowedOrigins": [], "blockErrorDialogs": True})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for Streamlit what its page asks first; pass on anything else.

        Parameters
        ----------
        scope, receive, send
            As ASGI says.
        """
        ours = scope["type"] == "http" and scope["path"] == HOST_ADDRESS
        await (self._told if ours else self._app)(scope, receive, send)


def middleware() -> Sequence[Middleware]:
    """List what wraps every request.

    Returns
    -------
    Sequence of Middleware
        For ``st.App``.
    """
    return (
        Middleware(SafeHeaders),
        Middleware(OwnNotes),
        Middleware(GZipMiddleware, minimum_size=SMALLEST_GZIP_BYTES),
    )

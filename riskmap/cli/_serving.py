"""Serving the map's page: a server for this computer alone, that ends with us."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import riskmap
from riskmap.errors import OptionError, PortBusyError

HOST = "localhost"
DEFAULT_PORT = 8501
HIGHEST_PORT = 65_535

# local, silent, and no letter to anyone: Streamlit's defaults ask for an e-mail
# address and report usage over the network
FLAGS = (
    f"--server.address={HOST}",
    "--server.showEmailPrompt=false",
    "--server.fileWatcherType=none",
    "--browser.gatherUsageStats=false",
    "--client.showErrorDetails=none",
    "--client.toolbarMode=minimal",
)

# what POSIX calls nice: whoever has it runs when nobody else would
LOWEST = 19

DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")


def check_port(port: int) -> None:
    """Refuse a port that is none, or that another program uses."""
    if port > HIGHEST_PORT:
        msg = f"`--port` must be {HIGHEST_PORT} or less, got {port}."
        raise OptionError(msg, option="--port", value=str(port))
    with socket.socket() as trial:
        # a port that was left a moment ago is free, as the server sees it
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
        except OSError as error:
            msg = f"Port {port} cannot be used: {error}."
            raise PortBusyError(msg, port=str(port)) from error


def serve(
    port: int, project: Path, lang: str | None, check: Callable[[], object]
) -> int:
    """Serve the page until the person stops it; give the server's own exit code.

    ``check`` looks the project through while the server starts: what it raises ends
    the server too.
    """
    headless = sys.platform == "linux" and not any(map(os.environ.get, DISPLAYS))
    command = [sys.executable, "-m", "streamlit", "run", str(_page()), *FLAGS]
    command += [f"--server.port={port}", f"--server.headless={headless}".lower()]
    environment = os.environ | {"RISKMAP_PROJECT": str(project.resolve())}
    if lang:
        environment["RISKMAP_LANG"] = lang
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    # in a group of its own Ctrl-C reaches us alone, and its English banner nobody
    server = subprocess.Popen(  # noqa: S603
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        process_group=0,
    )
    try:
        if hasattr(os, "nice"):
            # from here on this process waits: the first map goes before its check
            os.nice(LOWEST)
        check()
        return server.wait()
    except KeyboardInterrupt:
        # closing the map is how this command ends, not a failure
        return 0
    finally:
        server.terminate()
        server.wait()


def _stop(*_: object) -> NoReturn:
    """End as by Ctrl-C, so that the server ends too."""
    raise KeyboardInterrupt


def _page() -> Path:
    """Find the page's program: packed inside, or at the top of a checkout."""
    package = Path(riskmap.__file__).parent
    packed = package / "ui" / "app.py"
    return packed if packed.is_file() else package.parent / "app.py"

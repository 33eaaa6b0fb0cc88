"""The app on a free port, for pictures, tests and measurements."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
START_S = 60.0
END_S = 30.0
LOOK_S = 0.05
ANSWER_S = 10.0


def answers(address: str) -> bool:
    """Tell whether a server is up.

    Parameters
    ----------
    address
        Its address, with a stroke at the end.

    Returns
    -------
    bool
        False too while it starts.
    """
    health = address + "_stcore/health"
    try:
        with urllib.request.urlopen(health, timeout=ANSWER_S):  # noqa: S310 our own
            return True
    except OSError:
        return False


@contextlib.contextmanager
def served(
    page: Path = ROOT / "app.py",
    *,
    log: "IO[bytes] | int" = subprocess.DEVNULL,
    port: int = 0,
    **environment: str,
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Serve a Streamlit page until the block ends.

    Parameters
    ----------
    page
        The program to serve.
    log
        Where what it says goes.
    port
        On which port; 0 for a free one.
    **environment
        Variables besides those of this process, as ``RISKMAP_PROJECT``.

    Yields
    ------
    address : str
        With a stroke at the end.
    process : subprocess.Popen
        The server.

    Raises
    ------
    RuntimeError
        If it ends, or does not answer, within a minute.
    """
    if not port:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(page)]
    command += [f"--server.port={port}", "--server.address=127.0.0.1"]
    command += ["--server.headless=true"]
    told = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    process = subprocess.Popen(command, cwd=ROOT, env=told, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}/"
    end = time.monotonic() + START_S
    try:
        while not answers(address):
            if process.poll() is not None or time.monotonic() > end:
                msg = f"{page} did not start."
                raise RuntimeError(msg)
            time.sleep(LOOK_S)
        yield address, process
    finally:
        process.terminate()
        process.wait(timeout=END_S)

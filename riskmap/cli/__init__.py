"""The command line: one command per step, and ``run``.

A command parses, opens the project, calls one function of
:mod:`riskmap.pipeline` and prints. The pipeline is imported inside the commands
so that ``riskmap --help`` answers at once.
"""

import os
import sys

__all__ = ["main"]

# as a shell numbers an end by SIGINT
EXIT_INTERRUPTED = 130


def main() -> None:
    """Run the command line of this process; what ``riskmap`` starts."""
    try:
        # even the first import may be met by Ctrl-C, and again while it is answered
        from riskmap.cli.program import run

        for stream in (sys.stdout, sys.stderr):
            # a console that cannot write a letter shows a stand-in, and goes on
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")
        code = run(sys.argv[1:], os.environ)
    except KeyboardInterrupt:
        code = EXIT_INTERRUPTED
    sys.exit(code)

"""The command line: one command per step, and ``run``.

A command parses, opens the project, calls one function of
:mod:`riskmap.pipeline` and prints. The pipeline is imported inside the commands
so that ``riskmap --help`` answers at once.
"""

from riskmap.cli._app import COMMANDS, build_app, help_text, main, run

__all__ = ["COMMANDS", "build_app", "help_text", "main", "run"]

"""The program: its commands, and the one place where errors end."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

import typer

import riskmap
from riskmap.cli import _commands as commands
from riskmap.cli import _failures as failures
from riskmap.cli._face import JsonOption, LangOption, ProjectOption, Session
from riskmap.cli._help import WordedCommand, WordedGroup
from riskmap.i18n import Words, choose_language

COMMANDS: dict[str, Callable[..., int | None]] = {
    "init": commands.init,
    "ingest": commands.ingest,
    "run": commands.run,
    "scores": commands.scores,
    "zones": commands.zones,
    "layers": commands.layers,
    "export": commands.export,
    "status": commands.status,
    "verify": commands.verify,
    "app": commands.app,
}


def build_app(words: Words) -> Any:
    """Build the program in one language.

    Parameters
    ----------
    words
        The reader's words.

    Returns
    -------
    typer.core.TyperGroup
        The group of all commands; its help and theirs is in that language.

    Examples
    --------
    >>> from riskmap.i18n import Words
    >>> sorted(build_app(Words("es")).commands)[:3]
    ['app', 'export', 'ingest']
    """
    session = Session(words, os.environ)
    app = typer.Typer(
        name="riskmap",
        cls=WordedGroup,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"obj": session, "help_option_names": ["--help", "-h"]},
    )
    app.callback(invoke_without_command=True)(_before)
    settings = {"allow_extra_args": True, "help_option_names": ["--help", "-h"]}
    for name, command in COMMANDS.items():
        app.command(name, cls=WordedCommand, context_settings=settings)(command)
    return typer.main.get_command(app)


def _version(asked: bool) -> None:
    """Say which riskmap this is, and end."""
    if asked:
        typer.echo(f"riskmap {riskmap.__version__}")
        raise typer.Exit


def _before(
    ctx: typer.Context,
    *,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_version)
    ] = False,
) -> None:
    """Take the options that stand before a command; without one show the help."""
    # the commands read these out of the context that they stand in
    del project, lang, as_json, version
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


def help_text(words: Words, *command: str) -> str:
    """Write the help of the program or of one command.

    Parameters
    ----------
    words
        The reader's words.
    *command
        Name of a command; none for the program's own help.

    Returns
    -------
    str
        The help as ``riskmap COMMAND --help`` prints it.

    Examples
    --------
    >>> from riskmap.i18n import Words
    >>> help_text(Words("es"), "verify").splitlines()[0]
    'Uso: riskmap verify [OPCIONES]'
    """
    group = build_app(words)
    parent = group.make_context("riskmap", [], resilient_parsing=True)
    if not command:
        return str(group.get_help(parent))
    (name,) = command
    chosen = group.commands[name]
    ctx = chosen.make_context(name, [], parent=parent, resilient_parsing=True)
    return str(chosen.get_help(ctx))


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run one command line and say how it ended.

    Every error ends here as one sentence in the reader's language.

    Parameters
    ----------
    arguments
        Words after the program's name.
    environment
        Environment variables: language and project folder.

    Returns
    -------
    int
        0 if all is well; 1 for a finding or an unforeseen failure; 2 for bad
        input; 130 if the person stopped it.

    Examples
    --------
    >>> run(["--version"], {})
    riskmap 0.1.0
    0
    """
    words = Words(choose_language(arguments, environment), strict=False)
    try:
        return _invoke(arguments, Session(words, environment))
    except BrokenPipeError:
        _silence_stdout()
        return failures.EXIT_PIPE_CLOSED
    except (Exception, KeyboardInterrupt) as error:
        if environment.get("RISKMAP_TRACEBACK"):
            raise
        named = next((a for a in arguments if a in COMMANDS), "")
        command = f"riskmap {named}".strip()
        as_json = "--json" in arguments
        return failures.tell(error, words, command=command, as_json=as_json)


def _invoke(arguments: Sequence[str], session: Session) -> int:
    """Parse and run; the group's own ``main`` would say errors in English."""
    group = build_app(session.words)
    try:
        with group.make_context("riskmap", list(arguments), obj=session) as ctx:
            code: int | None = group.invoke(ctx)
    except typer.Exit as end:
        return end.exit_code
    sys.stdout.flush()
    return code or failures.EXIT_OK


def _silence_stdout() -> None:
    """Let Python's last flush go nowhere once the reader has left."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())

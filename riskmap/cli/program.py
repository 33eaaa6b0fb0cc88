"""The program: its commands, and the one place where errors end."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

import typer

import riskmap
from riskmap.cli import _area as area
from riskmap.cli import _audit as audit
from riskmap.cli import _causes as causes
from riskmap.cli import _change as change
from riskmap.cli import _commands as commands
from riskmap.cli import _contacts as contacts
from riskmap.cli import _disclosure as disclosure
from riskmap.cli import _displacement as moves
from riskmap.cli import _effort as effort
from riskmap.cli import _emerging as emerging
from riskmap.cli import _evaluate as evaluation
from riskmap.cli import _failures as failures
from riskmap.cli import _hazards as hazards
from riskmap.cli import _incident_view as incident_view
from riskmap.cli import _incidents as incidents
from riskmap.cli import _landmarks as landmarks
from riskmap.cli import _linkage as linkage
from riskmap.cli import _models as models
from riskmap.cli import _offices as offices
from riskmap.cli import _packages as packages
from riskmap.cli import _people as people
from riskmap.cli import _places as places
from riskmap.cli import _poster as poster
from riskmap.cli import _profiles as profiles
from riskmap.cli import _quarantine as quarantine
from riskmap.cli import _rank_change as rank_change
from riskmap.cli import _regions as regions
from riskmap.cli import _routes as routes_face
from riskmap.cli import _scenarios as scenarios
from riskmap.cli import _simulate as simulation
from riskmap.cli import _stretches as stretches
from riskmap.cli import _why as grounds
from riskmap.cli._face import JsonOption, LangOption, ProjectOption, Session
from riskmap.cli._help import WordedCommand, WordedGroup
from riskmap.i18n import Words, choose_language

COMMANDS: dict[str, Callable[..., int | None]] = {
    "init": commands.init,
    "ingest": commands.ingest,
    "quarantine list": quarantine.list_,
    "quarantine show": quarantine.show,
    "quarantine export": quarantine.export,
    "quarantine resubmit": quarantine.resubmit,
    "quarantine accept": incidents.accept,
    "profile list": profiles.list_,
    "profile show": profiles.show,
    "profile infer": profiles.infer,
    "incidents correct": incidents.correct,
    "incidents withdraw": incidents.withdraw,
    "incidents history": incidents.history,
    "incidents timeliness": incidents.timeliness,
    "incidents completeness": incidents.completeness,
    "incidents follow-up": incidents.follow_up,
    "incidents tasks": incidents.tasks,
    "incidents areas": incident_view.areas,
    "incidents show": incident_view.show,
    "linkage propose": linkage.propose,
    "linkage list": linkage.list_,
    "linkage show": linkage.show,
    "linkage accept": linkage.accept,
    "linkage reject": linkage.reject,
    "linkage undo": linkage.undo,
    "run": commands.run,
    "scores": commands.scores,
    "zones": commands.zones,
    "layers": commands.layers,
    "why": grounds.why,
    "evaluate": evaluation.evaluate,
    "models list": models.list_,
    "models show": models.show,
    "models train": models.train,
    "models approve": models.approve,
    "models activate": models.activate,
    "models rollback": models.rollback,
    "models export": models.export,
    "models import": models.import_,
    "scenario create": scenarios.create,
    "scenario list": scenarios.list_,
    "scenario show": scenarios.show,
    "scenario compare": scenarios.compare,
    "scenario refresh": scenarios.refresh,
    "scenario rename": scenarios.rename,
    "scenario remove": scenarios.remove,
    "simulate": simulation.simulate,
    "hazards": hazards.hazards,
    "people": people.people,
    "causes": causes.causes,
    "poster": poster.poster,
    "hotspots": change.hotspots,
    "trends": change.trends,
    "nearrepeat": emerging.nearrepeat,
    "scan": emerging.scan,
    "undercount": emerging.undercount,
    "routes": routes_face.routes,
    "changes": rank_change.changes,
    "operations add": moves.add,
    "operations list": moves.list_,
    "displacement": moves.displacement,
    "area": area.area,
    "regions list": regions.list_,
    "regions show": regions.show,
    "locate": places.locate,
    "card": places.card,
    "landmarks list": landmarks.list_,
    "landmarks show": landmarks.show,
    "landmarks import": landmarks.import_,
    "landmarks add": landmarks.add,
    "landmarks verify": landmarks.verify,
    "landmarks unverified": landmarks.unverified,
    "landmarks disagreements": landmarks.disagreements,
    "landmarks gaps": stretches.gaps,
    "landmarks demarcation": stretches.demarcation,
    "contacts list": contacts.list_,
    "contacts show": contacts.show,
    "contacts import": contacts.import_,
    "offices list": offices.list_,
    "offices import": offices.import_,
    "effort import": effort.import_,
    "effort list": effort.list_,
    "export": commands.export,
    "disclose check": disclosure.check,
    "disclose release": disclosure.release,
    "disclose ledger": disclosure.ledger,
    "disclose audit": disclosure.audit,
    "package create": packages.create,
    "package verify": packages.verify,
    "package inspect": packages.inspect,
    "package import": packages.import_,
    "package diff": packages.diff,
    "package decide": packages.decide,
    "package agreed": packages.agreed,
    "package keygen": packages.keygen,
    "audit log": audit.log,
    "audit verify": audit.verify,
    "status": commands.status,
    "verify": commands.verify,
    "app": commands.app,
}
"""Every command by the words that call it; two words where it stands in a group."""

GROUPS = tuple(dict.fromkeys(n.split()[0] for n in COMMANDS if " " in n))

# their text may begin with a minus, as a longitude does
SAID_FREELY = ("locate", "card", "contacts show")


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
    >>> {"init", "run", "app"} <= set(build_app(Words("es")).commands)
    True
    """
    session = Session(words, os.environ)
    asked = {"help_option_names": ["--help", "-h"]}
    settings = {"allow_extra_args": True} | asked
    app = _group("riskmap", _before, asked | {"obj": session})
    groups = {name: _group(name, _before_group, asked) for name in GROUPS}
    for name, command in COMMANDS.items():
        group, _, own = name.rpartition(" ")
        freely = {"ignore_unknown_options": name in SAID_FREELY}
        holder = groups.get(group, app)
        decorate = holder.command(
            own, cls=WordedCommand, context_settings=settings | freely
        )
        decorate(command)
    for name, held in groups.items():
        app.add_typer(held, name=name)
    built: Any = typer.main.get_command(app)
    # in the order of the work, groups among the others
    order = dict.fromkeys(name.split()[0] for name in COMMANDS)
    built.commands = {name: built.commands[name] for name in order}
    return built


def _group(name: str, before: Callable[..., None], settings: dict[str, Any]) -> Any:
    """Make a group of commands that shows its help when none of them is called."""
    group = typer.Typer(
        name=name,
        cls=WordedGroup,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings=settings,
    )
    group.callback(invoke_without_command=True)(before)
    return group


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


def _before_group(
    ctx: typer.Context,
    *,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take the options that stand between a group and its command."""
    del project, lang, as_json
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


def help_text(words: Words, *command: str) -> str:
    """Write the help of the program or of one command.

    Parameters
    ----------
    words
        The reader's words.
    *command
        Words of a command or group; none for the program's own help.

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
    chosen = build_app(words)
    ctx = chosen.make_context("riskmap", [], resilient_parsing=True)
    for name in " ".join(command).split():
        chosen = chosen.commands[name]
        ctx = chosen.make_context(name, [], parent=ctx, resilient_parsing=True)
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
        command = f"riskmap {_named(arguments)}".strip()
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


def _named(arguments: Sequence[str]) -> str:
    """Tell which command was meant, for the hint at its help."""
    known = {name.split()[0] for name in COMMANDS}
    places = [place for place, word in enumerate(arguments) if word in known]
    if not places:
        return ""
    first, *others = arguments[places[0] :]
    both = (f"{first} {other}" for other in others)
    return next((name for name in both if name in COMMANDS), first)


def _silence_stdout() -> None:
    """Let Python's last flush go nowhere once the reader has left."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())

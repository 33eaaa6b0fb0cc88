"""What every command has: words, a project folder, and a place to print."""

import datetime
import json
import math
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer

from riskmap.cli._access import ROLE_VARIABLE, open_as
from riskmap.errors import (
    DateOptionError,
    FileMissingError,
    OptionError,
    UnknownNameError,
    UsageError,
)
from riskmap.i18n import LANGUAGES, Words

ProjectOption = Annotated[str | None, typer.Option("--project", "-p")]
LangOption = Annotated[str | None, typer.Option("--lang")]
JsonOption = Annotated[bool, typer.Option("--json")]

# control characters of C0 and C1, and marks that turn the direction of writing
UNSEEN = (*range(9), *range(11, 32), *range(0x7F, 0xA0), *range(0x202A, 0x202F))
STAND_IN = dict.fromkeys((*UNSEEN, *range(0x2066, 0x206A)), "\ufffd")

# in JSON as well, with the two that some readers of lines take for an end of line
ESCAPED = {n: f"\\u{n:04x}" for n in (*range(0x7F, 0xA0), 0x2028, 0x2029)}


class Progress(Protocol):
    """Hears how far a long piece of work has come."""

    def __call__(self, step: str, done: int, total: int) -> None:
        """Hear that ``done`` of ``total`` parts of a step are finished."""


@dataclass(frozen=True)
class Session:
    """The person's language and environment, for the length of one command."""

    words: Words
    environment: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Face:
    """One command's words, project folder and way of printing."""

    words: Words
    project: Path
    as_json: bool
    command: str = ""
    role: str = ""

    def opened(self) -> Any:
        """Open the project for this command, as the local user may."""
        project = open_as(self.project, self.command, self.role)
        if getattr(project, "looks_as", "admin") not in {"", "admin"}:
            self.note(self.words.text("access.left_out"))
        return project

    def say(self, text: str) -> None:
        """Print a result."""
        typer.echo(shown(text))

    def note(self, text: str) -> None:
        """Print what is not the result: to stderr."""
        typer.echo(shown(text), err=True)

    def show_json(self, document: object, *, in_one_line: bool = False) -> None:
        """Print a result for a program: raw numbers, ISO days."""
        indent = None if in_one_line else 2
        text = json.dumps(_plain(document), ensure_ascii=False, indent=indent)
        typer.echo(text.translate(ESCAPED))

    @contextmanager
    def progress(self) -> Iterator[Progress | None]:
        """Draw a bar on stderr while the work runs, if that is a terminal."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        console = Console(stderr=True)
        if not console.is_terminal:
            yield None
            return
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task("", total=None)

            def advance(step: str, done: int, total: int) -> None:
                name = self.named("step", step)
                bar.update(task, description=name, completed=done, total=total)

            yield advance

    def named(self, family: str, code: str, **fields: object) -> str:
        """Say a code in words; one from a newer table is shown as it stands."""
        key = f"{family}.{code}"
        return self.words.text(key, **fields) if self.words.has(key) else code


def shown(text: str) -> str:
    """Make harmless what a file may hold to steer the terminal that shows it."""
    return text.translate(STAND_IN)


def face_of(
    ctx: typer.Context, *, project: str | None, lang: str | None, as_json: bool
) -> Face:
    """Gather what was said before and after the command's name."""
    session: Session = ctx.obj
    before = said_before(ctx)
    for asked in (lang, before.get("lang")):
        if asked is not None:
            check_name("language", asked, LANGUAGES)
    if ctx.args:
        msg = f"{ctx.command_path} takes no further words, got {ctx.args}."
        got = " ".join(ctx.args)
        raise UsageError(msg, problem="extra", got=got, command=ctx.command_path)
    folder = project or before.get("project")
    folder = folder or session.environment.get("RISKMAP_PROJECT") or "."
    return Face(
        words=session.words,
        project=Path(folder),
        as_json=as_json or bool(before.get("as_json")),
        # without the program's own name
        command=ctx.command_path.partition(" ")[2],
        role=session.environment.get(ROLE_VARIABLE, ""),
    )


def said_before(ctx: typer.Context) -> dict[str, Any]:
    """Gather the options that stand before a command's name, the nearest first."""
    found: dict[str, Any] = {}
    group = ctx.parent
    while group is not None:
        said = {name: value for name, value in group.params.items() if value}
        found = said | found
        group = group.parent
    return found


def labels() -> dict[str, Any]:
    """Give the words of every language, for what is said in all of them."""
    return {code: Words(code, strict=False).text for code in LANGUAGES}


def existing(file: str) -> Path:
    """Refuse a file that is not there before any other is taken."""
    path = Path(file)
    if not path.exists():
        msg = f"There is no file {path}."
        raise FileMissingError(msg, path=file)
    return path


def check_name(kind: str, value: str, known: Collection[str]) -> None:
    """Refuse a name that is not in its list."""
    if value not in known:
        msg = f"The {kind} must be one of {known}, got {value!r}."
        raise UnknownNameError(msg, kind=kind, value=value, known=known)


def day_asked(text: str | None) -> datetime.date | None:
    """Read an option's day; None where it was not given."""
    if text is None:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        msg = f"A day is written 2021-06-30, got {text!r}."
        raise DateOptionError(msg, value=text) from None


def number_of(text: str | None, option: str, kind: type[int] | type[float]) -> Any:
    """Read an option's number; None where it was not given."""
    if text is None:
        return None
    try:
        return kind(text)
    except ValueError:
        msg = f"`{option}` must be a number, got {text!r}."
        raise OptionError(msg, option=option, value=text) from None


def count_of(text: str | None, option: str) -> int | None:
    """Read an option's count, one or more; None where it was not given."""
    count: int | None = number_of(text, option, int)
    if count is not None and count < 1:
        msg = f"`{option}` must be 1 or more, got {count}."
        raise OptionError(msg, option=option, value=text)
    return count


def _plain(value: Any) -> Any:
    """Turn a report into what JSON knows; a missing number is null."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: _plain(getattr(value, field.name)) for field in fields(value)
        }
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return _plain_scalar(value.item() if hasattr(value, "item") else value)


def _plain_scalar(value: Any) -> Any:
    """Turn one value into what JSON knows; a day into ISO text."""
    if isinstance(value, str | bool | int | None):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    # pandas' missing values have no truth to ask for, only a name
    if type(value).__name__ in {"NAType", "NaTType"}:
        return None
    return value.isoformat() if isinstance(value, datetime.date) else str(value)

"""What every command has: words, a project folder, and a place to print."""

import datetime
import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer

from riskmap.errors import OptionError, UnknownNameError, UsageError
from riskmap.i18n import LANGUAGES, Words

ProjectOption = Annotated[str | None, typer.Option("--project", "-p")]
LangOption = Annotated[str | None, typer.Option("--lang")]
JsonOption = Annotated[bool, typer.Option("--json")]


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

    def say(self, text: str) -> None:
        """Print a result."""
        typer.echo(text)

    def note(self, text: str) -> None:
        """Print what is not the result: to stderr."""
        typer.echo(text, err=True)

    def show_json(self, document: object) -> None:
        """Print a result for a program: raw numbers, ISO days."""
        typer.echo(json.dumps(_plain(document), ensure_ascii=False, indent=2))

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


def face_of(
    ctx: typer.Context, *, project: str | None, lang: str | None, as_json: bool
) -> Face:
    """Gather what was said before and after the command's name."""
    session: Session = ctx.obj
    before = ctx.parent.params if ctx.parent else {}
    for asked in (lang, before.get("lang")):
        if asked is not None and asked not in LANGUAGES:
            msg = f"`--lang` must be one of {LANGUAGES}, got {asked!r}."
            raise UnknownNameError(msg, kind="language", value=asked, known=LANGUAGES)
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
    )


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

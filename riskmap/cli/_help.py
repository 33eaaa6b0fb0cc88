"""Help in the reader's language, at the width of their terminal."""

import shutil
import textwrap
from collections.abc import Iterable
from typing import Any

from typer.core import TyperCommand, TyperGroup

from riskmap.errors import UnknownNameError
from riskmap.i18n import Words

WIDEST = 88
NARROWEST = 40
INDENT = 2
GAP = 2


class WordedCommand(TyperCommand):
    """A command of which the help comes out of the catalogues."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help of this command."""
        formatter.write(_help(ctx, ctx.obj.words))


class WordedGroup(TyperGroup):
    """The group of all commands, which knows their help and their names."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help of the whole program."""
        formatter.write(_help(ctx, ctx.obj.words))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command; refuse a name that is none of them."""
        if args[0] not in self.commands:
            msg = f"The command must be one of {list(self.commands)}, got {args[0]!r}."
            raise UnknownNameError(
                msg, kind="command", value=args[0], known=tuple(self.commands)
            )
        return super().resolve_command(ctx, args)


def _help(ctx: Any, words: Words) -> str:
    """Lay out the help of a command or of the group."""
    command = ctx.command
    width = min(max(shutil.get_terminal_size().columns, NARROWEST), WIDEST)
    # the words behind the program's own: "landmarks list"
    name = " ".join(ctx.command_path.split()[1:])
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.get_params(ctx) if p.param_type_name == "option"]
    commands = getattr(command, "commands", {})
    usage = [ctx.command_path, f"[{words.text('cli.metavar.options')}]"]
    usage += [_argument(p, words) for p in arguments]
    if commands:
        usage += [words.text("cli.metavar.command"), "…"]
    described = words.text(f"cli.command.{name or 'root'}")
    parts = [
        textwrap.fill(
            f"{words.text('cli.heading.usage')} {' '.join(usage)}",
            width,
            subsequent_indent=" " * INDENT,
            break_on_hyphens=False,
        ),
        "\n\n".join(textwrap.fill(p, width) for p in described.split("\n\n")),
        _section(
            words.text("cli.heading.arguments"),
            [(_argument(p, words), _described(p, name, words)) for p in arguments],
            width,
        ),
        _section(
            words.text("cli.heading.options"),
            [(_option(p, words), _described(p, name, words)) for p in options],
            width,
        ),
        _section(
            words.text("cli.heading.commands"),
            [(n, _purpose(f"{name} {n}".strip(), words)) for n in commands],
            width,
        ),
        "" if name else textwrap.fill(words.text("cli.epilogue"), width),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _purpose(command: str, words: Words) -> str:
    """Say in one paragraph what a command does."""
    return words.text(f"cli.command.{command}").split("\n\n")[0]


def _argument(param: Any, words: Words) -> str:
    """Write an argument's name, with dots where it may be repeated."""
    return words.text(f"cli.metavar.{param.name}") + ("…" if param.nargs != 1 else "")


def _option(param: Any, words: Words) -> str:
    """Write an option and what it takes."""
    names = ", ".join(sorted(param.opts, key=len))
    flag = getattr(param, "is_flag", False)
    return names if flag else f"{names} {words.text(f'cli.metavar.{param.name}')}"


def _described(param: Any, command: str, words: Words) -> str:
    """Say what an option or argument does, for this command if it has its own."""
    own = f"cli.{param.param_type_name}.{command}.{param.name}"
    key = own if words.has(own) else f"cli.{param.param_type_name}.{param.name}"
    return words.text(key)


def _section(title: str, rows: Iterable[tuple[str, str]], width: int) -> str:
    """Lay out names and what they mean in two columns."""
    rows = list(rows)
    if not rows:
        return ""
    column = min(max(len(name) for name, _ in rows), width // 3) + INDENT + GAP
    lines = [title]
    for name, meaning in rows:
        head = " " * INDENT + name
        body = textwrap.wrap(meaning, width - column)
        if len(head) + GAP > column:
            lines.append(head)
            head = ""
        lines.append(head.ljust(column) + body[0])
        lines += [" " * column + line for line in body[1:]]
    return "\n".join(lines)

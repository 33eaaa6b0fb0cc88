"""What went wrong, as one sentence and an exit code."""

import errno
import json
from collections.abc import Mapping
from typing import Any

import typer

from riskmap.cli import EXIT_INTERRUPTED
from riskmap.errors import (
    DiskFullError,
    FileMissingError,
    FolderUnwritableError,
    RiskmapError,
    UsageError,
)
from riskmap.i18n import LANGUAGES, Words

EXIT_OK = 0
EXIT_FINDING = 1
EXIT_FAILED = 1
EXIT_BAD_INPUT = 2

# as a shell numbers an end by SIGPIPE
EXIT_PIPE_CLOSED = 141

# the parser's own errors have no public name: they stand above this one
PARSER_ERROR: type[Exception] = typer.BadParameter.__mro__[1]

PROBLEMS = {
    "NoSuchOption": "no_such_option",
    "MissingParameter": "missing",
    "BadOptionUsage": "option_value",
}

FULL = (errno.ENOSPC, errno.EDQUOT)
FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


def tell(error: BaseException, words: Words, *, command: str, as_json: bool) -> int:
    """Say in the reader's language what ended a command, and number it."""
    if isinstance(error, KeyboardInterrupt):
        _tell("interrupted", {}, words, as_json=as_json)
        return EXIT_INTERRUPTED
    known = _known(error, command)
    if known is None:
        fields = {"kind": type(error).__name__, "message": str(error)}
        _tell("unexpected", fields, words, as_json=as_json)
        return EXIT_FAILED
    _tell(known, known.fields, words, as_json=as_json)
    return EXIT_BAD_INPUT


def _known(error: BaseException, command: str) -> RiskmapError | None:
    """Find an error's place in our tree; None if nobody foresaw it."""
    if isinstance(error, RiskmapError):
        return error
    if isinstance(error, PARSER_ERROR):
        return _from_parser(error, command)
    return _from_system(error) if isinstance(error, OSError) else None


def _from_parser(error: Any, command: str) -> RiskmapError:
    """Put the parser's complaint into our tree."""
    message = error.format_message()
    problem = PROBLEMS.get(type(error).__name__, "other")
    param = getattr(error, "param", None)
    got = getattr(error, "option_name", None) or (param and max(param.opts, key=len))
    return UsageError(message, problem=problem, got=got or message, command=command)


def _from_system(error: OSError) -> RiskmapError | None:
    """Put what the operating system refused into our tree, where it has a place."""
    path = str(error.filename or "")
    if error.errno in FULL:
        return DiskFullError(str(error), path=path or ".")
    if error.errno in FORBIDDEN and path:
        return FolderUnwritableError(str(error), path=path)
    if isinstance(error, FileNotFoundError) and path:
        return FileMissingError(str(error), path=path)
    return None


def _tell(
    error: RiskmapError | str,
    fields: Mapping[str, object],
    words: Words,
    *,
    as_json: bool,
) -> None:
    """Print the sentence for a person and, if asked, the facts for a program."""
    sentences = {lang: _sentence(error, fields, Words(lang)) for lang in LANGUAGES}
    typer.echo(sentences[words.lang], err=True)
    if as_json:
        code = error if isinstance(error, str) else error.code
        messages = {f"message_{lang}": text for lang, text in sentences.items()}
        document = {"error": {"code": code, **messages, "fields": dict(fields)}}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def _sentence(
    error: RiskmapError | str, fields: Mapping[str, object], words: Words
) -> str:
    """Say an error of our tree, or one that only a face has."""
    if isinstance(error, RiskmapError):
        return words.error(error)
    return words.text(f"error.{error}", **fields)

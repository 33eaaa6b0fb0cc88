"""The commands that say where something is: in words, and on a card."""

import math
import re
import shutil
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, BinaryIO

import typer

from riskmap.cli import _failures as failures
from riskmap.cli._face import (
    Face,
    JsonOption,
    LangOption,
    ProjectOption,
    check_name,
    count_of,
    existing,
    face_of,
    labels,
)
from riskmap.errors import FileUnreadableError, OptionError, UsageError
from riskmap.i18n import LANGUAGES

INDENT = "   "

STANDARD_INPUT = "-"

# many times what a place is said in; what is longer is cut, and refused as too long
LONGEST_LINE = 65_536

# a longitude may begin with a minus, an option does not begin with a digit
NEGATIVE = re.compile(r"-([\d.,].*)?")

TextArgument = Annotated[list[str] | None, typer.Argument()]


def locate(
    ctx: typer.Context,
    *,
    text: TextArgument = None,
    batch: Annotated[str | None, typer.Option("--batch")] = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Say where a phrase is: every reading, or why there is none."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    if batch is not None:
        return _locate_each(ctx, face, text or (), batch)
    phrase = phrase_of(ctx, text)
    from riskmap import pipeline

    known = pipeline.read_whereabouts(face.opened())
    found = pipeline.find_place_json(known, phrase, labels())
    show_places(face, found)
    return failures.EXIT_OK if found["candidates"] else failures.EXIT_FINDING


def _locate_each(
    ctx: typer.Context, face: Face, text: Sequence[str], batch: str
) -> int:
    """Answer a phrase a line with JSON a line, as they come."""
    if text:
        msg = f"`--batch` reads phrases from {batch}, got {text} as well."
        raise UsageError(
            msg, problem="extra", got=" ".join(text), command=ctx.command_path
        )
    if batch != STANDARD_INPUT:
        existing(batch)
    from riskmap import pipeline

    known = pipeline.read_whereabouts(face.opened())
    words = labels()
    with _opened(batch) as stream:
        for phrase in _phrases(stream, batch):
            found = pipeline.find_place_json(known, phrase, words)
            face.show_json(found, in_one_line=True)
    return failures.EXIT_OK


@contextmanager
def _opened(batch: str) -> Iterator[BinaryIO]:
    """Open a file of phrases, or read what is typed or piped in."""
    if batch == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    try:
        stream = open(batch, "rb")  # noqa: PTH123, SIM115
    except OSError as error:
        msg = f"{batch} cannot be read: {error.strerror}."
        raise FileUnreadableError(msg, path=batch, reason="permission") from error
    with stream:
        yield stream


def _phrases(stream: BinaryIO, name: str) -> Iterator[str]:
    """Yield a phrase a line, an empty one too, so that answers keep in step."""
    while line := stream.readline(LONGEST_LINE):
        rest = line
        while len(rest) == LONGEST_LINE and not rest.endswith(b"\n"):
            rest = stream.readline(LONGEST_LINE)
        try:
            yield line.decode("utf-8-sig").rstrip("\r\n")
        except UnicodeDecodeError as error:
            msg = f"{name} must be in UTF-8: {error.reason}."
            raise FileUnreadableError(msg, path=name, reason="encoding") from error


def phrase_of(ctx: typer.Context, text: Sequence[str] | None) -> str:
    """Join the words of a phrase; refuse none, and an option that is none."""
    for word in text or ():
        if word.startswith("-") and not NEGATIVE.fullmatch(word):
            msg = f"{ctx.command_path} has no option {word}."
            raise UsageError(
                msg, problem="no_such_option", got=word, command=ctx.command_path
            )
    if not text:
        msg = f"{ctx.command_path} needs a place."
        raise UsageError(msg, problem="missing", got="text", command=ctx.command_path)
    return " ".join(text)


def show_places(face: Face, found: Mapping[str, Any]) -> None:
    """Show every reading with its place and doubt, or the reason for none."""
    if face.as_json:
        face.show_json(found)
        return
    if found["reason"] is not None:
        face.note(found["reason"][f"text_{face.words.lang}"])
        return
    width = max(shutil.get_terminal_size().columns, 2 * len(INDENT)) - len(INDENT)
    for number, one in enumerate(found["candidates"], start=1):
        radius = face.words.number(math.ceil(one["radius_m"]))
        face.say(f"{number}. {one['lat']:.6f}, {one['lon']:.6f} ± {radius} m")
        told = textwrap.fill(one[f"text_{face.words.lang}"], width)
        face.say(textwrap.indent(told, INDENT))


def card(
    ctx: typer.Context,
    *,
    text: TextArgument = None,
    card_form: Annotated[str | None, typer.Option("--format")] = None,
    both: Annotated[bool, typer.Option("--both")] = False,
    reading: Annotated[str | None, typer.Option("--reading")] = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Make the card of a place; of several readings none is chosen unasked."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    phrase = phrase_of(ctx, text)
    form = card_form or ("json" if face.as_json else "full")
    chosen = count_of(reading, "--reading")
    from riskmap import pipeline

    check_name("format", form, pipeline.CARD_FORMS)
    if both and form == "gpx":
        msg = "A waypoint is written in one language, got `--both`."
        raise OptionError(msg, option="--both", value=form)
    known = pipeline.read_whereabouts(face.opened())
    place = one_place(face, pipeline.find_place_json(known, phrase, labels()), chosen)
    if place is None:
        return failures.EXIT_FINDING
    accuracy_m = place["radius_m"]
    (made,) = pipeline.place_cards(
        known, [place["lon"]], [place["lat"]], accuracy_m=accuracy_m
    )
    if form == "json":
        face.show_json(pipeline.card_facts(made, labels()))
        return failures.EXIT_OK
    if form == "html":
        page = pipeline.print_card(known, made, labels(), face.words.lang)
        face.say(page.rstrip("\n"))
        return failures.EXIT_OK
    spoken = LANGUAGES if both else (face.words.lang,)
    texts = [pipeline.say_card(made, form, labels(), lang) for lang in spoken]
    face.say("\n\n".join(text.rstrip("\n") for text in texts))
    return failures.EXIT_OK


def one_place(
    face: Face, found: Mapping[str, Any], reading: int | None
) -> dict[str, Any] | None:
    """Take the only reading, or the one chosen by number; else show them all."""
    candidates: list[dict[str, Any]] = found["candidates"]
    if reading is not None and reading > len(candidates) > 0:
        msg = f"`--reading` must be {len(candidates)} or less, got {reading}."
        raise OptionError(msg, option="--reading", value=str(reading))
    if candidates and reading is not None:
        return candidates[reading - 1]
    if len(candidates) == 1:
        return candidates[0]
    show_places(face, found)
    if candidates:
        face.note(face.words.plural("cli.card.ambiguous", len(candidates)))
    return None

"""The commands on contacts: who answers on each side, and where nobody does."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from riskmap.cli import _failures as failures
from riskmap.cli._face import (
    Face,
    JsonOption,
    LangOption,
    ProjectOption,
    count_of,
    day_asked,
    existing,
    face_of,
    labels,
)
from riskmap.cli._places import TextArgument, one_place, phrase_of
from riskmap.cli._tables import draw, rows_of, show_batch

OnOption = Annotated[str | None, typer.Option("--on")]


def list_(
    ctx: typer.Context,
    *,
    on: OnOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the contacts on file, the stale ones flagged."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    day = day_asked(on)
    from riskmap import pipeline

    opened = face.opened()
    rows = rows_of(pipeline.list_contacts(opened, on=day or pipeline.today()))
    if face.as_json:
        face.show_json({"contacts": rows})
        return
    _draw(face, rows)
    if not rows:
        columns = ", ".join(pipeline.CONTACT_COLUMNS)
        face.say(face.words.text("cli.contacts.none", columns=columns))


def show(
    ctx: typer.Context,
    *,
    text: TextArgument = None,
    reading: Annotated[str | None, typer.Option("--reading")] = None,
    on: OnOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Show who answers for a place; roles that nobody has are said loudly."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    phrase = phrase_of(ctx, text)
    chosen, day = count_of(reading, "--reading"), day_asked(on)
    from riskmap import pipeline

    opened = face.opened()
    known = pipeline.read_whereabouts(opened)
    place = one_place(face, pipeline.find_place_json(known, phrase, labels()), chosen)
    if place is None:
        return failures.EXIT_FINDING
    (card,) = pipeline.place_cards(known, [place["lon"]], [place["lat"]])
    found = pipeline.contacts_at(opened, card.km, on=day or pipeline.today())
    if face.as_json:
        face.show_json(
            {"km": card.km, "contacts": found.contacts, "gaps": dict(found.gaps)}
        )
        return failures.EXIT_OK
    face.say(
        face.words.text("cli.contacts.at", km=face.words.number(card.km, digits=1))
    )
    _draw(face, [vars(one) for one in found.contacts])
    for side, roles in found.gaps.items():
        if roles:
            named = [face.named("contact_role", role) for role in roles]
            gap = {"side": face.named("side", side), "roles": named}
            face.say(face.words.text("cli.contacts.gap", **gap))
    return failures.EXIT_OK


def _draw(face: Face, contacts: Sequence[Mapping[str, Any]]) -> None:
    """Show contacts, a line each."""
    words = face.words
    rows = [
        (
            face.named("side", row["side"]),
            face.named("contact_role", row["role"]),
            row[f"desk_{words.lang}"],
            row["channel"],
            row["hours"],
            _verified(face, row),
        )
        for row in contacts
    ]
    columns = {
        "cli.column.side": "left",
        "cli.column.role": "left",
        "cli.column.desk": "left",
        "cli.column.channel": "left",
        "cli.column.hours": "left",
        "cli.column.verified": "left",
    }
    draw(face, words.text("cli.contacts.title"), columns, rows)


def _verified(face: Face, row: Mapping[str, Any]) -> str:
    """Say when a contact was verified, and that this was too long ago."""
    if not row["verified_on"]:
        return face.words.text("verification.never")
    if row["stale"]:
        return face.words.text("cli.contacts.stale", day=row["verified_on"])
    return str(row["verified_on"])


def import_(
    ctx: typer.Context,
    *,
    contacts_file: Annotated[str, typer.Argument()],
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a file of contacts: it holds from now on in place of the one before."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    path = existing(contacts_file)
    from riskmap import pipeline

    report = pipeline.take_contacts(face.opened(), path)
    if face.as_json:
        face.show_json({"batches": [report]})
    else:
        show_batch(face, report)

"""The commands on the audit log: who did what, and whether the log is whole."""

from typing import Annotated

import typer

from riskmap.cli import _failures as failures
from riskmap.cli._face import (
    Face,
    JsonOption,
    LangOption,
    ProjectOption,
    count_of,
    face_of,
)
from riskmap.cli._tables import draw

DEFAULT_LAST = 20


def log(
    ctx: typer.Context,
    *,
    last: Annotated[str | None, typer.Option("--last")] = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show who did what, when and under which profile."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    most = count_of(last, "--last")
    from riskmap import pipeline

    opened = face.opened()
    entries = pipeline.read_audit(
        opened, last=most or (None if as_json else DEFAULT_LAST)
    )
    if face.as_json:
        face.show_json({"entries": entries})
        return
    columns = {
        "sharing.column.seq": "right",
        "sharing.column.at": "left",
        "sharing.column.who": "left",
        "sharing.column.action": "left",
        "sharing.column.subject": "left",
        "sharing.column.profile": "left",
    }
    rows = [
        (
            str(one.seq),
            one.at,
            one.who,
            face.named("audit_action", one.action),
            one.subject,
            one.profile,
        )
        for one in entries
    ]
    draw(face, face.words.text("sharing.audit.title"), columns, rows)
    _head(face, pipeline.verify_audit(opened).head)


def verify(
    ctx: typer.Context,
    *,
    head: Annotated[str | None, typer.Option("--head")] = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Check the log from its first entry to its last, perhaps against an older head."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    opened = face.opened()
    found = pipeline.verify_audit(opened, head=head or "")
    if face.as_json:
        face.show_json(found)
    elif found.first_bad is None:
        face.say(face.words.plural("sharing.audit.whole", found.entries))
        _head(face, found.head)
    else:
        face.say(face.words.text("sharing.audit.bad", place=found.first_bad))
        face.note(found.fault)
    bad = found.first_bad is not None
    return failures.EXIT_FINDING if bad else failures.EXIT_OK


def _head(face: Face, head: str) -> None:
    """Print the head, to be kept where nobody can change it."""
    face.say(face.words.text("sharing.audit.head", head=head))

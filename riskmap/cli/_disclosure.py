"""The commands on disclosure: check and release counts, the export ledger."""

from pathlib import Path
from typing import Annotated, Any

import typer

from riskmap.cli._face import (
    Face,
    JsonOption,
    LangOption,
    ProjectOption,
    check_name,
    day_asked,
    face_of,
    labels,
    number_of,
)
from riskmap.cli._tables import draw

AudienceOption = Annotated[str | None, typer.Option("--audience")]
FromOption = Annotated[str | None, typer.Option("--from")]
ToOption = Annotated[str | None, typer.Option("--to")]
SmallestOption = Annotated[str | None, typer.Option("--smallest-count")]
DisclosureOption = Annotated[str, typer.Option("--profile")]

DEFAULT_AUDIENCE = "public"


def _asked(
    profile: str,
    audience: str | None,
    days: tuple[str | None, str | None],
    smallest_count: str | None,
) -> dict[str, Any]:
    """Gather what a release is asked to be."""
    from riskmap import pipeline

    check_name("disclosure_profile", profile, pipeline.DISCLOSURE_PROFILES)
    from_on, to_on = (day_asked(day) for day in days)
    smallest = number_of(smallest_count, "--smallest-count", int)
    return {
        "profile": profile,
        "audience": audience or DEFAULT_AUDIENCE,
        "from_on": from_on.isoformat() if from_on else "",
        "to_on": to_on.isoformat() if to_on else "",
        "changes": {} if smallest is None else {"smallest_count": smallest},
    }


def _tell(face: Face, found: Any) -> None:
    """Say how many counts would leave, and of which epochs."""
    if face.as_json:
        told = {name: value for name, value in vars(found).items() if name != "table"}
        face.show_json(told)
        return
    words = face.words
    face.say(
        words.text(
            "sharing.release.counts",
            profile=found.profile,
            label=found.label,
            shown=words.number(found.shown),
            protected=words.number(found.protected),
        )
    )
    face.say(words.text("sharing.release.periods", periods=", ".join(found.periods)))
    key = "recorded" if found.seq else "checked"
    face.say(words.text(f"sharing.release.{key}", seq=found.seq, sha256=found.sha256))


def check(
    ctx: typer.Context,
    *,
    profile: DisclosureOption,
    audience: AudienceOption = None,
    from_on: FromOption = None,
    to_on: ToOption = None,
    smallest_count: SmallestOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell what a release would show, without releasing anything."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    asked = _asked(profile, audience, (from_on, to_on), smallest_count)
    from riskmap import pipeline

    opened = face.opened()
    _tell(face, pipeline.release_counts(opened, **asked, only_check=True))


def release(
    ctx: typer.Context,
    *,
    profile: DisclosureOption,
    out: Annotated[str, typer.Option("--out")],
    audience: AudienceOption = None,
    from_on: FromOption = None,
    to_on: ToOption = None,
    smallest_count: SmallestOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Release counts as CSV and GeoJSON, and write it into the export ledger."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    asked = _asked(profile, audience, (from_on, to_on), smallest_count)
    from riskmap import pipeline

    opened = face.opened()
    found = pipeline.release_counts(opened, **asked)
    paths = pipeline.write_release(found, Path(out), labels())
    _tell(face, found)
    if not face.as_json:
        for path in paths:
            face.say(str(path))


def ledger(
    ctx: typer.Context,
    *,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """List everything that has been released."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    held = pipeline.read_ledger(face.opened())
    if face.as_json:
        told = [{**vars(one), "table": len(one.table)} for one in held]
        face.show_json({"releases": told})
        return
    columns = {
        "sharing.column.seq": "right",
        "sharing.column.at": "left",
        "sharing.column.profile": "left",
        "sharing.column.label": "left",
        "sharing.column.audience": "left",
        "sharing.column.sha256": "left",
    }
    rows = [
        (
            str(one.seq),
            one.at,
            one.about["profile"],
            one.about["label"],
            one.about["audience"],
            one.sha256,
        )
        for one in held
    ]
    draw(face, face.words.text("sharing.ledger.title"), columns, rows)


def audit(
    ctx: typer.Context,
    *,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check that nothing can be worked out of all that has been released."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    number = pipeline.audit_releases(face.opened())
    if face.as_json:
        face.show_json({"releases": number, "exposed": 0})
    else:
        face.say(face.words.plural("sharing.ledger.safe", number))

"""The commands on landmarks: what both sides know, and how surely."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from riskmap.cli import _commands as commands
from riskmap.cli._face import (
    Face,
    JsonOption,
    LangOption,
    ProjectOption,
    check_name,
    day_asked,
    face_of,
    number_of,
)
from riskmap.cli._tables import draw, rows_of, show_records
from riskmap.errors import OptionError
from riskmap.i18n import LANGUAGES
from riskmap.i18n.catalogues import catalogue

KIND = "landmark_kind"

OnOption = Annotated[str | None, typer.Option("--on")]
KindOption = Annotated[str | None, typer.Option("--kind")]
SideOption = Annotated[str | None, typer.Option("--side")]


def list_(
    ctx: typer.Context,
    *,
    words: Annotated[list[str] | None, typer.Argument()] = None,
    landmark_kind: KindOption = None,
    landmark_side: SideOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """List landmarks along the line."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    if landmark_kind is not None:
        check_name(KIND, landmark_kind, kinds())
    if landmark_side is not None:
        check_name("side", landmark_side, pipeline.LANDMARK_SIDES)
    found = pipeline.list_landmarks(
        face.opened(),
        kind=landmark_kind or "",
        side=landmark_side or "",
        text=" ".join(words or ()),
    )
    _show_list(face, found, face.words.text("cli.landmarks.title"))


def unverified(
    ctx: typer.Context,
    *,
    on: OnOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the landmarks that nobody verified, or not for half a year."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    day = day_asked(on)
    from riskmap import pipeline

    opened = face.opened()
    day = day or pipeline.today()
    found = pipeline.unverified_landmarks(opened, on=day)
    title = face.words.text("cli.landmarks.unverified", on=day)
    _show_list(face, found, title)


def _show_list(face: Face, found: Any, title: str) -> None:
    """Show landmarks, a line each, and how many there are."""
    if face.as_json:
        show_records(face, _placed(found))
        return
    words = face.words
    rows = [
        (
            str(name),
            face.named(KIND, row["kind"]),
            row[f"name_{words.lang}"],
            face.named("side", row["side"]),
            words.number(row["km"], digits=1),
            face.named("verification", row["state"]),
        )
        for name, row in zip(found.index.tolist(), rows_of(found), strict=True)
    ]
    columns = {
        "cli.column.landmark": "left",
        "cli.column.kind": "left",
        "cli.column.name": "left",
        "cli.column.side": "left",
        "cli.column.km": "right",
        "cli.column.state": "left",
    }
    draw(face, title, columns, rows)
    face.say(words.plural("cli.status.landmarks", len(rows)))


def _placed(found: Any) -> Any:
    """Give longitude and latitude columns of their own."""
    return found.assign(lon=found.geometry.x, lat=found.geometry.y)


def show(
    ctx: typer.Context,
    *,
    landmark_id: Annotated[str, typer.Argument()],
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a landmark with all that was ever delivered of it."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    opened = face.opened()
    history = pipeline.landmark_history(opened, landmark_id)
    listed = pipeline.list_landmarks(opened)
    now = _placed(listed[listed.index == landmark_id])
    others = pipeline.landmark_disagreements(opened)
    ours = (others["landmark_id"] == landmark_id) | (others["other_id"] == landmark_id)
    if face.as_json:
        face.show_json(
            {
                "landmark_id": landmark_id,
                **rows_of(now.drop(columns="geometry"))[0],
                "history": rows_of(_placed(history).drop(columns="geometry")),
                "disagreements": rows_of(others[ours].drop(columns="geometry")),
            }
        )
        return
    (held,) = rows_of(now)
    _show_landmark(face, landmark_id, held)
    _show_history(face, rows_of(_placed(history)))
    if ours.any():
        _show_disagreements(face, rows_of(others[ours]))


def _show_landmark(face: Face, landmark_id: str, held: Mapping[str, Any]) -> None:
    """Say what holds of a landmark."""
    words = face.words
    none = words.text("number.none")
    face.say(
        words.text(
            "cli.landmarks.facts",
            landmark_id=landmark_id,
            name_en=held["name_en"],
            name_es=held["name_es"],
            kind=face.named(KIND, held["kind"]),
            side=face.named("side", held["side"]),
            km=words.number(held["km"], digits=1),
            place=f"{held['lat']:.6f}, {held['lon']:.6f}",
            accuracy=held["accuracy_m"],
            us_id=held["us_id"] or none,
            mx_id=held["mx_id"] or none,
            source=held["source"] or none,
            basis=face.named("basis", held["basis"]),
            state=face.named("verification", held["state"]),
            verified_on=held["verified_on"] or none,
        )
    )


def _show_history(face: Face, deliveries: Sequence[Mapping[str, Any]]) -> None:
    """Show what each delivery said of a landmark."""
    rows = [
        (
            row["known_at"][:10],
            row["file"],
            f"{row['lat']:.6f}, {row['lon']:.6f}",
            face.named("basis", row["basis"]),
            row["verified_on"] or face.words.text("number.none"),
        )
        for row in deliveries
    ]
    columns = {
        "cli.column.known": "left",
        "cli.column.file": "left",
        "cli.column.place": "left",
        "cli.column.basis": "left",
        "cli.column.verified": "left",
    }
    draw(face, face.words.text("cli.landmarks.history"), columns, rows)


def disagreements(
    ctx: typer.Context,
    *,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the landmarks that two sources place or name otherwise."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    found = pipeline.landmark_disagreements(face.opened())
    if face.as_json:
        show_records(face, found)
    else:
        _show_disagreements(face, rows_of(found))


def _show_disagreements(face: Face, pairs: Sequence[Mapping[str, Any]]) -> None:
    """Show pairs of sources, how far apart they are and what they allow for."""
    words = face.words
    rows = [
        (
            " · ".join(dict.fromkeys((row["landmark_id"], row["other_id"]))),
            f"{row['source']} · {row['other_source']}",
            words.number(row["distance_m"], digits=0),
            words.number(row["allowed_m"], digits=0),
            words.text("cli.landmarks.renamed") if row["renamed"] else "",
        )
        for row in pairs
    ]
    columns = {
        "cli.column.landmark": "left",
        "cli.column.sources": "left",
        "cli.column.apart": "right",
        "cli.column.allowed": "right",
        "cli.column.names": "left",
    }
    draw(face, words.text("cli.landmarks.disagreements"), columns, rows)


def import_(
    ctx: typer.Context,
    *,
    files: Annotated[list[str], typer.Argument()],
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take files of landmarks into the project, as ``ingest landmarks`` does."""
    commands.ingest(
        ctx, kind="landmarks", files=files, project=project, lang=lang, as_json=as_json
    )


def add(
    ctx: typer.Context,
    *,
    landmark_id: Annotated[str, typer.Argument()],
    landmark_kind: Annotated[str, typer.Option("--kind")],
    lon: Annotated[str, typer.Option("--lon")],
    lat: Annotated[str, typer.Option("--lat")],
    accuracy_m: Annotated[str, typer.Option("--accuracy-m")],
    source: Annotated[str, typer.Option("--source")],
    name_en: Annotated[str | None, typer.Option("--name-en")] = None,
    name_es: Annotated[str | None, typer.Option("--name-es")] = None,
    landmark_side: SideOption = None,
    us_id: Annotated[str | None, typer.Option("--us-id")] = None,
    mx_id: Annotated[str | None, typer.Option("--mx-id")] = None,
    verified_on: Annotated[str | None, typer.Option("--verified-on")] = None,
    replace: Annotated[bool, typer.Option("--replace")] = False,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add one landmark, or correct it: a delivery of one row."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    check_name(KIND, landmark_kind, kinds())
    told = {"ID": landmark_id, "--name-en": name_en or name_es, "--source": source}
    for option, text in told.items():
        if not text or not text.strip() or not text.isprintable():
            msg = f"`{option}` must be a text, got {text!r}."
            raise OptionError(msg, option=option, value=text or "")
    day = day_asked(verified_on)
    from riskmap import pipeline

    if landmark_side is not None:
        check_name("side", landmark_side, pipeline.LANDMARK_SIDES)
    new = pipeline.NewLandmark(
        landmark_id=landmark_id.strip(),
        kind=landmark_kind,
        name_en=(name_en or "").strip(),
        name_es=(name_es or "").strip(),
        lon=number_of(lon, "--lon", float),
        lat=number_of(lat, "--lat", float),
        accuracy_m=number_of(accuracy_m, "--accuracy-m", float),
        source=source.strip(),
        side=landmark_side or "",
        us_id=us_id or "",
        mx_id=mx_id or "",
        verified_on=day.isoformat() if day else "",
    )
    opened = face.opened()
    known = pipeline.read_whereabouts(opened)
    _show_delivery(face, pipeline.add_landmark(opened, known, new, replace=replace))


def verify(
    ctx: typer.Context,
    *,
    ids: Annotated[list[str], typer.Argument()],
    on: OnOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Note that somebody verified landmarks on a day: a delivery of their rows."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    day = day_asked(on)
    from riskmap import pipeline

    day = day or pipeline.today()
    if day > pipeline.today():
        msg = f"`--on` must be a day that has come, got {day}."
        raise OptionError(msg, option="--on", value=day.isoformat())
    opened = face.opened()
    report = pipeline.verify_landmarks(opened, tuple(ids), on=day)
    _show_delivery(face, report)


def _show_delivery(face: Face, report: Any) -> None:
    """Say what became of a delivery that was typed in."""
    if face.as_json:
        face.show_json({"batches": [report]})
        return
    words = face.words
    known = words.text("cli.landmarks.known", ids=report.file)
    taken = words.text("cli.landmarks.taken", ids=report.file)
    face.say(known if report.repeated else taken)


def kinds() -> tuple[str, ...]:
    """List the kinds of landmarks that there are words for."""
    keys = (str(message.id) for message in catalogue(LANGUAGES[0], "landmarks"))
    held = (key.split(".") for key in keys if key.startswith(f"{KIND}."))
    return tuple(sorted(parts[1] for parts in held if len(parts) > 1))

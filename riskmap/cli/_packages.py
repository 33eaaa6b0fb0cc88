"""The commands on packages: make, check, show, take in, compare, decide."""

from pathlib import Path
from typing import Annotated, Any

import typer

from riskmap.cli import _failures as failures
from riskmap.cli._face import (
    Face,
    JsonOption,
    LangOption,
    ProjectOption,
    check_name,
    existing,
    face_of,
    labels,
)
from riskmap.cli._tables import draw, fault_sentence, rows_of

FileArgument = Annotated[str, typer.Argument()]
KeyOption = Annotated[list[str] | None, typer.Option("--key")]

SHOWN_ROWS = 20


def create(
    ctx: typer.Context,
    *,
    profile: Annotated[str, typer.Option("--profile")],
    to: Annotated[str, typer.Option("--to")],
    out: Annotated[str, typer.Option("--out")],
    role: Annotated[str | None, typer.Option("--role")] = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a package."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    check_name("disclosure_profile", profile, pipeline.DISCLOSURE_PROFILES)
    opened = face.opened()
    made = pipeline.create_package(
        opened, Path(out), labels(), profile=profile, to=to, role=role or ""
    )
    if face.as_json:
        face.show_json(made)
        return
    words = face.words
    facts = {name: getattr(made, name) for name in ("profile", "to", "marking")}
    face.say(words.text("package.created", **facts, sha256=made.sha256))
    if made.withheld:
        names = ", ".join(f"{name} ({why})" for name, why in made.withheld.items())
        face.say(words.text("package.withheld", names=names))
    _say_key(face, made.key, trusted=False)
    face.say(words.text("package.head", head=made.audit_head))
    face.say(str(made.path))


def verify(
    ctx: typer.Context,
    *,
    file: FileArgument,
    keys: KeyOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check every byte of a package."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    found = _verified(file, keys)
    if face.as_json:
        face.show_json(_facts(found))
        return
    facts = {"files": len(found.files), "sha256": found.sha256}
    face.say(face.words.text("package.whole", **facts))
    _say_key(face, found.key, trusted=found.trusted)


def inspect(
    ctx: typer.Context,
    *,
    file: FileArgument,
    keys: KeyOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what a package says about itself."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    found = _verified(file, keys)
    if face.as_json:
        face.show_json({**_facts(found), "manifest": found.manifest})
        return
    told, words = found.manifest, face.words
    names = ("origin", "to", "profile", "marking", "as_of")
    facts = {name: told[name] for name in names}
    face.say(words.text("package.from", **facts, version=told["riskmap_version"]))
    _say_key(face, found.key, trusted=found.trusted)
    withheld = told.get("withheld") or {}
    if withheld:
        listed = ", ".join(f"{name} ({why})" for name, why in withheld.items())
        face.say(words.text("package.withheld", names=listed))
    face.say(words.text("package.head", head=told.get("audit_head", "")))
    columns = {
        "package.column.file": "left",
        "package.column.bytes": "right",
        "package.column.marking": "left",
    }
    rows = [
        (name, words.number(entry["bytes"]), str(entry.get("marking", "")))
        for name, entry in told["files"].items()
    ]
    draw(face, "", columns, rows)


def import_(
    ctx: typer.Context,
    *,
    file: FileArgument,
    keys: KeyOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in the other side's package."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    opened = face.opened()
    path = existing(file)
    done = pipeline.import_package(opened, path, keys=_paths(keys))
    if face.as_json:
        told = {"seq": done.seq, "repeated": done.repeated, **_facts(done.package)}
        face.show_json(told)
        return
    face.say(face.words.text("package.imported", seq=done.seq))
    _say_key(face, done.package.key, trusted=done.package.trusted)
    _draw(face, pipeline.diff_package(opened, path))


def diff(
    ctx: typer.Context,
    *,
    file: FileArgument,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show how a package differs from ours."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    opened = face.opened()
    found = pipeline.diff_package(opened, existing(file))
    if face.as_json:
        face.show_json({"differences": found.to_dict("records")})
        return
    _draw(face, found)


def decide(
    ctx: typer.Context,
    *,
    sha256: Annotated[str, typer.Argument()],
    item: Annotated[str, typer.Argument()],
    state: Annotated[str, typer.Argument()],
    reason: Annotated[str | None, typer.Option("--reason")] = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Accept, dispute or leave differences."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    opened = face.opened()
    done = pipeline.decide_difference(opened, sha256, item, state, reason=reason or "")
    faults = rows_of(done.faults)
    if face.as_json:
        face.show_json({**vars(done), "faults": faults})
    else:
        _say_decision(face, done, faults)
    return failures.EXIT_BAD_INPUT if done.refused else failures.EXIT_OK


def _say_decision(face: Face, done: Any, faults: list[dict[str, Any]]) -> None:
    """Say what deciding did, a line for each kind of effect."""
    words = face.words
    named: dict[str, list[str]] = {}
    for name, effect in done.effects.items():
        named.setdefault(effect, []).append(name)
    for effect, names in sorted(named.items()):
        said = names[0] if len(names) == 1 else words.number(len(names))
        code = f"package.effect.{effect}" if effect else "package.decided"
        state = words.text(f"package.state.{done.state}")
        face.say(words.text(code, item=said, state=state))
    if done.taken_back:
        face.say(words.text("package.taken_back", records=done.taken_back))
    if done.refused:
        face.note(words.text("package.not_taken", items=", ".join(done.refused)))
        for fault in faults:
            face.note(f"  - {fault_sentence(face, fault)}")


def agreed(
    ctx: typer.Context,
    *,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what we have accepted."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    found = pipeline.agreed_differences(face.opened())
    if face.as_json:
        face.show_json({"agreed": found.to_dict("records")})
        return
    if found.empty:
        face.say(face.words.text("package.agreed.none"))
        return
    columns = {
        f"package.column.{name}": "left"
        for name in ("item", "field", "ours", "theirs", "effect", "package_side")
    }
    told = found[[name.rpartition(".")[2] for name in columns]]
    effects = {
        effect: face.words.text(f"package.column.effect.{effect}")
        for effect in told["effect"].unique()
    }
    told = told.assign(effect=told["effect"].map(effects))
    rows = [tuple(map(str, row)) for row in told.head(SHOWN_ROWS).to_numpy().tolist()]
    draw(face, face.words.text("package.agreed.title"), columns, rows)
    if len(found) > len(rows):
        facts = {"shown": len(rows), "total": len(found)}
        face.note(face.words.text("package.diff.shown", **facts))


def keygen(
    ctx: typer.Context,
    *,
    out: Annotated[str, typer.Option("--out")],
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draw a key that signs packages."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    private, public, name = pipeline.write_signing_key(Path(out))
    facts = {"private": str(private), "public": str(public), "signer": name}
    if face.as_json:
        face.show_json(facts)
    else:
        face.say(face.words.text("package.keygen", **facts))


def _paths(keys: list[str] | None) -> list[Path]:
    return [existing(key) for key in keys or ()]


def _verified(file: str, keys: list[str] | None) -> Any:
    from riskmap import pipeline

    return pipeline.verify_package(existing(file), keys=_paths(keys))


def _facts(found: Any) -> dict[str, Any]:
    """Gather what was found of a package, for a program."""
    names = ("sha256", "key", "trusted")
    facts = {name: getattr(found, name) for name in names}
    return {**facts, "files": sorted(found.files)}


def _say_key(face: Face, key: str, *, trusted: bool) -> None:
    """Say who signed, as far as that is known."""
    code = "trusted" if trusted else "signed"
    face.say(face.words.text(f"package.{code if key else 'unsigned'}", signer=key))


def _draw(face: Face, found: Any) -> None:
    """Draw the first differences."""
    if len(found) == 0:
        face.say(face.words.text("package.diff.none"))
        return
    columns = {
        f"package.column.{name}": "left"
        for name in ("item", "field", "ours", "theirs", "state")
    }
    rows = [tuple(map(str, row)) for row in found.head(SHOWN_ROWS).to_numpy().tolist()]
    draw(face, face.words.text("package.diff.title"), columns, rows)
    if len(found) > len(rows):
        facts = {"shown": len(rows), "total": len(found)}
        face.note(face.words.text("package.diff.shown", **facts))

"""The joint package on the page Share: made here, and the other side's checked."""

import importlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from riskmap.i18n import LANGUAGES, Words
from riskmap.ui import access, blocks, jobs, state, upload
from riskmap.ui.blocks import Block

MAKE, CHECK = "package", "package_check"
TO, PROFILE = "package_to", "package_profile"
FILE = "package.zip"


def _pipeline() -> Any:
    """Give the pipeline, imported when first needed."""
    return importlib.import_module("riskmap.pipeline")


def options() -> dict[str, list[str]]:
    """List what can be chosen of a package.

    Returns
    -------
    dict
        Name to codes.
    """
    return {PROFILE: list(_pipeline().DISCLOSURE_PROFILES), TO: ["US", "MX"]}


def show(model: state.Model, words: Words) -> None:
    """Draw the choice of a package, its file, and the check of another side's.

    Parameters
    ----------
    model
        This person's choices.
    words
        Words of the language.
    """
    st.header(words.text("pages.package.title"), anchor=False)
    blocks.mount(
        [blocks.text(words.text("pages.package.intro"))],
        key="package-intro",
        lang=words.lang,
    )
    st.radio(
        words.text("pages.package.profile"),
        options()[PROFILE],
        format_func=lambda code: words.text(f"pages.share.profile.{code}"),
        **state.widget(model, PROFILE),
    )
    st.radio(
        words.text("pages.package.to"),
        options()[TO],
        format_func=lambda code: words.text(f"side.{code}"),
        horizontal=True,
        **state.widget(model, TO),
    )
    _made(model, words)
    _checked(words)


def _made(model: state.Model, words: Words) -> None:
    """Draw the button that makes a package, and then its file."""
    if jobs.watch(MAKE, words):
        return
    wanted = {"profile": str(model[PROFILE]), "to": str(model[TO])}
    st.button(
        words.text("pages.package.make"), key="package", on_click=begin, args=(wanted,)
    )
    said = jobs.outcome(MAKE, words)
    job = jobs.current(MAKE)
    if job and job.result:
        report, data = job.result
        said += told(report, words)
        st.download_button(
            words.text("pages.package.download"),
            data,
            file_name=f"riskmap-{report.profile}-{report.to}.zip",
            mime="application/zip",
            key="package-file",
            on_click="ignore",
        )
    if said:
        blocks.mount(said, key="package-told", lang=words.lang)


def begin(wanted: Mapping[str, str]) -> None:
    """Begin to make a package; it is written down once it is whole.

    Parameters
    ----------
    wanted
        ``profile`` and ``to``.
    """
    open_it = access.opener("package")

    def work(progress: jobs.Progress) -> Any:
        progress(MAKE, 0, 1)
        labels = {lang: Words(lang).text for lang in LANGUAGES}
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / FILE
            report = _pipeline().create_package(open_it(), out, labels, **wanted)
            return report, out.read_bytes()

    # once begun it goes through: counts may be released for it
    jobs.start(MAKE, jobs.Job(work, last_chance=MAKE, about=wanted))


def told(report: Any, words: Words) -> list[Block]:
    """Say what a package is, and what stayed out of it.

    Parameters
    ----------
    report
        As :func:`riskmap.pipeline.create_package` returns it.
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks.
    """
    facts = {name: getattr(report, name) for name in ("profile", "to", "marking")}
    said = [words.text("package.created", **facts, sha256=report.sha256)]
    if report.withheld:
        names = ", ".join(f"{name} ({why})" for name, why in report.withheld.items())
        said.append(words.text("package.withheld", names=names))
    said.append(_signed(report.key, words, trusted=False))
    said.append(words.text("package.head", head=report.audit_head))
    return [blocks.text("\n".join(said))]


def _signed(key: str, words: Words, *, trusted: bool) -> str:
    """Say who signed, as far as that is known."""
    code = "trusted" if trusted else "signed"
    return words.text(f"package.{code if key else 'unsigned'}", signer=key)


def _checked(words: Words) -> None:
    """Draw what a package is chosen with, and what the check of it found."""
    st.subheader(words.text("pages.package.check"), anchor=False)
    upload.picker(
        words,
        key=CHECK,
        suffixes=(".zip",),
        told={
            "limit": words.text("pages.package.limit", most=upload.MOST_MB),
            "large": words.text("pages.package.large"),
        },
        taken=check,
    )
    if jobs.watch(CHECK, words):
        return
    said = jobs.outcome(CHECK, words)
    job = jobs.current(CHECK)
    if job and job.result:
        said += found(job.result, words)
    if said:
        blocks.mount(said, key="package-found", lang=words.lang)


def check(sent: upload.Sent | None) -> None:
    """Begin to check every byte of a package; nothing of it is taken in.

    Parameters
    ----------
    sent
        The file, or None for what is none.
    """
    jobs.forget(CHECK)
    if sent is None:
        return

    def work(progress: jobs.Progress) -> Any:
        progress(CHECK, 0, 1)
        return _pipeline().verify_package(sent.data)

    jobs.start(CHECK, jobs.Job(work, loose=True, about=sent.name))


def found(opened: Any, words: Words) -> list[Block]:
    """Say that a package is whole, from whom it is and what is in it.

    Parameters
    ----------
    opened
        As :func:`riskmap.pipeline.verify_package` returns it.
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks; what the package says of itself is text, never markup.
    """
    told = opened.manifest
    names = ("origin", "to", "profile", "marking", "as_of")
    facts = {name: str(told[name]) for name in names}
    said = [
        words.text("package.whole", files=len(opened.files), sha256=opened.sha256),
        words.text("package.from", **facts, version=str(told["riskmap_version"])),
        _signed(opened.key, words, trusted=opened.trusted),
    ]
    rows = [
        [name, words.number(entry["bytes"], digits=0), str(entry.get("marking", ""))]
        for name, entry in told["files"].items()
    ]
    heads = [words.text(f"package.column.{n}") for n in ("file", "bytes", "marking")]
    table = blocks.table(words.text("pages.package.files"), heads, rows, numbers=(1,))
    return [blocks.text("\n".join(said)), table]

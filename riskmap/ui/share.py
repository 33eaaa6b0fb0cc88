"""What leaves riskmap: exports as files, and counts under a disclosure profile."""

import functools
import importlib
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from riskmap.i18n import LANGUAGES, Words
from riskmap.ui import access, blocks, controls, jobs, state
from riskmap.ui.blocks import Block

FORM, TONGUES, PROFILE = "form", "tongues", "profile"
AUDIENCE, FROM_YEAR, TO_YEAR = "audience", "from_year", "to_year"
SHARE_NAMES = (state.LANGUAGE, state.REGION, FORM, TONGUES, PROFILE)

BOTH = "both"
CHECK, RELEASE = "check", "release"

# what an export holds, each with a marking of its own
TABLES = ("scores", "zones", "landmarks", "incidents_by_cell")


def _pipeline() -> Any:
    """Give the pipeline, imported when first needed."""
    return importlib.import_module("riskmap.pipeline")


def opened() -> Any:
    """Open the project that is shown.

    Returns
    -------
    riskmap.pipeline.Project
        The project.

    Raises
    ------
    ProjectError
        If there is none.
    """
    return access.opened("export")


def options() -> dict[str, list[str]]:
    """List what can be chosen on the page.

    Returns
    -------
    dict
        Name to codes.
    """
    pipeline = _pipeline()
    return {
        FORM: list(pipeline.FORMATS),
        TONGUES: [BOTH, *LANGUAGES],
        PROFILE: list(pipeline.DISCLOSURE_PROFILES),
    }


def export_choices(model: state.Model, words: Words) -> None:
    """Draw the choice of format and languages.

    Parameters
    ----------
    model
        This person's choices.
    words
        Words of the language.
    """
    st.radio(
        words.text("pages.share.form"),
        options()[FORM],
        format_func=lambda form: words.text(f"pages.share.form.{form}"),
        **state.widget(model, FORM),
    )
    st.segmented_control(
        words.text("pages.share.tongues"),
        options()[TONGUES],
        format_func=lambda code: (
            words.text("pages.share.both")
            if code == BOTH
            else controls.LANGUAGE_NAMES[code]
        ),
        required=True,
        **state.widget(model, TONGUES),
    )


def export_maker(model: state.Model) -> Callable[[], bytes]:
    """Make the function that writes an export, when somebody asks for it.

    Parameters
    ----------
    model
        This person's choices.

    Returns
    -------
    callable
        Gives a zip.
    """
    tongues = LANGUAGES if model[TONGUES] == BOTH else (model[TONGUES],)
    make = functools.partial(_export, model[FORM], tongues, model[state.REGION])
    return access.file_maker(make)


def _export(form: str, tongues: tuple[str, ...], region: str, project: Any) -> bytes:
    """Write an export of the project that is shown."""
    words = {lang: Words(lang).text for lang in tongues}
    made: bytes = _pipeline().export_bytes(project, form, words, region=region or None)
    return made


def export_name(model: state.Model) -> str:
    """Name the file of an export.

    Parameters
    ----------
    model
        This person's choices.

    Returns
    -------
    str
        The same for the same choices.
    """
    region = (model[state.REGION] or "border").replace(":", "-")
    return f"riskmap-{region}-{model[FORM]}-{model[TONGUES]}.zip"


def markings(words: Words) -> list[Block]:
    """Say how each table of an export is marked.

    Parameters
    ----------
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks.
    """
    project = opened()
    made = {one.name: one.sha256 for one in project.snapshots()}
    stamp = tuple(sorted(made.items()))
    held = _markings(access.view_key("export"), stamp, project)
    rows = [
        [
            words.text(f"pages.table.{name}"),
            label,
            readers or words.text(f"pages.share.readers.{'all' if open_ else 'none'}"),
            words.text(f"purpose.{purpose}")
            if words.has(f"purpose.{purpose}")
            else words.text("pages.share.mixed"),
        ]
        for name, label, readers, open_, purpose in held
    ]
    if not rows:
        return [blocks.text(words.text("pages.share.no_markings"))]
    heads = ["table", "marking", "readers", "purpose"]
    return [
        blocks.table(
            words.text("pages.share.markings"),
            [words.text(f"pages.share.{head}") for head in heads],
            rows,
        ),
        blocks.text(words.text("pages.share.markings_note")),
    ]


@st.cache_resource(max_entries=2, show_spinner=False)
def _markings(
    seen: str,  # noqa: ARG001
    stamp: tuple[tuple[str, str], ...],
    _project: Any,
) -> list[tuple[str, str, str, bool, str]]:
    """Ask for the markings, once for each state."""
    pipeline, there = _pipeline(), dict(stamp)
    found = []
    for name in TABLES:
        if name in there:
            mark = pipeline.marking_of_table(_project, name)
            readers = ", ".join(sorted(mark.releasable_to or ()))
            is_open = mark.releasable_to is None
            found.append((name, str(mark.label), readers, is_open, str(mark.purpose)))
    return found


def count_choices(model: state.Model, words: Words) -> None:
    """Draw the choice of profile, reader and years of counts.

    Parameters
    ----------
    model
        This person's choices.
    words
        Words of the language.
    """
    st.radio(
        words.text("pages.share.profile"),
        options()[PROFILE],
        format_func=lambda name: words.text(f"pages.share.profile.{name}"),
        **state.widget(model, PROFILE),
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for name in (AUDIENCE, FROM_YEAR, TO_YEAR):
            st.text_input(
                words.text(f"pages.share.{name}"),
                autocomplete="off",
                max_chars=40,
                **state.widget(model, name),
            )


def asked(model: state.Model) -> Mapping[str, str] | None:
    """Read what counts are asked for.

    Parameters
    ----------
    model
        This person's choices.

    Returns
    -------
    Mapping or None
        For :func:`riskmap.pipeline.release_counts`; None if a year is no year.
    """
    first, last = (str(model[name]).strip() for name in (FROM_YEAR, TO_YEAR))
    years = [year for year in (first, last) if year]
    if not all(year.isascii() and year.isdigit() and len(year) == 4 for year in years):  # noqa: PLR2004
        return None
    return {
        "profile": model[PROFILE],
        "audience": str(model[AUDIENCE]).strip() or "public",
        "from_on": f"{first}-01-01" if first else "",
        "to_on": f"{int(last) + 1}-01-01" if last else "",
    }


def begin(name: str, wanted: Mapping[str, str]) -> None:
    """Begin to check or to release counts.

    Parameters
    ----------
    name
        ``check`` or ``release``.
    wanted
        From :func:`asked`.
    """
    open_it = access.opener("release")

    def work(told: jobs.Progress) -> Any:
        told(name, 0, 1)
        checks = name == CHECK
        return _pipeline().release_counts(open_it(), **wanted, only_check=checks)

    # a check stores nothing; a release goes through once it has begun
    checks = name == CHECK
    job = jobs.Job(work, last_chance=RELEASE, loose=checks, about=wanted)
    jobs.start(name, job)


def told(release: Any, words: Words) -> list[Block]:
    """Say what left, or would leave.

    Parameters
    ----------
    release
        As :func:`riskmap.pipeline.release_counts` returns it.
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks.
    """
    said = [
        words.text(
            "sharing.release.counts",
            profile=release.profile,
            label=release.label,
            shown=release.shown,
            protected=release.protected,
        ),
        words.text("sharing.release.periods", periods=", ".join(release.periods)),
        words.text("sharing.protected.help"),
    ]
    if release.seq:
        recorded = {"seq": release.seq, "sha256": release.sha256}
        said.append(words.text("sharing.release.recorded", **recorded))
    else:
        said.append(words.text("sharing.release.checked", sha256=release.sha256))
    return [blocks.text("\n".join(said))]


def release_maker(release: Any) -> Callable[[], bytes]:
    """Make the function that writes released counts.

    Parameters
    ----------
    release
        What left.

    Returns
    -------
    callable
        Gives a zip.
    """

    def make() -> bytes:
        words = {lang: Words(lang).text for lang in LANGUAGES}
        made: bytes = _pipeline().release_bytes(release, words)
        return made

    return make


def ledger(words: Words) -> list[Block]:
    """List what has been released.

    Parameters
    ----------
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks.
    """
    held = _pipeline().read_ledger(opened())
    if not held:
        return [blocks.text(words.text("pages.share.no_releases"))]
    rows = [
        [
            str(one.seq),
            one.at[:10],
            str(one.about["profile"]),
            str(one.about["label"]),
            str(one.about["audience"]),
            ", ".join(map(str, one.about["periods"])),
            one.sha256,
        ]
        for one in held
    ]
    names = ("seq", "at", "profile", "label", "audience")
    heads = [words.text(f"sharing.column.{name}") for name in names]
    heads += [words.text("pages.share.periods"), words.text("sharing.column.sha256")]
    return [blocks.table(words.text("sharing.ledger.title"), heads, rows)]

"""A file of records: chosen, looked at, and only then stored."""

import base64
import binascii
import importlib
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from riskmap.errors import RiskmapError
from riskmap.i18n import Words
from riskmap.ui import access, blocks, jobs, quality, state
from riskmap.ui.blocks import Block

NAME = "riskmap_picker"
KEY = "picker"
HTML = (
    '<div class="rm-picker"><input type="file" id="rm-file-chosen">'
    '<label for="rm-file-chosen"></label><span class="rm-file"></span>'
    '<span class="rm-told" role="status"></span><span class="rm-limit"></span></div>'
)
SCRIPT = Path(__file__).with_name("picker.js")
STYLE = Path(__file__).with_name("picker.css")

# what goes through the page's connection at once; larger files go by `riskmap ingest`
MOST_BYTES = 20_000_000
MOST_MB = MOST_BYTES // 1_000_000
LONGEST_NAME = 100
SUFFIXES = (
    *(".csv", ".tsv", ".txt", ".gz", ".xlsx", ".ods", ".geojson", ".json", ".kml"),
    *(".kmz", ".gpx", ".gpkg", ".zip", ".parquet"),
)

PROFILE = "ingest_profile"
PREVIEW, STORE, RUN = "preview", "store", "run"
WORK = (PREVIEW, STORE, RUN)


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A file that somebody has sent; it is this person's only.

    Parameters
    ----------
    name
        Its name, fit for a folder.
    data
        Its bytes.
    """

    name: str
    data: bytes


def safe_name(name: object) -> str:
    r"""Make a name from outside fit for a folder.

    Parameters
    ----------
    name
        What the browser said.

    Returns
    -------
    str
        The last part of a path, without marks that steer, short, the suffix kept.

    Examples
    --------
    >>> safe_name("../../etc/passwd"), safe_name("a\x00b.csv"), safe_name(None)
    ('passwd', 'ab.csv', 'records')
    """
    text = name if isinstance(name, str) else ""
    last = text.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in last if c.isprintable()).strip().strip(".")
    stem, dot, suffix = kept.rpartition(".")
    room = LONGEST_NAME - len(suffix[:12]) - 1
    short = f"{stem[:room]}.{suffix[:12]}" if dot else kept[:LONGEST_NAME]
    # a letter may take four bytes of the 255 that a folder holds of a name
    return short.encode()[:240].decode(errors="ignore") or "records"


def received(told: Any) -> Sent | None:
    """Read what the browser sent.

    Parameters
    ----------
    told
        ``name`` and ``data`` in base 64, or anything.

    Returns
    -------
    Sent or None
        None for what is no file, or too large a one.
    """
    if not isinstance(told, Mapping) or not isinstance(told.get("data"), str):
        return None
    if len(told["data"]) > MOST_BYTES * 4 // 3 + 4:
        return None
    try:
        data = base64.b64decode(told["data"], validate=True)
    except (binascii.Error, ValueError):
        return None
    if not data or len(data) > MOST_BYTES:
        return None
    return Sent(name=safe_name(told.get("name")), data=data)


def held() -> Sent | None:
    """Give the file that this person has sent.

    Returns
    -------
    Sent or None
        None before, and after it was let go.
    """
    return st.session_state.get("sent")


def let_go() -> None:
    """Forget the file and all work on it."""
    st.session_state.pop("sent", None)
    for name in WORK:
        jobs.forget(name)


def picker(
    words: Words,
    *,
    key: str = KEY,
    suffixes: Sequence[str] = SUFFIXES,
    told: Mapping[str, str] | None = None,
    taken: Callable[[Sent | None], None] | None = None,
) -> None:
    """Draw what a file is chosen with.

    Parameters
    ----------
    words
        Words of the language.
    key
        Key of the component; another for each picker.
    suffixes
        How the files may end that it offers.
    told
        ``limit`` and ``large``, where a file is another than one of records.
    taken
        Given the file when it has come; if not given, it is held as this person's.
    """
    component: Any = st.components.v2.component(
        NAME,
        html=HTML,
        js=SCRIPT.read_text(encoding="utf-8"),
        css=STYLE.read_text(encoding="utf-8"),
        isolate_styles=False,
    )

    def keep(sent: Sent | None) -> None:
        let_go()
        if sent:
            st.session_state["sent"] = sent

    def come() -> None:
        (taken or keep)(received(st.session_state[key].get("file")))

    names = ("choose", "none", "large", "empty", "sending", "failed")
    said = {name: words.text(f"pages.upload.{name}") for name in names}
    sent = None if taken else held()
    component(
        key=key,
        data=said
        | {
            "limit": words.text("pages.upload.limit", most=MOST_MB),
            "accept": ",".join(suffixes),
            "most": MOST_BYTES,
            "file": sent.name if sent else "",
            "lang": words.lang,
        }
        | dict(told or {}),
        on_file_change=come,
    )


def profile_choice(model: state.Model, words: Words) -> None:
    """Draw the choice of a profile.

    Parameters
    ----------
    model
        This person's choices.
    words
        Words of the language.
    """
    facts = {one["name"]: one for one in _pipeline().list_profiles()}
    st.selectbox(
        words.text("pages.upload.profile"),
        ["", *facts],
        format_func=lambda name: (
            f"{name} · {facts[name]['publisher']}"
            if name
            else words.text("pages.upload.profile.auto")
        ),
        filter_mode=None,
        **state.widget(model, PROFILE),
    )


def _pipeline() -> Any:
    """Give the pipeline, imported when first needed."""
    return importlib.import_module("riskmap.pipeline")


def begin(name: str, sent: Sent, profile: str) -> None:
    """Begin to look at a file, or to store it.

    Parameters
    ----------
    name
        ``preview`` or ``store``.
    sent
        The file.
    profile
        Name of a profile; empty to choose it by the headings.
    """
    open_it = access.opener("import")

    def work(told: jobs.Progress) -> Any:
        project = open_it()
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / sent.name
            file.write_bytes(sent.data)
            by = profile or None
            if name == STORE:
                return _pipeline().take_previewed(project, file, by, progress=told)
            told("read", 0, 1)
            return _pipeline().preview_incidents(project, file, by)

    # reading stores nothing, so it is let go; storing goes through once begun
    looks = name == PREVIEW
    jobs.start(name, jobs.Job(work, last_chance=STORE, loose=looks, about=profile))


def begin_run() -> None:
    """Begin to bring the scores up to date; it can stop between two steps."""
    open_it = access.opener("run")
    jobs.start(RUN, jobs.Job(lambda told: _pipeline().run(open_it(), progress=told)))


def preview(found: Any, words: Words) -> list[Block]:
    """Say what a file would give, in words.

    Parameters
    ----------
    found
        :class:`riskmap.pipeline.Preview`.
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks.
    """
    proposed = blocks.folded(
        words.text("pages.upload.proposal"), found.proposal.text(words.text)
    )
    if found.refused is not None:
        said = [words.error(found.refused), words.text("pages.upload.refused")]
        return [blocks.text("\n".join(said), role="alert"), proposed]
    shown = [blocks.text(_counted(found, words))]
    if found.known:
        known = words.text("pages.upload.known")
        shown.append(blocks.text(known, role="alert"))
    shown.append(_understood(found, words))
    if len(found.register):
        shown += quality.register(found.register, words)
        shown.append(_sample(found, words))
    if found.quarantined:
        shown += quality.faults(found.faults, words)
    else:
        shown.append(blocks.text(words.text("pages.upload.no_faults")))
    return [*shown, proposed]


def _counted(found: Any, words: Words) -> str:
    """Say how many rows would go where."""
    names = ("rows_in", "accepted", "quarantined", "duplicates")
    counts = {name: getattr(found, name) for name in names}
    return words.text("pages.upload.counts", file=found.file, **counts)


def _understood(found: Any, words: Words) -> Block:
    """Say how the file was read, and what of it is not kept."""
    told = found.understood
    facts = [
        ("profile", found.profile),
        ("format", told["format"]),
        ("encoding", told["encoding"]),
        ("date_order", _order(told["date_order"], words)),
        ("licence", told["licence"]),
        ("marking", told["marking"]),
        ("stripped", ", ".join(found.stripped)),
        ("ignored", ", ".join(found.ignored)),
    ]
    rows = [
        [words.text(f"pages.upload.{name}"), str(said)] for name, said in facts if said
    ]
    heads = [words.text("pages.upload.what"), words.text("pages.upload.said")]
    return blocks.table(words.text("pages.upload.understood"), heads, rows)


def _order(code: str, words: Words) -> str:
    """Say the order of day and month."""
    key = f"pages.upload.order.{code}"
    return words.text(key) if words.has(key) else code


def _sample(found: Any, words: Words) -> Block:
    """Show the first rows as they were understood."""
    rows = [
        [
            words.date(row.occurred_on.date(), precision=row.time_precision),
            words.text(f"kind.{row.kind}"),
            f"{row.y:.5f}, {row.x:.5f}",
            words.number(row.accuracy_m, digits=0),
            str(row.source),
        ]
        for row in found.sample.itertuples()
    ]
    heads = [
        words.text(f"pages.upload.{name}")
        for name in ("day", "kind", "place", "accuracy", "source")
    ]
    return blocks.table(words.text("pages.upload.sample"), heads, rows, numbers=(3,))


def stored(report: Any, words: Words) -> list[Block]:
    """Say what became of a file that was stored.

    Parameters
    ----------
    report
        :class:`riskmap.pipeline.BatchReport`.
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks.
    """
    if report.repeated:
        return [blocks.text(words.text("pages.upload.repeated"))]
    said = _counted(report, words)
    return [blocks.text(f"{words.text('pages.upload.stored')} {said}")]


def is_stale() -> bool:
    """Tell whether a run would change something.

    Returns
    -------
    bool
        False too where there is no project.
    """
    try:
        return bool(_pipeline().stale_tables(access.opened()))
    except RiskmapError:
        return False

"""Blocks: texts and tables that show what came from outside as text, never as markup.

Streamlit's own tables, warnings and labels read Markdown; these set ``textContent``.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

NAME = "riskmap_blocks"
HTML = '<div class="rm-blocks"></div>'
SCRIPTS = tuple(Path(__file__).with_name(name) for name in ("blocks.js", "plots.js"))
STYLE = Path(__file__).with_name("blocks.css")

Block = dict[str, Any]
Said = str | dict[str, str]


def mount(blocks: Sequence[Block], *, key: str, lang: str) -> None:
    """Show blocks in this place of the page.

    Parameters
    ----------
    blocks
        Made by the functions below.
    key
        Key of the component.
    lang
        Code of the language that they are in, for screen readers.
    """
    component: Any = st.components.v2.component(
        NAME,
        html=HTML,
        js="".join(script.read_text(encoding="utf-8") for script in SCRIPTS),
        css=STYLE.read_text(encoding="utf-8"),
        isolate_styles=False,
    )
    component(key=key, data={"blocks": list(blocks), "lang": lang})


def heading(text: str) -> Block:
    """Make a heading.

    Parameters
    ----------
    text
        The text.

    Returns
    -------
    dict
        A block.
    """
    return {"kind": "heading", "text": text}


def text(said: str, *, role: str = "") -> Block:
    """Make a paragraph.

    Parameters
    ----------
    said
        The text; its lines stay lines.
    role
        ``alert`` for what a screen reader must say at once.

    Returns
    -------
    dict
        A block.
    """
    return {"kind": "text", "text": said, "role": role}


def listed(points: Sequence[str]) -> Block:
    """Make a list of points.

    Parameters
    ----------
    points
        A text each.

    Returns
    -------
    dict
        A block.
    """
    return {"kind": "listed", "points": list(points)}


def copied(said: str, *, button: str, done: str, failed: str) -> Block:
    """Make a text with a button that copies it.

    Parameters
    ----------
    said
        The text.
    button, done, failed
        What the button says before, after, and where the browser refuses.

    Returns
    -------
    dict
        A block.
    """
    return {
        "kind": "copied",
        "text": said,
        "button": button,
        "done": done,
        "failed": failed,
    }


def saved(said: str, *, button: str, file: str, mime: str) -> Block:
    """Make a button that saves a text as a file, in the language of its block.

    Parameters
    ----------
    said
        What the file holds.
    button
        What the button says.
    file
        Name of the file.
    mime
        Its media type.

    Returns
    -------
    dict
        A block.
    """
    return {"kind": "saved", "text": said, "button": button, "file": file, "mime": mime}


def folded(summary: str, said: str) -> Block:
    """Make a text that unfolds.

    Parameters
    ----------
    summary
        What stands when it is folded.
    said
        The text.

    Returns
    -------
    dict
        A block.
    """
    return {"kind": "folded", "summary": summary, "text": said}


def link(text: str, href: str) -> dict[str, str]:
    """Make a link to another place of the app, for a table.

    Parameters
    ----------
    text
        What it says.
    href
        An address below the app's own, beginning with ``./``; any other is no link.

    Returns
    -------
    dict
        What stands in place of a text.
    """
    return {"text": text, "href": href}


def spoken(text: str, lang: str) -> dict[str, str]:
    """Say of a text in a table which language it is in, for screen readers.

    Parameters
    ----------
    text
        What it says.
    lang
        Code of its language.

    Returns
    -------
    dict
        What stands in place of a text.
    """
    return {"text": text, "lang": lang}


def table(
    caption: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Said]],
    *,
    numbers: Sequence[int] = (),
    folded: bool = False,
) -> Block:
    """Make a table; the first column names the rows.

    Parameters
    ----------
    caption
        What it lists.
    columns
        Heads of the columns.
    rows
        Texts, or links.
    numbers
        Which columns are numbers, from 0: they stand to the right.
    folded
        True to show its caption only, until it is unfolded.

    Returns
    -------
    dict
        A block.
    """
    return {
        "kind": "table",
        "caption": caption,
        "columns": list(columns),
        "rows": [list(row) for row in rows],
        "numbers": list(numbers),
        "folded": folded,
    }

"""Document: headings, sentences and tables, written as Markdown or as one page."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# one page, readable from a phone to paper, that asks nothing of any network
STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:auto;padding:1rem;"
    "color:#1a1a1a;background:#fff}table{border-collapse:collapse;margin:1rem 0;"
    "display:block;overflow-x:auto}th,td{border-bottom:1px solid #ccc;"
    "padding:.25rem .6rem;text-align:right}th:first-child,td:first-child"
    "{text-align:left}section+section{border-top:2px solid #444;margin-top:2rem}"
    "svg{max-width:100%;height:auto}"
)


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of a document.

    Parameters
    ----------
    heading
        Its heading.
    lines
        Sentences, a paragraph each.
    columns
        Headings of its table.
    rows
        Rows of its table.
    picture
        SVG drawing, by riskmap.
    """

    heading: str
    lines: Sequence[str] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    picture: str = ""


@dataclass(frozen=True, kw_only=True)
class Document:
    """A document in one language.

    Parameters
    ----------
    title
        Its title.
    parts
        In order.
    """

    title: str
    parts: Sequence[Part]


def to_markdown(document: Document) -> str:
    """Write a document as Markdown, without its pictures.

    Parameters
    ----------
    document
        In one language.

    Returns
    -------
    str
        Ending in a new line.

    Examples
    --------
    >>> part = Part(heading="H", lines=["S."], columns=["a", "b"], rows=[["1", "2"]])
    >>> print(to_markdown(Document(title="T", parts=[part])), end="")
    # T
    <BLANKLINE>
    ## H
    <BLANKLINE>
    S.
    <BLANKLINE>
    | a | b |
    |---|---|
    | 1 | 2 |
    """
    blocks = [f"# {document.title}"]
    for part in document.parts:
        blocks += [f"## {part.heading}", *part.lines]
        if part.rows:
            lines = [_row(part.columns), "|" + "---|" * len(part.columns)]
            blocks.append("\n".join([*lines, *map(_row, part.rows)]))
    return "\n\n".join(blocks) + "\n"


def _row(cells: Sequence[str]) -> str:
    """Write one row; a bar within a cell would end it."""
    held = (cell.replace("|", "\\|").replace("\n", " ") for cell in cells)
    return "| " + " | ".join(held) + " |"


def to_page(documents: Mapping[str, Document]) -> str:
    """Write one document in several languages as one page.

    Parameters
    ----------
    documents
        Language to its document.

    Returns
    -------
    str
        HTML that loads nothing.

    Examples
    --------
    >>> page = to_page({"en": Document(title="<T>", parts=[])})
    >>> "<h1>&lt;T&gt;</h1>" in page
    True
    """
    titles = " · ".join(document.title for document in documents.values())
    body = [_section(lang, document) for lang, document in documents.items()]
    return (
        f'<!doctype html>\n<html lang="{next(iter(documents))}">\n<head>\n'
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(titles)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n{''.join(body)}</body>\n</html>\n"
    )


def _section(lang: str, document: Document) -> str:
    """Write a document in its language."""
    found = [f'<section lang="{lang}">\n<h1>{html.escape(document.title)}</h1>\n']
    for part in document.parts:
        found.append(f"<h2>{html.escape(part.heading)}</h2>\n")
        found += [f"<p>{html.escape(line)}</p>\n" for line in part.lines]
        # the declaration before the drawing belongs to a file of its own
        found.append(part.picture[part.picture.find("<svg") :] if part.picture else "")
        if part.rows:
            found.append("<table>\n" + _cells("th", part.columns))
            found += [_cells("td", row) for row in part.rows]
            found.append("</table>\n")
    return "".join([*found, "</section>\n"])


def _cells(tag: str, texts: Sequence[str]) -> str:
    """Write one row."""
    inside = "".join(f"<{tag}>{html.escape(text)}</{tag}>" for text in texts)
    return f"<tr>{inside}</tr>\n"

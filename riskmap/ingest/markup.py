"""Markup: XML read as a stream by a parser that allows no DTD and no entity."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol
from xml.parsers.expat import ExpatError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from riskmap.errors import FileUnreadableError, InputError
from riskmap.ingest.raw import Limits, refuse_more

PROBE_BYTES: Final = 65_536
"""A root element begins within so many bytes, or it is none."""


class Listener(Protocol):
    """What is told of each element; names are without their namespace."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take note that an element begins."""

    def end(self, tag: str, text: str) -> None:
        """Take note that it ends; ``text`` is what stands after its last child."""


class _RootFoundError(Exception):
    """Raised to stop at the root."""


def local_name(tag: str) -> str:
    """Take the namespace off a name.

    Parameters
    ----------
    tag
        As the parser gives it.

    Returns
    -------
    str
        The name alone.

    Examples
    --------
    >>> local_name("http://www.opengis.net/kml/2.2}Placemark")
    'Placemark'
    """
    return tag.rpartition("}")[2]


def _parser(
    start: Callable[[str, list[str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> DefusedXMLParser:
    """Make a hardened parser that calls straight back, without building a tree."""
    hardened = DefusedXMLParser(forbid_dtd=True)
    expat = hardened.parser
    expat.ordered_attributes = True
    expat.buffer_text = True
    expat.StartElementHandler = start
    expat.EndElementHandler = end
    expat.CharacterDataHandler = text
    # what defusedxml leaves to a tree is of no use here
    expat.DefaultHandlerExpand = None
    expat.CommentHandler = None
    expat.ProcessingInstructionHandler = None
    return expat


def root_name(data: bytes) -> str:
    """Tell the name of a document's root, reading no farther than that.

    Parameters
    ----------
    data
        A file's bytes, in any encoding that XML knows.

    Returns
    -------
    str
        Without its namespace; ``""`` if no element begins, or a DTD stands before.

    Examples
    --------
    >>> root_name(b'<?xml version="1.0"?><gpx version="1.1"><wpt/></gpx>')
    'gpx'
    """
    found = []

    def start(tag: str, attributes: list[str]) -> None:  # noqa: ARG001
        found.append(local_name(tag))
        raise _RootFoundError

    broken = (ExpatError, DefusedXmlException, ValueError, LookupError)
    with suppress(_RootFoundError, *broken):
        _parser(start).Parse(data[:PROBE_BYTES], False)
    return found[0] if found else ""


def read_markup(
    data: bytes, path: Path, limits: Limits, listener: Listener, *, lines_of: str = ""
) -> list[int]:
    """Read XML and tell of its elements one by one.

    Parameters
    ----------
    data
        The document's bytes.
    path
        The file, for errors.
    limits
        ``depth`` bounds how deep elements nest, ``line_chars`` how long a text is.
    listener
        What is told.
    lines_of
        Name of the elements whose lines are wanted.

    Returns
    -------
    list of int
        Line at which each of these begins, 1 first.

    Raises
    ------
    FileTooLargeError
        If it goes beyond a limit.
    FileUnreadableError
        If it is not well formed, or has a DTD or an entity of its own.

    Examples
    --------
    >>> class Told:
    ...     def start(self, tag, attributes): print("<", tag, attributes)
    ...     def end(self, tag, text): print(">", tag, repr(text))
    >>> read_markup(b"<a b='1'>c</a>", Path("a.xml"), Limits(), Told(), lines_of="a")
    < a {'b': '1'}
    > a 'c'
    [1]
    """
    depth, chars = 0, 0
    pieces: list[str] = []
    names: dict[str, str] = {}
    lines: list[int] = []

    def start(tag: str, attributes: list[str]) -> None:
        nonlocal depth, chars
        depth += 1
        if depth > limits.depth:
            refuse_more(depth, limits.depth, "levels", path)
        pieces.clear()
        chars = 0
        if tag not in names:
            names[tag] = local_name(tag)
        if names[tag] == lines_of:
            lines.append(parser.CurrentLineNumber)
        pairs = iter(attributes)
        listener.start(names[tag], dict(zip(pairs, pairs, strict=True)))

    def text(piece: str) -> None:
        nonlocal chars
        chars += len(piece)
        if chars > limits.line_chars:
            refuse_more(chars, limits.line_chars, "line", path)
        pieces.append(piece)

    def end(tag: str) -> None:
        nonlocal depth, chars
        depth -= 1
        listener.end(names[tag], "".join(pieces))
        pieces.clear()
        chars = 0

    parser = _parser(start, end, text)
    _parse(parser, data, path)
    return lines


def _parse(parser: DefusedXMLParser, data: bytes, path: Path) -> None:
    """Parse a whole document; refuse one that is not well formed."""
    try:
        parser.Parse(data, True)
    except InputError:
        # one of ours, on its way out through the parser
        raise
    except DefusedXmlException as error:
        msg = f"{path} has a DTD or entities of its own, which are not read."
        raise FileUnreadableError(msg, path=str(path), reason="xml_entities") from error
    except (ExpatError, ValueError, LookupError) as error:
        msg = f"{path} is no well-formed XML: {error}."
        raise FileUnreadableError(msg, path=str(path), reason="xml") from error

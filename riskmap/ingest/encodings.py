"""Encodings: bytes → text, and signs that it was decoded wrongly before."""

from pathlib import Path
from typing import Final

import pandas as pd

from riskmap.errors import FileUnreadableError

BYTE_ORDER_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)

PROBE_BYTES = 65_536

# of the bytes looked at, how many control characters make a file binary
MOST_CONTROL_SHARE = 0.002

# UTF-8 read as cp1252: Ã followed by what was the second byte, or â€ of quotes
MOJIBAKE: Final = r"[ÃÂ][\u0080-\u00BF\u0152-\u0178\u2018-\u203A\u20AC\u2122]|â€"


def _encoding(data: bytes) -> str:
    """Tell a file's encoding from its mark, its zero bytes, or by trying."""
    for mark, name in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return name
    probe = data[:PROBE_BYTES]
    # UTF-16 without a mark: plain letters leave every second byte zero
    for start, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = probe[start::2]
        if (
            half
            and half.count(0) > len(half) // 2
            and not probe[1 - start :: 2].count(0)
        ):
            return name
    return "utf-8"


def decode(data: bytes, path: Path) -> tuple[str, str]:
    """Decode a text file whose encoding nobody states.

    UTF-8 is strict enough to be told from the rest by trying. What is left over is
    taken for cp1252, the usual one here; latin-1 only where cp1252 has no letter.

    Parameters
    ----------
    data
        The file's bytes.
    path
        The file, for the error.

    Returns
    -------
    tuple of str
        The text, and the name of its encoding.

    Raises
    ------
    FileUnreadableError
        If the bytes are no text.

    Examples
    --------
    >>> decode("año".encode("utf-16"), Path("a.csv"))
    ('año', 'utf-16')
    """
    guess = _encoding(data)
    if not guess.startswith("utf-16"):
        _refuse_binary(data, path)
    tried = (guess,) if guess != "utf-8" else ("utf-8", "cp1252", "latin-1")
    for name in tried:
        try:
            return data.decode(name), name
        except UnicodeDecodeError:
            continue
    msg = f"{path} says it is {guess}, but its bytes are not."
    raise FileUnreadableError(msg, path=str(path), reason="encoding")


def without_mark(encoding: str, data: bytes) -> str:
    r"""Name the encoding of a piece of a file, which has no byte order mark.

    Parameters
    ----------
    encoding
        Of the whole file, as :func:`decode` names it.
    data
        The file's bytes.

    Returns
    -------
    str
        The codec that makes a piece of its text the same bytes again.

    Examples
    --------
    >>> without_mark("utf-8-sig", b""), without_mark("utf-16", b"\xfe\xff\x00a")
    ('utf-8', 'utf-16-be')
    """
    if encoding == "utf-16":
        return "utf-16-be" if data.startswith(b"\xfe\xff") else "utf-16-le"
    return encoding.removesuffix("-sig")


def _refuse_binary(data: bytes, path: Path) -> None:
    """Refuse zero bytes anywhere and many control characters at the beginning."""
    if b"\x00" in data:
        msg = f"{path} must be text, it holds zero bytes."
        raise FileUnreadableError(msg, path=str(path), reason="zero_bytes")
    probe = data[:PROBE_BYTES]
    strange = len(probe) - len(probe.translate(None, bytes(_CONTROLS)))
    if strange > max(1, MOST_CONTROL_SHARE * len(probe)):
        msg = f"{path} must be text, it looks binary."
        raise FileUnreadableError(msg, path=str(path), reason="binary")


_CONTROLS: Final = tuple(set(range(32)) - {9, 10, 11, 12, 13})


def mended(values: pd.Series) -> pd.Series:
    """Propose what a text was before it was decoded wrongly.

    Parameters
    ----------
    values
        Text, of shape (n_rows,).

    Returns
    -------
    pandas.Series of str
        The proposal, or ``""`` if the text holds no mojibake or cannot be mended.

    Examples
    --------
    >>> mended(pd.Series(["DesapariciÃ³n", "Desaparición"])).tolist()
    ['Desaparición', '']
    """
    suspect = values.str.contains(MOJIBAKE, regex=True)
    proposed = pd.Series("", index=values.index, dtype="str")
    proposed.loc[suspect] = [_mend(text) for text in values[suspect]]
    return proposed


def _mend(text: str) -> str:
    """Undo one wrong decoding."""
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
    return ""

"""Identifiers: what tells who a person is, or where, found in a text by its form."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

CURP_LETTERS: Final = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
"""Values of characters in a CURP's check digit, from 0; DOF 18 October 2021."""

RFC_LETTERS: Final = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ"
"""The same of an RFC; Servicio de Administración Tributaria, Anexo 3."""

CURP_WEIGHT, CURP_BASE = 18, 10

RFC_WEIGHT, RFC_BASE = 13, 11

RFC_TEN: Final = "A"
"""What an RFC writes where the check digit would be ten."""

BIRTH: Final = r"[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"

WORD: Final = r"[A-ZÁÉÍÓÚÜÑ](?:['\u2019][A-ZÁÉÍÓÚÜÑ])?[a-záéíóúüñ\u2019'-]+"

PARTICLE: Final = r"(?:de(?:l| la| los| las)?|y|la|van|von|da|dos)"

SEPARATOR: Final = r"[\s.-]"


@dataclass(frozen=True, kw_only=True)
class Recogniser:
    """One kind of thing that tells who a person is.

    Parameters
    ----------
    kind
        Its name in counts.
    pattern
        Its form; the group ``it`` is what identifies, where words around it are
        needed to know it by.
    """

    kind: str
    pattern: re.Pattern[str]


def _form(kind: str, pattern: str, *, flags: int = re.IGNORECASE) -> Recogniser:
    return Recogniser(kind=kind, pattern=re.compile(pattern, flags))


RECOGNISERS: Final = (
    # four letters, birth date, sex, state, three consonants, two characters
    _form("curp", r"\b[A-ZÑ]{4}[0-9]{6}[HMX][A-ZÑ]{5}[A-Z0-9][0-9]\b"),
    # of a person: four letters, birth date, three characters, one of them a letter
    _form(
        "rfc",
        rf"(?<![A-Z0-9])[A-ZÑ&]{{4}}{BIRTH}(?=[0-9]*[A-Z])[A-Z0-9]{{3}}(?![A-Z0-9])",
    ),
    # six letters, birth date, state, sex, three digits
    _form("voter_key", rf"\b[A-ZÑ]{{6}}{BIRTH}[0-9]{{2}}[HM][0-9]{{3}}\b"),
    # eight or nine digits of the alien registration, unless eight of them are a date
    _form(
        "a_number",
        r"\bA(?:[\s-]|\s?#\s?)?(?!(?:19|20)[0-9]{6}\b)[0-9]{3}[\s-]?[0-9]{3}[\s-]?"
        r"[0-9]{2,3}\b",
    ),
    # lengths as mail allows them, so that a long text costs no more than its length
    _form("e_mail", r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.]{2,190}"),
    _form("ssn", r"(?<![0-9-])[0-9]{3}-[0-9]{2}-[0-9]{4}(?![0-9-])"),
    _form(
        "phone",
        rf"(?<![0-9.])(?:\+?[0-9]{{1,2}}{SEPARATOR}?)?\(?[0-9]{{3}}\)?{SEPARATOR}"
        rf"[0-9]{{3}}{SEPARATOR}[0-9]{{4}}(?![0-9.])",
    ),
    # Mexico writes two digits, then four and four
    _form(
        "phone",
        rf"(?<![0-9.])(?:\+?52{SEPARATOR}?)?\(?[0-9]{{2}}\)?{SEPARATOR}"
        rf"[0-9]{{4}}{SEPARATOR}[0-9]{{4}}(?![0-9.])",
    ),
    # ten digits in a row are a number of anything, unless a word says what
    _form(
        "phone",
        r"\b(?:tel|tels|telefono|teléfono|cel|celular|phone|whatsapp|mobile|móvil)\b"
        r"\W{0,4}?(?:no\W{0,3}?)?(?P<it>\+?[0-9]{10,13})\b",
    ),
    # forms of plates are forms of case numbers too: only after the word
    _form(
        "plate",
        r"\b(?:placas?|matr[ií]cula|plates?|license plates?|tags?)\b\W{0,4}"
        r"(?:(?:no|num|number|#)\W{0,3})?"
        r"(?P<it>(?=[A-Z0-9 -]{0,10}[0-9])[A-Z0-9]{1,4}(?:[ -]?[A-Z0-9]{1,4}){1,2})\b",
    ),
    # capital letters tell a name, so case counts here
    _form(
        "name",
        r"\b(?:[Nn]ombre|[Nn]ame|[Nn]amed|[Ll]lamad[oa]|[Ii]dentificad[oa] como|"
        r"[Ii]dentified as|Sr\.?|Sra\.?|Srta\.?|Mr\.?|Mrs\.?|Ms\.?|C\.)(?::\s*|\s+)"
        rf"(?P<it>{WORD}(?:\s+(?:{PARTICLE}\s+)?{WORD}){{0,4}})",
        flags=0,
    ),
)
"""From the surest to the least sure; what one has found the next does not see."""


def _together() -> re.Pattern[str]:
    """Join all forms to one, to look over many texts at once."""
    parts = []
    for known in RECOGNISERS:
        plain = known.pattern.pattern.replace("(?P<it>", "(?:")
        parts.append(f"(?i:{plain})" if known.pattern.flags & re.I else f"(?:{plain})")
    return re.compile("|".join(parts))


IDENTITY: Final = _together()
"""Anything that a recogniser finds."""

PERHAPS: Final = "|".join(
    (
        # curp, rfc, voter_key
        "[^0-9]{4}[0-9]{6}",
        "[Aa][^0-9]{0,3}[0-9]{3}[^0-9]?[0-9]{3}[^0-9]?[0-9]{2}",
        "@",
        "[0-9]{3}-[0-9]{2}-[0-9]{4}",
        "[0-9]{3}[^0-9]{1,2}[0-9]{3}[^0-9][0-9]{4}",
        "[0-9]{2}[^0-9]{1,2}[0-9]{4}[^0-9][0-9]{4}",
        "[0-9]{10}",
        "[Pp][Ll][Aa][CcTt]|[Mm][Aa][Tt][Rr]|[Tt][Aa][Gg]",
        "[Nn]ombre|[Nn]ame|[Ll]lamad|[Ii]dentifi",
        "(?:Sra?|Srta|Mrs?|Ms|C[.])[^0-9A-Za-z]",
    )
)
"""Looser than every recogniser, and without what a fast engine cannot do: a text in
which it finds nothing holds nothing that :data:`IDENTITY` finds."""


def _check_sum(text: str, letters: str, weight: int) -> int:
    return sum(
        letters.index(letter) * (weight - place) for place, letter in enumerate(text)
    )


def curp_is_valid(text: str) -> bool:
    """Tell whether a CURP's last digit fits the seventeen before it.

    Parameters
    ----------
    text
        Eighteen characters in the form of a CURP.

    Returns
    -------
    bool
        True if it fits; one mistyped character makes it false.

    Examples
    --------
    >>> curp_is_valid("LOOA531113HTCPBN07"), curp_is_valid("LOOA531113HTCPBN08")
    (True, False)
    """
    total = _check_sum(text[:-1].upper(), CURP_LETTERS, CURP_WEIGHT)
    return (-total) % CURP_BASE == int(text[-1])


def rfc_is_valid(text: str) -> bool:
    """Tell whether a person's RFC's last character fits the twelve before it.

    Parameters
    ----------
    text
        Thirteen characters in the form of an RFC.

    Returns
    -------
    bool
        True if it fits.

    Examples
    --------
    >>> rfc_is_valid("GODE561231GR8"), rfc_is_valid("GODE561231GR7")
    (True, False)
    """
    total = _check_sum(text[:-1].upper(), RFC_LETTERS, RFC_WEIGHT)
    digit = (-total) % RFC_BASE
    wanted = RFC_TEN if digit == RFC_BASE - 1 else str(digit)
    return text[-1].upper() == wanted


def find_identity(text: str) -> Iterator[tuple[str, int, int]]:
    """Find what tells who a person is within a text.

    A form alone is enough: a mistyped CURP tells as much as a right one.

    Parameters
    ----------
    text
        Any text.

    Yields
    ------
    tuple of str and int
        Kind, beginning and end of each find, which do not overlap; in the order of
        :data:`RECOGNISERS`.

    Examples
    --------
    >>> list(find_identity("placas ABC-12-34, folio ABC-12-34"))
    [('plate', 7, 16)]
    """
    taken: list[tuple[int, int]] = []
    for recogniser in RECOGNISERS:
        group = "it" if "it" in recogniser.pattern.groupindex else 0
        for found in recogniser.pattern.finditer(text):
            start, end = found.span(group)
            if all(end <= first or start >= last for first, last in taken):
                taken.append((start, end))
                yield recogniser.kind, start, end


DEGREES: Final = r"[-+]?[0-9]{1,3}\.[0-9]{3,}"

ARC: Final = (
    r"[0-9]{1,3}\s?°\s?[0-9]{1,2}(?:\.[0-9]+)?\s?['\u2032]"
    r"(?:\s?[0-9]{1,2}(?:\.[0-9]+)?\s?(?:\"|\u2033|''))?"
)

PLACE: Final = re.compile(
    rf"(?<![0-9.])(?P<pair>{DEGREES}\s?°?\s?[NS]?\s*[,;/ ]\s*"
    rf"{DEGREES}\s?°?\s?[EWO]?)(?![0-9.])"
    rf"|(?P<arc>{ARC}\s?[NSEWO]?(?:[,;\s]+{ARC}\s?[NSEWO]?)?)"
    r"|\b(?P<grid>1[0-4]\s?[R-T]\s?[A-Z]{2}\s?[0-9]{3,5}\s?[0-9]{3,5})\b"
    r"|\b(?P<utm>1[0-4]\s?[NR-T]?,?\s+[0-9]{6}(?:\.[0-9]+)?\s*(?:m?E)?[,;\s]+"
    r"[0-9]{7}(?:\.[0-9]+)?\s*(?:m?N)?)\b"
)
"""Coordinates in text: degrees with three decimals (about 100 m) or more, degrees and
minutes, MGRS and UTM of the zones of this border; coarser ones tell no house."""

COORDINATES: Final = "coordinates"


def find_disclosing(text: str) -> Iterator[tuple[str, int, int]]:
    """Find what tells who a person is, or where exactly something is, within a text.

    Free text that leaves is looked through by this; ingest, whose columns hold
    coordinates by right, looks only for persons.

    Parameters
    ----------
    text
        Any text.

    Yields
    ------
    tuple of str and int
        Kind, beginning and end of each find, which do not overlap.

    Examples
    --------
    >>> list(find_disclosing("en 31.45012, -110.52034, ver ana@example.org"))
    [('coordinates', 3, 23), ('e_mail', 29, 44)]
    """
    taken = []
    for found in PLACE.finditer(text):
        taken.append(found.span())
        yield COORDINATES, *found.span()
    for kind, start, end in find_identity(text):
        if all(end <= first or start >= last for first, last in taken):
            yield kind, start, end

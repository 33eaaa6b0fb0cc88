"""Identity: what tells of a person is stripped at the door, and counted."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

import pandas as pd

from riskmap.identifiers import IDENTITY, PERHAPS, find_identity

IDENTITY_WORDS: Final = frozenset(
    re.split(
        " ",
        "name names surname nombre nombres apellido apellidos alias age "
        "ages edad edades sex sexo gender genero birth dob nacimiento "
        "birthdate nationality nacionalidad citizenship ciudadania "
        "ethnicity etnia race raza origin origen curp rfc ssn passport "
        "pasaporte ine visa alien document documento phone telephone "
        "telefono tel celular mobile movil email mail correo address "
        "direccion domicilio victim victima witness testigo suspect "
        "sospechoso officer oficial agente agent children females males "
        "ninos mujeres hombres elector licencia license placa placas plate "
        "plates matricula whatsapp huella huellas fingerprint fingerprints "
        "biometric biometrico familiar familiares parent padre madre next "
        "religion occupation ocupacion tattoo tattoos "
        "tatuaje tatuajes clothing ropa",
    )
)
"""Words of a heading that tell of a person, without accents."""

FREE_TEXT_WORDS: Final = frozenset(
    re.split(
        " ",
        "note notes nota notas comment comments comentario comentarios "
        "observation observations observacion observaciones narrative "
        "narrativa description descripcion summary resumen details detalles "
        "remarks history relato headline url link website enlace liga "
        "information informacion text texto",
    )
)
"""Words of a heading under which people write freely."""

MASK: Final = "[removed]"

SHORTEST_FIND: Final = 6

SHORT_NUMBER: Final = r"[-+0-9.,:/ ]{0,10}"
"""Too short for a telephone or a social security number, and without a letter."""

LONGEST_KEPT = 200
"""A value with more characters is free text, whatever its column is called."""


def fold(heading: str) -> str:
    """Write a heading in lower case, without accents, words parted by one space.

    Parameters
    ----------
    heading
        As the file has it.

    Returns
    -------
    str
        The same for all ways of writing it.

    Examples
    --------
    >>> fold("Fecha_de Desaparición "), fold("FECHA-DE DESAPARICION")
    ('fecha de desaparicion', 'fecha de desaparicion')
    """
    apart = unicodedata.normalize("NFKD", heading.casefold())
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+", plain))


def tells_of_person(heading: str) -> bool:
    """Tell whether a heading speaks of a person, or invites to write freely.

    Parameters
    ----------
    heading
        As the file has it.

    Returns
    -------
    bool
        True if one of its words does.

    Examples
    --------
    >>> tells_of_person("Nombre de la víctima"), tells_of_person("Latitud")
    (True, False)
    """
    words = set(fold(heading).split())
    return not words.isdisjoint(IDENTITY_WORDS | FREE_TEXT_WORDS)


def _suspect(text: str) -> bool:
    """Tell whether a text holds what tells of a person; quick with short numbers."""
    harmless = len(text) < SHORTEST_FIND or re.fullmatch(SHORT_NUMBER, text)
    return not harmless and IDENTITY.search(text) is not None


def hold_identity(text: pd.Series) -> pd.Series:
    """Tell which texts hold what tells who a person is.

    Parameters
    ----------
    text
        Text, of shape (n_rows,).

    Returns
    -------
    pandas.Series of bool
        On the same index.

    Examples
    --------
    >>> hold_identity(pd.Series(["2014.MMP00001", "A-123-456-789"])).tolist()
    [False, True]
    """
    found = (text.str.len() >= SHORTEST_FIND) & ~text.str.fullmatch(SHORT_NUMBER)
    # most texts are told from the rest quickly; only these are looked at closely
    found.loc[found] = text[found].str.contains(PERHAPS).to_numpy(dtype=bool)
    found.loc[found] = text[found].str.contains(IDENTITY).to_numpy(dtype=bool)
    return found


def mask(text: str) -> str:
    """Replace what identifies a person within a text.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        The text with each find replaced by ``[removed]``; a text so long that it
        can only be free is replaced whole.

    Examples
    --------
    >>> mask("call +52 664 123 4567 or ana@example.org")
    'call [removed] or [removed]'
    """
    if len(text) > LONGEST_KEPT:
        return MASK
    if not _suspect(text):
        return text
    for _, start, end in sorted(find_identity(text), key=lambda find: -find[1]):
        text = text[:start] + MASK + text[end:]
    return text


def to_be_masked(text: pd.Series) -> pd.Series:
    """Tell which texts :func:`mask` would change.

    Parameters
    ----------
    text
        Text, of shape (n_rows,).

    Returns
    -------
    pandas.Series of bool
        On the same index.

    Examples
    --------
    >>> to_be_masked(pd.Series(["Nogales", "ana@example.org", "x" * 300])).tolist()
    [False, True, True]
    """
    return hold_identity(text) | (text.str.len() > LONGEST_KEPT)


def mask_all(text: pd.Series) -> pd.Series:
    """Replace what identifies a person within many texts.

    Parameters
    ----------
    text
        Text, of shape (n_rows,).

    Returns
    -------
    pandas.Series of str
        As :func:`mask` gives each.

    Examples
    --------
    >>> mask_all(pd.Series(["Nogales", "ana@example.org"])).tolist()
    ['Nogales', '[removed]']
    """
    masked = text.astype("str")
    found = to_be_masked(masked).to_numpy(dtype=bool)
    if found.any():
        masked = masked.copy()
        masked.iloc[found] = [mask(value) for value in masked[found]]
    return masked


def count_identity(texts: Iterable[str]) -> Mapping[str, int]:
    """Count what :func:`mask` replaces, by kind.

    Parameters
    ----------
    texts
        Texts as they came.

    Returns
    -------
    mapping of str to int
        Kinds of :data:`riskmap.identifiers.RECOGNISERS`, and ``free_text`` for
        a text replaced whole; sorted.

    Examples
    --------
    >>> count_identity(["ana@example.org", "x" * 300, "Nogales"])
    {'e_mail': 1, 'free_text': 1}
    """
    found: Counter[str] = Counter()
    for text in texts:
        if len(text) > LONGEST_KEPT:
            found["free_text"] += 1
        elif _suspect(text):
            found.update(kind for kind, _, _ in find_identity(text))
    return dict(sorted(found.items()))


def count_filled(frame: pd.DataFrame, headings: Iterable[str]) -> Mapping[str, int]:
    """Count the values that are stripped, by column.

    Parameters
    ----------
    frame
        A file's text.
    headings
        Columns that are not kept.

    Returns
    -------
    mapping of str to int
        Values that were not empty; sorted by heading.

    Examples
    --------
    >>> count_filled(pd.DataFrame({"Edad": ["30", ""]}, dtype="str"), ["Edad"])
    {'Edad': 1}
    """
    return {
        heading: int((frame[heading].str.strip() != "").sum())
        for heading in sorted(headings)
    }

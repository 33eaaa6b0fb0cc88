"""Identity: what tells of a person is stripped at the door, and counted."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

import pandas as pd

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
        "ninos mujeres hombres religion occupation ocupacion tattoo tattoos "
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

IDENTITY: Final = re.compile(
    # CURP: four letters, birth date, sex, state, three consonants, two characters
    r"\b[A-Z]{4}\d{6}[HMX][A-Z]{5}[A-Z\d]\d\b"
    # RFC of a person: four letters, birth date, three characters, one a letter
    r"|\b[A-ZÑ&]{4}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?=\d*[A-Z])[A-Z\d]{3}\b"
    # lengths as mail allows them, so that a long text costs no more than its length
    r"|[\w.+-]{1,64}@[\w-]{1,63}\.[\w.]{2,190}"
    r"|\b\d{3}-\d{2}-\d{4}\b"
    r"|(?<![\d.])(?:\+?\d{1,2}[\s.-]?)?\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}(?![\d.])",
    re.IGNORECASE,
)
"""CURP, RFC, e-mail, US social security number, telephone of both countries."""

MASK: Final = "[removed]"

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
    return MASK if len(text) > LONGEST_KEPT else IDENTITY.sub(MASK, text)


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

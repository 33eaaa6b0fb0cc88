"""Quantities: counts, metres and grades as text → numbers, or a fault."""

from collections.abc import Mapping

import pandas as pd

from riskmap.ingest.identity import fold

NUMBER = r"[+-]?[0-9]+(?:[.,][0-9]+)?"

LARGEST_ACCURACY_M = 2_000_000.0
"""Farther than this from a point, the point says nothing: half the country."""


def translate(text: pd.Series, words: Mapping[str, str]) -> pd.Series:
    """Put an agency's words into riskmap's.

    Parameters
    ----------
    text
        Words as the file has them, of shape (n_rows,).
    words
        From folded word to meaning.

    Returns
    -------
    pandas.Series of str
        The meaning; ``""`` where there is none.

    Examples
    --------
    >>> words = {"ahogamiento": "drowning", "1": "a"}
    >>> translate(pd.Series(["Ahogamiento", "1.0", "x"]), words).tolist()
    ['drowning', 'a', '']
    """
    return _by_word(text, words)


def only_known(text: pd.Series, words: Mapping[str, str]) -> pd.Series:
    """Keep the words that a vocabulary knows, as they were written, and nothing else.

    Parameters
    ----------
    text
        Words as the file has them, of shape (n_rows,).
    words
        From folded word to meaning.

    Returns
    -------
    pandas.Series of str
        The word itself; ``""`` where the vocabulary does not know it, so that free
        text is never kept.

    Examples
    --------
    >>> words = {"homicidio doloso": "homicide"}
    >>> only_known(pd.Series(["Homicidio Doloso", "someone"]), words).tolist()
    ['Homicidio Doloso', '']
    """
    return _by_word(text, words, itself=True)


def _by_word(
    text: pd.Series, words: Mapping[str, str], *, itself: bool = False
) -> pd.Series:
    """Look each distinct word up once."""
    places, distinct = pd.factorize(text)
    written = pd.Series(distinct, dtype="str")
    folded = written.str.replace(r"^([0-9]+)\.0+$", r"\1", regex=True).map(fold)
    meaning = [
        (word if key in words else "") if itself else words.get(key, "")
        for word, key in zip(written, folded, strict=True)
    ]
    return pd.Series(pd.array(meaning, dtype="str").take(places), text.index)


def extract_parts(text: pd.Series, pattern: str) -> pd.DataFrame:
    """Take texts apart by a pattern, each distinct text once.

    Parameters
    ----------
    text
        Of shape (n_rows,), few of them distinct.
    pattern
        Regular expression with groups.

    Returns
    -------
    pandas.DataFrame
        A column for each group; missing where the pattern does not fit.

    Examples
    --------
    >>> extract_parts(pd.Series(["1-2", "1-2"]), "(.)-(.)").values.tolist()
    [['1', '2'], ['1', '2']]
    """
    places, distinct = pd.factorize(text)
    parts = pd.Series(distinct, dtype="str").str.extract(pattern)
    return parts.take(places).set_axis(text.index)


def as_numbers(text: pd.Series) -> pd.Series:
    """Read numbers, with a decimal point or comma.

    Parameters
    ----------
    text
        Text without space around it, of shape (n_rows,).

    Returns
    -------
    pandas.Series of float64
        NaN where the text is no number.

    Examples
    --------
    >>> as_numbers(pd.Series(["12", "1,5", "many", ""])).tolist()
    [12.0, 1.5, nan, nan]
    """
    number = text.where(text.str.fullmatch(NUMBER), "")
    plain = number.str.replace(",", ".", regex=False)
    return pd.to_numeric(plain, errors="coerce").astype("float64")


def check_counts(text: pd.Series, most: int) -> tuple[pd.Series, pd.Series]:
    """Read counts of people.

    Parameters
    ----------
    text
        Text without space around it, not empty, of shape (n_rows,).
    most
        A count above this is a fault.

    Returns
    -------
    tuple of pandas.Series
        The counts as float64, NaN where one is wrong; and the fault's code or
        ``""``.

    Examples
    --------
    >>> values = pd.Series(["2", "3.0", "2.5", "-1", "dos"])
    >>> check_counts(values, 100)[1].tolist()
    ['', '', 'count_not_whole', 'count_negative', 'count_unreadable']
    """
    numbers = as_numbers(text)
    code = pd.Series("", index=text.index, dtype="str")
    code = code.mask(numbers.isna(), "count_unreadable")
    code = code.mask(numbers < 0, "count_negative")
    code = code.mask((code == "") & (numbers % 1 != 0), "count_not_whole")
    code = code.mask((code == "") & (numbers > most), "count_too_large")
    return numbers.where(code == ""), code

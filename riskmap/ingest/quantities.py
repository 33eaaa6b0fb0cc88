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
    distinct = text.drop_duplicates()
    folded = distinct.str.replace(r"^([0-9]+)\.0+$", r"\1", regex=True).map(fold)
    meaning = {
        word: words.get(key, "") for word, key in zip(distinct, folded, strict=True)
    }
    return text.map(meaning).astype("str")


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

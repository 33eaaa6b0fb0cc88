"""Sheet: a file under inspection: its text, its profile, and the faults found."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmap.ingest.encodings import MOJIBAKE, mended
from riskmap.ingest.faults import Ledger
from riskmap.ingest.profile_form import UNKEPT_FIELDS, Profile

CONTROL = r"[\x00-\x08\x0e-\x1f\x7f]"

REPLACEMENT = "\ufffd"


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A file under inspection.

    Parameters
    ----------
    frame
        Text of its whole rows, by row number.
    profile
        How it is understood.
    columns
        From field to heading, as found in the file.
    ledger
        Where faults are noted.
    crs
        CRS of its coordinates, as the file states or else the profile.
    """

    frame: pd.DataFrame
    profile: Profile
    columns: dict[str, str]
    ledger: Ledger
    crs: str = "EPSG:4326"

    def has(self, field: str) -> bool:
        """Tell whether the file or its profile says anything for a field."""
        return field in self.columns or field in self.profile.constants

    def heading(self, field: str) -> str:
        """Name the column of a field, as the file has it; the field's own if none."""
        return self.columns.get(field, field)

    def text(self, field: str) -> pd.Series:
        """Take a field's text; where it is empty, the profile's constant."""
        constant = self.profile.constants.get(field, "")
        if field not in self.columns:
            return pd.Series(constant, index=self.frame.index, dtype="str")
        text = self.frame[self.columns[field]].str.strip()
        return text.mask(text == "", constant) if constant else text

    def note(
        self,
        code: str,
        wrong: pd.Series,
        field: str,
        values: pd.Series | None = None,
        proposed: pd.Series | str = "",
    ) -> None:
        """Note a fault of a field for all rows that have it."""
        text = self.text(field) if values is None else values
        self.ledger.note(code, wrong, self.heading(field), text, proposed)

    def note_codes(
        self,
        codes: pd.Series,
        field: str,
        values: pd.Series | None = None,
        proposed: pd.Series | str = "",
    ) -> None:
        """Note faults that differ from row to row; ``""`` is none."""
        for code in sorted(set(codes.unique()) - {""}):
            self.note(code, codes == code, field, values, proposed)


def note_damaged_text(sheet: Sheet) -> pd.Series:
    """Note text that was damaged before it came here.

    Parameters
    ----------
    sheet
        A file under inspection.

    Returns
    -------
    pandas.Series of bool
        True for rows with damage, lest the same value be noted as unknown too.
    """
    damaged = pd.Series(False, index=sheet.frame.index)
    for field in sheet.columns:
        if field in UNKEPT_FIELDS:
            continue
        text = sheet.text(field)
        lost = text.str.contains(REPLACEMENT, regex=False)
        sheet.note("text_undecodable", lost, field)
        control = text.str.contains(CONTROL)
        if control.any():
            shown = text.str.replace(CONTROL, REPLACEMENT, regex=True)
            sheet.note("text_control_character", control, field, shown)
        # plain letters have nothing to be garbled, and are quickly told
        if text.str.isascii().all():
            damaged |= control
            continue
        garbled = text.str.contains(MOJIBAKE) & ~lost
        if garbled.any():
            sheet.note("text_mojibake", garbled, field, proposed=mended(text))
        damaged |= lost | control | garbled
    return damaged


def first_code(index: pd.Index, rules: list[tuple[str, pd.Series]]) -> pd.Series:
    """Give each row the code of the first rule that it breaks.

    Parameters
    ----------
    index
        Row numbers.
    rules
        Code, and True for the rows that break it.

    Returns
    -------
    pandas.Series of str
        ``""`` where no rule is broken.

    Examples
    --------
    >>> rows = pd.RangeIndex(2)
    >>> some, every = pd.Series([True, False]), pd.Series(True, rows)
    >>> first_code(rows, [("a", some), ("b", every)]).tolist()
    ['a', 'b']
    """
    chosen = np.select(
        [wrong.to_numpy(dtype=bool) for _, wrong in rules],
        range(len(rules)),
        default=len(rules),
    )
    codes = pd.array([*(code for code, _ in rules), ""], dtype="str")
    return pd.Series(codes.take(chosen), index=index)

"""Record columns: what a row says of itself as a record, not of what happened."""

from datetime import date
from typing import Final

import pandas as pd

from riskmap.ingest.dates import parse_days
from riskmap.ingest.identity import hold_identity
from riskmap.ingest.profile_form import MARKING
from riskmap.ingest.profiles import terms_of
from riskmap.ingest.quantities import translate
from riskmap.ingest.sheet import Sheet

REPORTED: Final = "reported"
CORRECTED: Final = "corrected"
WITHDRAWN: Final = "withdrawn"

STATUSES: Final = (REPORTED, CORRECTED, WITHDRAWN)
"""A new record; a version in place of an earlier one; one that is taken back."""

CONFIRMATIONS: Final = ("confirmed", "unconfirmed", "unknown")

DATE_BASES: Final = ("event", "found", "reported", "mixed", "unknown")
"""What happened on the day: the event, or somebody found or reported it. ``mixed``
where the publisher gives now one, now another, without saying which."""

STATUS_WORDS: Final = {name: name for name in STATUSES} | {
    "new": "reported", "nuevo": "reported", "alta": "reported", "vigente": "reported",
    "reportado": "reported", "active": "reported", "correction": "corrected",
    "amended": "corrected", "updated": "corrected", "corregido": "corrected",
    "correccion": "corrected", "modificado": "corrected", "actualizado": "corrected",
    "withdrawal": "withdrawn", "retracted": "withdrawn", "cancelled": "withdrawn",
    "retirado": "withdrawn", "anulado": "withdrawn", "cancelado": "withdrawn",
    "baja": "withdrawn",
}  # fmt: skip

CONFIRMATION_WORDS: Final = {name: name for name in CONFIRMATIONS} | {
    "yes": "confirmed", "si": "confirmed", "true": "confirmed",
    "verified": "confirmed", "confirmado": "confirmed", "confirmada": "confirmed",
    "verificado": "confirmed", "no": "unconfirmed", "false": "unconfirmed",
    "unverified": "unconfirmed", "sin confirmar": "unconfirmed",
    "no confirmado": "unconfirmed", "no confirmada": "unconfirmed",
    "por confirmar": "unconfirmed", "desconocido": "unknown",
}  # fmt: skip

OTHER_DATES: Final = ("found", "reported", "entered", "shared")
"""Days on which a record passed from hand to hand, in that order."""

DAY_DTYPE: Final = "datetime64[us, UTC]"


def _word(sheet: Sheet, field: str, words: dict[str, str], silent: str) -> pd.Series:
    """Put a word into riskmap's, by the profile's vocabulary or the usual one."""
    text = sheet.text(field)
    meaning = translate(text, words | dict(sheet.profile.vocabulary.get(field, {})))
    sheet.note(f"{field}_unknown", (text != "") & (meaning == ""), field)
    return meaning.mask(meaning == "", silent).astype("str")


def read_status(sheet: Sheet) -> pd.Series:
    """Read whether each row is new, a correction, or takes a record back.

    Parameters
    ----------
    sheet
        A file under inspection.

    Returns
    -------
    pandas.Series of str
        One of :data:`STATUSES`; a row that does not say is ``"reported"``.
    """
    return _word(sheet, "status", STATUS_WORDS, REPORTED)


def read_reason(sheet: Sheet) -> pd.Series:
    """Read why a record was changed; note a reason that tells of a person.

    Parameters
    ----------
    sheet
        A file under inspection.

    Returns
    -------
    pandas.Series of str
        ``""`` where none is given.
    """
    text = sheet.text("change_reason")
    if "change_reason" in sheet.columns:
        sheet.note("reason_holds_identity", hold_identity(text), "change_reason")
    return text


def _read_terms(sheet: Sheet, source: pd.Series) -> pd.DataFrame:
    """Read marking and licence: the row's own, the source's or the profile's."""
    marking = sheet.text("marking").str.upper()
    unknown = (marking != "") & ~marking.str.fullmatch(MARKING.pattern)
    sheet.note("marking_unknown", unknown, "marking")
    terms = {
        code: terms_of(code)
        if sheet.profile.terms_by_source
        else (sheet.profile.marking, sheet.profile.licence)
        for code in source.drop_duplicates()
    }
    told = [
        source.map({code: term[place] for code, term in terms.items()})
        for place in (0, 1)
    ]
    licence = sheet.text("licence")
    return pd.DataFrame(
        {
            "marking": marking.mask(marking == "", told[0]).astype("str"),
            "licence": licence.mask(licence == "", told[1]).astype("str"),
        }
    )


def _read_other_dates(sheet: Sheet, order: str, known_on: date) -> pd.DataFrame:
    """Read the days of a record's way; note those that cannot be read."""
    found = {}
    for field in OTHER_DATES:
        text = sheet.text(field)
        if field in sheet.columns and (text != "").any():
            days = parse_days(text, order=order or "decide", known_on=known_on)
            sheet.note("other_date_unreadable", (text != "") & days.day.isna(), field)
            day = days.day.dt.tz_localize("UTC")
        else:
            day = pd.Series(pd.NaT, index=text.index, dtype=DAY_DTYPE)
        found[f"{field}_on"] = day.astype(DAY_DTYPE)
    return pd.DataFrame(found)


def read_record(
    sheet: Sheet, source: pd.Series, times: pd.DataFrame, order: str, known_on: date
) -> pd.DataFrame:
    """Read what each row says of itself as a record; note every fault.

    Parameters
    ----------
    sheet
        A file under inspection.
    source
        Code of each row's source.
    times
        ``occurred_on`` and ``time_precision`` of its rows.
    order
        Order of day and month in the file, ``""`` if undecided.
    known_on
        The day the file was known.

    Returns
    -------
    pandas.DataFrame
        ``confirmation``, ``date_basis``, ``found_on``, ``reported_on``,
        ``entered_on``, ``shared_on`` (days, UTC, NaT where not said), ``marking``
        and ``licence``.
    """
    days = _read_other_dates(sheet, order, known_on)
    surely = times["time_precision"] == "day"
    for field in ("found", "reported"):
        early = surely & (days[f"{field}_on"] < times["occurred_on"])
        sheet.note("date_after_report", early, field)
    bases = {name: name for name in DATE_BASES}
    basis = _word(sheet, "date_basis", bases, "unknown")
    if "found" in sheet.columns:
        # whoever has a column for the day of finding means the event by the other
        both = (basis == "unknown") & days["found_on"].notna()
        basis = basis.mask(both, "event")
    return pd.DataFrame(
        {
            "confirmation": _word(sheet, "confirmation", CONFIRMATION_WORDS, "unknown"),
            "date_basis": basis,
        }
    ).join([days, _read_terms(sheet, source)])

"""Value columns: what happened, to how many, who says so."""

import pandas as pd

from riskmap.ingest.identity import LONGEST_KEPT, hold_identity
from riskmap.ingest.options import IngestOptions
from riskmap.ingest.quantities import as_numbers, check_counts, only_known, translate
from riskmap.ingest.sheet import Sheet, first_code
from riskmap.ingest.taxonomy import CAUSES, KINDS

LEAST_QUALITY, MOST_QUALITY = 1, 5
"""Grades of a source, 5 the best, as the Missing Migrants Project gives them."""

LONGEST_ID = 200

HARM = {"migrant_death": "dead", "migrant_disappearance": "missing"}
"""Kinds that are about a number of people, and the column that holds it."""


def _read_word(
    sheet: Sheet, field: str, known: tuple[str, ...], damaged: pd.Series
) -> pd.Series:
    """Put a word into riskmap's; note one that no vocabulary knows."""
    text = sheet.text(field)
    words = {code.replace("_", " "): code for code in known}
    meaning = translate(text, words | dict(sheet.profile.vocabulary.get(field, {})))
    unknown = (text != "") & (meaning == "") & ~damaged
    sheet.note(f"{field}_unknown", unknown, field)
    return meaning


def _read_said(sheet: Sheet, field: str) -> pd.Series:
    """Take the source's own category; only one that its profile's vocabulary has."""
    words = sheet.profile.vocabulary.get(field, {})
    if not words or field not in sheet.columns:
        return pd.Series("", index=sheet.frame.index, dtype="str")
    return only_known(sheet.frame[sheet.columns[field]].str.strip(), words)


def _read_counts(sheet: Sheet, kind: pd.Series, options: IngestOptions) -> pd.DataFrame:
    """Read how many died and are missing; note every fault."""
    counts = {}
    for name, field in (
        ("migrant_death", "dead"),
        ("migrant_disappearance", "missing"),
    ):
        text = sheet.text(field)
        # a death that gives no number is one death; other records say nothing
        implied = (kind == name).map({True: "1", False: "0"}).astype("str")
        numbers, codes = check_counts(
            text.mask(text == "", implied), options.most_harmed
        )
        sheet.note_codes(codes, field)
        counts[field] = numbers
    table = pd.DataFrame(counts)
    if "total" in sheet.columns:
        total = as_numbers(sheet.text("total"))
        odd = total.notna() & table.notna().all(axis=1) & (total != table.sum(axis=1))
        sheet.note("counts_disagree", odd, "total")
    return table


def _split_by_harm(counts: pd.DataFrame) -> pd.Series:
    """Tell the kind of a record of migrants from who is dead or missing."""
    died = counts["dead"] > 0
    return died.map({True: "migrant_death", False: "migrant_disappearance"}).astype(
        "str"
    )


def _read_quality(sheet: Sheet) -> pd.Series:
    """Read the source's grade; NaN where there is none."""
    text = sheet.text("source_quality")
    classes = sheet.profile.vocabulary.get("source_quality")
    grade = as_numbers(translate(text, classes) if classes else text)
    unread = (text != "") & grade.isna()
    sheet.note("quality_unreadable", unread, "source_quality")
    out = grade.notna() & ~grade.between(LEAST_QUALITY, MOST_QUALITY)
    sheet.note("quality_out_of_range", out, "source_quality")
    return grade


def read_source(sheet: Sheet) -> pd.Series:
    """Take the code of the source, from the column or from the profile.

    Parameters
    ----------
    sheet
        A file under inspection.

    Returns
    -------
    pandas.Series of str
        On the row numbers.
    """
    text = sheet.text("source")
    if sheet.profile.source:
        text = text.mask(text == "", sheet.profile.source)
        if "source" not in sheet.columns:
            return text
    distinct = text.drop_duplicates()
    personal = set(distinct[hold_identity(distinct)])
    personal |= set(distinct[distinct.str.len() > LONGEST_KEPT])
    sheet.note("source_missing", text == "", "source")
    sheet.note("source_holds_identity", text.isin(personal), "source")
    return text


def read_ids(sheet: Sheet, source: pd.Series) -> pd.Series:
    """Make identifiers of the publisher's own; note every fault.

    Parameters
    ----------
    sheet
        A file under inspection.
    source
        Code of each row's source.

    Returns
    -------
    pandas.Series of str
        The source's code, a colon, the identifier; ``""`` where the file has none.
    """
    if "id" not in sheet.columns:
        return pd.Series("", index=sheet.frame.index, dtype="str")
    text = sheet.text("id")
    if sheet.profile.whole_ids:
        text = text.str.replace(r"^([0-9]+)\.0+$", r"\1", regex=True)
    codes = first_code(
        text.index,
        [
            ("id_missing", text == ""),
            ("id_too_long", text.str.len() > LONGEST_ID),
            ("id_holds_identity", hold_identity(text)),
        ],
    )
    sheet.note_codes(codes, "id")
    prefix = source + ":"
    some = text.str.contains(":", regex=False)
    found = zip(text[some], prefix[some], strict=True)
    has_prefix = some.to_numpy(dtype=bool, copy=True)
    has_prefix[has_prefix] = [value.startswith(start) for value, start in found]
    return text.where(has_prefix, prefix + text)


def read_values(
    sheet: Sheet, options: IngestOptions, damaged: pd.Series
) -> pd.DataFrame:
    """Read what happened, to how many, and who says so; note every fault.

    Parameters
    ----------
    sheet
        A file under inspection.
    options
        What is taken for possible.
    damaged
        True for rows whose text is damaged, which is noted already.

    Returns
    -------
    pandas.DataFrame
        ``event_id``, ``kind``, ``cause``, ``said_kind``, ``said_cause``, ``dead``,
        ``missing``, ``source``, ``source_quality``, ``purpose`` and ``audience``.
    """
    kind = _read_word(sheet, "kind", tuple(KINDS), damaged)
    counts = _read_counts(sheet, kind, options)
    if sheet.profile.split_harm and "kind" not in sheet.columns:
        kind = _split_by_harm(counts)
    else:
        sheet.note("kind_missing", sheet.text("kind") == "", "kind")
    for name, field in HARM.items():
        nobody = (kind == name) & (counts[field] == 0)
        sheet.note("nobody_harmed", nobody, field)
    cause = _read_word(sheet, "cause", CAUSES, damaged)
    about_people = kind.isin(tuple(HARM))
    source = read_source(sheet)
    return pd.DataFrame(
        {
            "event_id": read_ids(sheet, source),
            "kind": kind,
            "cause": cause.mask(about_people & (cause == ""), "undetermined").where(
                about_people, ""
            ),
            "said_kind": _read_said(sheet, "kind"),
            "said_cause": _read_said(sheet, "cause"),
            "dead": counts["dead"],
            "missing": counts["missing"],
            "source": source,
            "source_quality": _read_quality(sheet),
            "purpose": kind.map({code: k.purpose for code, k in KINDS.items()}),
            "audience": kind.map({code: k.audience for code, k in KINDS.items()}),
        }
    )

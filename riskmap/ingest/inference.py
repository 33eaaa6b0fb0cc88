"""Inference: a profile proposed from a file's headings and values, with evidence."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from riskmap.ingest.columns_found import (
    GENERIC,
    SAMPLE_ROWS,
    Found,
    find_columns,
    known_words,
    sampled,
)
from riskmap.ingest.dates import parse_days
from riskmap.ingest.identity import fold, tells_of_person
from riskmap.ingest.profile_form import Profile
from riskmap.ingest.profiles import load_profile, profile_names
from riskmap.ingest.quantities import translate
from riskmap.ingest.raw import Limits, RawTable
from riskmap.ingest.reading import read_table
from riskmap.ingest.time_columns import BEHIND_DATE

UNKNOWN_ACCURACY_M: Final = 1_000
"""What generic profiles say where nobody says how well a place is known."""

MOST_WORDS: Final = 80
"""A column with more distinct values than this holds no kinds."""

FAR_FUTURE: Final = pd.Timestamp("9999-12-31").date()


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One line of the proposed profile, and what speaks for it.

    Parameters
    ----------
    option
        Where it stands: ``"columns.date"``, ``"date_order"``, ``"vocabulary.kind"``.
    value
        What is proposed.
    code
        What speaks for it: words are ``infer.CODE`` in the catalogues.
    fields
        What those words name.
    """

    option: str
    value: object
    code: str
    fields: Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A profile proposed for a file.

    Parameters
    ----------
    decisions
        All that the file itself tells, in the order of the profile.
    questions
        What only a person can know, in the same form; ``value`` is what stands there
        until it is answered.
    """

    decisions: tuple[Decision, ...]
    questions: tuple[Decision, ...]

    def text(self, say: Callable[..., str]) -> str:
        """Write the profile as TOML, with its evidence as comments.

        Parameters
        ----------
        say
            Key and fields → text, such as ``Words("es").text``.

        Returns
        -------
        str
            A profile that can be read again.
        """
        entries = [*self.questions, *self.decisions]
        lines: list[str] = []
        for entry in entries:
            if "." not in entry.option:
                lines += _lines(entry, say, entry in self.questions)
        for table in ("columns", "constants", "vocabulary.kind", "vocabulary.cause"):
            inside = [e for e in entries if e.option.startswith(f"{table}.")]
            if inside:
                lines += ["", f"[{table}]"]
            for entry in inside:
                lines += _lines(entry, say, entry in self.questions)
        return "\n".join(lines).strip() + "\n"


def _toml(value: object) -> str:
    """Write a value as TOML does."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", " ", escaped) + '"'


def _lines(entry: Decision, say: Callable[..., str], asked: bool) -> list[str]:
    """Write one entry with what speaks for it, or what is asked, above it."""
    told = say(f"infer.{entry.code}", **entry.fields)
    mark = "# ? " if asked else "# "
    key = entry.option.rpartition(".")[2] if "." in entry.option else entry.option
    if entry.option.startswith("vocabulary."):
        key = _toml(entry.option.split(".", maxsplit=2)[2])
    line = f"{key} = {_toml(entry.value)}"
    # an entry without an answer would be no valid profile
    return [mark + " ".join(told.split()), f"# {line}" if entry.value == "" else line]


def _decide_dates(text: pd.Series) -> tuple[list[Decision], list[Decision]]:
    """Decide the order of day and month, and whether times stand behind dates."""
    found = parse_days(text, known_on=FAR_FUTURE, earliest_year=1)
    order = found.order
    decided: list[Decision] = []
    asked: list[Decision] = []
    undecided = int((found.code == "date_order_undecided").sum())
    if order:
        numbers = text.str.extract(r"^([0-9]{1,2})\D([0-9]{1,2})\D")
        place = 0 if order == "dmy" else 1
        above = pd.to_numeric(numbers[place], errors="coerce") > 12  # noqa: PLR2004
        fields = {"count": int(above.sum()), "total": len(text)}
        decided.append(_entry("date_order", order, f"order_{order}", fields))
    elif undecided:
        fields = {"count": undecided, "total": len(text)}
        asked.append(_entry("date_order", "", "order_undecided", fields))
    else:
        fields = {"count": int((found.code == "").sum()), "total": len(text)}
        decided.append(_entry("date_order", "ymd", "order_clear", fields))
    clock = text.str.extract(BEHIND_DATE)
    timed = clock[0].notna() & ~clock[0].fillna("").str.fullmatch("0?0:00")
    if timed.any():
        fields = {"count": int(timed.sum()), "total": len(text)}
        decided.append(_entry("date_holds_time", True, "holds_time", fields))
    return decided, asked


def _entry(
    option: str, value: object, code: str, fields: Mapping[str, object] | None = None
) -> Decision:
    return Decision(option=option, value=value, code=code, fields=fields or {})


def _decide_words(text: pd.Series, field: str) -> tuple[list[Decision], list[Decision]]:
    """Translate the words of a column as far as they are known; ask for the rest."""
    counts = text[text != ""].value_counts(sort=False)
    counts = counts.sort_index()
    words = pd.Series(counts.index, dtype="str")
    meaning = translate(words, known_words(field))
    decided, asked = [], []
    for word, code in zip(words.iloc[:MOST_WORDS], meaning, strict=False):
        option = f"vocabulary.{field}.{word}"
        fields = {"count": int(counts[word]), "word": word}
        if code:
            decided.append(_entry(option, code, "word_known", fields))
        else:
            asked.append(_entry(option, "", "word_unknown", fields))
    return decided, asked


def _decide_constants(
    columns: Mapping[str, Found], raw: RawTable
) -> tuple[list[Decision], list[Decision]]:
    """Decide what stands for columns that the file lacks."""
    decided, asked = [], []
    if "accuracy" not in columns:
        entry = _entry("constants.accuracy", UNKNOWN_ACCURACY_M, "accuracy_unsaid")
        asked.append(entry)
    if "kind" not in columns:
        asked.append(_entry("constants.kind", "", "kind_unsaid"))
    if "easting" in columns and "zone" not in columns:
        asked.append(_entry("utm_zone", "", "zone_unsaid"))
    if raw.crs:
        decided.append(_entry("crs", "EPSG:4326", "crs_in_file", {"crs": raw.crs}))
    return decided, asked


def _signature(columns: Mapping[str, Found]) -> tuple[str, ...]:
    """Choose the headings by which the next file of this kind is known."""
    wanted = ("id", "date", "kind", "lat", "lon", "coordinates", "easting", "grid")
    return tuple(columns[name].heading for name in wanted if name in columns)


def _fitting(headings: list[str]) -> Profile | None:
    """Find a profile of one agency that fits the headings already."""
    known = {fold(heading) for heading in headings}
    for name in profile_names():
        profile = load_profile(name)
        fits = profile.signature and all(
            any(fold(choice) in known for choice in part.split("|"))
            for part in profile.signature
        )
        if fits and name not in GENERIC:
            return profile
    return None


def infer_profile(
    path: Path, *, limits: Limits | None = None, layer: str = ""
) -> Proposal:
    r"""Propose how an agency's files are to be understood, with what speaks for it.

    Columns are found by their headings, in both languages and as agencies known to
    riskmap write them, and by their values; a heading that its values contradict is
    not believed. Nothing is asked that the file tells.

    Parameters
    ----------
    path
        One of the agency's files, of any format that is read.
    limits
        How large it may be.
    layer
        Which sheet or layer, if there are several.

    Returns
    -------
    Proposal
        Decisions and questions.

    Raises
    ------
    InputError
        If the file cannot be read at all.

    Examples
    --------
    >>> import tempfile
    >>> text = "Folio,Fecha hecho,LAT_GRAD,LONG_GRAD,Suceso\n"
    >>> text += "1,25/12/2020,31.45,-110.25,rescate\n2,3/1/2021,31.5,-110.5,muerte\n"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "hechos.csv"
    ...     _ = path.write_text(text, encoding="utf-8")
    ...     proposal = infer_profile(path)
    >>> decided = {d.option: d.value for d in proposal.decisions}
    >>> decided["columns.date"], decided["date_order"], decided["columns.lat"]
    ('Fecha hecho', 'dmy', 'LAT_GRAD')
    >>> [question.option for question in proposal.questions]
    ['source', 'constants.accuracy']
    """
    raw = read_table(path, limits=limits, layer=layer)
    columns = find_columns(raw.frame)
    decided: list[Decision] = []
    asked: list[Decision] = []
    fitting = _fitting(list(raw.frame.columns))
    if fitting:
        fields: dict[str, Any] = {"profile": fitting.name}
        decided.append(_entry("publisher", fitting.publisher, "fits", fields))
    if "source" not in columns:
        stem = re.sub(r"[^a-z0-9]+", "_", fold(path.name.split(".")[0])).strip("_")
        asked.append(_entry("source", stem or "source", "source_unsaid"))
    decided.append(_entry("signature", _signature(columns), "signature"))
    for more, open_ in (
        _decide_dates(_text(raw, columns, "date")) if "date" in columns else ([], []),
        _decide_constants(columns, raw),
    ):
        decided += more
        asked += open_
    decided += [
        _entry(f"columns.{field}", found.heading, found.code, found.fields)
        for field, found in columns.items()
    ]
    for field in ("kind", "cause"):
        if field in columns:
            more, open_ = _decide_words(_text(raw, columns, field), field)
            decided += more
            asked += open_
    decided += _left_out(raw, columns)
    return Proposal(decisions=tuple(decided), questions=tuple(asked))


def _text(raw: RawTable, columns: Mapping[str, Found], field: str) -> pd.Series:
    """Take a column's values, as many as are looked at."""
    return sampled(raw.frame[columns[field].heading], SAMPLE_ROWS)


def _left_out(raw: RawTable, columns: Mapping[str, Found]) -> list[Decision]:
    """Say which columns tell of persons, and so are never read."""
    used = {found.heading for found in columns.values()}
    personal = tuple(
        heading
        for heading in raw.frame.columns
        if heading not in used and tells_of_person(heading)
    )
    if not personal:
        return []
    return [_entry("left_out", "", "left_out", {"headings": ", ".join(personal)})]

"""Faults: what can be wrong with a row, and the ledger in which it is noted."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from riskmap.ingest.origins import UNITS
from riskmap.schema import Column

# words: fault.CODE in riskmap/i18n/locales/*/faults.po, with {column} and {value}
FAULTS: Final[tuple[str, ...]] = (
    # the row as a whole
    "row_too_short",
    "row_too_long",
    "row_empty",
    "record_is_total",
    "formula_without_value",
    "correction_unknown",
    "correction_repeated",
    "status_unknown",
    "withdrawal_unknown",
    "reason_holds_identity",
    "marking_unknown",
    # its text
    "text_mojibake",
    "text_undecodable",
    "text_control_character",
    # its identifier
    "id_missing",
    "id_too_long",
    "id_holds_identity",
    "id_repeated",
    "id_changed",
    # place
    "coordinates_missing",
    "coordinate_unreadable",
    "coordinates_ambiguous",
    "hemisphere_contradicts",
    "minutes_out_of_range",
    "grid_unreadable",
    "metres_unreadable",
    "zone_missing",
    "zone_unreadable",
    "easting_northing_swapped",
    "easting_out_of_range",
    "northing_out_of_range",
    "coordinates_null_island",
    "coordinate_zero",
    "coordinates_equal",
    "coordinates_projected",
    "decimal_point_lost",
    "latitude_out_of_range",
    "longitude_out_of_range",
    "coordinates_swapped",
    "longitude_sign_lost",
    "latitude_sign_lost",
    "coordinates_outside_region",
    "coordinates_whole_degrees",
    "coordinates_stand_in",
    "coordinates_far_from_border",
    "coordinates_far_from_river",
    "country_contradicts",
    "municipio_unknown",
    "municipio_ambiguous",
    "accuracy_basis_unknown",
    "outside_state",
    "outside_municipio",
    "geometry_not_point",
    "accuracy_missing",
    "accuracy_unreadable",
    "accuracy_out_of_range",
    "accuracy_class_unknown",
    "place_is_area",
    # time
    "date_missing",
    "date_unreadable",
    "date_impossible",
    "date_order_undecided",
    "date_order_contradicts",
    "date_two_digit_year",
    "date_excel_serial",
    "date_in_future",
    "date_too_early",
    "date_end_before_start",
    "date_contradicts_month",
    "date_contradicts_year",
    "other_date_unreadable",
    "date_after_report",
    "date_basis_unknown",
    "time_unreadable",
    "time_never_was",
    "time_precision_unknown",
    # kind and numbers
    "kind_missing",
    "kind_unknown",
    "cause_unknown",
    "count_unreadable",
    "count_negative",
    "count_not_whole",
    "count_too_large",
    "counts_disagree",
    "nobody_harmed",
    "source_missing",
    "source_holds_identity",
    "quality_unreadable",
    "quality_out_of_range",
    "confirmation_unknown",
    # landmarks
    "landmark_kind_missing",
    "name_missing",
    "side_unknown",
    "basis_unknown",
)

FAULT_TABLE: Final[tuple[Column, ...]] = (
    Column(
        name="row", dtype="int64", lowest=1, meaning="data row in the file, 1 first"
    ),
    Column(name="column", dtype="str", meaning="heading as the file has it"),
    Column(name="code", dtype="str", values=FAULTS, meaning="what is wrong"),
    Column(name="value", dtype="str", meaning="the text that is wrong"),
    Column(name="proposed", dtype="str", meaning="a correction; never applied"),
    Column(name="original", dtype="str", meaning="the row's text, identity removed"),
    Column(
        name="line",
        dtype="float64",
        lowest=1,
        missing=True,
        meaning="where the row begins in the file, 1 first, the headings counted",
    ),
    Column(
        name="unit",
        dtype="str",
        values=("", *UNITS),
        meaning="what ``line`` counts; empty where an older riskmap read the file",
    ),
    Column(
        name="raw",
        dtype="str",
        meaning="the row as its file has it, columns that are not kept emptied; "
        "encoded, it is the bytes",
    ),
    Column(name="encoding", dtype="str", meaning="of ``raw``; empty without one"),
    Column(name="file", dtype="str", meaning="file name"),
    Column(name="file_sha256", dtype="str", meaning="checksum of the file's bytes"),
)


class Ledger:
    """Faults found so far, a table's worth at a time.

    Parameters
    ----------
    rows
        Row numbers of the table under inspection.

    Examples
    --------
    >>> ledger = Ledger(pd.Index([1, 2, 3]))
    >>> dead = pd.Series(["1", "-2", "3"], index=[1, 2, 3])
    >>> ledger.note("count_negative", dead.str.startswith("-"), "Dead", dead)
    >>> ledger.table()[["row", "column", "code", "value"]].values.tolist()
    [[2, 'Dead', 'count_negative', '-2']]
    """

    def __init__(self, rows: pd.Index) -> None:
        self._clean = pd.Series(True, index=rows)
        self._parts: list[pd.DataFrame] = []

    def note(
        self,
        code: str,
        wrong: pd.Series,
        column: str,
        values: pd.Series,
        proposed: pd.Series | str = "",
    ) -> None:
        """Note one fault for all rows that have it.

        Parameters
        ----------
        code
            What is wrong, one of :data:`FAULTS`.
        wrong
            True for the rows that have it, on the row numbers.
        column
            Heading as the file has it.
        values
            The column's original text, on the row numbers.
        proposed
            A correction for each row, on the row numbers, or one for all.
        """
        rows = wrong.index[wrong.to_numpy(dtype=bool)]
        if rows.empty:
            return
        self._clean.loc[rows] = False
        mend = proposed.loc[rows] if isinstance(proposed, pd.Series) else proposed
        self._parts.append(
            pd.DataFrame(
                {
                    "row": rows,
                    "column": column,
                    "code": code,
                    "value": values.loc[rows],
                    "proposed": mend,
                }
            )
        )

    def clean(self) -> pd.Series:
        """Tell which rows have no fault.

        Returns
        -------
        pandas.Series of bool
            On the row numbers.
        """
        return self._clean.copy()

    def table(self) -> pd.DataFrame:
        """Gather all faults, in the order of the rows.

        Returns
        -------
        pandas.DataFrame
            Columns ``row``, ``column``, ``code``, ``value`` and ``proposed``.
        """
        return gather(self._parts)


def gather(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Join tables of faults, in the order of rows, then of :data:`FAULTS`.

    Parameters
    ----------
    parts
        Tables with columns ``row``, ``column``, ``code``, ``value`` and
        ``proposed``.

    Returns
    -------
    pandas.DataFrame
        All faults; an empty table with the same columns if there are none.

    Examples
    --------
    >>> gather([]).columns.tolist()
    ['row', 'column', 'code', 'value', 'proposed']
    """
    names = ["row", "column", "code", "value", "proposed"]
    if parts:
        table = pd.concat(parts, ignore_index=True)[names]
    else:
        table = pd.DataFrame(columns=names)
    table = table.astype({"row": "int64"} | dict.fromkeys(names[1:], "str"))
    rank = table["code"].map({code: place for place, code in enumerate(FAULTS)})
    ordered = table.assign(rank=rank).sort_values(["row", "rank", "column"])
    return ordered.drop(columns="rank").reset_index(drop=True)

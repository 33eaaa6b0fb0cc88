"""CSV: the cell first, formulas harmless, accents right in a spreadsheet."""

import csv
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmap.cells import cell_hex
from riskmap.exports import csv_text, format_named
from riskmap.exports.table import FORMULA_STARTS, plain, rounded


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_cell_comes_first_as_hexadecimal_text(scores):
    rows = rows_of(csv_text(scores))
    assert next(iter(rows[0])) == "cell"
    assert [row["cell"] for row in rows] == cell_hex(scores.index).tolist()


def test_no_data_is_empty_and_never_nought(scores):
    first = rows_of(csv_text(scores))[0]
    assert first["migrant_danger"] == ""
    assert first["migrant_danger_rank"] == ""
    assert first["migrant_danger_evidence"] == "no_data"


def test_whole_numbers_with_gaps_stay_whole(scores):
    assert rows_of(csv_text(scores))[1]["migrant_danger_rank"] == "2"


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_a_text_that_would_run_is_made_harmless(start):
    table = pd.DataFrame({"name": pd.array([f"{start}cmd"], dtype="str"), "n": [-1.5]})
    row = rows_of(csv_text(table))[0]
    assert row["name"] == f"'{start}cmd"
    assert row["n"] == "-1.5"


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"])), min_size=1))
def test_any_text_comes_back(texts):
    table = pd.DataFrame({"text": pd.array(texts, dtype="str"), "n": range(len(texts))})
    rows = rows_of(csv_text(table))
    found = [row["text"] for row in rows]
    neutral = [
        f"'{text}" if text.startswith(FORMULA_STARTS) else text for text in texts
    ]
    assert found == neutral


def test_files_open_with_accents_in_a_spreadsheet(tables, notes, tmp_path):
    format_named("csv").write(tables, tmp_path, notes)
    content = (tmp_path / "zones.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert "«cañón»" in content.decode("utf-8-sig")


def test_points_have_coordinates_and_outlines_have_none(tables, notes, tmp_path):
    format_named("csv").write(tables, tmp_path, notes)
    landmarks = pd.read_csv(tmp_path / "landmarks.csv")
    assert landmarks["x"].tolist() == [-110.94, -112.86, -106.5]
    assert "x" not in pd.read_csv(tmp_path / "zones.csv").columns


def test_times_keep_their_hour_where_one_has_one():
    times = pd.Series(pd.to_datetime(["2024-05-01T06:30:00Z", None], utc=True))
    assert plain(times).tolist() == ["2024-05-01T06:30:00Z", None]
    days = pd.Series(pd.to_datetime(["2024-05-01"], utc=True))
    assert plain(days).tolist() == ["2024-05-01"]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_rounding_keeps_nine_digits_and_no_more(number):
    found = float(rounded(np.array([number]))[0])
    assert found == float(f"{number:.9g}") or found == pytest.approx(number, rel=6e-9)
    digits = f"{abs(found):.17e}".split("e")[0].replace(".", "")
    assert len(repr(found).split("e")[0].replace(".", "").strip("-0")) <= 9, digits


def test_rounding_leaves_what_is_no_number():
    found = rounded(np.array([np.nan, np.inf, -np.inf, 0.0]))
    assert np.isnan(found[0])
    assert found[1:].tolist() == [np.inf, -np.inf, 0.0]

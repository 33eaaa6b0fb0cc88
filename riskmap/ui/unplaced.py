"""Unplaced: incidents known only to a county or municipio, for the page of quality."""

import pandas as pd

from riskmap.i18n import Words
from riskmap.ui import blocks
from riskmap.ui.blocks import Block


def _kind(code: str, words: Words) -> str:
    """Name a kind; one that nobody knows is left as it is."""
    key = f"kind.{code}"
    return words.text(key) if words.has(key) else code


def areas(table: pd.DataFrame, words: Words) -> list[Block]:
    """Count what is known only to a county or municipio; nothing if there is none.

    Parameters
    ----------
    table
        ``areas`` of :class:`riskmap.pipeline.Quality`.
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks.
    """
    if table.empty:
        return []
    rows = [
        [
            str(row["area_label"]) or str(row["area"]),
            str(row["area"]),
            _kind(str(row["kind"]), words),
            str(row["year"]),
            words.number(int(row["events"])),
        ]
        for row in table.to_dict("records")
    ]
    columns = ("area", "code", "kind", "year", "events")
    return [
        blocks.table(
            words.text("ui.quality.areas"),
            [words.text(f"ui.quality.{name}") for name in columns],
            rows,
            numbers=(4,),
        ),
        blocks.text(words.text("ui.quality.areas_note")),
    ]

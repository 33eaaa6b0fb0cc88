"""The first cells of a score or a scenario as a table, for who cannot see the map."""

from typing import Any

from riskmap import cells
from riskmap.i18n import Words
from riskmap.ui.card import VALUE, Card, score_of, write_rate
from riskmap.ui.keeping import once_for
from riskmap.ui.tables import View

TOP_CELLS = 25


def ranked_by(view: View, layer: str) -> str:
    """Find what the table of the first cells goes by.

    Parameters
    ----------
    view
        What the page shows.
    layer
        As for :func:`riskmap.ui.card.cell_card`.

    Returns
    -------
    str
        A scenario of a score its own ranks; of other layers the score beside them.
    """
    for known in view.tables.layers:
        if layer == f"{VALUE}{known.name}" and known.rate:
            return layer
    return score_of(view, layer)


@once_for
def top_cells(view: View, score: str, words: Words, *, only: Any = None) -> Card | None:
    """List the first cells of a score as a table, for who cannot see the map.

    Parameters
    ----------
    view
        What the page shows.
    score
        Name of the score, or ``value-`` and a scenario of it.
    words
        Words of the language.
    only
        Numbers of the cells to list; None for all.

    Returns
    -------
    dict or None
        ``title``, ``columns`` and ``rows``; the first item of a row is the cell. None
        if no cell is left.
    """
    table = view.tables.cells
    if score.startswith(VALUE) and view.tables.values:
        score = score.removeprefix(VALUE)
        own = view.tables.values()[[score, f"{score}_rank"]]
        table = table[["side", "km"]].join(own)
    rank = f"{score}_rank"
    if only is not None:
        table = table[table.index.isin(only)]
    first = table[table[rank].notna()].nsmallest(TOP_CELLS, rank)
    if first.empty:
        return None
    names = cells.cell_hex(first.index)
    rows = [
        [
            str(name),
            words.number(int(row[rank])),
            str(name),
            words.text(f"side.{row['side']}"),
            words.number(float(row["km"]), digits=0),
            write_rate(float(row[score]), words),
        ]
        for name, (_, row) in zip(names, first.iterrows(), strict=True)
    ]
    return {
        "title": words.text("ui.top.title", cells=len(rows)),
        "columns": [
            words.text(f"ui.top.{column}")
            for column in ("rank", "cell", "side", "km", "per_year")
        ],
        "rows": rows,
    }

"""The card of a cell: its figures, its reasons and its evidence, in words."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pandas as pd

from riskmap import cells
from riskmap.errors import CellIndexError
from riskmap.i18n import Words
from riskmap.ui.keeping import once_for
from riskmap.ui.tables import View
from riskmap.webmap import covered_by

KIND, VALUE = "kind-", "value-"
SIGNIFICANT = 2
VALUE_DIGITS = 3
PER_KM2 = 100.0
# smaller rates are only said to be smaller: once in a hundred thousand years
LEAST_RATE = 1e-5

Card = dict[str, Any]


def rows_of(view: View, cell: str | None) -> pd.DataFrame | None:
    """Find the cells that a cell on the map stands for.

    Parameters
    ----------
    view
        What the page shows.
    cell
        Hexadecimal text of a cell or of an ancestor of cells; None for nothing.

    Returns
    -------
    pandas.DataFrame or None
        Rows of the cell table; None outside the corridor and for what is no cell.
    """
    table = view.tables.cells
    try:
        number = cells.parse_cells([cell or ""])
    except CellIndexError:
        return None
    resolution = cells.resolution_of(number)
    finest = cells.resolution_of(table.index)
    if resolution > finest:
        return None
    if resolution == finest:
        found = table.iloc[_span(table.index, number[0], number[0])]
    else:
        found = table[cells.parents(table.index, resolution) == number[0]]
    return None if found.empty else found


def _span(index: pd.Index, first: Any, last: Any) -> slice:
    """Find where some cells stand in a sorted index, without a look at the others."""
    return slice(
        int(index.searchsorted(first, side="left")),
        int(index.searchsorted(last, side="right")),
    )


@once_for
def cell_card(view: View, cell: str | None, layer: str, words: Words) -> Card | None:
    """Put into words what is known of a cell.

    Parameters
    ----------
    view
        What the page shows.
    cell
        Hexadecimal text of a cell or of an ancestor; None for nothing.
    layer
        A score, ``kind-`` and a kind of incident, or ``value-`` and a layer.
    words
        Words of the language.

    Returns
    -------
    dict or None
        Texts and shares for the face; None if no cell of the corridor is chosen.
    """
    rows = rows_of(view, cell)
    if rows is None or cell is None:
        return None
    card: Card = {"facts": [], "sentences": [], "bars": []}
    card["place"] = _place(cell, rows, words)
    card["link"] = place_link(cell, words)
    if layer.startswith(KIND):
        card |= _count_part(view, rows, layer.removeprefix(KIND), words)
    elif layer.startswith(VALUE):
        card |= _value_part(view, rows, layer.removeprefix(VALUE), words)
    elif rows[layer].notna().any():
        card |= _score_part(view, rows, layer, words)
    else:
        card |= {"figure": words.text("map.no_data"), "unit": ""}
        card["sentences"] = [words.text("map.evidence.no_data")]
    return card


def score_of(view: View, layer: str) -> str:
    """Find the score whose zones stand beside a layer.

    Parameters
    ----------
    view
        What the page shows.
    layer
        As for :func:`cell_card`.

    Returns
    -------
    str
        Of a scenario its own score; the first where a layer is of none.
    """
    for known in view.tables.layers:
        score = known.of.removeprefix("score.")
        if layer == f"{VALUE}{known.name}" and score in view.tables.scores:
            return score
    return next(iter(view.tables.scores))


def place_link(phrase: str, words: Words, reading: int = 1) -> Mapping[str, str]:
    """Make the link to the page that says where something is.

    Parameters
    ----------
    phrase
        A place, however it is said.
    words
        Words of the language.
    reading
        Which reading of it, from 1.

    Returns
    -------
    Mapping
        ``text`` and ``href``, which is below this page.

    Examples
    --------
    >>> place_link("Puente II", Words("es"))["href"]
    'where?lang=es&q=Puente+II&n=1'
    """
    asked = urlencode({"lang": words.lang, "q": phrase, "n": reading})
    return {"text": words.text("ui.card.where"), "href": f"where?{asked}"}


def write_rate(rate: float, words: Words) -> str:
    """Write a yearly rate with two digits that count, and no more zeros than help.

    Parameters
    ----------
    rate
        Events a year, of either sign.
    words
        Words of the language.

    Returns
    -------
    str
        ``< 0.00001`` for what is nearly nothing.

    Examples
    --------
    >>> write_rate(0.01234, Words("en")), write_rate(1e-90, Words("en"))
    ('0.012', '< 0.00001')
    """
    if 0 < abs(rate) < LEAST_RATE:
        return f"< {words.number(LEAST_RATE, significant=1)}"
    return words.number(rate, significant=SIGNIFICANT)


def _place(cell: str, rows: pd.DataFrame, words: Words) -> str:
    """Say where a cell is."""
    sides = sorted(set(rows["side"]))
    side = sides[0] if len(sides) == 1 else "both"
    return " · ".join(
        (
            cell,
            f"{rows['y'].mean():.4f}, {rows['x'].mean():.4f}",
            f"km {words.number(float(rows['km'].mean()), digits=1)}",
            words.text(f"side.{side}"),
            f"{words.number(float(rows['area_km2'].sum()), digits=1)} km²",
        )
    )


def _count_part(view: View, rows: pd.DataFrame, kind: str, words: Words) -> Card:
    """Say how many incidents of a kind are recorded."""
    counted = view.tables.incidents
    here = counted[(counted["kind"] == kind) & counted["cell"].isin(rows.index)]
    events = int(here["events"].sum())
    at = view.tables.cells.index.get_indexer(rows.index)
    blind = not covered_by(view.tables, kind)[at].any()
    if blind and events == 0:
        return {
            "figure": words.text("map.no_data"),
            "unit": "",
            "sentences": [words.text("map.evidence.no_data")],
        }
    return {"figure": words.number(events), "unit": words.text("map.recorded")}


def _value_part(view: View, rows: pd.DataFrame, name: str, words: Words) -> Card:
    """Say a further layer's number, the mean of the cells joined, or its class."""
    layer = next(known for known in view.tables.layers if known.name == name)
    table = view.tables.values() if view.tables.values else rows
    here = table[name].reindex(rows.index)
    known = here.notna()
    if not known.any():
        return {"figure": words.text("map.no_data.layer"), "unit": ""}
    if layer.rate:
        both = rows[known], table.reindex(rows.index)[known]
        return _scenario_part(*both, layer, words)
    key = f"{layer.of or f'layer.{name}'}.help"
    told: Card = {"sentences": [words.text(key)]}
    if layer.classes:
        word = here[known].mode().iloc[0]
        return told | {"figure": words.text(f"layer.{name}.{word}"), "unit": ""}
    area_km2 = rows["area_km2"].to_numpy()[known.to_numpy()]
    mean = float(np.average(here[known].to_numpy(dtype=np.float64), weights=area_km2))
    if len(rows) > 1:
        told["sentences"].insert(0, words.text("map.coarse.mean"))
    unit = "" if layer.unit == "1" else layer.unit
    return told | {"figure": words.number(mean, significant=VALUE_DIGITS), "unit": unit}


def _scenario_part(
    rows: pd.DataFrame, here: pd.DataFrame, layer: Any, words: Words
) -> Card:
    """Say a scenario's figure beside that of the last run, with rank and doubt."""
    name, score = layer.name, layer.of.removeprefix("score.")
    total, area = float(here[name].sum()), float(rows["area_km2"].sum())
    facts = [
        (words.text("ui.card.density"), write_rate(PER_KM2 * total / area, words)),
    ]
    base = write_rate(float(rows[score].sum()), words)
    sentences = [words.text("scenario.card.help")]
    if len(rows) > 1:
        facts.append((words.text("scenario.card.base"), base))
        sentences.append(words.text("ui.card.joined", cells=len(rows)))
    else:
        ranks = {}
        pairs = (("after", here.iloc[0], name), ("before", rows.iloc[0], score))
        for side, row, column in pairs:
            rank = row[f"{column}_rank"]
            known = pd.notna(rank)
            ranks[side] = words.number(int(rank) if known else None)
            ends = [
                write_rate(float(row[f"{column}_{end}"]), words) if known else ""
                for end in ("low", "high")
            ]
            if known:
                span = words.text("number.span", low=ends[0], high=ends[1])
                if side == "before":
                    facts.append((words.text("scenario.card.base"), base))
                facts.append((words.text(f"scenario.card.interval.{side}"), span))
        moved = words.text("scenario.ranks", **ranks)
        facts.append((words.text("scenario.card.rank"), moved))
        doubt = words.text(f"scenario.doubt.{here[f'{name}_told'].iloc[0]}")
        facts.append((words.text("scenario.card.difference"), doubt))
    return {
        "figure": write_rate(total, words),
        "unit": words.text("ui.card.unit"),
        "facts": facts,
        "sentences": sentences,
    }


def _score_part(view: View, rows: pd.DataFrame, score: str, words: Words) -> Card:
    """Say a score, its doubt, its rank and its reasons."""
    known = rows[rows[score].notna()]
    total = float(known[score].sum())
    density = PER_KM2 * total / float(known["area_km2"].sum())
    facts = [(words.text("ui.card.density"), write_rate(density, words))]
    sentences = []
    if len(rows) == 1:
        row = rows.iloc[0]
        facts += _single_facts(view, row, score, words)
        sentences.append(words.text(f"map.evidence.{row[f'{score}_evidence']}"))
    else:
        best = known[f"{score}_rank"].min()
        facts.append((words.text("ui.card.best_rank"), words.number(int(best))))
        sentences.append(words.text("ui.card.joined", cells=len(rows)))
        seen = sorted(set(known[f"{score}_evidence"]))
        strongest = "records" if "records" in seen else seen[0]
        sentences.append(words.text(f"map.evidence.{strongest}"))
    return {
        "figure": write_rate(total, words),
        "unit": words.text("ui.card.unit"),
        "facts": facts,
        "sentences": sentences,
        "bars": _bars(view, known, score, words),
        "bars_title": words.text("ui.card.reasons"),
        "total_label": words.text("ui.card.total"),
        "total": write_rate(total, words),
    }


def _single_facts(
    view: View, row: Any, score: str, words: Words
) -> list[tuple[str, str]]:
    """List interval, rank and percentile of one cell."""
    low, high = float(row[f"{score}_low"]), float(row[f"{score}_high"])
    ranked = int(view.tables.cells[f"{score}_rank"].notna().sum())
    ends = [write_rate(end, words) for end in (low, high)]
    percentile = float(row[f"{score}_percentile"]) / 100.0
    return [
        (
            words.text("map.interval"),
            words.text("number.span", low=ends[0], high=ends[1]),
        ),
        (
            words.text("ui.card.rank"),
            words.text("ui.card.rank_of", rank=int(row[f"{score}_rank"]), cells=ranked),
        ),
        (words.text("map.percentile"), words.percent(percentile, digits=1)),
    ]


def _bars(
    view: View, known: pd.DataFrame, score: str, words: Words
) -> list[Mapping[str, Any]]:
    """List the parts of a score, the largest first; they add up to it."""
    reasons = view.reasons()
    near = reasons.iloc[_span(reasons.index, known.index[0], known.index[-1])]
    here = near[near.index.isin(known.index) & (near["score"] == score)]
    parts = here.groupby("part", observed=True)["value"].sum()
    whole = float(np.abs(parts).max()) if len(parts) else 0.0
    parts = parts.set_axis(parts.index.astype("str"))
    order = parts.abs().sort_index().sort_values(ascending=False, kind="stable").index
    return [
        {
            "label": words.text(f"part.{part}"),
            "share": float(parts[part]) / whole if whole else 0.0,
            "text": write_rate(float(parts[part]), words),
        }
        for part in order
    ]

"""Plots: what an evaluation found, drawn to SVG or PNG without any network."""

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from riskmap.errors import UnknownNameError

FORMATS = ("svg", "png")

PLOTS = ("capture", "calibration", "origins")

# Okabe & Ito 2008: told apart by people of any colour vision, and in grey by dashes
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#7F7F7F", "#CC79A7", "#E69F00")
DASHES: tuple[Any, ...] = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)))

SIZE_INCHES = (6.4, 4.2)
DOTS_PER_INCH = 144

# up to this share of the area most of what matters is seen
SHOWN_AREA = 0.25


def draw_plots(
    tables: Mapping[str, pd.DataFrame], label: Callable[..., str], form: str = "svg"
) -> dict[str, bytes]:
    """Draw what one score's evaluation found.

    Parameters
    ----------
    tables
        ``curves``, ``calibration`` and ``origins`` of one score, as
        :mod:`riskmap.evaluation.curves` makes them; the score's own model first.
    label
        Words of one language.
    form
        ``svg`` or ``png``.

    Returns
    -------
    dict
        Name of each plot to its bytes; the same for the same tables and words.

    Raises
    ------
    UnknownNameError
        If there is no such format.
    """
    if form not in FORMATS:
        msg = f"`format` must be one of {FORMATS}, got {form!r}."
        raise UnknownNameError(msg, kind="format", value=form, known=", ".join(FORMATS))
    return {
        "capture": _drawn(_capture, tables["curves"], label, form),
        "calibration": _drawn(_calibration, tables["calibration"], label, form),
        "origins": _drawn(_origins, tables["origins"], label, form),
    }


def _drawn(
    draw: Callable[[Any, pd.DataFrame, Callable[..., str]], None],
    table: pd.DataFrame,
    label: Callable[..., str],
    form: str,
) -> bytes:
    """Draw one plot to bytes that hold no day and no chance."""
    # importing it takes a good part of a second, which only who draws should wait
    import matplotlib as mpl  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    plain: Any = {"svg.hashsalt": "riskmap", "svg.fonttype": "path"}
    with mpl.rc_context(plain):
        figure = Figure(figsize=SIZE_INCHES, layout="constrained")
        axes = figure.subplots()
        draw(axes, table, label)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        axes.grid(visible=True, alpha=0.25)
        held = io.BytesIO()
        said = {"Date": None} if form == "svg" else {"Software": "riskmap"}
        figure.savefig(held, format=form, dpi=DOTS_PER_INCH, metadata=said)
    return held.getvalue()


def _models(table: pd.DataFrame) -> Sequence[str]:
    """List the models in the order in which they stand."""
    return list(dict.fromkeys(table["model"]))


def _capture(axes: Any, table: pd.DataFrame, label: Callable[..., str]) -> None:
    """Draw what is caught as more of the area is searched."""
    for place, model in enumerate(_models(table)):
        mine = table[table["model"] == model]
        mine = mine[mine["share_of_area"] <= SHOWN_AREA]
        axes.plot(
            mine["share_of_area"] * 100,
            mine["hit_rate"] * 100,
            color=COLOURS[place % len(COLOURS)],
            linestyle=DASHES[place % len(DASHES)],
            label=label(f"model.{model}"),
        )
    axes.set_xlabel(label("evaluation.plot.share_of_area"))
    axes.set_ylabel(label("evaluation.plot.hit_rate"))
    axes.set_ylim(0, 100)
    axes.legend(frameon=False)


def _calibration(axes: Any, table: pd.DataFrame, label: Callable[..., str]) -> None:
    """Draw what came against what was expected, tenth by tenth."""
    mine = table[table["model"] == _models(table)[0]]
    most = float(max(mine["expected"].max(), mine["observed"].max(), 1.0)) * 1.05
    axes.plot([0, most], [0, most], color=COLOURS[3], linestyle=":")
    axes.plot(mine["expected"], mine["observed"], "o", color=COLOURS[0])
    for row in mine.itertuples():
        axes.annotate(
            str(row.tenth),
            (row.expected, row.observed),
            xytext=(4, 4),
            textcoords="offset points",
            fontsize="small",
        )
    axes.set_xlabel(label("evaluation.plot.expected"))
    axes.set_ylabel(label("evaluation.plot.observed"))
    axes.set_xlim(0, most)
    axes.set_ylim(0, most)


def _origins(axes: Any, table: pd.DataFrame, label: Callable[..., str]) -> None:
    """Draw the information gained at each origin."""
    days = sorted(set(table["from_on"]))
    for place, model in enumerate(_models(table)):
        mine = table[table["model"] == model].set_index("from_on")
        axes.plot(
            [day.date().isoformat() for day in days],
            mine["information_gain_bits"].reindex(days).to_numpy(),
            marker="o",
            color=COLOURS[place % len(COLOURS)],
            linestyle=DASHES[place % len(DASHES)],
            label=label(f"model.{model}"),
        )
    axes.set_xlabel(label("evaluation.plot.from_on"))
    axes.set_ylabel(label("evaluation.plot.bits"))
    axes.tick_params(axis="x", labelrotation=45)
    axes.legend(frameon=False)

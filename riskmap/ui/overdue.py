"""Overdue: follow-up tasks past their day, for the page of quality."""

import datetime
from typing import Any

from riskmap.i18n import Words
from riskmap.ui import blocks
from riskmap.ui.blocks import Block


def tasks(late: tuple[Any, ...], words: Words) -> list[Block]:
    """Say which follow-up tasks are past their day, if any is.

    Parameters
    ----------
    late
        ``overdue`` of :class:`riskmap.pipeline.Quality`.
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks.
    """
    rows = [
        [
            task.event_id,
            words.text(f"side.{task.side}"),
            words.date(datetime.date.fromisoformat(task.due_on)),
            words.plural("cli.incidents.overdue", task.overdue_days),
            task.note,
        ]
        for task in late
    ]
    if not rows:
        return []
    columns = ("incident", "owner", "due", "late", "task")
    return [
        blocks.table(
            words.plural("overdue.title", len(rows)),
            [words.text(f"overdue.column.{name}") for name in columns],
            rows,
        )
    ]

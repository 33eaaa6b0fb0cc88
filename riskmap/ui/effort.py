"""Effort: whether a score is corrected for where people look, in a sentence."""

from riskmap.errors import RiskmapError
from riskmap.i18n import Words
from riskmap.ui import access, blocks
from riskmap.ui.blocks import Block


def told(score: str, words: Words) -> list[Block]:
    """Say of a score whether it is corrected, and from what.

    Parameters
    ----------
    score
        Name of the score.
    words
        Words of the language.

    Returns
    -------
    list of Block
        One sentence; none before a run, or for who may not see the log.
    """
    # the map needs none of it
    from riskmap import pipeline  # noqa: PLC0415

    try:
        rows = pipeline.describe_effort(access.opened())
    except RiskmapError:
        return []
    return [
        blocks.text(
            words.text(
                f"effort.{row['state']}",
                score=words.text(f"score.{score}"),
                hours=words.number(row["hours"], digits=0),
                cells=words.number(row["cells"]),
                share=words.percent(row["reported_share"]),
            )
        )
        for row in rows
        if row["score"] == score
    ]

"""How well the records are placed that a run's scores were made from, in words."""

from collections.abc import Sequence
from typing import Any

from riskmap.cli._face import Face
from riskmap.cli._tables import draw

COUNTS = ("records", "used", "in_cell", "left_out")


def say_grades(face: Face, grades: Sequence[Any]) -> None:
    """Say of each score how many records of each grade it used and left out.

    Parameters
    ----------
    face
        Where to.
    grades
        ``grades`` of :class:`riskmap.pipeline.RunReport`.
    """
    if not grades:
        return
    words = face.words
    rows = [
        (
            face.named("score", grade.score),
            face.named("place_basis", grade.accuracy_basis),
            face.named("map.accuracy", grade.accuracy),
            *(words.number(getattr(grade, name)) for name in COUNTS),
        )
        for grade in grades
    ]
    texts = dict.fromkeys(("score", "accuracy_basis", "accuracy"), "left")
    sides = texts | dict.fromkeys(COUNTS, "right")
    columns = {f"grades.column.{name}": side for name, side in sides.items()}
    draw(face, words.text("grades.title"), columns, rows)
    face.say(words.text("grades.note"))

"""What a layer of values is: a column, its unit and its place in the menu."""

from dataclasses import dataclass

# what the face asks for: this and the name of a layer
PREFIX = "value-"


@dataclass(frozen=True, kw_only=True)
class ValueLayer:
    """One column of numbers or classes that the map can show.

    Parameters
    ----------
    name
        Column of the table; ``layer.NAME`` and ``layer.NAME.help`` are its words.
    unit
        As written on a legend; ``"1"`` for a pure number, ``"%"`` for a share.
    group
        Under which heading of the menu it stands: ``map.group.GROUP``.
    classes
        For a column of words: the words, from the first colour on; empty for numbers.
    colours
        For a column of words: one colour each; empty for the palette's.
    breaks
        Where the second and each later class begins; empty for the fixed ones.
    saved
        True to put it into saved pages too.
    """

    name: str
    unit: str = "1"
    group: str = "ground"
    classes: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    breaks: tuple[float, ...] = ()
    saved: bool = False

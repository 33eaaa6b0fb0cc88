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
    title
        What a person called it, a text from outside; empty for ``layer.NAME``.
    of
        Key of the name of what it is another version of, as ``score.migrant_danger``:
        layers of the same can be held against each other. Empty for its own name.
    rate
        True for events a year in a cell, which are drawn and read as a score is.
    doubt
        Column of the table that is true where the number rests on little.
    within
        Column that is true where it differs from ``of`` by less than the doubt.
    apart
        Of each other layer to compare with: its name, and the column that is true where
        the two differ by less than the doubt.
    change_breaks
        Where the second and each later class of a difference begins.
    """

    name: str
    unit: str = "1"
    group: str = "ground"
    classes: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    breaks: tuple[float, ...] = ()
    saved: bool = False
    title: str = ""
    of: str = ""
    rate: bool = False
    doubt: str = ""
    within: str = ""
    apart: tuple[tuple[str, str], ...] = ()
    change_breaks: tuple[float, ...] = ()

    @property
    def marks(self) -> dict[str, str]:
        """Name of each further plane of true and false to its column."""
        given = {"doubt": self.doubt, "within": self.within}
        given |= {f"within-{other}": column for other, column in self.apart}
        return {name: column for name, column in given.items() if column}

"""Notes: what goes with an export: version, day, sources, caveats, words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from riskmap.provenance import Source
from riskmap.schema import Column

Label = Callable[[str], str]

# keys `export.caveat.NAME` of the catalogue, in the order in which they are read
CAVEATS = ("places", "records", "no_data", "doubt", "purpose", "side")


@dataclass(frozen=True, kw_only=True)
class ExportNotes:
    """What an export says about itself.

    Parameters
    ----------
    version
        Version of riskmap that made it.
    as_of
        Day before which everything used had occurred, ``YYYY-MM-DD``.
    words
        For each language, from a key of the catalogue to its text.
    scores
        Names of the scores in the tables.
    verdicts
        Score to what a backtest says of it: a key ``export.verdict.CODE``.
    layers
        Columns of the layers in the tables.
    sources
        Whom to credit, with the terms of each.
    inputs
        Checksum, or other mark, of each table that went in.
    marking
        Of the file, as text; empty if it is not said.
    withheld
        What is not in it, by name: a marking, or ``rows`` where some are.

    Examples
    --------
    >>> notes = ExportNotes(version="0.1", as_of="2022-01-01", words={"en": str.upper})
    >>> notes.caveats()["en"][0]
    'EXPORT.CAVEAT.PLACES'
    """

    version: str
    as_of: str
    words: Mapping[str, Label]
    scores: tuple[str, ...] = ()
    verdicts: Mapping[str, str] = field(default_factory=dict)
    layers: tuple[Column, ...] = ()
    sources: tuple[Source, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)
    marking: str = ""
    withheld: Mapping[str, str] = field(default_factory=dict)

    def caveats(self) -> dict[str, list[str]]:
        """Say in each language what the numbers are not.

        Returns
        -------
        dict of str to list of str
            By language.
        """
        return {
            language: [
                *(label(f"export.caveat.{name}") for name in CAVEATS),
                *(
                    f"{label(f'score.{score}')}: {label(f'export.verdict.{code}')}"
                    for score, code in self.verdicts.items()
                ),
            ]
            for language, label in sorted(self.words.items())
        }

    def as_dict(self) -> dict[str, object]:
        """Lay the notes out for a file's metadata.

        Returns
        -------
        dict
            Of plain values; the same notes give the same text.
        """
        marked: dict[str, object] = {"marking": self.marking} if self.marking else {}
        if self.withheld:
            marked["withheld"] = dict(sorted(self.withheld.items()))
        return marked | {
            "riskmap_version": self.version,
            "as_of": self.as_of,
            "scores": list(self.scores),
            "inputs": dict(sorted(self.inputs.items())),
            "attribution": [source.cite() for source in self.sources],
            "caveats": self.caveats(),
        }

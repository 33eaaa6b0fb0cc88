"""Source: where a table or a number comes from, citable."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Source:
    """A publication, data set or standard that a number rests on.

    Parameters
    ----------
    name
        Short name, as cited: ``"Tobler 1993"``, ``"IOM Missing Migrants Project"``.
    publisher
        Who published it; empty if the same as the name.
    licence
        Terms of reuse, in the publisher's words.
    url
        Address or DOI; empty if none is known.
    note
        What was taken from it, or what to beware of.

    Examples
    --------
    >>> Source(name="La Paz Agreement 1983", note="100 km either side").cite()
    'La Paz Agreement 1983. 100 km either side'
    """

    name: str
    publisher: str = ""
    licence: str = ""
    url: str = ""
    note: str = ""

    def cite(self) -> str:
        """Write the source in one line, empty parts left out."""
        parts = (self.name, self.publisher, self.licence, self.url, self.note)
        return ". ".join(part for part in parts if part)

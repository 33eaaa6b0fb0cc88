"""The deliveries of one kind, in the order they came, and their rows together."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import overload

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from riskmap.errors import TableMissingError
from riskmap.project import tables
from riskmap.project.records import Batch, instant


@dataclass(frozen=True, kw_only=True)
class Batches(Sequence[Batch]):
    """Deliveries of one kind; a sequence of :class:`Batch`.

    Parameters
    ----------
    kind
        What was delivered.
    items
        The deliveries, in the order they were recorded.
    load
        Reads the table of a checksum; the second argument is its name.

    Examples
    --------
    >>> none = Batches(kind="incidents", items=(), load=lambda sha256, name: None)
    >>> len(none), none.rows_in
    (0, 0)
    """

    kind: str
    items: tuple[Batch, ...]
    load: Callable[[str, str], pa.Table]

    @overload
    def __getitem__(self, place: int) -> Batch: ...
    @overload
    def __getitem__(self, place: slice) -> "Batches": ...
    def __getitem__(self, place: int | slice) -> "Batch | Batches":
        """Give one delivery, or some of them."""
        if isinstance(place, slice):
            return replace(self, items=self.items[place])
        return self.items[place]

    def __len__(self) -> int:
        """Count the deliveries."""
        return len(self.items)

    def __iter__(self) -> Iterator[Batch]:
        """Go through the deliveries as they came."""
        return iter(self.items)

    @property
    def rows_in(self) -> int:
        """Rows of all deliveries, whatever became of them."""
        return sum(batch.rows_in for batch in self.items)

    def known_by(self, at: str) -> "Batches":
        """Keep what was known at a time.

        Parameters
        ----------
        at
            Time in ISO 8601, itself included; UTC if it has no zone.

        Returns
        -------
        Batches
            In the same order.

        Raises
        ------
        DateOptionError
            If ``at`` is no time.

        Examples
        --------
        >>> none = Batches(kind="incidents", items=(), load=lambda sha256, name: None)
        >>> len(none.known_by("2021-03-01"))
        0
        """
        moment = instant(at, option="at")
        kept = tuple(
            batch
            for batch in self.items
            if instant(batch.known_at, option="known_at") <= moment
        )
        return replace(self, items=kept)

    def accepted(self) -> pd.DataFrame:
        """Join the rows that were accepted, in the order they came.

        Returns
        -------
        pandas.DataFrame
            One table; a GeoDataFrame if the deliveries were.

        Raises
        ------
        TableMissingError
            If there is no delivery.
        TableCorruptError
            If the bytes of one are not those that were stored.
        """
        return self._joined([b.accepted_sha256 for b in self.items], "accepted")

    def accepted_where(self, column: str, values: pd.Index) -> pd.DataFrame:
        """Join the accepted rows that have one of some values, as they came.

        Each delivery is read by itself and its other rows are let go, so that a
        large register is never in memory whole.

        Parameters
        ----------
        column
            A column of text, or the index.
        values
            What it must hold one of.

        Returns
        -------
        pandas.DataFrame
            As :meth:`accepted`, fewer rows.

        Raises
        ------
        TableMissingError
            If there is no delivery.
        TableCorruptError
            If the bytes of one are not those that were stored.
        """
        name = f"{self.kind}.accepted"
        if not len(self):
            return self.accepted()
        asked = pa.array(values, type=pa.large_string())
        parts = []
        for batch in self.items:
            whole = self.load(batch.accepted_sha256, name)
            held = whole[column].cast(pa.large_string())
            parts.append(whole.filter(pc.is_in(held, value_set=asked)))
        return tables.from_arrow(tables.joined(parts, name=name))

    def accepted_parts(self, *columns: str) -> Iterator[tuple[Batch, pa.Table]]:
        """Read some columns of the accepted rows, one delivery at a time.

        Parameters
        ----------
        *columns
            Names; those that a delivery of an older version lacks are left out.

        Yields
        ------
        tuple of Batch and pyarrow.Table
            A delivery and its rows, without what pandas notes of them.

        Raises
        ------
        TableCorruptError
            If the bytes of one are not those that were stored.
        """
        for batch in self.items:
            whole = self.load(batch.accepted_sha256, f"{self.kind}.accepted")
            held = [name for name in columns if name in whole.column_names]
            yield batch, whole.select(held).replace_schema_metadata(None)

    def faults(self) -> pd.DataFrame:
        """Join the faults of all deliveries, in the order they came.

        Returns
        -------
        pandas.DataFrame
            One row for each fault; a row of a file may have several.

        Raises
        ------
        TableMissingError
            If there is no delivery.
        TableCorruptError
            If the bytes of one are not those that were stored.
        """
        return self._joined([b.faults_sha256 for b in self.items], "faults")

    def _joined(self, checksums: list[str], part: str) -> pd.DataFrame:
        name = f"{self.kind}.{part}"
        if not checksums:
            msg = f"No {self.kind} have been delivered yet."
            raise TableMissingError(msg, table=name)
        return tables.from_arrow(
            tables.joined([self.load(sha256, name) for sha256 in checksums], name=name)
        )

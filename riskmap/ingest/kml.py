"""KML and KMZ: placemarks (OGC 12-007r2) → a table of text; no link is followed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from riskmap.errors import FileUnreadableError
from riskmap.ingest.archives import Archive
from riskmap.ingest.faults import gather
from riskmap.ingest.geojson import ID, X, Y
from riskmap.ingest.markup import read_markup
from riskmap.ingest.origins import feature_origin
from riskmap.ingest.raw import Limits, RawTable, refuse_more, text_frame

OWN: Final = frozenset({"name", "description", "address", "when", "begin", "end"})
"""Elements of a placemark that become columns under their own names."""

SHAPES: Final = frozenset(
    {"LineString", "LinearRing", "Polygon", "MultiGeometry", "Model", "Track"}
)


class _Placemarks:
    """Gathers placemarks with a point; notes those with another shape."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.rows: list[dict[str, str]] = []
        self.wrong: list[tuple[int, str, str, str]] = []
        self._row: dict[str, str] | None = None
        self._said: dict[str, str] = {}
        self._strange = ""
        self._heading = ""
        self._in_point = False
        self._names: set[str] = set()
        self._path, self._limits = path, limits

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "Placemark":
            self._row = {X: "", Y: ""}
            if "id" in attributes:
                self._row[ID] = attributes["id"]
            self._said, self._strange, self._heading = {}, "", ""
        elif tag in ("Data", "SimpleData"):
            self._heading = " ".join(attributes.get("name", "").split())
        elif tag == "Point":
            self._in_point = True
        elif tag in SHAPES and not self._strange:
            self._strange = tag

    def end(self, tag: str, text: str) -> None:
        if self._row is None:
            return
        value = text.strip()
        if tag == "Placemark":
            self._finish(self._row)
        elif tag in ("value", "SimpleData") and self._heading:
            self._said[self._heading] = value
        elif tag == "coordinates" and self._in_point:
            x, _, rest = value.partition(",")
            self._row |= {X: x.strip(), Y: rest.partition(",")[0].strip()}
        elif tag == "Point":
            self._in_point = False
        elif tag in OWN and value:
            self._row[tag] = value

    def _finish(self, row: dict[str, str]) -> None:
        # what the publisher names goes before what the viewer shows
        self.rows.append(row | self._said)
        self._names.update(row, self._said)
        refuse_more(len(self.rows), self._limits.rows, "rows", self._path)
        refuse_more(len(self._names), self._limits.columns, "columns", self._path)
        if self._strange:
            fault = (len(self.rows), "geometry", "geometry_not_point", self._strange)
            self.wrong.append(fault)
        self._row = None


def read_kml(data: bytes, path: Path, limits: Limits) -> RawTable:
    """Read the placemarks of a KML file.

    Network links, overlays and pictures are passed over; nothing is fetched.

    Parameters
    ----------
    data
        The document's bytes.
    path
        The file, for errors.
    limits
        How large and how deep it may be.

    Returns
    -------
    RawTable
        A row for each placemark: ``geometry.x``, ``geometry.y``, its ``name``,
        ``when`` or ``begin`` and ``end``, and its extended data under their own
        names; a placemark that is no point is a fault.

    Raises
    ------
    FileTooLargeError
        If it goes beyond a limit.
    FileUnreadableError
        If it is no well-formed XML, or has a DTD.

    Examples
    --------
    >>> data = b"<kml><Placemark><Point><coordinates>-110.5,31.4,0</coordinates>"
    >>> data += b"</Point><TimeStamp><when>2021-03-05</when></TimeStamp>"
    >>> data += b"</Placemark></kml>"
    >>> read_kml(data, Path("few.kml"), Limits()).frame.to_dict("records")
    [{'geometry.x': '-110.5', 'geometry.y': '31.4', 'when': '2021-03-05'}]
    """
    found = _Placemarks(path, limits)
    lines = read_markup(data, path, limits, found, lines_of="Placemark")
    frame = text_frame(found.rows).drop(index=[number for number, *_ in found.wrong])
    apart = pd.DataFrame(found.wrong, columns=["row", "column", "code", "value"])
    return RawTable(
        frame=frame,
        faults=gather([apart.assign(proposed="")]),
        rows_in=len(found.rows),
        encoding="xml",
        crs="EPSG:4326",
        origin=feature_origin(lines, len(found.rows)),
    )


def read_kmz(archive: Archive) -> RawTable:
    """Read the main document of a KMZ file, and nothing else in it.

    Parameters
    ----------
    archive
        The file, looked over.

    Returns
    -------
    RawTable
        See :func:`read_kml`.

    Raises
    ------
    FileTooLargeError
        If it goes beyond a limit.
    FileUnreadableError
        If it holds several documents and none of them is ``doc.kml``, or the
        document cannot be read.
    """
    documents = [name for name in archive.names if name.lower().endswith(".kml")]
    main = [name for name in documents if name.lower() == "doc.kml"] or documents
    if len(main) != 1:
        msg = f"{archive.path} must hold one document, got {documents}."
        raise FileUnreadableError(msg, path=str(archive.path), reason="layers")
    return read_kml(archive.read(main[0]), archive.path, archive.limits)

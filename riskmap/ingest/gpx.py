"""GPX: waypoints of a navigation device (GPX 1.0 and 1.1) → a table of text."""

from collections.abc import Mapping
from pathlib import Path

from riskmap.ingest.faults import gather
from riskmap.ingest.geojson import X, Y
from riskmap.ingest.markup import read_markup
from riskmap.ingest.origins import feature_origin
from riskmap.ingest.raw import Limits, RawTable, refuse_more, text_frame


class _Waypoints:
    """Gathers waypoints; tracks and routes are ways of people, and left out."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.rows: list[dict[str, str]] = []
        self._row: dict[str, str] | None = None
        self._names = {X, Y}
        self._path, self._limits = path, limits

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "wpt":
            self._row = {X: attributes.get("lon", ""), Y: attributes.get("lat", "")}

    def end(self, tag: str, text: str) -> None:
        if self._row is None:
            return
        if tag == "wpt":
            self.rows.append(self._row)
            refuse_more(len(self.rows), self._limits.rows, "rows", self._path)
            self._row = None
        elif text.strip():
            self._row[tag] = text.strip()
            self._names.add(tag)
            refuse_more(len(self._names), self._limits.columns, "columns", self._path)


def read_gpx(data: bytes, path: Path, limits: Limits) -> RawTable:
    """Read the waypoints of a GPX file.

    Parameters
    ----------
    data
        The file's bytes.
    path
        The file, for errors.
    limits
        How large and how deep it may be.

    Returns
    -------
    RawTable
        A row for each waypoint: ``geometry.x``, ``geometry.y``, and what it says
        under the names of its elements (``time``, ``type``, ``sym``). No track and
        no route.

    Raises
    ------
    FileTooLargeError
        If it goes beyond a limit.
    FileUnreadableError
        If it is no well-formed XML, or has a DTD.

    Examples
    --------
    >>> data = b'<gpx><wpt lat="31.4" lon="-110.5"><type>rescue</type></wpt></gpx>'
    >>> read_gpx(data, Path("few.gpx"), Limits()).frame.to_dict("records")
    [{'geometry.x': '-110.5', 'geometry.y': '31.4', 'type': 'rescue'}]
    """
    found = _Waypoints(path, limits)
    lines = read_markup(data, path, limits, found, lines_of="wpt")
    return RawTable(
        frame=text_frame(found.rows),
        faults=gather([]),
        rows_in=len(found.rows),
        encoding="xml",
        crs="EPSG:4326",
        origin=feature_origin(lines, len(found.rows)),
    )

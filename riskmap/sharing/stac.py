"""STAC: a package as one item of a catalogue of maps."""

from collections.abc import Mapping, Sequence
from typing import Any

from riskmap.provenance import Source

VERSION = "1.0.0"

SOURCE = Source(
    name="SpatioTemporal Asset Catalog, item specification 1.0.0",
    url="https://stacspec.org",
)

MEDIA = {
    ".geojson": "application/geo+json",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".gpkg": "application/geopackage+sqlite3",
    ".csv": "text/csv",
    ".kml": "application/vnd.google-earth.kml+xml",
    ".gpx": "application/gpx+xml",
    ".html": "text/html",
    ".md": "text/markdown",
}


def stac_item(manifest: Mapping[str, Any], bbox: Sequence[float]) -> dict[str, Any]:
    """Describe a package as an item of STAC.

    Parameters
    ----------
    manifest
        Of the package; its files need not be complete.
    bbox
        West, south, east, north in degrees, of all that is in it.

    Returns
    -------
    dict
        The item, an asset for each file.

    Examples
    --------
    >>> told = {"files": {"a.csv": {}}, "as_of": "2022-01-01", "profile": "public"}
    >>> told |= {"marking": "TLP:CLEAR", "riskmap_version": "0.1", "to": "MX"}
    >>> stac_item(told, [-1, 0, 1, 2])["assets"]["a.csv"]["type"]
    'text/csv'
    """
    west, south, east, north = bbox
    corners = [(west, south), (east, south), (east, north), (west, north)]
    ring = [list(point) for point in (*corners, corners[0])]
    return {
        "type": "Feature",
        "stac_version": VERSION,
        "stac_extensions": [],
        "id": f"riskmap-{manifest['as_of']}-{manifest['profile']}-{manifest['to']}",
        "bbox": list(bbox),
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {
            "datetime": f"{manifest['as_of']}T00:00:00Z",
            "riskmap:marking": manifest["marking"],
            "riskmap:version": manifest["riskmap_version"],
        },
        "links": [],
        "assets": {
            name: {
                "href": f"./{name}",
                "type": MEDIA[name[name.rindex(".") :]],
                "roles": ["metadata" if name.endswith(("json", "md")) else "data"],
            }
            for name in sorted(manifest["files"])
        },
    }

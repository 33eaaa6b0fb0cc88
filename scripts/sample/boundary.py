"""Boundary: the line cut into its reaches, with kilometres."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely

from sample.files import read_ragged, read_text, write_csv, write_geojson
from sample.line import Line

# vertices of the source where a reach begins; 38709 is monument 1, 38930 the
# Colorado at San Luis, 39601 where the line leaves the river near Pilot Knob
REACHES = (
    ("rio_grande", 0),
    ("chihuahua_sonora_land", 38709),
    ("colorado", 38930),
    ("pacific_land", 39601),
)

LENGTH_DECIMALS = 3  # of a kilometre


def write_boundary(line: Line, vertices: npt.NDArray[np.intp], out: Path) -> None:
    """Write the reaches from km 0 at the mouth to the Pacific."""
    starts = [int(vertices[vertex]) for _, vertex in REACHES]
    ends = [*starts[1:], len(line.xy) - 1]
    rows = []
    for (reach, _), start, end in zip(REACHES, starts, ends, strict=True):
        properties = {
            "reach": reach,
            "from_km": round(float(line.km[start]), LENGTH_DECIMALS),
            "to_km": round(float(line.km[end]), LENGTH_DECIMALS),
        }
        rows.append((properties, shapely.LineString(line.xy[start : end + 1])))
    write_geojson(rows, out / "boundary" / "boundary.geojson")


def write_spans(shared: Path, out: Path) -> None:
    """Write the tables by kilometre: sectors, counties and municipios on the line."""
    folder, to = shared / "landmarks", out / "boundary"
    sectors = read_ragged(folder / "sector_extents.csv", "published_source")
    sectors = sectors.rename(columns={"published_source": "source"})
    kept = ["sector", "from_km", "to_km", "length_km", "length_mi", "published_mi"]
    write_csv(sectors[[*kept, "source"]].iloc[::-1], to / "sector_extents.csv")
    write_csv(read_text(folder / "county_sector.csv"), to / "county_sector.csv")
    municipios = read_text(folder / "mx_municipios_on_line.csv")
    write_csv(municipios, to / "municipios_on_line.csv")

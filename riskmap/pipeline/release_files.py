"""Files of a release: CSV and GeoJSON that say what they are and what they hide."""

from collections.abc import Callable, Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd

import riskmap
from riskmap import cells as cells_
from riskmap.exports.files import write_bytes
from riskmap.exports.table import write_table
from riskmap.pipeline.disclosure import Release
from riskmap.sharing.counting import WHOLE

Label = Callable[[str], str]


def released_table(release: Release) -> pd.DataFrame:
    """Write a release's counts with cells as hexadecimal text.

    Parameters
    ----------
    release
        What left.

    Returns
    -------
    pandas.DataFrame
        ``cell`` is empty for the whole border; ``marking`` is every row's label.
    """
    table = release.table
    text = pd.Series("", index=table.index, dtype="str")
    placed = table["cell"] != WHOLE
    names = cells_.cell_hex(table.loc[placed, "cell"].to_numpy(dtype=np.uint64))
    text.loc[placed] = names.tolist()
    return table.assign(cell=text, marking=release.label)


def write_release(
    release: Release, out: Path, words: Mapping[str, Label]
) -> tuple[Path, ...]:
    """Write the counts of a release for others.

    Parameters
    ----------
    release
        What left.
    out
        Folder, made if it is not there.
    words
        Language to its labels.

    Returns
    -------
    tuple of pathlib.Path
        ``counts_{profile}.csv`` and ``counts_{profile}.geojson``, the latter with
        the hexagons of the counts that are shown.

    Raises
    ------
    FolderUnwritableError, DiskFullError
        If a file cannot be written; earlier files of that name stay whole.
    """
    table = released_table(release)
    name = f"counts_{release.profile}"
    csv = write_table(out / f"{name}.csv", table)
    about = {
        "riskmap": {
            "version": riskmap.__version__,
            "marking": release.label,
            "audience": release.audience,
            "profile": release.profile,
            "sha256": release.sha256,
            "protected": {
                language: label("sharing.protected.help")
                for language, label in sorted(words.items())
            },
        }
    }
    shown = table[(table["state"] == "shown") & (table["cell"] != "")]
    index = cells_.parse_cells(shown["cell"])
    shapes = cells_.cell_polygons(index).to_numpy()
    frame = gpd.GeoDataFrame(shown.reset_index(drop=True), geometry=shapes, crs=4326)
    document = orjson.loads(frame.to_json(drop_id=True))
    document.pop("crs", None)
    geojson = write_bytes(out / f"{name}.geojson", [orjson.dumps(document | about)])
    return csv, geojson

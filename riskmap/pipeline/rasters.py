"""Rasters: the user's own elevation model in place of the bundled terrain."""

import hashlib
from pathlib import Path

import pandas as pd

from riskmap.errors import FileMissingError
from riskmap.features.zonal import read_dem
from riskmap.pipeline.reports import Progress, tell_nobody
from riskmap.pipeline.runner import Settings

CHUNK_BYTES = 1 << 20


def _dem_path(settings: Settings) -> Path | None:
    """Find the user's elevation model; None if there is none."""
    named = settings.config.rasters.dem
    return Path(settings.folder, named) if named else None


def checksum_of_dem(settings: Settings) -> str:
    """Name the state of the user's elevation model by its bytes.

    Parameters
    ----------
    settings
        With the raster options.

    Returns
    -------
    str
        SHA-256; empty if there is none.

    Raises
    ------
    FileMissingError
        If the file that the options name is not there.

    Examples
    --------
    >>> from riskmap.config import Config
    >>> checksum_of_dem(Settings(config=Config()))
    ''
    """
    path = _dem_path(settings)
    if path is None:
        return ""
    if not path.is_file():
        msg = f"The elevation model {path} that riskmap.toml names is not there."
        raise FileMissingError(msg, path=str(path))
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def terrain_of(
    bundled: pd.DataFrame,
    table: pd.DataFrame,
    settings: Settings,
    *,
    progress: Progress = tell_nobody,
) -> pd.DataFrame:
    """Take the bundled terrain, or measure it on the user's own elevation model.

    Parameters
    ----------
    bundled
        Terrain by cell of the bundled resolution.
    table
        Cell table.
    settings
        With the raster options.
    progress
        Told how many windows of the raster are done.

    Returns
    -------
    pandas.DataFrame
        ``elevation_m``, ``slope_deg``, ``ruggedness`` on a cell index.

    Raises
    ------
    InputError
        If the raster cannot be read.
    """
    path = _dem_path(settings)
    if path is None:
        return bundled
    return read_dem(path, table.index, progress=progress)

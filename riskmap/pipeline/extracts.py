"""Extracts: files made in memory, for a page to hand out."""

import io
import tempfile
import zipfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from riskmap.exports import format_named
from riskmap.pipeline.audit import audited
from riskmap.pipeline.disclosure import Release
from riskmap.pipeline.files import export, export_notes
from riskmap.pipeline.leaving import as_leaving
from riskmap.pipeline.policy import marking_of_table
from riskmap.pipeline.release_files import write_release
from riskmap.project import Project

# the first day that a zip can say: the same files make the same bytes
FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def zipped(files: Iterable[Path], folder: Path) -> bytes:
    """Pack files into one zip, the same bytes for the same files.

    Parameters
    ----------
    files
        The files.
    folder
        Whose parts their names are told from.

    Returns
    -------
    bytes
        A zip, sorted by name, without times.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as place:
    ...     file = Path(place, "a.txt")
    ...     _ = file.write_text("a")
    ...     zipfile.ZipFile(io.BytesIO(zipped([file], Path(place)))).namelist()
    ['a.txt']
    """
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(files):
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, file.read_bytes())
    return held.getvalue()


def export_bytes(
    project: Project,
    form: str,
    words: Mapping[str, Any],
    *,
    region: str | None = None,
) -> bytes:
    """Make an export as one file to hand out.

    Parameters
    ----------
    project
        A project that has been run.
    form
        One of :data:`riskmap.pipeline.FORMATS`.
    words
        Language to its labels.
    region
        Name or code of a region; the whole border if not given.

    Returns
    -------
    bytes
        A zip of what :func:`riskmap.pipeline.export` writes.

    Raises
    ------
    UnknownNameError
        If there is no such format or region.
    TableMissingError
        Before the first run.
    FolderUnwritableError, DiskFullError
        If there is no room to make it.
    """
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        return zipped(export(project, form, folder, words, region=region), folder)


@audited("export", subject="zones")
def zone_bytes(
    project: Project, zones: Collection[str], form: str, words: Mapping[str, Any]
) -> bytes:
    """Write some zones, in the order given, as one file.

    Parameters
    ----------
    project
        A project that has been run.
    zones
        Their ids.
    form
        ``csv`` or ``geojson``.
    words
        Language to its labels.

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    UnknownNameError
        If there is no such format.
    RestrictedError
        If the zones are marked for others.
    TableMissingError
        Before the first run.
    """
    project = as_leaving(project)
    table = project.read("zones")
    marking = marking_of_table(project, "zones").text()
    notes = replace(export_notes(project, words), marking=marking)
    kept = table.loc[[name for name in zones if name in table.index]]
    with tempfile.TemporaryDirectory() as place:
        write = format_named(form).write
        files = write({"zones": kept}, Path(place), notes)
        return next(file for file in files if file.stem == "zones").read_bytes()


@audited("export", subject="model card")
def card_bytes(project: Project, model_id: str, words: Mapping[str, Any]) -> bytes:
    """Make a model's card as one file to hand out.

    Parameters
    ----------
    project
        The project, once run.
    model_id
        The model.
    words
        Language to its labels.

    Returns
    -------
    bytes
        A zip: one page in both languages, and Markdown in each.

    Raises
    ------
    UnknownNameError
        If there is no such model.
    """
    # the learners behind it take 80 MB, which a server that shows the map does without
    from riskmap.pipeline.model_card import save_card  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        return zipped(save_card(project, model_id, folder, words), folder)


def release_bytes(release: Release, words: Mapping[str, Any]) -> bytes:
    """Make the counts of a release as one file to hand out.

    Parameters
    ----------
    release
        What left.
    words
        Language to its labels.

    Returns
    -------
    bytes
        A zip of CSV and GeoJSON.
    """
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        return zipped(write_release(release, folder, words), folder)

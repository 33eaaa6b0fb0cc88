"""Founding: a new project from the bundled tables, whole or not at all."""

import contextlib
import shutil
import tempfile
from pathlib import Path

import riskmap
from riskmap.config import FILE
from riskmap.errors import ProjectExistsError
from riskmap.pipeline.context import CONTEXT, DELIVERIES
from riskmap.pipeline.deliveries import ingest_incidents, ingest_landmarks
from riskmap.pipeline.opening import open_project
from riskmap.project import Project
from riskmap.project.failures import failures_named

LEDGER = "riskmap.sqlite"

STEP = "sample"

# of the bundled tables, those that a project without incidents does without
OF_INCIDENTS = ("coverage_given",)

SETTINGS = """\
# riskmap settings / configuración de riskmap

[corridor]
# kilometres on each side of the line, 1 to 300; 100 is the border region of the
# La Paz Agreement of 1983
# kilómetros a cada lado de la línea, de 1 a 300; 100 es la región fronteriza del
# Convenio de La Paz de 1983
half_width_km = 100.0
# H3 resolution, 4 to 10: cells of 7 have about 6 km², of 8 about 0.9 km²
# resolución H3, de 4 a 10: las celdas de 7 tienen unos 6 km², las de 8 unos 0.9 km²
resolution = 7

[zones]
# share of each side's area that ranked zones may hold, and the size of one
# parte de la superficie de cada lado que pueden ocupar las zonas, y el tamaño de una
share_of_area = 0.05
largest_km2 = 250.0
smallest_km2 = 25.0

[rasters]
# a GeoTIFF of elevation in metres that replaces the bundled terrain
# un GeoTIFF de elevación en metros que sustituye el terreno incluido
dem = ""

[hazards]
# who walks: month, litres of water carried, loss of body mass that is the limit;
# more in docs/hazards.md
# quién camina: mes, litros de agua que lleva, pérdida de masa corporal que es el
# límite; más en docs/hazards.md
month = 7
water_l = 4.0
limit_share = 0.10
# rasters or polygons of other hazards, and a forecast day in °C; empty if there is none
# rásteres o polígonos de otros peligros, y un día pronosticado en °C; vacío si no hay
cold = ""
flood = ""
fire = ""
storm = ""
temperature = ""
"""


def sample_folder() -> Path:
    """Find the bundled data: packed inside, or at the top of a checkout.

    Returns
    -------
    pathlib.Path
        Folder with ``boundary``, ``incidents`` and ``landmarks``.
    """
    package = Path(riskmap.__file__).parent
    packed = package / "sample"
    return packed if packed.is_dir() else package.parent / "data"


def create_project(path: Path | str, *, empty: bool = False) -> Project:
    """Make a project from the bundled tables, whole or not at all.

    Parameters
    ----------
    path
        Folder; made if it is not there.
    empty
        True for the boundary, landmarks, climate and terrain only, without
        incidents.

    Returns
    -------
    Project
        Ready to be run.

    Raises
    ------
    ProjectExistsError
        If there is a project in the folder.
    FolderUnwritableError, DiskFullError
        If the folder cannot be written; it is left as it was.
    """
    folder = Path(path)
    draft = _draft_folder(folder)
    try:
        with failures_named(folder):
            _fill(Project.create(draft / "project"), sample_folder(), empty=empty)
            _settle(draft / "project", folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        with contextlib.suppress(OSError):
            # only a folder that nothing was put into goes away
            folder.rmdir()
    return open_project(folder)


def _draft_folder(folder: Path) -> Path:
    """Make a place to draft in, on the disk where the project will be."""
    if (folder / LEDGER).exists():
        msg = f"There is a project in {folder} already."
        raise ProjectExistsError(msg, path=str(folder))
    with failures_named(folder):
        folder.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=".draft-", dir=folder))


def _fill(project: Project, sample: Path, *, empty: bool) -> None:
    """Read the bundled tables into a draft."""
    for name, (file, read) in CONTEXT.items():
        table = read(sample / file)
        if empty and name in OF_INCIDENTS:
            table = table.iloc[:0]
        project.write(name, table, step=STEP, options={}, inputs={})
    ingest_landmarks(project, [sample / DELIVERIES["landmarks"]])
    if not empty:
        ingest_incidents(project, [sample / DELIVERIES["incidents"]])


def _settle(draft: Path, folder: Path) -> None:
    """Move a finished draft into its folder, the ledger last.

    A folder is a project once its ledger is there: what stops before leaves none.
    """
    ledger = draft / LEDGER
    for file in sorted(draft.rglob("*")):
        if file.is_file() and file != ledger:
            place = folder / file.relative_to(draft)
            place.parent.mkdir(parents=True, exist_ok=True)
            file.replace(place)
    if not (folder / FILE).exists():
        (folder / FILE).write_text(SETTINGS, encoding="utf-8")
    ledger.replace(folder / LEDGER)

"""Opening: a project that is there, its settings checked."""

from pathlib import Path

from riskmap.config import FILE, read_config
from riskmap.project import Project


def open_project(path: Path | str) -> Project:
    """Open a project and check its settings.

    Parameters
    ----------
    path
        The project folder.

    Returns
    -------
    Project
        The project.

    Raises
    ------
    ProjectMissingError
        If there is no project.
    ProjectNewerError
        If a newer riskmap made it.
    ConfigError
        If ``riskmap.toml`` is wrong.
    """
    project = Project.open(Path(path))
    read_config(project.path / FILE)
    return project

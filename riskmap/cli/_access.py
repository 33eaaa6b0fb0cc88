"""What each command does: a deed that changes a project, or a look on one surface."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

# a lower role for whoever sits here; whoever may read the folder can read all of it
ROLE_VARIABLE = "RISKMAP_ROLE"

DEED_OF: Mapping[str, str] = {
    **dict.fromkeys(
        (
            *("ingest", "quarantine resubmit", "landmarks import"),
            *("contacts import", "offices import", "effort import"),
        ),
        "import",
    ),
    **dict.fromkeys(
        (
            *("run", "evaluate", "models train", "hotspots", "trends", "nearrepeat"),
            *(
                "scan",
                "undercount",
                "routes",
                "displacement",
                "linkage propose",
                "changes",
            ),
            *("changes", "scenario create", "scenario refresh"),
        ),
        "run",
    ),
    **dict.fromkeys(
        (
            *("quarantine accept", "incidents correct", "incidents withdraw"),
            *(
                "incidents follow-up",
                "incidents tasks",
                "linkage accept",
                "linkage reject",
            ),
            *("linkage undo", "models approve", "models activate", "models rollback"),
            *("models import", "scenario rename", "scenario remove"),
            *("operations add", "landmarks add", "landmarks verify"),
        ),
        "edit",
    ),
    **dict.fromkeys(
        ("disclose check", "disclose release", "disclose audit"), "release"
    ),
    **dict.fromkeys(
        ("package create", "package import", "package diff", "package decide"),
        "package",
    ),
}
"""What a command does to a project; who may is the policy's to say."""

SURFACE_OF: Mapping[str, str] = {
    **dict.fromkeys(
        (
            *("quarantine list", "quarantine show", "incidents history"),
            *("incidents timeliness", "incidents completeness"),
            *("incidents areas", "incidents show", "linkage list", "linkage show"),
            *("scores", "zones", "why", "models list", "models show"),
            *("scenario list", "scenario show", "scenario compare"),
            *("hazards", "people", "causes"),
            *("operations list", "area", "regions list", "regions show"),
            *("landmarks list", "landmarks show", "landmarks unverified"),
            *("landmarks disagreements", "landmarks gaps", "landmarks demarcation"),
            *("contacts list", "contacts show", "offices list"),
            *("disclose ledger", "package agreed", "status"),
        ),
        "table",
    ),
    **dict.fromkeys(
        ("export", "quarantine export", "models export", "poster"), "export"
    ),
    "locate": "search",
    "card": "card",
    **dict.fromkeys(("audit log", "audit verify", "effort list"), "log"),
}
"""Where a command shows what it reads."""

UNLISTED = "edit"


def open_as(folder: Path, command: str, role: str) -> Any:
    """Open a project for one command, as the local user may see it or work on it.

    A command of which nothing is said here is thought to change the project.
    """
    from riskmap import pipeline

    whose = pipeline.local_clearance(folder, role=role)
    if command in SURFACE_OF:
        return pipeline.open_for(folder, whose, SURFACE_OF[command])
    return pipeline.open_to(folder, whose, DEED_OF.get(command, UNLISTED))

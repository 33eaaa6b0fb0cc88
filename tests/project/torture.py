"""Hours of bad luck in minutes: `python -m tests.project.torture [--scale N]`.

Kills at every named moment and at random ones, errors at every call, losses
of power at every call, flipped bits, a crowd. Prints a table; exits 1 if
anything that was acknowledged was lost or changed.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.project import crowd, flips, survival

Result = tuple[int, list[str]]


def trials_of(trials: list[dict], preload: Path | None = None) -> Result:
    """Run trials; count those that came about, list what was wrong."""
    found = survival.run(trials, preload)
    wrong = [f"{trial}" for trial in found if trial["wrong"]]
    return sum(int(trial.get("reached", 0)) for trial in found), wrong


def flipped(scale: int) -> Result:
    """Flip bits and list each that changed a reading without being noticed."""
    with tempfile.TemporaryDirectory() as name:
        found = flips.count(Path(name) / "border", flips=100 * scale, seed=scale)
    for kind, outcomes in found.items():
        for outcome, times in sorted(outcomes.items()):
            sys.stdout.write(f"    {kind}: {outcome}: {times}\n")
    bad = "read as if nothing were wrong"
    silent = [kind for kind, outcomes in found.items() if outcomes[bad]]
    return sum(outcomes.total() for outcomes in found.values()), silent


def crowded(scale: int) -> Result:
    """Let eight readers, two writers and one who verifies work at once."""
    with tempfile.TemporaryDirectory() as name:
        wrong, count = crowd.crowd(Path(name) / "border", seconds=6.0 * scale)
    return count, wrong


def served(scale: int) -> Result:
    """Let the served app, eight readers and two who deliver work at once."""
    with tempfile.TemporaryDirectory() as name:
        command = [sys.executable, "-m", "tests.project.served_crowd"]
        command += [name, str(6.0 * scale)]
        found = subprocess.run(
            command, capture_output=True, text=True, check=True, cwd=survival.ROOT
        )
    wrong, count, visits = json.loads(found.stdout)
    sys.stdout.write(f"    the app was looked at {visits} times\n")
    return count, wrong


def main() -> int:
    """Run it all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=int, default=10, help="1 is quick, 10 is all")
    scale = parser.parse_args().scale
    every = max(1, 11 - scale)
    with tempfile.TemporaryDirectory() as name:
        faulty = survival.compiled(Path(name))
        parts: dict[str, Callable[[], Result]] = {
            "killed at named moments": lambda: trials_of(survival.at_points(3)),
            "killed at any moment": lambda: trials_of(survival.at_moments(30 * scale)),
            "bits flipped": lambda: flipped(scale),
            "in a crowd (deliveries)": lambda: crowded(scale),
            "in a crowd with the app (deliveries)": lambda: served(scale),
        }
        if faulty is not None:
            losses, errors = survival.at_power_losses(every), survival.at_errors(every)
            parts["out of power"] = lambda: trials_of(losses, faulty)
            parts["errors at the n-th call"] = lambda: trials_of(errors, faulty)
        else:
            sys.stdout.write("no C compiler: power and errors are skipped\n")
        bad = 0
        for title, run in parts.items():
            started = time.perf_counter()
            trials, wrong = run()
            took = time.perf_counter() - started
            sys.stdout.write(f"{title}: {trials}, wrong {len(wrong)}, {took:.0f} s\n")
            for line in wrong[:5]:
                sys.stdout.write(f"    {line}\n")
            sys.stdout.flush()
            bad += len(wrong)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

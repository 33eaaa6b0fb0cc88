"""Long runs of sharing: the attacker, tampering with the log, a million entries.

Run ``python -m benchmarks.sharing [worlds]``: 1,000 worlds take hours.
"""

import sys
import time

from riskmap.project import audit
from tests.project.tampering import false_alarms, flip_bit, fresh, tamper
from tests.sharing.attacker import attack

MUTATIONS, FLIPS, CLEAN_RUNS, ENTRIES = 10_000, 2_000, 1_000, 1_000_000

WORLDS, RELEASES = 1_000, 10


def main() -> None:
    """Print each figure with its time."""
    worlds = int(sys.argv[1]) if len(sys.argv) > 1 else WORLDS
    log = fresh(entries=ENTRIES)
    runs = {
        "mutations": lambda: tamper(MUTATIONS, seed=11),
        "bit flips": lambda: tamper(FLIPS, seed=12, ways=(flip_bit,)),
        "false alarms": lambda: false_alarms(CLEAN_RUNS, seed=5),
        "a million entries": lambda: audit.check(log),
        f"{worlds} worlds": lambda: attack(worlds, seed=1, rounds=RELEASES),
    }
    for name, run in runs.items():
        start = time.perf_counter()
        found = run()
        print(f"{name}: {found} in {time.perf_counter() - start:.1f} s", flush=True)


if __name__ == "__main__":
    main()

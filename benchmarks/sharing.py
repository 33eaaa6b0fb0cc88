"""Long runs of the audit log: tampering, clean runs, a million entries.

Run ``python -m benchmarks.sharing``. The attacker is ``tests.sharing.torture``.
"""

import time

from riskmap.project import audit
from tests.project.tampering import false_alarms, flip_bit, fresh, tamper

MUTATIONS, FLIPS, CLEAN_RUNS, ENTRIES = 10_000, 2_000, 1_000, 1_000_000


def main() -> None:
    """Print each figure with its time."""
    log = fresh(entries=ENTRIES)
    runs = {
        "mutations": lambda: tamper(MUTATIONS, seed=11),
        "bit flips": lambda: tamper(FLIPS, seed=12, ways=(flip_bit,)),
        "false alarms": lambda: false_alarms(CLEAN_RUNS, seed=5),
        "a million entries": lambda: audit.check(log),
    }
    for name, run in runs.items():
        start, cpu = time.perf_counter(), time.process_time()
        found = run()
        wall, cpu = time.perf_counter() - start, time.process_time() - cpu
        print(f"{name}: {found} in {wall:.1f} s, {cpu:.1f} s of CPU", flush=True)


if __name__ == "__main__":
    main()

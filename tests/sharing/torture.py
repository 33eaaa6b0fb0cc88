"""A thousand worlds attacked: `python -m tests.sharing.torture --worlds 1000`.

Each world is released ten times, corrected between; an attacker who holds all of it
bounds every protected count. What a world came to is kept line by line, so that a run
that was cut goes on where it stopped; other code starts anew. Exits 1 if a count was
narrowed.
"""

import argparse
import hashlib
import json
import sys
import time
from pathlib import Path

from riskmap.sharing import lattice, programme, readers, release, suppression, worlds
from tests.sharing import attacker

TRIED = (lattice, programme, readers, release, suppression, worlds, attacker)

KEPT = Path("build", "attacked_worlds.jsonl")

SEED = 1


def code_of(modules=TRIED):
    """Tell which code is tried."""
    read = (Path(module.__file__).read_bytes() for module in modules)
    return hashlib.sha256(b"".join(read)).hexdigest()[:16]


def attacked(kept, about):
    """Read what worlds of the same run came to."""
    text = kept.read_text() if kept.exists() else ""
    if text and not text.endswith("\n"):
        kept.write_text(text + "\n")
    lines = text.splitlines()
    told = [json.loads(line) for line in lines if line.endswith("}")]
    return {
        one["world"]: one
        for one in told
        if all(one.get(name) == value for name, value in about.items())
    }


def main():
    """Attack the worlds that are left; print what all came to."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--worlds", type=int, default=1_000)
    parser.add_argument("--releases", type=int, default=10)
    parser.add_argument("--kept", type=Path, default=KEPT)
    parser.add_argument("--part", type=int, nargs=2, default=(0, 1))
    asked = parser.parse_args()
    about = {"code": code_of(), "seed": SEED, "releases": asked.releases}
    asked.kept.parent.mkdir(parents=True, exist_ok=True)
    done = attacked(asked.kept, about)
    turn, of = asked.part
    for number in range(turn, asked.worlds, of):
        if number in done:
            continue
        began = time.process_time()
        found = attacker.attack_world(number, seed=SEED, rounds=asked.releases)
        seconds = round(time.process_time() - began, 3)
        line = {"world": number, **about, "left": found, "cpu_s": seconds}
        done[number] = line
        with asked.kept.open("a") as out:
            out.write(json.dumps(line) + "\n")
    told = [done[number] for number in sorted(done) if number < asked.worlds]
    total = {
        name: sum(one["left"][name] for one in told) for name in told[0]["left"]
    } | {"cpu_s": round(sum(one["cpu_s"] for one in told))}
    sys.stdout.write(f"{len(told)} worlds of code {about['code']}: {total}\n")
    at_fault = [one["world"] for one in told if one["left"]["narrowed"]]
    if at_fault:
        sys.stdout.write(f"narrowed in worlds {at_fault}\n")
    return 1 if at_fault else 0


if __name__ == "__main__":
    sys.exit(main())

"""What a run of many people took: the figures, the report, and which limits hold."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.person import Answer

KB = 1024

# what must hold
MOST_CPU_S = 0.06
MOST_WIRE_KB = 400
MOST_P95_S = 1.5
MOST_MEMORY_MB = 600
# growth of memory over the last half of a run, of what it was
MOST_GROWTH = 0.05


@dataclass(frozen=True, kw_only=True)
class Load:
    """What one run of many people took.

    Parameters
    ----------
    name
        Which page, and how many people.
    answers
        All answers, in the order they came.
    cpu_s
        Processor seconds of the server for all of them.
    memory_mb
        Resident memory, sampled through the run.
    average
        The machine's own load average while it ran.
    arrivals
        Answers while people were still coming: their opening, and what those did who
        were there. They are in none of the other figures.
    arriving_cpu_s
        Processor seconds of the server for those.
    """

    name: str
    answers: Sequence[Answer]
    cpu_s: float
    memory_mb: Sequence[float]
    average: float
    arrivals: Sequence[Answer] = ()
    arriving_cpu_s: float = 0.0

    @property
    def cpu_per_rerun_s(self) -> float:
        """Processor seconds of the server for one rerun."""
        return self.cpu_s / max(1, len(self.answers))

    @property
    def errors(self) -> int:
        """How many answers failed."""
        answers = (*self.answers, *self.arrivals)
        return sum(bool(answer.error) for answer in answers)

    def waited_s(self, share: float) -> float:
        """How long a share of all answers took at most."""
        return share_below([answer.seconds for answer in self.answers], share)

    @property
    def growth(self) -> float:
        """By how much memory grew from the third quarter to the fourth."""
        quarter = max(1, len(self.memory_mb) // 4)
        before = statistics.median(self.memory_mb[2 * quarter : 3 * quarter] or [0.0])
        after = statistics.median(self.memory_mb[-quarter:])
        return after / before - 1 if before else 0.0


def share_below(values: Sequence[float], share: float) -> float:
    """Find the value that a share of all values do not exceed.

    Parameters
    ----------
    values
        Numbers.
    share
        From 0 to 1.

    Returns
    -------
    float
        One of the values; 0 for none.

    Examples
    --------
    >>> share_below([3, 1, 2, 4], 0.5), share_below([3, 1, 2, 4], 0.95)
    (2, 4)
    """
    ordered = sorted(values)
    place = max(0, -int(-share * len(ordered) // 1) - 1)
    return ordered[min(place, len(ordered) - 1)] if ordered else 0.0


HEAD = "| page | people | answers | errors | CPU s an answer | kB an answer |"
HEAD += " half wait, s | 95 % wait, s | memory, MB | grew | load |"


def line(load: Load, people: int) -> str:
    """Write a run as a row."""
    wire = statistics.mean(answer.wire_bytes for answer in load.answers) / KB
    waits = f"{load.waited_s(0.5):.2f} | {load.waited_s(0.95):.2f}"
    memory = f"{max(load.memory_mb):.0f} | {100 * load.growth:+.1f} %"
    return (
        f"| {load.name} | {people} | {len(load.answers)} | {load.errors} "
        f"| {load.cpu_per_rerun_s:.3f} | {wire:.1f} | {waits} | {memory} "
        f"| {load.average:.1f} |"
    )


def arriving(load: Load, people: int, within_s: float) -> str:
    """Say what coming took."""
    count = len(load.arrivals)
    return (
        f"While {people} people came within {within_s:.0f} s: "
        f"{count} answers, {load.arriving_cpu_s / max(1, count):.3f} CPU s each."
    )


def lines_by_action(answers: Sequence[Answer]) -> list[str]:
    """Write what each deed took of the wire and of people's time."""
    rows = ["| what | answers | kB, most | half wait, s | 95 % wait, s |"]
    rows.append("|---|---:|---:|---:|---:|")
    for action in sorted({answer.action for answer in answers}):
        own = [answer for answer in answers if answer.action == action]
        waits = [answer.seconds for answer in own]
        largest = max(answer.wire_bytes for answer in own) / KB
        rows.append(
            f"| {action} | {len(own)} | {largest:.1f} | {share_below(waits, 0.5):.2f} "
            f"| {share_below(waits, 0.95):.2f} |"
        )
    return rows


def faults(load: Load) -> list[str]:
    """List which of the limits do not hold."""
    came = (*load.arrivals, *load.answers)
    wire = max(answer.wire_bytes for answer in came) / KB
    held = {
        f"CPU {load.cpu_per_rerun_s:.3f} s": load.cpu_per_rerun_s <= MOST_CPU_S,
        f"wire {wire:.0f} kB": wire <= MOST_WIRE_KB,
        f"95 % wait {load.waited_s(0.95):.2f} s": load.waited_s(0.95) <= MOST_P95_S,
        f"errors {load.errors}": load.errors == 0,
        f"memory {max(load.memory_mb):.0f} MB": max(load.memory_mb) <= MOST_MEMORY_MB,
        f"growth {load.growth:.3f}": load.growth <= MOST_GROWTH,
    }
    return [said for said, holds in held.items() if not holds]

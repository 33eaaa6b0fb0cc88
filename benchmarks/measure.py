"""Measure: seconds and peak memory of work, each in a process of its own."""

import multiprocessing
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

MB = 1024


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """What one candidate took for one piece of work.

    Parameters
    ----------
    stage
        The work.
    candidate
        Who did it.
    seconds, cpu_seconds
        Wall and processor time; the median of the rounds.
    peak_mb
        Peak memory above what the prepared inputs already took.
    share
        Part of the work that was run; below 1 the times are scaled up.
    """

    stage: str
    candidate: str
    seconds: float
    cpu_seconds: float
    peak_mb: float
    share: float = 1.0


def _child(work: Callable[[], Any], pipe: Any) -> None:
    """Run the work and send back what it took."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    pipe.send((seconds, cpu, max(0.0, (after.ru_maxrss - before.ru_maxrss) / MB)))


def measure(
    stage: str,
    candidate: str,
    work: Callable[[], Any],
    *,
    rounds: int = 3,
    share: float = 1.0,
) -> Measurement:
    """Run a piece of work in fresh forks and take the median.

    Parameters
    ----------
    stage, candidate
        Names for the table.
    work
        Does it, once; its inputs are prepared already.
    rounds
        How often.
    share
        Part of the work that it does.

    Returns
    -------
    Measurement
        Medians, times divided by ``share``.

    Raises
    ------
    RuntimeError
        If the work failed in its process.
    """
    context = multiprocessing.get_context("fork")
    taken = []
    for _ in range(rounds):
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_child, args=(work, theirs))
        process.start()
        theirs.close()
        try:
            taken.append(ours.recv())
        except EOFError as error:
            msg = f"{candidate} failed at {stage}."
            raise RuntimeError(msg) from error
        finally:
            process.join()
    middle = [sorted(values)[len(values) // 2] for values in zip(*taken, strict=True)]
    return Measurement(
        stage=stage,
        candidate=candidate,
        seconds=middle[0] / share,
        cpu_seconds=middle[1] / share,
        peak_mb=middle[2],
        share=share,
    )


def as_markdown(rows: list[Measurement]) -> str:
    """Write measurements as a table, each as a ratio to the first of its stage.

    Parameters
    ----------
    rows
        Measurements, ours first in each stage.

    Returns
    -------
    str
        A Markdown table.
    """
    lines = [
        "| stage | candidate | wall s | CPU s | ratio to ours | peak MB |",
        "|---|---|---:|---:|---:|---:|",
    ]
    ours: dict[str, float] = {}
    for row in rows:
        first = ours.setdefault(row.stage, row.seconds)
        scaled = "~" if row.share < 1 else ""
        lines.append(
            f"| {row.stage} | {row.candidate} | {scaled}{row.seconds:.2f} "
            f"| {scaled}{row.cpu_seconds:.2f} | {row.seconds / first:.1f} "
            f"| {row.peak_mb:.0f} |"
        )
    return "\n".join(lines)

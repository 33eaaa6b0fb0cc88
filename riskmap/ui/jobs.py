"""Jobs: long work of one person, beside the page, that says how far it is and stops."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from riskmap.errors import RiskmapError
from riskmap.i18n import Words
from riskmap.ui import blocks

NAME = "riskmap_progress"
HTML = (
    '<div class="rm-progress"><span class="rm-told" role="status"></span>'
    '<progress></progress><button type="button"></button></div>'
)
SCRIPT = Path(__file__).with_name("progress.js")
STYLE = Path(__file__).with_name("picker.css")

Progress = Callable[[str, int, int], None]
Work = Callable[[Progress], Any]


class JobStoppedError(Exception):
    """Somebody wanted the work to stop; raised within it, where it tells of itself."""


class Job:
    """One piece of work.

    Parameters
    ----------
    work
        Called with a progress to tell ``(stage, done, total)``.
    last_chance
        Stage from which on it goes through; empty if it can stop at every one.
    loose
        True for work that stores nothing and cannot stop itself: asked to stop, it is
        let go, and what it finds is not looked at.
    about
        What it was asked for, kept for who looks at its result.
    """

    def __init__(
        self,
        work: Work,
        *,
        last_chance: str = "",
        loose: bool = False,
        about: Any = None,
    ) -> None:
        self.stage, self.done, self.total = "", 0, 1
        self.about, self._loose = about, loose
        self.result: Any = None
        self.error: Exception | None = None
        self.last_chance = last_chance
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether it is still at work."""
        return self._thread.is_alive() and not self._let_go

    @property
    def stopped(self) -> bool:
        """Whether it ended because it was asked to."""
        return self._let_go or isinstance(self.error, JobStoppedError)

    @property
    def _let_go(self) -> bool:
        """Whether nobody waits for it any more."""
        return self._loose and self._stop.is_set()

    @property
    def can_stop(self) -> bool:
        """Whether asking it to stop would still stop it."""
        return not self._stop.is_set() and (
            not self.last_chance or self.stage != self.last_chance
        )

    def stop(self) -> None:
        """Ask it to stop where it next tells of itself."""
        self._stop.set()

    def wait(self) -> None:
        """Wait until it has ended."""
        self._thread.join()

    def _tell(self, stage: str, done: int, total: int) -> None:
        """Note how far it is; stop here if that is wanted and still possible."""
        # a stage is entered, and with it the last chance is gone
        if self._stop.is_set() and self.stage != self.last_chance:
            raise JobStoppedError
        self.stage, self.done, self.total = stage, done, max(total, 1)

    def _run(self, work: Work) -> None:
        try:
            self.result = work(self._tell)
        except Exception as error:  # noqa: BLE001 a thread has no caller but the page
            self.error = error


def start(name: str, job: Job) -> None:
    """Take work for this person's, in place of earlier work of the name.

    Parameters
    ----------
    name
        What it is called on the page.
    job
        The work, already begun.
    """
    forget(name)
    st.session_state[f"job.{name}"] = job


def current(name: str) -> Job | None:
    """Give this person's work of a name.

    Parameters
    ----------
    name
        What it is called.

    Returns
    -------
    Job or None
        None if there is none.
    """
    return st.session_state.get(f"job.{name}")


def forget(name: str) -> None:
    """Forget work that has ended, or that nobody waits for.

    Parameters
    ----------
    name
        What it is called.
    """
    if job := st.session_state.pop(f"job.{name}", None):
        job.stop()


def watch(name: str, words: Words) -> bool:
    """Draw how far work is, with a button that stops it.

    Parameters
    ----------
    name
        What it is called.
    words
        Words of the language.

    Returns
    -------
    bool
        True while it runs: the rest of the page waits.
    """
    job = current(name)
    if job is None or not job.running:
        return False
    keys = [f"pages.job.{job.stage}", f"step.{job.stage}", "pages.job.begun"]
    said = words.text(next(key for key in keys if words.has(key)))
    component: Any = st.components.v2.component(
        NAME,
        html=HTML,
        js=SCRIPT.read_text(encoding="utf-8"),
        css=STYLE.read_text(encoding="utf-8"),
        isolate_styles=False,
    )
    component(
        key=f"progress-{name}",
        data={
            "told": words.text(
                "pages.job.at", stage=said, done=job.done, total=job.total
            ),
            "done": job.done,
            "total": job.total,
            "stop": words.text("pages.job.stop"),
            "can_stop": job.can_stop,
            "lang": words.lang,
        },
        # the page runs anew at each look
        on_look_change=lambda: None,
        on_stop_change=job.stop,
    )
    return True


def outcome(name: str, words: Words) -> list[blocks.Block]:
    """Say how work ended, if it did not end well.

    Parameters
    ----------
    name
        What it is called.
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks.
    """
    job = current(name)
    if job is None or job.running or not (job.error or job.stopped):
        return []
    if job.stopped:
        said = words.text("pages.job.stopped")
    elif isinstance(job.error, RiskmapError):
        said = words.error(job.error)
    else:
        said = words.text("pages.job.failed")
    return [blocks.text(said, role="alert")]

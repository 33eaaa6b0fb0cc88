"""Analyst: a project in the hands of somebody at a notebook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pandas as pd

from riskmap.pipeline import (
    audit,
    bench,
    causes,
    deliveries,
    evaluation,
    founding,
    grounds,
    model_card,
    models,
    opening,
    road,
    simulation,
    views,
)
from riskmap.pipeline.judging import Evaluation
from riskmap.pipeline.model_shelf import Decision
from riskmap.pipeline.reports import BatchReport, RunReport
from riskmap.project import Project as Store
from riskmap.simulation.border import BorderOptions

# who decides at a notebook, where nobody says
NOTEBOOK = "notebook"


@dataclass(frozen=True)
class Project:
    """A project at a notebook: every step a method, every table a DataFrame.

    Each method calls one function of :mod:`riskmap.pipeline`, as the command line and
    the page do; what is made here is there too.

    Parameters
    ----------
    store
        The project folder; use :meth:`create`, :meth:`open` or :meth:`simulate`.
    """

    store: Store

    @classmethod
    def create(cls, path: Path | str, *, empty: bool = False) -> Self:
        """Found a project on the bundled tables, with or without the sample's records.

        Parameters
        ----------
        path
            Folder that holds no project.
        empty
            True for no records.

        Returns
        -------
        Project
            Not yet run.
        """
        return cls(founding.create_project(path, empty=empty))

    @classmethod
    def open(cls, path: Path | str) -> Self:
        """Open a project.

        Parameters
        ----------
        path
            Its folder.

        Returns
        -------
        Project
            As it stands.
        """
        return cls(opening.open_project(path))

    @classmethod
    def simulate(cls, path: Path | str, **options: Any) -> Self:
        """Found a project on a border that is made up.

        Parameters
        ----------
        path
            Folder that holds no project.
        **options
            Of :class:`riskmap.simulation.border.BorderOptions`.

        Returns
        -------
        Project
            Its truth in the table ``truth``.
        """
        return cls(simulation.simulate(path, BorderOptions(**options)))

    @property
    def path(self) -> Path:
        """The project folder."""
        return self.store.path

    def ingest(
        self, files: Sequence[Path | str], *, profile: str | None = None
    ) -> tuple[BatchReport, ...]:
        """Take files of incidents, as ``riskmap ingest incidents`` does.

        Parameters
        ----------
        files
            CSV, spreadsheet, GeoJSON and others.
        profile
            How to read them; recognised if not given.

        Returns
        -------
        tuple of BatchReport
            What became of each file's rows.
        """
        paths = [Path(file) for file in files]
        return deliveries.ingest_incidents(self.store, paths, profile=profile)

    def run(self, **options: Any) -> RunReport:
        """Make every table that is missing or out of date.

        Parameters
        ----------
        **options
            Of :func:`riskmap.pipeline.road.run`: ``as_of``, ``resolution``,
            ``half_width_km``.

        Returns
        -------
        RunReport
            What each step did.
        """
        return road.run(self.store, **options)

    def table(self, name: str) -> pd.DataFrame:
        """Read a table, such as ``cells``, ``layers``, ``incidents`` or ``truth``.

        Parameters
        ----------
        name
            Its name.

        Returns
        -------
        pandas.DataFrame
            With the dtypes and index it was made with.
        """
        return self.store.read(name)

    def sql(self, text: str) -> pd.DataFrame:
        """Answer one SQL statement over the tables.

        Parameters
        ----------
        text
            DuckDB's dialect.

        Returns
        -------
        pandas.DataFrame
            The answer.
        """
        return self.store.sql(text)

    def scores(self, target: str | None = None, top: int | None = None) -> pd.DataFrame:
        """Read scores, the highest first.

        Parameters
        ----------
        target
            One score.
        top
            How many cells.

        Returns
        -------
        pandas.DataFrame
            On ``cell``.
        """
        return views.scores(self.store, target=target, top=top)

    def bench(self, target: str, *, resolution: int = 0) -> bench.Bench:
        """Take a score's records and layers, to try estimators of one's own on.

        Parameters
        ----------
        target
            The score.
        resolution
            H3 resolution; 0 for that of the last run.

        Returns
        -------
        riskmap.pipeline.bench.Bench
            ``records``, ``features``, ``forecasters``, ``preset``.
        """
        return bench.lay_bench(self.store, target, resolution=resolution)

    def evaluate(self, target: str, **options: Any) -> Evaluation:
        """Judge a score on past days and unseen ground.

        Parameters
        ----------
        target
            The score.
        **options
            Of :class:`riskmap.pipeline.bench.EvaluationOptions`.

        Returns
        -------
        riskmap.pipeline.judging.Evaluation
            Its tables, which are stored too.
        """
        asked = bench.EvaluationOptions(**options)
        return evaluation.evaluate(self.store, target, asked)

    def train(
        self, target: str, *, by: str = NOTEBOOK, note: str = "", **settings: Any
    ) -> str:
        """Make a model and register it; the map stays as it is.

        Parameters
        ----------
        target
            The score.
        by
            The author.
        note
            What it is for.
        **settings
            ``layers`` and ``numbers`` that differ from what riskmap brings.

        Returns
        -------
        str
            Id of the model.
        """
        return models.train(self.store, target, _by(by, note), settings=settings)

    def models(self, target: str | None = None) -> pd.DataFrame:
        """List the models and where each stands.

        Parameters
        ----------
        target
            One score.

        Returns
        -------
        pandas.DataFrame
            A row a model.
        """
        return models.list_models(self.store, target)

    def approve(self, model_id: str, *, by: str, reason: str = "") -> None:
        """Record that somebody approves a model.

        Parameters
        ----------
        model_id
            The model.
        by
            Who.
        reason
            Why.
        """
        models.approve(self.store, model_id, _by(by, reason))

    def activate(self, model_id: str, *, by: str, reason: str = "") -> str:
        """Put an approved model to use.

        Parameters
        ----------
        model_id
            The model.
        by
            Who.
        reason
            Why; needed where it is no better than the best simple map.

        Returns
        -------
        str
            ``restored`` or ``remade``.
        """
        return models.activate(self.store, model_id, _by(by, reason))

    def roll_back(self, target: str, *, by: str, reason: str = "") -> str:
        """Go back to the model before.

        Parameters
        ----------
        target
            The score.
        by
            Who.
        reason
            Why.

        Returns
        -------
        str
            Id of the model now in use.
        """
        return models.roll_back(self.store, target, _by(by, reason))[0]

    def drift(self, model_id: str) -> pd.DataFrame:
        """Tell how far the world has moved since a model was made.

        Parameters
        ----------
        model_id
            The model.

        Returns
        -------
        pandas.DataFrame
            Measures, limits and alarms.
        """
        return model_card.model_drift(self.store, model_id)

    def why(
        self, place: str, words: Mapping[str, Any], target: str | None = None
    ) -> list[dict[str, Any]]:
        """Say why a place scores as it does.

        Parameters
        ----------
        place
            A cell in hexadecimal, or what somebody said.
        words
            Language to its :class:`riskmap.i18n.Words`.
        target
            One score.

        Returns
        -------
        list of dict
            Numbers and a sentence in each language.
        """
        return grounds.why(self.store, place, words, target)

    def causes(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Split the danger to migrants into what people die of.

        Returns
        -------
        tuple of pandas.DataFrame
            Events a year by cause, adding up to the score, and how well past causes
            were foretold.
        """
        return causes.danger_by_cause(self.store)

    def influence(self, target: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Tell which layers matter, how, and whether studies found the same.

        Parameters
        ----------
        target
            The score.

        Returns
        -------
        tuple of pandas.DataFrame
            Importance and partial dependence.
        """
        return grounds.influence(self.store, target)

    def recovery(self) -> dict[str, float]:
        """Tell how near a run of a simulated project came to its truth.

        Returns
        -------
        dict
            See :func:`riskmap.pipeline.simulation.recovery`.
        """
        return simulation.recovery(self.store)


def _by(who: str, reason: str) -> Decision:
    """Record who decides, and when: a notebook is a face and may read the clock."""
    at = audit.now().isoformat(timespec="seconds")
    return Decision(who=who, reason=reason, at=at)

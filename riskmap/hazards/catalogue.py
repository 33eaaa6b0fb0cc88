"""Catalogue: the columns of the hazards, each with unit, purpose and source."""

from dataclasses import dataclass

from riskmap.hazards.drowning import FOOTING
from riskmap.hazards.heat import GONZALEZ
from riskmap.hazards.options import GIVEN
from riskmap.hazards.walking import TOBLER
from riskmap.provenance import Source
from riskmap.schema import Column

# every hazard serves to save lives: none may enter the score for patrol
PURPOSE = "life_saving"

GIVEN_BY_USER = Source(
    name="File of the user's own", note="named under [hazards] in riskmap.toml"
)


@dataclass(frozen=True, kw_only=True)
class Hazard:
    """One column of the hazards.

    Parameters
    ----------
    column
        Name, unit, range and meaning.
    source
        What it rests on.
    family
        ``heat``, ``drowning`` or one of ``GIVEN``.
    purpose
        Side of the purpose wall.
    shown
        True if the map offers it.
    """

    column: Column
    source: Source
    family: str
    purpose: str = PURPOSE
    shown: bool = True

    @property
    def name(self) -> str:
        """Name of the column."""
        return self.column.name


def _chance(name: str, meaning: str) -> Column:
    """Describe a chance."""
    return Column(
        name=name,
        dtype="float64",
        unit="1",
        lowest=0,
        highest=1,
        missing=True,
        meaning=meaning,
    )


def _flag(name: str, meaning: str) -> Column:
    """Describe the column that says what to beware of."""
    return Column(name=name, dtype="str", unit="", meaning=meaning)


HAZARDS: tuple[Hazard, ...] = (
    Hazard(
        column=Column(
            name="heat_loss_l_per_km",
            dtype="float64",
            unit="l/km",
            lowest=0,
            missing=True,
            meaning="Sweat that a kilometre on foot costs, mean of the walkers.",
        ),
        source=GONZALEZ,
        family="heat",
    ),
    Hazard(
        column=Column(
            name="heat_debt_l",
            dtype="float64",
            unit="l",
            missing=True,
            meaning="Litres lost on foot from the line or water, less litres carried.",
        ),
        source=GONZALEZ,
        family="heat",
    ),
    Hazard(
        column=_chance(
            "heat_chance", "Chance that the loss on foot passes what a body bears."
        ),
        source=GONZALEZ,
        family="heat",
    ),
    Hazard(
        column=_flag("heat_flag", "Where the equations were not fitted, or no data."),
        source=GONZALEZ,
        family="heat",
        shown=False,
    ),
    Hazard(
        column=Column(
            name="walk_hours",
            dtype="float64",
            unit="h",
            lowest=0,
            missing=True,
            meaning="Hours on foot from the line by the quickest way, rest left out.",
        ),
        source=TOBLER,
        family="heat",
    ),
    Hazard(
        column=_chance(
            "drowning_chance",
            "Chance that a kilometre's walk meets listed water and is swept away.",
        ),
        source=FOOTING,
        family="drowning",
    ),
    Hazard(
        column=_chance(
            "drowning_drift", "The same, carried downstream to where bodies are found."
        ),
        source=FOOTING,
        family="drowning",
    ),
    Hazard(
        column=_flag("drowning_flag", "Where courses are coarse or none is listed."),
        source=FOOTING,
        family="drowning",
        shown=False,
    ),
    *(
        Hazard(
            column=Column(
                name=f"{kind}_hazard",
                dtype="float64",
                unit="1",
                lowest=0,
                missing=True,
                meaning=f"{kind.capitalize()}, as the user's own file has it.",
            ),
            source=GIVEN_BY_USER,
            family=kind,
        )
        for kind in GIVEN
    ),
)
"""All columns, in the order of the table; those of the user's files if given."""

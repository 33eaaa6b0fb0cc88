"""A score from another package: fights between armed groups, for the communities."""

from riskmap import preset_like

ARMED_GROUPS = preset_like(
    "patrol_risk",
    name="armed_groups",
    kinds=("violence_nonstate",),
    audiences=("communities",),
    numbers={"half_lives_days": ((60, 180, 730), "judgement: fights last months")},
)

WORDS = {
    "en": {
        "score.armed_groups": "Fights between armed groups",
        "score.armed_groups.help": "Recorded deadly fights expected in a year.",
    },
    "es": {
        "score.armed_groups": "Enfrentamientos entre grupos armados",
        "score.armed_groups.help": "Enfrentamientos letales esperados en un año.",
    },
}

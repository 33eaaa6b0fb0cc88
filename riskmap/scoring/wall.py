"""Wall: a score takes nothing from the other side of its purpose."""

from collections.abc import Mapping

from riskmap.errors import PurposeWallError

NEUTRAL = "neutral"


def refuse_wrong_side(score: str, purpose: str, tags: Mapping[str, str]) -> None:
    """Refuse a score that would use what was given for another purpose.

    People report deaths and ask for rescue so that lives are saved; were patrols sent
    by these reports, reporting would end. Neutral layers may be used by all.

    Parameters
    ----------
    score
        Name of the score.
    purpose
        Its purpose.
    tags
        Purpose of each layer or kind of incident that it would use, by name.

    Raises
    ------
    PurposeWallError
        For the first, by name, that is from the other side.

    Examples
    --------
    >>> refuse_wrong_side("patrol_risk", "public_safety", {"slope_deg": "neutral"})
    >>> refuse_wrong_side("patrol_risk", "public_safety", {"rescues": "life_saving"})
    Traceback (most recent call last):
        ...
    riskmap.errors.PurposeWallError: patrol_risk is tagged public_safety and may not \
use rescues, which is tagged life_saving.
    """
    for name in sorted(tags):
        if tags[name] not in (purpose, NEUTRAL):
            msg = (
                f"{score} is tagged {purpose} and may not use {name}, which is "
                f"tagged {tags[name]}."
            )
            raise PurposeWallError(
                msg,
                score=score,
                score_purpose=purpose,
                layer=name,
                layer_purpose=tags[name],
            )

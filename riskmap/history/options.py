"""Options of what is known of records, which a project's settings hold."""

from dataclasses import dataclass

from riskmap.errors import OptionError


@dataclass(frozen=True, kw_only=True)
class EffortOptions:
    """What is known of how incidents come to be known.

    Parameters
    ----------
    reported_share
        Share of the records that are reported whoever looks, above 0 to 1; 0 if
        nobody has said it, and effort then corrects nothing.

    Raises
    ------
    OptionError
        If it is out of range.

    Examples
    --------
    >>> EffortOptions().reported_share
    0.0
    """

    reported_share: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is out of range; written so that NaN fails."""
        if not 0 <= self.reported_share <= 1:
            value = self.reported_share
            msg = f"`reported_share` must be from 0 to 1, got {value!r}."
            raise OptionError(msg, option="reported_share", value=value)

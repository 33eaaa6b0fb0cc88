"""One language's words: sentences, plurals, numbers, days and errors."""

import datetime
import logging
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from numbers import Real
from string import Formatter
from typing import Literal

from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from riskmap.errors import RiskmapError
from riskmap.i18n import catalogues

LANGUAGES = ("en", "es")

# how each language writes numbers and days at this border
REGIONS = {"en": "en_US", "es": "es_MX"}

Width = Literal["short", "medium", "long"]
Precision = Literal["day", "week", "month", "year"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Words:
    """The words of one language, chosen for one person, never for the process.

    Parameters
    ----------
    lang
        A code out of :data:`LANGUAGES`.
    strict
        Refuse a key without words (the default); a face that would rather show
        the other language's sentence than stop says False.

    Examples
    --------
    >>> Words("en").text("error.disk_full", path="/data").split(".")[0]
    'The disk is full: there is no space left to write in /data'
    >>> Words("es").number(1234.5), Words("es").percent(0.5)
    ('1,234.5', '50%')
    """

    lang: str
    strict: bool = True

    def __post_init__(self) -> None:
        if self.lang not in LANGUAGES:
            msg = f"`lang` must be one of {LANGUAGES}, got {self.lang!r}."
            raise KeyError(msg)

    def has(self, key: str) -> bool:
        """Tell whether this language has words for a key.

        Parameters
        ----------
        key
            Key of the message.

        Returns
        -------
        bool
            False too where its words are empty or marked fuzzy.

        Examples
        --------
        >>> Words("es").has("error.disk_full"), Words("es").has("error.none")
        (True, False)
        """
        return bool(catalogues.forms(self.lang, key))

    def text(self, key: str, **fields: object) -> str:
        """Say a key in this language.

        Parameters
        ----------
        key
            Key of the message.
        **fields
            What the sentence names. Numbers and days are written as the
            language writes them, lists with commas; a year or an identifier
            is passed as text.

        Returns
        -------
        str
            The sentence.

        Raises
        ------
        KeyError
            If the key has no words (``strict``), or the sentence names a field
            that was not given.

        Examples
        --------
        >>> Words("es").text("number.none")
        'sin datos'
        """
        return self._fill(self._forms(key)[0], fields)

    def plural(self, key: str, n: int, **fields: object) -> str:
        """Say a key for a count, in the plural form the language has for it.

        Parameters
        ----------
        key
            Key of a message with plural forms.
        n
            The count, which the sentence may name as ``{n}``.
        **fields
            What else the sentence names.

        Returns
        -------
        str
            The sentence.

        Raises
        ------
        KeyError
            As for :meth:`text`.

        Examples
        --------
        >>> words = Words("es")
        >>> words.plural("cli.status.incidents", 1)
        '1 incidente'
        >>> words.plural("cli.status.incidents", 86000)
        '86,000 incidentes'
        """
        texts = self._forms(key)
        place = catalogues.plural_rule(self.lang)(n)
        return self._fill(texts[min(place, len(texts) - 1)], {"n": n, **fields})

    def number(
        self,
        value: float | None,
        *,
        digits: int | None = None,
        significant: int | None = None,
    ) -> str:
        """Write a number as the language writes it.

        Parameters
        ----------
        value
            The number; None and NaN are said to be no data, never zero.
        digits
            Digits after the point; up to three where not given.
        significant
            Digits that count, for small rates; wins over ``digits``.

        Returns
        -------
        str
            The number, without a unit.

        Examples
        --------
        >>> Words("en").number(86019), Words("en").number(2, digits=1)
        ('86,019', '2.0')
        >>> Words("en").number(0.000512, significant=2)
        '0.00051'
        >>> Words("es").number(float("nan"))
        'sin datos'
        """
        if value is None or math.isnan(value):
            return self.text("number.none")
        pattern = None
        if significant is not None and value != 0:
            # counting digits must not turn 12,345 into 12,000
            whole = (
                math.floor(math.log10(abs(value))) + 1 if math.isfinite(value) else 1
            )
            digits = max(significant - whole, 0)
        if digits is not None:
            pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return format_decimal(value, pattern, locale=REGIONS[self.lang])

    def percent(self, share: float | None, *, digits: int = 0) -> str:
        """Write a share as a percentage.

        Parameters
        ----------
        share
            The share, 1 for all; None and NaN are said to be no data.
        digits
            Digits after the point.

        Returns
        -------
        str
            The percentage with its sign.

        Examples
        --------
        >>> Words("en").percent(0.1234, digits=1)
        '12.3%'
        """
        if share is None or math.isnan(share):
            return self.text("number.none")
        pattern = "#,##0" + ("." + "0" * digits if digits else "") + "%"
        return format_percent(share, pattern, locale=REGIONS[self.lang])

    def date(
        self,
        day: datetime.date | None,
        *,
        width: Width = "medium",
        precision: Precision = "day",
    ) -> str:
        """Write a day as the language writes it, no finer than it is known.

        Parameters
        ----------
        day
            The day, or a time of which the day is said; None and a missing
            time are said to be no data.
        width
            How long the form is.
        precision
            How precisely the day is known.

        Returns
        -------
        str
            The day, week, month or year.

        Examples
        --------
        >>> import datetime
        >>> day = datetime.date(2019, 3, 9)
        >>> Words("en").date(day), Words("es").date(day, width="long")
        ('Mar 9, 2019', '9 de marzo de 2019')
        >>> Words("es").date(day, precision="month")
        'marzo de 2019'
        """
        # a missing time is the one that differs from itself
        if day is None or day != day:  # noqa: PLR0124
            return self.text("number.none")
        region = REGIONS[self.lang]
        if precision == "year":
            return str(day.year)
        if precision == "month":
            return format_skeleton("yMMMM", day, locale=region)
        written = format_date(day, width, locale=region)
        return self.text("number.week", day=written) if precision == "week" else written

    def error(self, error: RiskmapError) -> str:
        """Say an error: what was wrong, what was got and what to do.

        A field that is itself a code (a reason, the kind of a name) is said in
        words where ``error.CODE.FIELD.VALUE`` has them.

        Parameters
        ----------
        error
            The error, of which the class gives the code.

        Returns
        -------
        str
            One to three sentences. An error without words of its own has those
            of the nearest class above it; one raised without a field that its
            sentence names says that it is not stated.

        Examples
        --------
        >>> from riskmap.errors import FileMissingError
        >>> print(Words("es").error(FileMissingError("no", path="mapa.csv")))
        No existe el archivo «mapa.csv». Revise la ruta y vuelva a intentarlo.
        """
        for kind in type(error).__mro__:
            code = getattr(kind, "code", None)
            if code and self.has(f"error.{code}"):
                break
        fields = self._unsaid(f"error.{code}") | error.fields
        for name, value in error.fields.items():
            key = f"error.{code}.{name}.{value}"
            if self.has(key):
                fields[name] = self.text(key, **self._unsaid(key) | error.fields)
        return self.text(f"error.{code}", **fields)

    def _unsaid(self, key: str) -> dict[str, object]:
        """Say of each field that a sentence names that it is not stated."""
        (text,) = self._forms(key)
        named = (name for _, name, _, _ in Formatter().parse(text) if name)
        return dict.fromkeys(named, self.text("number.unsaid"))

    def _forms(self, key: str) -> tuple[str, ...]:
        """Find a key's words; without them refuse, or say so and make do."""
        found = catalogues.forms(self.lang, key)
        if found:
            return found
        msg = f"`key` must have words in {self.lang!r}, got {key!r}."
        if self.strict:
            raise KeyError(msg)
        logger.warning(msg)
        for other in LANGUAGES:
            if found := catalogues.forms(other, key):
                return found
        return (self.text("number.unworded").replace("{", "{{"),)

    def _fill(self, text: str, fields: Mapping[str, object]) -> str:
        """Put the fields into a sentence, each as the language writes it."""
        return text.format(**{name: self._written(v) for name, v in fields.items()})

    def _written(self, value: object) -> str:
        """Write one field's value."""
        if isinstance(value, str):
            return value
        if isinstance(value, Real) and not isinstance(value, bool):
            return self.number(float(value))
        if isinstance(value, datetime.date):
            return self.date(value)
        if isinstance(value, Iterable):
            texts = [self._written(item) for item in value]
            return format_list(texts, locale=REGIONS[self.lang])
        return str(value)

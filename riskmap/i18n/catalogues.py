"""Reading the catalogues: one gettext .po file per language and domain."""

from collections.abc import Callable
from functools import cache
from gettext import c2py
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po

from riskmap.plug_ins import plugged_words

LOCALES = Path(__file__).parent / "locales"

# families of keys that a plug-in may bring words for
PLUGGED = ("layer", "score", "unit", "why")


@cache
def domains(language: str) -> tuple[str, ...]:
    """List a language's domains, sorted.

    Parameters
    ----------
    language
        Code of a folder in ``locales/``.

    Returns
    -------
    tuple of str
        Names of its ``.po`` files.

    Examples
    --------
    >>> domains("en") == domains("es")
    True
    """
    return tuple(sorted(path.stem for path in (LOCALES / language).glob("*.po")))


@cache
def catalogue(language: str, domain: str) -> Catalog:
    """Read one catalogue, once.

    Parameters
    ----------
    language
        Code of a folder in ``locales/``.
    domain
        Name of a ``.po`` file in it.

    Returns
    -------
    babel.messages.catalog.Catalog
        Messages by key; the rule for plurals in ``plural_expr``.

    Examples
    --------
    >>> catalogue("es", "errors").get("error.disk_full") is not None
    True
    """
    path = LOCALES / language / f"{domain}.po"
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=domain, abort_invalid=True)


@cache
def forms(language: str, key: str) -> tuple[str, ...]:
    """Find a key's forms: one sentence, or one for each plural form.

    The domain that the key's first word names is looked through first, so that
    a short command need not read every catalogue; what no catalogue holds is asked
    of the plug-ins.

    Parameters
    ----------
    language
        Code of a folder in ``locales/``.
    key
        Key of the message, ``error.disk_full``.

    Returns
    -------
    tuple of str
        Empty if no catalogue of the language has words for the key.

    Examples
    --------
    >>> forms("en", "no.such.key")
    ()
    """
    family = key.partition(".")[0]
    own = (family, f"{family}s")
    for domain in sorted(domains(language), key=lambda name: name not in own):
        message = catalogue(language, domain).get(key)
        if message is None or message.fuzzy:
            continue
        found = message.string
        texts = (found,) if isinstance(found, str) else tuple(found or ("",))
        if all(texts):
            return texts
    brought = plugged_words().get(language, {}) if family in PLUGGED else {}
    return (brought[key],) if key in brought else ()


@cache
def plural_rule(language: str) -> Callable[[int], int]:
    """Compile a language's rule for plurals.

    Parameters
    ----------
    language
        Code of a language.

    Returns
    -------
    callable
        From a count to the number of the form that it takes.

    Examples
    --------
    >>> rule = plural_rule("es")
    >>> rule(0), rule(1), rule(2)
    (1, 0, 1)
    """
    return c2py(get_plural(language).plural_expr)

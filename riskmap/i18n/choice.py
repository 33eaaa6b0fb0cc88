"""Which language a person reads: asked for, or as their computer is set."""

from collections.abc import Iterator, Mapping, Sequence

from riskmap.i18n.words import LANGUAGES

FLAG = "--lang"
VARIABLES = ("RISKMAP_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


def choose_language(
    arguments: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    locale: str | None = None,
) -> str:
    """Choose a person's language from what they asked for and where they are.

    The first that names a language of :data:`riskmap.i18n.LANGUAGES` wins:
    ``--lang`` among the arguments, before or after a command; the variables
    ``RISKMAP_LANG``, ``LC_ALL``, ``LC_MESSAGES``, ``LANG``; a browser's locale;
    English. It reads nothing but its arguments and sets nothing.

    Parameters
    ----------
    arguments
        Words of a command line, without the program's name.
    environment
        Environment variables.
    locale
        A locale such as a browser tells it, ``es-MX``.

    Returns
    -------
    str
        A code out of :data:`riskmap.i18n.LANGUAGES`.

    Examples
    --------
    >>> choose_language(["scores", "--lang", "es"], {"LANG": "en_US.UTF-8"})
    'es'
    >>> choose_language([], {"LANG": "es_MX.UTF-8"})
    'es'
    >>> choose_language(locale="fr-FR")
    'en'
    """
    variables = environment or {}
    asked = [*_flagged(arguments), *(variables.get(name) for name in VARIABLES), locale]
    for text in asked:
        language = (text or "").strip().lower()[:2]
        # "esperanto" is not Spanish: the two letters end there
        if language in LANGUAGES and not (text or "").strip()[2:3].isalpha():
            return language
    return LANGUAGES[0]


def _flagged(arguments: Sequence[str]) -> Iterator[str]:
    """Yield what follows ``--lang``, up to a lone ``--``."""
    for place, argument in enumerate(arguments):
        if argument == "--":
            return
        if argument == FLAG:
            yield from arguments[place + 1 : place + 2]
        elif argument.startswith(f"{FLAG}="):
            yield argument.removeprefix(f"{FLAG}=")

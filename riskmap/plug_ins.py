"""Plug-ins: what other packages bring, found by the entry points they declare.

A package declares under ``riskmap.layers`` its layers, under ``riskmap.scores`` its
scores, and under ``riskmap.words`` how both are called in each language.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from riskmap.errors import PlugInError

LAYERS, SCORES, WORDS = "riskmap.layers", "riskmap.scores", "riskmap.words"


@cache
def plugged(group: str) -> tuple[tuple[str, Any], ...]:
    """Load what other packages bring of one kind.

    Parameters
    ----------
    group
        :data:`LAYERS`, :data:`SCORES` or :data:`WORDS`.

    Returns
    -------
    tuple of tuple
        Name of the entry point and the object it names, in order of name.

    Raises
    ------
    PlugInError
        If one cannot be loaded.

    Examples
    --------
    >>> plugged("riskmap.nothing")
    ()
    """
    # slow to import: a help text asks for no plug-in
    from importlib.metadata import entry_points  # noqa: PLC0415

    found = []
    for entry in sorted(entry_points(group=group), key=lambda entry: entry.name):
        try:
            found.append((entry.name, entry.load()))
        except Exception as error:
            # code of others may fail in any way; each is one plug-in's, and said so
            detail = f"{type(error).__name__}: {error}"
            msg = f"The plug-in {entry.value} cannot be loaded: {detail}"
            raise PlugInError(
                msg, plugin=entry.name, reason="broken", detail=detail
            ) from error
    return tuple(found)


@cache
def plugged_words() -> Mapping[str, Mapping[str, str]]:
    """Gather the words that plug-ins bring.

    Returns
    -------
    mapping
        Language to key to text; every language has the same keys.

    Raises
    ------
    PlugInError
        If a plug-in leaves a key without words in one of its languages.

    Examples
    --------
    >>> isinstance(plugged_words(), Mapping)
    True
    """
    found: dict[str, dict[str, str]] = {}
    for name, words in plugged(WORDS):
        keys = {frozenset(texts) for texts in words.values()}
        if len(keys) > 1 or any(not t for texts in words.values() for t in texts):
            msg = f"The plug-in {name} has not the same words in every language."
            raise PlugInError(msg, plugin=name, reason="words")
        for language, texts in words.items():
            found.setdefault(language, {}).update(texts)
    return MappingProxyType(found)

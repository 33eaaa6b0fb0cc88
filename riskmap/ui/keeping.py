"""Answers kept as long as what they were made from, so that a rerun costs little."""

import functools
import hashlib
import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import numpy as np

from riskmap.i18n import Words

# of one source: some tens of kilobytes each at most, and then all are made anew
MOST_KEPT = 256

T = TypeVar("T")


def once_for(make: Callable[..., T]) -> Callable[..., T]:
    """Keep what a function answers about a source, for as long as the source lives.

    Parameters
    ----------
    make
        The function: its first argument is the source, an object of many people that
        nobody changes; the others are plain values or words. Its answer is shared, so
        nobody changes it either.

    Returns
    -------
    callable
        The same function, which runs once for each of its arguments.

    Examples
    --------
    >>> class Source:
    ...     asked = 0
    >>> @once_for
    ... def double(source, number):
    ...     source.asked += 1
    ...     return 2 * number
    >>> source = Source()
    >>> double(source, 4), double(source, 4), source.asked
    (8, 8, 1)
    """
    answers: WeakKeyDictionary[Any, dict[Hashable, T]] = WeakKeyDictionary()
    lock = threading.Lock()

    @functools.wraps(make)
    def give(source: Any, *asked: Any, **named: Any) -> T:
        key = tuple(_name(one) for one in (*asked, *sorted(named.items())))
        with lock:
            kept = answers.setdefault(source, {})
            if key in kept:
                return kept[key]
        made = make(source, *asked, **named)
        with lock:
            if len(kept) >= MOST_KEPT:
                kept.clear()
            return kept.setdefault(key, made)

    return give


def _name(one: Any) -> Hashable:
    """Name an argument: words by their language, an array by its sum."""
    if isinstance(one, np.ndarray):
        return hashlib.blake2b(one.tobytes()).digest()
    if isinstance(one, tuple):
        return tuple(_name(part) for part in one)
    return (Words, one.lang) if isinstance(one, Words) else one

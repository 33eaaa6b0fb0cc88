"""Profiles: what an agency calls things, in TOML; chosen by a file's headings."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import available_timezones

from riskmap.errors import (
    ColumnMissingError,
    ConfigError,
    ProfileUndecidedError,
    UnknownNameError,
)
from riskmap.ingest.dates import ORDERS
from riskmap.ingest.faults import FAULTS
from riskmap.ingest.identity import fold, tells_of_person
from riskmap.ingest.profile_form import (
    FIELDS,
    INCIDENT_NEEDS,
    MARKING,
    PLACE_BASES,
    UNKEPT_FIELDS,
    UNSAID_MARKING,
    PlaceRule,
    Profile,
)
from riskmap.ingest.projections import KNOWN_CRS
from riskmap.ingest.taxonomy import CAUSES, KINDS

__all__ = [
    "FIELDS",
    "FOLDER",
    "INCIDENT_NEEDS",
    "UNKEPT_FIELDS",
    "PlaceRule",
    "Profile",
    "choose_profile",
    "load_profile",
    "profile_names",
    "require",
]

FOLDER: Final = Path(__file__).with_name("profiles")


def _tuples(written: Mapping[str, object]) -> dict[str, object]:
    """Turn TOML's lists into tuples and its words into folded ones."""
    made: dict[str, object] = dict(written)
    for name in ("signature", "keep", "totals", "accept"):
        values = made.get(name, [])
        made[name] = tuple(values) if isinstance(values, list) else values
    rules = made.get("accuracy_by_place", [])
    if isinstance(rules, list):
        made["accuracy_by_place"] = tuple(PlaceRule(**rule) for rule in rules)
    columns = made.get("columns", {})
    if isinstance(columns, dict):
        made["columns"] = {
            key: (value,) if isinstance(value, str) else tuple(value)
            for key, value in columns.items()
        }
    vocabulary = made.get("vocabulary", {})
    if isinstance(vocabulary, dict):
        made["vocabulary"] = {
            key: {fold(word): str(meaning) for word, meaning in words.items()}
            for key, words in vocabulary.items()
        }
    constants = made.get("constants", {})
    if isinstance(constants, dict):
        made["constants"] = {key: str(value) for key, value in constants.items()}
    return made


def _faults(profile: Profile) -> list[tuple[str, str]]:
    """List what is wrong with a profile: option and value."""
    wrong = [("columns", name) for name in profile.columns if name not in FIELDS]
    wrong += [("constants", name) for name in profile.constants if name not in FIELDS]
    wrong += [("keep", heading) for heading in profile.keep if tells_of_person(heading)]
    wrong += [
        (f"columns.{name}", heading)
        for name, headings in profile.columns.items()
        for heading in headings
        if name not in UNKEPT_FIELDS and tells_of_person(heading)
    ]
    if profile.date_order not in ORDERS:
        wrong.append(("date_order", profile.date_order))
    if not MARKING.fullmatch(profile.marking):
        wrong.append(("marking", profile.marking))
    bases = [rule.basis for rule in profile.accuracy_by_place]
    bases += profile.vocabulary.get("accuracy_basis", {}).values()
    wrong += [("accuracy_basis", b) for b in bases if b not in (*PLACE_BASES, "")]
    wrong += [("accept", code) for code in profile.accept if code not in FAULTS]
    if profile.crs not in KNOWN_CRS:
        wrong.append(("crs", profile.crs))
    if profile.time_zone and profile.time_zone not in available_timezones():
        wrong.append(("time_zone", profile.time_zone))
    for option, known in (("kind", KINDS), ("cause", CAUSES)):
        words = profile.vocabulary.get(option, {}).values()
        wrong += [(f"vocabulary.{option}", w) for w in words if w not in (*known, "")]
    kind = profile.constants.get("kind", "")
    if kind and kind not in KINDS:
        wrong.append(("constants.kind", kind))
    return wrong


def _read(path: Path) -> Profile:
    """Read a profile and check it."""
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
        profile = Profile(name=path.stem, **_tuples(written))  # type: ignore[arg-type]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError) as error:
        msg = f"The profile {path} cannot be read: {error}."
        raise ConfigError(
            msg, path=str(path), option="profile", value=path.stem, reason=str(error)
        ) from error
    wrong = _faults(profile)
    if wrong:
        option, value = wrong[0]
        msg = f"The profile {path} has `{option}` {value!r}, which riskmap lacks."
        raise ConfigError(
            msg, path=str(path), option=option, value=value, reason="unknown"
        )
    return profile


@cache
def profile_names() -> tuple[str, ...]:
    """Name the profiles that come with riskmap.

    Returns
    -------
    tuple of str
        Sorted.

    Examples
    --------
    >>> "iom_missing_migrants" in profile_names()
    True
    """
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def load_profile(name: str) -> Profile:
    """Read a profile by its name, or an agency's own from its TOML file.

    Parameters
    ----------
    name
        One of :func:`profile_names`, or the path of a ``.toml`` file.

    Returns
    -------
    Profile
        Checked against the taxonomy.

    Raises
    ------
    UnknownNameError
        If there is no such profile.
    ConfigError
        If its TOML is wrong.

    Examples
    --------
    >>> load_profile("ucdp_ged").source
    'ucdp_ged'
    """
    if name.endswith(".toml") and Path(name).is_file():
        return _read(Path(name))
    if name not in profile_names():
        msg = f"There is no profile {name!r}: choose one of {profile_names()}."
        raise UnknownNameError(msg, kind="profile", value=name, known=profile_names())
    return _read(FOLDER / f"{name}.toml")


@cache
def terms_of(source: str) -> tuple[str, str]:
    """Tell under which marking and licence a source publishes.

    Parameters
    ----------
    source
        Code of the source.

    Returns
    -------
    tuple of str
        Marking and licence of the profile that is that source's; of a source that
        has none, the strict marking that stands where nothing is said.

    Examples
    --------
    >>> terms_of("ucdp_ged"), terms_of("hearsay")
    (('TLP:CLEAR', 'CC BY 4.0'), ('TLP:AMBER+STRICT', ''))
    """
    for profile in map(load_profile, profile_names()):
        if profile.source == source and not profile.terms_by_source:
            return profile.marking, profile.licence
    return UNSAID_MARKING, ""


def _signed(profile: Profile, known: set[str]) -> bool:
    """Tell whether all headings of the signature are there."""
    return all(
        any(fold(choice) in known for choice in heading.split("|"))
        for heading in profile.signature
    )


def choose_profile(found: Iterable[str], path: Path) -> Profile:
    """Choose the profile that a file's headings fit.

    Parameters
    ----------
    found
        The file's headings.
    path
        The file, for the error.

    Returns
    -------
    Profile
        The one whose signature is there whole; of several, the one with the
        longest.

    Raises
    ------
    ProfileUndecidedError
        If none fits, or two equally well.

    Examples
    --------
    >>> choose_profile(["fecha", "tipo", "latitud", "longitud"], Path("a.csv")).name
    'generic_es'
    """
    headings = list(found)
    known = {fold(heading) for heading in headings}
    fitting = [
        profile
        for profile in map(load_profile, profile_names())
        if profile.signature and _signed(profile, known)
    ]
    longest = max((len(profile.signature) for profile in fitting), default=0)
    best = [profile for profile in fitting if len(profile.signature) == longest]
    if len(best) != 1:
        names = [profile.name for profile in best]
        msg = f"{path} fits {names or 'no profile'}: name one of {profile_names()}."
        raise ProfileUndecidedError(
            msg, path=str(path), found=headings, known=profile_names()
        )
    return best[0]


def require(
    profile: Profile,
    columns: Mapping[str, str],
    found: Iterable[str],
    path: Path,
    *,
    needs: tuple[str, ...] = INCIDENT_NEEDS,
) -> None:
    """Refuse a file that lacks a column the profile cannot do without.

    Parameters
    ----------
    profile
        How the file is understood.
    columns
        From field to heading, as found.
    found
        The file's headings.
    path
        The file, for the error.
    needs
        Fields it needs; ``"coordinates|lat"`` is content with one of several.

    Raises
    ------
    ColumnMissingError
        If a field has neither a column nor a constant.
    """
    given = {*columns, *profile.constants}
    if profile.source:
        given.add("source")
    if profile.split_harm:
        given.add("kind")
    lacking = [
        " / ".join(profile.columns.get(choice, (choice,))[0] for choice in choices)
        for choices in (need.split("|") for need in needs)
        if given.isdisjoint(choices)
    ]
    if lacking:
        msg = f"{path} must have the columns {lacking}, it has {list(found)}."
        raise ColumnMissingError(
            msg, path=str(path), columns=lacking, found=list(found)
        )

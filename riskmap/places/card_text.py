"""Card texts: for radio and SMS, in full, as JSON, and as a GPX waypoint."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

from riskmap.places.contacts import ContactsFound
from riskmap.places.facts import AROUND, Card, Near
from riskmap.places.jurisdictions import KINDS, OFFICES, SIDES
from riskmap.places.landmark import Landmark
from riskmap.places.wording import ENGLISH, SPANISH, Label, name_of, say_length

MOST_PLAIN = 600
"""Characters of four joined SMS of GSM letters, read over a radio in a minute."""

# the side is certain where a tenth of a percent of doubt is left
CERTAIN = 0.999

PERCENT = 100

NEAR_KEYS: Final = {
    "unverified": "places.card.near_unverified",
    "stale": "places.card.near_stale",
    "never": "places.card.near_unverified",
}

OFFICE_KEYS: Final = ("places.card.office_verified", "places.card.office_unverified")

GPX_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<gpx version="1.1" creator="riskmap" '
    'xmlns="http://www.topografix.com/GPX/1/1">\n'
)

ROAD_SIDES: Final = ("US", "MX")

TURN_DEG = 360

OWN_FORMATS: Final = ("decimal", "dms", "ddm", "mgrs", "utm", "plus_code", "cell")


def _local(text: str, lang: str) -> str:
    """Write west as the language does."""
    return text.replace("W", "O") if lang == SPANISH else text


def _near(near: Near, label: Label, lang: str) -> str:
    """Say how far and in which direction from a landmark, and how well it is known."""
    known = near.landmark.state or near.landmark.basis
    return label(
        NEAR_KEYS.get(known, "places.card.near"),
        distance=say_length(near.metres, label, up=False),
        wind=label(f"places.wind_short.{near.wind}"),
        bearing=f"{round(near.bearing_deg) % TURN_DEG:03d}",
        place=name_of(near.landmark, lang),
        accuracy=say_length(near.landmark.accuracy_m, label),
        day=near.landmark.verified_on,
    )


def _side(card: Card, label: Label) -> str:
    """Say the side, and how sure it is."""
    side = label(f"side.{card.side}")
    if card.side_probability >= CERTAIN:
        return label("places.card.side", side=side)
    percent = min(int(card.side_probability * PERCENT), PERCENT - 1)
    return label("places.card.side_doubt", side=side, percent=percent)


def _units(card: Card, label: Label, kinds: Sequence[str]) -> list[str]:
    """Name units of jurisdiction, gaps said aloud."""
    gap = label("places.card.gap")
    return [
        label(f"places.card.unit.{kind}", name=card.units.get(kind, gap))
        for kind in kinds
    ]


def _offices(card: Card, label: Label, lang: str) -> list[str]:
    """Name mechanisms and consulates, gaps said aloud."""
    found = []
    for office in OFFICES:
        names = [
            label(
                "places.card.office_stale"
                if one.stale
                else OFFICE_KEYS[one.basis == "unverified"],
                name=one.name_es if lang == SPANISH else one.name_en,
                day=one.verified_on,
            )
            for one in card.offices.get(office, ())
        ]
        gap = label("places.card.gap")
        told = "; ".join(names) if names else gap
        found.append(label(f"places.card.office.{office}", name=told))
    return found


def _roads(card: Card, label: Label, lang: str) -> list[str]:
    """Name the nearest road of each side, gaps said aloud."""
    gap = label("places.card.gap")
    return [
        label(
            f"places.card.road_{side.lower()}",
            near=_near(card.roads[side], label, lang) if side in card.roads else gap,
        )
        for side in ROAD_SIDES
    ]


def _contacts(card: Card, label: Label, lang: str) -> list[str]:
    """Say who answers on each side, and loudly who does not."""
    if card.contacts is None:
        return []
    lines = [label("places.card.contacts")]
    for one in card.contacts.contacts:
        key = "places.card.contact_stale" if one.stale else "places.card.contact"
        never = label("verification.never")
        lines.append(
            "  "
            + label(
                key,
                side=label(f"side.{one.side}"),
                role=label(f"contact_role.{one.role}"),
                desk=one.desk_es if lang == SPANISH else one.desk_en,
                channel=one.channel,
                hours=one.hours,
                day=one.verified_on or never,
            )
        )
    for side, roles in card.contacts.gaps.items():
        if roles:
            named = ", ".join(label(f"contact_role.{role}") for role in roles)
            gap = {"side": label(f"side.{side}"), "roles": named}
            lines.append("  " + label("places.card.contact_gap", **gap))
    return lines


def plain_text(card: Card, label: Label, lang: str) -> str:
    """Write a card for radio or SMS: the least that leads there.

    Parameters
    ----------
    card
        The card.
    label
        Words of the language.
    lang
        The same language.

    Returns
    -------
    str
        At most 600 characters, most important first; bearings from true north.
    """
    own = [kind for kind in KINDS if SIDES[kind] == card.side]
    across = [kind for kind in KINDS if SIDES[kind] != card.side]
    parts = [
        _local(card.formats["decimal"], lang),
        card.formats["mgrs"],
        _side(card, label),
        _line(card, label),
        *(_near(near, label, lang) for near in card.shared),
        " · ".join(_units(card, label, own)),
        " · ".join(_units(card, label, across)),
        *(
            label(f"places.card.{name}", near=_near(card.around[name], label, lang))
            for name in ("town_us", "town_mx", "crossing")
            if name in card.around
        ),
        label("places.card.true_north"),
    ]
    kept: list[str] = []
    for part in parts:
        if len("\n".join([*kept, part])) <= MOST_PLAIN:
            kept.append(part)
    return "\n".join(kept)


def _line(card: Card, label: Label) -> str:
    """Say the kilometre and how far the line is."""
    distance = say_length(card.line_m, label, up=False)
    return label("places.card.line", km=f"{card.km:.1f}", distance=distance)


def full_text(card: Card, label: Label, lang: str) -> str:
    """Write all of a card, a fact a line, gaps said aloud.

    Parameters
    ----------
    card
        The card.
    label
        Words of the language.
    lang
        The same language.

    Returns
    -------
    str
        Some forty lines.
    """
    gap = label("places.card.gap")
    lines = [label("places.card.title")]
    lines += [
        label(f"places.card.format.{name}", text=_local_format(card, name, lang))
        for name in OWN_FORMATS
    ]
    if card.accuracy_m:
        accuracy = say_length(card.accuracy_m, label)
        lines.append(label("places.card.accuracy", accuracy=accuracy))
    if card.elevation_m is None:
        lines.append(label("places.card.elevation_unknown"))
    else:
        lines.append(label("places.card.elevation", metres=round(card.elevation_m)))
    lines += [_side(card, label), _line(card, label), label("places.card.shared")]
    lines += [f"  {_near(near, label, lang)}" for near in card.shared] or [f"  {gap}"]
    for name in AROUND:
        near = card.around.get(name)
        told = gap if near is None else _near(near, label, lang)
        lines.append(label(f"places.card.{name}", near=told))
    lines += _roads(card, label, lang)
    lines += _units(card, label, KINDS) + _offices(card, label, lang)
    lines += _contacts(card, label, lang)
    lines.append(label("places.card.true_north"))
    return "\n".join(lines)


def _local_format(card: Card, name: str, lang: str) -> str:
    """Write a form of the coordinate; only angles have letters of a language."""
    text = card.formats[name]
    return _local(text, lang) if name in ("dms", "ddm") else text


def _near_json(near: Near) -> dict[str, Any]:
    """Write a near landmark for JSON."""
    place: Landmark = near.landmark
    return {
        "landmark_id": place.landmark_id,
        "kind": place.kind,
        "name_en": name_of(place, ENGLISH),
        "name_es": name_of(place, SPANISH),
        "distance_m": round(near.metres, 1),
        "bearing_deg": round(near.bearing_deg, 1),
        "wind": near.wind,
        "accuracy_m": place.accuracy_m,
        "basis": place.basis,
        "verified_on": place.verified_on,
        "state": place.state or None,
    }


def _contacts_json(found: ContactsFound) -> dict[str, Any]:
    """Write who answers for JSON; days that nobody knows are None."""
    return {
        "contacts": [
            vars(one) | {"days": None if one.days != one.days else one.days}
            for one in found.contacts
        ],
        "gaps": {side: list(roles) for side, roles in found.gaps.items()},
    }


def card_json(card: Card, labels: Mapping[str, Label]) -> dict[str, Any]:
    """Write a card for JSON, with its plain texts in both languages.

    Parameters
    ----------
    card
        The card.
    labels
        Words of ``"en"`` and ``"es"``.

    Returns
    -------
    dict
        Plain values; what is not known is None or an empty list, never left out.
    """
    return {
        "lon": card.lon,
        "lat": card.lat,
        "accuracy_m": card.accuracy_m,
        "km": round(card.km, 3),
        "line_distance_m": round(card.line_m, 1),
        "side": card.side,
        "side_probability": round(card.side_probability, 4),
        "elevation_m": card.elevation_m,
        "formats": dict(card.formats),
        "shared": [_near_json(near) for near in card.shared],
        "around": {
            name: _near_json(card.around[name]) if name in card.around else None
            for name in AROUND
        },
        "roads": {
            side: _near_json(card.roads[side]) if side in card.roads else None
            for side in ROAD_SIDES
        },
        "contacts": None if card.contacts is None else _contacts_json(card.contacts),
        "jurisdictions": {kind: card.units.get(kind) for kind in KINDS},
        "offices": {
            office: [vars(one) for one in card.offices.get(office, ())]
            for office in OFFICES
        },
        "text_en": plain_text(card, labels[ENGLISH], ENGLISH),
        "text_es": plain_text(card, labels[SPANISH], SPANISH),
    }


def waypoint_name(card: Card) -> str:
    """Name a waypoint so that every hand-held unit can show it.

    Parameters
    ----------
    card
        The card.

    Returns
    -------
    str
        At most ten capital letters, digits and points: kilometre and side.
    """
    return f"KM{card.km:.1f}{card.side}"


def gpx(cards: Sequence[Card], label: Callable[..., str], lang: str) -> str:
    """Write cards as waypoints of GPX 1.1.

    Parameters
    ----------
    cards
        Any number of cards.
    label
        Words of the language.
    lang
        The same language.

    Returns
    -------
    str
        A GPX document without times, so that the same cards give the same bytes.
    """
    points = []
    for card in cards:
        height = card.elevation_m
        points.append(
            f'<wpt lat="{card.lat:.6f}" lon="{card.lon:.6f}">'
            + ("" if height is None else f"<ele>{height:.0f}</ele>")
            + f"<name>{waypoint_name(card)}</name>"
            + f"<desc>{escape(plain_text(card, label, lang))}</desc></wpt>\n"
        )
    return GPX_HEAD + "".join(points) + "</gpx>\n"

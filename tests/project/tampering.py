"""Change a copy of an audit log in every way there is: is it found, and where?"""

import sqlite3
from collections import Counter
from contextlib import closing

import numpy as np

from riskmap.project import audit, ledger
from riskmap.project.log import entry

ENTRIES = 24


def fresh(entries=ENTRIES, seed=0):
    """A log in memory, without the triggers that hold off ordinary use."""
    rng = np.random.default_rng(seed)
    connection = sqlite3.connect(":memory:", isolation_level=None)
    ledger.lay_out_audit(connection)
    told = [
        entry(
            at=f"2026-05-{1 + n % 28:02d}T10:00:00+00:00",
            who=str(rng.choice(["ana", "luis", "señora"])),
            action=str(rng.choice(["import", "run", "export", "approve"])),
            subject=f"file {rng.integers(1_000_000)}",
            profile=str(rng.choice(["", "public", "partner"])),
            detail={"rows": int(rng.integers(1000)), "place": [n, "Nogales"]},
        )
        for n in range(entries)
    ]
    audit.append(connection, told)
    for (name,) in connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
    ).fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    return connection


def change_letter(connection, rng, place):
    (body,) = connection.execute("SELECT body FROM audit WHERE seq = ?", (place,))
    text, at = body[0], int(rng.integers(len(body[0])))
    letter = "x" if text[at] != "x" else "y"
    changed = text[:at] + letter + text[at + 1 :]
    connection.execute("UPDATE audit SET body = ? WHERE seq = ?", (changed, place))
    return place


def change_link(connection, rng, place):
    at = int(rng.integers(64))
    connection.execute(
        "UPDATE audit SET sha256 = substr(sha256, 1, :at) || CASE "
        "substr(sha256, :at + 1, 1) WHEN '0' THEN '1' ELSE '0' END || "
        "substr(sha256, :at + 2) WHERE seq = :place",
        {"at": at, "place": place},
    )
    return place


def take_out(connection, _rng, place):
    connection.execute("DELETE FROM audit WHERE seq = ?", (place,))
    return place


def take_out_and_close_up(connection, _rng, place):
    connection.execute("DELETE FROM audit WHERE seq = ?", (place,))
    connection.execute("UPDATE audit SET seq = -seq WHERE seq > ?", (place,))
    connection.execute("UPDATE audit SET seq = -seq - 1 WHERE seq < 0")
    return place


def swap_with_next(connection, _rng, place):
    place = min(place, ENTRIES - 1)
    for one, other in ((place, -1), (place + 1, place), (-1, place + 1)):
        connection.execute("UPDATE audit SET seq = ? WHERE seq = ?", (other, one))
    return place


def slip_in(connection, _rng, place):
    connection.execute("UPDATE audit SET seq = -seq WHERE seq >= ?", (place,))
    connection.execute("UPDATE audit SET seq = -seq + 1 WHERE seq < 0")
    connection.execute(
        "INSERT INTO audit SELECT ?, body, sha256 FROM audit WHERE seq = ?",
        (place, place % ENTRIES + 2),
    )
    return place


def forge(connection, _rng, place):
    """Change an entry and compute its own link anew, as one who knows how."""
    before = "SELECT sha256 FROM audit WHERE seq = ?"
    previous = connection.execute(before, (place - 1,)).fetchone()
    link = previous[0] if previous else ledger.FIRST_LINK
    body = b'{"forged":true}'
    connection.execute(
        "UPDATE audit SET body = ?, sha256 = ? WHERE seq = ?",
        (body.decode(), audit.link_of(link, place, body), place),
    )
    # the entry itself fits now: the next one, or the head, gives it away
    return place + 1


def cut_off(connection, _rng, place):
    connection.execute("DELETE FROM audit WHERE seq >= ?", (place,))
    return place


def set_head_back(connection, _rng, place):
    """Cut off the end without the head's moving with it, or the other way round."""
    connection.execute("UPDATE audit_head SET seq = ?", (place - 1,))
    return ENTRIES + 1


def flip_bit(connection, rng, place):
    column = str(rng.choice(["body", "sha256"]))
    query = f"SELECT CAST({column} AS BLOB) FROM audit WHERE seq = ?"  # noqa: S608
    data = bytearray(connection.execute(query, (place,)).fetchone()[0])
    bit = int(rng.integers(len(data) * 8))
    data[bit // 8] ^= 1 << bit % 8
    change = f"UPDATE audit SET {column} = CAST(? AS TEXT) WHERE seq = ?"  # noqa: S608
    connection.execute(change, (bytes(data), place))
    return place


MUTATIONS = (
    change_letter,
    change_link,
    take_out,
    take_out_and_close_up,
    swap_with_next,
    slip_in,
    forge,
    cut_off,
    set_head_back,
)


def tamper(rounds, *, seed, ways=MUTATIONS):
    """Tamper so many times and count what was missed, or named at a wrong place."""
    rng = np.random.default_rng(seed)
    count = Counter()
    with closing(fresh()) as kept:
        whole = kept.serialize()
        for number in range(rounds):
            way = ways[number % len(ways)]
            with closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
                copy.deserialize(whole)
                copy.execute("PRAGMA ignore_check_constraints = ON")
                expected = way(copy, rng, int(rng.integers(1, ENTRIES + 1)))
                found = audit.check(copy)
            if found.first_bad is None:
                count[f"missed {way.__name__}"] += 1
            elif found.first_bad != expected:
                count[f"wrong place {way.__name__}"] += 1
            else:
                count["found"] += 1
    return dict(count)


def false_alarms(runs, *, seed):
    """Count the alarms over logs that nobody touched."""
    alarms = 0
    for number in range(runs):
        with closing(fresh(entries=number % 9, seed=seed + number)) as connection:
            alarms += audit.check(connection).first_bad is not None
    return alarms

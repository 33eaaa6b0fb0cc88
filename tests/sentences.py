"""Sentences in both languages, with what tells of persons planted, and without."""

import numpy as np

from riskmap.identifiers import (
    CURP_BASE,
    CURP_LETTERS,
    CURP_WEIGHT,
    RFC_BASE,
    RFC_LETTERS,
    RFC_TEN,
    RFC_WEIGHT,
)

LETTERS = np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
CONSONANTS = np.array(list("BCDFGHJKLMNPQRSTVWXYZ"))
HOSTS = ["example.org", "correo.example.mx"]

STATES = ["SR", "BC", "CH", "TC", "DF", "OC", "NE", "CS"]

FRAMES = (
    "The family gave {} to the consulate on Tuesday.",
    "Please check {} before the search begins.",
    "Officer noted {} near the highway at mile 33.",
    "Reported twice: {}; no answer since.",
    "La familia proporcionó {} al consulado el martes.",
    "Favor de verificar {} antes de la búsqueda.",
    "El reporte menciona {} cerca de la carretera, km 33.",
    "Se anotó {}; sin respuesta desde entonces.",
)

HARMLESS = (
    "Case 11-00569 was closed on 2021-03-05 at 14:30:00.",
    "Folio FED/SON/NOG/0001234/2021, monumento 127.",
    "The temperature reached 45.5 degrees at 15:20, 3.2 km from the road.",
    "Recovered 12 of 345 items; see record 2014.MMP00001.",
    "El expediente TCA-21-12 se cerró el 05/03/2021.",
    "A 20 km de Sásabe, entre los monumentos 145 y 146.",
    "El caudal fue de 1,234.5 m3/s en la estación 08-4640.00.",
    "Route 86, exit 12, mile marker 115.4, about 2.5 hours on foot.",
    "Se encontraron 3 garrafas de agua y 2 mochilas en la zona 12.",
    "Section A-12 of the fence, built 2008, length 3,182.4 km.",
    "Fecha: 2019-07-14; hora local 06:45; 41 grados.",
    "Approximate location 31.4, -110.5 as reported by the sector.",
)


def some(rng, letters, number):
    return "".join(rng.choice(letters, number))


def digits(rng, number):
    return "".join(map(str, rng.integers(0, 10, number)))


def birth(rng):
    return (
        f"{rng.integers(40, 100):02d}{rng.integers(1, 13):02d}{rng.integers(1, 29):02d}"
    )


def _sum(text, letters, weight):
    return sum(letters.index(one) * (weight - n) for n, one in enumerate(text))


def curp(rng):
    first = (
        some(rng, LETTERS, 4)
        + birth(rng)
        + str(rng.choice(["H", "M"]))
        + str(rng.choice(STATES))
        + some(rng, CONSONANTS, 3)
        + digits(rng, 1)
    )
    return first + str(-_sum(first, CURP_LETTERS, CURP_WEIGHT) % CURP_BASE)


def rfc(rng):
    first = some(rng, LETTERS, 4) + birth(rng) + some(rng, LETTERS, 2)
    last = -_sum(first, RFC_LETTERS, RFC_WEIGHT) % RFC_BASE
    return first + (RFC_TEN if last == RFC_BASE - 1 else str(last))


def voter_key(rng):
    return (
        some(rng, CONSONANTS, 6)
        + birth(rng)
        + f"{rng.integers(1, 33):02d}"
        + str(rng.choice(["H", "M"]))
        + digits(rng, 3)
    )


def a_number(rng):
    eight = f"2{digits(rng, 8)}"
    return str(
        rng.choice(
            [f"A{eight}", f"A-{eight}", f"A{eight[:3]}-{eight[3:6]}-{eight[6:]}"]
        )
    )


def ssn(rng):
    return f"{rng.integers(1, 900):03d}-{rng.integers(1, 100):02d}-{digits(rng, 4)}"


def phone(rng):
    a, b, c = digits(rng, 3), digits(rng, 3), digits(rng, 4)
    forms = [
        f"({a}) {b}-{c}",
        f"{a}-{b}-{c}",
        f"+1 {a} {b} {c}",
        f"+52 {a} {b} {c}",
        f"55 {digits(rng, 4)} {c}",
        f"tel. {a}{b}{c}",
    ]
    return str(rng.choice(forms))


def e_mail(rng):
    name = some(rng, LETTERS, 6).lower()
    dot, host = rng.choice(["", ".", "_"]), rng.choice(HOSTS)
    return f"{name}{dot}{digits(rng, 2)}@{host}"


def plate(rng):
    word = str(rng.choice(["placas", "license plate", "matrícula", "plate no."]))
    one = some(rng, CONSONANTS, 3)
    form = [f"{one}-{digits(rng, 2)}-{digits(rng, 2)}", f"{one}{digits(rng, 4)}"]
    return f"{word} {rng.choice(form)}"


def coordinates(rng):
    y, x = rng.uniform(25.8, 32.7), rng.uniform(-117.1, -97.2)
    minute, second = rng.integers(60, size=2)
    forms = [
        f"{y:.5f}, {x:.5f}",
        f"{y:.4f} {x:.4f}",
        f"{y:.4f}°N, {-x:.4f}°W",
        f"{int(y)}°{minute}'{second}\"N, {int(-x)}°{minute}'{second}\"W",
        f"12R WV {digits(rng, 5)} {digits(rng, 5)}",
        f"12N {rng.integers(200_000, 800_000)} {rng.integers(2_900_000, 3_700_000)}",
    ]
    return str(rng.choice(forms))


MAKERS = (
    curp,
    rfc,
    voter_key,
    a_number,
    ssn,
    phone,
    e_mail,
    plate,
    coordinates,
)


def sentences(number, *, seed):
    """So many sentences: text and the kind planted in it, empty for none."""
    rng = np.random.default_rng(seed)
    told = []
    for place in range(number):
        if place % 4 == 3:
            told.append((HARMLESS[rng.integers(len(HARMLESS))], ""))
            continue
        make = MAKERS[rng.integers(len(MAKERS))]
        frame = FRAMES[rng.integers(len(FRAMES))]
        told.append((frame.format(make(rng)), make.__name__))
    return told

"""Identity: what tells of a person is found in generated sentences, and no more."""

import re
import string

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmap.identifiers import (
    CURP_LETTERS,
    IDENTITY,
    PERHAPS,
    RECOGNISERS,
    curp_is_valid,
    find_identity,
    rfc_is_valid,
)
from riskmap.ingest.identity import (
    MASK,
    SHORTEST_FIND,
    count_identity,
    hold_identity,
    mask,
    tells_of_person,
)
from tests.ingest.conftest import few_examples

letters = st.text(string.ascii_uppercase, min_size=6, max_size=6)
born = st.dates().map(lambda day: day.strftime("%y%m%d"))


def digits(count):
    return st.text(string.digits, min_size=count, max_size=count)


@st.composite
def curps(draw):
    text = draw(letters)[:4] + draw(born) + draw(st.sampled_from("HM"))
    text += draw(letters)[:5] + draw(st.sampled_from("0A"))
    total = sum(CURP_LETTERS.index(c) * (18 - n) for n, c in enumerate(text))
    return text + str(-total % 10)


@st.composite
def rfcs(draw):
    return draw(letters)[:4] + draw(born) + draw(st.sampled_from(["AB1", "9Z7", "1XA"]))


@st.composite
def voter_keys(draw):
    return draw(letters) + draw(born) + "26" + draw(st.sampled_from("HM")) + "300"


def shaped(pattern, count):
    return digits(count).map(lambda text: pattern.format(*text))


HIDDEN = {
    "curp": curps(),
    "rfc": rfcs(),
    "voter_key": voter_keys(),
    "a_number": shaped("A{}{}{}-{}{}{}-{}{}{}", 9) | shaped("A{}{}{}{}{}{}{}{}{}", 9),
    "ssn": shaped("{}{}{}-{}{}-{}{}{}{}", 9),
    "phone": shaped("({}{}{}) {}{}{}-{}{}{}{}", 10)
    | shaped("+52 {}{}{} {}{}{} {}{}{}{}", 10)
    | shaped("{}{} {}{}{}{} {}{}{}{}", 10)
    | shaped("+1-{}{}{}-{}{}{}-{}{}{}{}", 10),
    "e_mail": st.from_regex(r"[a-z]{2,9}\.[a-z]{2,9}@[a-z]{3,9}\.(?:org|gob\.mx)",
                            fullmatch=True),
}  # fmt: skip

SENTENCES = [
    "Se localizó a {} cerca del monumento 127.",
    "Reported by {}, see file 11-00569.",
    "{}",
    "contacto: {} (31.4501, -110.5203)",
    "the body, {}; found 2021-03-05 at 14:30",
]


@pytest.mark.parametrize("kind", HIDDEN)
@few_examples
@given(data=st.data(), sentence=st.sampled_from(SENTENCES))
def test_what_is_in_a_sentence_is_replaced_and_the_rest_is_kept(kind, data, sentence):
    it = data.draw(HIDDEN[kind])
    text = sentence.format(it)
    assert mask(text) == sentence.format(MASK)
    assert count_identity([text]) == {kind: 1}
    assert IDENTITY.search(text)


@pytest.mark.parametrize(
    ("text", "masked", "kind"),
    [
        ("tel. 6641234567", f"tel. {MASK}", "phone"),
        ("cel: +526641234567", f"cel: {MASK}", "phone"),
        ("placas ABC-12-34", f"placas {MASK}", "plate"),
        ("license plate 7ABC123", f"license plate {MASK}", "plate"),
        ("matrícula: AB 12 345", f"matrícula: {MASK}", "plate"),
        ("nombre: María de la Luz Pérez Ñáñez", f"nombre: {MASK}", "name"),
        ("named Juan Pérez", f"named {MASK}", "name"),
        ("la Sra. Ana López falleció", f"la Sra. {MASK} falleció", "name"),
        ("identificado como José O'Brian.", f"identificado como {MASK}.", "name"),
    ],
)
def test_what_a_word_before_it_tells_is_replaced(text, masked, kind):
    assert mask(text) == masked
    assert count_identity([text]) == {kind: 1}


@pytest.mark.parametrize(
    "text",
    [
        "2014.MMP00001",
        "MEX-1992-2-14353-10",
        "11-00569",
        "TCA-21-12",
        "A20210305",
        "A-12",
        "FED/SON/NOG/0001234/2021",
        "31.4501, -110.5203",
        "-110.520312345",
        "31°27'0.4\"N, 110°31'13.1\"W",
        "12R WV 45607 79574",
        "2021-03-05 14:30:00",
        "545607.4 3479574.7",
        "Nombre de Dios, Durango",
        "Name unknown",
        "nombre: desconocido",
        "monument 127, mile 33",
        "Sr-90 contamination",
        "plates of rock",
        "6641234567",
        "AGUA PRIETA",
    ],
)
def test_what_is_no_identity_is_left_alone(text):
    assert mask(text) == text
    assert count_identity([text]) == {}


@few_examples
@given(curps(), st.integers(0, 16))
def test_a_check_digit_tells_one_mistyped_digit(text, place):
    assert curp_is_valid(text)
    if text[place].isdigit():
        wrong = str((int(text[place]) + 1) % 10)
        changed = text[:place] + wrong + text[place + 1 :]
        # weights that share a factor with ten let some slips through
        weight = 18 - place
        shift = (int(wrong) - int(text[place])) * weight % 10
        assert curp_is_valid(changed) == (shift == 0)
        # a mistyped one tells as much
        assert mask(changed) == MASK or not changed[4:10].isdigit()


def test_an_rfc_of_the_tax_office_is_valid():
    assert rfc_is_valid("GODE561231GR8")
    assert not rfc_is_valid("GODE561231GR9")


def test_finds_do_not_overlap_and_every_kind_has_a_test():
    text = "LOOA531113HTCPBN07 LOOA531113AB1 tel 6641234567"
    spans = sorted((start, end) for _, start, end in find_identity(text))
    assert all(end <= start for (_, end), (start, _) in zip(spans, spans[1:]))  # noqa: B905, RUF007
    kinds = {recogniser.kind for recogniser in RECOGNISERS}
    assert kinds == {*HIDDEN, "plate", "name"}


def test_a_long_text_takes_no_longer_than_its_length():
    for piece in ("a.", "A1", "9 ", "Nombre Ana ", "tel 1", "placas A 1 "):
        text = piece * (50_000 // len(piece))
        assert IDENTITY.search(text) or True
        assert mask(text) == MASK


@pytest.mark.parametrize(
    ("heading", "personal"),
    [
        ("Nombre(s)", True), ("APELLIDO_PATERNO", True), ("Clave de elector", True),
        ("A-Number / Alien #", True), ("No. de teléfono", True), ("Placas", True),
        ("CURP", True), ("correo electrónico", True), ("Next of kin", True),
        ("Licencia de conducir", True), ("Observaciones", True),
        ("Fecha", False), ("Municipio", False), ("Latitud", False), ("Tipo", False),
        ("Folio", False), ("Sector", False),
    ],
)  # fmt: skip
def test_headings_that_tell_of_persons_are_known(heading, personal):
    assert tells_of_person(heading) == personal


def test_nothing_of_a_person_is_stored_and_all_of_it_counted(read_rows):
    secret = "LOOA531113HTCPBN07"  # noqa: S105
    rows = [
        {"kind": f"rescate de {secret}", "Name": "Ana", "place": "tel 664 123 4567"},
        {
            "source": "ana@example.org",
            "lat": "call (664) 123-0042",
        },
        {"id": "A123-456-789"},
    ]
    batch = read_rows(*rows)
    assert batch.accepted.empty
    stored = batch.faults.to_csv() + batch.accepted.to_csv()
    for part in (secret, "Ana", "example.org", "664", "456-789"):
        assert part not in stored
    assert batch.masked == {"a_number": 1, "curp": 1, "e_mail": 1, "phone": 1}
    assert batch.stripped["Name"] == 1
    assert batch.stripped["place"] == 1


@pytest.mark.parametrize("recogniser", RECOGNISERS, ids=lambda one: one.kind)
@few_examples
@given(data=st.data())
def test_nothing_that_is_found_is_passed_over_by_the_quick_look(recogniser, data):
    # its look ahead at a letter is more than chance finds
    rare = recogniser.kind == "rfc"
    text = data.draw(rfcs() if rare else st.from_regex(recogniser.pattern))
    assert re.search(PERHAPS, text)
    # the engine of the tables sees what Python's sees
    told = hold_identity(pd.Series([text, "2014.MMP00001"], dtype="str"))
    found = len(text) >= SHORTEST_FIND and IDENTITY.search(text) is not None
    assert told.tolist() == [found, False]

"""Inference: what a file tells is decided with evidence, the rest is asked."""

import tomllib

import pytest

from riskmap import errors
from riskmap.i18n import LANGUAGES, Words
from riskmap.ingest import infer_profile, load_profile, profile_names
from riskmap.ingest.columns_found import words_for_fields
from riskmap.ingest.profiles import choose_profile
from tests.ingest.conftest import as_csv


@pytest.fixture
def inferred(tmp_path):
    def infer(text, name="hechos marzo.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return infer_profile(path)

    return infer


def rows(*changes, **columns):
    base = {"Folio": "1", "Cuándo": "25/12/2020", "Y": "31.45", "X": "-110.52",
            "Suceso": "rescate"}  # fmt: skip
    return as_csv(
        [base | columns | {"Folio": str(n)} | c for n, c in enumerate(changes)]
    )


def told(proposal):
    return {d.option: d for d in proposal.decisions}


def asked(proposal):
    return {q.option: q for q in proposal.questions}


def test_the_order_of_dates_is_decided_with_its_evidence(inferred):
    dates = [f"{day}/03/2021" for day in range(1, 32)]
    found = told(inferred(rows(*({"Cuándo": date} for date in dates))))["date_order"]
    assert found.value == "dmy"
    said = Words("en").text(f"infer.{found.code}", **found.fields)
    assert said.startswith("19 dates of 31 have a day above 12 in first place")


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        (["12/25/2020", "1/2/2021"], "mdy"),
        (["2020-12-25", "2021-01-02"], "ymd"),
        (["25 de diciembre de 2020"], "ymd"),
        (["1/2/2021", "3/4/2021"], ""),
    ],
)
def test_an_order_that_nothing_decides_is_asked_for(dates, order, inferred):
    proposal = inferred(rows(*({"Cuándo": date} for date in dates)))
    if order:
        assert told(proposal)["date_order"].value == order
        assert "date_order" not in asked(proposal)
    else:
        assert "date_order" in asked(proposal)


def test_columns_are_found_by_values_where_headings_say_nothing(inferred):
    text = "a,b,c,d,e\n" + "".join(
        f"{n},31.4{n},-110.5{n},2021-03-0{n},rescate\n" for n in range(1, 8)
    )
    found = told(inferred(text))
    columns = {name: d.value for name, d in found.items() if name.startswith("col")}
    assert columns == {
        "columns.date": "d",
        "columns.lat": "b",
        "columns.lon": "c",
        "columns.kind": "e",
    }
    assert found["columns.lat"].fields["count"] == 7


def test_a_heading_that_its_values_contradict_is_not_believed(inferred):
    found = told(inferred(rows({}, {}, date="Sector", lat="12R")))
    assert found["columns.date"].value == "Cuándo"
    assert found["columns.lat"].value == "Y"


@pytest.mark.parametrize(
    ("heads", "values", "fields"),
    [
        ("este,norte,zona", "545607,3479574,12", {"easting", "northing", "zone"}),
        ("foo,bar", "545607,3479574", {"easting", "northing"}),
        ("donde", "12R WV 45607 79574", {"grid"}),
        ("donde", '"31.45, -110.52"', {"coordinates"}),
    ],
)
def test_places_in_any_form_are_found(heads, values, fields, inferred):
    text = f"fecha,tipo,{heads}\n2021-03-05,rescate,{values}\n"
    proposal = inferred(text)
    places = {"lat", "lon", "easting", "northing", "zone", "grid", "coordinates"}
    columns = {name.removeprefix("columns.") for name in told(proposal)}
    assert columns & places == fields
    assert ("utm_zone" in asked(proposal)) == (heads == "foo,bar")


def test_known_words_are_translated_and_others_asked_for(inferred):
    proposal = inferred(
        rows({}, {}, {}, {}, {"Suceso": "Pícnic"}, {"Suceso": "Muerte"})
    )
    assert told(proposal)["vocabulary.kind.rescate"].value == "rescue"
    assert told(proposal)["vocabulary.kind.Muerte"].value == "migrant_death"
    assert asked(proposal)["vocabulary.kind.Pícnic"].fields["count"] == 1


def test_what_tells_of_persons_is_never_proposed(inferred):
    proposal = inferred(rows({}, {}, Nombre="Ana", Edad="30", fecha="2021-01-01"))
    said = proposal.text(Words("es").text)
    written = tomllib.loads(said)
    assert "Nombre" not in str(written)
    assert "Nombre, Edad" in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_proposal_is_a_profile_that_reads_its_own_file(
    lang, inferred, tmp_path, read_text
):
    dates = [f"{day}/03/2021" for day in range(1, 32)]
    text = rows(*({"Cuándo": date} for date in dates))
    path = tmp_path / "ours.toml"
    path.write_text(inferred(text).text(Words(lang).text), encoding="utf-8")
    batch = read_text(text, profile=str(path))
    assert len(batch.accepted) == 31
    assert batch.accepted.index[0] == "hechos_marzo:0"


def test_odd_headings_and_words_make_no_broken_profile(inferred, tmp_path):
    odd = 'a "b" \\ c'
    text = as_csv(
        [{odd: "1", "fecha": "2021-03-05", "tipo": 'x "y" \\ [z]', "x": "-110.5",
          "y": "31.5"}] * 2
    )  # fmt: skip
    path = tmp_path / "ours.toml"
    path.write_text(inferred(text).text(Words("en").text), encoding="utf-8")
    assert load_profile(str(path)).columns["date"] == ("fecha",)


def test_a_profile_that_fits_already_is_named(inferred):
    text = (
        "ML Number,Reporting Date,Location Precision,Cause of Death,Latitude,Longitude"
    )
    found = told(inferred(f"{text}\n1,2021-03-05,x,Exposure,31.4,-110.5\n"))
    assert found["publisher"].fields["profile"] == "arizona_ogis"


def test_every_word_for_a_field_leads_back_to_it():
    assert {"date", "lat", "lon", "kind"} <= set(words_for_fields())


CBP = (
    "Incident Number,Incident Date,Sector,Station,Incident Type,Cause,Deceased,"
    "County,State,Latitude,Longitude,Subject Name\n"
    "TCA-21-1,03/05/2021 14:30,TCA,NGL,Rescue,,0,Santa Cruz,AZ,"
    '"31° 27\' 00.4"" N","110° 31\' 13.1"" W",Ana\n'
    "TCA-21-2,03/06/2021 2:30,TCA,NGL,Death,Heat Exposure,1,Cochise,AZ,31.4501,"
    "-110.5203,\n"
    "TCA-21-3,03/07/2021 02:30,TCA,NGL,Assault on Agent,,,Santa Cruz,AZ,31.4501,"
    "-110.5203,\n"
)

SESNSP = (
    "Carpeta de investigación;Año;Clave_Ent;Entidad;Municipio;Tipo de delito;"
    "Subtipo de delito;Modalidad;Fecha de los hechos;Hora de los hechos;Latitud;"
    "Longitud;Edad\n"
    "SON-1;2021;26;Sonora;Nogales;Homicidio;Homicidio doloso;Con arma de fuego;"
    "05/03/2021;23:15;31,2;-110,9;30\n"
    "SON-2;2021;26;Sonora;Naco;Secuestro;Secuestro;Secuestro extorsivo;05/03/2021;"
    "23:15;31,2;-110,9;\n"
    "SON-3;2020;26;Sonora;Nogales;Homicidio;Feminicidio;;05/03/2021;23:15;31,2;-110,9;\n"
)


def test_a_file_in_the_manner_of_cbp(read_text):
    batch = read_text(CBP, profile=None)
    assert batch.profile == "cbp_like"
    assert batch.accepted[["kind", "local_time", "time_zone"]].values.tolist() == [
        ["rescue", "14:30", "America/Phoenix"],
        ["aggression_against_border_patrol", "02:30", "America/Phoenix"],
    ]
    assert batch.faults[["row", "code"]].values.tolist() == [[2, "outside_municipio"]]
    assert batch.stripped == {"Subject Name": 1}


def test_a_file_in_the_manner_of_sesnsp(read_text):
    batch = read_text(SESNSP, profile=None)
    assert batch.profile == "sesnsp_like"
    assert batch.accepted[["kind", "time_zone"]].values.tolist() == [
        ["homicide", "America/Hermosillo"]
    ]
    assert batch.accepted["occurred_at"].dt.strftime("%d %H:%M").tolist() == [
        "06 06:15"
    ]
    assert batch.faults[["row", "code"]].values.tolist() == [
        [2, "outside_municipio"],
        [3, "date_contradicts_year"],
    ]


def test_monthly_totals_of_a_municipio_are_no_incidents(inferred):
    text = (
        "Año;Entidad;Municipio;Tipo de delito;Enero;Febrero\n2021;Sonora;Naco;x;1;2\n"
    )
    assert "columns.lat" not in told(inferred(text))
    with pytest.raises(errors.ProfileUndecidedError):
        choose_profile(["Año", "Entidad", "Municipio", "Enero"], "totals.csv")


def test_there_are_profiles_in_both_manners():
    assert {"cbp_like", "sesnsp_like"} <= set(profile_names())

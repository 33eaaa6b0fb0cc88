"""Landmarks: listed, shown, added, verified; gaps and stretches to mark."""

import json

import pytest

ADD = [
    "landmarks", "add", "beacon-1", "--kind", "other", "--lon", "-112.0",
    "--lat", "31.9", "--accuracy-m", "20", "--source", "BORSTAR",
    "--name-es", "Baliza 1",
]  # fmt: skip


def records(printed):
    code, out, _ = printed
    assert code == 0
    return json.loads(out)


def test_landmarks_are_listed_by_kind_side_and_words(ask):
    rows = records(ask("landmarks", "list", "--kind", "international_bridge", "--json"))
    assert {row["kind"] for row in rows} == {"international_bridge"}
    assert {"landmark_id", "lon", "lat", "state", "days"} <= set(rows[0])
    rows = records(ask("landmarks", "list", "SASABE", "--side", "MX", "--json"))
    assert [row["landmark_id"] for row in rows] == ["gb-006", "town-171"]
    code, out, _ = ask("landmarks", "list", "el", "sasabe", lang="es")
    assert code == 0
    assert "El Sásabe" in out
    assert "sin verificar" in " ".join(out.split())


def test_none_found_is_said_and_is_no_failure(ask):
    code, out, _ = ask("landmarks", "list", "Atlantis")
    assert code == 0
    assert "nothing to show" in out


def test_a_landmark_is_shown_with_its_history(ask):
    facts = records(ask("landmarks", "show", "bm-181", "--json"))
    assert facts["us_id"] == "166"
    assert [row["file"] for row in facts["history"]] == ["landmarks.csv"]
    assert facts["disagreements"] == []
    out = ask("landmarks", "show", "bm-181", lang="es")[1]
    assert "Monumento internacional 166" in out
    assert "Lado: ambos" in out


def test_an_unknown_landmark_names_those_like_it(ask):
    code, out, err = ask("landmarks", "show", "bm-1811")
    assert (code, out) == (2, "")
    assert "bm-181" in err


def test_verification_is_judged_on_a_day(ask):
    early = records(ask("landmarks", "unverified", "--on", "2026-12-01", "--json"))
    assert {row["state"] for row in early} == {"unverified"}
    late = records(ask("landmarks", "unverified", "--on", "2030-01-01", "--json"))
    assert "stale" in {row["state"] for row in late}
    assert len(late) > len(early)


def test_an_added_landmark_is_a_delivery_and_says_its_side(ask, own_border):
    code, out, _ = ask(*ADD, project=own_border)
    assert (code, "beacon-1" in out) == (0, True)
    facts = records(ask("landmarks", "show", "beacon-1", "--json", project=own_border))
    assert (facts["side"], facts["basis"]) == ("US", "unverified")
    assert facts["name_en"] == "Baliza 1"


def test_the_same_landmark_again_adds_nothing(ask, own_border):
    ask(*ADD, project=own_border)
    report = records(ask(*ADD, "--json", project=own_border))["batches"][0]
    assert report["repeated"] is True


def test_another_landmark_of_that_name_must_be_meant_to_replace_it(ask, own_border):
    ask(*ADD, project=own_border)
    moved = [word.replace("31.9", "31.8") for word in ADD]
    code, _, err = ask(*moved, project=own_border, lang="es")
    assert code == 2
    assert "--replace" in err
    assert ask(*moved, "--replace", project=own_border)[0] == 0


def test_every_change_stays_even_one_that_is_taken_back(ask, own_border):
    moved = [word.replace("31.9", "31.8") for word in ADD]
    for line in (ADD, moved, ADD, moved, ADD):
        report = records(ask(*line, "--replace", "--json", project=own_border))
        assert report["batches"][0]["repeated"] is False
    facts = records(ask("landmarks", "show", "beacon-1", "--json", project=own_border))
    assert [row["lat"] for row in facts["history"]] == [31.9, 31.8, 31.9, 31.8, 31.9]
    assert facts["lat"] == 31.9
    # its own earlier places are corrections, not another source's opinion
    assert facts["disagreements"] == []


def test_verifying_keeps_what_was_known_before(ask, own_border):
    line = ["landmarks", "verify", "town-171", "--on", "2026-11-24"]
    assert ask(*line, project=own_border)[0] == 0
    facts = records(ask("landmarks", "show", "town-171", "--json", project=own_border))
    assert (facts["basis"], facts["verified_on"]) == ("read", "2026-11-24")
    assert [row["basis"] for row in facts["history"]] == ["unverified", "read"]
    report = records(ask(*line, "--json", project=own_border))["batches"][0]
    assert report["repeated"] is True


def test_two_sources_that_differ_are_both_listed(ask, own_border):
    ask(*ADD, project=own_border)
    other = [word.replace("31.9", "31.8").replace("BORSTAR", "INM") for word in ADD]
    ask(*other, "--replace", project=own_border)
    (pair,) = records(ask("landmarks", "disagreements", "--json", project=own_border))
    assert {pair["source"], pair["other_source"]} == {"BORSTAR", "INM"}
    # a tenth of a degree of latitude
    assert pair["distance_m"] == pytest.approx(11_088, abs=5)
    out = ask("landmarks", "disagreements", project=own_border)[1]
    assert "11,088" in out


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--lon", "2.35"),
        ("--lon", "nan"),
        ("--lat", "95"),
        ("--accuracy-m", "-1"),
        ("--side", "MX"),
        ("--source", " "),
        ("--kind", "pub"),
        ("--verified-on", "yesterday"),
        ("--name-es", "\x1b[2J"),
    ],
)
def test_an_impossible_landmark_is_refused_and_nothing_is_kept(
    ask, border, option, value
):
    before = (border / "riskmap.sqlite").read_bytes()
    code, out, err = ask(*ADD, option, value)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert (border / "riskmap.sqlite").read_bytes() == before


def test_import_is_ingest_landmarks(ask, own_border, tmp_path):
    file = tmp_path / "more.csv"
    file.write_text(
        "id,kind,name_en,lat,lon,accuracy_m,side,basis\n"
        "t-1,peak,Test Peak,31.5,-111.0,100,US,read\n"
        "t-2,peak,Other Peak,31.6,-111.0,100,US,rumour\n"
    )
    code, out, _ = ask("landmarks", "import", str(file), project=own_border)
    assert code == 0
    assert "2 rows in = 1 accepted + 1 in quarantine" in out
    again = ask("ingest", "landmarks", str(file), project=own_border)[1]
    assert "taken in before" in again


def test_gaps_are_ordered_and_shorter_reach_gives_more(ask):
    rows = records(ask("landmarks", "gaps", "--json"))
    lengths = [row["length_km"] for row in rows]
    assert lengths == sorted(lengths, reverse=True)
    more = records(ask("landmarks", "gaps", "--reach-km", "2", "--json"))
    assert sum(row["length_km"] for row in more) > sum(lengths)
    out = ask("landmarks", "gaps", "--top", "2", lang="es")[1]
    assert "Tramos a más de 5 km" in out
    assert max(map(len, out.splitlines())) <= 80


def test_gaps_and_stretches_are_geojson_too(ask):
    for name in ("gaps", "demarcation"):
        code, out, _ = ask("landmarks", name, "--format", "geojson", "--top", "3")
        assert code == 0
        found = json.loads(out)
        assert [feature["id"] for feature in found["features"]] == [1, 2, 3]
        assert found["features"][0]["geometry"]["type"] == "LineString"


def test_stretches_to_mark_say_no_data_and_never_zero(ask):
    rows = records(ask("landmarks", "demarcation", "--json"))
    assert {row["incursions"] for row in rows} == {None}
    scores = [row["score"] for row in rows]
    assert scores == sorted(scores, reverse=True)
    out = ask("landmarks", "demarcation", "--top", "1")[1]
    assert "no data" in " ".join(out.split())
    # a number broken over two lines is another number
    assert "1,060\u20131,070" in out


def test_incursions_on_record_move_a_stretch_up(ask, own_border, tmp_path):
    before = records(ask("landmarks", "demarcation", "--json"))
    low = next(row for row in reversed(before) if row["from_km"] == 2520.0)
    file = tmp_path / "seen.csv"
    file.write_text(
        "id,date,date_precision,lon,lat,accuracy_m,kind,cause,dead,missing,source,"
        "source_quality\n"
        "a1,2020-05-02,day,-110.9406,31.3322,100,incursion,,0,0,cbp,5\n"
    )
    taken = ask("ingest", "incidents", str(file), "--json", project=own_border)[1]
    assert json.loads(taken)["batches"][0]["accepted"] == 1
    after = records(ask("landmarks", "demarcation", "--json", project=own_border))
    high = next(row for row in after if row["from_km"] == 2520.0)
    assert high["incursions"] == 1
    assert high["rank"] < low["rank"]

"""Regions, offices and the printable card, on a true project."""

import json

import pytest

REGIONS = (
    "Western Arizona deserts", "All-American Canal", "Rio Grande", "San Diego",
    "Calexico", "Tucson", "El Paso", "Laredo", "Arizona/Sonora", "Laredo/Nuevo Laredo",
)  # fmt: skip


def test_all_regions_are_listed_by_name(ask):
    code, out, _ = ask("regions", "list", "--json")
    listed = json.loads(out)["regions"]
    assert code == 0
    assert set(REGIONS) <= {row["name_en"] for row in listed}
    assert sum(row["name_en"].endswith("Sector") for row in listed) == 9
    assert "Desiertos" in ask("regions", "list", lang="es")[1]


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_region_that_is_not_there_is_refused_with_those_that_are(ask, lang):
    code, _, err = ask("regions", "show", "Atlantis", lang=lang)
    assert code == 2
    assert "Atlantis" in err
    assert "all_american_canal" in err


def test_offices_without_a_stretch_are_said_loudly_and_can_be_completed(
    ask, own_border, tmp_path
):
    out = ask("offices", "list", project=own_border)[1]
    assert out.count("NOT ON") >= 12
    assert "20 have no stretch" in out
    held = json.loads(ask("offices", "list", "--json", project=own_border)[1])
    rows = held["offices"]
    columns = list(rows[0])
    lines = [",".join(columns)]
    lines += [
        ",".join(
            f'"{value}"' if value is not None else "0" if "from" in name else "3182"
            for name, value in row.items()
        )
        for row in rows
    ]
    file = tmp_path / "offices.csv"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    assert ask("offices", "import", str(file), project=own_border)[0] == 0
    assert "NOT ON" not in ask("offices", "list", project=own_border)[1]


def test_a_card_prints_as_one_page_in_both_languages(ask):
    code, out, _ = ask("card", "monument 166", "--format", "html", lang="es")
    assert code == 0
    assert out.startswith("<!DOCTYPE html>")
    assert out.index('lang="es"') < out.index('<div lang="en">')
    assert "<script" not in out


def test_marking_says_why_and_of_what_there_is_no_data(ask):
    out = ask("landmarks", "demarcation", "--top", "1")[1]
    assert "incursions: NO DATA" in out
    assert "far from landmarks" in out

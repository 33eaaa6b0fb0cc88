"""Literature: every work that code or pages name is listed with how it was known."""

import calendar
import re

import pytest

from tests.conftest import ROOT

PAGE = ROOT / "docs" / "literature.md"
PARTS = (
    "evaluation",
    "features",
    "hazards",
    "history",
    "hotspots",
    "models",
    "places",
    "scoring",
    "simulation",
    "zones",
)
DOI = re.compile(r"doi:(10\.\d{4,}/[^\s,;:)\]\"]+)")

# one to many names with a year: "Knox 1964", "Evans MA, Bonett DG (1994)"
NAME = r"[A-Z][\w'\u2019-]+(?: [A-Z]{1,3}\b)?"
YEAR = r"(?:18|19|20)\d\d"
WORK = re.compile(
    rf"({NAME})(?:(?:, | & | and ){NAME})*(?: et al\.?)?,? \(?({YEAR})\b(?!-\d)"
)

# capitalised words that stand before a year and are no author
NO_AUTHORS = {
    "Arizona",
    "Carolina",
    "Deaths",
    "IOM",
    "TIGER",
    *calendar.month_name[1:],
    *calendar.month_abbr[1:],
}


def files():
    """Code and settings of the parts that rest on science, and the pages."""
    for part in PARTS:
        for path in sorted((ROOT / "riskmap" / part).rglob("*")):
            if path.suffix in {".py", ".toml"}:
                yield path
    yield from sorted((ROOT / "docs").glob("*.md"))


def works(text):
    """First author, or the last word before the year, and year of each work named."""
    for found in WORK.finditer(re.sub(r"\s+", " ", text)):
        author = found[1].split()[0].removesuffix("'s")
        if author not in NO_AUTHORS:
            yield author, found[2]


LISTED = PAGE.read_text("utf-8")


def listed(author, year):
    return any(author in entry and year in entry for entry in re.split(r"[;|]", LISTED))


def test_the_pattern_finds_works_as_they_are_written():
    text = "Evans MA, Bonett DG (1994) and Clayton & Kaldor 1987; Horn's 1981; May 2012"
    found = [("Evans", "1994"), ("Clayton", "1987"), ("Horn", "1981")]
    assert list(works(text)) == found


@pytest.mark.parametrize("path", list(files()), ids=lambda path: path.name)
def test_every_work_that_is_named_is_listed_with_how_it_was_known(path):
    text = path.read_text("utf-8")
    unlisted = [work for work in works(text) if not listed(*work)]
    unlisted += [doi for doi in DOI.findall(text) if doi.rstrip(".") not in LISTED]
    assert unlisted == []

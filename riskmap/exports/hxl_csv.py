"""HXL: a row of hashtags under the header, so that aid agencies can join tables."""

import pandas as pd

from riskmap.exports.table import csv_text
from riskmap.provenance import Source

SOURCE = Source(
    name="Humanitarian Exchange Language, hashtag standard 1.1",
    publisher="OCHA",
    url="https://hxlstandard.org",
    note="one row of hashtags between header and data",
)

# the standard's own tags; what it has none for is an indicator with its name
TAGS = {
    "cell": "#loc+code+cell",
    "landmark_id": "#loc+code+landmark",
    "zone_id": "#loc+code+zone",
    "x": "#geo+lon",
    "y": "#geo+lat",
    "side": "#country+code",
    "kind": "#event+type",
    "event_id": "#event+code",
    "occurred_on": "#date+occurred",
    "period": "#date+period",
    "verified_on": "#date+verified",
    "name_en": "#loc+name+i_en",
    "name_es": "#loc+name+i_es",
    "landmark_en": "#loc+near+name+i_en",
    "landmark_es": "#loc+near+name+i_es",
    "dead": "#affected+killed",
    "missing": "#affected+missing",
    "events": "#event+num",
    "source": "#meta+source",
    "marking": "#meta+marking",
}


def hxl_tag(field: str, *, is_number: bool) -> str:
    """Give a field's hashtag.

    Parameters
    ----------
    field
        Name of a column.
    is_number
        True if it holds numbers.

    Returns
    -------
    str
        A tag of the standard with attributes, lower case.

    Examples
    --------
    >>> hxl_tag("cell", is_number=False), hxl_tag("area_km2", is_number=True)
    ('#loc+code+cell', '#indicator+area_km2+num')
    """
    if field in TAGS:
        return TAGS[field]
    ending = "+num" if is_number else "+text"
    return f"#indicator+{field.lower()}{ending}"


def hxl_text(table: pd.DataFrame) -> str:
    """Write a table as CSV with a row of hashtags.

    Parameters
    ----------
    table
        Any table without geometry, on plain row numbers.

    Returns
    -------
    str
        As :func:`riskmap.exports.table.csv_text` writes it, formulas made harmless,
        with the hashtags as second line.

    Examples
    --------
    >>> print(hxl_text(pd.DataFrame({"cell": ["=8a"], "events": [2]})).strip())
    cell,events
    #loc+code+cell,#event+num
    '=8a,2
    """
    header, _, rows = csv_text(table).partition("\n")
    tags = ",".join(
        hxl_tag(str(name), is_number=pd.api.types.is_numeric_dtype(dtype))
        for name, dtype in table.dtypes.items()
    )
    return f"{header}\n{tags}\n{rows}"

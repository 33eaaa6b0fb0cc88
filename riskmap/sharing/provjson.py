"""PROV-JSON: how a package came about, for tools that read provenance."""

from collections.abc import Mapping
from typing import Any

from riskmap.provenance import Source

SOURCE = Source(
    name="The PROV-JSON Serialization",
    publisher="W3C Member Submission, 2013",
    url="https://www.w3.org/submissions/prov-json/",
)

PREFIX = "riskmap"


def prov_document(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Tell what each file of a package was made of, by what and by whom.

    Parameters
    ----------
    manifest
        Of the package; its files need not be complete.

    Returns
    -------
    dict
        Entities: the tables that went in, by checksum, and the files; one activity,
        the making; one agent, the holder.

    Examples
    --------
    >>> told = {"files": {"a.csv": {}}, "inputs": {"cells": "0f"}, "origin": "US"}
    >>> told |= {"riskmap_version": "0.1", "profile": "public", "as_of": "2022-01-01"}
    >>> sorted(prov_document(told)["entity"])
    ['riskmap:file/a.csv', 'riskmap:table/cells']
    """
    tables = {
        f"{PREFIX}:table/{name}": {"riskmap:sha256": sha256}
        for name, sha256 in manifest["inputs"].items()
    }
    files = {
        f"{PREFIX}:file/{name}": {"prov:label": name} for name in manifest["files"]
    }
    making, holder = f"{PREFIX}:making", f"{PREFIX}:holder"
    return {
        "prefix": {PREFIX: "urn:riskmap:"},
        "entity": tables | files,
        "activity": {
            making: {
                "riskmap:version": manifest["riskmap_version"],
                "riskmap:profile": manifest["profile"],
                "riskmap:as_of": manifest["as_of"],
            }
        },
        "agent": {holder: {"prov:label": manifest["origin"]}},
        "used": {
            f"_:used{place}": {"prov:activity": making, "prov:entity": name}
            for place, name in enumerate(tables, start=1)
        },
        "wasGeneratedBy": {
            f"_:made{place}": {"prov:entity": name, "prov:activity": making}
            for place, name in enumerate(files, start=1)
        },
        "wasAssociatedWith": {"_:by": {"prov:activity": making, "prov:agent": holder}},
    }

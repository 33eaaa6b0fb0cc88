"""Linkage: the same event from several sources becomes one incident."""

from riskmap.linkage.levels import FIELDS, LEVELS, LinkageOptions
from riskmap.linkage.linking import (
    LINK_TABLE,
    LINKED,
    PARTS,
    STATES,
    link_id,
    propose_links,
)
from riskmap.linkage.merging import (
    DECISION_TABLE,
    DECISIONS,
    MEMBER_TABLE,
    decide,
    decision_row,
    member_records,
    merge_records,
)

__all__ = [
    "DECISIONS",
    "DECISION_TABLE",
    "FIELDS",
    "LEVELS",
    "LINKED",
    "LINK_TABLE",
    "MEMBER_TABLE",
    "PARTS",
    "STATES",
    "LinkageOptions",
    "decide",
    "decision_row",
    "link_id",
    "member_records",
    "merge_records",
    "propose_links",
]

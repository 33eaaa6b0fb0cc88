"""Exports: tables as files that others can open, in both languages."""

from riskmap.exports.dictionary import data_dictionary
from riskmap.exports.formats import FORMATS, Format, format_named
from riskmap.exports.incidents import count_incidents
from riskmap.exports.layers import score_table
from riskmap.exports.notes import CAVEATS, ExportNotes
from riskmap.exports.table import csv_text

__all__ = [
    "CAVEATS",
    "FORMATS",
    "ExportNotes",
    "Format",
    "count_incidents",
    "csv_text",
    "data_dictionary",
    "format_named",
    "score_table",
]

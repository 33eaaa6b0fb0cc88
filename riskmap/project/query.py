"""SQL over tables in memory: DuckDB that can reach neither file nor network."""

import importlib
import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

import pandas as pd
import pyarrow as pa

from riskmap.errors import QueryError

# in this order: the last one locks the door
_SETTINGS = (
    "SET TimeZone = 'UTC'",
    "SET threads = 1",
    "SET python_enable_replacements = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)


def _engine() -> Any:
    """Give DuckDB, imported by who asks and not by all who open a project."""
    return importlib.import_module("duckdb")


def _failed(query: str, reason: str) -> QueryError:
    msg = f"The query cannot be answered: {reason}."
    return QueryError(msg, query=query, reason=reason)


def _nodes(tree: object) -> Iterator[dict[str, Any]]:
    """Walk a parsed query."""
    if isinstance(tree, dict):
        yield tree
        tree = list(tree.values())
    if isinstance(tree, list):
        for branch in tree:
            yield from _nodes(branch)


def tables_named(query: str) -> tuple[str, ...]:
    """List the tables that a query names, those it makes itself included.

    Parameters
    ----------
    query
        One SELECT in DuckDB's dialect.

    Returns
    -------
    tuple of str
        Sorted.

    Raises
    ------
    QueryError
        If the query cannot be understood, or is not one SELECT.

    Examples
    --------
    >>> tables_named("SELECT * FROM cells JOIN scores USING (cell)")
    ('cells', 'scores')
    """
    duckdb = _engine()
    with closing(duckdb.connect(":memory:")) as connection:
        parse = "SELECT json_serialize_sql(?::VARCHAR)"
        try:
            (text,) = connection.execute(parse, [query]).fetchall()[0]
        except duckdb.Error as error:
            raise _failed(query, str(error)) from error
    parsed = json.loads(text)
    if parsed["error"]:
        raise _failed(query, parsed["error_message"])
    if len(parsed["statements"]) != 1:
        raise _failed(query, "it must be one SELECT")
    named = {n["table_name"] for n in _nodes(parsed) if n.get("type") == "BASE_TABLE"}
    return tuple(sorted(named))


def answer(query: str, tables: Mapping[str, pa.Table]) -> pd.DataFrame:
    """Answer a query over tables in memory, on one thread, in UTC.

    One thread, so that a sum of floats has the same bits every time. Without
    an ``ORDER BY`` the order of rows is DuckDB's.

    Parameters
    ----------
    query
        One statement of SQL in DuckDB's dialect.
    tables
        Name to table; nothing else can be reached.

    Returns
    -------
    pandas.DataFrame
        Integers stay integers; geometry is WKB.

    Raises
    ------
    QueryError
        If the query is wrong, or reaches for a file, the network or settings.

    Examples
    --------
    >>> cells = pa.table({"km": [1.5, 2.0]})
    >>> answer("SELECT sum(km) AS km FROM cells", {"cells": cells})
        km
    0  3.5
    """
    duckdb = _engine()
    with closing(duckdb.connect(":memory:")) as connection:
        try:
            for name, table in tables.items():
                connection.register(name, table)
            for setting in _SETTINGS:
                connection.execute(setting)
            found = connection.sql(query)
            arrow = pa.table({}) if found is None else found.to_arrow_table()
        except duckdb.Error as error:
            raise _failed(query, str(error)) from error
    return arrow.to_pandas()

"""The declarations agree with what DuckDB makes of them."""

import pytest

from scanner.schema import TABLES, Table
from scanner.warehouse import Warehouse


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)
def test_duckdb_prints_the_types_as_declared(table: Table) -> None:
    with Warehouse() as warehouse:
        warehouse.create(table)
        made = warehouse.describe(f'SELECT * FROM "{table.name}"')
    assert made == [(column.name, column.sql_type) for column in table.columns]


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)
def test_arrow_types_make_the_round_trip(table: Table) -> None:
    empty = table.arrow_schema.empty_table()
    with Warehouse() as warehouse:
        warehouse.create(table)
        warehouse.append(table.name, empty)
        back = warehouse.arrow(f'SELECT * FROM "{table.name}"')
    assert back.schema.types == empty.schema.types


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)
def test_comments_land_on_every_column(table: Table) -> None:
    with Warehouse() as warehouse:
        warehouse.create(table)
        for statement in table.comments():
            warehouse.execute(statement)
        comments = dict(
            warehouse.rows(
                "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = ?",
                [table.name],
            )
        )
    assert comments == {column.name: column.meaning for column in table.columns}


def test_the_grain_names_columns() -> None:
    for table in TABLES.values():
        assert set(table.grain) <= set(table.column_names), table.name

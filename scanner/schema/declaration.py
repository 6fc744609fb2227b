"""What a table and a column are, and everything that is made from their declarations."""

from dataclasses import dataclass

import pyarrow as pa

_SCALARS: dict[str, pa.DataType] = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "UBIGINT": pa.uint64(),
    "INTEGER": pa.int32(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "DECIMAL(28,5)": pa.decimal128(28, 5),
    "DECIMAL(28,2)": pa.decimal128(28, 2),
    "VARCHAR[]": pa.list_(pa.string()),
    "INTEGER[]": pa.list_(pa.int32()),
}

REASON_TYPE = "STRUCT(code VARCHAR, contribution DOUBLE, words VARCHAR)[]"
_SCALARS[REASON_TYPE] = pa.list_(
    pa.struct(
        [
            pa.field("code", pa.string()),
            pa.field("contribution", pa.float64()),
            pa.field("words", pa.string()),
        ]
    )
)


@dataclass(frozen=True)
class Column:
    """One column: its name, its type as DuckDB prints it, and what it means.

    Attributes:
        name: Lower case, with its unit where it has one.
        sql_type: Spelled as DuckDB prints it, so that DESCRIBE can be compared.
        meaning: The comment an analyst reads.
        nullable: Whether a missing value is legal; a missing value means "not known".
        personal: Whether it may hold a name, an account, an address or free text.
    """

    name: str
    sql_type: str
    meaning: str
    nullable: bool = True
    personal: bool = False

    @property
    def arrow_type(self) -> pa.DataType:
        """The Arrow type in which stages hand this column over."""
        return _SCALARS[self.sql_type]


@dataclass(frozen=True)
class Table:
    """One table: its name, what a row is, and its columns in order."""

    name: str
    meaning: str
    grain: tuple[str, ...]
    columns: tuple[Column, ...]
    published: bool = True

    @property
    def arrow_schema(self) -> pa.Schema:
        """The schema of the Arrow tables that a stage hands over."""
        return pa.schema([pa.field(c.name, c.arrow_type) for c in self.columns])

    @property
    def column_names(self) -> tuple[str, ...]:
        """The columns' names in order."""
        return tuple(c.name for c in self.columns)

    def ddl(self, *, temporary: bool = False, if_absent: bool = False) -> str:
        """The CREATE TABLE statement."""
        kind = "CREATE TEMP TABLE" if temporary else "CREATE TABLE"
        if if_absent:
            kind += " IF NOT EXISTS"
        body = ", ".join(
            f'"{c.name}" {c.sql_type}{"" if c.nullable else " NOT NULL"}' for c in self.columns
        )
        return f'{kind} "{self.name}" ({body})'

    def comments(self) -> list[str]:
        """The COMMENT statements for the table and each column."""
        made = [f"COMMENT ON TABLE \"{self.name}\" IS '{_quoted(self.meaning)}'"]
        made += [
            f'COMMENT ON COLUMN "{self.name}"."{c.name}" IS \'{_quoted(c.meaning)}\''
            for c in self.columns
        ]
        return made


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def required(name: str, sql_type: str, meaning: str, *, personal: bool = False) -> Column:
    """A column whose value is never missing."""
    return Column(name, sql_type, meaning, nullable=False, personal=personal)


def personal(name: str, meaning: str, sql_type: str = "VARCHAR") -> Column:
    """A column that may hold a name, an account, an address or free text."""
    return Column(name, sql_type, meaning, personal=True)

"""The rows of a snapshot: every published table, made of the Parquet files of the runs that stand.

Rows of superseded source files are left out, so that no payment stands twice. Where two runs
can write a row of the same key, the newer one's stands; what is known of the outside world is
the newest run's alone.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from scanner.errors import IntegrityError
from scanner.schema import TABLES, Column, Table
from scanner.warehouse.connection import Warehouse
from scanner.warehouse.relations import load_relations

# What a run knows of the outside world: only the newest run's knowledge is shown.
OF_NEWEST_RUN = frozenset(
    {"list_entries", "list_names", "list_identifiers", "list_addresses", "customers", "ownership"}
)
# Made from several files at once, so the rows of two runs can have the same key.
MERGED = frozenset(
    {
        "list_versions", "bank_exposure", "customer_exposure", "corridor_exposure",
        "significance", "alerts", "runs", "models", "model_steps",
    }
)  # fmt: skip
PAYMENTS_OF_RUNS = "payments_of_runs"
# Grow with the archive; a view serves them where a copy would be too large.
LARGE = frozenset(
    {
        "messages", "transactions", "parties", "texts", "hits", "goods_found", "indicators",
        "scores", "features",
    }
)  # fmt: skip
_SIDE_FILES = frozenset({"customers", "ownership"})
_KEYED_BY_TRANSACTION = frozenset(
    table.name for table in TABLES.values() if "transaction_id" in table.column_names
)


@dataclass(frozen=True)
class RunFiles:
    """One run's Parquet files.

    Attributes:
        folder: Holds one `<table>.parquet` for each table.
        superseded: SHA-256 of source files for which a later run stands.
    """

    folder: Path
    superseded: tuple[str, ...] = ()

    def parquet(self, table: str) -> Path:
        """The file of one table."""
        return self.folder / f"{table}.parquet"


# Their rows hang on more than the runs' files: on decisions, or on which run is the newest.
_NEVER_KEPT = frozenset({"alerts", "decisions", "list_versions"})


def refill(
    warehouse: Warehouse,
    runs: Sequence[RunFiles],
    kept: frozenset[str],
    *,
    as_views: frozenset[str] = frozenset(),
) -> None:
    """Make a filled snapshot show other runs, of which some tables have the same rows.

    Args:
        warehouse: What `fill` made of other runs.
        runs: Runs to show, oldest first.
        kept: Tables that stay as they are.
        as_views: Tables that are views of the files.
    """
    staying = kept - _NEVER_KEPT - as_views
    for table in TABLES.values():
        if table.published and table.name not in staying | as_views:
            warehouse.execute(f'DROP TABLE "{table.name}"')
    # What was dropped makes room for what comes only once it is off the books.
    warehouse.execute("CHECKPOINT")
    fill(warehouse, runs, as_views=as_views, kept=staying)


def fill(
    warehouse: Warehouse,
    runs: Sequence[RunFiles],
    *,
    as_views: frozenset[str] = frozenset(),
    kept: frozenset[str] = frozenset(),
) -> None:
    """Make every published table from the runs' files.

    Rows of superseded source files are left out, so that no payment stands twice.

    Args:
        warehouse: The database that is filled.
        runs: Runs to show, oldest first.
        as_views: Tables that become views of the files.
        kept: Tables that are made already.
    """
    for table in TABLES.values():
        if not table.published or table.name in kept:
            continue
        shown = shown_runs(warehouse, table, runs)
        if table.name in as_views and shown:
            create_view(warehouse, table, shown)
            continue
        warehouse.create(table)
        if table.name == "payments":
            _join_payments(warehouse, table, list(enumerate(shown)))
            continue
        for run in shown:
            with reading(table, run):
                insert_run(warehouse, table, run)
    retire_old_versions(warehouse, runs)


def create_view(warehouse: Warehouse, table: Table, shown: Sequence[RunFiles]) -> None:
    """Make or replace a table of which a view of the runs' files takes the place.

    Runs that stand whole and were written with the same columns are read by one SELECT.
    """
    together: dict[tuple[str, str], list[str]] = {}
    for run in shown:
        with reading(table, run):
            file = run.parquet(table.name)
            alike = _literal_columns(table, _parquet_columns(file)), _where(_standing(table, run))
            together.setdefault(alike, []).append(f"'{quoted(file.resolve())}'")
    selects = [
        f"SELECT {columns} FROM read_parquet([{', '.join(files)}]) AS made{where}"
        for (columns, where), files in together.items()
    ]
    warehouse.execute(f'CREATE OR REPLACE VIEW "{table.name}" AS {" UNION ALL ".join(selects)}')


def _join_payments(
    warehouse: Warehouse, table: Table, runs: Sequence[tuple[int, RunFiles]]
) -> None:
    """A payment whose messages came in several runs becomes one row.

    Args:
        warehouse: Holds `transactions`; its `payments` take the rows.
        table: The declaration of payments.
        runs: Runs with their positions among all that are shown.
    """
    create_payments_of_runs(warehouse, table)
    for ordinal, run in runs:
        add_payments_of(warehouse, table, ordinal, run)
    build_payments(warehouse)


def create_payments_of_runs(warehouse: Warehouse, table: Table) -> None:
    """Create the temporary table from which `build_payments` joins, empty."""
    of_runs = replace(
        table,
        name=PAYMENTS_OF_RUNS,
        columns=(*table.columns, Column("run_ordinal", "INTEGER", "Position of the run.")),
    )
    warehouse.execute(of_runs.ddl(temporary=True))


def add_payments_of(
    warehouse: Warehouse, table: Table, ordinal: int, run: RunFiles, *, only: str | None = None
) -> None:
    """Put one run's payments to the temporary table.

    Args:
        warehouse: Holds what `create_payments_of_runs` made.
        table: The declaration of payments.
        ordinal: Position of the run among all that are shown.
        run: The run.
        only: Table of the payment_ids that are taken; None = all.
    """
    where = f" WHERE payment_id IN (SELECT payment_id FROM {only})" if only else ""
    with reading(table, run):
        select = _literal_select(table, run)
        warehouse.execute(
            f"INSERT INTO {PAYMENTS_OF_RUNS} BY NAME"
            f" SELECT *, ? AS run_ordinal FROM ({select}){where}",
            [ordinal],
        )


def build_payments(warehouse: Warehouse) -> None:
    """Join the temporary table into `payments`, one row a payment, and drop it."""
    warehouse.build_all(load_relations("publish"))
    warehouse.execute(f"DROP TABLE {PAYMENTS_OF_RUNS}")


def retire_old_versions(warehouse: Warehouse, runs: Sequence[RunFiles]) -> None:
    """Only the versions of the newest run are active; those of earlier runs stand behind hits."""
    there = [run for run in runs if run.parquet("list_versions").is_file()]
    if there:
        newest = quoted(there[-1].parquet("list_versions"))
        warehouse.execute(
            "UPDATE list_versions SET is_active = false WHERE (list, version) NOT IN"
            f" (SELECT (list, version) FROM read_parquet('{newest}') WHERE is_active)"
        )


def shown_runs(warehouse: Warehouse, table: Table, runs: Sequence[RunFiles]) -> list[RunFiles]:
    """The runs whose rows of a table are shown, in the order in which they are put into it."""
    there = [run for run in runs if run.parquet(table.name).is_file()]
    if table.name in _SIDE_FILES:
        # A scan without the side file says nothing about it.
        saying = (r for r in reversed(there) if rows_of(warehouse, r.parquet(table.name)))
        there = [run for run in [next(saying, None)] if run is not None]
    if table.name in OF_NEWEST_RUN:
        return there[-1:]
    # The newest run's row wins in the tables whose keys can meet again.
    return there[::-1] if table.name in MERGED else there


def rows_of(warehouse: Warehouse, file: Path) -> int:
    """Rows of a Parquet file."""
    return int(warehouse.row(f"SELECT count(*) FROM read_parquet('{quoted(file)}')")[0])


@contextmanager
def reading(table: Table, run: RunFiles) -> Iterator[None]:
    """Name the file of a run that cannot be read."""
    try:
        yield
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        raise IntegrityError(
            f"the table {table.name} of a run cannot be read",
            where=f"{run.parquet(table.name)}: {error}",
            hint="check the run with `scanner runs verify`",
        ) from error


def insert_run(warehouse: Warehouse, table: Table, run: RunFiles) -> None:
    """Put the rows that a run still stands for into a published table."""
    conditions = _standing(table, run)
    if table.name in MERGED:
        key = " AND ".join(f'shown."{c}" IS NOT DISTINCT FROM made."{c}"' for c in table.grain)
        conditions.append(f'NOT EXISTS (SELECT 1 FROM "{table.name}" AS shown WHERE {key})')
    file = quoted(run.parquet(table.name))
    there = _parquet_columns(run.parquet(table.name))
    # A run of an earlier program may lack columns, or have some that are gone.
    wanted = ", ".join(f'made."{c}"' for c in table.column_names if c in there)
    warehouse.execute(
        f'INSERT INTO "{table.name}" BY NAME'
        f" SELECT {wanted} FROM read_parquet('{file}') AS made{_where(conditions)}"
    )


def _literal_select(table: Table, run: RunFiles) -> str:
    file = run.parquet(table.name)
    columns = _literal_columns(table, _parquet_columns(file))
    return (
        f"SELECT {columns} FROM read_parquet('{quoted(file.resolve())}') AS made"
        f"{_where(_standing(table, run))}"
    )


def _literal_columns(table: Table, there: AbstractSet[str]) -> str:
    """All columns of a table; a run of an earlier program may lack some."""
    return ", ".join(
        f'made."{c.name}"' if c.name in there else f'CAST(NULL AS {c.sql_type}) AS "{c.name}"'
        for c in table.columns
    )


def _parquet_columns(file: Path) -> frozenset[str]:
    """The columns that a file has, from its end alone."""
    return frozenset(pq.read_schema(file).names)


def _where(conditions: Sequence[str]) -> str:
    return f" WHERE {' AND '.join(f'({c})' for c in conditions)}" if conditions else ""


def _standing(table: Table, run: RunFiles) -> list[str]:
    """Conditions that leave out the rows of superseded source files."""
    if not run.superseded:
        return []
    gone = ", ".join(f"'{_checked(sha256)}'" for sha256 in run.superseded)
    if table.name in ("messages", "rejected"):
        return [f"made.source_sha256 IS NULL OR made.source_sha256 NOT IN ({gone})"]
    if table.name not in _KEYED_BY_TRANSACTION | {"payments"}:
        return []
    messages = quoted(run.parquet("messages").resolve())
    transactions = quoted(run.parquet("transactions").resolve())
    key = "payment_id" if table.name == "payments" else "transaction_id"
    standing = (
        f"SELECT t.{key} FROM read_parquet('{transactions}') AS t"
        f" JOIN read_parquet('{messages}') AS m USING (message_id)"
        f" WHERE m.source_sha256 NOT IN ({gone})"
    )
    return [f"made.{key} IN ({standing})"]


def _checked(sha256: str) -> str:
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise IntegrityError("a manifest names no SHA-256", where=sha256[:80])
    return sha256


def quoted(path: Path) -> str:
    """A path inside an SQL literal."""
    return str(path).replace("'", "''")

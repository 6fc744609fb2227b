"""A night's run put to a snapshot that shows the runs before it.

What the run wrote is added; keys that come again, payments that earlier runs know and the state
that decisions gave to alerts are made again. Nothing else of the archive is read.
"""

from collections.abc import Sequence

from scanner.schema import TABLES, Table
from scanner.warehouse.connection import Warehouse
from scanner.warehouse.snapshot_rows import (
    MERGED,
    OF_NEWEST_RUN,
    PAYMENTS_OF_RUNS,
    RunFiles,
    add_payments_of,
    build_payments,
    create_payments_of_runs,
    create_view,
    insert_run,
    quoted,
    reading,
    retire_old_versions,
    shown_runs,
)


def grow(
    warehouse: Warehouse,
    runs: Sequence[RunFiles],
    known: int,
    *,
    as_views: frozenset[str] = frozenset(),
) -> None:
    """Add to a filled snapshot what the runs after the first `known` bring.

    Afterwards it holds the rows that `fill` would make of all the runs.

    Args:
        warehouse: What `fill` and `add_decisions` made of the first runs.
        runs: All runs to show, oldest first.
        known: How many of them it shows already.
        as_views: Tables that are views of the files.
    """
    new = runs[known:]
    _forget_decisions(warehouse)
    for table in TABLES.values():
        if not table.published:
            continue
        shown = shown_runs(warehouse, table, runs)
        if table.name in as_views and shown:
            create_view(warehouse, table, shown)
            continue
        added = [run for run in new if run in shown]
        if table.name == "payments":
            _join_new_payments(warehouse, table, shown, added)
            continue
        if table.name in OF_NEWEST_RUN and added:
            warehouse.execute(f'DELETE FROM "{table.name}"')
        for run in added:
            with reading(table, run):
                if table.name in MERGED:
                    _delete_known_keys(warehouse, table, run)
                insert_run(warehouse, table, run)
    retire_old_versions(warehouse, runs)


def _forget_decisions(warehouse: Warehouse) -> None:
    """Give alerts that were acted on the state in which their runs wrote them."""
    warehouse.execute(
        "UPDATE alerts SET status = 'open', assigned_to = NULL, decided_by = NULL,"
        " decided_at_utc = NULL, decision_reason = NULL, reopened_because = NULL"
        " WHERE alert_id IN (SELECT alert_id FROM decisions)"
    )
    warehouse.execute("DELETE FROM decisions")


def _delete_known_keys(warehouse: Warehouse, table: Table, run: RunFiles) -> None:
    """The newer run's row wins."""
    key = " AND ".join(f'shown."{c}" IS NOT DISTINCT FROM made."{c}"' for c in table.grain)
    warehouse.execute(
        f'DELETE FROM "{table.name}" AS shown'
        f" USING read_parquet('{quoted(run.parquet(table.name))}') AS made WHERE {key}"
    )


def _join_new_payments(
    warehouse: Warehouse, table: Table, shown: Sequence[RunFiles], added: Sequence[RunFiles]
) -> None:
    """Payments of new runs; one that earlier runs know too is joined from all of them again."""
    create_payments_of_runs(warehouse, table)
    for run in added:
        add_payments_of(warehouse, table, shown.index(run), run)
    warehouse.execute(
        "CREATE TEMP TABLE known_payments AS SELECT payment_id FROM payments"
        f" WHERE payment_id IN (SELECT payment_id FROM {PAYMENTS_OF_RUNS})"
    )
    for ordinal, run in _runs_that_know(warehouse, [r for r in shown if r not in added]):
        add_payments_of(warehouse, table, ordinal, run, only="known_payments")
    warehouse.execute(
        "DELETE FROM payments WHERE payment_id IN (SELECT payment_id FROM known_payments)"
    )
    warehouse.execute("DROP TABLE known_payments")
    build_payments(warehouse)


def _runs_that_know(warehouse: Warehouse, runs: Sequence[RunFiles]) -> list[tuple[int, RunFiles]]:
    """The runs, with their positions, that hold one of `known_payments`."""
    if not runs or not warehouse.count("known_payments"):
        return []
    files = {str(run.parquet("payments")): (n, run) for n, run in enumerate(runs)}
    named = ", ".join(f"'{quoted(run.parquet('payments'))}'" for run in runs)
    found = warehouse.rows(
        f"SELECT DISTINCT filename FROM read_parquet([{named}], filename = true)"
        " WHERE payment_id IN (SELECT payment_id FROM known_payments)"
    )
    return sorted((files[name] for (name,) in found), key=lambda pair: pair[0])

"""Which transactions of a stored run the changed lists may say something else of.

`found` are those whose own parties, texts or entries met a change; `spread` those that history
ties to them. More may be named than change, never less.
"""

from pathlib import Path

import pyarrow as pa

from scanner import screening
from scanner.pipeline.changed_history import changes_between
from scanner.pipeline.predecessor import Predecessor
from scanner.pipeline.stages import Context
from scanner.schema import TABLES
from scanner.warehouse import ParquetPart, Warehouse, relations_by_name


def open_stored(warehouse: Warehouse, before: Predecessor) -> None:
    """Make the tables of the stored run readable as `was_<table>`."""
    for table in TABLES.values():
        if before.run.has(table.name):
            part = ParquetPart(before.run.parquet(table.name), before.run.parquet("messages"))
            warehouse.view_of_runs(table, f"was_{table.name}", [part])


def find_affected(
    warehouse: Warehouse,
    context: Context,
    before: Predecessor,
    index: screening.Index,
    answers: Path,
) -> screening.Changes | None:
    """Fill `affected` with the transactions whose own findings may change.

    Args:
        warehouse: Holds the lists and what `open_stored` made.
        context: Of the planned run.
        before: The stored run.
        index: The new lists.
        answers: Folder of kept answers.

    Returns:
        What has changed; None where that cannot be told.
    """
    settings = context.settings
    changes = screening.changes_since(
        before.names,
        _column(warehouse, "SELECT DISTINCT name FROM was_parties WHERE name <> ''"),
        _column(warehouse, "SELECT DISTINCT text FROM was_texts"),
        index,
        name_threshold=settings.name_threshold,
        text_threshold=settings.text_threshold,
        answers=answers,
    )
    if changes is None:
        return None
    warehouse.load("changed_names", pa.table({"name": changes.names}))
    warehouse.load("changed_texts", pa.table({"text": changes.texts}))
    codes = screening.changed_codes(warehouse.arrow("FROM was_list_identifiers"), index.codes)
    warehouse.load("changed_codes", codes)
    relations = relations_by_name("delta/found")
    for name in ("changed_entries", "changed_banks", "changed_address_book", "list_moves"):
        warehouse.build(relations[name])
    _find_accounts(warehouse)
    if codes.num_rows:
        warehouse.build(relations["coded_strings"])
    else:
        warehouse.load("coded_strings", pa.table({"text": pa.array([], pa.string())}))
    if warehouse.count("changed_address_book"):
        rows = screening.address_rows(warehouse, index, context.suppressions)
        warehouse.create_like("address_hits", TABLES["hits"])
        warehouse.append("hits", rows, into="address_hits")
    else:
        warehouse.build(relations["address_hits"])
    for name in ("changed_addresses", "met_entries", "affected"):
        warehouse.build(relations[name])
    return changes


def leave_unchanged(warehouse: Warehouse) -> None:
    """Take from `affected` what was screened again and has the hits that it had."""
    relations = relations_by_name("delta/spread")
    warehouse.build(relations["unchanged"])
    warehouse.execute(
        "DELETE FROM affected WHERE transaction_id IN (SELECT transaction_id FROM unchanged)"
    )


def find_spread(warehouse: Warehouse, before: Predecessor, *, memory_limit_mb: int) -> bool:
    """Add to `affected` what history ties to the changes; make `corrected_facts`.

    Args:
        warehouse: Holds `transfer_facts` and `listed_account_facts` of the affected transactions.
        before: The stored run.
        memory_limit_mb: Memory that the database engine may use to compare its history, in MiB.

    Returns:
        Whether the history differs in nothing but what the lists say.
    """
    relations = relations_by_name("delta/spread")
    history = changes_between(before.history, memory_limit_mb=memory_limit_mb)
    if history is None:
        return False
    warehouse.load("changed_history", history.transfers)
    warehouse.load("changed_history_accounts", history.accounts)
    for name in ("corrected_facts", "changed_parties", "changed_accounts_of_listed"):
        warehouse.build(relations[name])
    if warehouse.count("changed_accounts_of_listed"):
        warehouse.build(relations["affected_by_account"])
        _affect(warehouse, "affected_by_account")
    for name in ("asked_transfers", "asked_parties"):
        warehouse.build(relations[name])
    return True


def find_steps(warehouse: Warehouse) -> None:
    """Make `steps_found`, and add to `affected` the payments that are measured otherwise by them.

    Args:
        warehouse: What `exposure.steps_to_listed` made of `asked_parties`.
    """
    relations = relations_by_name("delta/spread")
    for name in ("steps_found", "affected_by_steps"):
        warehouse.build(relations[name])
    _affect(warehouse, "affected_by_steps")


def _affect(warehouse: Warehouse, found: str) -> None:
    warehouse.execute(
        f"INSERT INTO affected SELECT transaction_id FROM {found}"  # noqa: S608 - names above
        " WHERE transaction_id NOT IN (SELECT transaction_id FROM affected)"
    )


def _find_accounts(warehouse: Warehouse) -> None:
    banks = _column(warehouse, "SELECT bic8 FROM changed_banks")
    accounts = (
        _column(warehouse, "SELECT DISTINCT account FROM was_parties WHERE account <> ''")
        if banks
        else []
    )
    found = screening.accounts_of(banks, accounts)
    warehouse.load("changed_accounts", pa.table({"account": found}))


def _column(warehouse: Warehouse, query: str) -> list[str]:
    return [value for (value,) in warehouse.rows(query)]

"""The quality report: what was read, what is missing in it, and what was refused."""

from scanner.report.document import Column, Grid, Report, Section
from scanner.report.summary import foot, not_checked_blocks, overview, rejected_grid, subtitle
from scanner.warehouse.readonly import Snapshot


def quality(snapshot: Snapshot) -> Report:
    """Build the report on the quality of the data."""
    return Report(
        kind="quality",
        title="Quality of what was read",
        subtitle=subtitle(overview(snapshot)),
        sections=(
            Section("reconciliation", "Reconciliation", (reconciliation_grid(snapshot),)),
            Section("types", "Messages by type", (_types(snapshot),)),
            Section("missing", "Missing and repaired", (_missing(snapshot),)),
            Section("rejected", "Rejected", (rejected_grid(snapshot),)),
            Section("not-checked", "Not checked", not_checked_blocks(snapshot)),
        ),
        foot=(foot(overview(snapshot)),),
    )


def reconciliation_grid(snapshot: Snapshot) -> Grid:
    """Whether everything that was read adds up, file by file."""
    columns = (
        Column("source_file", "File", "code"),
        Column("messages", "Messages", "count"),
        Column("rejected", "Rejected", "count"),
        Column("transactions_said", "Transactions in the messages", "count"),
        Column("transactions_held", "in the tables", "count"),
        Column("scored", "scored", "count"),
        Column("balances", "Balances"),
    )
    records = snapshot.records("FROM reconciliation()")
    wrong = sum(not r["balances"] for r in records)
    note = f"{wrong} files do not balance." if wrong else "Every file balances."
    return Grid.of("reconciliation", "Messages in, transactions out", columns, records, note)


def _types(snapshot: Snapshot) -> Grid:
    columns = (
        Column("message_type", "Type", "code"),
        Column("format", "Format"),
        Column("charset", "Read as"),
        Column("messages", "Messages", "count"),
        Column("transactions", "Transactions", "count"),
        Column("repaired", "Repaired", "count"),
        Column("duplicates", "Duplicates", "count"),
        Column("bytes", "Bytes", "count"),
    )
    records = snapshot.records("FROM messages_by_type()")
    return Grid.of("messages_by_type", "What was read", columns, records)


def _missing(snapshot: Snapshot) -> Grid:
    columns = (
        Column("measure", "What"),
        Column("message_type", "Type", "code"),
        Column("transactions", "Transactions", "count"),
        Column("share", "Share of the type", "share"),
    )
    records = snapshot.records("FROM data_quality()")
    return Grid.of("data_quality", "Missing, repaired or left out", columns, records)

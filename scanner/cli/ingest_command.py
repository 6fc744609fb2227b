"""`scanner ingest`: only read files, to see what they hold or to try a mapping."""

from pathlib import Path

import click

from scanner.cli.diagnostics import note
from scanner.cli.options import settings_from
from scanner.errors import TooManyRejectedError


@click.command("ingest")
@click.argument("sources", nargs=-1, required=True, metavar="SRC...")
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TOML file that maps the columns of CSV and Parquet exports.",
)
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="New folder for the tables, one Parquet file each.",
)
@click.option("--max-rejected", metavar="N|N%", help="Rejected messages allowed before exit 4.")
@click.option("--workers", type=int, help="Processes that read files.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", "jsonl", "parquet"]),
    help="Form of the list of files.",
)
def command(
    sources: tuple[str, ...],
    mapping: Path | None,
    into: Path | None,
    max_rejected: str | None,
    workers: int | None,
    form: str | None,
) -> None:
    """Only read files: list each with what it holds; nothing is screened.

    With --into the messages, transactions, parties, texts and rejected pieces are written.

    \b
    Examples:
      scanner ingest archive/ --max-rejected 0
      scanner ingest export.csv --mapping mapping.toml --into tables
    """
    import pyarrow as pa

    from scanner.cli.output import write_table
    from scanner.pipeline.reading_only import read_only
    from scanner.settings import rejected_allowed

    settings = settings_from(max_rejected=max_rejected, workers=workers)
    summary = read_only(sources, mapping=mapping, into=into, workers=settings.workers)
    listed = pa.table(
        {
            "source_file": pa.array([str(s.path) for s in summary.sources], pa.string()),
            "messages": pa.array([s.messages for s in summary.sources], pa.int64()),
            "transactions": pa.array([s.transactions for s in summary.sources], pa.int64()),
            "rejected": pa.array([s.rejected for s in summary.sources], pa.int64()),
        }
    )
    write_table(listed, form=form, output=None)
    types = ", ".join(f"{count} {name}" for name, count in summary.types.most_common())
    note(f"{summary.messages} messages: {types or 'none'}; {summary.repaired} repaired")
    for source, offset, code, reason in summary.reasons:
        note(f"rejected: {source}, byte {offset}: {code}, {reason}")
    if summary.rejected > len(summary.reasons):
        note(f"and {summary.rejected - len(summary.reasons)} more rejected")
    allowed = rejected_allowed(settings.max_rejected, summary.messages + summary.rejected)
    if summary.rejected > allowed:
        raise TooManyRejectedError(
            f"{summary.rejected} pieces were rejected, {allowed} are allowed",
            hint="correct the export or the mapping; allow more with --max-rejected",
        )

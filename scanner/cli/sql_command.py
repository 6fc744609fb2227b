"""`scanner sql`: questions to the published snapshot."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanner.cli.diagnostics import note
from scanner.cli.options import settings_from, workspace_from, workspace_option
from scanner.cli.output import form_option, write_table
from scanner.errors import UsageError

if TYPE_CHECKING:
    from scanner.warehouse.readonly import Snapshot

_SCHEMA_QUERY = "FROM data_dictionary()"


@click.command("sql")
@click.argument("query", required=False)
@workspace_option
@click.option(
    "-f",
    "--file",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    help="Read the query from this file; - is stdin.",
)
@click.option(
    "-p",
    "--param",
    "params",
    multiple=True,
    metavar="NAME=VALUE",
    help="Value of $NAME in the query; may be given again.",
)
@form_option
@click.option("--limit", type=click.IntRange(0), help="Most rows.")
@click.option("--timeout", type=click.FloatRange(0.1), help="Seconds before the query is stopped.")
@click.option("--memory", type=click.IntRange(16), metavar="MIB", help="Memory of the query.")
@click.option("--schema", is_flag=True, help="Show tables, columns and macros with their meaning.")
@click.option("--examples", is_flag=True, help="Show worked questions.")
def command(
    *,
    query: str | None,
    workspace: str | None,
    file: Path | None,
    params: tuple[str, ...],
    form: str | None,
    output: Path | None,
    limit: int | None,
    timeout: float | None,
    memory: int | None,
    schema: bool,
    examples: bool,
) -> None:
    """Ask the published snapshot in DuckDB SQL; it can only be read.

    \b
    Examples:
      scanner sql "select reference, score, band from scores order by score desc limit 20"
      scanner sql "from exposure_by_bank(from_date := '2024-01-01')" --format csv -o banks.csv
      scanner sql 'from payment_chain($uetr)' -p uetr=5a1b2c3d-0000-4000-8000-00000000a001
      scanner sql --schema
    """
    if examples:
        _show_examples()
        return
    with open_snapshot(workspace, timeout=timeout, memory=memory) as snapshot:
        if schema:
            _show_schema(snapshot, form, output)
            return
        asked = _query_from(query, file)
        pieces = snapshot.batches(asked, _values(params), limit=limit)
        write_table(pieces, form=form, output=output)
        note(age_of(snapshot))


def open_snapshot(
    workspace: str | None, *, timeout: float | None = None, memory: int | None = None
) -> "Snapshot":
    """Open the workspace's snapshot with the configured limits."""
    from scanner.warehouse.readonly import Snapshot

    settings = settings_from(workspace=workspace)
    return Snapshot.open(
        workspace_from(workspace).snapshot,
        memory_limit_mb=memory or settings.sql_memory_limit_mb,
        timeout_seconds=timeout or settings.sql_timeout_seconds,
    )


def age_of(snapshot: "Snapshot") -> str:
    """One line on how old the snapshot is and which run it ends with."""
    made = datetime.fromtimestamp(snapshot.path.stat().st_mtime, tz=UTC)
    minutes = max(0, int((datetime.now(tz=UTC) - made).total_seconds() // 60))
    if minutes < 120:
        age = f"{minutes} min"
    elif minutes < 48 * 60:
        age = f"{minutes // 60} h"
    else:
        age = f"{minutes // 1440} days"
    newest = snapshot.rows("SELECT max(run_id), count(*) FROM runs")
    return (
        f"snapshot of {made:%Y-%m-%dT%H:%MZ}, {age} old; {newest[0][1]} runs, last {newest[0][0]}"
    )


def _query_from(query: str | None, file: Path | None) -> str:
    if (query is None) == (file is None):
        raise UsageError(
            "give one query, as an argument or with -f FILE",
            hint="see tables with --schema and worked questions with --examples",
        )
    if file is None:
        assert query is not None
        return sys.stdin.read() if query == "-" else query
    if str(file) == "-":
        return sys.stdin.read()
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("the query cannot be read", where=f"{file}: {error}") from error


def _values(params: tuple[str, ...]) -> dict[str, str] | None:
    made = {}
    for param in params:
        name, equals, value = param.partition("=")
        if not equals or not name.isidentifier():
            raise UsageError(f"{param!r} is no parameter", hint="write -p NAME=VALUE")
        made[name] = value
    return made or None


def _show_schema(snapshot: "Snapshot", form: str | None, output: Path | None) -> None:
    if form is not None or output is not None:
        write_table(snapshot.batches(_SCHEMA_QUERY), form=form, output=output)
        return
    from scanner.schema import TABLES
    from scanner.warehouse.macros import load_macros

    for table in TABLES.values():
        if table.published:
            click.echo(f"{table.name}: {table.meaning}")
            for column in table.columns:
                click.echo(f"  {column.name} {column.sql_type}: {column.meaning}")
    for macro in load_macros():
        click.echo(f"{macro.signature}: {macro.relation.purpose}")


def _show_examples() -> None:
    from scanner.report.questions import worked_questions

    for question in worked_questions():
        click.echo(f"-- {question.title}\n{question.sql};\n")

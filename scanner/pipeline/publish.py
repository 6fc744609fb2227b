"""The snapshot and the summary report, made from the runs that still stand."""

from scanner import report
from scanner.pipeline.run_store import live_in_place, stored_runs
from scanner.pipeline.snapshot_note import known_runs, known_tables, note_runs
from scanner.pipeline.workspace import Workspace, write_whole
from scanner.settings import Settings
from scanner.warehouse.readonly import Snapshot
from scanner.warehouse.snapshot import publish_snapshot
from scanner.warehouse.snapshot_rows import RunFiles


def publish(workspace: Workspace, settings: Settings, *, anew: bool = False) -> None:
    """Build the snapshot aside, swap it in, and write the summary report beside it.

    Readers that hold the old snapshot open keep it; a crash leaves it in place.

    Args:
        workspace: Where the runs lie.
        settings: The effective settings.
        anew: Take nothing over from the last snapshot, whatever it shows.
    """
    runs = live_in_place(stored_runs(workspace.runs))
    publish_snapshot(
        [RunFiles(run.folder, tuple(sorted(run.superseded))) for run in runs],
        workspace.snapshot,
        memory_limit_mb=settings.memory_limit_mb,
        decisions=workspace.decisions,
        tables_up_to=settings.snapshot_transactions_max,
        known=0 if anew else known_runs(workspace, runs),
        kept=frozenset() if anew else known_tables(workspace, runs),
    )
    note_runs(workspace, runs)
    with Snapshot.open(workspace.snapshot) as snapshot:
        write_whole(workspace.report, report.render("summary", snapshot))

"""What the published snapshot was made of, so that the next publication knows what it lacks.

The note lies beside the snapshot and names its bytes by length and time of change. Whatever does
not fit (another file, another program, a run that no longer stands for all that it did) makes
the next publication build the snapshot anew from the runs.
"""

import json
from collections.abc import Sequence
from typing import Any

from scanner import __version__
from scanner.manifest import digest
from scanner.pipeline.run_store import StoredRun
from scanner.pipeline.workspace import Workspace, write_whole
from scanner.schema import TABLES
from scanner.warehouse import load_relations
from scanner.warehouse.macros import load_macros

_FILE = ".snapshot-note.json"


def known_runs(workspace: Workspace, live: Sequence[StoredRun]) -> int:
    """How many of the live runs, from the oldest, the snapshot shows as they stand now.

    Returns:
        0 where it has to be made anew, or where that costs no more than adding to it.
    """
    try:
        noted = json.loads((workspace.root / _FILE).read_text("utf-8"))
        same_file = noted["snapshot"] == _bytes_of(workspace) and noted["made_by"] == _made_by()
        shown = noted["runs"]
    except (OSError, ValueError, KeyError, TypeError):
        return 0
    if not same_file or shown != _named(live[: len(shown)]):
        return 0
    return len(shown) if 2 * len(shown) >= len(live) else 0


def known_tables(workspace: Workspace, live: Sequence[StoredRun]) -> frozenset[str]:
    """Tables of which the snapshot shows just the rows that these runs' files give.

    A run that was brought up to date with changed lists has most files of the one it replaces.
    """
    try:
        noted = json.loads((workspace.root / _FILE).read_text("utf-8"))
        if noted["snapshot"] != _bytes_of(workspace) or noted["made_by"] != _made_by():
            return frozenset()
        shown = dict(noted["tables"])
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()
    return frozenset(name for name, seen in _tables(live).items() if shown.get(name) == seen)


def note_runs(workspace: Workspace, live: Sequence[StoredRun]) -> None:
    """Note that the snapshot was just made of these runs."""
    noted = {
        "snapshot": _bytes_of(workspace), "made_by": _made_by(), "runs": _named(live),
        "tables": _tables(live),
    }  # fmt: skip
    write_whole(workspace.root / _FILE, json.dumps(noted, indent=1) + "\n")


def _bytes_of(workspace: Workspace) -> list[int]:
    there = workspace.snapshot.stat()
    return [there.st_size, there.st_mtime_ns]


def _named(runs: Sequence[StoredRun]) -> list[list[Any]]:
    return [[run.manifest.run_id, sorted(run.superseded)] for run in runs]


def _tables(runs: Sequence[StoredRun]) -> dict[str, str]:
    """By table, a hash of all the files that its rows come from."""
    files = [{output.name: output.sha256 for output in run.manifest.outputs} for run in runs]
    gone = [sorted(run.superseded) for run in runs]
    # Which rows still stand is told by messages and transactions.
    return {
        name: digest(
            [
                [of_run.get(f"{part}.parquet") for part in (name, "messages", "transactions")]
                for of_run in files
            ]
            + gone
        )
        for name in TABLES
    }


def _made_by() -> str:
    """The program and everything of it that shapes a snapshot."""
    return digest(
        [
            __version__,
            [[table.ddl(), table.comments(), table.grain] for table in TABLES.values()],
            [[macro.ddl(), macro.comment()] for macro in load_macros()],
            [relation.sql for relation in load_relations("publish")],
        ]
    )

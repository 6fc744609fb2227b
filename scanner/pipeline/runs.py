"""Looking after finished runs: are they whole, is the chain unbroken, which may go."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from scanner.errors import IntegrityError, UsageError
from scanner.manifest import Manifest
from scanner.pipeline.run_store import StoredRun, stored_runs
from scanner.pipeline.workspace import Workspace, sha256_of_file

LEGAL_HOLD = "LEGAL_HOLD"
PRUNED = "PRUNED"


@dataclass(frozen=True)
class Finding:
    """One fault of one run."""

    run_id: str
    what: str


def find_run(workspace: Workspace, run_id: str) -> StoredRun:
    """One run by its identifier or an unambiguous beginning of it.

    Raises:
        UsageError: None or several runs match.
    """
    matching = [r for r in stored_runs(workspace.runs) if r.manifest.run_id.startswith(run_id)]
    if len(matching) != 1:
        raise UsageError(
            f"{len(matching)} runs match {run_id!r}",
            where=str(workspace.runs),
            hint="see `scanner runs list`",
        )
    return matching[0]


def verify(workspace: Workspace) -> list[Finding]:
    """Check every output's hash and the chain from run to run.

    Returns:
        What is wrong; empty when every byte is as it was written.
    """
    findings: list[Finding] = []
    previous: Manifest | None = None
    for run in stored_runs(workspace.runs):
        made = run.manifest
        findings += [Finding(made.run_id, what) for what in _faults_of_outputs(run)]
        if previous is not None and made.previous_manifest_sha256 != previous.sha256():
            findings.append(Finding(made.run_id, f"the chain to run {previous.run_id} is broken"))
        previous = made
    return findings


def _faults_of_outputs(run: StoredRun) -> list[str]:
    if (run.folder / PRUNED).exists():
        return []
    faults = []
    for output in run.manifest.outputs:
        path = run.folder / output.name
        if not path.is_file():
            faults.append(f"{output.name} is missing")
        elif sha256_of_file(path) != output.sha256:
            faults.append(f"{output.name} was changed")
    return faults


def require_whole(workspace: Workspace) -> None:
    """Refuse a workspace whose runs are not as they were written.

    Raises:
        IntegrityError: Names the faults.
    """
    findings = verify(workspace)
    if findings:
        raise IntegrityError(
            f"{len(findings)} faults in finished runs",
            where="; ".join(f"{f.run_id}: {f.what}" for f in findings),
            hint="restore the files from a backup",
        )


def prune(workspace: Workspace, *, keep: int) -> list[str]:
    """Remove the folders of runs that no file stands on any more, oldest first.

    A live run is never removed, nor one under legal hold (a file LEGAL_HOLD in
    its folder), nor the newest `keep`. US rules ask for ten years of records
    (31 CFR 501.601): what is removed here is only what a later run replaced.

    Returns:
        Identifiers of the runs removed.
    """
    with workspace.locked():
        runs = stored_runs(workspace.runs)
        newest = {run.manifest.run_id for run in runs[-keep:]} if keep else set()
        removed = []
        for run in runs:
            held = (run.folder / LEGAL_HOLD).exists()
            gone = (run.folder / PRUNED).exists()
            if run.is_live or held or gone or run.manifest.run_id in newest:
                continue
            _drop_tables(run.folder)
            removed.append(run.manifest.run_id)
        return removed


def _drop_tables(folder: Path) -> None:
    """Remove a run's tables and excerpts; its manifest stays, so that the chain holds."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.suffix == ".parquet":
            path.unlink()
    (folder / PRUNED).touch()

"""Files in, explained and scored payments out: one run through all stages.

The run works in a staging folder and appears under `runs/` in one rename, with
a manifest whose counts balance; then the snapshot is built aside and swapped
in. A crash at any moment leaves the last published state whole, and the next
run removes what was left.
"""

import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from scanner import __version__, manifest, watchlists
from scanner.errors import IntegrityError, UsageError
from scanner.ingest import SourceFacts
from scanner.manifest import InputFile, Manifest, OutputFile
from scanner.pipeline import stages
from scanner.pipeline.plan import Plan, Progress, ScanRequest, make_plan
from scanner.pipeline.publish import publish
from scanner.pipeline.run_store import MANIFEST_FILE
from scanner.pipeline.workspace import Workspace, sha256_of_file, sync_folder
from scanner.schema import TABLES
from scanner.settings import Settings
from scanner.warehouse import Warehouse

_ON_DISK_ABOVE_BYTES = 64 << 20
_COUNTED = (
    "messages",
    "transactions",
    "parties",
    "texts",
    "rejected",
    "hits",
    "goods_found",
    "indicators",
    "scores",
    "alerts",
    "payments",
)


@dataclass(frozen=True)
class ScanSummary:
    """What a scan did, for a person and for a scheduler."""

    run_id: str | None
    already_done: bool
    files: int
    skipped_files: int
    messages: int = 0
    transactions: int = 0
    rejected: int = 0
    hits: int = 0
    bands: Mapping[str, int] = field(default_factory=dict)
    alerts: int = 0
    snapshot: Path | None = None
    report: Path | None = None
    dry_run: bool = False


def silent(stage: str, done: int, total: int) -> None:
    """Show no progress."""


def scan(
    request: ScanRequest,
    settings: Settings,
    *,
    today: date,
    progress: Progress = silent,
    execution: Mapping[str, Any] | None = None,
) -> ScanSummary:
    """Run files through all stages and publish the result.

    Args:
        request: What to scan.
        settings: The effective settings.
        today: The business date, to judge the age of lists.
        progress: Told the stage, how far it is and of how much.
        execution: What differs between executions (times, host), for the manifest.

    Returns:
        Counts of the run; of an earlier equal run when nothing was left to do.

    Raises:
        UsageError: Nothing to read, or a side file cannot be used.
        IntegrityError: Lists, model or counts cannot be trusted.
        LockedError: Another process works in the workspace.
    """
    workspace = Workspace(Path(settings.workspace))
    workspace.require()
    with workspace.locked():
        workspace.remove_staging()
        plan = make_plan(request, settings, workspace, today=today, progress=progress)
        if request.dry_run:
            return ScanSummary(
                run_id=None,
                already_done=False,
                files=len(plan.inputs),
                skipped_files=len(plan.skipped),
                dry_run=True,
            )
        if not plan.inputs:
            return _already_done(plan, workspace)
        staging = workspace.runs / f".staging-{plan.run_key[:12]}"
        staging.mkdir()
        try:
            made = _execute(plan, staging, progress, execution or {})
            staging.rename(workspace.runs / plan.run_id)
            sync_folder(workspace.runs)
        finally:
            if staging.exists():
                shutil.rmtree(staging)
        progress("publish", 0, 1)
        publish(workspace, settings)
        progress("publish", 1, 1)
    return _summary(made, workspace)


def _execute(
    plan: Plan, staging: Path, progress: Progress, execution: Mapping[str, Any]
) -> Manifest:
    spill = staging / "spill"
    excerpts = staging / "rejected"
    spill.mkdir()
    excerpts.mkdir()
    total_bytes = sum(file.byte_length for file in plan.inputs)
    database = staging / "work.duckdb" if total_bytes > _ON_DISK_ABOVE_BYTES else None
    context = stages.context_of(plan)
    with Warehouse(
        database,
        memory_limit_mb=plan.settings.memory_limit_mb,
        threads=plan.settings.threads,
        spill_dir=spill,
    ) as warehouse:
        sources = stages.read_messages(
            warehouse,
            [Path(file.path) for file in plan.inputs],
            workers=plan.settings.workers,
            mapping=plan.request.mapping,
            excerpts=excerpts,
            total_bytes=total_bytes,
            progress=progress,
        )
        warehouse.execute(
            "UPDATE rejected"
            " SET excerpt_location = concat('runs/', ?, '/rejected/', rejected_id, '.bin')",
            [plan.run_id],
        )
        stages.load_side_tables(warehouse, context)
        stages.load_history(warehouse, plan)
        stages.find_exposure(warehouse, context, progress)
        stages.score(warehouse, plan.champion, plan.run_id, progress)
        inputs = _accounted(plan.inputs, sources)
        counts = _counts(warehouse)
        manifest.check_balance(counts, inputs)
        _record_run(plan, warehouse, counts)
        outputs = _write(warehouse, staging, progress)
    shutil.rmtree(spill)
    for left in staging.glob("work.duckdb*"):
        left.unlink()
    made = _manifest(plan, inputs, counts, outputs, execution)
    with (staging / MANIFEST_FILE).open("w", encoding="utf-8") as file:
        file.write(made.to_json())
        file.flush()
        os.fsync(file.fileno())
    return made


def _manifest(
    plan: Plan,
    inputs: tuple[InputFile, ...],
    counts: Mapping[str, int],
    outputs: tuple[OutputFile, ...],
    execution: Mapping[str, Any],
) -> Manifest:
    last = plan.earlier[-1].manifest if plan.earlier else None
    return Manifest(
        run_id=plan.run_id,
        run_key=plan.run_key,
        context_key=plan.context_key,
        sequence=plan.sequence,
        program_version=__version__,
        as_of=plan.request.as_of.isoformat() if plan.request.as_of else None,
        inputs=inputs,
        skipped=plan.skipped,
        lists=_list_facts(plan.tables),
        model={"version": plan.champion.version, "sha256": plan.champion.sha256},
        settings=plan.settings.shaping(),
        side_files=plan.side_files,
        counts=counts,
        outputs=outputs,
        previous_run_id=last.run_id if last else None,
        previous_manifest_sha256=last.sha256() if last else None,
        supersedes=plan.supersedes,
        execution=execution,
    )


def _accounted(
    inputs: Iterable[InputFile], sources: Iterable[SourceFacts]
) -> tuple[InputFile, ...]:
    by_path = {str(source.path): source for source in sources}
    made = []
    for file in inputs:
        source = by_path.get(file.path)
        if source is None:
            raise IntegrityError("a source file was not accounted for", where=file.path)
        if source.sha256 != file.sha256:
            raise IntegrityError(
                "a source file changed while it was read",
                where=file.path,
                hint="scan a folder that nobody writes to",
            )
        made.append(
            replace(
                file,
                messages=source.messages,
                transactions=source.transactions,
                rejected=source.rejected,
            )
        )
    return tuple(made)


def _counts(warehouse: Warehouse) -> dict[str, int]:
    counts = {name: warehouse.count(name) for name in _COUNTED}
    for band, count in warehouse.rows("SELECT band, count(*) FROM scores GROUP BY band"):
        counts[f"band_{band}"] = int(count)
    return counts


def _record_run(plan: Plan, warehouse: Warehouse, counts: Mapping[str, int]) -> None:
    row = {
        "run_id": plan.run_id,
        "run_key": plan.run_key,
        "as_of": plan.request.as_of,
        "source_files": len(plan.inputs),
        **{name: counts[name] for name in ("messages", "rejected", "transactions", "parties")},
        "hits": counts["hits"],
        "alerts": counts["alerts"],
        "inputs_sha256": manifest.digest(sorted(file.sha256 for file in plan.inputs)),
        "lists_sha256": plan.tables.sha256,
        "model_version": plan.champion.version,
        "model_sha256": plan.champion.sha256,
        "config_sha256": manifest.digest(plan.settings.shaping()),
        "program_version": __version__,
        "previous_run_id": plan.earlier[-1].manifest.run_id if plan.earlier else None,
    }
    warehouse.create(TABLES["runs"])
    warehouse.append("runs", pa.Table.from_pylist([row], TABLES["runs"].arrow_schema))


def _write(warehouse: Warehouse, staging: Path, progress: Progress) -> tuple[OutputFile, ...]:
    outputs = []
    for position, table in enumerate(TABLES.values()):
        progress("write", position, len(TABLES))
        if not warehouse.has(table.name):
            warehouse.create(table)
        path = staging / f"{table.name}.parquet"
        warehouse.write_table(table, path)
        outputs.append(OutputFile(path.name, sha256_of_file(path), warehouse.count(table.name)))
    return tuple(outputs)


def _list_facts(tables: watchlists.ListTables) -> dict[str, Any]:
    return {
        "sha256": tables.sha256,
        "versions": [
            {
                "list": row["list"],
                "version": row["version"],
                "sha256": row["sha256"],
                "entries": row["entry_count"],
            }
            for row in tables.list_versions.to_pylist()
            if row["is_active"]
        ],
    }


def _already_done(plan: Plan, workspace: Workspace) -> ScanSummary:
    hashes = {file.sha256 for file in plan.skipped}
    stood = [
        run.manifest
        for run in plan.earlier
        if any(item.sha256 in hashes for item in run.manifest.inputs)
    ]
    if not stood:
        raise UsageError("nothing to scan", where=", ".join(plan.request.sources))
    # A crash between the run and its publication left a run that nobody sees yet.
    publish(workspace, plan.settings)
    return replace(_summary(stood[-1], workspace), already_done=True)


def _summary(made: Manifest, workspace: Workspace) -> ScanSummary:
    return ScanSummary(
        run_id=made.run_id,
        already_done=False,
        files=len(made.inputs),
        skipped_files=len(made.skipped),
        messages=made.counts["messages"],
        transactions=made.counts["transactions"],
        rejected=made.counts["rejected"],
        hits=made.counts["hits"],
        bands={
            name.removeprefix("band_"): count
            for name, count in sorted(made.counts.items())
            if name.startswith("band_")
        },
        alerts=made.counts["alerts"],
        snapshot=workspace.snapshot,
        report=workspace.report,
    )

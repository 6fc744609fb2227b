"""One planned run: through the stages in a private database, into a staging folder.

The folder holds everything of the run. Killed at any moment, it can be taken up
again with the same plan: what was read whole is not read again.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scanner import manifest
from scanner.manifest import Manifest, OutputFile
from scanner.pipeline import stages
from scanner.pipeline.history import load_history
from scanner.pipeline.plan import Plan, Progress
from scanner.pipeline.predecessor import note
from scanner.pipeline.run_account import COUNTED, manifest_of, row_of_run, write_manifest
from scanner.pipeline.workspace import sha256_of_file
from scanner.schema import TABLES
from scanner.warehouse import Warehouse

_DATABASE = "work.duckdb"


def execute(
    plan: Plan, staging: Path, *, progress: Progress, execution: Mapping[str, Any]
) -> Manifest:
    """Run the plan; afterwards the folder holds what `runs/<run_id>` shall hold.

    Args:
        plan: What to do.
        staging: Folder of the run in the making; may hold what an interrupted run has read.
        progress: Told the stage and how far it is.
        execution: What differs between executions, for the manifest.

    Raises:
        IntegrityError: The counts do not balance, or a file changed while it was read.
    """
    spill = staging / "spill"
    excerpts = staging / "rejected"
    for folder in (spill, excerpts):
        folder.mkdir(exist_ok=True)
    context = stages.context_of(plan)
    with Warehouse.resumed(
        staging / _DATABASE,
        memory_limit_mb=plan.settings.memory_limit_mb,
        threads=plan.settings.threads,
        spill_dir=spill,
    ) as warehouse:
        inputs = stages.read_messages(
            warehouse,
            plan.inputs,
            workers=plan.settings.workers,
            mapping=plan.mapping,
            excerpts=excerpts,
            aside=spill,
            taken=plan.taken,
            progress=progress,
        )
        warehouse.execute(
            "UPDATE rejected"
            " SET excerpt_location = concat('runs/', ?, '/rejected/', rejected_id, '.bin')",
            [plan.run_id],
        )
        stages.load_side_tables(warehouse, context)
        load_history(warehouse, plan)
        stages.find_exposure(warehouse, context, progress)
        stages.score(warehouse, plan.champion, plan.run_id, progress)
        counts = _counts(warehouse)
        manifest.check_balance(counts, inputs)
        warehouse.create(TABLES["runs"])
        warehouse.append("runs", row_of_run(plan, counts))
        outputs = _write(warehouse, staging, progress)
        noted = note(warehouse.row(f"FROM {stages.KEPT_NAMES}")[0]) if context.answers else {}
    shutil.rmtree(spill)
    for left in staging.glob(f"{_DATABASE}*"):
        left.unlink()
    made = manifest_of(plan, tuple(inputs), counts, outputs, {**execution, **noted})
    write_manifest(made, staging)
    return made


def _counts(warehouse: Warehouse) -> dict[str, int]:
    counts = {name: warehouse.count(name) for name in COUNTED}
    for band, count in warehouse.rows("SELECT band, count(*) FROM scores GROUP BY band"):
        counts[f"band_{band}"] = int(count)
    return counts


def _write(warehouse: Warehouse, staging: Path, progress: Progress) -> tuple[OutputFile, ...]:
    outputs = []
    for position, table in enumerate(TABLES.values()):
        progress("write", position, len(TABLES))
        if not warehouse.has(table.name):
            warehouse.create(table)
        path = staging / f"{table.name}.parquet"
        rows = warehouse.write_table(table, path)
        outputs.append(OutputFile(path.name, sha256_of_file(path), rows))
    return tuple(outputs)

"""One planned run: through the stages in a private database, into a staging folder.

The folder holds everything of the run. Killed at any moment, it can be taken up
again with the same plan: what was read whole is not read again.
"""

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from scanner import __version__, manifest, watchlists
from scanner.manifest import InputFile, Manifest, OutputFile
from scanner.pipeline import stages
from scanner.pipeline.history import load_history
from scanner.pipeline.plan import Plan, Progress
from scanner.pipeline.rarity_basis import RarityBasis
from scanner.pipeline.run_store import MANIFEST_FILE
from scanner.pipeline.workspace import sha256_of_file
from scanner.schema import TABLES
from scanner.warehouse import Warehouse

SIDE_FILE_PATHS = "side_file_paths"
"""Where a manifest's `execution` keeps the paths of the side files."""

_DATABASE = "work.duckdb"
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
        _record_run(plan, warehouse, counts)
        outputs = _write(warehouse, staging, progress)
    shutil.rmtree(spill)
    for left in staging.glob(f"{_DATABASE}*"):
        left.unlink()
    made = _manifest(plan, tuple(inputs), counts, outputs, execution)
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
        lists=_list_facts(plan.tables, plan.basis),
        model={"version": plan.champion.version, "sha256": plan.champion.sha256},
        settings=plan.settings.shaping(),
        side_files=plan.side_files,
        counts=counts,
        outputs=outputs,
        previous_run_id=last.run_id if last else None,
        previous_manifest_sha256=last.sha256() if last else None,
        supersedes=plan.supersedes,
        execution={
            **execution,
            SIDE_FILE_PATHS: {
                name: str(path.resolve()) for name, path in plan.request.side_files().items()
            },
        },
    )


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
        "home_bic8s": list(plan.settings.home_bic8s),
        "settings": json.dumps(plan.settings.shaping(), sort_keys=True),
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


def _list_facts(tables: watchlists.ListTables, basis: RarityBasis) -> dict[str, Any]:
    return {
        "sha256": tables.sha256,
        "live": dict(tables.live),
        "basis": {"sha256": basis.sha256, "versions": dict(basis.versions)},
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

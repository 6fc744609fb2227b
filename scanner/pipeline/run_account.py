"""What a run says of itself: its manifest, its row of `runs`, and its counts for a person."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from scanner import __version__, manifest, watchlists
from scanner.manifest import InputFile, Manifest, OutputFile
from scanner.pipeline.plan import Plan
from scanner.pipeline.rarity_basis import RarityBasis
from scanner.pipeline.run_store import MANIFEST_FILE
from scanner.pipeline.workspace import Workspace
from scanner.schema import TABLES

SIDE_FILE_PATHS = "side_file_paths"
"""Where a manifest's `execution` keeps the paths of the side files."""
COUNTED = (
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
"""Tables whose rows a manifest counts."""


@dataclass(frozen=True, kw_only=True)
class RunCounts:
    """What one run or several hold, for a person and for a scheduler.

    Attributes:
        bands: Transactions by band.
        snapshot: The published database; None where nothing was made.
        report: The summary report beside it.
    """

    files: int = 0
    messages: int = 0
    transactions: int = 0
    rejected: int = 0
    hits: int = 0
    bands: Mapping[str, int] = field(default_factory=dict)
    alerts: int = 0
    snapshot: Path | None = None
    report: Path | None = None


def told_of(counts: Mapping[str, int], workspace: Workspace) -> dict[str, Any]:
    """The fields of RunCounts but `files`, from counts as a manifest has them."""
    named = ("messages", "transactions", "rejected", "hits", "alerts")
    return {
        **{name: counts.get(name, 0) for name in named},
        "bands": {
            name.removeprefix("band_"): count
            for name, count in sorted(counts.items())
            if name.startswith("band_")
        },
        "snapshot": workspace.snapshot,
        "report": workspace.report,
    }


def manifest_of(
    plan: Plan,
    inputs: tuple[InputFile, ...],
    counts: Mapping[str, int],
    outputs: tuple[OutputFile, ...],
    execution: Mapping[str, Any],
) -> Manifest:
    """The account of a planned run.

    Args:
        plan: The run.
        inputs: Its files with their counts.
        counts: Rows of COUNTED, and scores of each band.
        outputs: The files that it wrote.
        execution: What differs between executions.
    """
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
        takes_place_of=plan.takes_place_of,
        execution={
            **execution,
            SIDE_FILE_PATHS: {
                name: str(path.resolve()) for name, path in plan.request.side_files().items()
            },
        },
    )


def row_of_run(plan: Plan, counts: Mapping[str, int]) -> pa.Table:
    """The run as the one row of `runs`."""
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
    return pa.Table.from_pylist([row], TABLES["runs"].arrow_schema)


def write_manifest(made: Manifest, folder: Path) -> None:
    """Write the account into the run's folder, so that it is on the disk."""
    with (folder / MANIFEST_FILE).open("w", encoding="utf-8") as file:
        file.write(made.to_json())
        file.flush()
        os.fsync(file.fileno())


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

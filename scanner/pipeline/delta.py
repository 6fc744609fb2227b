"""A stored run brought up to date with changed lists: what cannot change is not made again.

The result is that of the whole run, byte by byte. Findings are made again of the transactions that
a change touches and of those that history ties to them (`delta_changes`); all others stand, and
tables that no list touches are taken as files. Where more than half is touched, or the stored run
cannot be its predecessor (`predecessor`), the run is made whole.
"""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scanner import exposure, manifest, risk, screening, watchlists
from scanner.errors import IntegrityError
from scanner.manifest import InputFile, Manifest, OutputFile
from scanner.pipeline import delta_changes, stages
from scanner.pipeline.history import load_history
from scanner.pipeline.plan import Plan, Progress
from scanner.pipeline.predecessor import Predecessor, note, predecessor_of
from scanner.pipeline.run_account import COUNTED, manifest_of, row_of_run, write_manifest
from scanner.pipeline.run_store import StoredRun
from scanner.pipeline.workspace import sha256_of_file
from scanner.schema import TABLES
from scanner.warehouse import Warehouse, relations_by_name

_MOST_AFFECTED_SHARE = 0.5
UNTOUCHED = frozenset(
    {
        "messages", "transactions", "parties", "texts", "goods_found", "payments", "refusal_facts",
        "passing_facts", "move_facts", "goods_transfers", "joined_transfers", "piece_prices",
        "bank_incident_facts",
        "customers", "models", "model_steps", "decisions",
    }
)  # fmt: skip
"""Tables that no list touches: their files are the stored run's."""
MADE = {
    "hits": "made_hits",
    "indicators": "made_indicators",
    "scores": "made_scores",
    "alerts": "made_alerts",
    "features": "made_all_features",
    "significance": "made_significance",
    "rejected": "made_rejected",
}
"""Tables of which the rows of affected transactions are made anew, and the relations that join them
with what stood."""
_OF_AFFECTED = ("transactions", "parties", "texts", "goods_found")


def delta(
    plan: Plan, staging: Path, *, progress: Progress, execution: Mapping[str, Any]
) -> Manifest | None:
    """Run the plan from its stored run; afterwards the folder holds what it shall hold.

    Args:
        plan: What to do.
        staging: Folder of the run in the making; what an interrupted run left is removed.
        progress: Told the stage and how far it is.
        execution: What differs between executions, for the manifest.

    Returns:
        The account; None where the run has to be made whole, and then the folder is empty.

    Raises:
        IntegrityError: A file of the stored run is not what its manifest says.
    """
    before = predecessor_of(plan)
    if before is None:
        return None
    _require_whole(before.run)
    for left in staging.iterdir():  # of a run that was interrupted
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    spill = staging / "spill"
    spill.mkdir()
    context = stages.context_of(plan)
    with Warehouse(
        memory_limit_mb=plan.settings.memory_limit_mb,
        threads=plan.settings.threads,
        spill_dir=spill,
    ) as warehouse:
        stages.load_side_tables(warehouse, context)
        load_history(warehouse, plan)
        delta_changes.open_stored(warehouse, before)
        watchlists.compute_ownership(warehouse)
        progress("screen", 0, 1)
        names = _screen(warehouse, context, before)
        progress("screen", 1, 1)
        if names is None or not _assess(warehouse, plan, before, progress):
            return None
        outputs = _write(warehouse, before.run, staging, progress)
        bands = warehouse.rows("SELECT band, count(*) FROM made_scores GROUP BY band")
        rows = {output.name.removesuffix(".parquet"): output.rows for output in outputs}
        counts = {name: rows[name] for name in COUNTED} | {
            f"band_{band}": int(count) for band, count in bands
        }
        affected = warehouse.count("affected")
        inputs = _inputs(plan, before.run)
        manifest.check_balance(counts, inputs)
        outputs.append(_write_runs(warehouse, plan, counts, staging))
    shutil.rmtree(spill)
    _take_excerpts(before.run, staging)
    in_order = sorted(outputs, key=lambda o: [*TABLES].index(o.name.removesuffix(".parquet")))
    noted = note(names, affected=affected)
    made = manifest_of(plan, inputs, counts, tuple(in_order), {**execution, **noted})
    write_manifest(made, staging)
    return made


def _require_whole(run: StoredRun) -> None:
    for output in run.manifest.outputs:
        path = run.folder / output.name
        if not path.is_file() or sha256_of_file(path) != output.sha256:
            raise IntegrityError(
                "a table of a run is not what its manifest says",
                where=str(path),
                hint="check the run with `scanner runs verify`, then scan its files again",
            )


def _screen(warehouse: Warehouse, context: stages.Context, before: Predecessor) -> str | None:
    """Make `made_hits`; the state of the lists under which answers are kept now."""
    answers = context.answers
    if answers is None:
        return None
    for name in ("transactions", "parties"):
        warehouse.execute(f"CREATE VIEW {name} AS FROM was_{name}")
    index = stages.index_of(warehouse, context)
    changes = delta_changes.find_affected(warehouse, context, before, index, answers)
    if changes is None or not _is_worth_it(warehouse):
        return None
    for name in ("transactions", "parties"):
        warehouse.execute(f"DROP VIEW {name}")
    _hold_affected(warehouse)
    stages.screen_with(warehouse, context, index, common_words=changes.common_words)
    warehouse.execute(
        "INSERT INTO hits BY NAME SELECT * FROM address_hits"
        " WHERE transaction_id IN (SELECT transaction_id FROM affected)"
    )
    _build(warehouse, "made_hits")
    delta_changes.leave_unchanged(warehouse)
    return screening.names_kept_of(index, answers)


def _assess(warehouse: Warehouse, plan: Plan, before: Predecessor, progress: Progress) -> bool:
    """Make all that hangs on the hits; False where too much does."""
    progress("assess", 0, 1)
    _hold_affected(warehouse)
    exposure.facts_of_lists(warehouse)
    _build(warehouse, "made_listed_account_facts")
    memory = plan.settings.memory_limit_mb
    if not delta_changes.find_spread(warehouse, before, memory_limit_mb=memory):
        return False
    for name, of_run in (
        ("transfer_facts", "corrected_facts"),
        ("listed_account_facts", "made_listed_account_facts"),
    ):
        warehouse.execute(f"DROP TABLE {name}")
        warehouse.execute(f"ALTER TABLE {of_run} RENAME TO {name}")
    exposure.steps_to_listed(warehouse)
    delta_changes.find_steps(warehouse)
    if not _is_worth_it(warehouse):
        return False
    _hold_affected(warehouse)
    codes = exposure.list_bound_codes()
    warehouse.execute("CREATE TABLE list_bound_codes AS SELECT unnest(?) AS code", [codes])
    _view(warehouse, "kept_indicators")
    warehouse.execute("DELETE FROM indicators")
    warehouse.execute(
        "INSERT INTO indicators BY NAME"
        " FROM (FROM kept_indicators UNION ALL BY NAME FROM steps_found)"
        " WHERE transaction_id IN (SELECT transaction_id FROM affected)"
    )
    exposure.reassess(warehouse)
    progress("assess", 1, 1)
    progress("score", 0, 1)
    risk.build_hit_features(warehouse)
    _build(warehouse, "made_features")
    risk.score(warehouse, plan.champion, plan.run_id)
    progress("score", 1, 1)
    progress("banks", 0, 1)
    for name in ("joined_transfers", "bank_incident_facts"):
        warehouse.execute(f"CREATE VIEW {name} AS FROM was_{name}")
    exposure.remeasure_banks(warehouse)
    progress("banks", 1, 1)
    return True


def _is_worth_it(warehouse: Warehouse) -> bool:
    share = _MOST_AFFECTED_SHARE * warehouse.count("was_transactions")
    return warehouse.count("affected") <= share


def _hold_affected(warehouse: Warehouse) -> None:
    """Fill the tables of messages with the affected transactions, and with nothing else."""
    for name in _OF_AFFECTED:
        warehouse.execute(
            f"CREATE OR REPLACE TABLE {name} AS FROM was_{name}"  # noqa: S608 - names above
            " WHERE transaction_id IN (SELECT transaction_id FROM affected)"
        )
    if warehouse.has("made_hits"):
        warehouse.execute(
            "CREATE OR REPLACE TABLE hits AS FROM made_hits"
            " WHERE transaction_id IN (SELECT transaction_id FROM affected)"
        )
    warehouse.execute(
        "CREATE OR REPLACE TABLE payments AS FROM was_payments"
        " WHERE payment_id IN (SELECT payment_id FROM transactions)"
    )


def _build(warehouse: Warehouse, name: str) -> None:
    warehouse.build(relations_by_name("delta/made")[name])


def _view(warehouse: Warehouse, name: str) -> None:
    """Make a relation readable that is looked through once, without a copy of its rows."""
    warehouse.execute(f"CREATE VIEW {name} AS {relations_by_name('delta/made')[name].sql}")


def _write(
    warehouse: Warehouse, run: StoredRun, staging: Path, progress: Progress
) -> list[OutputFile]:
    for name in MADE.values():
        if not warehouse.has(name):
            _view(warehouse, name)
    known = {output.name: output for output in run.manifest.outputs}
    outputs = []
    for position, table in enumerate(TABLES.values()):
        progress("write", position, len(TABLES))
        if table.name == "runs":
            continue
        file = f"{table.name}.parquet"
        if table.name in UNTOUCHED:
            take_file(run.folder / file, staging / file)
            outputs.append(known[file])
            continue
        rows = warehouse.write_table(table, staging / file, source=MADE.get(table.name))
        outputs.append(OutputFile(file, sha256_of_file(staging / file), rows))
    return outputs


def _write_runs(
    warehouse: Warehouse, plan: Plan, counts: Mapping[str, int], staging: Path
) -> OutputFile:
    table = TABLES["runs"]
    warehouse.create(table)
    warehouse.append("runs", row_of_run(plan, counts))
    path = staging / "runs.parquet"
    rows = warehouse.write_table(table, path)
    return OutputFile(path.name, sha256_of_file(path), rows)


def _inputs(plan: Plan, run: StoredRun) -> tuple[InputFile, ...]:
    read = {item.sha256: item for item in run.manifest.inputs}
    return tuple(read[item.sha256] for item in plan.inputs)


def take_file(source: Path, target: Path) -> None:
    """Make a finished file stand in another place as well: nobody changes it any more."""
    try:
        os.link(source, target)
    except OSError:  # another disk, or one that knows no links
        shutil.copyfile(source, target)


def _take_excerpts(run: StoredRun, staging: Path) -> None:
    (staging / "rejected").mkdir()
    for path in sorted((run.folder / "rejected").glob("*.bin")):
        take_file(path, staging / "rejected" / path.name)

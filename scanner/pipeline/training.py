"""Makes risk models: a simulated world through all stages, the truth beside it, and a fit.

Training and scoring see the same features, because both come out of the same
stages. The test world has another seed and other parameters than the one that
trains.
"""

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa

from scanner import ingest, watchlists
from scanner.manifest import InputFile
from scanner.pipeline import stages
from scanner.pipeline.plan import Progress
from scanner.pipeline.scan import silent
from scanner.pipeline.workspace import Workspace, sha256_of_file
from scanner.risk.challengers import load_challengers
from scanner.risk.distribution import era_of
from scanner.risk.evaluation import evaluate
from scanner.risk.features import matrix_of
from scanner.risk.registry import CHAMPION_FILE, load_version
from scanner.risk.training import Labelled, fit, fit_rivals, write_version
from scanner.settings import Settings
from scanner.simulate import GENERATOR_VERSION, Plan, simulate
from scanner.warehouse import Warehouse

TEST_SEED_OFFSET = 7919
_FEATURES = "SELECT f.* FROM features AS f ORDER BY f.transaction_id"
_KEYS = """
    SELECT
        t.reference, t.related_reference, t.uetr, t.end_to_end_id, t.value_date, t.kind,
        t.message_type
    FROM transactions AS t ORDER BY t.transaction_id
"""
_INDICATORS = """
    SELECT coalesce(sum(i.strength) FILTER (i.outcome = 'found'), 0)::DOUBLE AS total,
        coalesce(max(i.strength) FILTER (i.outcome = 'found'), 0)::DOUBLE AS best
    FROM transactions AS t LEFT JOIN indicators AS i USING (transaction_id)
    GROUP BY t.transaction_id ORDER BY t.transaction_id
"""


@dataclass(frozen=True)
class World:
    """A simulated world after all stages: features, truth, and the indicators alone."""

    data: Labelled
    indicators_total: np.ndarray[Any, np.dtype[np.float64]]
    indicators_best: np.ndarray[Any, np.dtype[np.float64]]


def train_simulated(
    seed: int,
    models: Path,
    *,
    payments: int,
    trained_on: date,
    challengers: bool = False,
    progress: Progress = silent,
) -> str:
    """Train on one simulated world, judge on another, and keep the version.

    Args:
        seed: Seed of the training world and of the fit.
        models: Models folder that takes the version.
        payments: Size of the training world.
        trained_on: Date for the version's name.
        challengers: Train models of other kinds beside it, to compare with.
        progress: Told how far it is.

    Returns:
        The version; it becomes champion where there is none yet.
    """
    world = simulated_world(Plan(seed=seed, payments=payments), progress)
    model = fit(world.data, seed=seed)
    facts = {
        "date": trained_on.isoformat(),
        "seed": seed,
        "label_source": f"simulated world, generator {GENERATOR_VERSION}, {payments} payments",
    }
    rivals = fit_rivals(world.data, seed=seed) if challengers else ()
    version = write_version(models, model, world.data, facts, rivals)
    evaluate_version(
        models, version, seed=seed + TEST_SEED_OFFSET, payments=payments, progress=progress
    )
    champion = models / "risk" / CHAMPION_FILE
    if not champion.is_file():
        champion.write_text(version + "\n", "utf-8")
    return version


def evaluate_version(
    models: Path, version: str, *, seed: int, payments: int, progress: Progress = silent
) -> dict[str, Any]:
    """Judge a version on a world with another seed and other parameters, and keep the result."""
    champion = load_version(models, version)
    plan = Plan(
        seed=seed,
        payments=payments,
        days=240,
        start=date(2025, 1, 6),
        guilty_share=0.03,
        mx_share=0.7,
        dirty_share=0.35,
    )
    world = simulated_world(plan, progress)
    matrix = matrix_of(world.data.features)
    rivals = {
        "indicators_sum": world.indicators_total,
        "best_indicator": world.indicators_best,
    }
    labels, typologies = world.data.labels, world.data.typologies
    found = evaluate(champion.tables.margin(matrix), labels, typologies, rivals)
    found["challengers"] = {
        rival.name: evaluate(rival.margin(matrix), labels, typologies, {})
        for rival in load_challengers(models / "risk" / version)
    }
    made = {
        "version": version,
        "seed": seed,
        "payments": payments,
        "generator": GENERATOR_VERSION,
        "labels": "simulated",
        **found,
    }
    path = models / "risk" / version / "evaluation.json"
    path.write_text(json.dumps(made, indent=1, sort_keys=True) + "\n", "utf-8")
    return made


def simulated_world(plan: Plan, progress: Progress = silent) -> World:
    """Simulate a world and bring it through all stages up to the features."""
    with TemporaryDirectory(prefix="scanner-") as folder:
        root = Path(folder)
        simulate(plan, root / "world")
        return _through_stages(root / "world", root / "workspace", progress)


def _through_stages(world: Path, place: Path, progress: Progress) -> World:
    workspace = Workspace(place)
    workspace.create()
    watchlists.update(world / "lists", workspace.lists)
    files = [
        InputFile(str(path), sha256_of_file(path), path.stat().st_size)
        for path in ingest.find_sources([str(world / "payments")])
    ]
    context = stages.Context(
        run_id="training",
        settings=Settings(workspace=str(place)),
        workspace=workspace,
        tables=watchlists.load(workspace.lists),
        customers=world / "customers.csv",
        ownership=world / "ownership.csv",
    )
    with Warehouse(spill_dir=place / "spill") as warehouse:
        stages.read_messages(warehouse, files, workers=1, progress=progress)
        stages.load_side_tables(warehouse, context)
        stages.load_history(warehouse, None)
        stages.find_exposure(warehouse, context, progress)
        features = warehouse.arrow(_FEATURES)
        keys = warehouse.arrow(_KEYS).to_pylist()
        indicators = warehouse.arrow(_INDICATORS)
    labelled, chosen = _with_truth(world / "truth.csv", features, keys)
    total = indicators["total"].to_numpy()[chosen]
    return World(labelled, total, indicators["best"].to_numpy()[chosen])


def _with_truth(
    path: Path, features: pa.Table, keys: Sequence[dict[str, Any]]
) -> tuple[Labelled, np.ndarray[Any, np.dtype[np.int64]]]:
    """Rows that carry a deal's money, with its intent; returns and rejects are left out."""
    truth: dict[str, tuple[int, str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            known = (int(row["guilty"]), row["typology"])
            truth[row["uetr"]] = known
            truth[row["reference"]] = known
    rows, labels, typologies, days, eras = [], [], [], [], []
    for position, key in enumerate(keys):
        if key["kind"] in ("return", "reject", "free_format"):
            continue
        found = truth.get(key["uetr"] or "") or truth.get(key["reference"] or "")
        if found is None:
            continue
        rows.append(position)
        labels.append(found[0])
        typologies.append(found[1])
        days.append((key["value_date"] or date(2024, 1, 1)).toordinal())
        eras.append(era_of(key["message_type"]))
    chosen = np.asarray(rows, dtype=np.int64)
    made = Labelled(
        features.take(pa.array(chosen)),
        np.asarray(labels, dtype=np.int64),
        np.ones(len(rows)),
        np.asarray(days, dtype=np.int64),
        tuple(typologies),
        tuple(eras),
    )
    return made, chosen

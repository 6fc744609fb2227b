"""Retraining in a workspace: decisions on stored payments, comparison with the champion."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from scanner.errors import UsageError
from scanner.pipeline.models import shipped
from scanner.pipeline.plan import Progress
from scanner.pipeline.run_store import stored_runs
from scanner.pipeline.scan import silent
from scanner.pipeline.training import (
    simulated_world,
    train_on_decisions,
    train_simulated,
)
from scanner.pipeline.workspace import Workspace
from scanner.risk.evaluation import taken_at_budget
from scanner.risk.features import matrix_of
from scanner.risk.registry import CHAMPION_FILE, load_champion, load_version
from scanner.schema import TABLES
from scanner.settings import Settings
from scanner.simulate import Plan
from scanner.warehouse import ParquetPart, Warehouse

_BOOTSTRAPS = 400
_BUDGET = 0.01
_MOST_LOSS = 0.05
_KEYS = """
    SELECT t.reference, t.uetr, t.value_date, t.kind, t.message_type
    FROM features AS f JOIN transactions AS t USING (transaction_id)
    ORDER BY f.transaction_id
"""


def train(
    settings: Settings,
    *,
    simulated_seed: int | None,
    labels: Path | None,
    payments: int,
    seed: int,
    into: Path | None,
    trained_on: date,
    progress: Progress = silent,
) -> str:
    """Train a version on simulated payments, on decisions, or on both.

    Args:
        settings: Names the workspace whose stored payments the decisions speak of.
        simulated_seed: Seed of a simulated world; None = none.
        labels: CSV of decisions; None = none.
        payments: Size of the simulated world.
        seed: Seed of the fit on decisions.
        into: Models folder; None = the workspace's own.
        trained_on: Date in the version's name.
        progress: Told how far it is.

    Returns:
        The version.
    """
    workspace = Workspace(Path(settings.workspace))
    models = into or workspace.models
    (models / "risk").mkdir(parents=True, exist_ok=True)
    _keep_champion(models)
    if labels is None:
        if simulated_seed is None:
            raise UsageError("nothing to train on", hint="give --simulated SEED or --labels FILE")
        return train_simulated(
            simulated_seed, models, payments=payments, trained_on=trained_on, progress=progress
        )
    features, keys = _stored_features(workspace)
    world = None
    if simulated_seed is not None:
        world = simulated_world(Plan(seed=simulated_seed, payments=payments), progress)
    return train_on_decisions(
        labels, features, keys, models, seed=seed, trained_on=trained_on, simulated=world
    )


def _keep_champion(models: Path) -> None:
    """A workspace's own registry begins with the champion that has scored so far."""
    if (models / "risk" / CHAMPION_FILE).is_file():
        return
    source = shipped("models") / "risk"
    if not (source / CHAMPION_FILE).is_file() or source.resolve() == (models / "risk").resolve():
        return
    version = (source / CHAMPION_FILE).read_text("utf-8").strip()
    shutil.copytree(source / version, models / "risk" / version, dirs_exist_ok=True)
    shutil.copy(source / CHAMPION_FILE, models / "risk" / CHAMPION_FILE)


def _stored_features(workspace: Workspace) -> tuple[pa.Table, list[dict[str, Any]]]:
    runs = [run for run in stored_runs(workspace.runs) if run.is_live]
    if not runs:
        raise UsageError("no payment is stored", hint="run `scanner scan` first")
    with Warehouse() as warehouse:
        for name in ("features", "transactions"):
            parts = [
                ParquetPart(run.parquet(name), run.parquet("messages"), tuple(run.superseded))
                for run in runs
            ]
            warehouse.view_of_runs(TABLES[name], name, parts)
        features = warehouse.arrow("SELECT * FROM features ORDER BY transaction_id")
        return features, warehouse.arrow(_KEYS).to_pylist()


def compare_versions(
    models: Path, version: str, *, seed: int, payments: int, progress: Progress = silent
) -> dict[str, Any]:
    """Compare a version with the champion on one test world, at equal alerts.

    It passes where the paired bootstrap of recall at the alert budget is above
    zero at its lower 5 percent, and no typology loses more than 5 points.
    """
    champion = load_champion(models)
    plan = Plan(
        seed=seed, payments=payments, days=240, guilty_share=0.03, mx_share=0.7, dirty_share=0.35
    )
    world = simulated_world(plan, progress)
    matrix, labels = matrix_of(world.data.features), world.data.labels
    budget = max(_BUDGET, float(labels.mean()))
    taken = {
        name: taken_at_budget(tables.margin(matrix), budget)
        for name, tables in (
            ("champion", champion.tables),
            ("challenger", load_version(models, version).tables),
        )
    }
    guilty = np.flatnonzero(labels == 1)
    gain = taken["challenger"][guilty].astype(float) - taken["champion"][guilty].astype(float)
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, len(guilty), (_BOOTSTRAPS, len(guilty)))
    low = float(np.quantile(gain[drawn].mean(axis=1), 0.05))
    kinds = np.asarray(world.data.typologies)[guilty]
    losses = {
        code: float(gain[kinds == code].mean())
        for code in sorted(set(kinds.tolist()))
        if gain[kinds == code].mean() < -_MOST_LOSS
    }
    because = []
    if low <= 0:
        because.append(f"recall gain is not above zero: lower bound {low:.4f}")
    because += [f"typology {code} changes by {loss:.2f}" for code, loss in losses.items()]
    verdict = {
        "champion": champion.version,
        "challenger": version,
        "seed": seed,
        "budget": budget,
        "recall": {name: float(chosen[guilty].mean()) for name, chosen in taken.items()},
        "gain_lower_bound": low,
        "typologies_that_lose": losses,
        "passes": not because,
        "because": because,
    }
    path = models / "risk" / version / f"comparison-{champion.version}.json"
    path.write_text(json.dumps(verdict, indent=1, sort_keys=True) + "\n", "utf-8")
    return verdict

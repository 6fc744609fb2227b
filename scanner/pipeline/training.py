"""Trains a version of the risk model on a simulated world and judges it on others."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from scanner.pipeline.judging import about_worlds, judge, refit_splits, worlds_to_judge_on
from scanner.pipeline.plan import Progress
from scanner.pipeline.scan import silent
from scanner.pipeline.simulated_world import training_world
from scanner.risk.challengers import load_challengers
from scanner.risk.limits import limits_of
from scanner.risk.registry import CHAMPION_FILE, load_version
from scanner.risk.training import fit, fit_rivals, write_version
from scanner.simulate import GENERATOR_VERSION

EVALUATION_FILE = "evaluation.json"
_TEST_SEED_OFFSET = 104_729


def train_simulated(
    seed: int,
    models: Path,
    *,
    payments: int,
    trained_on: date,
    training_worlds: int = 1,
    worlds: int = 5,
    test_payments: int | None = None,
    splits: bool = False,
    challengers: bool = False,
    progress: Progress = silent,
) -> str:
    """Train on simulated worlds, judge on others, and keep the version with its evaluation.

    Args:
        seed: Seed of the first training world and of the fit.
        models: Models folder that takes the version.
        payments: Size of the training worlds together.
        trained_on: Date for the version's name.
        training_worlds: How many worlds to train on.
        worlds: Test worlds to judge on.
        test_payments: Size of each test world; None = that of one training world.
        splits: Also fit again without each typology, without a third of the counterparties
            and on the earlier payments alone, and judge on what was left out.
        challengers: Train models of other kinds beside it, to compare with.
        progress: Told how far it is.

    Returns:
        The version; it becomes champion where there is none yet.
    """
    world = training_world(seed, payments, training_worlds, progress)
    model = fit(world.data, seed=seed)
    rivals = fit_rivals(world.data, seed=seed) if challengers else ()
    size = test_payments or payments // training_worlds
    tests = worlds_to_judge_on(seed + _TEST_SEED_OFFSET, size, worlds, progress)
    found = {**about_worlds(tests, size), **judge(model.tables.margin, tests)}
    if splits:
        found["splits"] = refit_splits(world, tests, seed=seed)
    found["challengers"] = {rival.name: judge(rival.margin, tests) for rival in rivals}
    facts = {
        "date": trained_on.isoformat(),
        "seed": seed,
        "label_source": (
            f"simulated world, generator {GENERATOR_VERSION}, {payments} payments"
            + (f" in {training_worlds} worlds" if training_worlds > 1 else "")
        ),
        "limits": limits_of(found),
    }
    version = write_version(models, model, world.data, facts, rivals)
    _keep(models, version, found)
    champion = models / "risk" / CHAMPION_FILE
    if not champion.is_file():
        champion.write_text(version + "\n", "utf-8")
    return version


def evaluate_version(
    models: Path,
    version: str,
    *,
    seed: int,
    payments: int,
    worlds: int = 1,
    keep: bool = False,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Judge a version and its challengers on simulated worlds that it was not trained on.

    Args:
        models: Models folder.
        version: The version.
        seed: Seed of the first test world.
        payments: Size of each test world.
        worlds: Test worlds to judge on.
        keep: Put the result in the place of the version's own evaluation.
        progress: Told how far it is.
    """
    champion = load_version(models, version)
    tests = worlds_to_judge_on(seed, payments, worlds, progress)
    found = {**about_worlds(tests, payments), **judge(champion.tables.margin, tests)}
    found["challengers"] = {
        rival.name: judge(rival.margin, tests)
        for rival in load_challengers(models / "risk" / version)
    }
    if keep:
        _keep(models, version, found)
    return {"version": version, **found}


def _keep(models: Path, version: str, found: Mapping[str, Any]) -> None:
    path = models / "risk" / version / EVALUATION_FILE
    text = json.dumps({"version": version, **found}, indent=1, sort_keys=True)
    path.write_text(text + "\n", "utf-8")

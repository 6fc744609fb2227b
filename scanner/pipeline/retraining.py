"""Retraining in a workspace: decisions on stored payments, comparison with the champion."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from scanner.errors import UsageError
from scanner.pipeline.decided_training import Sources, train_on_own
from scanner.pipeline.models import shipped
from scanner.pipeline.plan import Progress
from scanner.pipeline.scan import silent
from scanner.pipeline.simulated_world import judging_plan, simulated_world, training_world
from scanner.pipeline.training import train_simulated
from scanner.pipeline.workspace import Workspace
from scanner.risk.challengers import load_challengers
from scanner.risk.comparison import compare
from scanner.risk.evaluation import operating_budget
from scanner.risk.features import Floats, matrix_of
from scanner.risk.registry import CHAMPION_FILE, load_champion, load_version
from scanner.settings import Settings


def train(
    settings: Settings,
    *,
    simulated_seed: int | None,
    sources: Sources,
    payments: int,
    seed: int,
    into: Path | None,
    trained_on: date,
    challengers: bool = False,
    training_worlds: int = 1,
    worlds: int = 5,
    test_payments: int | None = None,
    splits: bool = False,
    progress: Progress = silent,
) -> str:
    """Train a version on simulated payments, on decisions, or on both.

    Args:
        settings: Names the workspace whose stored payments the decisions speak of.
        simulated_seed: Seed of a simulated world; None = none.
        sources: What of the bank's own to train on, and its weight beside the simulation.
        payments: Size of the simulated worlds that train, together.
        seed: Seed of the fit on the bank's own payments.
        into: Models folder; None = the workspace's own.
        trained_on: Date in the version's name.
        challengers: Train models of other kinds beside it, to compare with.
        training_worlds: Simulated worlds to train on.
        worlds: Simulated test worlds to judge on.
        test_payments: Size of each; None = that of one training world.
        splits: Also fit again on parts of the training world.
        progress: Told how far it is.

    Returns:
        The version.
    """
    workspace = Workspace(Path(settings.workspace))
    models = into or workspace.models
    (models / "risk").mkdir(parents=True, exist_ok=True)
    _keep_champion(models)
    if sources.is_empty:
        if simulated_seed is None:
            raise UsageError("nothing to train on", hint="give --simulated SEED or --labels FILE")
        return train_simulated(
            simulated_seed,
            models,
            payments=payments,
            trained_on=trained_on,
            challengers=challengers,
            training_worlds=training_worlds,
            worlds=worlds,
            test_payments=test_payments,
            splits=splits,
            progress=progress,
        )
    world = None
    if simulated_seed is not None:
        world = training_world(simulated_seed, payments, training_worlds, progress)
    return train_on_own(
        settings,
        sources,
        models,
        seed=seed,
        trained_on=trained_on,
        simulated=world,
        challengers=challengers,
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


def compare_versions(
    models: Path,
    version: str | None,
    *,
    seed: int,
    payments: int,
    budget: float | None = None,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Compare a version, or the champion's own challengers, with the champion at equal alerts.

    The verdict on a version is kept in its folder, with the hashes of both, for its
    promotion; the verdicts on challengers are kept in the champion's folder.

    Args:
        models: Models folder.
        version: Version to compare; None = the challengers trained beside the champion.
        seed: Seed of the test world and of the bootstrap.
        payments: Size of the test world.
        budget: Share of payments that alert; None = 1 percent, or the base rate if higher.
        progress: Told how far it is.

    Raises:
        UsageError: The champion keeps no challengers.
        IntegrityError: A model is not what its card says.
    """
    champion = load_champion(models)
    folder = models / "risk" / (version or champion.version)
    rivals: dict[str, Callable[[Floats], Floats]] = {}
    if version is not None:
        rivals["challenger"] = load_version(models, version).tables.margin
    else:
        rivals = {rival.name: rival.margin for rival in load_challengers(folder)}
    if not rivals:
        raise UsageError(
            "the champion keeps no challengers",
            where=str(folder),
            hint="name a version, or train with `scanner model train --challengers`",
        )
    world = simulated_world(judging_plan(seed, payments), progress)
    matrix, labels = matrix_of(world.data.features), world.data.labels
    share = operating_budget(labels) if budget is None else budget
    about = {
        "champion": champion.version,
        "champion_sha256": champion.sha256,
        "seed": seed,
        "payments": len(labels),
        "positives": int(labels.sum()),
        "labels": "simulated",
    }
    verdicts = {
        name: compare(
            champion.tables.margin(matrix),
            margin(matrix),
            labels,
            world.data.typologies,
            budget=share,
            seed=seed,
        ).as_dict()
        for name, margin in rivals.items()
    }
    if version is None:
        found = {**about, "challengers": verdicts}
        path = folder / "comparison-challengers.json"
    else:
        sha256 = load_version(models, version).sha256
        found = {
            **about,
            "challenger": version,
            "challenger_sha256": sha256,
            **verdicts["challenger"],
        }
        path = folder / f"comparison-{champion.version}.json"
    path.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", "utf-8")
    return found

"""`scanner model`: train, evaluate and look after the risk model."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from scanner.cli.diagnostics import ProgressLine, note
from scanner.cli.model_backtest_command import backtest
from scanner.cli.model_drift_command import drift
from scanner.cli.model_options import models_from, models_option
from scanner.cli.model_thresholds_command import thresholds
from scanner.cli.options import IsoDate, settings_from, workspace_option
from scanner.visible import safe_line


@click.group("model")
def command() -> None:
    """Train, evaluate, promote and list versions of the risk model.

    \b
    Examples:
      scanner model list
      scanner model train --simulated 7 -w workspace
    """


command.add_command(backtest)
command.add_command(drift)
command.add_command(thresholds)


@command.command("train")
@click.option("--simulated", type=int, metavar="SEED", help="Train on a simulated world.")
@click.option(
    "--labels",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV of labels: reference, uetr or transaction_id; label 0 or 1; may have weight and"
    " inclusion. May be given several times.",
)
@click.option("--decisions", is_flag=True, help="Take the workspace's log of decisions too.")
@click.option(
    "--later-listings",
    is_flag=True,
    help="Take payments whose party was listed later as guilty, as they looked on their date.",
)
@click.option(
    "--unlabelled",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Draw N payments that nobody judged; they count partly as guilty. [default: none]",
)
@click.option(
    "--simulated-weight",
    type=click.FloatRange(0, min_open=True),
    default=1.0,
    show_default=True,
    help="Weight of all simulated rows over that of all own ones.",
)
@click.option("--payments", type=click.IntRange(500), default=16000, show_default=True)
@click.option(
    "--training-worlds",
    type=click.IntRange(1, 10),
    default=1,
    show_default=True,
    help="Simulated worlds of different tempers that share these payments.",
)
@click.option(
    "--test-payments",
    type=click.IntRange(500),
    help="Payments of each test world. [default: those of a training world]",
)
@click.option(
    "--worlds",
    type=click.IntRange(1, 50),
    default=5,
    show_default=True,
    help="Simulated test worlds to judge on.",
)
@click.option(
    "--splits",
    is_flag=True,
    help="Also fit again without each typology, some parties and the later payments.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the fit.")
@click.option("--date", "trained_on", type=IsoDate(), help="Date in the version's name.")
@click.option("--challengers", is_flag=True, help="Train models of other kinds beside it.")
@models_option
@workspace_option
def train(
    *,
    simulated: int | None,
    labels: tuple[Path, ...],
    decisions: bool,
    later_listings: bool,
    unlabelled: int,
    simulated_weight: float,
    payments: int,
    training_worlds: int,
    test_payments: int | None,
    worlds: int,
    splits: bool,
    seed: int,
    trained_on: date | None,
    challengers: bool,
    into: Path | None,
    workspace: str | None,
) -> None:
    """Train a new version on simulated payments, on the bank's decisions, or on both.

    The bank's own rows are what people decided (--labels, --decisions), what was listed later and,
    with --unlabelled, payments that nobody judged. A label drawn as a sample weighs 1 / inclusion,
    at most 50. The card says what each source weighs.

    --challengers also fits a gradient boosting that may look at several features at once and a
    logistic scorecard on the same rows; `evaluate` and `compare` set them beside the version.
    Only the version itself can be promoted: its reasons are exact.

    \b
    Examples:
      scanner model train --simulated 7 --into models
      scanner model train --labels dispositions.csv --simulated 7 --simulated-weight 0.5
    """
    from scanner.errors import UsageError
    from scanner.pipeline.decided_training import Sources
    from scanner.pipeline.retraining import train as train_version

    sources = Sources(labels, decisions, later_listings, unlabelled, simulated_weight)
    if simulated is None and sources.is_empty:
        raise UsageError(
            "nothing to train on", hint="give --simulated SEED, --labels FILE, or both"
        )
    line = ProgressLine()
    try:
        version = train_version(
            settings_from(workspace=workspace),
            simulated_seed=simulated,
            sources=sources,
            payments=payments,
            seed=seed,
            into=into,
            trained_on=trained_on or datetime.now(tz=UTC).date(),
            challengers=challengers,
            training_worlds=training_worlds,
            worlds=worlds,
            test_payments=test_payments,
            splits=splits,
            progress=line,
        )
    finally:
        line.end()
    click.echo(version)


@command.command("evaluate")
@click.argument("version", required=False)
@click.option("--seed", type=int, default=99, show_default=True, help="Seed of the test world.")
@click.option("--payments", type=click.IntRange(500), default=16000, show_default=True)
@click.option(
    "--worlds",
    type=click.IntRange(1, 50),
    default=1,
    show_default=True,
    help="Test worlds, each with the next seed.",
)
@click.option("--keep", is_flag=True, help="Put the result in the version's folder.")
@models_option
@workspace_option
def evaluate(
    version: str | None,
    seed: int,
    payments: int,
    worlds: int,
    keep: bool,
    into: Path | None,
    workspace: str | None,
) -> None:
    """Judge a version on simulated worlds with other seeds and other parameters.

    The result is printed; the evaluation that lies beside the version stays as it is unless
    --keep is given.

    \b
    Examples:
      scanner model evaluate --seed 99
      scanner model evaluate 2026-11-24-0a1b2c3d --payments 4000
    """
    from scanner.pipeline.training import evaluate_version
    from scanner.risk.registry import load_champion

    models = models_from(into, workspace)
    line = ProgressLine()
    try:
        found = evaluate_version(
            models,
            version or load_champion(models).version,
            seed=seed,
            payments=payments,
            worlds=worlds,
            keep=keep,
            progress=line,
        )
    finally:
        line.end()
    click.echo(json.dumps(found, indent=1, sort_keys=True))


@command.command("list")
@models_option
@workspace_option
def list_versions(into: Path | None, workspace: str | None) -> None:
    """List the versions; the champion is marked.

    \b
    Examples:
      scanner model list
      scanner model list -w workspace
    """
    from scanner.risk.registry import versions

    for card in versions(models_from(into, workspace)):
        mark = "champion" if card["champion"] else "        "
        click.echo(f"{card['version']}  {mark}  {card['label_source']}")


@command.command("card")
@click.argument("version", required=False)
@models_option
@workspace_option
def card(version: str | None, into: Path | None, workspace: str | None) -> None:
    """Print a version's card.

    \b
    Examples:
      scanner model card
      scanner model card 2026-11-24-0a1b2c3d
    """
    from scanner.additive.artifact import load_card
    from scanner.risk.registry import load_champion

    models = models_from(into, workspace)
    chosen = version or load_champion(models).version
    click.echo(json.dumps(load_card(models / "risk" / chosen), indent=1, sort_keys=True))


@command.command("verify")
@models_option
@workspace_option
def verify(into: Path | None, workspace: str | None) -> None:
    """Load every version as scoring would and as evaluation would; exit 5 if one is refused.

    Checks hashes, names, features, signs and lines; that the estimator holds no type but those
    allowed and gives the scores of the step tables; and the chain of the champions' history.

    \b
    Examples:
      scanner model verify
      scanner model verify -w workspace
    """
    from scanner.errors import IntegrityError
    from scanner.risk.registry import faults

    models = models_from(into, workspace)
    found = faults(models)
    for version, fault in found.items():
        click.echo(f"{version}  {safe_line(fault) or 'ok'}")
    if refused := [version for version, fault in found.items() if fault]:
        raise IntegrityError(
            f"{len(refused)} of {len(found)} are refused",
            where=", ".join(refused),
            hint="restore them from a backup, or train again",
        )


@command.command("compare")
@click.argument("version", required=False)
@click.option("--seed", type=int, default=99, show_default=True, help="Seed of the test world.")
@click.option("--payments", type=click.IntRange(500), default=16000, show_default=True)
@click.option(
    "--budget",
    type=click.FloatRange(0, 1, min_open=True),
    metavar="SHARE",
    help="Share of payments that alert. [default: 0.01, or the base rate where it is higher]",
)
@models_option
@workspace_option
def compare(
    *,
    version: str | None,
    seed: int,
    payments: int,
    budget: float | None,
    into: Path | None,
    workspace: str | None,
) -> None:
    """Compare a version with the champion at equal alerts, by paired bootstrap.

    Without VERSION the challengers trained beside the champion are compared with it.

    \b
    Examples:
      scanner model compare 2026-11-24-0a1b2c3d
      scanner model compare --seed 5
    """
    from scanner.pipeline.retraining import compare_versions

    line = ProgressLine()
    try:
        verdict: dict[str, Any] = compare_versions(
            models_from(into, workspace),
            version,
            seed=seed,
            payments=payments,
            budget=budget,
            progress=line,
        )
    finally:
        line.end()
    click.echo(json.dumps(verdict, indent=1, sort_keys=True))


@command.command("promote")
@click.argument("version")
@click.option("--by", multiple=True, metavar="NAME", help="Who approves; give it twice.")
@click.option("--date", "on", type=IsoDate(), help="Date of the decision.")
@models_option
@workspace_option
def promote(
    version: str, by: tuple[str, ...], on: date | None, into: Path | None, workspace: str | None
) -> None:
    """Make a version the champion: compared, better, and approved by two people.

    \b
    Examples:
      scanner model promote 2026-11-24-0a1b2c3d --by "M. Owner" --by "V. Validator"
      scanner model promote 2026-11-24-0a1b2c3d --by A --by B -w workspace
    """
    from scanner.risk.registry import promote as make_champion

    day = on or datetime.now(tz=UTC).date()
    make_champion(models_from(into, workspace), version, by=by, on=day.isoformat())
    note(f"{version} is the champion")


@command.command("rollback")
@click.option("--by", multiple=True, metavar="NAME", help="Who approves; give it twice.")
@models_option
@workspace_option
def rollback(by: tuple[str, ...], into: Path | None, workspace: str | None) -> None:
    """Make the champion before the present one the champion again.

    \b
    Examples:
      scanner model rollback --by A --by B
      scanner model rollback --by A --by B -w workspace
    """
    from scanner.risk.registry import rollback as back

    day = datetime.now(tz=UTC).date().isoformat()
    note(f"{back(models_from(into, workspace), by=by, on=day)} is the champion")


@command.command("train-matcher")
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of all choices.")
@click.option("--date", "trained_on", type=IsoDate(), help="Date in the version's name.")
@click.option(
    "--into", required=True, type=click.Path(file_okay=False, path_type=Path), help="Models folder."
)
@workspace_option
def train_matcher(seed: int, trained_on: date | None, into: Path, workspace: str | None) -> None:
    """Train the matcher of names on the workspace's lists; the program ships one already.

    \b
    Examples:
      scanner model train-matcher --into models -w workspace
      scanner model train-matcher --into models --seed 2 -w workspace
    """
    from scanner import watchlists
    from scanner.cli.options import workspace_from
    from scanner.screening.training import train_and_save

    lists = watchlists.load(workspace_from(workspace).lists)
    day = trained_on or datetime.now(tz=UTC).date()
    click.echo(train_and_save(lists, into, seed=seed, trained_on=day))

"""`scanner model drift`: do payments still look like those the model was trained on."""

from dataclasses import asdict
from pathlib import Path

import click

from scanner.cli.diagnostics import note
from scanner.cli.model_options import models_from, models_option
from scanner.cli.options import settings_from, workspace_option
from scanner.cli.output import form_option, write_table


@click.command("drift")
@click.argument("version", required=False)
@click.option("--run", metavar="RUN", help="Judge this run's payments. [default: all that stand]")
@click.option("--against", metavar="RUN", help="Compare with this run instead of the training.")
@click.option("--watch-at", type=click.FloatRange(0), default=0.1, show_default=True)
@click.option("--alert-at", type=click.FloatRange(0), default=0.25, show_default=True)
@click.option("--fail-on-alert", is_flag=True, help="Exit 3 if a feature or the score alerts.")
@models_option
@workspace_option
@form_option
def drift(
    *,
    version: str | None,
    run: str | None,
    against: str | None,
    watch_at: float,
    alert_at: float,
    fail_on_alert: bool,
    into: Path | None,
    workspace: str | None,
    form: str | None,
    output: Path | None,
) -> None:
    """Measure by how much features and score have shifted: PSI, per message era.

    The population stability index compares the payments of stored runs with those the version
    was trained on. Below --watch-at (0.1) a feature is steady, from --alert-at (0.25) on it
    alerts; a PSI that chance reaches with so few payments (column `chance`) raises nothing.

    \b
    Examples:
      scanner model drift -w workspace
      scanner model drift --run 000012 --against 000001 --fail-on-alert
    """
    import pyarrow as pa

    from scanner.errors import FailOnReachedError, UsageError
    from scanner.pipeline.model_drift import model_drift
    from scanner.risk.registry import load_champion

    if watch_at > alert_at:
        raise UsageError("--watch-at lies above --alert-at", hint="give a lower --watch-at")
    models = models_from(into, workspace)
    found = model_drift(
        settings_from(workspace=workspace),
        models,
        version or load_champion(models).version,
        run=run,
        against=against,
        watch_at=watch_at,
        alert_at=alert_at,
    )
    write_table(pa.Table.from_pylist([asdict(row) for row in found]), form=form, output=output)
    alerts = [f"{row.feature} ({row.era})" for row in found if row.outcome == "alert"]
    watched = sum(row.outcome == "watch" for row in found)
    note(f"{len(alerts)} alerts, {watched} to watch, of {len(found)}")
    if alerts and fail_on_alert:
        raise FailOnReachedError(
            "the payments have shifted away from those compared with",
            where=", ".join(alerts),
            hint="find out why, then evaluate the model on decided payments or train it again",
        )

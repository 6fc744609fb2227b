"""`scanner model backtest`: how a version would have done on stored payments."""

from datetime import date
from pathlib import Path

import click

from scanner.cli.diagnostics import note
from scanner.cli.model_options import models_from, models_option
from scanner.cli.options import IsoDate, settings_from, workspace_option
from scanner.cli.output import form_option, write_table


@click.command("backtest")
@click.argument("version", required=False)
@click.option("--from", "since", type=IsoDate(), help="First value date.")
@click.option("--to", "until", type=IsoDate(), help="Last value date.")
@click.option("--line", type=click.FloatRange(0, 1), help="Score that alerts. [default: review]")
@click.option(
    "--budget",
    type=click.FloatRange(0, 1, min_open=True),
    metavar="SHARE",
    help="Instead of a line: share of payments that may alert.",
)
@click.option(
    "--labels",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV of labels beside the log of decisions.",
)
@models_option
@workspace_option
@form_option
def backtest(
    *,
    version: str | None,
    since: date | None,
    until: date | None,
    line: float | None,
    budget: float | None,
    labels: Path | None,
    into: Path | None,
    workspace: str | None,
    form: str | None,
    output: Path | None,
) -> None:
    """Score stored payments with a version as of their dates, and judge it by what came later.

    What was listed only after a payment is taken out of its features. One row over all, per month
    and per message era: alerts a day, the recall of payments whose party was listed later with the
    median days of lead, and the recall of what people confirmed; each with its number and 95
    percent interval. Obligations of the payment's date alert anyway and are counted apart.

    \b
    Examples:
      scanner model backtest --from 2024-01-01 --to 2024-12-31 -w workspace
      scanner model backtest 2026-11-24-0a1b2c3d --budget 0.01 --labels dispositions.csv
    """
    from scanner.errors import UsageError
    from scanner.pipeline.model_backtest import backtest as judged
    from scanner.risk.registry import load_champion, load_version

    if line is not None and budget is not None:
        raise UsageError("--line and --budget say the same thing twice", hint="give one of them")
    models = models_from(into, workspace)
    model = load_version(models, version) if version else load_champion(models)
    found = judged(
        settings_from(workspace=workspace),
        model,
        since=since,
        until=until,
        line=line,
        budget=budget,
        labels=labels,
    )
    write_table(found.slices, form=form, output=output)
    note(f"model {model.version}, alerts from score {found.line:.4f}")
    if found.undated:
        note(
            f"{found.undated} payments met entries whose date of listing is not known: "
            "scored as if listed before"
        )

"""`scanner model thresholds`: what each line would cost and catch, and samples to learn more."""

from datetime import date
from pathlib import Path

import click

from scanner.cli.diagnostics import note
from scanner.cli.model_options import models_from, models_option
from scanner.cli.options import IsoDate, settings_from, workspace_option
from scanner.cli.output import form_option, write_table


@click.command("thresholds")
@click.option(
    "--labels",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV of labels beside the log of decisions, such as a judged sample.",
)
@click.option("--from", "since", type=IsoDate(), help="First value date.")
@click.option("--to", "until", type=IsoDate(), help="Last value date.")
@click.option("--sample", "each", type=click.IntRange(1), metavar="N", help="Draw N on each side.")
@click.option("--line", type=click.FloatRange(0, 1), help="Score to draw around. [default: review]")
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the draw.")
@models_option
@workspace_option
@form_option
def thresholds(
    *,
    labels: Path | None,
    since: date | None,
    until: date | None,
    each: int | None,
    line: float | None,
    seed: int,
    into: Path | None,
    workspace: str | None,
    form: str | None,
    output: Path | None,
) -> None:
    """Show what lines of the score would have done with stored payments, or draw a sample.

    One row for the lines in force, for alert budgets, for recall floors with the number of
    positives they rest on, and for a grid. Obligations alert whatever the line is and are counted
    apart. Recall is of what people confirmed: below the line nobody looks, so judge a sample there.

    With --sample the output is such a sample, above and below the line, with the share of its
    stratum that was drawn. Fill its column `label` with 1 or 0 and give the file to --labels here
    and to `scanner model train --labels`, which weighs it up by that share.

    \b
    Examples:
      scanner model thresholds --labels dispositions.csv -w workspace
      scanner model thresholds --sample 25 --seed 7 -o to_judge.csv
    """
    from scanner.pipeline.model_thresholds import sample
    from scanner.pipeline.model_thresholds import thresholds as judged
    from scanner.risk.registry import load_champion

    settings = settings_from(workspace=workspace)
    champion = load_champion(models_from(into, workspace))
    if each is None:
        table = judged(settings, champion, labels=labels, since=since, until=until)
    else:
        table = sample(
            settings,
            champion,
            each=each,
            seed=seed,
            line=line,
            labels=labels,
            since=since,
            until=until,
        )
    rows = write_table(table, form=form, output=output)
    note(f"{rows} {'lines' if each is None else 'payments to judge'}; model {champion.version}")

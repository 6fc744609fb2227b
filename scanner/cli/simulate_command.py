"""`scanner simulate`: an invented world of payments, lists and truth."""

from datetime import date
from pathlib import Path

import click

from scanner.cli.diagnostics import note
from scanner.cli.options import IsoDate

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command("simulate")
@click.option("--seed", type=int, default=1, show_default=True, help="Everything follows from it.")
@click.option("--payments", type=click.IntRange(1), default=2000, show_default=True)
@click.option("--days", type=click.IntRange(1), default=180, show_default=True)
@click.option("--start", type=IsoDate(), default="2024-07-01", show_default=True)
@click.option("--typologies", default="", metavar="T01,T06", help="Only these guilty typologies.")
@click.option("-o", "--output", type=_FOLDER, help="An empty or new folder.")
@click.option("--sample", type=_FOLDER, help="Make the program's own sample data in this folder.")
def command(
    seed: int,
    payments: int,
    days: int,
    start: date,
    typologies: str,
    output: Path | None,
    sample: Path | None,
) -> None:
    """Write message files, customers, ownership, lists, decisions and the sealed truth.

    \b
    Examples:
      scanner simulate --seed 7 --payments 5000 -o world
      scanner simulate --seed 7 --typologies T04,T11 -o world
    """
    from scanner.errors import UsageError
    from scanner.pipeline.sample import make_sample
    from scanner.simulate import Plan, simulate

    if sample is not None:
        make_sample(sample)
        note(f"wrote {sample}")
        return
    if output is None:
        raise UsageError("no folder was named", hint="give -o FOLDER")
    chosen = tuple(code.strip().upper() for code in typologies.split(",") if code.strip())
    plan = Plan(seed=seed, payments=payments, days=days, start=start, typologies=chosen)
    simulate(plan, output)
    note(f"wrote {output}")

"""`scanner verify-pack`: check an evidence pack offline."""

from pathlib import Path

import click

from scanner.errors import ExitCode
from scanner.visible import safe_line


@click.command("verify-pack")
@click.argument("pack", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def command(*, pack: Path) -> int:
    """Check that an evidence pack is whole and that its parts agree; exit 5 if not.

    \b
    Examples:
      scanner verify-pack ALT-1f0c2a9e.zip
      scanner verify-pack ALT-1f0c2a9e.zip && echo whole
    """
    from scanner.report.pack import verify

    checks = verify(pack.read_bytes())
    for check in checks:
        state = (
            click.style("holds ", fg="green") if check.holds else click.style("BROKEN", fg="red")
        )
        click.echo(
            f"{state} {safe_line(check.what)}{': ' if check.seen else ''}{safe_line(check.seen)}"
        )
    whole = all(check.holds for check in checks)
    return int(ExitCode.DONE if whole else ExitCode.INTEGRITY)

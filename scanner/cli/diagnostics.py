"""Everything on stderr: errors in three lines, notes, progress; and the exit codes.

stdout belongs to data. Nothing here shows names, accounts or texts of payments.
"""

import os
import sys
import time
import traceback

import click

from scanner.errors import ExitCode, ScannerError
from scanner.visible import safe_line, safe_text

_REDRAW_SECONDS = 0.2


def exit_code_of(error: BaseException) -> ExitCode:
    """The exit code that an error means."""
    return error.exit_code if isinstance(error, ScannerError) else ExitCode.INTERNAL


def report_error(error: BaseException) -> None:
    """Say what is wrong, where, and what to do."""
    if isinstance(error, ScannerError):
        # Words of an error may quote a file's name or a query: none of it may act on the terminal.
        click.secho(f"error: {safe_line(error.what)}", fg="red", err=True)
        if error.where:
            click.echo(f"  where: {safe_text(error.where)}", err=True)
        if error.hint:
            click.echo(f"  do: {safe_text(error.hint)}", err=True)
        return
    words = safe_text(f"{type(error).__name__}: {error}")
    click.secho(f"internal error: {words}", fg="red", err=True)
    if os.environ.get("SCANNER_DEBUG"):
        traceback.print_exception(error, file=sys.stderr)
    else:
        click.echo("  do: run again with SCANNER_DEBUG=1 and report what it prints", err=True)


def note(text: str) -> None:
    """Say something that is not data."""
    click.echo(text, err=True)


class ProgressLine:
    """One line on the terminal that shows the stage, how far it is, its rate and time left.

    Silent where stderr is no terminal, so that a batch log stays readable.
    """

    def __init__(self, *, enabled: bool | None = None) -> None:
        self._enabled = sys.stderr.isatty() if enabled is None else enabled
        self._stage = ""
        self._began = 0.0
        self._drawn = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Draw the state of a stage; called as often as the pipeline likes."""
        if not self._enabled:
            return
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._began = stage, now
        elif now - self._drawn < _REDRAW_SECONDS and done < total:
            return
        self._drawn = now
        click.echo(f"\r\x1b[2K{self._words(done, total, now - self._began)}", err=True, nl=False)

    def _words(self, done: int, total: int, seconds: float) -> str:
        share = done / total if total else 0.0
        words = f"{self._stage:<9} {share:4.0%}"
        if self._stage == "read" and seconds > 0 and done:
            words += f"  {done / seconds / 1e6:.1f} MB/s"
        if 0 < share < 1 and seconds > 1:
            words += f"  {seconds / share * (1 - share):.0f} s left"
        return words

    def end(self) -> None:
        """Remove the line."""
        if self._enabled:
            click.echo("\r\x1b[2K", err=True, nl=False)

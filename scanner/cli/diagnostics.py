"""Everything on stderr: errors in three lines, notes, progress; and the exit codes.

stdout belongs to data. Nothing here shows names, accounts or texts of payments.
For a log collector each of them is one JSON object a line (`--log-format json`).
"""

import json
import os
import sys
import time
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scanner.errors import ExitCode, ScannerError
from scanner.visible import safe_line, safe_text

if TYPE_CHECKING:
    from scanner.pipeline.account_tokens import AccountTokens

_REDRAW_SECONDS = 0.2
_LOG_SECONDS = 30.0


class LogFormat(StrEnum):
    """How stderr is written."""

    TEXT = "text"
    JSON = "json"


class _Log:
    """The process's stderr: its form, and the workspace whose key hides accounts."""

    def __init__(self) -> None:
        self.form = LogFormat.TEXT
        self.workspace: Path | None = None

    @cached_property
    def _tokens(self) -> "AccountTokens":
        from scanner.pipeline.account_tokens import tokens_of

        try:
            return tokens_of(self.workspace)
        except (ScannerError, OSError):
            # What is wrong with the key must not keep an error from being told.
            return tokens_of(None)

    def hidden(self, text: str) -> str:
        """The text without legible accounts."""
        # Most texts have no long number: the key is not even looked for.
        return self._tokens.hide(text) if sum(map(str.isdigit, text)) >= 8 else text

    def line(self, level: str, event: str, facts: Mapping[str, Any]) -> None:
        """Write one JSON object."""
        made: dict[str, Any] = {
            "time": datetime.now(tz=UTC).isoformat(timespec="milliseconds"),
            "level": level,
        }
        made |= {"event": event, "process": os.getpid(), **_plain(facts)}
        click.echo(json.dumps(made, ensure_ascii=True, default=str), err=True)


_log = _Log()


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _log.hidden(str(value)) if isinstance(value, str | Path) else value
        for name, value in facts.items()
    }


def use_log_format(form: LogFormat) -> None:
    """Write stderr in this form from now on."""
    _log.form = form


def hide_accounts_with(workspace: Path) -> None:
    """Take the key that hides accounts from this workspace, if it exists when one is met."""
    _log.workspace = workspace
    _log.__dict__.pop("_tokens", None)


def exit_code_of(error: BaseException) -> ExitCode:
    """The exit code that an error means."""
    return error.exit_code if isinstance(error, ScannerError) else ExitCode.INTERNAL


def report_error(error: BaseException) -> None:
    """Say what is wrong, where, and what to do."""
    if _log.form == LogFormat.JSON:
        _log.line("error", "failed", _facts_of(error))
        return
    if isinstance(error, ScannerError):
        # Words of an error may quote a file's name or a query: none of it may act on the terminal.
        click.secho(f"error: {_log.hidden(safe_line(error.what))}", fg="red", err=True)
        if error.where:
            click.echo(f"  where: {_log.hidden(safe_text(error.where))}", err=True)
        if error.hint:
            click.echo(f"  do: {_log.hidden(safe_text(error.hint))}", err=True)
        return
    words = _log.hidden(safe_text(f"{type(error).__name__}: {error}"))
    click.secho(f"internal error: {words}", fg="red", err=True)
    if os.environ.get("SCANNER_DEBUG"):
        traceback.print_exception(error, file=sys.stderr)
    else:
        click.echo("  do: run again with SCANNER_DEBUG=1 and report what it prints", err=True)


def _facts_of(error: BaseException) -> dict[str, Any]:
    code = int(exit_code_of(error))
    if isinstance(error, ScannerError):
        return {
            "error": type(error).__name__,
            "message": error.what,
            "where": error.where,
            "hint": error.hint,
            "exit_code": code,
        }
    # The words of an unforeseen error may quote a payment: only its kind and place are told.
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return {"error": type(error).__name__, "message": "internal error", "where": place} | {
        "hint": "run again with SCANNER_DEBUG=1 and report what it prints",
        "exit_code": code,
    }


def report_usage(error: click.ClickException) -> None:
    """Say that the command line cannot be understood."""
    if _log.form == LogFormat.JSON:
        facts = {"error": type(error).__name__, "message": error.format_message()}
        _log.line("error", "failed", {**facts, "exit_code": int(ExitCode.USAGE)})
    else:
        error.show()


def note(text: str) -> None:
    """Say something that is not data."""
    if _log.form == LogFormat.JSON:
        _log.line("info", "note", {"message": text})
    else:
        click.echo(_log.hidden(text), err=True)


def tell(event: str, facts: Mapping[str, Any], *texts: str) -> None:
    """Say what happened: to a person in words, to a log collector by its facts.

    Args:
        event: Its name in the JSON log.
        facts: Numbers and identifiers of it; nothing personal.
        texts: The same in words.
    """
    if _log.form == LogFormat.JSON:
        _log.line("info", event, facts)
        return
    for text in texts:
        note(text)


class ProgressLine:
    """One line on the terminal that shows the stage, how far it is, its rate and time left.

    Silent where stderr is no terminal, so that a batch log stays readable. In the
    JSON log a stage is told when it begins and every half a minute.
    """

    def __init__(self, *, enabled: bool | None = None) -> None:
        self._enabled = sys.stderr.isatty() if enabled is None else enabled
        self._stage = ""
        self._began = 0.0
        self._drawn = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Draw the state of a stage; called as often as the pipeline likes."""
        as_json = _log.form == LogFormat.JSON
        if not self._enabled and not as_json:
            return
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._began = stage, now
        elif now - self._drawn < (_LOG_SECONDS if as_json else _REDRAW_SECONDS) and (
            as_json or done < total
        ):
            return
        self._drawn = now
        if as_json:
            _log.line("info", "stage", {"stage": stage, "done": done, "total": total})
            return
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
        if self._enabled and _log.form == LogFormat.TEXT:
            click.echo("\r\x1b[2K", err=True, nl=False)

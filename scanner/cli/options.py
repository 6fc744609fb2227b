"""Options that several commands share, and the settings made from them."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from scanner.cli.diagnostics import LogFormat, hide_accounts_with, use_log_format
from scanner.settings import Settings, load_settings

if TYPE_CHECKING:
    from scanner.pipeline.workspace import Workspace

F = TypeVar("F", bound=Callable[..., Any])


def _use_log_format(ctx: click.Context, param: click.Parameter, given: str | None) -> None:
    # The word after the command counts before the one before it, and both before the environment.
    if given is not None:
        use_log_format(LogFormat(given))


def log_format_option(command: F) -> F:
    """Add `--log-format`."""
    return click.option(
        "--log-format",
        type=click.Choice([form.value for form in LogFormat]),
        envvar="SCANNER_LOG_FORMAT",
        is_eager=True,
        expose_value=False,
        callback=_use_log_format,
        help="Form of what goes to stderr: words, or one JSON object a line. [default: text]",
    )(command)


def workspace_option(command: F) -> F:
    """Add `-w/--workspace`."""
    return click.option(
        "-w",
        "--workspace",
        metavar="DIR",
        help="Folder with lists, runs and snapshot. [default: ./workspace or SCANNER_WORKSPACE]",
    )(command)


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_SIDE_FILES = {
    "--customers": "CSV of the bank's customers.",
    "--ownership": "CSV of dated shares: who owns how much of whom.",
    "--suppressions": "CSV of good-guy rules.",
    "--trade": "CSV of monthly trade statistics, for surges.",
    "--mapping": "TOML file that maps the columns of CSV and Parquet exports.",
}


def side_file_options(command: F) -> F:
    """Add the files beside the sources that shape a result."""
    for name, meaning in reversed(_SIDE_FILES.items()):
        command = click.option(name, type=_FILE, help=meaning)(command)
    return command


def settings_from(**flags: Any) -> Settings:
    """The effective settings: flags over environment over `scanner.toml` over built-in."""
    settings, _ = load_settings(flags=flags, env=os.environ)
    hide_accounts_with(Path(settings.workspace))
    return settings


def workspace_from(given: str | None) -> "Workspace":
    """The workspace that exists under the given or configured name."""
    from scanner.pipeline.workspace import Workspace

    workspace = Workspace(Path(settings_from(workspace=given).workspace))
    workspace.require()
    return workspace


class IsoDate(click.ParamType[date]):
    """A date as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the date, or fail with the form that is wanted."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no date; write YYYY-MM-DD", param, ctx)

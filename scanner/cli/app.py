"""The `scanner` command: its sub-commands, found by name and loaded when they run."""

import importlib
import os
import signal
import sys
from types import FrameType

import click

from scanner import __version__
from scanner.cli.diagnostics import exit_code_of, report_error, report_usage
from scanner.cli.options import log_format_option
from scanner.errors import ExitCode, storage_error

COMMANDS: dict[str, tuple[str, str]] = {
    "scan": ("scan_command", "Read payment files, screen, score and publish."),
    "ingest": ("ingest_command", "Only read files: say what they hold, or write it as tables."),
    "lookback": ("lookback_command", "Scan an archive month by month, restartable."),
    "rescreen": ("rescreen_command", "Assess stored payments again after a change of the lists."),
    "lists": ("lists_command", "Keep the sanctions lists: update, status, diff, verify."),
    "sql": ("sql_command", "Ask the published snapshot, read-only."),
    "explain": ("explain_command", "Show one payment with all its evidence."),
    "alerts": ("alerts_command", "List, show, assign, decide and export alerts."),
    "review": ("review_command", "Serve a local page to work the queue of alerts."),
    "verify-pack": ("verify_pack_command", "Check an evidence pack offline."),
    "screen": ("screen_command", "Match names against the active lists."),
    "model": ("model_command", "Train, evaluate and look after the risk model."),
    "report": ("report_command", "Write a self-contained HTML report."),
    "rejected": ("rejected_command", "List, show and read again what could not be read."),
    "runs": ("runs_command", "List, show, verify, replay and prune finished runs."),
    "simulate": ("simulate_command", "Make an invented world of payments, lists and truth."),
    "demo": ("demo_command", "Run the main job on the invented sample data."),
    "init": ("init_command", "Write a scanner.toml with every setting."),
    "config": ("config_command", "Show the effective settings and their origins."),
    "completion": ("completion_command", "Print the shell's completion script."),
    "doctor": ("doctor_command", "Look for what would stop a scan."),
}
"""Name of each command: its module under `scanner.cli`, and its one-line help."""


class LazyGroup(click.Group):
    """A group that imports a command's module only when the command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of COMMANDS, which follows the day of a user."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"scanner.cli.{COMMANDS[cmd_name][0]}")
        command = module.command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_) for name, (_, help_) in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@log_format_option
@click.version_option(__version__, prog_name="scanner")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Find the payments that expose a bank under Executive Order 14114.

    \b
    Examples:
      scanner lists update --from lists/ -w workspace
      scanner scan payments/ -w workspace
    """
    ctx.ensure_object(dict)


class _EndedError(BaseException):
    """The process was asked to end: unwind, so that staging is cleaned and the lock released."""


_ENDS = {signal.SIGTERM: ExitCode.TERMINATED, signal.SIGINT: ExitCode.INTERRUPTED}
_asked_to_end: list[ExitCode] = []
"""The exit code of the signal that came, if one did."""


def _end(signum: int, frame: FrameType | None) -> None:
    code = _ENDS[signal.Signals(signum)]
    _asked_to_end.append(code)
    if _is_loading(frame):
        # A native library whose loading is cut short aborts the process. What was begun by
        # then is as safe as after a kill.
        os._exit(code)
    # The review page catches the key that ends it.
    raise KeyboardInterrupt if signum == signal.SIGINT else _EndedError


def _is_loading(frame: FrameType | None) -> bool:
    """Whether a module is being loaded at this moment."""
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and end the process with the exit code of the outcome."""
    for signal_ in _ENDS:
        signal.signal(signal_, _end)
    try:
        outcome = cli.main(args=arguments, prog_name="scanner", standalone_mode=False)
    except (_EndedError, KeyboardInterrupt, click.Abort):
        sys.exit(_asked_to_end[0] if _asked_to_end else ExitCode.INTERRUPTED)
    except click.ClickException as error:
        report_usage(error)
        sys.exit(ExitCode.USAGE)
    except BrokenPipeError:
        # The reader of stdout has gone (`| head`); nothing is wrong.
        sys.stderr.close()
        sys.exit(ExitCode.DONE)
    except Exception as error:  # noqa: BLE001 - the one place that turns errors into exit codes
        if _asked_to_end:
            # A library that was in the middle of something has told of the signal in its own way.
            sys.exit(_asked_to_end[0])
        told = (storage_error(error) if isinstance(error, OSError) else None) or error
        report_error(told)
        sys.exit(exit_code_of(told))
    sys.exit(outcome if isinstance(outcome, int) else ExitCode.DONE)

"""The command line's reference page, made from the commands themselves."""

import click

from scanner.cli.app import cli
from scanner.errors import ExitCode

_EXIT_CODES = {
    ExitCode.DONE: "done; alerts may exist",
    ExitCode.INTERNAL: "internal error",
    ExitCode.USAGE: "usage or configuration",
    ExitCode.FAIL_ON_REACHED: "`--fail-on` reached",
    ExitCode.TOO_MANY_REJECTED: "more rejected than allowed",
    ExitCode.INTEGRITY: "a list, model, run or input cannot be trusted",
    ExitCode.STORAGE: "the disk is full or cannot be written; what was published stays",
    ExitCode.LOCKED: "another process works in the workspace: try again",
    ExitCode.INTERRUPTED: "interrupted (INT)",
    ExitCode.TERMINATED: "terminated (TERM)",
}


def reference_page() -> str:
    """The page `docs/cli.md`: every command with its help, and the exit codes."""
    parts = [
        "# Command line",
        "",
        "Made from the commands by `make docs`; do not edit.",
        "Data goes to stdout, everything else to stderr.",
        "",
        "| exit code | meaning |",
        "|---|---|",
        *(f"| {int(code)} | {words} |" for code, words in _EXIT_CODES.items()),
        "",
    ]
    root = click.Context(
        cli,
        info_name="scanner",
        terminal_width=96,
        max_content_width=96,
        help_option_names=cli.context_settings["help_option_names"],
    )
    parts += _section(cli, root)
    return "\n".join(parts) + "\n"


def _section(command: click.Command, context: click.Context) -> list[str]:
    made = [
        f"## `{context.command_path}`",
        "",
        "```text",
        command.get_help(context).rstrip(),
        "```",
        "",
    ]
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            inner = click.Context(
                child, info_name=name, parent=context, terminal_width=96, max_content_width=96
            )
            made += _section(child, inner)
    return made

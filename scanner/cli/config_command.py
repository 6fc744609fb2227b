"""`scanner config`: the effective settings and where each came from."""

import os

import click

from scanner.cli.options import workspace_option


@click.group("config")
def command() -> None:
    """Show and check the settings.

    \b
    Examples:
      scanner config show
      scanner config validate
    """


@command.command("show")
@workspace_option
def show(workspace: str | None) -> None:
    """Print each setting with its value and origin.

    \b
    Examples:
      scanner config show
      SCANNER_WORKERS=2 scanner config show
    """
    from scanner.settings import load_settings

    _, origins = load_settings(flags={"workspace": workspace}, env=os.environ)
    width = max(len(origin.name) for origin in origins)
    for origin in origins:
        value = ",".join(origin.value) if isinstance(origin.value, tuple) else origin.value
        click.echo(f"{origin.name:<{width}}  {value!s:<12}  {origin.source}")


@command.command("validate")
def validate() -> None:
    """Check the settings and say nothing if they hold.

    \b
    Examples:
      scanner config validate
      scanner config validate && scanner doctor
    """
    from scanner.settings import load_settings

    load_settings(env=os.environ)

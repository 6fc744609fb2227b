"""The models folder that the commands of `scanner model` work on."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from scanner.cli.options import settings_from

F = TypeVar("F", bound=Callable[..., Any])


def models_option(command: F) -> F:
    """Add `--into`."""
    return click.option(
        "--into", type=click.Path(file_okay=False, path_type=Path), help="Models folder."
    )(command)


def models_from(into: Path | None, workspace: str | None) -> Path:
    """The given folder, else the one whose champion scores in the workspace."""
    from scanner.pipeline.models import champion_folder
    from scanner.pipeline.workspace import Workspace

    if into is not None:
        return into
    settings = settings_from(workspace=workspace)
    return champion_folder(settings, Workspace(Path(settings.workspace)))

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
    """The given folder, else the workspace's own once it has one, else the shipped one."""
    from scanner.pipeline.models import models_folder
    from scanner.pipeline.workspace import Workspace

    if into is not None:
        return into
    settings = settings_from(workspace=workspace)
    own = Workspace(Path(settings.workspace)).models
    return own if own.is_dir() else models_folder(settings)

"""Where models lie: those trained in the workspace stand before those shipped with the program."""

from pathlib import Path

from scanner.errors import IntegrityError
from scanner.pipeline.workspace import Workspace
from scanner.settings import Settings

_PACKAGE = Path(__file__).parent.parent


def shipped(name: str) -> Path:
    """A folder that ships with the program: in the repository, or inside the installed package."""
    for folder in (_PACKAGE.parent / name, _PACKAGE / "_shipped" / name):
        if folder.is_dir():
            return folder
    raise IntegrityError(
        f"the program's {name} folder is missing",
        where=str(_PACKAGE),
        hint="reinstall the program",
    )


def models_folder(settings: Settings) -> Path:
    """The folder that the settings name, else the shipped one."""
    return Path(settings.models) if settings.models else shipped("models")


def champion_folder(settings: Settings, workspace: Workspace) -> Path:
    """The registry whose champion scores: the workspace's own once it has promoted one."""
    if not settings.models and (workspace.models / "risk" / "CHAMPION").is_file():
        return workspace.models
    return models_folder(settings)

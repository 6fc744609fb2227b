"""Keeping the watchlists of a workspace: a new version in, under the workspace's lock."""

from datetime import date
from pathlib import Path

from scanner import watchlists
from scanner.pipeline.workspace import Workspace
from scanner.settings import Settings


def update_lists(
    source: Path, settings: Settings, *, loaded_on: date | None
) -> list[watchlists.VersionFacts]:
    """Read the list files found in a folder and make them the active versions.

    Args:
        source: Folder with the publishers' files.
        settings: The effective settings; names the workspace.
        loaded_on: Date of loading, for lists whose files give no date of their own.

    Returns:
        Facts on each version that was read.

    Raises:
        IntegrityError: A file cannot be trusted; the active version stays.
    """
    workspace = Workspace(Path(settings.workspace))
    with workspace.locked():
        return watchlists.update(source, workspace.lists, loaded_on=loaded_on)

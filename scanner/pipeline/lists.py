"""Keeping the watchlists of a workspace: versions in, live or held back, under the lock."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from scanner import watchlists
from scanner.errors import UsageError
from scanner.pipeline.workspace import Workspace
from scanner.settings import Settings


def update_lists(
    source: str,
    settings: Settings,
    *,
    loaded_on: date | None = None,
    only: Sequence[str] = (),
    go_live: bool = True,
) -> list[watchlists.VersionFacts]:
    """Read list files from a folder or, where one is named, from an address.

    Args:
        source: A folder, a file, an address, or the word `official`; only the last two
            use the network.
        settings: The effective settings; names the workspace.
        loaded_on: Date of the files, where they give none.
        only: Lists to fetch from the official addresses; empty = all that have one.
        go_live: Whether the versions become active at once.

    Returns:
        Facts on each version that was read.

    Raises:
        UsageError: The folder does not exist.
        IntegrityError: A file cannot be trusted; the active version stays.
    """
    workspace = Workspace(Path(settings.workspace))
    with workspace.locked():
        if watchlists.is_address(source):
            return watchlists.update_from_address(
                source, workspace.lists, loaded_on=loaded_on, lists=only, go_live=go_live
            )
        path = Path(source)
        if not path.exists():
            raise UsageError("the folder of list files does not exist", where=source)
        return watchlists.update(path, workspace.lists, loaded_on=loaded_on, go_live=go_live)


def activate_list(settings: Settings, name: str, version: str) -> str:
    """Make a version of a list the active one.

    Returns:
        The version's whole name.

    Raises:
        UsageError: There is no such version.
    """
    workspace = Workspace(Path(settings.workspace))
    workspace.require()
    with workspace.locked():
        found = watchlists.find_version(workspace.lists, name, version)
        watchlists.activate(workspace.lists, name, found.version)
        return found.version

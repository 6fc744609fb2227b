"""Where a workspace keeps the answers of its screenings, apart by all that they hang on."""

from pathlib import Path

from scanner import screening
from scanner.manifest import digest
from scanner.pipeline.rarity_basis import RarityBasis, forget_old_folders
from scanner.pipeline.workspace import Workspace
from scanner.settings import Settings

_KEPT_FOLDERS = 3


def answers_folder(
    workspace: Workspace, basis: RarityBasis, settings: Settings, ownership: str | None
) -> Path:
    """The folder of answers on this basis, with these thresholds, by this program.

    `ownership` is the hash of the bank's ownership file, whose firms belong to the basis.

    Folders that were not used for longest are removed; the caller holds the lock.
    """
    thresholds = [settings.name_threshold, settings.text_threshold]
    parts = [basis.sha256, ownership, screening.code_hash(), thresholds]
    folder = workspace.answers / digest(parts)[:24]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.touch()
    forget_old_folders(workspace.answers, most=_KEPT_FOLDERS)
    return folder

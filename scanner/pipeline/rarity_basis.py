"""The list versions of which rarity is reckoned in a workspace, and their counts.

`lists/basis.json` names them. They stay while the lists change, so that scores of names whose
entries did not change stay as well; when the active lists have become too different, the active
versions are the new basis, and every name is screened anew.
"""

import json
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scanner import screening, watchlists
from scanner.errors import IntegrityError
from scanner.manifest import digest
from scanner.pipeline.workspace import Workspace, write_whole

_FILE = "basis.json"
_MOST_CHANGED_SHARE = 0.2
_KEPT_COUNTS = 4


@dataclass(frozen=True)
class RarityBasis:
    """The list versions that rarity is reckoned from.

    Attributes:
        versions: The version of each list.
        sha256: Hash of the lists so chosen: part of a run's key.
    """

    versions: Mapping[str, str]
    sha256: str


def basis_for(workspace: Workspace) -> RarityBasis:
    """The basis of what is screened now; reads, but writes nothing.

    It is the one that was kept, unless none was, one of its versions is gone, or more than a
    fifth as many names as it has were added or removed since: then it is the active versions.

    Raises:
        IntegrityError: No list is loaded.
    """
    active = watchlists.read_active(workspace.lists)
    kept = _kept(workspace)
    if kept is None or not _is_near(workspace, kept, active):
        return named_basis(workspace, active)
    return named_basis(workspace, kept)


def named_basis(workspace: Workspace, versions: Mapping[str, str]) -> RarityBasis:
    """The basis of these versions.

    Raises:
        IntegrityError: There are none, or one is not there any more.
    """
    return RarityBasis(dict(versions), watchlists.hash_of(workspace.lists, only=versions))


def keep_basis(workspace: Workspace, basis: RarityBasis) -> None:
    """Keep the basis for later runs; the caller holds the lock."""
    if _kept(workspace) != basis.versions:
        shown = json.dumps({"versions": dict(basis.versions)}, indent=1, sort_keys=True)
        write_whole(workspace.lists / _FILE, shown + "\n")


def counts_of(workspace: Workspace, basis: RarityBasis) -> screening.Basis:
    """The counts over the names of a basis, reckoned once and kept beside the indices."""
    key = digest([basis.sha256, screening.index_format()])[:24]
    folder = workspace.lists / ".basis" / key
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        counts = screening.basis_of(watchlists.load(workspace.lists, only=basis.versions))
        forget_old_folders(folder.parent, most=_KEPT_COUNTS - 1)
        screening.write_basis(counts, folder)
    return screening.read_basis(folder)


def forget_old_folders(folder: Path, *, most: int) -> None:
    """Remove all but the newest folders in a folder."""
    found = [path for path in folder.iterdir() if path.is_dir()]
    found.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in found[most:]:
        shutil.rmtree(path, ignore_errors=True)


def _kept(workspace: Workspace) -> dict[str, str] | None:
    path = workspace.lists / _FILE
    if not path.exists():
        return None
    try:
        versions = json.loads(path.read_text("utf-8"))["versions"]
        return {str(name): str(version) for name, version in versions.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IntegrityError(
            "the basis of rarity cannot be read",
            where=f"{path}: {error}",
            hint="restore it from a backup; without it every name is screened anew",
        ) from error


def _is_near(workspace: Workspace, kept: Mapping[str, str], active: Mapping[str, str]) -> bool:
    if kept == active:
        return True
    try:
        before = Counter(watchlists.names_of(workspace.lists, kept))
    except IntegrityError:
        return False
    after = Counter(watchlists.names_of(workspace.lists, active))
    changed = (before - after).total() + (after - before).total()
    return changed <= _MOST_CHANGED_SHARE * before.total()

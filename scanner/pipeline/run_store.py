"""Finished runs in a workspace: which exist, which files each still stands for, what lies in them.

A run is a folder `runs/<run_id>` with one Parquet file a table and a manifest.
When the same file is scanned again with other lists, another model or other
settings, the later run stands for it and the earlier one no longer does; the
earlier folder stays, as evidence, until it is pruned. A run that a rescreening made takes the
place of the one it replaces: what came before that is its history, what came after is not.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scanner.errors import IntegrityError
from scanner.manifest import Manifest

MANIFEST_FILE = "manifest.json"


@dataclass(frozen=True)
class StoredRun:
    """One finished run.

    Attributes:
        folder: Where it lies.
        manifest: Its account.
        superseded: SHA-256 of source files for which a later run stands.
    """

    folder: Path
    manifest: Manifest
    superseded: frozenset[str]

    @property
    def is_live(self) -> bool:
        """Whether it still stands for at least one of its files, or had none."""
        return not self.manifest.inputs or any(
            item.sha256 not in self.superseded for item in self.manifest.inputs
        )

    @property
    def place(self) -> int:
        """Where it stands among the runs, as its manifest says."""
        return self.manifest.place

    def has(self, table: str) -> bool:
        """Whether it wrote the table; a run of an earlier program lacks later ones."""
        return self.sha256_of(table) is not None

    def sha256_of(self, table: str) -> str | None:
        """The hash of the file of one table; None where it did not write it."""
        name = f"{table}.parquet"
        return next((o.sha256 for o in self.manifest.outputs if o.name == name), None)

    def parquet(self, table: str) -> Path:
        """The file of one table."""
        return self.folder / f"{table}.parquet"


def stored_runs(folder: Path) -> list[StoredRun]:
    """All finished runs, oldest first.

    Raises:
        IntegrityError: A run's folder has no readable manifest.
    """
    return _with_superseded(_manifests(folder))


def runs_before(folder: Path, manifest: Manifest) -> list[StoredRun]:
    """The runs that were there when a run was made, as they stood then, oldest first."""
    earlier = [pair for pair in _manifests(folder) if pair[1].sequence < manifest.sequence]
    return _with_superseded(earlier)


def live_in_place(runs: Iterable[StoredRun]) -> list[StoredRun]:
    """The live ones of some runs in the order of their places."""
    return sorted((r for r in runs if r.is_live), key=lambda r: (r.place, r.manifest.sequence))


def history_of(
    earlier: Iterable[StoredRun], supersedes: Mapping[str, Sequence[str]], place: int
) -> list[StoredRun]:
    """The runs that are history to a run: live ones before its place, once it has taken files.

    Args:
        earlier: Runs made before it.
        supersedes: By run_id the files that it has taken over.
        place: Where it stands.
    """
    taken = {run_id: frozenset(hashes) for run_id, hashes in supersedes.items()}
    runs = (
        replace(run, superseded=run.superseded | taken.get(run.manifest.run_id, frozenset()))
        for run in earlier
    )
    return [run for run in live_in_place(runs) if run.place < place]


def _manifests(folder: Path) -> list[tuple[Path, Manifest]]:
    manifests = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.name.startswith(".") or not path.is_dir():
            continue
        file = path / MANIFEST_FILE
        if not file.is_file():
            raise IntegrityError(
                "a run has no manifest",
                where=str(path),
                hint="move the folder away, or restore the file from a backup",
            )
        manifests.append((path, Manifest.from_json(file.read_text("utf-8"), str(file))))
    return sorted(manifests, key=lambda pair: pair[1].sequence)


def _with_superseded(manifests: Sequence[tuple[Path, Manifest]]) -> list[StoredRun]:
    superseded: dict[str, set[str]] = {}
    for _, manifest in manifests:
        for run_id, hashes in manifest.supersedes.items():
            superseded.setdefault(run_id, set()).update(hashes)
    return [
        StoredRun(path, manifest, frozenset(superseded.get(manifest.run_id, ())))
        for path, manifest in manifests
    ]


def done_in_context(runs: Iterable[StoredRun], context: str) -> dict[str, str]:
    """Files that live runs have read in the same context: SHA-256 to run_id.

    So are files that a live run has read a corrected version of.
    """
    done: dict[str, str] = {}
    for run in runs:
        if run.manifest.context_key != context or not run.is_live:
            continue
        read = {item.sha256 for item in run.manifest.inputs}
        replaced = {sha for hashes in run.manifest.supersedes.values() for sha in hashes} - read
        standing = (read - run.superseded) | replaced
        done |= dict.fromkeys(standing, run.manifest.run_id)
    return done


def superseded_by(runs: Iterable[StoredRun], hashes: set[str]) -> dict[str, list[str]]:
    """Which files of which earlier runs a new run over these files stands for from now on."""
    found: dict[str, list[str]] = {}
    for run in runs:
        taken = sorted(
            item.sha256
            for item in run.manifest.inputs
            if item.sha256 in hashes and item.sha256 not in run.superseded
        )
        if taken:
            found[run.manifest.run_id] = taken
    return found

"""The workspace folder: what lies where, who may work in it, and how files appear in it.

```
workspace/
  lists/<LIST>/<version>/     watchlists, immutable        lists/.index/  prepared for screening
  runs/<run_id>/              one folder a run: Parquet, manifest.json, rejected/
  runs/.staging-<key>/        a run in the making; a crash leaves only this
  answers/                    answers of screenings, kept to save work; may be removed
  decisions/                  append-only
  exposure.duckdb             the snapshot      report.html
```

Every file appears whole: it is written aside, synced and renamed.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scanner.errors import LockedError, UsageError

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Workspace:
    """Paths inside one workspace folder."""

    root: Path

    @property
    def lists(self) -> Path:
        """Store of the watchlists."""
        return self.root / "lists"

    @property
    def runs(self) -> Path:
        """Finished runs, one folder each."""
        return self.root / "runs"

    @property
    def answers(self) -> Path:
        """What the lists said to names and texts, so that no screening asks twice."""
        return self.root / "answers"

    @property
    def decisions(self) -> Path:
        """Analysts' decisions, append-only."""
        return self.root / "decisions"

    @property
    def snapshot(self) -> Path:
        """The database that analysts open."""
        return self.root / "exposure.duckdb"

    @property
    def report(self) -> Path:
        """The summary report of the last scan."""
        return self.root / "report.html"

    @property
    def models(self) -> Path:
        """Models trained in this workspace."""
        return self.root / "models"

    def create(self) -> None:
        """Make the folders; names, accounts and texts are the owner's alone to read."""
        os.umask(0o077)
        try:
            for folder in (self.root, self.lists, self.runs, self.decisions):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(
                "the workspace cannot be made", where=f"{error.filename}: {error.strerror}"
            ) from error

    def require(self) -> None:
        """Refuse a workspace that does not exist."""
        if not self.root.is_dir():
            raise UsageError(
                "there is no workspace here",
                where=str(self.root),
                hint="run `scanner lists update --from DIR` first, or give -w WORKSPACE",
            )

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the workspace for writing; readers of the snapshot need no lock.

        The lock ends with the process, however it ends.

        Raises:
            LockedError: Another process holds it.
        """
        self.create()
        path = self.root / ".lock"
        with path.open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.seek(0)
                holder = file.read().strip() or "another process"
                raise LockedError(
                    f"{holder} works in the workspace",
                    where=str(path),
                    hint="try again when it has ended",
                ) from None
            file.truncate(0)
            file.write(f"process {os.getpid()}")
            file.flush()
            yield

    def remove_staging(self, *, keep: Path | None = None) -> list[Path]:
        """Remove what crashed runs left; the caller holds the lock."""
        left = [path for path in sorted(self.root.glob("runs/.staging-*")) if path != keep]
        for path in left:
            shutil.rmtree(path)
        return left + self.remove_unfinished_snapshots()

    def remove_unfinished_snapshots(self) -> list[Path]:
        """Remove what was left aside by crashes during a publication; the caller holds the lock."""
        left = sorted(self.root.glob(".exposure-*"))
        for path in left:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        return left


def sha256_of_file(path: Path) -> str:
    """SHA-256 of a file's bytes, read in pieces."""
    seen = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            seen.update(chunk)
    return seen.hexdigest()


def sync_folder(path: Path) -> None:
    """Make renames inside a folder survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(path: Path, text: str) -> None:
    """Write a text file so that a reader sees the old one or the new one, never half."""
    aside = path.with_name(f".{path.name}.tmp")
    with aside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    sync_folder(path.parent)

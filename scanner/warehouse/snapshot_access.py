"""Who may read a snapshot: everybody who may enter its folder, and its group may enter.

A workspace is made with umask 077. Of it the snapshot is opened to everybody, the folders on the
way to it and to the Parquet files that its views read to the group, and those files to the group.
Whoever may not enter the folder reads nothing, and all else (lists, decisions, models, keys,
raw bytes of what was rejected) stays the owner's alone.
"""

from collections.abc import Iterable
from pathlib import Path

SNAPSHOT_MODE = 0o444
_GROUP_ENTERS = 0o050
_GROUP_READS = 0o440
_WRITING = 0o222


def open_the_way(snapshot: Path, files: Iterable[Path]) -> None:
    """Let the group read a snapshot's files; bits that somebody added before stay.

    Args:
        snapshot: Where the snapshot lies or will lie.
        files: Parquet files that its views read, in folders beside it.
    """
    root = snapshot.resolve().parent
    folders = {root}
    for file in files:
        there = file.resolve()
        _set_mode(there, (there.stat().st_mode | _GROUP_READS) & ~_WRITING)
        folders.update(folder for folder in there.parents if root in folder.parents)
    for folder in sorted(folders):
        _set_mode(folder, folder.stat().st_mode | _GROUP_ENTERS)


def _set_mode(path: Path, mode: int) -> None:
    # Only the owner may change a mode, so one that is right already is left alone.
    if path.stat().st_mode != mode:
        path.chmod(mode & 0o7777)

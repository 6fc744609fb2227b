"""The workspace: one writer at a time, whole files only, leftovers removed."""

import multiprocessing
import stat
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from scanner.errors import ExitCode, LockedError, UsageError
from scanner.pipeline.workspace import Workspace, sha256_of_file, write_whole


def _hold(root: Path, pipe: Connection) -> None:
    with Workspace(root).locked():
        pipe.send("held")
        pipe.recv()


def test_a_second_process_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    here, there = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    holder = context.Process(target=_hold, args=(tmp_path, there))
    holder.start()
    try:
        assert here.recv() == "held"
        with pytest.raises(LockedError) as refused, Workspace(tmp_path).locked():
            pass
        assert refused.value.exit_code is ExitCode.LOCKED
        assert str(holder.pid) in refused.value.what
    finally:
        here.send("go")
        holder.join()
    with Workspace(tmp_path).locked():
        pass


def test_a_killed_holder_releases_the_lock(tmp_path: Path) -> None:
    here, there = multiprocessing.Pipe()
    holder = multiprocessing.get_context("spawn").Process(target=_hold, args=(tmp_path, there))
    holder.start()
    assert here.recv() == "held"
    holder.kill()
    holder.join()
    with Workspace(tmp_path).locked():
        pass


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "new")
    workspace.create()
    write_whole(workspace.root / "file", "x")
    for path in (workspace.root, workspace.runs, workspace.root / "file"):
        assert not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO), path


def test_what_a_crash_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.create()
    (workspace.runs / ".staging-abc").mkdir()
    (workspace.runs / ".staging-abc" / "half.parquet").touch()
    (tmp_path / ".exposure-1.tmp").touch()
    (workspace.runs / "000001-abc").mkdir()
    workspace.snapshot.touch()
    removed = workspace.remove_staging()
    assert sorted(path.name for path in removed) == [".exposure-1.tmp", ".staging-abc"]
    assert (workspace.runs / "000001-abc").is_dir()
    assert workspace.snapshot.is_file()


def test_an_unfinished_snapshot_is_removed_and_a_resumable_run_stays(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.create()
    (workspace.runs / ".staging-abc").mkdir()
    (tmp_path / ".exposure-1.tmp.wal").touch()
    (tmp_path / ".exposure-1.spill").mkdir()
    removed = workspace.remove_unfinished_snapshots()
    assert [path.name for path in removed] == [".exposure-1.spill", ".exposure-1.tmp.wal"]
    assert (workspace.runs / ".staging-abc").is_dir()


def test_a_missing_workspace_is_a_usage_error_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no workspace") as refused:
        Workspace(tmp_path / "none").require()
    assert "lists update" in refused.value.hint


def test_a_file_that_fails_to_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_whole(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "new \ud800")
    assert path.read_text("utf-8") == "old"


def test_the_hash_of_a_file_is_that_of_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"abc")
    assert sha256_of_file(path) == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )

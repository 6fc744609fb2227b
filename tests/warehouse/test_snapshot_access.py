"""Who may read what after a publication, and where the views find their files after a move."""

import errno
import shutil
import stat
from pathlib import Path

import duckdb
import pytest

from scanner.errors import IntegrityError, UsageError
from scanner.warehouse.readonly import Snapshot
from scanner.warehouse.snapshot import publish_snapshot
from scanner.warehouse.snapshot_rows import LARGE, RunFiles
from tests.report.published import small_world, write_run
from tests.report.records import message, score, transaction


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    """A workspace of two runs with all that lies in one, the owner's alone."""
    folder = tmp_path / "bank's"
    write_run(folder / "runs" / "1", small_world())
    made = transaction("z1")
    write_run(
        folder / "runs" / "2",
        {
            "messages": [message("z1", source_sha256="9" * 64)],
            "transactions": [made],
            "scores": [score(made)],
        },
    )
    (folder / "decisions").mkdir()
    (folder / ".log-key").write_bytes(b"k" * 32)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o700 if path.is_dir() else 0o600)
    return folder


def _publish(bank: Path, *, views: bool, known: int = 0) -> Path:
    target = bank / "exposure.duckdb"
    publish_snapshot(
        [RunFiles(bank / "runs" / "1"), RunFiles(bank / "runs" / "2")],
        target,
        memory_limit_mb=512,
        tables_up_to=3 if views else None,
        known=known,
    )
    return target


def _modes(bank: Path) -> dict[str, int]:
    paths = [bank, *bank.rglob("*")]
    return {str(p.relative_to(bank)): stat.S_IMODE(p.stat().st_mode) for p in paths}


def test_the_snapshot_is_for_all_who_may_enter_its_folder(bank: Path) -> None:
    owners = _modes(bank)
    _publish(bank, views=False)
    assert _modes(bank) == owners | {".": 0o750, "exposure.duckdb": 0o444}


def test_the_group_may_read_what_the_views_read_and_nothing_else(bank: Path) -> None:
    owners = _modes(bank)
    _publish(bank, views=True)
    read = {f"runs/{run}/{table}.parquet": 0o440 for run in "12" for table in LARGE}
    expected = owners | {name: mode for name, mode in read.items() if name in owners}
    folders = dict.fromkeys([".", "runs", "runs/1", "runs/2"], 0o750)
    assert _modes(bank) == expected | folders | {"exposure.duckdb": 0o444}


def test_what_somebody_opened_further_stays_open(bank: Path) -> None:
    bank.chmod(0o2755)
    _publish(bank, views=False)
    assert stat.S_IMODE(bank.stat().st_mode) == 0o2755


@pytest.mark.parametrize("copied", [False, True])
def test_a_moved_workspace_answers_at_once(bank: Path, copied: bool) -> None:
    target = _publish(bank, views=True)
    with Snapshot.open(target) as before:
        trend = before.rows("FROM trend()")
        dictionary = before.rows("FROM data_dictionary()")
    moved = bank.parent / "moved"
    shutil.copytree(bank, moved)
    if copied:
        # The copy reads its own files, though the others are still there.
        (bank / "runs" / "1" / "transactions.parquet").write_bytes(b"damaged")
    else:
        shutil.rmtree(bank)
    with Snapshot.open(moved / "exposure.duckdb") as after:
        assert after.rows("SELECT count(*) FROM transactions") == [(6,)]
        assert after.rows("FROM trend()") == trend
        assert after.rows("FROM data_dictionary()") == dictionary


def test_the_next_publication_gives_every_client_the_new_place(bank: Path) -> None:
    _publish(bank, views=True)
    moved = bank.rename(bank.parent / "moved")
    with (
        duckdb.connect(str(moved / "exposure.duckdb"), read_only=True) as other,
        pytest.raises(duckdb.IOException, match="No files found"),
    ):
        other.execute("FROM transactions")
    # As a night does it: the runs that the snapshot shows are not read again.
    target = _publish(moved, views=True, known=2)
    with duckdb.connect(str(target), read_only=True) as other:
        assert len(other.execute("FROM transactions").fetchall()) == 6


def test_a_snapshot_taken_away_from_its_files_says_so(bank: Path) -> None:
    target = _publish(bank, views=True)
    alone = bank.parent / "alone" / "exposure.duckdb"
    alone.parent.mkdir()
    shutil.copyfile(target, alone)
    with pytest.raises(IntegrityError, match="not beside the files") as raised:
        Snapshot.open(alone)
    assert "alerts publish" in raised.value.hint


def test_a_snapshot_of_tables_may_be_taken_anywhere(bank: Path) -> None:
    target = _publish(bank, views=False)
    alone = bank.parent / "alone" / "exposure.duckdb"
    alone.parent.mkdir()
    shutil.copyfile(target, alone)
    with Snapshot.open(alone) as snapshot:
        assert snapshot.rows("SELECT count(*) FROM transactions") == [(6,)]


def test_who_may_not_enter_is_told_so(bank: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(path: Path) -> bool:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_file", denied)
    with pytest.raises(UsageError, match="may not enter"):
        Snapshot.open(bank / "exposure.duckdb")

"""The snapshot holds what the runs hold, is whole at any moment, and explains itself."""

import errno
import multiprocessing
import os
import signal
import time
from datetime import date
from pathlib import Path

import duckdb
import pytest

from scanner.errors import IntegrityError, ScannerError, UsageError
from scanner.report.decisions import Wanted, decide
from scanner.schema import TABLES
from scanner.warehouse.decision_log import LOG_FILE, append_act
from scanner.warehouse.macros import load_macros
from scanner.warehouse.readonly import Snapshot
from scanner.warehouse.snapshot import publish_snapshot
from scanner.warehouse.snapshot_rows import RunFiles
from tests.report.published import publish_world, small_world, write_run
from tests.report.records import RUN_ID, message, score, transaction

PUBLISHED = sorted(table.name for table in TABLES.values() if table.published)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_world(tmp_path_factory.mktemp("published"))


def test_it_holds_every_published_table_and_no_other(published: Path) -> None:
    with Snapshot.open(published) as snapshot:
        names = [n for (n,) in snapshot.rows("SELECT table_name FROM duckdb_tables() ORDER BY 1")]
    assert names == PUBLISHED


def test_every_row_of_the_run_is_shown(published: Path) -> None:
    world = small_world()
    with Snapshot.open(published) as snapshot:
        counts = {n: snapshot.rows(f'SELECT count(*) FROM "{n}"')[0][0] for n in PUBLISHED}
    assert counts == {name: len(world.get(name, [])) for name in PUBLISHED}


def test_every_table_column_and_macro_has_a_comment(published: Path) -> None:
    with Snapshot.open(published) as snapshot:
        tables = snapshot.rows("SELECT table_name FROM duckdb_tables() WHERE comment IS NULL")
        columns = snapshot.rows(
            "SELECT table_name, column_name FROM duckdb_columns()"
            " WHERE database_name = 'exposure' AND NOT internal AND comment IS NULL"
        )
        macros = snapshot.rows(
            "SELECT function_name, comment FROM duckdb_functions()"
            " WHERE database_name = 'exposure' AND NOT internal ORDER BY 1"
        )
    assert tables == []
    assert columns == []
    assert macros == [
        (m.name, m.relation.purpose) for m in sorted(load_macros(), key=lambda m: m.name)
    ]


def test_it_is_written_for_clients_of_storage_version_1_4(published: Path) -> None:
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{published}' AS x (READ_ONLY)")
        tags = con.execute(
            "SELECT tags FROM duckdb_databases() WHERE database_name = 'x'"
        ).fetchall()
    assert "v1.4" in str(tags[0][0]["storage_version"])


def test_it_holds_no_path_of_the_machine(published: Path) -> None:
    assert str(published.parent).encode() not in published.read_bytes()


def test_nothing_is_left_beside_it(published: Path) -> None:
    assert sorted(p.name for p in published.parent.iterdir()) == ["exposure.duckdb", "runs"]


def test_a_reader_keeps_the_snapshot_that_it_opened(tmp_path: Path) -> None:
    target = publish_world(tmp_path)
    with Snapshot.open(target) as old:
        world = small_world()
        world["rejected"] = []
        publish_world(tmp_path, world)
        with Snapshot.open(target) as new:
            assert new.rows("SELECT count(*) FROM rejected") == [(0,)]
        assert old.rows("SELECT count(*) FROM rejected") == [(1,)]


def test_a_superseded_source_file_is_left_out_with_all_that_hangs_on_it(tmp_path: Path) -> None:
    first = write_run(tmp_path / "1", small_world())
    made = transaction("z1")
    second = write_run(
        tmp_path / "2",
        {
            "messages": [message("z1", source_sha256="9" * 64)],
            "transactions": [made],
            "scores": [score(made)],
        },
    )
    target = tmp_path / "exposure.duckdb"
    publish_snapshot([RunFiles(first, ("a" * 64,)), RunFiles(second)], target, memory_limit_mb=512)
    with Snapshot.open(target) as snapshot:
        for name in ("messages", "transactions", "scores"):
            assert snapshot.rows(f"SELECT count(*) FROM {name}") == [(1,)], name
        for name in ("hits", "parties", "texts", "alerts", "indicators", "payments", "rejected"):
            assert snapshot.rows(f"SELECT count(*) FROM {name}") == [(0,)], name


def test_lists_come_from_the_newest_run_and_versions_from_all(tmp_path: Path) -> None:
    first = write_run(tmp_path / "1", small_world())
    later = small_world()
    entry = dict(later["list_entries"][0]) | {"entry_id": "OFAC-SDN:900002"}
    version = dict(later["list_versions"][0]) | {"version": "2024-08-23-ffff"}
    second = write_run(tmp_path / "2", {"list_entries": [entry], "list_versions": [version]})
    target = tmp_path / "exposure.duckdb"
    publish_snapshot([RunFiles(first), RunFiles(second)], target, memory_limit_mb=512)
    with Snapshot.open(target) as snapshot:
        assert snapshot.rows("SELECT entry_id FROM list_entries") == [("OFAC-SDN:900002",)]
        assert snapshot.rows("SELECT version, is_active FROM list_versions ORDER BY 1") == [
            ("2024-06-12-abcd", False),
            ("2024-08-23-ffff", True),
        ]


def test_a_payment_whose_return_came_in_a_later_run_is_one_payment(tmp_path: Path) -> None:
    first = write_run(tmp_path / "1", small_world())
    back = transaction(
        "r1", payment_id="PAY-m1", kind="return", message_type="pacs.004", debtor_name=None
    )
    again = {
        "payment_id": "PAY-m1",
        "transaction_count": 1,
        "message_types": ["pacs.004"],
        "linked_by": ["reference"],
        "lead_transaction_id": "r1-1",
        "reference": "REFr1",
        "value_date": date(2024, 3, 9),
        "status": "returned",
        "reason_class": "compliance",
    }
    second = write_run(
        tmp_path / "2",
        {"messages": [message("r1")], "transactions": [back], "payments": [again]},
    )
    later = write_run(tmp_path / "3", {"payments": [again | {"status": "open"}]})
    target = tmp_path / "exposure.duckdb"
    publish_snapshot([RunFiles(f) for f in (first, second, later)], target, memory_limit_mb=512)
    with Snapshot.open(target) as snapshot:
        [row] = snapshot.records("SELECT * FROM payments")
    assert (row["status"], row["reason_class"]) == ("returned", "compliance")
    assert (row["debtor_name"], row["amount"]) == ("ORNEK DIS TICARET AS", 250000)
    assert row["message_types"] == ["MT103", "MT202COV", "pacs.004", "pacs.004"]
    assert row["linked_by"] == ["reference", "uetr"]
    assert row["transaction_count"] == 4


def test_a_scan_without_side_files_does_not_hide_those_of_the_scan_before(tmp_path: Path) -> None:
    first = write_run(tmp_path / "1", small_world())
    second = write_run(tmp_path / "2", {})
    target = tmp_path / "exposure.duckdb"
    publish_snapshot([RunFiles(first), RunFiles(second)], target, memory_limit_mb=512)
    with Snapshot.open(target) as snapshot:
        assert snapshot.rows("SELECT count(*) FROM ownership") == [(1,)]
        assert snapshot.rows("SELECT count(*) FROM list_entries") == [(0,)]


def _large(folder: Path, superseded: tuple[str, ...] = ()) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    first = write_run(folder / "runs" / "1", small_world())
    made = transaction("z1")
    second = write_run(
        folder / "runs" / "2",
        {
            "messages": [message("z1", source_sha256="9" * 64)],
            "transactions": [made],
            "scores": [score(made)],
        },
    )
    target = folder / "exposure.duckdb"
    runs = [RunFiles(first, superseded), RunFiles(second)]
    publish_snapshot(runs, target, memory_limit_mb=512, tables_up_to=3)
    return target


def test_a_large_archive_is_served_by_views_that_answer_the_same(tmp_path: Path) -> None:
    with Snapshot.open(_large(tmp_path)) as large:
        views = [
            n for (n,) in large.rows("SELECT view_name FROM duckdb_views() WHERE NOT internal")
        ]
        assert set(views) >= {"messages", "transactions", "parties", "texts", "hits", "scores"}
        assert large.rows("SELECT count(*) FROM transactions") == [(6,)]
        assert large.rows("SELECT sum(payments) FROM trend()") == [(5,)]
        comments = large.rows("SELECT comment FROM duckdb_views() WHERE NOT internal")
        assert all(comment for (comment,) in comments)
        dictionary = large.rows("SELECT count(*) FROM data_dictionary() WHERE meaning IS NULL")
        assert dictionary == [(0,)]
        with pytest.raises(UsageError):
            large.rows(f"SELECT * FROM read_text('{tmp_path}/runs/1/../../exposure.duckdb.txt')")
        with pytest.raises(UsageError):
            large.rows("SELECT * FROM read_csv('/etc/passwd')")


def test_views_leave_superseded_files_out_too(tmp_path: Path) -> None:
    with Snapshot.open(_large(tmp_path, ("a" * 64,))) as large:
        for name in ("messages", "transactions", "scores"):
            assert large.rows(f"SELECT count(*) FROM {name}") == [(1,)], name
        for name in ("hits", "parties", "texts", "alerts"):
            assert large.rows(f"SELECT count(*) FROM {name}") == [(0,)], name


def test_a_small_archive_gets_tables(tmp_path: Path) -> None:
    run = write_run(tmp_path / "runs" / "1", small_world())
    target = tmp_path / "exposure.duckdb"
    publish_snapshot([RunFiles(run)], target, memory_limit_mb=512, tables_up_to=5)
    with Snapshot.open(target) as snapshot:
        assert snapshot.rows("SELECT count(*) FROM duckdb_views() WHERE NOT internal") == [(0,)]


def test_a_log_whose_end_was_cut_off_is_not_published(tmp_path: Path) -> None:
    decisions = tmp_path / "decisions"
    alert = {"alert_id": "A", "transaction_id": "t", "obligation": False}
    for action in ("confirm", "reopen"):
        wanted = Wanted(action, "aylin", "2024-05-06T07:08:09", "because")
        append_act(decisions, lambda acts, wanted=wanted: decide(alert, acts, wanted))  # type: ignore[misc]
    target = publish_world(tmp_path, decisions=decisions)
    before = target.read_bytes()
    log = decisions / LOG_FILE
    log.write_bytes(log.read_bytes().splitlines(keepends=True)[0])
    with pytest.raises(IntegrityError, match="lacks acts that were published"):
        publish_world(tmp_path, decisions=decisions)
    assert target.read_bytes() == before


def test_a_last_snapshot_that_cannot_be_read_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "exposure.duckdb").write_bytes(b"damaged" * 3000)
    with Snapshot.open(publish_world(tmp_path)) as snapshot:
        assert snapshot.rows("SELECT count(*) FROM scores") == [(5,)]


def test_a_damaged_file_of_a_run_is_named(tmp_path: Path) -> None:
    run = write_run(tmp_path / "runs" / RUN_ID, small_world())
    (run / "hits.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(IntegrityError, match="hits") as raised:
        publish_snapshot([RunFiles(run)], tmp_path / "exposure.duckdb", memory_limit_mb=512)
    assert "hits.parquet" in raised.value.where
    assert sorted(p.name for p in tmp_path.iterdir()) == ["runs"]


def test_a_full_disk_leaves_the_last_snapshot_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = publish_world(tmp_path)
    before = target.read_bytes()

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ScannerError, match="cannot be written") as raised:
        publish_snapshot([RunFiles(tmp_path / "runs" / RUN_ID)], target, memory_limit_mb=512)
    assert "No space left" in raised.value.where
    assert target.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["exposure.duckdb", "runs"]


def _publish_for_ever(folder: Path) -> None:
    run = folder / "runs" / RUN_ID
    while True:
        publish_snapshot([RunFiles(run)], folder / "exposure.duckdb", memory_limit_mb=256)


def test_a_kill_at_any_moment_leaves_a_whole_snapshot(tmp_path: Path) -> None:
    target = publish_world(tmp_path)
    spawn = multiprocessing.get_context("spawn")
    rounds = 12 if os.environ.get("SCANNER_CHAOS") == "long" else 3
    for number in range(rounds):
        process = spawn.Process(target=_publish_for_ever, args=(tmp_path,), daemon=True)
        process.start()
        before = target.stat().st_ino
        until = time.monotonic() + 20
        while target.stat().st_ino == before and time.monotonic() < until:
            time.sleep(0.002)
        time.sleep(0.013 * (number + 1))
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        with Snapshot.open(target) as snapshot:
            assert snapshot.rows("SELECT count(*) FROM scores") == [(5,)]
            assert snapshot.rows("FROM trend() LIMIT 1")[0][0] == date(2024, 3, 1)

"""The reader answers questions and can do nothing else."""

import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from scanner.errors import IntegrityError, UsageError
from scanner.report import build, explain
from scanner.schema import HITS
from scanner.warehouse.readonly import Snapshot
from tests.report.published import publish_world


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_world(tmp_path_factory.mktemp("readonly"))


@pytest.fixture
def snapshot(path: Path) -> Iterator[Snapshot]:
    with Snapshot.open(path, memory_limit_mb=256, timeout_seconds=30) as opened:
        yield opened


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO alerts SELECT * FROM alerts",
        "UPDATE alerts SET status = 'cleared'",
        "DELETE FROM alerts",
        "DROP TABLE alerts",
        "CREATE TABLE x AS SELECT 1",
        "CREATE TEMP TABLE x AS SELECT 1",
        "COPY alerts TO 'out.csv'",
        "EXPORT DATABASE 'out'",
        "ATTACH 'other.duckdb'",
        "SET memory_limit = '100GB'",
        "RESET lock_configuration",
        "PRAGMA enable_profiling",
        "INSTALL httpfs",
        "LOAD icu",
        "CALL pragma_version()",
        "CHECKPOINT",
        "BEGIN",
        "PREPARE x AS SELECT 1",
        "USE memory",
        "SELECT 1; SELECT 2",
        "SELECT 1; DROP TABLE alerts",
        "",
        "-- nothing",
    ],
)
def test_anything_but_one_select_is_refused(snapshot: Snapshot, statement: str) -> None:
    before = snapshot.rows("SELECT alert_id, status FROM alerts ORDER BY 1")
    for ask in (snapshot.rows, snapshot.records, snapshot.arrow):
        with pytest.raises(UsageError):
            ask(statement)
    assert snapshot.rows("SELECT alert_id, status FROM alerts ORDER BY 1") == before


def test_no_other_file_can_be_read(snapshot: Snapshot, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("word\nswordfish\n")
    for query in (
        f"SELECT * FROM read_csv('{secret}')",
        f"SELECT * FROM read_text('{secret}')",
        f"SELECT * FROM read_blob('{secret}')",
        f"SELECT * FROM '{secret}'",
        f"SELECT * FROM glob('{tmp_path}/*')",
        f"SELECT * FROM query_table('{secret}')",
        f"SELECT * FROM query('SELECT * FROM read_csv(''{secret}'')')",
        f"SELECT * FROM parquet_metadata('{secret}')",
        f"SELECT * FROM sniff_csv('{secret}')",
    ):
        with pytest.raises(UsageError) as raised:
            snapshot.rows(query)
        assert "swordfish" not in str(raised.value)


def test_no_setting_can_be_changed_even_past_the_statement_check(snapshot: Snapshot) -> None:
    for statement in ("SET enable_external_access = true", "SET memory_limit = '9GB'"):
        with pytest.raises(Exception, match="locked"):
            snapshot._con.execute(statement)


@pytest.mark.parametrize("ask", ["rows", "arrow", "records"])
def test_a_query_that_runs_too_long_is_stopped(path: Path, ask: str) -> None:
    began = time.monotonic()
    with (
        Snapshot.open(path, timeout_seconds=0.5) as snapshot,
        pytest.raises(UsageError, match="was stopped") as raised,
    ):
        getattr(snapshot, ask)("SELECT count(*) FROM range(100000000) AS a, range(1000000) AS b")
    assert "--timeout" in raised.value.hint
    assert time.monotonic() - began < 15


def test_it_answers_again_after_a_timeout(path: Path) -> None:
    with Snapshot.open(path, timeout_seconds=0.3) as snapshot:
        with pytest.raises(UsageError):
            snapshot.rows("SELECT count(*) FROM range(100000000) AS a, range(1000000) AS b")
        assert snapshot.rows("SELECT 1") == [(1,)]


def test_memory_is_bounded(path: Path) -> None:
    with Snapshot.open(path, memory_limit_mb=64) as snapshot:
        with pytest.raises(UsageError):
            snapshot.rows("SELECT list(range) FROM range(100000000)")
        with pytest.raises(UsageError, match="larger than 64 MiB"):
            snapshot.arrow("SELECT range, range + 1 FROM range(30000000)")


def test_a_wrong_name_is_told_with_where_and_what_to_do(snapshot: Snapshot) -> None:
    with pytest.raises(UsageError) as raised:
        snapshot.rows("SELECT nothing FROM alerts")
    assert "nothing" in raised.value.where
    assert "--schema" in raised.value.hint


def test_parameters_are_values_and_never_text_of_the_query(snapshot: Snapshot) -> None:
    hostile = "x' OR '1'='1"
    assert snapshot.rows("SELECT count(*) FROM alerts WHERE reference = $r", {"r": hostile}) == [
        (0,)
    ]


def test_rows_of_a_table_come_in_the_order_of_its_grain(snapshot: Snapshot) -> None:
    found = snapshot.matching(HITS, entry_id="OFAC-SDN:900001")
    assert [row["hit_id"] for row in found] == ["h-1", "h-2"]
    assert found[0]["span"] == [8, 24]


def test_frames_and_batches_agree(snapshot: Snapshot) -> None:
    query = "SELECT reference, score FROM scores ORDER BY transaction_id"
    assert snapshot.frame(query).rows() == snapshot.rows(query)
    assert sum(batch.num_rows for batch in snapshot.batches(query)) == 5


def test_the_columns_of_an_empty_answer_are_known(snapshot: Snapshot) -> None:
    first = next(iter(snapshot.batches("SELECT reference FROM scores WHERE false")))
    assert first.schema.names == ["reference"]


def test_a_missing_snapshot_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing is published") as raised:
        Snapshot.open(tmp_path / "exposure.duckdb")
    assert "scanner scan" in raised.value.hint


def test_a_file_that_is_no_snapshot_is_an_integrity_error(tmp_path: Path) -> None:
    path = tmp_path / "exposure.duckdb"
    path.write_bytes(b"not a database" * 1000)
    with pytest.raises(IntegrityError, match="cannot be opened"):
        Snapshot.open(path)


def test_a_snapshot_of_another_version_answers_sql_and_says_what_it_lacks(tmp_path: Path) -> None:
    path = publish_world(tmp_path)
    path.chmod(0o644)
    with duckdb.connect(str(path)) as con:
        con.execute("DROP MACRO TABLE trend")
        con.execute("ALTER TABLE alerts DROP COLUMN reopened_because")
    with Snapshot.open(path) as opened:
        assert opened.rows("SELECT count(*) FROM alerts") == [(4,)]
        for ask in (lambda: build("summary", opened), lambda: explain(opened, "REFm1")):
            with pytest.raises(UsageError, match="another version") as raised:
                ask()
            assert "alerts.reopened_because, trend" in raised.value.where
            assert "scanner alerts publish" in raised.value.hint


def test_a_snapshot_of_this_version_is_current(snapshot: Snapshot) -> None:
    snapshot.require_current()

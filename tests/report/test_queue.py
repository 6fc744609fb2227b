"""The work queue holds the worst alerts as they stand now, however many there are."""

from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from scanner.errors import UsageError
from scanner.report.decisions import Wanted
from scanner.report.queue import act_on, queue
from scanner.warehouse.readonly import Snapshot
from tests.report.large import large_world
from tests.report.published import publish_world


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_world(tmp_path_factory.mktemp("queue"), large_world(alerts=60))


@pytest.fixture
def decisions(tmp_path: Path) -> Path:
    return tmp_path / "decisions"


def decided(action: str, **values: str) -> Wanted:
    return Wanted(action, "aylin", "2024-05-06T07:08:09", "because", **values)


def test_the_worst_come_first_and_the_rest_is_counted(published: Path, decisions: Path) -> None:
    with Snapshot.open(published) as snapshot:
        every = queue(snapshot, decisions)
        some = queue(snapshot, decisions, most=7)
        listed = snapshot.rows("SELECT alert_id FROM alert_list()")
    assert [(row["alert_id"],) for row in every.rows] == listed
    assert every.total == len(listed) > 60
    assert (some.rows, some.total) == (every.rows[:7], every.total)
    assert all(
        one["obligation"] > two["obligation"] or (one["score"] or 0) >= (two["score"] or 0)
        for one, two in pairwise(every.rows)
        if one["obligation"] >= two["obligation"]
    )


def test_what_was_done_since_the_snapshot_counts(published: Path, decisions: Path) -> None:
    with Snapshot.open(published) as snapshot:
        first, second, third = queue(snapshot, decisions, most=3).rows
        act_on(snapshot, decisions, first["alert_id"], decided("confirm"))
        act_on(snapshot, decisions, third["alert_id"], decided("assign", assign_to="murat"))
        undecided = queue(snapshot, decisions, status="undecided", most=2)
        every = queue(snapshot, decisions)
        confirmed = queue(snapshot, decisions, status="confirmed")
        of_murat = queue(snapshot, decisions, assigned_to="murat")
    assert [row["alert_id"] for row in undecided.rows] == [second["alert_id"], third["alert_id"]]
    assert undecided.total == every.total - 1
    assert [row["alert_id"] for row in confirmed.rows] == [first["alert_id"]]
    assert [(row["alert_id"], row["status"]) for row in of_murat.rows] == [
        (third["alert_id"], "assigned")
    ]
    assert (confirmed.total, of_murat.total) == (1, 1)


def test_a_band_or_a_bank_alone_can_be_asked_for(published: Path, decisions: Path) -> None:
    with Snapshot.open(published) as snapshot:
        every = queue(snapshot, decisions)
        bands = [queue(snapshot, decisions, band=b) for b in ("review", "escalate", "cannot_score")]
        (bic,) = snapshot.rows(
            "SELECT sender_bic FROM transactions SEMI JOIN alerts USING (transaction_id)"
            " GROUP BY ALL ORDER BY count(*) DESC, 1 LIMIT 1"
        )[0]
        of_bank = queue(snapshot, decisions, bic=bic)
        known = snapshot.rows("SELECT count(*) FROM alerts_for($b)", {"b": bic})
    assert sum(found.total for found in bands) == every.total
    assert [(of_bank.total,)] == known
    assert len(of_bank.rows) == of_bank.total > 1


def test_very_many_alerts_are_put_in_order_by_little_of_them(tmp_path: Path) -> None:
    """All columns of all alerts would not fit into a query's memory."""
    target = publish_world(tmp_path)
    target.chmod(0o600)
    with duckdb.connect(str(target)) as con:
        con.execute(
            "INSERT INTO alerts BY NAME SELECT a.* REPLACE ("
            " concat('ALT-', md5(n::VARCHAR)) AS alert_id, random() AS score,"
            " concat(md5(n::VARCHAR), repeat(md5((n + 1)::VARCHAR), 30)) AS headline)"
            " FROM range(250_000) AS r(n) CROSS JOIN (FROM alerts LIMIT 1) AS a"
        )
    with Snapshot.open(target, memory_limit_mb=160) as snapshot:
        whole = "FROM alerts ORDER BY obligation DESC, score DESC, alert_id LIMIT 20_000"
        with pytest.raises(UsageError, match="Out of Memory"):
            snapshot.rows(f"SELECT count(DISTINCT headline) FROM (FROM ({whole}))")
        ((found, words),) = snapshot.rows(
            "SELECT count(DISTINCT alert_id), sum(length(headline)) FROM alert_list(most := 20_000)"
        )
    assert found == 20_000
    assert words > 19_000 * 31 * 32

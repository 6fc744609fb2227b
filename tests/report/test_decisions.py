"""Acts on alerts: what is allowed, who may, and that nothing written can be unwritten."""

import multiprocessing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.errors import IntegrityError, UsageError
from scanner.report import render
from scanner.report.decisions import ACTIONS, Wanted, decide, states
from scanner.report.queue import act_on, labels, queue
from scanner.warehouse.decision_log import LOG_FILE, append_act, read_log
from scanner.warehouse.readonly import Snapshot
from tests.report.published import publish_world, small_world
from tests.report.records import UETR

PLAIN = {"alert_id": "ALT-1", "transaction_id": "t-1", "obligation": False}
BOUND = {"alert_id": "ALT-2", "transaction_id": "t-2", "obligation": True}
AT = "2024-05-06T07:08:09"


def wanted(action: str, by: str = "aylin") -> Wanted:
    return Wanted(action, by, AT, "because", "murat")


def after(alert: dict[str, object], *steps: tuple[str, str]) -> str:
    acts: list[dict[str, object]] = []
    for action, by in steps:
        acts.append(decide(alert, acts, wanted(action, by)))
    return states(acts)[str(alert["alert_id"])].status


def test_an_alert_without_obligation_is_cleared_by_one_person() -> None:
    assert after(PLAIN, ("clear", "aylin")) == "cleared"


def test_an_obligation_is_cleared_by_two_people() -> None:
    assert after(BOUND, ("clear", "aylin")) == "awaiting_second"
    assert after(BOUND, ("clear", "aylin"), ("approve", "murat")) == "cleared"
    assert after(BOUND, ("clear", "aylin"), ("refuse", "murat")) == "open"


@pytest.mark.parametrize("same", ["aylin", "Aylin", " AYLIN ", "aylin\t"])
@pytest.mark.parametrize("action", ["approve", "refuse"])
def test_the_second_person_is_another_person(same: str, action: str) -> None:
    with pytest.raises(UsageError, match="second person"):
        after(BOUND, ("clear", "aylin"), (action, same))


def test_a_comment_or_an_assignment_between_does_not_launder_the_first_person() -> None:
    with pytest.raises(UsageError, match="second person"):
        after(
            BOUND,
            ("clear", "aylin"),
            ("comment", "murat"),
            ("assign", "murat"),
            ("approve", "aylin"),
        )


@pytest.mark.parametrize(
    "steps",
    [
        [("approve", "murat")],
        [("confirm", "a"), ("clear", "b")],
        [("confirm", "a"), ("confirm", "b")],
        [("reopen", "a")],
        [("confirm", "a"), ("assign", "b")],
        [("clear", "a"), ("clear", "b")],
    ],
)
def test_an_act_out_of_place_is_refused(steps: list[tuple[str, str]]) -> None:
    with pytest.raises(UsageError, match="not possible now"):
        after(BOUND, *steps)


@pytest.mark.parametrize("action", ["confirm", "clear", "comment", "reopen", "refuse"])
def test_an_act_without_its_reason_is_refused(action: str) -> None:
    with pytest.raises(UsageError, match="reason"):
        decide(PLAIN, [], Wanted(action, "aylin", AT, "  "))


def test_an_act_without_a_person_is_refused() -> None:
    with pytest.raises(UsageError, match="who acts"):
        decide(PLAIN, [], Wanted("confirm", " ", AT, "because"))


@given(st.lists(st.tuples(st.sampled_from(ACTIONS), st.sampled_from("ABC")), max_size=12))
def test_no_way_leads_one_person_alone_to_a_cleared_obligation(
    steps: list[tuple[str, str]],
) -> None:
    acts: list[dict[str, object]] = []
    for action, by in steps:
        try:
            acts.append(decide(BOUND, acts, wanted(action, by)))
        except UsageError:
            continue
    for position, act in enumerate(acts):
        if act["status"] == "cleared" and act["action"] != "comment":
            assert act["action"] == "approve"
            proposer = next(a for a in reversed(acts[:position]) if a["action"] == "clear")
            assert proposer["decided_by"] != act["decided_by"]


def _log_of(folder: Path, count: int) -> list[dict[str, object]]:
    for number in range(count):
        alert = PLAIN | {"alert_id": f"ALT-{number}"}
        append_act(folder, lambda acts, alert=alert: decide(alert, acts, wanted("confirm")))  # type: ignore[misc]
    return read_log(folder)


def test_what_was_written_is_read_back_in_order(tmp_path: Path) -> None:
    acts = _log_of(tmp_path, 3)
    assert [a["alert_id"] for a in acts] == ["ALT-0", "ALT-1", "ALT-2"]
    assert [a["sequence"] for a in acts] == [1, 2, 3]
    assert (tmp_path / LOG_FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("change", ["edit", "remove", "reorder", "garbage", "empty_line", "insert"])
def test_a_changed_log_is_an_integrity_error(tmp_path: Path, change: str) -> None:
    _log_of(tmp_path, 3)
    path = tmp_path / LOG_FILE
    lines = path.read_bytes().splitlines(keepends=True)
    changed = {
        "edit": [lines[0], lines[1].replace(b"confirmed", b"cleared"), lines[2]],
        "remove": [lines[0], lines[2]],
        "reorder": [lines[1], lines[0], lines[2]],
        "garbage": [lines[0], b"not json\n", lines[2]],
        "empty_line": [lines[0], b"\n", *lines[1:]],
        "insert": [lines[0], lines[0], *lines[1:]],
    }[change]
    path.write_bytes(b"".join(changed))
    with pytest.raises(IntegrityError, match="decisions"):
        read_log(tmp_path)
    with pytest.raises(IntegrityError, match="decisions"):
        append_act(tmp_path, lambda acts: decide(PLAIN, acts, wanted("confirm")))
    assert path.read_bytes() == b"".join(changed)


def test_a_half_written_line_never_happened_and_is_cut_off(tmp_path: Path) -> None:
    _log_of(tmp_path, 2)
    path = tmp_path / LOG_FILE
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"action": "con')
    assert len(read_log(tmp_path)) == 2
    append_act(tmp_path, lambda acts: decide(PLAIN | {"alert_id": "N"}, acts, wanted("confirm")))
    assert [a["alert_id"] for a in read_log(tmp_path)] == ["ALT-0", "ALT-1", "N"]
    assert path.read_bytes().startswith(whole)


def _write_many(folder: Path, who: str) -> None:
    for number in range(20):
        alert = PLAIN | {"alert_id": f"{who}-{number}"}
        append_act(folder, lambda acts, alert=alert: decide(alert, acts, wanted("confirm", who)))  # type: ignore[misc]


def test_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=_write_many, args=(tmp_path, who)) for who in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    acts = read_log(tmp_path)
    assert [a["sequence"] for a in acts] == list(range(1, 41))
    assert {a["alert_id"] for a in acts} == {f"{w}-{n}" for w in "ab" for n in range(20)}


def test_a_refused_act_leaves_no_trace(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        append_act(tmp_path, lambda acts: decide(PLAIN, acts, wanted("approve")))
    assert read_log(tmp_path) == []


def test_decisions_are_seen_at_once_in_the_queue_and_after_publishing_in_sql(
    tmp_path: Path,
) -> None:
    decisions = tmp_path / "decisions"
    with Snapshot.open(publish_world(tmp_path)) as snapshot:
        act_on(snapshot, decisions, "REFm3", wanted("confirm"))
        act_on(snapshot, decisions, "REFm1", wanted("clear"))
        seen = {row["reference"]: row["status"] for row in queue(snapshot, decisions).rows}
        assert seen["REFm3"] == "confirmed"
        assert seen["REFm1"] == "awaiting_second"
        assert queue(snapshot, decisions, status="undecided").total == 3
        assert queue(snapshot, decisions, bic="CASPKZKA").total == 1
        assert snapshot.rows("SELECT count(*) FROM decisions") == [(0,)]
    with Snapshot.open(publish_world(tmp_path, decisions=decisions)) as snapshot:
        rows = snapshot.rows(
            "SELECT reference, status, decided_by, decision_reason FROM alerts"
            " WHERE decided_by IS NOT NULL ORDER BY reference"
        )
        assert rows == [
            ("REFm1", "awaiting_second", "aylin", "because"),
            ("REFm3", "confirmed", "aylin", "because"),
        ]
        assert snapshot.rows("SELECT action FROM decisions ORDER BY sequence") == [
            ("confirm",),
            ("clear",),
        ]


def test_an_act_on_evidence_that_has_changed_is_refused(tmp_path: Path) -> None:
    with (
        Snapshot.open(publish_world(tmp_path)) as snapshot,
        pytest.raises(UsageError, match="evidence has changed"),
    ):
        act_on(
            snapshot,
            tmp_path / "decisions",
            "REFm1",
            wanted("confirm"),
            seen_evidence_sha256="0" * 64,
        )


def _world_with_a_new_hit() -> dict[str, list[Any]]:
    world: dict[str, list[Any]] = dict(small_world())
    new = {"hit_id": "h-9", "transaction_id": "m3-1", "entry_id": "OFAC-SDN:900009"}
    world["hits"] = [*world["hits"], dict(world["hits"][0]) | new]
    return world


def test_a_cleared_alert_opens_again_when_new_evidence_comes(tmp_path: Path) -> None:
    decisions = tmp_path / "decisions"
    with Snapshot.open(publish_world(tmp_path)) as snapshot:
        act_on(snapshot, decisions, "REFm3", wanted("clear"))
    with Snapshot.open(publish_world(tmp_path, decisions=decisions)) as snapshot:
        [row] = queue(snapshot, decisions, status="cleared").rows
        assert (row["reference"], row["reopened_because"]) == ("REFm3", None)
    target = publish_world(tmp_path, _world_with_a_new_hit(), decisions=decisions)
    with Snapshot.open(target) as snapshot:
        rows = {row["reference"]: row for row in queue(snapshot, decisions).rows}
        assert rows["REFm3"]["status"] == "open"
        assert rows["REFm3"]["reopened_because"] == ["entry OFAC-SDN:900009"]
        sql = "SELECT status FROM alerts WHERE reference = 'REFm3'"
        assert snapshot.rows(sql) == [("open",)]
        act_on(snapshot, decisions, "REFm3", wanted("clear", "murat"))
        assert queue(snapshot, decisions, status="cleared").total == 1
    target = publish_world(tmp_path, _world_with_a_new_hit(), decisions=decisions)
    with Snapshot.open(target) as snapshot:
        assert snapshot.rows(sql) == [("cleared",)]


def test_a_cleared_alert_stays_cleared_when_evidence_goes_or_a_hit_is_suppressed(
    tmp_path: Path,
) -> None:
    decisions = tmp_path / "decisions"
    world = _world_with_a_new_hit()
    with Snapshot.open(publish_world(tmp_path, world)) as snapshot:
        act_on(snapshot, decisions, "REFm3", wanted("clear"))
    sql = "SELECT status, reopened_because FROM alerts WHERE reference = 'REFm3'"
    with Snapshot.open(publish_world(tmp_path, small_world(), decisions=decisions)) as snapshot:
        assert snapshot.rows(sql) == [("cleared", None)]
    world["hits"][-1] |= {"entry_id": "OFAC-SDN:900010", "is_suppressed": True}
    with Snapshot.open(publish_world(tmp_path, world, decisions=decisions)) as snapshot:
        assert snapshot.rows(sql) == [("cleared", None)]


def test_a_confirmed_alert_stays_confirmed_whatever_comes(tmp_path: Path) -> None:
    decisions = tmp_path / "decisions"
    with Snapshot.open(publish_world(tmp_path)) as snapshot:
        act_on(snapshot, decisions, "REFm3", wanted("confirm"))
    target = publish_world(tmp_path, _world_with_a_new_hit(), decisions=decisions)
    with Snapshot.open(target) as snapshot:
        assert queue(snapshot, decisions, status="confirmed").total == 1


def test_half_a_clearing_does_not_survive_new_evidence(tmp_path: Path) -> None:
    decisions = tmp_path / "decisions"
    with Snapshot.open(publish_world(tmp_path)) as snapshot:
        act_on(snapshot, decisions, "REFm1", wanted("clear"))
    world = _world_with_a_new_hit()
    world["hits"][-1] |= {"transaction_id": "m1-1"}
    with Snapshot.open(publish_world(tmp_path, world, decisions=decisions)) as snapshot:
        with pytest.raises(UsageError, match="not possible now"):
            act_on(snapshot, decisions, "REFm1", wanted("approve", "murat"))
        act_on(snapshot, decisions, "REFm1", wanted("clear", "murat"))
        act_on(snapshot, decisions, "REFm1", wanted("approve", "aylin"))
        [row] = queue(snapshot, decisions, status="cleared").rows
        assert row["reference"] == "REFm1"


def test_a_payment_without_alert_has_nothing_to_decide(tmp_path: Path) -> None:
    with (
        Snapshot.open(publish_world(tmp_path)) as snapshot,
        pytest.raises(UsageError, match="no alert"),
    ):
        act_on(snapshot, tmp_path / "decisions", "REFm4", wanted("confirm"))


def test_scores_are_held_against_decisions(tmp_path: Path) -> None:
    decisions = tmp_path / "decisions"
    with Snapshot.open(publish_world(tmp_path)) as snapshot:
        assert "No alert is decided yet" in render("model", snapshot)
        act_on(snapshot, decisions, "REFm3", wanted("confirm"))
        act_on(snapshot, decisions, "REFm2", wanted("clear"))
        act_on(snapshot, decisions, "REFm5", wanted("confirm"))
    with Snapshot.open(publish_world(tmp_path, decisions=decisions)) as snapshot:
        assert snapshot.rows("FROM decided_scores()") == [(0.7, 1, 0.71, 1.0), (0.9, 1, 0.93, 0.0)]
        assert "Scores against decisions" in render("model", snapshot)


def test_labels_are_the_last_word_on_each_alert(tmp_path: Path) -> None:
    plain = {"alert_id": "A", "transaction_id": "m3-1", "obligation": False}
    bound = {"alert_id": "B", "transaction_id": "m1-1", "obligation": True}
    acts: list[dict[str, object]] = []
    for alert, action, by in (
        (plain, "confirm", "a"),
        (plain, "reopen", "a"),
        (plain, "clear", "b"),
        (plain, "comment", "c"),
        (bound, "clear", "a"),
    ):
        acts.append(decide(alert, acts, wanted(action, by)))
    with Snapshot.open(publish_world(tmp_path)) as snapshot:
        [row] = labels(snapshot, acts)
        assert (row["reference"], row["label"], row["decided_by"]) == ("REFm3", 0, "b")
        acts.append(decide(bound, acts, wanted("approve", "b")))
        rows = labels(snapshot, acts)
    assert [(row["reference"], row["uetr"], row["label"]) for row in rows] == [
        ("REFm1", UETR, 0),
        ("REFm3", None, 0),
    ]

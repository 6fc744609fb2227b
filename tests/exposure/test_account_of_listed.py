"""NX-01: the account of a listed party, seen in this run or in a stored one, used by another."""

from datetime import date

import pytest

from tests.exposure.world import World


def stored(on: str, account: str = "ACC1", transaction_id: str = "h") -> World:
    """A world in which an earlier run met a listed party under an account."""
    return World().add(
        "history_listed_account_facts",
        transaction_id=transaction_id,
        account=account,
        value_date=date.fromisoformat(on),
        entry_id="OFAC-SDN:1",
        entry_name="BIRCH WORKS",
    )


def test_an_account_of_an_earlier_run_is_known_again() -> None:
    world = stored("2024-01-05")
    world.pay("paid", creditor="Rowan Works", creditor_account="acc 1")
    world.pay("payer", debtor="Rowan Works", debtor_account="ACC1")
    world.pay("other", creditor="Rowan Works", creditor_account="ACC2")
    assessed = world.assessed()
    evidence = assessed.found("paid")["NX-01"]
    assert (evidence["entry"], evidence["first_seen_in"]) == ("OFAC-SDN:1", "h")
    assert evidence["first_seen_on"] == "2024-01-05"
    assert "NX-01" in assessed.found("payer")
    assert "NX-01" not in assessed.found("other")


@pytest.mark.parametrize(("on", "fires"), [("2024-09-01", True), ("2024-09-03", False)])
def test_a_stored_payment_counts_only_where_it_lies_before(on: str, fires: bool) -> None:
    world = stored(on).pay("t", on="2024-09-02", creditor="Rowan", creditor_account="ACC1")
    assert ("NX-01" in world.assessed().found("t")) is fires


def test_the_earliest_meeting_is_named_whichever_run_holds_it() -> None:
    world = stored("2024-05-01").entry("OFAC-SDN:2", "CEDAR PLANT")
    world.pay("x", on="2024-08-01", creditor_account="ACC1").hit("x", "OFAC-SDN:2")
    world.pay("t", creditor="Rowan", creditor_account="ACC1")
    assert world.assessed().found("t")["NX-01"]["first_seen_in"] == "h"


def test_what_a_run_stores_of_it() -> None:
    world = World().entry("OFAC-SDN:1", "BIRCH WORKS")
    world.pay("x", creditor_account="de89 1").hit("x", "OFAC-SDN:1", entry_name="BIRCH WORKS")
    world.pay("weak", creditor_account="ACC9").hit("weak", "OFAC-SDN:1", score=0.6)
    world.pay("free").hit("free", "OFAC-SDN:1")
    rows = world.assessed().warehouse.rows("SELECT * FROM listed_account_facts")
    assert rows == [("x", "DE891", date(2024, 9, 2), "OFAC-SDN:1", "BIRCH WORKS")]

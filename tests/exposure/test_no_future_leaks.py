"""Changing a later payment never changes an earlier payment's indicators.

The later payments may lie in the run itself or in a stored one (an archive is read
after the day, or two runs overlap); what a run stores is what `assess` made of it.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exposure.world import World

START = date(2024, 1, 1)
PARTIES = ("Ash", "Elm", "Oak", "Yew")
TEXTS = (None, "MICROCONTROLLERS 500 PCS", "CONTRACT AB-12345", "RENT", "GOODS FOR RUSSIA")
ACCOUNTS = (None, None, "ACC1", "ACC2")
COUNTRIES = ("DE", "KZ", "RU", "TR", None)

STORED = (
    "transfer_facts", "bank_incident_facts", "listed_account_facts", "passing_facts",
)  # fmt: skip

payment = st.fixed_dictionaries(
    {
        "day": st.integers(0, 240),
        "usd": st.sampled_from([1_000.0, 9_900.0, 10_000.0, 90_000.0]),
        "debtor": st.sampled_from(PARTIES),
        "creditor": st.sampled_from(PARTIES),
        "debtor_country": st.sampled_from(COUNTRIES),
        "creditor_country": st.sampled_from(COUNTRIES),
        "debtor_account": st.sampled_from(ACCOUNTS),
        "creditor_account": st.sampled_from(ACCOUNTS),
        "ultimate_debtor": st.sampled_from((None, "Rowan")),
        "text": st.sampled_from(TEXTS),
        "listed": st.booleans(),
        "kind": st.sampled_from(
            ["customer_transfer", "customer_transfer", "bank_transfer", "reject"]
        ),
    }
)
payments = st.lists(payment, min_size=0, max_size=4)


def world_of(rows: Sequence[dict[str, Any]], prefix: str) -> World:
    world = World().entry("OFAC-SDN:1", "OAK")
    for number, values in enumerate(rows):
        row = dict(values)
        listed, ultimate = row.pop("listed"), row.pop("ultimate_debtor")
        on = START + timedelta(days=row.pop("day"))
        name = f"{prefix}{number:02}"
        world.pay(name, on=on.isoformat(), is_counted=row["kind"] != "reject", **row)
        if ultimate:
            world.party(name, "ultimate_debtor", ultimate)
        if listed:
            world.hit(name, "OFAC-SDN:1")
    return world


def run_of(
    rows: Sequence[dict[str, Any]], stored: Sequence[dict[str, Any]] = ()
) -> list[tuple[object, ...]]:
    """Indicators of a run with their days, after another run has stored its payments."""
    world = world_of(rows, "t")
    if stored:
        before = world_of(stored, "h").assessed().warehouse
        for table in STORED:
            if before.has(table):
                for row in before.arrow(f"SELECT * FROM {table}").to_pylist():
                    world.add(f"history_{table}", **row)
        for row in before.arrow("SELECT * FROM transactions").to_pylist():
            world.add("history_transactions", **row)
        for row in before.arrow("SELECT * FROM messages").to_pylist():
            world.add("history_messages", **row)
    found = world.assessed().warehouse.rows(
        "SELECT t.value_date, i.* FROM indicators AS i JOIN transactions AS t"
        " USING (transaction_id) ORDER BY ALL"
    )
    return [tuple(row) for row in found]


def until(found: Sequence[tuple[Any, ...]], last_day: int) -> list[tuple[Any, ...]]:
    return [row for row in found if row[0] <= START + timedelta(days=last_day)]


def after(last_day: int, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "day": last_day + 1 + row["day"]} for row in rows]


@settings(max_examples=12)
@given(earlier=st.lists(payment, min_size=6, max_size=12), later=payments, other=payments)
def test_later_payments_change_nothing_before_them(
    earlier: list[dict[str, Any]], later: list[dict[str, Any]], other: list[dict[str, Any]]
) -> None:
    last_day = max(row["day"] for row in earlier)
    first, second = (
        until(run_of([*earlier, *after(last_day, rows)]), last_day) for rows in (later, other)
    )
    assert first == second


@settings(max_examples=12)
@given(
    earlier=st.lists(payment, min_size=4, max_size=8),
    stored=st.lists(payment, min_size=1, max_size=6),
    later=payments,
    other=payments,
)
def test_later_payments_of_stored_runs_change_nothing_before_them(
    earlier: list[dict[str, Any]],
    stored: list[dict[str, Any]],
    later: list[dict[str, Any]],
    other: list[dict[str, Any]],
) -> None:
    last_day = max(row["day"] for row in (*earlier, *stored))
    first, second = (
        until(run_of(earlier, [*stored, *after(last_day, rows)]), last_day)
        for rows in (later, other)
    )
    assert first == second


ALONE: dict[str, Any] = {
    "day": 30, "usd": 10_000.0, "debtor": "Ash", "creditor": "Elm", "debtor_country": "DE",
    "creditor_country": "KZ", "debtor_account": None, "creditor_account": None,
    "ultimate_debtor": None, "text": None, "listed": False, "kind": "customer_transfer",
}  # fmt: skip


def test_the_leak_tests_can_see_history_at_all() -> None:
    before = [{**ALONE, "day": n, "creditor": "Oak", "listed": n == 1} for n in range(6)]
    assert {"HX-01", "NX-03"} <= {row[2] for row in run_of([*before, ALONE])}
    assert {"HX-01", "NX-03"} <= {row[2] for row in run_of([ALONE], before)}


@pytest.mark.parametrize("is_stored", [False, True])
def test_the_leak_tests_can_see_networks_at_all(is_stored: bool) -> None:
    before = [
        {**ALONE, "day": n, "debtor": name, "ultimate_debtor": "Rowan", "listed": n == 1,
         "creditor_account": "ACC1"}
        for n, name in enumerate(("Yew", "Oak", "Elm"))
    ]  # fmt: skip
    now = {**ALONE, "ultimate_debtor": "Rowan", "creditor": "Yew", "creditor_account": "ACC1"}
    codes = {row[2] for row in (run_of([now], before) if is_stored else run_of([*before, now]))}
    assert {"NX-01", "NX-02"} <= codes

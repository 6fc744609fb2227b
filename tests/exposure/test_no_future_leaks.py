"""Changing a later payment never changes an earlier payment's indicators."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exposure.world import World

START = date(2024, 1, 1)
PARTIES = ("Ash", "Elm", "Oak", "Yew")
TEXTS = (None, "MICROCONTROLLERS 500 PCS", "CONTRACT AB-12345", "RENT", "GOODS FOR RUSSIA")
COUNTRIES = ("DE", "KZ", "RU", "TR", None)

payment = st.fixed_dictionaries(
    {
        "day": st.integers(0, 240),
        "usd": st.sampled_from([1_000.0, 9_900.0, 10_000.0, 90_000.0]),
        "debtor": st.sampled_from(PARTIES),
        "creditor": st.sampled_from(PARTIES),
        "debtor_country": st.sampled_from(COUNTRIES),
        "creditor_country": st.sampled_from(COUNTRIES),
        "text": st.sampled_from(TEXTS),
        "listed": st.booleans(),
        "kind": st.sampled_from(["customer_transfer", "customer_transfer", "bank_transfer"]),
    }
)


def indicators_until(payments: list[dict[str, object]], last_day: int) -> list[tuple[object, ...]]:
    world = World().entry("OFAC-SDN:1", "OAK")
    for number, values in enumerate(payments):
        row = dict(values)
        listed = row.pop("listed")
        on = START + timedelta(days=int(str(row.pop("day"))))
        world.pay(f"t{number:02}", on=on.isoformat(), **row)  # type: ignore[arg-type]
        if listed:
            world.hit(f"t{number:02}", "OFAC-SDN:1")
    found = world.assessed().warehouse.rows(
        "SELECT i.* FROM indicators AS i JOIN transactions AS t USING (transaction_id)"
        " WHERE t.value_date <= ? ORDER BY ALL",
        [START + timedelta(days=last_day)],
    )
    return [tuple(row) for row in found]


@settings(max_examples=12)
@given(
    earlier=st.lists(payment, min_size=6, max_size=12),
    later=st.lists(payment, min_size=1, max_size=4),
    other=st.lists(payment, min_size=0, max_size=4),
)
def test_later_payments_change_nothing_before_them(
    earlier: list[dict[str, object]],
    later: list[dict[str, object]],
    other: list[dict[str, object]],
) -> None:
    last_day = max(int(str(p["day"])) for p in earlier)
    moved = [
        [{**p, "day": last_day + 1 + int(str(p["day"]))} for p in group] for group in (later, other)
    ]
    first = indicators_until([*earlier, *moved[0]], last_day)
    second = indicators_until([*earlier, *moved[1]], last_day)
    assert first == second


def test_the_leak_test_can_see_history_at_all() -> None:
    alone = {
        "day": 30, "usd": 10_000.0, "debtor": "Ash", "creditor": "Elm", "debtor_country": "DE",
        "creditor_country": "KZ", "text": None, "listed": False, "kind": "customer_transfer",
    }  # fmt: skip
    before = [{**alone, "day": n, "creditor": "Oak", "listed": n == 1} for n in range(6)]
    codes = {row[1] for row in indicators_until([*before, alone], 60)}
    assert {"HX-01", "NX-03"} <= codes

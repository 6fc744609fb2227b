"""A hit by address raises its indicator, and nothing else: no obligation, limb or feature."""

from typing import Any

from scanner.exposure import assess
from scanner.risk import build_features
from scanner.warehouse import Warehouse
from tests.exposure.world import World

_UNTOUCHED = (
    "obligations", "limbs", "exceptions", "transfer_facts", "listed_account_facts", "features",
)  # fmt: skip


def world() -> World:
    made = World().entry("OFAC-SDN:1", "CEDAR PLANT").entry("US-CSL:7", "", entry_type="address")
    made.pay("a", text="INSULIN, MEDICINES FOR HOSPITALS")
    # A payment to an account that was a listed party's: NX-01 speaks unless the party is listed.
    made.pay("b", on="2024-09-03", creditor_account="AE01").hit("b", "OFAC-SDN:1")
    return made.pay("c", on="2024-09-04", creditor="Cherry Works", creditor_account="AE01")


def tables(made: World) -> dict[str, list[dict[str, Any]]]:
    with made.warehouse() as warehouse:
        return _assessed(warehouse)


def _assessed(warehouse: Warehouse) -> dict[str, list[dict[str, Any]]]:
    assess(warehouse)
    build_features(warehouse)
    return {
        name: warehouse.arrow(f"SELECT * FROM {name} ORDER BY ALL").to_pylist()
        for name in (*_UNTOUCHED, "indicators")
    }


def test_a_hit_by_address_obliges_nobody_and_moves_no_feature() -> None:
    plain = tables(world())
    met = world()
    for payment in ("a", "c"):
        for entry in ("OFAC-SDN:1", "US-CSL:7"):
            met.hit(payment, entry, match_kind="address", score=0.99)
    found = tables(met)
    for name in _UNTOUCHED:
        assert found[name] == plain[name], name
    codes = {(row["transaction_id"], row["code"]) for row in found["indicators"]}
    before = {(row["transaction_id"], row["code"]) for row in plain["indicators"]}
    assert ("c", "NX-01") in before
    assert codes - before == {(p, code) for p in ("a", "c") for code in ("RF-07", "RF-08")}
    assert before <= codes

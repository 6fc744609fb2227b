"""Exposure by counterparty bank and month, measured after the scoring."""

import json
from datetime import date
from typing import Any

import pytest

from scanner.exposure import measure_banks
from scanner.schema import TABLES
from tests.exposure.pairs import before_war
from tests.exposure.world import Assessed, World


def measured(world: World, **bands: str) -> dict[tuple[str, date], dict[str, Any]]:
    assessed: Assessed = world.assessed()
    warehouse = assessed.warehouse
    warehouse.create(TABLES["scores"])
    for transaction_id, band in bands.items():
        warehouse.execute(
            "INSERT INTO scores BY NAME SELECT ? AS transaction_id, 'MT103' AS message_type,"
            " ? AS band, FALSE AS obligation, 'none' AS limb_persons, 'none' AS limb_items,"
            " 'm' AS model_version, 'r1' AS run_id",
            [transaction_id, band],
        )
    measure_banks(warehouse)
    rows = warehouse.arrow("SELECT * FROM bank_exposure ORDER BY bank_bic8, month").to_pylist()
    return {(row["bank_bic8"], row["month"]): row for row in rows}


def via(world: World, transaction_id: str, bank: str, **more: Any) -> World:
    return world.pay(transaction_id, creditor_agent_bic=f"{bank}XXX", **more)


SEPTEMBER = date(2024, 9, 1)


def test_a_payment_counts_once_and_the_home_bank_not_at_all() -> None:
    world = via(World(), "a", "EXAMKZKA", usd=1_000, sender_bic="HOMETRIS", text="RENT")
    via(world, "a-cover", "EXAMKZKA", usd=1_000, kind="cover", payment_id="P-a")
    via(world, "b", "EXAMKZKA", usd=3_000)
    banks = measured(world, a="review", b="clear")
    assert set(banks) == {("EXAMKZKA", SEPTEMBER)}
    row = banks["EXAMKZKA", SEPTEMBER]
    assert (row["payments"], row["exposed_count"]) == (2, 1)
    assert (float(row["value_usd"]), float(row["exposed_value_usd"])) == (4_000, 1_000)
    assert row["exposed_share"] == 0.25
    assert row["trend"] == "not_assessable"
    assert row["baseline_value_usd"] is None


def test_goods_far_above_the_own_baseline_are_a_surge() -> None:
    # The shape of the seed case: 144 against a mean of 26.
    world = World()
    for month in range(1, 9):
        before_war(
            world, f"h{month}", f"2024-{month:02}-10", chpl_tier="1", amount_usd=26e6,
            agent_bic8s=["EXAMKZKA"],
        )  # fmt: skip
        before_war(
            world, f"s{month}", f"2024-{month:02}-10", chpl_tier="1", amount_usd=26e6,
            agent_bic8s=["STDYKZKA"],
        )  # fmt: skip
    via(world, "a", "EXAMKZKA", usd=144e6, text="XC7K325T FPGA")
    via(world, "b", "STDYKZKA", usd=27e6, text="XC7K325T FPGA")
    banks = measured(world)
    surged, steady = banks["EXAMKZKA", SEPTEMBER], banks["STDYKZKA", SEPTEMBER]
    assert float(surged["baseline_value_usd"]) == pytest.approx(26e6)
    assert surged["surge_factor"] == pytest.approx(144 / 26)
    assert steady["surge_factor"] == pytest.approx(27 / 26)
    assert set(banks) == {("EXAMKZKA", SEPTEMBER), ("STDYKZKA", SEPTEMBER)}


def test_a_month_that_an_earlier_run_began_is_measured_whole() -> None:
    world = World()
    before_war(
        world, "h", "2024-09-01", agent_bic8s=["EXAMKZKA"], band="escalate", amount_usd=500.0
    )
    via(world, "a", "EXAMKZKA", usd=1_500)
    row = measured(world, a="clear")["EXAMKZKA", SEPTEMBER]
    assert (row["payments"], row["exposed_count"], row["exposed_share"]) == (2, 1, 0.25)


def test_russia_share_before_and_after_the_order() -> None:
    world = World()
    via(world, "old", "EXAMKZKA", on="2023-11-01", creditor_country="RU")
    via(world, "old2", "EXAMKZKA", on="2023-11-02")
    via(world, "new", "EXAMKZKA", creditor_country="RU")
    via(world, "only", "LATEKZKA")
    banks = measured(world)
    assert banks["EXAMKZKA", SEPTEMBER]["russia_nexus_share"] == 1.0
    assert banks["EXAMKZKA", SEPTEMBER]["russia_nexus_share_before_order"] == 0.5
    assert banks["LATEKZKA", SEPTEMBER]["russia_nexus_share_before_order"] is None


def test_listed_nested_refused_and_delayed_payments_of_a_bank() -> None:
    world = World().entry("OFAC-SDN:9", "EXAMPLE BANK").bic("OFAC-SDN:9", "LSTDKGKG")
    via(world, "listed", "LSTDKGKG")
    via(world, "nested", "EXAMKZKA").party("nested", "intermediary_agent_1", "Far Bank", agent=True)
    via(world, "late", "EXAMKZKA", message={"created_on": date(2024, 8, 20)})
    via(world, "refused", "EXAMKZKA", kind="reject", is_counted=False)
    via(world, "sent-back", "EXAMKZKA", kind="return", is_counted=False)
    via(world, "before", "EXAMKZKA", on="2023-09-01", kind="return", is_counted=False)
    banks = measured(world)
    assert banks["LSTDKGKG", SEPTEMBER]["is_listed"]
    assert banks["LSTDKGKG", SEPTEMBER]["listed_count"] == 1
    row = banks["EXAMKZKA", SEPTEMBER]
    assert not row["is_listed"]
    counts = ("nested_count", "delayed_count", "rejected_count", "returned_count")
    assert [row[name] for name in counts] == [1, 1, 1, 1]
    panel = json.loads(row["significance"])
    assert [name[0] for name in panel] == list("abcdefg")


def test_what_went_wrong_in_an_earlier_run_of_the_month_still_counts() -> None:
    world = World()
    via(world, "refused", "EXAMKZKA", kind="reject", is_counted=False)
    via(world, "paid", "EXAMKZKA")
    for name, payment_id in (("h1", "P-other"), ("h2", "P-other"), ("h3", "P-refused")):
        world.add(
            "history_bank_incident_facts",
            transaction_id=name,
            bank_bic8="EXAMKZKA",
            month=SEPTEMBER,
            payment_id=payment_id,
            is_rejected=True,
        )
    assert measured(world)["EXAMKZKA", SEPTEMBER]["rejected_count"] == 2


def test_customers_corridors_and_significance_follow_the_same_payments() -> None:
    world = World().entry("OFAC-SDN:1", "BIRCH WORKS")
    world.add("customers", customer_id="C1", account="ACC1", country="TR")
    world.pay("a", usd=1_000, debtor_account="ACC1").hit("a", "OFAC-SDN:1")
    world.pay("a-cover", usd=1_000, kind="cover", payment_id="P-a", debtor_account="ACC1")
    world.pay("b", usd=3_000, debtor_account="ACC1", creditor_country=None)
    assessed = world.assessed()
    warehouse = assessed.warehouse
    warehouse.create(TABLES["scores"])
    measure_banks(warehouse)
    assert warehouse.rows(
        "SELECT customer_id, payments, value_usd::DOUBLE, listed_count FROM customer_exposure"
    ) == [("C1", 2, 4_000.0, 1)]
    assert warehouse.rows(
        "SELECT creditor_country, payments FROM corridor_exposure ORDER BY ALL NULLS LAST"
    ) == [("DE", 1), (None, 1)]
    factors = warehouse.rows(
        "SELECT factor, evidence FROM significance WHERE subject_kind = 'payment' AND subject = 'a'"
        " ORDER BY factor"
    )
    assert [factor for factor, _ in factors] == list("abcdefg")
    assert json.loads(factors[3][1])["obligations"] == ["RF-01"]
    # A payment that shows nothing has no panel.
    assert not warehouse.rows("SELECT 1 FROM significance WHERE subject = 'b'")

"""Single feature relations on rows made by hand."""

from datetime import date
from typing import Any

import pyarrow as pa

from scanner.schema import TABLES
from scanner.warehouse import Warehouse, load_relations

_TRANSFER = pa.schema(
    [
        ("transaction_id", pa.string()),
        ("value_date", pa.date32()),
        ("kind", pa.string()),
        ("debtor_key", pa.string()),
        ("creditor_key", pa.string()),
        ("debtor_name_key", pa.string()),
        ("debtor_country", pa.string()),
        ("debtor_agent_bic8", pa.string()),
        ("amount_usd", pa.float64()),
        ("has_russia_nexus", pa.bool_()),
    ]
)


def transfer(transaction_id: str, on: date, payer: str, bank: str, **more: Any) -> dict[str, Any]:
    """One transfer; the payer pays through the bank."""
    return {
        "transaction_id": transaction_id,
        "value_date": on,
        "kind": "customer_transfer",
        "debtor_key": f"{payer}-{bank}",
        "creditor_key": "SELLER",
        "debtor_name_key": payer,
        "debtor_country": "KG",
        "debtor_agent_bic8": bank,
        "amount_usd": 1000.0,
        "has_russia_nexus": False,
        **more,
    }


def made(relation: str, rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Rows of one feature relation, by transaction."""
    parties = next(r for r in load_relations("exposure/facts") if r.makes == "run_parties")
    with Warehouse() as warehouse:
        table = pa.Table.from_pylist(rows, _TRANSFER)
        for name, data in (
            ("transfer_facts", table),
            ("history_transfer_facts", table.slice(0, 0)),
        ):
            warehouse.load(name, data)
            for key in ("debtor", "creditor", "debtor_name"):
                warehouse.execute(f"ALTER TABLE {name} ADD COLUMN {key}_hash UBIGINT")
                warehouse.execute(f"UPDATE {name} SET {key}_hash = md5_number_lower({key}_key)")
        warehouse.create_like("history_move_facts", TABLES["move_facts"])
        warehouse.build(parties)
        for wanted in ("move_facts", relation):
            warehouse.build(next(r for r in load_relations("features") if r.makes == wanted))
        found = warehouse.arrow(f"SELECT * FROM {relation}").to_pylist()
    return {row["transaction_id"]: row for row in found}


OLD, NEW, OTHER = "AAAAKG22", "BBBBKZ22", "CCCCAM22"


def moving(payer: str, away: date, to: str = NEW) -> list[dict[str, Any]]:
    return [
        transfer(f"{payer}-old", date(2025, 1, 6), payer, OLD),
        transfer(f"{payer}-new", away, payer, to),
    ]


def test_those_who_went_the_same_way_before_are_counted() -> None:
    rows = [
        *moving("ALFA", date(2025, 2, 3)),
        *moving("BETA", date(2025, 2, 5)),
        *moving("GAMMA", date(2025, 2, 7)),
        *moving("DELTA", date(2025, 2, 7), to=OTHER),
        transfer("ALFA-later", date(2025, 2, 20), "ALFA", NEW),
    ]
    found = made("feature_moves", rows)
    together = {key: row["moved_together"] for key, row in found.items()}
    assert together == {
        "ALFA-new": 0, "BETA-new": 1, "GAMMA-new": 2, "DELTA-new": 0, "ALFA-later": 2,
    }  # fmt: skip


def test_a_move_within_one_country_or_long_ago_is_none() -> None:
    rows = [
        *moving("ALFA", date(2025, 2, 3), to="DDDDKG22"),
        *moving("BETA", date(2025, 9, 1)),
    ]
    assert made("feature_moves", rows) == {}


def test_the_usual_price_is_that_of_earlier_payments_of_any_run() -> None:
    def priced(transaction_id: str, on: date, unit_usd: float) -> dict[str, Any]:
        return {
            "transaction_id": transaction_id, "payment_id": transaction_id, "value_date": on,
            "good": "BALL BEARINGS", "unit_usd": unit_usd,
        }  # fmt: skip

    stored = [priced(f"stored{i}", date(2025, 1, 6 + i), 4.0) for i in range(5)]
    of_run = [priced("dear", date(2025, 2, 3), 12.0), priced("after", date(2025, 2, 4), 4.0)]
    schema = TABLES["piece_prices"].arrow_schema
    (price,) = (one for one in load_relations("features") if one.makes == "feature_price")
    ratios: dict[int, dict[str, float]] = {}
    for known in (4, 5):
        with Warehouse() as warehouse:
            warehouse.load("piece_prices", pa.Table.from_pylist(of_run, schema))
            warehouse.load("history_piece_prices", pa.Table.from_pylist(stored[:known], schema))
            warehouse.build(price)
            found = warehouse.rows("SELECT transaction_id, unit_price_ratio FROM feature_price")
            ratios[known] = dict(found)
    # The dear one is the fifth before the last, and no payment's own price is its usual one.
    assert ratios == {4: {"after": 1.0}, 5: {"dear": 3.0, "after": 1.0}}


def test_a_bank_that_pays_for_itself_passes_nothing_on() -> None:
    got = {"creditor_key": "PAYER", "has_russia_nexus": True}
    sent = {"debtor_key": "PAYER", "creditor_key": "MAKER"}
    rows = [
        transfer("in", date(2025, 2, 3), "RUSSIAN", OLD, **got),
        transfer("out", date(2025, 2, 4), "PAYER", NEW, **sent),
        transfer("own", date(2025, 2, 4), "PAYER", NEW, **{**sent, "kind": "bank_transfer"}),
    ]
    found = made("feature_passing", rows)
    assert set(found) == {"out"}
    assert found["out"]["pass_through_ratio"] == 1.0
    assert found["out"]["russian_inflow_30d"]

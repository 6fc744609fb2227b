"""Stored sums by day give the months that reading every transfer again would give.

Random archives: payments whose transfers come in several runs, late files, transfers of one
payment in two months, runs of which a file was scanned again. A reference in Python reads all.
"""

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from scanner.schema import TABLES
from scanner.warehouse import Warehouse, load_relations
from tests.exposure.world import HASH_KEYS, filled

Row = dict[str, Any]
Months = dict[tuple[Any, ...], tuple[Any, ...]]

HOME = "HOMETRIS"
BANKS = ("EXAMKZKA", "STDYKZKA", "THIRDEFF", HOME)
DAYS = ("bank_days", "customer_days", "corridor_days")
BUILT = (
    "joined_transfers", "loose_transfers", "bank_transfers", "exposed_transfers", *DAYS,
    "bank_day_sums", "bank_months", "customer_exposure", "corridor_exposure",
)  # fmt: skip


@dataclass
class Stored:
    """A run in the archive; each of its transfers came in one of two files."""

    facts: list[Row]
    file_of: dict[str, int]
    tables: dict[str, pa.Table]
    gone: set[int] = field(default_factory=set)

    def standing(self, rows: Iterable[Row]) -> list[Row]:
        return [row for row in rows if self.file_of[row["transaction_id"]] not in self.gone]


def transfer(rng: random.Random, name: str, payments: list[str]) -> Row:
    return filled(
        TABLES["transfer_facts"],
        {
            "transaction_id": name,
            "payment_id": rng.choice([*payments, None, f"P-{name}"]),
            "value_date": rng.choice([None, *(_day(rng) for _ in range(9))]),
            "kind": "customer_transfer",
            "amount_usd": rng.choice([None, float(rng.randrange(1, 9_000))]),
            "customer_id": rng.choice([None, "C1", "C2"]),
            "debtor_country": rng.choice([None, "TR", "AE"]),
            "creditor_country": rng.choice(["KZ", "DE"]),
            "agent_bic8s": rng.sample(BANKS, rng.randrange(0, 4)) or None,
            "chpl_tier": rng.choice([None, None, "1"]),
            "has_russia_nexus": rng.choice([None, False, True]),
            "has_listed_party": rng.random() < 0.2,
            "is_owned_by_blocked": rng.random() < 0.2,
            "band": rng.choice([None, "clear", "review", "escalate"]),
        },
    )


def _day(rng: random.Random) -> date:
    return date(2023, 11, 1) + timedelta(days=rng.randrange(100))


def measured(current: list[Row], archive: list[Stored]) -> tuple[dict[str, Months], Stored]:
    """What the relations make of a run, and the run as it is stored."""
    live = [run for run in archive if run.gone != {0, 1}]
    with Warehouse() as warehouse:
        load(warehouse, "transfer_facts", current)
        load(warehouse, "history_transfer_facts", [f for r in live for f in r.standing(r.facts)])
        load(
            warehouse,
            "history_cut_transfer_facts",
            [f for r in live if r.gone for f in r.standing(r.facts)],
        )
        for name in ("transfer_facts", "history_transfer_facts", "history_cut_transfer_facts"):
            warehouse.execute(HASH_KEYS.format(table=name))
        load(
            warehouse,
            "history_joined_transfers",
            [j for r in live for j in r.standing(r.tables["joined_transfers"].to_pylist())],
        )
        for name in DAYS:
            summed = [row for r in live if not r.gone for row in r.tables[name].to_pylist()]
            load(warehouse, f"history_{name}", summed)
        warehouse.load("run", pa.table({"home_bic8s": pa.array([[HOME]], pa.list_(pa.string()))}))
        warehouse.build_all(r for r in load_relations("exposure/banks") if r.makes in BUILT)
        stored = {name: warehouse.arrow(f'FROM "{name}"') for name in ("joined_transfers", *DAYS)}
        months = {
            "bank": _months(
                warehouse,
                "SELECT bank_bic8, month, payments, value_usd::DECIMAL(28,2), exposed_count,"
                " exposed_value_usd::DECIMAL(28,2), listed_count, owned_count, items_count,"
                " nexus_count, goods_value_usd::DECIMAL(28,2), max_chain_depth,"
                " round(nexus_share_before_order, 9) FROM bank_months WHERE is_current",
                2,
            ),
            "customer": _months(warehouse, "FROM customer_exposure", 2),
            "corridor": _months(warehouse, "FROM corridor_exposure", 3),
        }
    file_of = {row["transaction_id"]: number % 2 for number, row in enumerate(current)}
    return months, Stored(current, file_of, stored)


def load(warehouse: Warehouse, name: str, rows: list[Row]) -> None:
    declared = name.removeprefix("history_").removeprefix("cut_")
    warehouse.load(name, pa.Table.from_pylist(rows, TABLES[declared].arrow_schema))


def _months(warehouse: Warehouse, query: str, keys: int) -> Months:
    rows = warehouse.rows(query)
    assert len({row[:keys] for row in rows}) == len(rows)
    return {row[:keys]: row[keys:] for row in rows}


def expected(current: list[Row], archive: list[Stored]) -> dict[str, Months]:
    """The same by reading every transfer that stands."""
    here = {row["transaction_id"] for row in current}
    payments: dict[str, list[Row]] = defaultdict(list)
    for row in [*current, *(f for run in archive for f in run.standing(run.facts))]:
        if row["value_date"] is not None:
            payments[row["payment_id"] or row["transaction_id"]].append(row)
    kept: dict[str, dict[tuple[Any, ...], list[tuple[Row, list[Row]]]]] = {
        name: defaultdict(list) for name in ("bank", "customer", "corridor")
    }
    for rows in payments.values():
        whole = _one(rows)
        if whole["customer_id"]:
            kept["customer"][whole["customer_id"], whole["month"]].append((whole, rows))
        corridor = whole["debtor_country"], whole["creditor_country"], whole["month"]
        kept["corridor"][corridor].append((whole, rows))
        for bank in {b for row in rows for b in row["agent_bic8s"] or ()} - {HOME}:
            of_bank = [row for row in rows if bank in (row["agent_bic8s"] or ())]
            kept["bank"][bank, _one(of_bank)["month"]].append((_one(of_bank), of_bank))
    made: dict[str, Months] = {}
    for name, groups in kept.items():
        made[name] = {
            key: _sums(name, key, [one for one, _ in group], kept["bank"])
            for key, group in groups.items()
            if any(row["transaction_id"] in here for _, rows in group for row in rows)
        }
    return made


def _one(rows: list[Row]) -> Row:
    first = min(row["value_date"] for row in rows)
    return {
        "day": first,
        "month": first.replace(day=1),
        "amount": Decimal(max(row["amount_usd"] or 0 for row in rows)),
        "customer_id": max(row["customer_id"] or "" for row in rows) or None,
        "debtor_country": max(row["debtor_country"] or "" for row in rows) or None,
        "creditor_country": max(row["creditor_country"] for row in rows),
        "exposed": any(row["band"] in ("review", "escalate") for row in rows),
        "listed": any(row["has_listed_party"] for row in rows),
        "owned": any(row["is_owned_by_blocked"] for row in rows),
        "goods": any(row["chpl_tier"] for row in rows),
        "nexus": any(row["has_russia_nexus"] for row in rows),
        "depth": max(len(row["agent_bic8s"] or ()) for row in rows),
    }


def _sums(name: str, key: tuple[Any, ...], ones: list[Row], banks: Any) -> tuple[Any, ...]:
    value = sum((one["amount"] for one in ones), Decimal())
    exposed = sum((one["amount"] for one in ones if one["exposed"]), Decimal())
    counts = [sum(one[what] for one in ones) for what in ("listed", "owned", "goods", "nexus")]
    head = (len(ones), value, sum(one["exposed"] for one in ones), exposed)
    if name != "bank":
        return (*head, float(exposed) / float(value) if value else None, *counts)
    goods = sum((one["amount"] for one in ones if one["goods"]), Decimal())
    before = [
        one["nexus"]
        for (bank, _), group in banks.items()
        if bank == key[0]
        for one, _ in group
        if one["day"] < date(2023, 12, 22)
    ]
    share = round(sum(before) / len(before), 9) if before else None
    return (*head, *counts, goods, max(one["depth"] for one in ones), share)


@pytest.mark.parametrize("seed", range(12))
def test_sums_by_day_equal_reading_everything(seed: int) -> None:
    rng = random.Random(seed)
    payments = [f"P-{n}" for n in range(25)]
    archive: list[Stored] = []
    for night in range(7):
        for run in archive:
            if rng.random() < 0.15:
                run.gone.add(rng.randrange(2))
        current = [transfer(rng, f"t{night}-{n}", payments) for n in range(rng.randrange(1, 25))]
        months, stored = measured(current, archive)
        assert months == expected(current, archive)
        archive.append(stored)
    assert any(run.tables["joined_transfers"].num_rows for run in archive)
    assert any(run.tables["bank_days"].num_rows for run in archive)

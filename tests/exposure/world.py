"""A small warehouse for one test: rows with every field defaulted, then `assess`."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Self

import pyarrow as pa

from scanner import reference
from scanner.exposure import assess
from scanner.schema import TABLES, Table
from scanner.warehouse import Warehouse, load_relations

_UNDECLARED_OWNERSHIP = """
    CREATE TABLE effective_ownership (
        owned_key VARCHAR, owned_name VARCHAR, owned_country VARCHAR, owned_entry VARCHAR,
        valid_from DATE, valid_to DATE, direct_percent DOUBLE, effective_percent DOUBLE,
        eo14024_percent DOUBLE,
        layers INTEGER, owners VARCHAR[], path VARCHAR, is_blocked BOOLEAN,
        just_below_50 BOOLEAN, changed_after_designation BOOLEAN, has_unknown_share BOOLEAN
    )
"""
_FILLED = {"VARCHAR": "x", "BIGINT": 0, "INTEGER": 1, "DOUBLE": 0.0, "BOOLEAN": False}


def filled(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a declared table: what is not given is null, or a filler where that is not legal."""
    unknown = set(values) - set(table.column_names)
    assert not unknown, f"{table.name} has no {unknown}"
    return {
        c.name: values.get(c.name, None if c.nullable else _FILLED.get(c.sql_type))
        for c in table.columns
    }


HASH_KEYS = """
    UPDATE {table} SET
        payment_hash = md5_number_lower(payment_id),
        debtor_hash = md5_number_lower(debtor_key),
        creditor_hash = md5_number_lower(creditor_key),
        debtor_name_hash = md5_number_lower(debtor_name_key),
        contract_hash = md5_number_lower(contract_key || '|' || creditor_key)
"""
"""What stored transfers of a test's history would have been written with."""

GOODS_OF_HISTORY = """
    INSERT INTO history_goods_transfers BY NAME
    SELECT
        transaction_id, payment_id, value_date, coalesce(amount_usd, 0) AS amount_usd, debtor_key,
        creditor_key, debtor_country, creditor_country
    FROM history_transfer_facts
    WHERE coalesce(is_lead, TRUE)
        AND value_date IS NOT NULL
        AND (chpl_tier IS NOT NULL OR item_category IS NOT NULL)
"""
"""What the runs of a test's history would have kept of their goods."""


class World:
    """Collects rows, then assesses them in a warehouse of its own."""

    def __init__(self, *, as_of: date | None = None) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.as_of = as_of
        self.ownership: list[dict[str, Any]] = []
        self._count = 0

    def add(self, table: str, **values: Any) -> Self:
        """Add a row of a declared table or of a history table."""
        declared = TABLES[table.removeprefix("history_")]
        self.rows.setdefault(table, []).append(filled(declared, values))
        return self

    def pay(
        self,
        transaction_id: str,
        *,
        on: str | None = "2024-09-02",
        usd: float = 50_000,
        debtor: str = "Alder Trading",
        creditor: str = "Birch Works",
        debtor_country: str | None = "TR",
        creditor_country: str | None = "DE",
        text: str | None = None,
        texts: Sequence[tuple[str, str]] = (),
        kind: str = "customer_transfer",
        history: bool = False,
        debtor_address: str | None = None,
        creditor_address: str | None = None,
        message: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> Self:
        """Add a transfer with its message, its two customers and its texts."""
        self._count += 1
        value_date = date.fromisoformat(on) if on else None
        row = {
            "transaction_id": transaction_id,
            "message_id": f"m-{transaction_id}",
            "ordinal": 1,
            "payment_id": f"P-{transaction_id}",
            "reference": transaction_id,
            "message_type": "MT103",
            "kind": kind,
            "value_date": value_date,
            "currency": "USD",
            "amount": Decimal(str(usd)),
            "amount_usd": Decimal(str(usd)),
            "debtor_name": debtor,
            "debtor_country": debtor_country,
            "creditor_name": creditor,
            "creditor_country": creditor_country,
            "is_counted": True,
            **more,
        }
        prefix = "history_" if history else ""
        self.add(f"{prefix}transactions", **row)
        self.add(
            f"{prefix}messages",
            message_id=row["message_id"],
            message_type=row["message_type"],
            **(message or {}),
        )
        if history:
            return self
        for role, name, country, address, account in (
            ("debtor", debtor, debtor_country, debtor_address, row.get("debtor_account")),
            ("creditor", creditor, creditor_country, creditor_address, row.get("creditor_account")),
        ):
            self.party(
                transaction_id, role, name, country=country, address=address, account=account
            )
        for text_kind, words in (
            *((("remittance_information", text),) if text else ()),
            *texts,
        ):
            self.add(
                "texts",
                transaction_id=transaction_id,
                kind=text_kind,
                ordinal=len(self.rows.get("texts", [])) + 1,
                text=words,
                field_path="70",
            )
        return self

    def party(
        self, transaction_id: str, role: str, name: str | None, *, agent: bool = False, **more: Any
    ) -> Self:
        """Add a party."""
        return self.add(
            "parties",
            **{
                "transaction_id": transaction_id,
                "role": role,
                "is_agent": agent,
                "name": name,
                "raw": name,
                "field_path": role,
                **more,
            },
        )

    def entry(self, entry_id: str, name: str, **more: Any) -> Self:
        """Add a list entry, blocked under E.O. 14024 unless said otherwise."""
        values = {
            "entry_id": entry_id,
            "list": entry_id.split(":", maxsplit=1)[0],
            "entry_name": name,
            "entry_type": "entity",
            "measure": "blocking",
            "eo14024_blocked": True,
            "section_11_remark": True,
            **more,
        }
        return self.add("list_entries", **values)

    def bic(self, entry_id: str, bic: str) -> Self:
        """Give a list entry a BIC."""
        return self.add(
            "list_identifiers",
            entry_id=entry_id,
            list=entry_id.split(":", maxsplit=1)[0],
            kind="bic",
            value=bic,
        )

    def hit(self, transaction_id: str, entry_id: str, *, score: float = 0.97, **more: Any) -> Self:
        """Add a hit on the creditor, by name unless said otherwise."""
        values = {
            "hit_id": f"h{len(self.rows.get('hits', []))}",
            "transaction_id": transaction_id,
            "role": None if "text_kind" in more else "creditor",
            "field_path": "59",
            "matched_text": "Birch Works",
            "list": entry_id.split(":", maxsplit=1)[0],
            "list_version": "v1",
            "entry_id": entry_id,
            "match_kind": "name",
            "score": score,
            "because": "same words",
            **more,
        }
        return self.add("hits", **values)

    def owned(self, key: str, name: str, percent: float, **more: Any) -> Self:
        """Add a firm that blocked persons own, as the ownership room states it."""
        self.ownership.append(
            {
                "owned_key": key,
                "owned_name": name,
                "effective_percent": percent,
                "eo14024_percent": percent,
                "is_blocked": percent >= 50,
                "just_below_50": 40 <= percent < 50,
                "changed_after_designation": False,
                **more,
            }
        )
        self.add("ownership", owner_name="Someone", owned_name=name, source="test")
        return self

    def warehouse(self, make: Callable[[], Warehouse] = Warehouse) -> Warehouse:
        """The tables as the stages before leave them."""
        warehouse = make()
        for name in (
            "messages", "transactions", "payments", "parties", "texts", "list_entries",
            "list_names", "list_identifiers", "list_addresses", "ownership", "customers", "hits",
        ):  # fmt: skip
            warehouse.create(TABLES[name])
        for name in (
            "messages", "transactions", "transfer_facts", "bank_incident_facts",
            "listed_account_facts", "refusal_facts", "joined_transfers", "bank_days",
            "customer_days", "corridor_days", "piece_prices", "passing_facts", "move_facts",
            "goods_transfers",
        ):  # fmt: skip
            warehouse.create_like(f"history_{name}", TABLES[name])
        # No stored sums stand for the transfers of a test's history.
        warehouse.execute("CREATE VIEW history_cut_transfer_facts AS FROM history_transfer_facts")
        warehouse.execute(_UNDECLARED_OWNERSHIP)
        for row in self.ownership:
            marks = ", ".join("?" for _ in row)
            warehouse.execute(
                f"INSERT INTO effective_ownership ({', '.join(row)}) VALUES ({marks})",
                list(row.values()),
            )
        for table, rows in self.rows.items():
            declared = table.removeprefix("history_")
            data = pa.Table.from_pylist(rows, TABLES[declared].arrow_schema)
            warehouse.append(declared, data, into=table)
        warehouse.execute(HASH_KEYS.format(table="history_transfer_facts"))
        warehouse.execute(GOODS_OF_HISTORY)
        self._add_payments(warehouse)
        self._add_refusals_of_history(warehouse)
        for name in reference.names():
            warehouse.load(f"ref_{name}", reference.table(name))
        run = pa.table(
            {
                "run_id": ["r1"],
                "as_of": pa.array([self.as_of], pa.date32()),
                "home_bic8s": pa.array([["HOMETRIS"]], pa.list_(pa.string())),
                "home_countries": pa.array([["TR"]], pa.list_(pa.string())),
                "obligation_threshold": [0.85],
            }
        )
        warehouse.load("run", run)
        return warehouse

    @staticmethod
    def _add_payments(warehouse: Warehouse) -> None:
        warehouse.execute(
            """
            INSERT INTO payments BY NAME
            SELECT
                payment_id,
                count(*) AS transaction_count,
                list(message_type ORDER BY transaction_id) AS message_types,
                [] AS linked_by,
                min_by(transaction_id, (kind <> 'customer_transfer', transaction_id))
                    AS lead_transaction_id,
                'open' AS status
            FROM transactions GROUP BY payment_id
            """
        )

    @staticmethod
    def _add_refusals_of_history(warehouse: Warehouse) -> None:
        """What the earlier runs had kept of their refusals."""
        (facts,) = (r for r in load_relations("exposure/facts") if r.makes == "refusal_facts")
        kept = facts.sql.replace("FROM transactions", "FROM history_transactions").replace(
            "JOIN messages", "JOIN history_messages"
        )
        warehouse.execute(f"INSERT INTO history_refusal_facts BY NAME {kept}")

    def assessed(self) -> "Assessed":
        """Assess the rows."""
        warehouse = self.warehouse()
        assess(warehouse)
        return Assessed(warehouse)


class Assessed:
    """What was found."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse

    def found(self, transaction_id: str) -> dict[str, dict[str, Any]]:
        """Evidence of each indicator found on a transaction, by code."""
        return self._of(transaction_id, "found")

    def not_assessable(self, transaction_id: str) -> dict[str, dict[str, Any]]:
        """Why each indicator could not be assessed, by code."""
        return self._of(transaction_id, "not_assessable")

    def _of(self, transaction_id: str, outcome: str) -> dict[str, dict[str, Any]]:
        rows = self.warehouse.rows(
            "SELECT code, evidence FROM indicators WHERE transaction_id = ? AND outcome = ?"
            " ORDER BY code, evidence",
            [transaction_id, outcome],
        )
        return {code: json.loads(evidence) for code, evidence in rows}

    def obligations(self, transaction_id: str) -> dict[str, str]:
        """Band floor of each hard rule that fired, by code."""
        return dict(
            self.warehouse.rows(
                "SELECT code, band_floor FROM obligations WHERE transaction_id = ?",
                [transaction_id],
            )
        )

    def limbs(self, transaction_id: str) -> tuple[str, str]:
        """Persons limb and items limb."""
        persons, items = self.warehouse.row(
            "SELECT limb_persons, limb_items FROM limbs WHERE transaction_id = ?",
            [transaction_id],
        )
        return persons, items

    def exceptions(self, transaction_id: str) -> set[str]:
        """Codes of the licences that may apply."""
        rows = self.warehouse.rows(
            "SELECT code FROM exceptions WHERE transaction_id = ?", [transaction_id]
        )
        return {code for (code,) in rows}

"""Linking: a transfer, its cover, its return and its copies are one payment, counted once."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from scanner import ingest, reference
from scanner.schema import TABLES
from scanner.warehouse import Warehouse, load_relations
from tests.pipeline.payments import Payment, rje

UETR = "8a562c67-ca16-4abc-b074-65581be6f001"


def linked(tmp_path: Path, *files: bytes, history: Sequence[dict[str, Any]] = ()) -> Warehouse:
    warehouse = Warehouse()
    for name in ("messages", "transactions"):
        warehouse.create_like(f"read_{name}", TABLES[name])
        warehouse.create_like(f"history_{name}", TABLES[name])
    rows = pa.Table.from_pylist(list(history), TABLES["transactions"].arrow_schema)
    warehouse.append("transactions", rows, into="history_transactions")
    for number, content in enumerate(files):
        (tmp_path / f"{number}.fin").write_bytes(content)
    for batch in ingest.read_sources(sorted(tmp_path.glob("*.fin"))):
        warehouse.append("messages", batch.messages, into="read_messages")
        warehouse.append("transactions", batch.transactions, into="read_transactions")
    warehouse.load("ref_fx_rates", reference.table("fx_rates"))
    warehouse.build_all(load_relations("canonical"))
    return warehouse


def other(kind: str, body: str, uetr: str = "") -> bytes:
    user = f"{{3:{{121:{uetr}}}}}" if uetr else ""
    text = f"{{1:F01QQBBTRISAXXX0000000002}}{{2:I{kind}QQAADEFFXXXXN}}{user}{{4:\n{body}\n-}}"
    return text.replace("\n", "\r\n").encode()


COVER = (
    ":20:COVER001\n:21:TRANSFER1\n:32A:240815EUR125000,\n:58A:QQAADEFFXXX\n:50K:/1\nA\n:59:/2\nB"
)
RETURN = ":20:RETURN01\n:21:TRANSFER1\n:79:/RETN/59\n/AC01/CLOSED\n/MREF/TRANSFER1"


def test_a_cover_is_linked_to_its_transfer_by_reference_and_amount(tmp_path: Path) -> None:
    with linked(tmp_path, rje([Payment("TRANSFER1")]), other("202", COVER)) as warehouse:
        (row,) = warehouse.rows("SELECT transaction_count, message_types, amount FROM payments")
    assert row[0] == 2
    assert sorted(row[1]) == ["MT103", "MT202COV"]
    assert float(row[2]) == 125000


def test_an_equal_reference_with_another_amount_links_nothing(tmp_path: Path) -> None:
    with linked(
        tmp_path, rje([Payment("TRANSFER1")]), other("202", COVER.replace("125000", "99"))
    ) as warehouse:
        assert warehouse.count("payments") == 2


def test_a_copy_is_kept_but_not_counted(tmp_path: Path) -> None:
    with linked(tmp_path, rje([Payment("TRANSFER1")]), rje([Payment("TRANSFER1")])) as warehouse:
        assert warehouse.count("messages") == 2
        counted = warehouse.rows("SELECT is_counted FROM transactions ORDER BY is_counted")
        (value,) = warehouse.row("SELECT sum(amount_usd) FROM transactions WHERE is_counted")
    assert counted == [(False,), (True,)]
    assert 100_000 < float(value) < 150_000


def test_a_late_cover_takes_the_payment_of_an_earlier_run(tmp_path: Path) -> None:
    stored = {
        "transaction_id": "old-1", "message_id": "old", "ordinal": 1, "payment_id": "P-stored",
        "reference": "TRANSFER1", "message_type": "MT103", "kind": "customer_transfer",
        "currency": "EUR", "amount": 125000,
    }  # fmt: skip
    with linked(tmp_path, other("202", COVER), history=[stored]) as warehouse:
        assert warehouse.rows("SELECT payment_id FROM transactions") == [("P-stored",)]


def test_reasons_are_told_apart(tmp_path: Path) -> None:
    reasons = {
        "/RR04/REGULATORY": "compliance",
        "/AC01/CLOSED": "technical",
        "/BE04/NO TOWN": "address_format",
        "/CUST/ASKED BY CUSTOMER": "customer",
        "RETURNED DUE TO OFAC": "compliance",
    }
    for number, (reason, expected) in enumerate(reasons.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        body = RETURN.replace("/AC01/CLOSED", reason)
        with linked(folder, other("199", body)) as warehouse:
            assert warehouse.rows("SELECT reason_class FROM transactions") == [(expected,)], reason


def test_every_transaction_has_exactly_one_payment(tmp_path: Path) -> None:
    payments = [Payment(f"TRANSFER{n}") for n in range(30)]
    with linked(tmp_path, rje(payments), other("202", COVER, UETR)) as warehouse:
        assert warehouse.row("SELECT sum(transaction_count) FROM payments") == (31,)
        assert warehouse.row("SELECT count(DISTINCT transaction_id) FROM transactions") == (31,)

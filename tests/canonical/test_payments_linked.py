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


def test_a_copy_with_other_line_ends_and_trailers_is_the_same_message(tmp_path: Path) -> None:
    copy = rje([Payment("TRANSFER1")]).replace(b"\r\n", b"\n") + b"{5:{CHK:1}{PDE:}}"
    with linked(tmp_path, rje([Payment("TRANSFER1")]), copy) as warehouse:
        assert warehouse.row("SELECT count(*), count(duplicate_of) FROM messages") == (2, 1)


def test_a_reject_without_amount_finds_the_newest_transfer_between_the_two_banks(
    tmp_path: Path,
) -> None:
    transfers = [
        other("103", f":20:TRANSFER1\n:32A:{day}EUR{amount},\n:50K:/1\nA\n:59:/2\nB")
        for day, amount in (("230110", 7), ("240815", 8))
    ]
    reject = other("199", ":20:REJECT01\n:21:TRANSFER1\n:79:/REJT/59\n/AC01/CLOSED")
    answered = reject.replace(b"QQBBTRISAXXX0000000002", b"QQAADEFFAXXX0000000002").replace(
        b"I199QQAADEFFXXXX", b"I199QQBBTRISXXXX"
    )
    with linked(tmp_path, *transfers, answered) as warehouse:
        found = warehouse.rows("SELECT amount, status FROM payments ORDER BY amount")
    assert [(int(amount), status) for amount, status in found] == [(7, "open"), (8, "rejected")]


def test_the_original_named_in_a_text_is_linked(tmp_path: Path) -> None:
    transfer = rje([Payment("TRANSFER1")]).replace(b"{4:", b"{3:{121:%b}}{4:" % UETR.encode(), 1)
    reject = other("199", f":20:REJECT01\n:21:NONREF\n:79:/REJT/99\n/TEXT//UETR/{UETR}")
    with linked(tmp_path, transfer, reject) as warehouse:
        assert warehouse.rows("SELECT transaction_count, status FROM payments") == [(2, "rejected")]


def test_equal_references_of_a_payroll_or_of_each_month_are_payments_of_their_own(
    tmp_path: Path,
) -> None:
    months = [
        other("103", f":20:RENT0001\n:32A:24{month:02}01EUR900,\n:50K:/1\nA\n:59:/2\nB")
        for month in range(1, 7)
    ]
    payroll = ":20:ALL\n:30:240815" + 3 * "\n:21:SALARY2024\n:32B:EUR5,\n:59:/2\nB"
    with linked(tmp_path, *months, other("101", payroll)) as warehouse:
        assert warehouse.count("payments") == 6 + 3


def test_the_continuation_of_a_credit_belongs_to_it(tmp_path: Path) -> None:
    credit = ":20:CREDIT01\n:27:1/2\n:50:A\n:59:B\n:32B:USD9,\n:45A:BEARINGS"
    more = ":20:CREDIT01\n:27:2/2\n:45A:AND MORE"
    with linked(tmp_path, other("700", credit), other("701", more)) as warehouse:
        assert warehouse.rows("SELECT transaction_count FROM payments") == [(2,)]


def test_the_legs_of_each_public_use_case_are_one_payment(corpus: Path, tmp_path: Path) -> None:
    """All messages of a chain that name a UETR or bear the same reference and amount."""
    for folder in ("chains-mx-mt", "chains-mt-mx"):
        for path in ingest.find_sources([str(corpus / folder)]):
            (tmp_path / f"{folder}-{path.name}.fin").write_bytes(path.read_bytes())
    with linked(tmp_path) as warehouse:
        split = warehouse.rows(
            "SELECT uetr FROM transactions WHERE uetr IS NOT NULL"
            " GROUP BY uetr HAVING count(DISTINCT payment_id) > 1"
        )
        mixed = warehouse.row(
            "SELECT count(DISTINCT format) FROM messages JOIN transactions USING (message_id)"
            " WHERE payment_id IN (SELECT payment_id FROM transactions WHERE kind = 'cover')"
        )
        alone = warehouse.row(
            "SELECT count(*) FROM transactions JOIN payments USING (payment_id)"
            " WHERE kind IN ('return', 'reject', 'cover', 'status') AND transaction_count = 1"
        )
    assert split == []
    assert mixed == (2,), "MT and MX of one chain meet"
    assert alone == (0,), "what speaks of another message is never alone"


def test_every_transaction_has_exactly_one_payment(tmp_path: Path) -> None:
    payments = [Payment(f"TRANSFER{n}") for n in range(30)]
    with linked(tmp_path, rje(payments), other("202", COVER, UETR)) as warehouse:
        assert warehouse.row("SELECT sum(transaction_count) FROM payments") == (31,)
        assert warehouse.row("SELECT count(DISTINCT transaction_id) FROM transactions") == (31,)

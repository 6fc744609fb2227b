"""What banks write to each other about a transfer: cancellations, enquiries, answers, refusals."""

from typing import Any

import pytest

from scanner.ingest.fin import read_fin
from scanner.ingest.mt import read_mt

UETR = "8a562c67-ca16-48ba-b074-65581be6f001"


def only(message_type: str, body: str) -> dict[str, Any]:
    text = (
        f"{{1:F01QQBBTRISAXXX0000000001}}{{2:I{message_type}QQAADEFFXXXXN}}"
        f"{{4:\n:20:OWN1\n:21:ORIGREF01\n{body}\n-}}"
    ).replace("\n", "\r\n")
    (transaction,) = read_mt(read_fin(text), {"message_id": "m"}).transactions
    return transaction


COPIES = ":20:ORIGREF01\n:21:OTHER\n:32A:240815EUR10,\n:50K:/1\nPAYER\n:59:/2\nPAYEE"


@pytest.mark.parametrize("message_type", ["192", "292", "195", "295", "196", "296"])
def test_what_is_copied_from_the_original_does_not_replace_the_messages_own(
    message_type: str,
) -> None:
    made = only(message_type, f":11S:103\n240815\n1234567890\n{COPIES}")
    assert (made["reference"], made["related_reference"]) == ("OWN1", "ORIGREF01")
    assert (made["debtor_name"], made["creditor_name"]) == ("PAYER", "PAYEE")


@pytest.mark.parametrize(
    ("message_type", "body", "kind", "status", "code", "has_text"),
    [
        ("192", ":79:/CUST/", "cancellation", None, "CUST", True),
        ("292", ":79:/AM09/\nWRONG AMOUNT", "cancellation", None, "AM09", True),
        ("192", ":79:PLEASE CANCEL", "cancellation", None, None, False),
        ("196", ":76:/CNCL/", "answer", "CNCL", None, False),
        ("296", ":76:/PDCR/", "answer", "PDCR", None, False),
        ("196", ":76:/RJCR/LEGL", "answer", "RJCR", "LEGL", True),
        ("196", ":76:/RJCR/\n/AC04/", "answer", "RJCR", "AC04", True),
        ("196", ":76:/1/MONEY WAS PAID", "answer", None, None, False),
        ("195", ":75:UNABLE TO PAY DUE TO OFAC RULES", "enquiry", None, None, True),
        ("199", ":79:RETURNED FOR COMPLIANCE REASONS", "free_format", None, None, True),
        ("199", ":79:PLEASE CONFIRM RECEIPT", "free_format", None, None, False),
        ("299", ":79:/RETN/99\n/AC04/CLOSED\n/MREF/ORIGREF01", "return", None, "AC04", True),
        ("199", f":79:/REJT/59\n/RR04/\n/TEXT//UETR/{UETR}", "reject", None, "RR04", True),
    ],
)
def test_kind_status_and_reason(
    message_type: str,
    body: str,
    kind: str,
    status: str | None,
    code: str | None,
    has_text: bool,
) -> None:
    made = only(message_type, body)
    told = (made["kind"], made.get("status_code"), made.get("reason_code"))
    assert told == (kind, status, code)
    assert bool(made.get("reason_text")) == has_text


def test_an_empty_reference_is_none() -> None:
    assert only("192", ":79:/CUST/").get("related_reference") == "ORIGREF01"
    text = (
        "{1:F01QQBBTRISAXXX0000000001}{2:I192QQAADEFFXXXXN}{4:\r\n:20:\r\n:21:\r\n:79:/CUST/\r\n-}"
    )
    (made,) = read_mt(read_fin(text), {"message_id": "m"}).transactions
    assert (made["reference"], made["related_reference"]) == (None, None)


def test_a_bank_by_name_has_the_country_of_its_address() -> None:
    text = (
        "{1:F01QQBBTRISAXXX0000000001}{2:I202QQAADEFFXXXXN}{4:\r\n:20:A\r\n:21:B\r\n"
        ":32A:240815KWD1,125\r\n:52D:BANK ONE\r\nTASHKENT UZ\r\n:58D:/1\r\nBANK TWO\r\nMOSCOW\r\n"
        "RUSSIA\r\n-}"
    )
    made = read_mt(read_fin(text), {"message_id": "m"})
    assert [(p["role"], p["country"], p["country_source"]) for p in made.parties] == [
        ("debtor", "UZ", "address_text"),
        ("creditor", "RU", "address_text"),
    ]

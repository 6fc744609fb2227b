"""Messages that list transfers: which fields belong to which, and what holds for all of them."""

from decimal import Decimal
from typing import Any

import pytest

from scanner.ingest.fin import UnreadableFinError, read_fin
from scanner.ingest.mt import read_mt
from scanner.ingest.rows import Rows
from tests.ingest.test_fin import BASIC, COVER, HEAD, fin

BARE = HEAD.replace("{119:STP}", "")


def rows(message_type: str, body: str) -> Rows:
    return read_mt(
        read_fin(fin(body, BARE.replace("I103", f"I{message_type}"))), {"message_id": "m"}
    )


def facts(message_type: str, body: str) -> list[tuple[Any, ...]]:
    # Field 59 is who is paid, but of a direct debit who pays.
    other = "debtor_name" if message_type == "104" else "creditor_name"
    return [
        (t.get("reference"), t.get("amount"), str(t.get("value_date")), t.get(other))
        for t in rows(message_type, body).transactions
    ]


@pytest.mark.parametrize(
    ("message_type", "body"),
    [
        ("101", (":20:ALL\n:28D:1/1\n:30:240815\n:21:A\n:32B:EUR1,\n:59:/1\nFIRST\n"
                ":21:B\n:32B:EUR2,\n:59:/2\nSECOND")),
        ("102", (":20:ALL\n:23:CREDIT\n:21:A\n:32B:EUR1,\n:59:/1\nFIRST\n"
                ":21:B\n:32B:EUR2,\n:59:/2\nSECOND\n:32A:240815EUR3,\n:19:3,")),
        ("104", (":20:ALL\n:30:240815\n:21:A\n:32B:EUR1,\n:59:/1\nFIRST\n"
                ":21:B\n:32B:EUR2,\n:59:/2\nSECOND\n:32B:EUR3,\n:19:3,")),
        ("110", (":20:ALL\n:21:A\n:30:240815\n:32B:EUR1,\n:59:/1\nFIRST\n"
                ":21:B\n:30:240815\n:32B:EUR2,\n:59:/2\nSECOND")),
        ("201", (":19:3,\n:30:240815\n:20:A\n:32B:EUR1,\n:59:/1\nFIRST\n"
                ":20:B\n:32B:EUR2,\n:59:/2\nSECOND")),
        ("203", (":19:3,\n:30:240815\n:20:A\n:21:X\n:32B:EUR1,\n:59:/1\nFIRST\n"
                ":20:B\n:21:Y\n:32B:EUR2,\n:59:/2\nSECOND")),
        ("204", (":20:ALL\n:19:3,\n:30:240815\n:20:A\n:32B:EUR1,\n:59:/1\nFIRST\n"
                ":20:B\n:32B:EUR2,\n:59:/2\nSECOND")),
    ],
)  # fmt: skip
def test_each_transfer_has_its_own_amount_and_the_common_date(message_type: str, body: str) -> None:
    assert facts(message_type, body) == [
        ("A", Decimal(1), "2024-08-15", "FIRST"),
        ("B", Decimal(2), "2024-08-15", "SECOND"),
    ]


def test_the_reference_of_an_earlier_message_is_related() -> None:
    made = rows("203", ":19:1,\n:30:240815\n:20:A\n:21:EARLIER\n:32B:EUR1,\n:58A:QQAADEFF")
    assert made.transactions[0]["related_reference"] == "EARLIER"


def test_who_instructs_stays_when_a_transfer_names_who_pays() -> None:
    body = (
        ":20:ALL\n:50C:QQBBTRISXXX\n:30:240815\n:21:A\n:32B:EUR1,\n"
        ":50K:/1\nPAYER\n:59:/2\nPAYEE"
    )  # fmt: skip
    roles = {p["role"]: p.get("name") or p.get("bic") for p in rows("101", body).parties}
    assert roles["debtor"] == "PAYER"
    assert "initiating_party" in roles


def test_a_notice_that_names_the_customer_has_the_customer_as_debtor() -> None:
    body = ":20:N\n:21:R\n:25:1\n:32A:240815EUR5,\n:50K:/1\nPAYER\n:52A:QQBBTRISXXX"
    made = rows("910", body)
    assert made.transactions[0]["debtor_name"] == "PAYER"
    assert {p["role"] for p in made.parties} == {"account_owner", "debtor", "debtor_agent"}
    (without,) = rows("910", body.replace(":50K:/1\nPAYER\n", "")).transactions
    assert without["debtor_name"] == "QQBBTRISXXX"


def test_texts_of_a_credit_that_share_a_number_with_a_party_are_texts() -> None:
    body = (
        ":20:LC\n:31D:241231ANKARA\n:50:APPLICANT\n:59:BENEFICIARY\n:32B:USD9,\n"
        ":41D:ANY BANK\n:42C:90 DAYS AFTER SIGHT\n:42A:QQBBTRISXXX\n:45A:BEARINGS"
    )
    made = rows("700", body)
    assert {p["role"] for p in made.parties} == {"debtor", "creditor", "available_with", "drawee"}
    assert "90 DAYS AFTER SIGHT" in [t["text"] for t in made.texts]


@pytest.mark.parametrize(
    ("message_type", "body", "code"),
    [
        ("103", BASIC + "\n" + BASIC, "doubled"),
        ("202", COVER + "\n" + COVER, "doubled"),
        ("101", ":20:X\n:30:241315\n:21:A\n:32B:EUR1,\n:59:/1\nFIRST", "date"),
        ("103", BASIC.replace("EUR1234,5", "EUR" + "9" * 30), "amount"),
        ("103", BASIC.replace("EUR1234,5", "EUR1,1234567"), "amount"),
        ("103", BASIC.replace("EUR1234,5", "EUR١٢"), "amount"),
        ("201", ":19:1,\n:30:240815\n:20:A\n:57A:QQAADEFF", "no_amount"),
    ],
)  # fmt: skip
def test_what_cannot_be_trusted_is_refused(message_type: str, body: str, code: str) -> None:
    with pytest.raises(UnreadableFinError) as refused:
        rows(message_type, body)
    assert refused.value.code == code

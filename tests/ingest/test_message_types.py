"""One message of each type that an archive holds: kind, references, money, who is named."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from scanner.ingest.fin import read_fin
from scanner.ingest.mt import read_mt
from scanner.ingest.rows import Rows

DAY = date(2024, 8, 15)


def rows(message_type: str, body: str) -> Rows:
    text = f"{{1:F01QQBBTRISAXXX0000000001}}{{2:I{message_type}QQAADEFFXXXXN}}{{4:\n{body}\n-}}"
    return read_mt(read_fin(text.replace("\n", "\r\n")), {"message_id": "m"})


CREDIT = (
    ":27:1/1\n:40A:IRREVOCABLE\n:20:LC001234\n:31C:240801\n:31D:241231TASHKENT\n"
    ":51D:APPLICANTS BANK\nALMATY KZ\n:50:APPLICANT LLP\nALMATY KZ\n:59:SELLER SRL\nMILANO ITALY\n"
    ":32B:EUR1000000,00\n:41D:ANY BANK\n:42C:SIGHT\n:42A:QQAADEFF\n:44E:GENOA\n"
    ":44F:POTI GEORGIA\n:44B:ASTRAKHAN RUSSIA\n:45A:BALL BEARINGS\n:46A:INVOICE\n:47A:NO REUSE\n"
    ":53A:QQCCUS33\n:57D:ADVISING BANK\nROMA IT\n:78:PAY\n:72Z:/PHONBEN/"
)
GUARANTEE = (
    ":15A:\n:27:1/1\n:22A:ISSU\n:15B:\n:20:GUARANTEE1\n:30:240801\n:22D:DGAR\n:50:APPLICANT\n"
    ":51:OBLIGOR\n:52A:QQBBTRIS\n:59:BENEFICIARY\nMOSCOW RU\n:32B:EUR500,00\n:57A:QQAADEFF\n"
    ":77U:WE GUARANTEE TURBINES\n:45L:CONTRACT 55"
)

Expected = tuple[str, str | None, str | None, str | None, Decimal | None, date | None]

CASES: dict[str, tuple[str, str, Expected, dict[str, str | None]]] = {
    "110": (
        "110",
        (":20:S1\n:53A:QQCCUS33\n:21:CHEQUE1\n:30:240815\n:32B:USD100,5\n:50K:DRAWER\nIZMIR TR\n"
        ":52D:BANK\nTASHKENT UZ\n:59:PAYEE\nDUBAI AE"),
        ("cheque", "CHEQUE1", None, "USD", Decimal("100.5"), DAY),
        {"debtor": "TR", "debtor_agent": "UZ", "creditor": "AE", "senders_correspondent": "US"},
    ),
    "200": (
        "200",
        ":20:A1\n:32A:240815JPY5\n:53B:/1\n:56A:QQCCUS33\n:57A:QQAADEFF",
        ("bank_transfer", "A1", None, "JPY", Decimal(5), DAY),
        {"senders_correspondent": None, "intermediary_agent_1": "US", "creditor_agent": "DE"},
    ),
    "202": (
        "202",
        (":20:C1\n:21:ORIGINAL1\n:32A:240815KWD1234,567\n:52A:QQBBTRIS\n:54D:BANK\nDOHA QA\n"
        ":57C://RU044525225\n:58D:/1\nBANK\nMOSCOW RU\n:72:/BNF/X"),
        ("bank_transfer", "C1", "ORIGINAL1", "KWD", Decimal("1234.567"), DAY),
        {"debtor": "TR", "receivers_correspondent": "QA", "creditor_agent": "RU", "creditor": "RU"},
    ),
    "700": (
        "700",
        CREDIT,
        ("letter_of_credit", "LC001234", None, "EUR", Decimal(1_000_000), None),
        {
            "applicant_agent": "KZ", "debtor": "KZ", "creditor": "IT", "available_with": None,
            "drawee": "DE", "reimbursing_bank": "US", "advise_through_bank": "IT",
        },
    ),
    "701": (
        "701",
        ":27:2/2\n:20:LC001234\n:45A:MORE BEARINGS\n:46A:MORE PAPERS",
        ("letter_of_credit", "LC001234", None, None, None, None),
        {},
    ),
    "705": (
        "705",
        (":20:LC001234\n:31D:241231TBILISI\n:50:APPLICANT\n:59:SELLER\n:32B:USD5,\n:45A:GOODS\n"
        ":57A:QQAADEFF\n:79:TEXT"),
        ("letter_of_credit", "LC001234", None, "USD", Decimal(5), None),
        {"debtor": None, "creditor": None, "advise_through_bank": "DE"},
    ),
    "707": (
        "707",
        (":27:1/1\n:20:LC001234\n:21:RECEIVERS1\n:52A:QQBBTRIS\n:30:240901\n:59:SELLER\nBAKU AZ\n"
        ":32B:USD100,\n:44F:NOVOROSSIYSK\n:45B:/ADD/ DRONES"),
        ("letter_of_credit", "LC001234", "RECEIVERS1", "USD", Decimal(100), None),
        {"issuing_bank": "TR", "creditor": "AZ"},
    ),
    "720": (
        "720",
        (":27:1/1\n:20:TRANSFER1\n:21:LC001234\n:52A:QQBBTRIS\n:50:ONE SELLER\n:59:SECOND SELLER\n"
        ":32B:EUR3,\n:45A:GOODS"),
        ("letter_of_credit", "TRANSFER1", "LC001234", "EUR", Decimal(3), None),
        {"issuing_bank": "TR", "debtor": None, "creditor": None},
    ),
    "760": (
        "760",
        GUARANTEE,
        ("guarantee", "GUARANTEE1", None, "EUR", Decimal(500), None),
        {
            "debtor": None, "instructing_party": None, "issuing_bank": "TR", "creditor": "RU",
            "advise_through_bank": "DE",
        },
    ),
    "798": (
        "798",
        (":20:T1\n:12:770\n:77E:\n:21A:CUSTOMER1\n:20:LC99\n:32B:USD5,\n:50:APPLICANT\nTEHRAN IR\n"
        ":59:SELLER\n:45A:PUMPS"),
        ("free_format", "LC99", "CUSTOMER1", "USD", Decimal(5), None),
        {"debtor": "IR", "creditor": None},
    ),
    "900": (
        "900",
        ":20:C1\n:21:ORIGINAL1\n:25:1\n:13D:2408151200+0100\n:32A:240815EUR10,5\n:52A:QQBBTRIS",
        ("confirmation", "C1", "ORIGINAL1", "EUR", Decimal("10.5"), DAY),
        {"account_owner": None, "debtor": "TR"},
    ),
    "910": (
        "910",
        (":20:C1\n:21:ORIGINAL1\n:25:1\n:32A:240815EUR10,5\n:50F:/1\n1/PAYER\n3/TR/ANKARA\n"
        ":52A:QQBBTRIS\n:56A:QQCCUS33"),
        ("confirmation", "C1", "ORIGINAL1", "EUR", Decimal("10.5"), DAY),
        {"account_owner": None, "debtor": "TR", "debtor_agent": "TR", "intermediary_agent_1": "US"},
    ),
    "950": (
        "950",
        (":20:ST1\n:25:1\n:28C:1/1\n:60F:C240814JPY100\n:61:240815C10000,S103ORIGINAL1//BANKREF\n"
        ":62F:C240815JPY1"),
        ("statement_entry", "ST1", "ORIGINAL1", "JPY", Decimal(10_000), DAY),
        {"account_owner": None},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_type_gives_its_kind_money_and_parties(name: str) -> None:
    message_type, body, expected, parties = CASES[name]
    made = rows(message_type, body)
    (t,) = made.transactions
    told = ("kind", "reference", "related_reference", "currency", "amount", "value_date")
    assert tuple(t.get(key) for key in told) == expected
    assert {p["role"]: p.get("country") for p in made.parties} == parties
    assert len(made.parties) == len(parties)


def texts(message_type: str, body: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for text in rows(message_type, body).texts:
        found.setdefault(text["kind"], []).append(text["text"])
    return found


def test_a_credit_tells_goods_ports_papers_and_conditions() -> None:
    found = texts("700", CREDIT)
    assert found["goods_description"] == ["BALL BEARINGS"]
    assert found["shipment"] == ["GENOA", "POTI GEORGIA", "ASTRAKHAN RUSSIA"]
    assert found["documents_required"] == ["INVOICE"]
    assert found["additional_conditions"] == ["NO REUSE"]
    assert found["place"] == ["TASHKENT"]
    assert texts("760", GUARANTEE)["goods_description"] == ["CONTRACT 55"]
    assert texts("707", CASES["707"][1])["goods_description"] == ["/ADD/ DRONES"]


@pytest.mark.parametrize(
    ("message_type", "body", "expected"),
    [
        (
            "940",
            (
                ":20:ST1\n:25:1\n:28C:1/1\n:60F:C240814EUR100,\n:61:2408150815CR10,5NTRFONE//BANKREF\n"
                "DETAILS\n:86:?20INV 1?32PAYER\n:61:240815D3,NCHGTWO\n:86:FEES\n:62F:C240815EUR1,"
            ),
            [("ONE", "EUR", Decimal("10.5")), ("TWO", "EUR", Decimal(3))],
        ),
        (
            "942",
            ":20:ST1\n:25:1\n:28C:1/1\n:34F:EUR0,\n:61:240815C7,NTRFONE\n:86:X",
            [("ONE", "EUR", Decimal(7))],
        ),
    ],
)
def test_each_line_of_a_statement_is_an_entry(
    message_type: str, body: str, expected: list[tuple[Any, ...]]
) -> None:
    made = rows(message_type, body).transactions
    told = [(t["related_reference"], t["currency"], t["amount"]) for t in made]
    assert told == expected
    assert {t["kind"] for t in made} == {"statement_entry"}

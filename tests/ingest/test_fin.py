"""FIN messages: blocks, directions, fields and sequences; the unreadable is refused by name."""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.ingest.fin import UnreadableFinError, read_fin, swift_date
from scanner.ingest.mt import read_mt
from scanner.ingest.mt_party import read_party
from scanner.ingest.rows import Rows

HEAD = (
    "{1:F01QQBBTRISAXXX0000000001}{2:I103QQAADEFFXXXXN}"
    "{3:{119:STP}{121:8A562C67-ca16-48ba-b074-65581be6f001}}"
)


def fin(body: str, head: str = HEAD, tail: str = "{5:{CHK:123456789ABC}}") -> str:
    return f"{head}{{4:\r\n{body}\r\n-}}{tail}".replace("\r\n", "\n").replace("\n", "\r\n")


BASIC = (
    ":20:REF1\n:32A:240815EUR1234,5\n:50K:/123\nPAYER LTD\nSTREET 1\nISTANBUL TR\n"
    ":59:/456\nPAYEE GMBH\nBERLIN DE\n:71A:SHA"
)


def rows(text: str) -> Rows:
    return read_mt(read_fin(text), {"message_id": "m"})


def only(text: str) -> dict[str, Any]:
    (transaction,) = rows(text).transactions
    return transaction


def test_a_simple_transfer() -> None:
    made = rows(fin(BASIC))
    (message,), (transaction,) = made.messages, made.transactions
    assert message["message_type"] == "MT103"
    assert message["variant"] == "STP"
    assert message["uetr"] == "8a562c67-ca16-48ba-b074-65581be6f001"
    assert (message["direction"], message["sender_bic"], message["receiver_bic"]) == (
        "input",
        "QQBBTRIS",
        "QQAADEFF",
    )
    assert transaction["amount"] == Decimal("1234.5")
    assert (transaction["currency"], transaction["value_date"]) == ("EUR", date(2024, 8, 15))
    assert (transaction["debtor_name"], transaction["debtor_country"]) == ("PAYER LTD", "TR")
    assert (transaction["creditor_name"], transaction["creditor_account"]) == ("PAYEE GMBH", "456")
    assert transaction["charge_bearer"] == "SHAR"


def test_the_sender_of_an_output_message_stands_in_its_mir() -> None:
    head = "{1:F01QQBBTRISAXXX0000000001}{2:O1031200240815QQAADEFFAXXX00000000012408151201N}"
    (message,) = rows(fin(BASIC, head)).messages
    assert (message["direction"], message["sender_bic"], message["receiver_bic"]) == (
        "output",
        "QQAADEFF",
        "QQBBTRIS",
    )
    assert message["created_on"] == date(2024, 8, 15)


def test_text_that_looks_like_a_tag_opens_no_field() -> None:
    made = rows(fin(BASIC + "\n:70:INV :59:FALSE\n-DASH LINE\nTIME 12:30:00"))
    (text,) = [t for t in made.texts if t["kind"] == "remittance_information"]
    assert text["text"] == "INV :59:FALSE\n-DASH LINE\nTIME 12:30:00"
    assert made.transactions[0]["creditor_name"] == "PAYEE GMBH"


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        ("EUR1000,", "1000"),
        ("JPY500,", "500"),
        ("KWD1,234", "1.234"),
        ("EUR0,01", "0.01"),
        ("USD1234.56", "1234.56"),
    ],
)
def test_amounts(value: str, amount: str) -> None:
    assert only(fin(BASIC.replace("EUR1234,5", value)))["amount"] == Decimal(amount)


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (BASIC.replace("EUR1234,5", "EUR12X"), "amount"),
        (BASIC.replace("EUR1234,5", "EUR1.234,50"), "amount"),
        (BASIC.replace("240815EUR", "241315EUR"), "date"),
        (BASIC.replace(":32A:240815EUR1234,5\n", ""), "no_amount"),
    ],
)
def test_what_cannot_be_read_is_refused_and_never_null(broken: str, code: str) -> None:
    with pytest.raises(UnreadableFinError) as refused:
        rows(fin(broken))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{1:F01SHORT}{2:I103QQAADEFFXXXXN}{4:\r\n:20:X\r\n-}", "block_1"),
        ("{1:F01QQBBTRISAXXX0000000001}{4:\r\n:20:X\r\n-}", "block_2"),
        ("{1:F01QQBBTRISAXXX0000000001}{2:I103QQAADEFFXXXXN}", "no_block_4"),
        ("{1:F01QQBBTRISAXXX0000000001}{2:I103QQAADEFFXXXXN}{4:\r\n-}", "no_field"),
    ],
)
def test_damaged_blocks_are_named(text: str, code: str) -> None:
    with pytest.raises(UnreadableFinError) as refused:
        read_fin(text)
    assert refused.value.code == code


def test_a_missing_end_mark_is_repaired_and_told() -> None:
    (message,) = rows(f"{HEAD}{{4:\r\n{BASIC}".replace("\n", "\r\n")).messages
    assert message["repaired"]
    assert "no end mark" in message["repairs"][0]


COVER = (
    ":20:COV1\n:21:REF1\n:32A:240815EUR1234,5\n:52A:QQBBTRISXXX\n:57A:QQCCUS33XXX\n:58A:QQAADEFFXXX\n"
    ":50K:/123\nPAYER LTD\nISTANBUL TR\n:52A:QQDDAEADXXX\n:57A:QQEEDEFFXXX\n"
    ":59:/456\nPAYEE GMBH\nBERLIN DE\n:70:INVOICE 7"
)


def test_the_two_sequences_of_a_cover_stay_apart() -> None:
    made = rows(fin(COVER, HEAD.replace("I103", "I202").replace("119:STP", "119:COV")))
    parties = {(p["level"], p["role"]): p.get("bic") or p.get("name") for p in made.parties}
    assert parties == {
        ("A", "debtor"): "QQBBTRISXXX",
        ("A", "creditor_agent"): "QQCCUS33XXX",
        ("A", "creditor"): "QQAADEFFXXX",
        ("B", "debtor"): "PAYER LTD",
        ("B", "debtor_agent"): "QQDDAEADXXX",
        ("B", "creditor_agent"): "QQEEDEFFXXX",
        ("B", "creditor"): "PAYEE GMBH",
    }
    (transaction,) = made.transactions
    assert (transaction["kind"], transaction["debtor_name"]) == ("cover", "PAYER LTD")
    assert transaction["related_reference"] == "REF1"
    assert made.messages[0]["message_type"] == "MT202COV"


def test_a_message_of_many_transfers_gives_one_transaction_each() -> None:
    body = (
        ":20:ALL\n:50H:/123\nPAYER LTD\n:30:240815\n"
        ":21:A\n:32B:EUR1,\n:59:/1\nFIRST\n:21:B\n:32B:EUR2,\n:59:/2\nSECOND"
    )
    made = rows(fin(body, HEAD.replace("I103", "I101")))
    assert [(t["reference"], t["amount"], t["creditor_name"]) for t in made.transactions] == [
        ("A", Decimal(1), "FIRST"), ("B", Decimal(2), "SECOND"),
    ]  # fmt: skip
    assert {t["debtor_name"] for t in made.transactions} == {"PAYER LTD"}


@pytest.mark.parametrize(("mark", "kind"), [("RETN", "return"), ("REJT", "reject")])
def test_returns_and_rejects_carry_their_reason(mark: str, kind: str) -> None:
    body = f":20:R1\n:21:REF1\n:79:/{mark}/59\n/AC01/ACCOUNT CLOSED\n/MREF/REF1"
    made = only(fin(body, HEAD.replace("I103", "I199")))
    assert (made["kind"], made["reason_code"], made["related_reference"]) == (kind, "AC01", "REF1")


def test_a_structured_party_is_read_by_its_line_numbers() -> None:
    value = (
        "/TR330006100519786457841326\n1/PAYER LIMITED\n2/STREET 5\n3/TR/ISTANBUL\n4/19700203\n"
        "5/RU/MOSCOW"
    )
    made = read_party("F", value, is_agent=False)
    assert (made["name"], made["address"], made["town"]) == (
        "PAYER LIMITED",
        "STREET 5",
        "ISTANBUL",
    )
    assert (made["country"], made["country_source"]) == ("TR", "line_3")
    assert (made["birth_date"], made["birth_place"]) == (date(1970, 2, 3), "RU/MOSCOW")


def test_line_numbers_mean_nothing_without_option_f() -> None:
    made = read_party("K", "/1\nPAYER\n1/2 MAIN STREET\nLEEDS GB", is_agent=False)
    assert (made["name"], made["country"]) == ("PAYER", "GB")


@pytest.mark.parametrize(
    ("told", "country", "source"),
    [
        ("/ORDERRES/RU//MOSCOW", "RU", "regulatory"),
        ("/BENEFRES/DE//X\n/ORDERRES/KZ", "KZ", "regulatory"),
        ("/ORDERRES/ZZ//NO COUNTRY", None, None),
        ("/BENEFRES/RU//MOSCOW", None, None),
        ("//ORDERRES/RU", None, None),
    ],
)
def test_regulatory_reporting_tells_a_country_that_nothing_else_tells(
    told: str, country: str | None, source: str | None
) -> None:
    body = BASIC.replace("PAYER LTD\nSTREET 1\nISTANBUL TR", "PAYER LTD") + f"\n:77B:{told}"
    made = rows(fin(body))
    debtor, creditor = made.parties
    assert (debtor.get("country"), debtor.get("country_source")) == (country, source)
    assert made.transactions[0]["debtor_country"] == country
    assert (creditor["country"], creditor["country_source"]) == ("DE", "address_text")
    # What the party's own field says stands above it.
    own = rows(fin(f"{BASIC}\n:77B:{told}")).parties[0]
    assert (own["country"], own["country_source"]) == ("TR", "address_text")


def test_the_account_of_a_statement_is_its_owners() -> None:
    body = ":20:S1\n:25P:TR330006100519786457841326\nQQBBTRISXXX\n:28C:1/1\n:60F:C240815EUR1,"
    made = rows(fin(f"{body}\n:61:240815C5,NTRFREF\n:62F:C240815EUR6,", HEAD.replace("103", "940")))
    (owner,) = made.parties
    assert (owner["role"], owner["account"], owner["bic"], owner["country"]) == (
        "account_owner", "TR330006100519786457841326", "QQBBTRISXXX", "TR",
    )  # fmt: skip
    plain = rows(fin(":20:C1\n:25:/123\n:32A:240815EUR1,", HEAD.replace("103", "910"))).parties
    assert [(p["role"], p["account"], p["is_agent"]) for p in plain] == [
        ("account_owner", "123", False)
    ]


@pytest.mark.parametrize(
    ("money", "doubtful"),
    [
        ("JPY1000,", False), ("JPY1000,00", False), ("JPY1000,5", True), ("KWD1,125", False),
        ("KWD1,1255", True), ("EUR1,25", False), ("EUR1,250", False), ("USD1.234", True),
        ("XAU1,12345", False),
    ],
)  # fmt: skip
def test_an_amount_finer_than_its_currency_is_kept_and_told(money: str, doubtful: bool) -> None:
    made = rows(fin(BASIC.replace("EUR1234,5", money)))
    (message,), (transaction,) = made.messages, made.transactions
    assert transaction["amount"] == Decimal(money[3:].replace(",", "."))
    assert message["repaired"] == doubtful
    assert (
        any(f"an amount in {money[:3]} has more than" in r for r in message["repairs"]) == doubtful
    )


@pytest.mark.parametrize(
    ("letter", "value", "country", "source"),
    [
        ("A", "QQBBRUMMXXX", "RU", "bic"),
        ("D", "//RU044525225.30101810400000000225\nA BANK", "RU", "clearing_code"),
        ("", "/DE89370400440532013000\nSOMEBODY", "DE", "iban"),
        ("K", "SOMEBODY\nSTREET\nALMATY KAZAKHSTAN", "KZ", "address_text"),
    ],
)
def test_the_country_says_what_gave_it(letter: str, value: str, country: str, source: str) -> None:
    made = read_party(letter, value, is_agent=letter in ("A", "D"))
    assert (made["country"], made["country_source"]) == (country, source)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("240229", date(2024, 2, 29)),
        ("991231", date(1999, 12, 31)),
        ("230229", None),
        ("24081", None),
    ],
)
def test_dates(text: str, day: date | None) -> None:
    assert swift_date(text) == day


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(UnreadableFinError):
        read_mt(read_fin(text), {"message_id": "m"})


LINES = fin(BASIC.replace(":71A:SHA", ":70:INVOICE 7\nPART 2\n:71A:SHA"))


@pytest.mark.parametrize("mark", ["|", "\\r\\n", "\\n", "<br>", "<br/>", "^~", "^"])
def test_one_line_with_marks_for_line_ends_is_read_as_if_it_had_them(mark: str) -> None:
    made, whole = rows(LINES.replace("\r\n", mark)), rows(LINES)
    assert made.transactions == whole.transactions
    assert made.parties == whole.parties
    assert made.texts == whole.texts
    assert made.messages[0]["repairs"] == [
        "the text stands on one line: marks were read as its line ends"
    ]


def test_one_line_with_blanks_keeps_fields_accounts_and_numbered_lines() -> None:
    body = BASIC.replace(":59:/456\nPAYEE GMBH\nBERLIN DE", ":59F:/456\n1/PAYEE GMBH\n3/DE/BERLIN")
    made = rows(fin(body).replace("\r\n", " "))
    (transaction,) = made.transactions
    assert (transaction["reference"], transaction["amount"]) == ("REF1", Decimal("1234.5"))
    debtor, creditor = made.parties
    assert (debtor["account"], debtor["name"]) == ("123", "PAYER LTD STREET 1 ISTANBUL TR")
    assert (creditor["account"], creditor["name"]) == ("456", "PAYEE GMBH")
    assert (creditor["country"], creditor["town"]) == ("DE", "BERLIN")
    assert made.messages[0]["repaired"]


def test_a_message_of_one_field_is_not_taken_apart() -> None:
    text = "{1:F01QQBBTRISAXXX0000000001}{2:I199QQAADEFFXXXXN}{4:\r\n:79:SEE | AND ^ HERE\r\n-}"
    made = rows(text)
    assert made.texts[0]["text"] == "SEE | AND ^ HERE"
    assert made.messages[0]["repairs"] == []


def test_a_name_that_was_cut_off_does_not_go_on_in_the_address() -> None:
    cut_off = "A VERY LONG NAME OF A COMPANY THAT+"
    assert len(cut_off) == 35
    party = read_party("K", f"/1\n{cut_off}\nBERLIN DE", is_agent=False)
    assert (party["name"], party["country"]) == (cut_off, "DE")


def test_chinese_commercial_codes_of_a_party_are_flagged() -> None:
    party = read_party("", "/2\n2392 2949 0086 0966\nADD. 0968 1234 5678", is_agent=False)
    assert "commercial codes" in party["unscreened"]
    assert "unscreened" not in read_party("", "/2\nPAYEE 2392 LTD", is_agent=False)


@pytest.mark.parametrize("message_type", ["104", "107"])
def test_of_a_direct_debit_the_creditor_orders_and_the_debtor_pays(message_type: str) -> None:
    body = (
        ":20:A\n:30:240815\n:50K:/1\nCREDITOR CO\n:52A:QQCCDEFF\n:21:T1\n:32B:EUR1,\n"
        ":57A:QQDDFRPP\n:59:/2\nDEBTOR CO\n:32B:EUR1,"
    )
    head = HEAD.replace("I103", f"I{message_type}")
    transaction = only(fin(body, head))
    assert (transaction["debtor_name"], transaction["creditor_name"]) == (
        "DEBTOR CO",
        "CREDITOR CO",
    )
    agents = (transaction["debtor_agent_bic"], transaction["creditor_agent_bic"])
    assert agents == ("QQDDFRPP", "QQCCDEFF")
    bare = only(fin(body.replace(":52A:QQCCDEFF\n", "").replace(":57A:QQDDFRPP\n", ""), head))
    assert (bare["debtor_agent_bic"], bare["creditor_agent_bic"]) == ("QQAADEFF", "QQBBTRIS")


def test_of_a_direct_debit_between_banks_field_53_is_debited() -> None:
    body = ":20:A\n:19:5,\n:30:240815\n:58A:QQCCDEFF\n:20:T1\n:21:M1\n:32B:EUR5,\n:53A:QQDDFRPP"
    transaction = only(fin(body, HEAD.replace("I103", "I204")))
    assert (transaction["debtor_name"], transaction["creditor_name"]) == ("QQDDFRPP", "QQCCDEFF")


def test_an_issuer_of_a_credit_that_is_no_bank_is_not_the_applicant() -> None:
    body = ":20:A\n:21:B\n:31D:241231X\n:50B:ISSUING CO\n:50:APPLICANT\n:59:SELLER\n:32B:EUR5,"
    made = rows(fin(body, HEAD.replace("I103", "I710")))
    assert made.transactions[0]["debtor_name"] == "APPLICANT"
    assert {p["role"]: p["name"] for p in made.parties}["non_bank_issuer"] == "ISSUING CO"

"""SWIFT-RUR6: decoded before anything is upper-cased, by its mark or by its letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.ingest.fin import read_fin
from scanner.ingest.mt import read_mt
from scanner.ingest.rur6 import decode, looks_like_rur6
from tests.ingest.test_fin import BASIC, HEAD, fin


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ROSSIiSKOi", "РОССИЙСКОЙ"),
        ("ALXFA-BANK", "АЛЬФА-БАНК"),
        ("OOO mVEKTORm", 'ООО "ВЕКТОР"'),
        ("DOGOVOR n 5 'ABC LTD' UL.", "ДОГОВОР № 5 ABC LTD УЛ."),
        ("/INS/TEKST", "/INS/ТЕКСТ"),
        ("PLEASE BE INFORMED", "PLEASE BE INFORMED"),
    ],
)
def test_known_texts(written: str, read: str) -> None:
    assert decode(written) == read


@given(st.text(alphabet="ABVGDEJZIKLMNOPRSTUFHCQXYoicqxeua", min_size=1, max_size=40))
def test_every_letter_becomes_one_letter(text: str) -> None:
    made = decode(text)
    assert len(made) == len(text)
    assert all("А" <= c <= "Я" or c == "Ё" for c in made) or made == text


def test_letters_tell_the_code_where_the_mark_is_missing() -> None:
    assert looks_like_rur6("AO ROSSIiSKAa KOMPANIa")
    assert not looks_like_rur6("VELNOR TEXTILES GMBH")
    assert not looks_like_rur6("Velnor Textiles GmbH")


RUSSIAN = BASIC.replace("EUR1234,5", "RUB1000,").replace(
    "PAYEE GMBH", "INN7707083893.KPP770701001\nOOO mVOLXNYi GORODm"
)


def test_names_and_texts_are_decoded_and_accounts_are_not() -> None:
    head = HEAD.replace("{119:STP}", "{113:RUR6}")
    made = read_mt(read_fin(fin(RUSSIAN + "\n:70:OPLATA PO ScETU n 7", head)), {"message_id": "m"})
    payee = next(p for p in made.parties if p["role"] == "creditor")
    assert payee["name"] == 'ООО "ВОЛЬНЫЙ ГОРОД"'
    assert payee["identifier"] == "INN:7707083893"
    assert payee["account"] == "456"
    assert made.texts[0]["text"] == "ОПЛАТА ПО СЧЕТУ № 7"
    assert made.messages[0]["charset"] == "swift-rur6"


def test_other_money_without_the_mark_is_left_alone() -> None:
    made = read_mt(read_fin(fin(BASIC)), {"message_id": "m"})
    assert made.transactions[0]["creditor_name"] == "PAYEE GMBH"


STATEMENT = (
    ":20:STMT\n:25:123\n:28C:1/1\n:60F:C240814EUR10,\n:61:2408150815C5,NTRFREF1//BANKREF\n:86:FIRST\n"
    ":61:240815D7,5NTRFREF2\n:86:SECOND\n:62F:C240815EUR7,5"
)


def test_each_line_of_a_statement_is_a_transaction() -> None:
    made = read_mt(read_fin(fin(STATEMENT, HEAD.replace("I103", "I940"))), {"message_id": "m"})
    seen = [
        (t["kind"], str(t["amount"]), t["currency"], t["related_reference"])
        for t in made.transactions
    ]
    assert seen == [
        ("statement_entry", "5", "EUR", "REF1"),
        ("statement_entry", "7.5", "EUR", "REF2"),
    ]
    assert [t["text"] for t in made.texts] == ["FIRST", "SECOND"]


def test_chinese_commercial_codes_are_flagged_as_unread() -> None:
    made = read_mt(read_fin(fin(BASIC + "\n:70:WANG 2392 2949 0086 0966")), {"message_id": "m"})
    assert made.texts[0]["unscreened"]
    plain = read_mt(read_fin(fin(BASIC + "\n:70:INV 2023 2024")), {"message_id": "m"})
    assert plain.texts[0]["unscreened"] is None

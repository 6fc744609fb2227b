"""Banks of IBANs, web sites, e-mail addresses and numbers that name a listed party."""

from types import SimpleNamespace

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.screening.codes import CodeBook, bank_of_iban

LISTED = [
    ("X:1", "bic", "QVRBBY2X"),
    ("X:2", "bic", "BUKBGB22"),
    ("X:3", "website", "www.qvarbet-optics.example.com"),
    ("X:4", "email", "sales@qvarbet.example"),
    ("X:5", "crypto_address", "149w62rY42aZBox8fGcmqNsXUzSStKeq8C"),
    ("X:6", "passport", "762345678"),
    ("X:7", "passport", "A12"),
]


@pytest.fixture(scope="module")
def book() -> CodeBook:
    rows = [
        {"entry_id": e, "list": "X", "kind": k, "value": v, "country": None} for e, k, v in LISTED
    ]
    return CodeBook(SimpleNamespace(codes=pa.Table.from_pylist(rows)))  # type: ignore[arg-type]


def iban(country: str, bban: str) -> str:
    digits = "".join(str(int(c, 36)) for c in f"{bban}{country}00")
    return f"{country}{98 - int(digits) % 97:02d}{bban}"


def test_a_bank_is_known_by_the_letters_of_its_ibans(book: CodeBook) -> None:
    account = iban("BY", "QVRB3600900000002Z00AB00")
    assert [hit.entry_id for hit in book.of_iban(account)] == ["X:1"]
    spaced = " ".join(account[i : i + 4] for i in range(0, len(account), 4))
    assert [hit.entry_id for hit in book.of_iban(spaced)] == ["X:1"]


def test_a_bank_is_known_by_the_registry_of_bank_codes(book: CodeBook) -> None:
    assert bank_of_iban("GB33BUKB20201555555555") == ("GB", "BUKB", "BUKBGB22")
    assert [hit.entry_id for hit in book.of_iban("GB33BUKB20201555555555")] == ["X:2"]


@pytest.mark.parametrize(
    "account",
    ["GB34BUKB20201555555555", "40702810900000001234", "", iban("AZ", "QVRB00000000137010001944")],
    ids=["wrong check digits", "no IBAN", "empty", "same letters in another country"],
)
def test_another_account_names_no_listed_bank(book: CodeBook, account: str) -> None:
    assert not list(book.of_iban(account))


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("SEE WWW.QVARBET-OPTICS.EXAMPLE.COM FOR TERMS", ["X:3"]),
        ("https://qvarbet-optics.example.com/price", ["X:3"]),
        ("INFO(AT)QVARBET-OPTICS.EXAMPLE.COM", ["X:3"]),
        ("MAIL SALES@QVARBET.EXAMPLE", ["X:4"]),
        ("mail sales (at) qvarbet.example today", ["X:4"]),
        ("MAIL OTHER@QVARBET.EXAMPLE", []),
        ("NOT-QVARBET-OPTICS.EXAMPLE.COM", []),
        ("TO 149w62rY42aZBox8fGcmqNsXUzSStKeq8C NOW", ["X:5"]),
        ("PASSPORT 762345678", ["X:6"]),
        ("PASSPORT A12 OR 7623456789", []),
    ],
)
def test_sites_mails_and_numbers_in_text(book: CodeBook, text: str, entries: list[str]) -> None:
    hits = list(book.in_text(text))
    assert [hit.entry_id for hit in hits] == entries
    assert not entries or book.texts_with_marks([text]) == [text]
    assert all(hit.span and text[slice(*hit.span)] == hit.text for hit in hits)


PIECES = [
    *(value for _, _, value in LISTED), "QVRBBY2XABC", "qvrbby2x", "X" * 64, "_", "É", ".", " ",
    "/", "\n", "(AT)", "7", "INV 762345678",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_a_text_that_is_not_looked_through_holds_no_code(book: CodeBook, text: str) -> None:
    held = [hit.entry_id for hit in book.in_text(text)]
    assert not held or book.texts_with_marks([text])


def test_few_texts_are_looked_through(book: CodeBook) -> None:
    texts = ["INV 762345679", "TO QVRBBY2X NOW", "COTTON YARN", "PASSPORT 762345678", "J.S. CO"]
    assert book.texts_with_marks(texts) == [texts[1], texts[3], texts[4]]


def test_a_long_line_of_dots_costs_its_length(book: CodeBook) -> None:
    assert not list(book.in_text("A." * 50_000))
    assert not list(book.in_text("A@" * 50_000 + "."))

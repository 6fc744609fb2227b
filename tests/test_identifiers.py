"""Identifiers: shapes and check digits, by published examples and by property."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.identifiers import (
    bic8,
    bic_country,
    iban_country,
    is_bic,
    is_iban,
    is_imo,
    is_inn,
    is_lei,
    is_ogrn,
    is_uetr,
)


@pytest.mark.parametrize("text", ["DEUTDEFF", "DEUTDEFF500", "AB12TRIS"])
def test_bics(text: str) -> None:
    assert is_bic(text)
    assert bic8(text.lower()) == text[:8]
    assert bic_country(text) == text[4:6]


@pytest.mark.parametrize("text", ["", "DEUTDEF", "DEUTDEFF5", "DEUT1EFF", "DEUTDEFF 500"])
def test_what_is_no_bic(text: str) -> None:
    assert not is_bic(text)
    assert bic8(text) is None


def test_ibans_need_their_check_digits() -> None:
    assert is_iban("DE89 3704 0044 0532 0130 00")
    assert iban_country("GB82WEST12345698765432") == "GB"
    assert not is_iban("DE88370400440532013000")


@given(st.integers(0, 9), st.integers(4, 20))
def test_one_changed_digit_breaks_an_iban(digit: int, place: int) -> None:
    right = "DE89370400440532013000"
    changed = f"{right[:place]}{digit}{right[place + 1 :]}"
    assert is_iban(changed) == (changed == right)


def test_other_identifiers_by_published_examples() -> None:
    assert is_lei("529900T8BM49AURSDO55")
    assert not is_lei("529900T8BM49AURSDO56")
    assert is_imo("IMO 9074729")
    assert not is_imo("9074728")
    assert is_inn("7707083893")
    assert not is_inn("7707083894")
    assert is_ogrn("1027700132195")
    assert not is_ogrn("1027700132196")
    assert is_uetr("eb6305c9-1f7f-49de-aed0-16487c27b42d")
    assert not is_uetr("eb6305c9-1f7f-19de-aed0-16487c27b42d")

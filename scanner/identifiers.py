"""Identifiers of banks, accounts, firms and vessels: their shapes and check digits.

Pure and small: each function takes text and answers whether it has the shape
(and the check digit, where the standard has one) or gives the part asked for.
"""

import re
from string import ascii_uppercase

_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_LEI = re.compile(r"[A-Z0-9]{18}[0-9]{2}")
_LETTERS_AS_NUMBERS = {ord(letter): str(int(letter, 36)) for letter in ascii_uppercase}
_NOT_ALPHANUMERIC = re.compile(r"[^A-Z0-9]")


def compact(text: str) -> str:
    """Upper case without anything but letters and digits."""
    return _NOT_ALPHANUMERIC.sub("", text.upper())


def is_bic(text: str) -> bool:
    """Whether it has the shape of a BIC (ISO 9362): 8 or 11 characters.

    ISO 9362:2014 allows digits in the first four characters as well.
    """
    return bool(_BIC.fullmatch(text))


def bic8(text: str | None) -> str | None:
    """The first eight characters of a BIC, which name the institution at its place."""
    if not text:
        return None
    value = text.strip().upper()
    return value[:8] if is_bic(value) else None


def is_test_bic(text: str | None) -> bool:
    """Whether it is a BIC for test and training: its eighth character is 0 (ISO 9362)."""
    value = bic8(text)
    return bool(value and value[7] == "0")


def bic_country(text: str | None) -> str | None:
    """Country of a BIC: characters five and six."""
    value = bic8(text)
    return value[4:6] if value else None


def is_iban(text: str) -> bool:
    """Whether it is an IBAN with a right check digit (ISO 13616, mod 97)."""
    value = compact(text)
    return bool(_IBAN.fullmatch(value)) and _mod97(value[4:] + value[:4]) == 1


def iban_country(text: str | None) -> str | None:
    """Country of a valid IBAN."""
    if not text or not is_iban(text):
        return None
    return compact(text)[:2]


def is_lei(text: str) -> bool:
    """Whether it is an LEI with right check digits (ISO 17442, mod 97)."""
    value = text.strip().upper()
    return bool(_LEI.fullmatch(value)) and _mod97(value) == 1


def is_imo(text: str) -> bool:
    """Whether it is an IMO ship number: seven digits, the last of which checks the others."""
    digits = text.strip().upper().removeprefix("IMO").strip()
    if not re.fullmatch(r"[0-9]{7}", digits):
        return False
    return sum(int(d) * w for d, w in zip(digits, range(7, 1, -1), strict=False)) % 10 == int(
        digits[6]
    )


def is_inn(text: str) -> bool:
    """Whether it is a Russian taxpayer number (INN): 10 digits for firms, 12 for persons."""
    if re.fullmatch(r"[0-9]{10}", text):
        return _inn_check(text[:9], (2, 4, 10, 3, 5, 9, 4, 6, 8)) == int(text[9])
    if re.fullmatch(r"[0-9]{12}", text):
        return _inn_check(text[:10], (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) == int(
            text[10]
        ) and _inn_check(text[:11], (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) == int(text[11])
    return False


def is_ogrn(text: str) -> bool:
    """Whether it is a Russian registration number (OGRN, 13 digits; OGRNIP, 15)."""
    if re.fullmatch(r"[1-9][0-9]{12}", text):
        return int(text[:12]) % 11 % 10 == int(text[12])
    if re.fullmatch(r"[34][0-9]{14}", text):
        return int(text[:14]) % 13 % 10 == int(text[14])
    return False


def is_uetr(text: str) -> bool:
    """Whether it is a UETR: a version 4 UUID in lower case."""
    return bool(
        re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", text)
    )


def _inn_check(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11 % 10


def _mod97(value: str) -> int:
    return int(value.translate(_LETTERS_AS_NUMBERS)) % 97

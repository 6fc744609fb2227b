"""Forms of bytes against patterns of `re` at the same places."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.ingest.byte_forms import Form, rows_at

ROOM = b"\x00" * 64


@pytest.mark.parametrize(
    ("form", "pattern"),
    [
        ("{1:udd", rb"\{1:[A-Z][0-9]{2}"),
        ("{ccc:", rb"\{[A-Z0-9]{3}:"),
        ("dddddduuu", rb"[0-9]{6}[A-Z]{3}"),
        ("hh-hh", rb"[0-9a-fA-F]{2}-[0-9a-fA-F]{2}"),
        ("/ /", rb"(?s)/./"),
    ],
)
@given(st.lists(st.sampled_from([*b"{}1:AZaFfg09-/\n\xff\x00"]), max_size=60))
def test_a_form_stands_where_its_pattern_matches(
    form: str, pattern: bytes, letters: list[int]
) -> None:
    text = bytes(letters)
    codes = np.frombuffer(text + ROOM, dtype=np.uint8)
    found = Form(form).stands_at(codes, np.arange(len(text)))
    expected = [re.compile(pattern).match(text + ROOM, at) is not None for at in range(len(text))]
    assert found.tolist() == expected


def test_rows_are_the_bytes_from_each_place() -> None:
    codes = np.frombuffer(b"abcdefgh", dtype=np.uint8)
    assert rows_at(codes, np.array([0, 5, 2]), 3).tobytes() == b"abcfghcde"
    assert rows_at(codes, np.array([], dtype=np.int64), 3).shape == (0, 3)
    with pytest.raises(IndexError):
        rows_at(codes, np.array([6]), 3)

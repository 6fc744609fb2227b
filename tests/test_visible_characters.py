"""Characters that act are shown; all others stay."""

import sys
import unicodedata
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from scanner.visible import safe_line, safe_text

ACTING: tuple[Literal["Cc", "Cf", "Zl", "Zp", "Cs"], ...] = ("Cc", "Cf", "Zl", "Zp", "Cs")


def test_every_acting_character_of_unicode_is_shown() -> None:
    acting = [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) in ACTING]
    assert len(acting) > 2000
    assert [c for c in acting if safe_line(c) == c] == []


@given(st.text())
def test_what_is_shown_holds_no_acting_character(text: str) -> None:
    assert not [c for c in safe_line(text) if unicodedata.category(c) in ACTING]


@given(st.text(alphabet=st.characters(exclude_categories=ACTING)))
def test_plain_text_is_left_alone(text: str) -> None:
    assert safe_line(text) == text


@given(st.text())
def test_it_is_stable(text: str) -> None:
    assert safe_line(safe_line(text)) == safe_line(text)


def test_line_feeds_stay_where_lines_are_wanted() -> None:
    assert safe_text("a\nb\r\nc\x1b[0m") == "a\nb\\r\nc\\u001b[0m"
    assert safe_line("a\nb\tc") == "a\\nb\\tc"

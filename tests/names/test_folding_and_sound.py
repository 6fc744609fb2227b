"""Names as text: folded with their places, spellings under one key, legal forms as classes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.names import name_key, parse_name
from scanner.names.folding import fold, fold_text
from scanner.names.sound import skeleton, sound_key

TEXT = st.text(alphabet=st.characters(codec="utf-8"), max_size=60)


@given(TEXT)
def test_folding_is_idempotent_and_plain(text: str) -> None:
    once = fold_text(text)
    assert fold_text(once) == once
    assert all(c == " " or (c.isascii() and c.isalnum() and not c.islower()) for c in once)


@given(TEXT)
def test_both_ways_of_folding_agree_and_know_their_places(text: str) -> None:
    folded = fold(text)
    assert folded.text == fold_text(text)
    assert len(folded.origins) == len(folded.text)
    assert list(folded.origins) == sorted(folded.origins)


@given(TEXT)
def test_each_word_comes_from_where_it_says(text: str) -> None:
    for word in parse_name(text).words:
        assert 0 <= word.start < word.end <= len(text)
        # The stretch may hold a character that folds into two words; the word is part of it.
        assert word.text in fold_text(text[word.start : word.end]).replace(" ", "") or (
            word.text in fold_text(text[word.start : word.end])
        )


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("İSTANBUL ÇİĞDEM ŞİRKETİ", "ISTANBUL CIGDEM SIRKETI"),
        ("ışık", "ISIK"),
        ("Щукин и Ёлкин", "SHCHUKIN I ELKIN"),
        ("Müller & Söhne", "MULLER AND SOHNE"),
        ("O'NEIL-SMITH", "ONEIL SMITH"),
        ("Łódź", "LODZ"),
        ("", ""),
    ],
)
def test_known_foldings(written: str, folded: str) -> None:
    assert fold_text(written) == folded


@pytest.mark.parametrize(
    "spellings",
    [
        ("SHCHERBAKOV", "SCERBAKOV", "SCHTSCHERBAKOW", "CHTCHERBAKOV"),
        ("YURIY", "IURII", "JURIJ", "YURI"),
        ("MOHAMMED", "MOHAMED"),
        ("TSVETKOV", "CVETKOV", "TZVETKOV"),
        ("ALEXANDR", "ALEKSANDR"),
        ("WOLKOW", "VOLKOV"),
    ],
)
def test_spellings_of_one_name_share_a_key(spellings: tuple[str, ...]) -> None:
    assert len({sound_key(word) for word in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "two"), [("IVANOV", "PETROV"), ("TARVEK", "KOLBRANT"), ("ROSTOV", "MINSK")]
)
def test_different_names_have_different_keys(one: str, two: str) -> None:
    assert sound_key(one) != sound_key(two)
    assert skeleton(one) != skeleton(two)


@pytest.mark.parametrize(
    "written",
    [
        "OOO TARVEKSIM",
        "ООО «Тарвексим»",
        "TARVEKSIM LLC",
        "Limited Liability Company Tarveksim",
        "OBSHCHESTVO S OGRANICHENNOI OTVETSTVENNOSTYU TARVEKSIM",
        "TARVEKSIM LTD STI",
    ],
)
def test_a_legal_form_in_any_language_is_one_class_and_no_name(written: str) -> None:
    parsed = parse_name(written)
    assert parsed.texts == ("TARVEKSIM",)
    assert parsed.forms == {"LLC"}


def test_a_name_that_is_only_a_form_keeps_its_words() -> None:
    assert parse_name("LIMITED").texts == ("LIMITED",)


def test_the_key_ignores_order_case_and_form() -> None:
    assert name_key("Radar Zavod, OOO") == name_key("LLC ZAVOD RADAR") != name_key("ZAVOD")
    assert name_key(None) == name_key("") == ""

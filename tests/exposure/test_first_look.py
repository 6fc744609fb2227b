"""What is not read with care holds nothing: readers find as much after the first look."""

import random

import pyarrow as pa
import pytest

from scanner import reference
from scanner.exposure.first_look import may_hold
from scanner.exposure.goods import _SHAPES as GOODS_SHAPES
from scanner.exposure.goods import find_goods, goods_in
from scanner.exposure.goods_words import names_good
from scanner.exposure.signals import _SHAPES as SIGNAL_SHAPES
from scanner.exposure.signals import _words_tell, signals_in

PHRASES = [
    *(row["phrase"] for name in ("signal_phrases", "route_words") for row in reference.rows(name)),
    *(row["term"] for row in reference.rows("goods_lexicon")),
]
NUMBERS = [
    "INN 7707083893", "ИНН 7707083893", "OGRN:1027700132195", "KPP 770701001", "BIK\x1c044525225",
    "40702810900000001234", "+7 495 123-45-67", "00375 29 123 45 67", "SWIFT\x1dCODE SABRRUMM",
    "//INS//SABRRUMM", "SABRRU2P", "SABRRUMM012", "BENEFICIARY BANK IS SABRRUMM", "HS 8542.31",
    "hs code: 854231", "TN VED 8542 31 000 1", "ТН ВЭД 8542310000", "GTIP\x1f85.42.31",
    "G.T.İ.P 854231", "8542.31", "HS 854231, 847330 AND 8471", "XC7K325T-2FFG900I", "6205-2RS",
    "R U S S I A", "RUSS\nIA", "CONTRACT 12", "INVOICE 8542", "DOCUMENT",
]  # fmt: skip
BETWEEN = [" ", " ", "\n", "\r\n", ", ", "; ", "", "'", "_", " É "]


def texts(seed: int, count: int) -> list[str]:
    """Texts of phrases, numbers and noise, some wrapped as a message wraps them."""
    rng = random.Random(seed)
    made = []
    for _ in range(count):
        pieces = rng.choices(PHRASES, k=rng.randrange(3)) + rng.choices(NUMBERS, k=rng.randrange(3))
        pieces += ["".join(rng.choices("AEIOSTRNZ019", k=rng.randrange(9)))]
        rng.shuffle(pieces)
        text = "".join(f"{piece}{rng.choice(BETWEEN)}" for piece in pieces)
        if rng.random() < 0.3:
            text = "\n".join(text[at : at + 35] for at in range(0, len(text), 35))
        made.append(text.lower() if rng.random() < 0.1 else text)
    return made


@pytest.mark.parametrize("seed", range(3))
def test_whatever_holds_something_is_read_with_care(seed: int) -> None:
    asked = texts(seed, 1500)
    for shapes, meets, reader in (
        (SIGNAL_SHAPES, _words_tell, signals_in),
        (GOODS_SHAPES, names_good, lambda text: goods_in(text, describes_goods=True)),
    ):
        holds = [bool(reader(text)) for text in asked]
        assert 0.2 < sum(holds) / len(holds) < 0.95
        named = may_hold(asked, shapes, meets)
        assert not [text for text, held, may in zip(asked, holds, named, strict=True) if held > may]


def test_a_phrase_or_number_alone_is_read_with_care() -> None:
    asked = [*PHRASES, *NUMBERS]
    signals = may_hold(asked, SIGNAL_SHAPES, _words_tell)
    goods = may_hold(asked, GOODS_SHAPES, names_good)
    for text, may_signal, may_good in zip(asked, signals, goods, strict=True):
        assert may_signal or not signals_in(text), text
        assert may_good or not goods_in(text), text


def test_texts_of_numbers_and_common_words_are_not() -> None:
    asked = ["PAYMENT FOR INVOICE 16656", "CONTRACT 5469", "COTTON YARN CONTRACT\n 17194"]
    assert may_hold(asked, SIGNAL_SHAPES, _words_tell) == [False] * 3
    assert may_hold(asked, GOODS_SHAPES, names_good) == [False] * 3


def test_the_rows_are_those_of_each_text_by_itself() -> None:
    asked = list(dict.fromkeys(texts(9, 300)))
    batch = pa.table(
        {
            "text": asked,
            "text_kind": ["narrative"] * len(asked),
            "describes_goods": [True] * len(asked),
        }
    )
    found = find_goods(batch).to_pylist()
    assert [(row["text"], row["matched_text"]) for row in found] == [
        (text, text[one.start : one.end])
        for text in asked
        for one in goods_in(text, describes_goods=True)
    ]

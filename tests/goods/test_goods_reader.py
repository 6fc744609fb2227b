"""Properties of the goods reader: exact places, wrapped lines, time linear in the text."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner import reference
from scanner.exposure import find_goods, goods_in
from scanner.exposure.hs_codes import good_of
from scanner.exposure.phrases import PhraseIndex
from scanner.exposure.words import Word, words_of

LATIN_TERMS = [
    row
    for row in reference.rows("goods_lexicon")
    if row["strength"] == "strong" and row["language"] in ("en", "tr")
]
RUSSIAN_TERMS = [
    row
    for row in reference.rows("goods_lexicon")
    if row["strength"] == "strong" and row["language"] == "ru"
]
GENTLE = st.text(alphabet="QZWX 0123456789", max_size=20)


@given(before=GENTLE, after=GENTLE, term=st.sampled_from(LATIN_TERMS), lower=st.booleans())
def test_a_term_is_found_where_it_stands(
    before: str, after: str, term: dict[str, str], lower: bool
) -> None:
    words = term["term"].lower() if lower else term["term"]
    text = f"{before} , {words} , {after}"
    found = [one for one in goods_in(text) if one.found_by == "words"]
    assert words in {text[one.start : one.end] for one in found}


@given(term=st.sampled_from(RUSSIAN_TERMS))
def test_a_russian_term_is_found_in_cyrillic_and_romanised(term: dict[str, str]) -> None:
    from anyascii import anyascii

    for spelled in (term["term"], term["term"].lower(), anyascii(term["term"])):
        assert term["hs6"] in {one.good.hs6 for one in goods_in(spelled)}, spelled


@settings(max_examples=200)
@given(st.text(max_size=200))
def test_any_text_is_read_without_failing_and_places_are_exact(text: str) -> None:
    ends = 0
    for one in goods_in(text, describes_goods=True):
        assert ends <= one.start < one.end <= len(text)
        ends = one.end


@pytest.mark.parametrize("wrap", ["\n", "\r\n"])
def test_a_word_that_a_full_line_cuts_in_two_is_found(wrap: str) -> None:
    line = "/INV/4455 DD 01 09 2024 FOR MICROCO"
    assert len(line) == 35
    text = f"{line}{wrap}NTROLLERS 200 PCS"
    (found,) = goods_in(text)
    assert text[found.start : found.end] == f"MICROCO{wrap}NTROLLERS"
    assert found.good.hs6 == "854231"


def test_a_tariff_code_that_a_full_line_cuts_in_two_is_found() -> None:
    line = "INV 30310 SPARES TYPE AB 1 HS 85423"
    assert len(line) == 35
    text = f"{line}\n1 AS AGREED"
    assert [text[one.start : one.end] for one in goods_in(text)] == ["85423\n1"]


def test_a_short_line_ends_its_word() -> None:
    assert goods_in("PAYMENT FOR MICROCON\nTROLLERS") == []


def test_what_one_text_names_becomes_rows_with_their_spans() -> None:
    texts = pa.table(
        {
            "text": ["XC7K325T FPGA", "RENT MAY"],
            "text_kind": ["remittance_information", "purpose"],
            "describes_goods": [False, False],
        }
    )
    rows = find_goods(texts).to_pylist()
    assert {(r["text"], r["text_kind"]) for r in rows} == {
        ("XC7K325T FPGA", "remittance_information")
    }
    assert {r["matched_text"] for r in rows} == {"XC7K325T", "FPGA"}
    assert rows[0]["span"] == [0, 8]


def test_every_lexicon_row_and_shape_means_a_priority_good() -> None:
    for name in ("goods_lexicon", "part_number_shapes"):
        for row in reference.rows(name):
            assert good_of(row["hs6"]) is not None, row


def test_every_priority_code_and_item_category_is_reachable() -> None:
    tiers = {row["tier"] for row in reference.rows("chpl")}
    assert tiers == {"1", "2", "3.A", "3.B", "4.A", "4.B"}
    categories = {row["number"] for row in reference.rows("s11_item_headings")}
    assert categories == {row["number"] for row in reference.rows("s11_item_categories")}
    for row in reference.rows("chpl"):
        found = goods_in(f"HS CODE {row['hs6']}")
        assert [one.good.hs6 for one in found] == [row["hs6"]]


def test_the_phrase_index_takes_steps_linear_in_the_text_however_long_the_list() -> None:
    steps = 0

    class Counted(str):
        __slots__ = ()

        def __hash__(self) -> int:
            nonlocal steps
            steps += 1
            return super().__hash__()

    index = PhraseIndex((f"ALPHA WORD{n}", "en", True, n) for n in range(2_000))
    counts = []
    for repeats in (200, 400):
        words = words_of("OTHER WORDS THAT BEGIN NOTHING " * repeats)
        index.find(words)
        steps = 0
        index.find([Word(Counted(w.folded), w.start, w.end, w.clause) for w in words])
        counts.append(steps)
    assert 1.8 <= counts[1] / counts[0] <= 2.2
    assert counts[0] <= 3 * 200 * 5


def test_a_long_text_is_looked_through_a_fixed_number_of_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However many codes it holds: else a long list of goods takes time with its square."""
    handed = 0
    find = PhraseIndex.find

    def counted(index: PhraseIndex[object], words: list[Word]) -> object:
        nonlocal handed
        handed += len(words)
        return find(index, words)

    monkeypatch.setattr(PhraseIndex, "find", counted)

    def words_handed(lines: int) -> int:
        nonlocal handed
        handed = 0
        found = goods_in("XC7K325T FPGA AND BEARINGS HS 848210, SPARES FOR PUMPS\n" * lines)
        assert len(found) >= 2 * lines
        return handed

    assert words_handed(80) <= 2.1 * words_handed(40)

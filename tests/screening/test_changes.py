"""What the changed lists may say something else to: never less than what changed."""

import pyarrow as pa
import pytest

from scanner.schema import TABLES
from scanner.screening import accounts_of, changed_codes
from scanner.screening.changes import _differing
from scanner.screening.text_answers import SCHEMA, common_words_of
from scanner.screening.text_hits import _COMMON_TEXTS

COLUMNS = ("keys", "margins", "alone")


def answer(value: str, keys: list[int], margins: list[float], alone: list[str | None]) -> pa.Table:
    row = {
        "value": value, "words": [[value]], "keys": keys, "margins": margins, "added": [],
        "reasons": [], "starts": [], "ends": [], "alone": alone,
    }  # fmt: skip
    return pa.Table.from_pylist([row], SCHEMA)


def differing(then: list[pa.Table], now: list[pa.Table]) -> set[str]:
    before, after = (pa.concat_tables([SCHEMA.empty_table(), *part]) for part in (then, now))
    return set(_differing(before, after, COLUMNS).to_pylist())


SAME = answer("A", [1, 2], [0.5, 0.7], [None, "X"])


@pytest.mark.parametrize(
    ("now", "changed"),
    [
        (SAME, set()),
        (answer("A", [1, 3], [0.5, 0.7], [None, "X"]), {"A"}),
        (answer("A", [1, 2], [0.5, 0.8], [None, "X"]), {"A"}),
        (answer("A", [1, 2], [0.5, 0.7], ["X", "X"]), {"A"}),
        (answer("A", [1, 2], [0.5, 0.7], [None, None]), {"A"}),
        (answer("A", [1], [0.5], [None]), {"A"}),
        (answer("A", [], [], []), {"A"}),
    ],
)
def test_an_answer_is_the_same_or_named(now: pa.Table, changed: set[str]) -> None:
    other = answer("B", [4], [0.9], [None])
    assert differing([other, SAME], [now, other]) == changed


def test_what_was_not_answered_then_is_named() -> None:
    assert differing([], [SAME]) == {"A"}
    assert differing([answer("B", [], [], [])], [SAME, answer("B", [], [], [])]) == {"A"}


def test_a_word_that_many_texts_hold_names_nobody() -> None:
    def rows(count: int) -> pa.Table:
        held = [
            {"value": f"{word} {n}", "words": [[word, str(n)]], "alone": [word if n == 0 else None]}
            for word, times in (("CONTRACT", count), ("ZELMOR", 1))
            for n in range(times)
        ]
        return pa.Table.from_pylist(held, SCHEMA)

    assert common_words_of(rows(_COMMON_TEXTS)) == frozenset()
    assert common_words_of(rows(_COMMON_TEXTS + 1)) == {"CONTRACT"}


def test_codes_that_came_or_went_leave_marks() -> None:
    def codes(*rows: tuple[str, str]) -> pa.Table:
        made = [
            {"entry_id": "X:1", "list": "X", "kind": kind, "value": value} for kind, value in rows
        ]
        return pa.Table.from_pylist(made, TABLES["list_identifiers"].arrow_schema)

    stays = ("inn", "7701234500")
    then = codes(stays, ("bic", "KLBRRUMM"), ("phone", "4951234567"))
    now = codes(
        stays, ("website", "https://www.Zarvelon.ru/en"), ("email", "x@mail.example"),
        ("tax_id", "77-01 ab"),
    )  # fmt: skip
    assert {tuple(row.values()) for row in changed_codes(then, now).to_pylist()} == {
        ("bic8", "KLBRRUMM"), ("host", "zarvelon.ru"), ("host", "mail.example"),
        ("token", "7701AB"),
    }  # fmt: skip
    assert changed_codes(now, now).num_rows == 0


def test_accounts_of_a_bank_are_told_by_its_letters() -> None:
    british, german = "GB29NWBK60161331926819", "DE89370400440532013000"
    assert accounts_of(["NWBKGB2L"], [british, german, "12345"]).to_pylist() == [british]
    assert accounts_of(["QQAADEFF"], [british, german]).to_pylist() == []

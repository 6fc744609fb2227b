"""What of a run's names, texts and codes the changed lists may say something else to.

A name and a text are told apart by their answers, then and now. A code is told apart by what was
listed: which texts hold it is asked in SQL (`scanner/sql/delta`). More may be named than changes,
never less.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from scanner.screening import name_answers, text_answers
from scanner.screening.codes import bank_of_iban, marks_of
from scanner.screening.index import Index
from scanner.screening.kept_answers import AnswerStore
from scanner.screening.party_hits import least_answer_score, variants_of

_CODE_COLUMNS = ["entry_id", "list", "kind", "value"]
CODES_SCHEMA = pa.schema([pa.field("what", pa.string()), pa.field("value", pa.string())])


@dataclass(frozen=True)
class Changes:
    """What the lists say something else to.

    Attributes:
        names: Names of parties as the messages have them.
        texts: Texts.
        common_words: Words that name nobody in the run's texts, for `screen` of a part of it.
    """

    names: pa.Array
    texts: pa.Array
    common_words: frozenset[str]


def names_kept_of(index: Index, answers: Path) -> str:
    """Names the state of the lists under which answers to this index are kept."""
    return AnswerStore(answers, index).state


def changes_since(
    state: str,
    names: Sequence[str],
    texts: Sequence[str],
    index: Index,
    *,
    name_threshold: float,
    text_threshold: float,
    answers: Path,
) -> Changes | None:
    """What has changed since a state of the lists; None where its answers are not kept any more.

    Args:
        state: As `names_kept_of` gave it then.
        names: Distinct names of the run's parties.
        texts: Its distinct texts.
        index: The prepared lists.
        name_threshold: As for `screen`.
        text_threshold: As for `screen`.
        answers: As for `screen`; what is asked now is kept.
    """
    store = AnswerStore(answers, index)
    names_then = store.of_state("names", name_answers.SCHEMA, state)
    texts_then = store.of_state("texts", text_answers.SCHEMA, state)
    if names_then is None or texts_then is None:
        return None
    variants = {name: variants_of(name) for name in names}
    asked = sorted({variant for found in variants.values() for variant in found})
    least = least_answer_score(name_threshold)
    of_names = name_answers.answers_to_names(asked, index, min_score=least, store=store)
    of_texts = text_answers.answers_to_texts(
        sorted(texts), index, min_score=text_threshold, store=store
    )
    changed = set(
        _differing(names_then, of_names, ("keys", "margins", "loose", "reasons")).to_pylist()
    )
    return Changes(
        pa.array((n for n in names if not changed.isdisjoint(variants[n])), pa.string()),
        _differing(
            texts_then,
            of_texts,
            ("keys", "margins", "added", "reasons", "starts", "ends", "alone"),
        ),
        text_answers.common_words_of(of_texts),
    )


def _differing(then: pa.Table, now: pa.Table, columns: Iterable[str]) -> pa.Array:
    """Values of which a column of lists is not what it was, or of which nothing was kept."""
    values = now["value"].combine_chunks()
    place = pc.index_in(values, value_set=then["value"].combine_chunks())
    is_same = place.is_valid()
    if not then.num_rows:
        return values
    before = then.take(pc.fill_null(place, 0))
    for column in columns:
        one, other = (table[column].combine_chunks() for table in (before, now))
        is_same = pc.and_(is_same, pc.equal(pc.list_value_length(one), pc.list_value_length(other)))
    alike, before = now.filter(is_same), before.filter(is_same)
    differing = [values.filter(pc.invert(is_same))]
    for column in columns:
        one, other = (table[column].combine_chunks() for table in (before, alike))
        was, has = one.flatten(), other.flatten()
        both_none = pc.and_(was.is_null(), has.is_null())
        is_equal = pc.if_else(both_none, True, pc.fill_null(pc.equal(was, has), False))
        of_row = one.value_parent_indices().filter(pc.invert(is_equal)).unique()
        differing.append(alike["value"].combine_chunks().take(of_row))
    return pa.concat_arrays(differing).unique()


def changed_codes(then: pa.Table, now: pa.Table) -> pa.Table:
    """Marks of the identifiers that came or went: what a text has that holds one of them.

    Args:
        then: Identifiers of the lists then, as `list_identifiers`.
        now: Those of now.

    Returns:
        Rows of CODES_SCHEMA; `what` is bic8, token (upper case) or host (lower case).
    """
    rows = [
        {tuple(row.values()) for row in table.select(_CODE_COLUMNS).to_pylist()}
        for table in (then, now)
    ]
    marks = {mark for *_, kind, value in rows[0] ^ rows[1] for mark in marks_of(kind, value)}
    return _table(sorted(marks))


def accounts_of(banks: Iterable[str], accounts: Iterable[str]) -> pa.Array:
    """The accounts that may belong to one of the banks.

    Args:
        banks: BICs on eight characters.
        accounts: Accounts as the messages have them.
    """
    bic8s = frozenset(banks)
    places = {(bic8[:4], bic8[4:6]) for bic8 in bic8s}

    def is_theirs(account: str) -> bool:
        known = bank_of_iban(account)
        if known is None:
            return False
        country, letters, bic = known
        return bic in bic8s or (letters, country) in places

    return pa.array((a for a in accounts if is_theirs(a)), pa.string())


def _table(marks: list[tuple[str, Any]]) -> pa.Table:
    rows = [{"what": what, "value": value} for what, value in marks]
    return pa.Table.from_pylist(rows, CODES_SCHEMA)

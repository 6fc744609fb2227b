"""What the lists say to each distinct text, taken from earlier answers as far as they still hold.

A text is compared with the listed names that its words lead to, with each by itself. After a change
of the lists only those that came are looked for, in the texts that have a word of theirs.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scanner.names.sound import sound_key
from scanner.screening.index import Index
from scanner.screening.kept_answers import AnswerStore, Kept
from scanner.screening.text_hits import (
    TextAnswer,
    TextMatch,
    answer_texts,
    best_matches,
    most_texts_of_a_name,
)
from scanner.screening.text_windows import NamesByWord, names_by_word

Flags = np.ndarray[Any, np.dtype[np.bool_]]
SCHEMA = pa.schema(
    [
        pa.field("value", pa.string()),
        pa.field("words", pa.list_(pa.list_(pa.string()))),
        pa.field("keys", pa.list_(pa.uint64())),
        pa.field("margins", pa.list_(pa.float64())),
        pa.field("added", pa.list_(pa.float64())),
        pa.field("reasons", pa.list_(pa.string())),
        pa.field("starts", pa.list_(pa.int32())),
        pa.field("ends", pa.list_(pa.int32())),
        pa.field("alone", pa.list_(pa.string())),
    ]
)


def answers_to_texts(
    texts: Sequence[str], index: Index, *, min_score: float, store: AnswerStore | None = None
) -> pa.Table:
    """Look for listed names in distinct texts.

    Args:
        texts: Distinct texts.
        index: The prepared lists.
        min_score: Least score of a name in a text.
        store: Earlier answers to the same `min_score`; takes the new ones.

    Returns:
        Rows of SCHEMA, one a text, in no order.
    """
    if store is None:
        found = answer_texts(texts, index, names_by_word(index), min_score=min_score)
        return _as_table(texts, found, index)
    asked = pa.array(texts, pa.string())
    answered = [SCHEMA.empty_table()]
    for kept in store.kept("texts", SCHEMA):
        if not len(asked):
            break
        answered += _renewed(kept.rows_of(asked), index, kept, min_score)
        known = pa.concat_tables(answered)["value"].combine_chunks()
        asked = asked.filter(pc.invert(pc.is_in(asked, value_set=known)))
    if len(asked):
        values = asked.to_pylist()
        new = answer_texts(values, index, names_by_word(index), min_score=min_score)
        answered.append(_as_table(values, new, index))
    table = pa.concat_tables(answered)
    store.keep("texts", table)
    return table


def matches_by_text(
    answers: pa.Table, index: Index, common_words: frozenset[str]
) -> dict[str, list[TextMatch]]:
    """The best match of each entry in each text that holds any.

    Args:
        answers: Rows of SCHEMA.
        index: The prepared lists.
        common_words: As `common_words_of` finds them in the answers to all texts of a run.
    """
    holding = answers.filter(pc.greater(pc.list_value_length(answers["keys"]), 0))
    return {
        text: best_matches(answer.found, index, common_words)
        for text, answer in zip(
            holding["value"].to_pylist(), _from_table(holding, index), strict=True
        )
    }


def common_words_of(answers: pa.Table) -> frozenset[str]:
    """Words, each alone for a name, that many texts hold: in this traffic they name nobody.

    Args:
        answers: Rows of SCHEMA, those of all texts of a run.
    """
    readings = answers["words"].combine_chunks().flatten()
    alone = answers["alone"].combine_chunks().flatten().drop_null().unique()
    words = readings.flatten()
    counted = words.filter(pc.is_in(words, value_set=alone)).value_counts()
    most = most_texts_of_a_name(len(readings))
    return frozenset(word["values"] for word in counted.to_pylist() if word["counts"] > most)


def _renewed(rows: pa.Table, index: Index, kept: Kept, min_score: float) -> list[pa.Table]:
    """The answers as the index gives them."""
    gone, come = kept.changed(index)
    if not rows.num_rows or not (len(gone) or len(come)):
        return [rows]
    has_gone = _with_any(rows["keys"].combine_chunks(), pa.array(gone, pa.uint64()))
    meets = _with_word_of(rows, frozenset(s for name in come.tolist() for s in index.lookups[name]))
    lookup = NamesByWord(index, come.tolist())
    asked = rows["value"].filter(pa.array(meets)).to_pylist()
    new = dict(zip(asked, answer_texts(asked, index, lookup, min_score=min_score), strict=True))
    # Most texts that have a word of a new name hold nothing more of it.
    holds = np.flatnonzero(meets)[[bool(new[text].found) for text in asked]]
    changed = has_gone.copy()
    changed[holds] = True
    rest = rows.filter(pa.array(changed))
    values = rest["value"].to_pylist()
    answers = [
        replace(answer, found=(*answer.found, *(new[text].found if text in new else ())))
        for text, answer in zip(values, _from_table(rest, index), strict=True)
    ]
    return [rows.filter(pa.array(~changed)), _as_table(values, answers, index)]


def _with_word_of(rows: pa.Table, sounds: frozenset[str]) -> Flags:
    """Which texts have a word that leads to a listed name by one of these sounds."""
    read = rows["words"].combine_chunks()
    words = read.flatten(recursive=True)
    distinct = words.unique()
    leads = pa.array([sound_key(word) in sounds for word in distinct.to_pylist()], pa.bool_())
    met = pc.is_in(words, value_set=distinct.filter(leads))
    reading = read.flatten().value_parent_indices().filter(met)
    return _flags(read.value_parent_indices().take(reading), rows.num_rows)


def _with_any(lists: pa.ListArray, values: pa.Array) -> Flags:
    """Which lists hold one of the values."""
    is_one = pc.is_in(lists.flatten(), value_set=values)
    return _flags(lists.value_parent_indices().filter(is_one), len(lists))


def _flags(places: pa.Array, count: int) -> Flags:
    made: Flags = np.zeros(count, np.bool_)
    made[places.to_numpy()] = True
    return made


def _as_table(texts: Sequence[str], answers: Sequence[TextAnswer], index: Index) -> pa.Table:
    found = [match for answer in answers for match in answer.found]
    of_text = _offsets([len(answer.found) for answer in answers])
    read = [words for answer in answers for words in answer.words]
    words = pa.ListArray.from_arrays(
        _offsets([len(words) for words in read]),
        pa.array([word for words in read for word in words], pa.string()),
    )
    columns = {
        "keys": index.keys[[match.name for match in found]] if found else [],
        "margins": [match.margin for match in found],
        "added": [match.added for match in found],
        "reasons": [match.because for match in found],
        "starts": [match.span[0] for match in found],
        "ends": [match.span[1] for match in found],
        "alone": [match.alone for match in found],
    }
    return pa.Table.from_arrays(
        [
            pa.array(texts, pa.string()),
            pa.ListArray.from_arrays(_offsets([len(answer.words) for answer in answers]), words),
            *(
                pa.ListArray.from_arrays(
                    of_text, pa.array(values, SCHEMA.field(name).type.value_type)
                )
                for name, values in columns.items()
            ),
        ],
        schema=SCHEMA,
    )


def _offsets(lengths: Sequence[int]) -> pa.Array:
    return pa.array(np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]), pa.int32())


def _from_table(table: pa.Table, index: Index) -> list[TextAnswer]:
    places = index.place_of_key
    columns = [table[field.name].to_pylist() for field in SCHEMA][1:]
    return [
        TextAnswer(
            words,
            tuple(
                TextMatch(places[key], margin, added, because, (start, end), alone)
                for key, margin, added, because, start, end, alone in zip(*found, strict=True)
                if key in places
            ),
        )
        for words, *found in zip(*columns, strict=True)
    ]

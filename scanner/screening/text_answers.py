"""What the lists say to each distinct text, taken from earlier answers where they still hold.

A text is compared with the listed names that its words lead to. After a change of the lists its
answer holds unless one of its words leads to a name that has gone or came.
"""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from scanner.names.sound import sound_key
from scanner.screening.index import Index
from scanner.screening.kept_answers import AnswerStore
from scanner.screening.text_hits import TextAnswer, TextMatch, answer_texts, names_by_word

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
) -> list[TextAnswer]:
    """Look for listed names in distinct texts.

    Args:
        texts: Distinct texts.
        index: The prepared lists.
        min_score: Least score of a name in a text.
        store: Earlier answers to the same `min_score`; takes the new ones.
    """
    lookup = names_by_word(index)
    if store is None:
        return answer_texts(texts, index, lookup, min_score=min_score)
    asked = pa.array(texts, pa.string())
    answered = [SCHEMA.empty_table()]
    for kept in store.kept("texts", SCHEMA):
        rows = kept.rows_of(asked)
        answered.append(rows.filter(_holding(rows, kept.changed_sounds(index))))
        asked = asked.filter(pc.invert(pc.is_in(asked, value_set=answered[-1]["value"])))
    values = asked.to_pylist()
    new = answer_texts(values, index, lookup, min_score=min_score)
    answered.append(_as_table(values, new, index))
    table = pa.concat_tables(answered)
    store.keep("texts", table)
    in_order = pc.index_in(pa.array(texts, pa.string()), value_set=table["value"].combine_chunks())
    return _from_table(table.take(in_order), index)


def _holding(rows: pa.Table, changed: frozenset[str]) -> pa.Array:
    """Which answers still hold where these sounds lead to other names."""
    if not changed or not rows.num_rows:
        return pa.array([True] * rows.num_rows, pa.bool_())
    read = rows["words"].combine_chunks()
    words = read.flatten(recursive=True)
    # A word of a text is looked up under its sound alone.
    distinct = words.unique()
    sounds = pa.array([sound_key(word) in changed for word in distinct.to_pylist()], pa.bool_())
    met = pc.is_in(words, value_set=distinct.filter(sounds))
    reading = read.flatten().value_parent_indices().filter(met)
    text = read.value_parent_indices().take(reading)
    return pc.invert(pc.is_in(pa.array(range(rows.num_rows), text.type), value_set=text))


def _as_table(texts: Sequence[str], answers: Sequence[TextAnswer], index: Index) -> pa.Table:
    rows = [
        {
            "value": text,
            "words": answer.words,
            "keys": [int(index.keys[match.name]) for match in answer.found],
            "margins": [match.margin for match in answer.found],
            "added": [match.added for match in answer.found],
            "reasons": [match.because for match in answer.found],
            "starts": [match.span[0] for match in answer.found],
            "ends": [match.span[1] for match in answer.found],
            "alone": [match.alone for match in answer.found],
        }
        for text, answer in zip(texts, answers, strict=True)
    ]
    return pa.Table.from_pylist(rows, SCHEMA)


def _from_table(table: pa.Table, index: Index) -> list[TextAnswer]:
    places = index.place_of_key
    columns = [table[field.name].to_pylist() for field in SCHEMA][1:]
    return [
        TextAnswer(
            words,
            tuple(
                TextMatch(places[key], margin, added, because, (start, end), alone)
                for key, margin, added, because, start, end, alone in zip(*found, strict=True)
            ),
        )
        for words, *found in zip(*columns, strict=True)
    ]

"""What speaks for and against two names being one: measures of each pair, all at once.

Words that met count by what they say (`rarity`), so that a shared TRADING says
little and a shared surname much. A fact that is missing is NaN and never lowers
a score.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from rapidfuzz import fuzz

from scanner.additive.feature_spec import FeatureSpec
from scanner.names.folding import fold_text
from scanner.screening.features import turned
from scanner.screening.index import Index, form_bits
from scanner.screening.kinds import kind_agrees
from scanner.screening.letter_measures import LEAST_BEGUN, letter_measures, ratio
from scanner.screening.queries import Query
from scanner.screening.units import Flags, Floats, Integers, hashes
from scanner.screening.word_measures import said_by, word_measures

MEASURES = (
    FeatureSpec("listed_share", 1),
    FeatureSpec("query_share", 1),
    FeatureSpec("met_nats", 1),
    FeatureSpec("exact_nats", 1),
    FeatureSpec("same_nats", 1),
    FeatureSpec("mistaken_nats", -1),
    FeatureSpec("other_trade_words", -1),
    FeatureSpec("listed_unmet_nats", -1),
    FeatureSpec("query_unmet_nats", -1),
    FeatureSpec("balance_nats", 1),
    FeatureSpec("letters_ratio", 1),
    FeatureSpec("letters_nats", 1),
    FeatureSpec("sorted_likeness", 1),
    FeatureSpec("partial_ratio", 1),
    FeatureSpec("prefix_ratio", 1),
    FeatureSpec("cut_letters", 1),
    FeatureSpec("consonants_ratio", 1),
    FeatureSpec("vowelless_letters", 1),
    FeatureSpec("forms_agree", 1),
    FeatureSpec("kind_agrees", 1),
    FeatureSpec("surname_likeness", 1),
    FeatureSpec("initials_share", -1),
    FeatureSpec("least_words", 0),
    FeatureSpec("listed_telling_nats", 1),
    FeatureSpec("query_telling_nats", 1),
)
"""The measures of a pair and the sign of their effect."""

_LEAST_EXACT_SHARE = 0.6
_LEAST_CLOSE_LETTERS = 0.85
_SURE_LETTERS = 10.0
_LEAST_TOLD = -3.0
_LEAST_INITIALS = 2


def measure_pairs(
    queries: Sequence[Query], index: Index, query_of: Integers, name_of: Integers
) -> Floats:
    """Measure each pair.

    Args:
        queries: The queries.
        index: The listed names.
        query_of: Position of each pair's query.
        name_of: Position of each pair's listed name.

    Returns:
        Pairs by MEASURES.
    """
    if not len(query_of):
        return np.empty((0, len(MEASURES)))
    # Names of the same words are compared once.
    keys = pa.array(query_of * len(index.words) + index.alike[name_of]).dictionary_encode()
    distinct = np.divmod(keys.dictionary.to_numpy(), len(index.words))
    of_words = letter_measures(queries, index, *distinct)
    begun = of_words.pop("begun")
    of_words |= word_measures(queries, index, *distinct, is_begun=begun >= LEAST_BEGUN)
    place = keys.indices.to_numpy().astype(np.int64)
    made = {name: values.take(place) for name, values in of_words.items()}
    made["forms_agree"] = _forms_agree(queries, index, query_of, name_of)
    made["kind_agrees"] = kind_agrees(queries, index, query_of, name_of)
    # Crosses that an additive model cannot make itself: how sure, times how telling.
    made["listed_telling_nats"] = made["met_nats"] * made["listed_share"] ** 2
    made["query_telling_nats"] = made["met_nats"] * made["query_share"] ** 2
    # Each measure stands in one piece: it is looked at as a column.
    return np.array([made[spec.name] for spec in MEASURES]).T


def is_loose(measures: Floats, index: Index, name_of: Integers) -> Flags:
    """Pairs most of whose listed words are only alike, and their letters not close either.

    Two typing errors in the only telling word look just so, and another firm does too: such a
    pair is worth a look and is nothing that obliges.

    Args:
        measures: Pairs by MEASURES.
        index: The listed names.
        name_of: Position of each pair's listed name.
    """
    listed = np.maximum(said_by(index)[0].whole[name_of], 1e-9)
    exact = measures[:, _place("exact_nats")] / listed
    letters = np.fmax(
        measures[:, _place("letters_ratio")],
        measures[:, _place("vowelless_letters")] / _SURE_LETTERS,
    )
    return (exact < _LEAST_EXACT_SHARE) & (letters < _LEAST_CLOSE_LETTERS)


def is_whole(
    queries: Sequence[Query], index: Index, query_of: Integers, name_of: Integers
) -> Flags:
    """Pairs with a firm or a ship whose whole names, forms too, are equal letter by letter.

    Blanks and the order of words do not count; a cut name must begin the listed one. Of a person
    nothing more is said by it than by the words.
    """
    whole = [query.text.replace(" ", "") for query in queries]
    ordered = ["".join(sorted(query.text.split())) for query in queries]
    whole_of_name, ordered_of_name = index.hashes_of_texts
    found: Flags = hashes(whole)[query_of] == whole_of_name[name_of]
    found |= hashes(ordered)[query_of] == ordered_of_name[name_of]
    is_cut = np.fromiter((query.is_cut for query in queries), np.bool_, len(queries))
    found &= index.surname_words[name_of] == 0
    for place in np.flatnonzero(is_cut[query_of] & (index.surname_words[name_of] == 0)).tolist():
        found[place] |= index.whole_texts[name_of[place]].startswith(whole[query_of[place]])
    return found


def is_spelled_out(
    queries: Sequence[Query], index: Index, query_of: Integers, name_of: Integers
) -> Flags:
    """Pairs with a person whose words, one by one, the query has as initials or in full.

    Of two initials and more: D A HASSAN is rather Dahir Aweys Hassan than Hassan Dawood.
    """
    found: Flags = np.zeros(len(query_of), np.bool_)
    initials = [sum(len(word) == 1 for word in query.words) for query in queries]
    has = np.array(
        [_LEAST_INITIALS <= n < len(q.words) for n, q in zip(initials, queries, strict=True)], bool
    )
    for place in np.flatnonzero(has[query_of] & (index.surname_words[name_of] > 0)).tolist():
        query, name = queries[query_of[place]], int(name_of[place])
        if len(query.words) == len(index.words[name]):
            turns = int(index.surname_words[name])
            words, sounds = index.words[name], index.sounds[name]
            found[place] = _spells(query, words, sounds) or _spells(
                query, turned(words, turns), turned(sounds, turns)
            )
    return found


def _spells(query: Query, words: Sequence[str], sounds: Sequence[str]) -> bool:
    return all(
        own == word[0] if len(own) == 1 else own_sound == sound
        for own, own_sound, word, sound in zip(
            query.words, query.sounds, words, sounds, strict=True
        )
    )


def tie_breaker(
    measures: Floats, margins: Floats, queries: Sequence[Query], index: Index,
    query_of: Integers, name_of: Integers,
) -> Floats:  # fmt: skip
    """Finer than the model's steps: orders pairs that it holds for equal.

    Of likely pairs also by the whole names, their forms too: X LLC is rather the listed X LLC than
    the listed X FZE. Each pair is judged by itself, whatever else is compared (ADR 31).
    """
    found: Floats = (
        measures[:, _place("letters_ratio")]
        + measures[:, _place("sorted_likeness")]
        + measures[:, _place("met_nats")] / 100
    )
    likely = np.flatnonzero(margins >= _LEAST_TOLD)
    if len(likely):
        asked = [queries[i] for i in query_of[likely].tolist()]
        whole = [query.text for query in asked]
        listed = index.names["natural"].take(pa.array(name_of[likely])).to_pylist()
        # Of a cut name the other's beginning alone can be told.
        texts = [
            fold_text(text)[: len(query.text) if query.is_cut else None]
            for query, text in zip(asked, listed, strict=True)
        ]
        found[likely] += 10 * ratio(whole, texts, fuzz.ratio)
        found[likely] += 10 * ratio(whole, texts, fuzz.token_sort_ratio)
    return found


def _place(name: str) -> int:
    return [spec.name for spec in MEASURES].index(name)


def _forms_agree(
    queries: Sequence[Query], index: Index, query_of: Integers, name_of: Integers
) -> Floats:
    """1 where a form is shared, 0 where both have others, NaN where one has none."""
    one = form_bits(query.forms for query in queries)[query_of]
    two = index.form_bits[name_of]
    return np.where((one == 0) | (two == 0), np.nan, (one & two) != 0)

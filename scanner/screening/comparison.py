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
from scanner.screening.index import Index, form_bits
from scanner.screening.kinds import kind_agrees
from scanner.screening.letter_measures import LEAST_BEGUN, letter_measures, ratio
from scanner.screening.queries import Query
from scanner.screening.units import Flags, Floats, Integers
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

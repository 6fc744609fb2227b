"""Other ways to compare names, measured on the same questions beside ours."""

import importlib
import importlib.util
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler
from sklearn.feature_extraction.text import TfidfVectorizer

from scanner.names.folding import fold_text

# Best likeness of each query, and to which listed name.
Best = tuple[np.ndarray, np.ndarray]
Ask = Callable[[Sequence[str]], Best]
Peer = Callable[[Sequence[str]], Ask]
"""Takes the listed names in, which is not timed, as our index is not; gives what answers."""
_CANDIDATES = 50


def brute(scorer: Callable[..., float]) -> Peer:
    def ready(listed: Sequence[str]) -> Ask:
        def best(queries: Sequence[str]) -> Best:
            scores, places = [], []
            for start in range(0, len(queries), 200):
                part = queries[start : start + 200]
                found = process.cdist(part, listed, scorer=scorer, workers=1)
                scores.append(found.max(axis=1))
                places.append(found.argmax(axis=1))
            return np.concatenate(scores), np.concatenate(places)

        return best

    return ready


def _likeness(listed: Sequence[str], letters: tuple[int, int]) -> Callable[[Sequence[str]], Any]:
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=letters)
    turned = vectorizer.fit_transform(listed).T.tocsr()
    return lambda queries: (vectorizer.transform(queries) @ turned).tocsr()


def tfidf(listed: Sequence[str]) -> Ask:
    likeness_of = _likeness(listed, (2, 4))

    def best(queries: Sequence[str]) -> Best:
        likeness = likeness_of(queries)
        scores = likeness.max(axis=1).toarray().ravel()
        return scores, np.asarray(likeness.argmax(axis=1)).ravel()

    return best


def logic_v2(listed: Sequence[str]) -> Ask:
    """OpenSanctions' matcher over the 50 nearest names by tf-idf, as its measured exam ran it."""
    algorithm = importlib.import_module("nomenklatura.matching").get_algorithm("logic-v2")
    model = importlib.import_module("followthemoney").model
    config = algorithm.default_config()

    def entity(name: str, place: int | str) -> object:
        # It keeps what it read of an entity by its id: names that share one are the same to it.
        data = {"id": str(place), "schema": "LegalEntity", "properties": {"name": [name]}}
        return model.get_proxy(data)

    likeness_of = _likeness(listed, (3, 3))
    known = [entity(name, place) for place, name in enumerate(listed)]
    # Its first comparison reads its tables of names.
    algorithm.compare(entity(listed[0], "first"), known[0], config)

    def best(queries: Sequence[str]) -> Best:
        likeness = likeness_of(queries)
        scores, places = np.zeros(len(queries)), np.full(len(queries), -1)
        for number, name in enumerate(queries):
            row = likeness[number]
            asked = entity(name, f"asked {name}")
            for place in row.indices[np.argsort(-row.data)[:_CANDIDATES]].tolist():
                score = algorithm.compare(asked, known[place], config).score
                if score > scores[number]:
                    scores[number], places[number] = score, place
        return scores, places

    return best


def peers() -> Mapping[str, Peer]:
    """Those that are installed."""
    found: dict[str, Peer] = {
        "rapidfuzz token_sort_ratio": brute(fuzz.token_sort_ratio),
        "Jaro-Winkler": brute(JaroWinkler.normalized_similarity),
        "tf-idf of 2 to 4 letters": tfidf,
    }
    if importlib.util.find_spec("nomenklatura"):
        found["nomenklatura logic-v2"] = logic_v2
    return found


def folded(names: Sequence[str]) -> list[str]:
    """Names as the peers get them: the same Latin capitals that ours begins with."""
    return [fold_text(name) for name in names]

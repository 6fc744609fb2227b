"""Other ways to compare names, measured on the same questions beside ours."""

import importlib
import importlib.util
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler
from sklearn.feature_extraction.text import TfidfVectorizer

from scanner.names.folding import fold_text

# Best likeness of each query, and to which listed name.
Best = tuple[np.ndarray, np.ndarray]
Peer = Callable[[Sequence[str], Sequence[str]], Best]
_CANDIDATES = 50


def brute(scorer: Callable[..., float]) -> Peer:
    def best(queries: Sequence[str], listed: Sequence[str]) -> Best:
        scores, places = [], []
        for start in range(0, len(queries), 200):
            found = process.cdist(queries[start : start + 200], listed, scorer=scorer, workers=1)
            scores.append(found.max(axis=1))
            places.append(found.argmax(axis=1))
        return np.concatenate(scores), np.concatenate(places)

    return best


def tfidf(queries: Sequence[str], listed: Sequence[str]) -> Best:
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4))
    matrix = vectorizer.fit_transform(listed)
    likeness = (vectorizer.transform(queries) @ matrix.T).tocsr()
    scores = likeness.max(axis=1).toarray().ravel()
    return scores, np.asarray(likeness.argmax(axis=1)).ravel()


def logic_v2(queries: Sequence[str], listed: Sequence[str]) -> Best:
    """OpenSanctions' matcher over the nearest names by tf-idf, as its measured exam ran it."""
    algorithm = importlib.import_module("nomenklatura.matching").get_algorithm("logic-v2")
    model = importlib.import_module("followthemoney").model
    config = algorithm.default_config()

    def entity(name: str, place: int) -> object:
        data = {"id": str(place), "schema": "LegalEntity", "properties": {"name": [name]}}
        return model.get_proxy(data)

    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3))
    matrix = vectorizer.fit_transform(listed)
    likeness = (vectorizer.transform(queries) @ matrix.T).tocsr()
    known: dict[int, object] = {}
    scores, places = np.zeros(len(queries)), np.full(len(queries), -1)
    for number, name in enumerate(queries):
        row = likeness[number]
        nearest = row.indices[np.argsort(-row.data)[:_CANDIDATES]]
        asked = entity(name, -1)
        for place in nearest.tolist():
            other = known.setdefault(place, entity(listed[place], place))
            score = algorithm.compare(asked, other, config).score
            if score > scores[number]:
                scores[number], places[number] = score, place
    return scores, places


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

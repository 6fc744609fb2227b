"""The lists prepared for screening: names, their words' rarity, and a sparse matrix.

```
folder/names.arrow     one row per listed name, with its words
       *.npy           names by features (letter triples, words' skeletons), tf-idf;
                       which units (words, neighbours joined) each name has
       features.arrow  the features' texts and weights     units.arrow  the units
       words.arrow     the words' rarity in the basis      codes.arrow  identifiers
```
Everything is mapped into memory, nothing is unpickled. The names stand in the order of what they
say, so that two that are equally near to a query are told apart alike whoever else is listed.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from scipy import sparse

from scanner import reference
from scanner.names.folding import fold_text
from scanner.names.legal_forms import form_classes
from scanner.screening.arrow_files import read_arrow
from scanner.screening.features import (
    Triples,
)
from scanner.screening.index_files import (
    open_matrix,
    open_units,
)
from scanner.screening.units import Flags, Floats, Hashes, Integers, Units, hashes

_FORMAT = 10
Keys = np.ndarray[Any, np.dtype[np.uint64]]


@cache
def index_format() -> str:
    """What a prepared index depends on besides the lists: its layout and the reference words."""
    tables = ("generic_words", "legal_forms", "common_words", "address_words")
    rows = [tuple(row.values()) for name in tables for row in reference.rows(name)]
    return f"{_FORMAT}-{hashlib.sha256(repr(rows).encode()).hexdigest()[:16]}"


class Lists(Protocol):
    """What is prepared: the tables of the active lists."""

    @property
    def list_entries(self) -> pa.Table: ...  # noqa: D102 - as in scanner/schema
    @property
    def list_names(self) -> pa.Table: ...  # noqa: D102
    @property
    def list_identifiers(self) -> pa.Table: ...  # noqa: D102


@dataclass(frozen=True, eq=False)
class Index:
    """A prepared index, open."""

    names: pa.Table
    keys: Keys
    words: Sequence[tuple[str, ...]]
    sounds: Sequence[tuple[str, ...]]
    joined: Sequence[str]
    bones: Sequence[str]
    turned: Sequence[str]
    turned_bones: Sequence[str]
    forms: Sequence[frozenset[str]]
    lookups: Sequence[tuple[str, ...]]
    units: Units
    unit_nats: Floats
    unit_unmet_nats: Floats
    surname_words: Integers
    letters: Integers
    is_weak_word: Flags
    matrix: sparse.csr_matrix
    feature_ids: dict[str, int]
    feature_weights: np.ndarray[Any, np.dtype[np.float32]]
    common_features: Flags
    rarity: dict[str, float]
    codes: pa.Table

    @cached_property
    def place_of_key(self) -> dict[int, int]:
        """Position of the listed name of each key."""
        return {key: place for place, key in enumerate(self.keys.tolist())}

    @cached_property
    def triples(self) -> Triples:
        """The numbers of letter triples."""
        return Triples(self.feature_ids)

    @cached_property
    def bone_ids(self) -> dict[str, int]:
        """The numbers of words' skeletons."""
        return {text[1:]: i for text, i in self.feature_ids.items() if text[0] == "="}

    @cached_property
    def alike(self) -> Integers:
        """Of each listed name the first of the same words, by which both are compared."""
        first: dict[tuple[tuple[str, ...], int], int] = {}
        keys = zip(self.words, self.surname_words.tolist(), strict=True)
        return np.array([first.setdefault(key, at) for at, key in enumerate(keys)], np.int64)

    @cached_property
    def whole_texts(self) -> Sequence[str]:
        """Each listed name, its forms too, folded and without blanks."""
        return [fold_text(text).replace(" ", "") for text in self.names["natural"].to_pylist()]

    @cached_property
    def hashes_of_texts(self) -> tuple[Hashes, Hashes]:
        """Numbers equal where whole names are, without blanks: as written, and words in order."""
        texts = map(fold_text, self.names["natural"].to_pylist())
        return hashes(self.whole_texts), hashes(["".join(sorted(text.split())) for text in texts])

    @cached_property
    def sorted_sounds(self) -> Sequence[str]:
        """The sounds of each listed name in their order."""
        return [" ".join(sorted(sounds)) for sounds in self.sounds]

    @cached_property
    def unit_ranks(self) -> Integers:
        """Place of each unit by what it says, the most telling first; equal ones share one."""
        return np.unique(-self.unit_nats, return_inverse=True)[1].astype(np.int64)

    @cached_property
    def lengths(self) -> Floats:
        """What the features of each listed name were divided by, so that it is of length one."""
        made = np.zeros(self.matrix.shape[1])
        weights = np.repeat(self.feature_weights, np.diff(self.matrix.indptr))
        # A feature that a name has twice has more than its weight.
        np.maximum.at(made, self.matrix.indices, weights / self.matrix.data)
        return made

    @cached_property
    def form_bits(self) -> Integers:
        """The classes of each listed name's legal forms as bits."""
        return form_bits(self.forms)

    @cached_property
    def entry_of(self) -> Integers:
        """Of each listed name a number of its entry; the numbers stand as the entries' ids do."""
        ids = self.names["entry_id"].to_pylist()
        numbers = {entry_id: number for number, entry_id in enumerate(sorted(set(ids)))}
        return np.fromiter(map(numbers.__getitem__, ids), np.int64, len(ids))


def open_index(folder: Path) -> Index:
    """Open a prepared index."""
    names = read_arrow(folder / "names.arrow")
    features = read_arrow(folder / "features.arrow")
    rarity = read_arrow(folder / "words.arrow")
    weights = features["weight"].to_numpy().astype(np.float32)
    matrix = open_matrix(folder, len(weights), names.num_rows)
    known = dict(zip(rarity["word"].to_pylist(), rarity["rarity"].to_pylist(), strict=True))
    units, unit_nats, unmet_nats = open_units(folder)
    return Index(
        names=names,
        keys=names["key"].to_numpy(),
        words=list(map(tuple, names["words"].to_pylist())),
        sounds=list(map(tuple, names["sounds"].to_pylist())),
        joined=names["joined"].to_pylist(),
        bones=names["bones"].to_pylist(),
        turned=names["turned"].to_pylist(),
        turned_bones=names["turned_bones"].to_pylist(),
        forms=_shared_sets(names["forms"].to_pylist()),
        lookups=list(map(tuple, names["lookups"].to_pylist())),
        units=units,
        unit_nats=unit_nats,
        unit_unmet_nats=unmet_nats,
        surname_words=names["surname_words"].to_numpy(),
        letters=names["letters"].to_numpy(),
        is_weak_word=names["is_weak_word"].to_numpy(),
        matrix=matrix,
        feature_ids={text: i for i, text in enumerate(features["feature"].to_pylist())},
        feature_weights=weights,
        common_features=features["is_common"].to_numpy(),
        rarity=known,
        codes=read_arrow(folder / "codes.arrow"),
    )


def _shared_sets(lists: Sequence[Sequence[str]]) -> list[frozenset[str]]:
    """Each list as a set; equal ones are one object, of which there are few."""
    known: dict[frozenset[str], frozenset[str]] = {}
    return [known.setdefault(one, one) for one in map(frozenset, lists)]


def form_bits(forms: Iterable[frozenset[str]]) -> Integers:
    """Classes of legal forms as bits, the same in all names."""
    bits = {kind: 1 << i for i, kind in enumerate(form_classes())}
    none: frozenset[str] = frozenset()
    known = {none: 0}
    found = []
    for classes in forms:
        if classes not in known:
            known[classes] = sum(bits[kind] for kind in classes)
        found.append(known[classes])
    return np.array(found, np.int64)

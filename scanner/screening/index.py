"""The lists prepared for screening: names, their words' rarity, and a sparse matrix.

```
folder/names.arrow     one row per listed name, with its words
       matrix/*.npy    names by features (letter triples, words' skeletons), tf-idf
       features.arrow  the features' texts and weights     words.arrow  the words' rarity
       codes.arrow     identifiers of the entries
```
Everything is mapped into memory, nothing is unpickled.
"""

import math
import shutil
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from scipy import sparse

from scanner import reference
from scanner.names.folding import fold_text
from scanner.names.parsing import name_words
from scanner.names.sound import skeleton, sound_key

INDEX_FORMAT = 2
_MOST_NAMES_SHARE = 0.12
_LEAST_NAMES_FOR_SHARE = 400
GENERIC_WEIGHT = 0.15
RAREST = 10.5
"""Rarity of a word that one name bears, whatever the size of the list."""


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
    words: Sequence[tuple[str, ...]]
    sounds: Sequence[tuple[str, ...]]
    joined: Sequence[str]
    bones: Sequence[str]
    forms: Sequence[frozenset[str]]
    matrix: sparse.csr_matrix
    feature_ids: dict[str, int]
    feature_weights: np.ndarray[Any, np.dtype[np.float32]]
    rarity: dict[str, float]
    default_rarity: float
    codes: pa.Table

    def weight(self, word: str, sound: str) -> float:
        """How much a word says about who bears the name; generic words say little."""
        if word in generic_words():
            return GENERIC_WEIGHT * self.default_rarity
        return self.rarity.get(sound, self.default_rarity)


@cache
def generic_words() -> frozenset[str]:
    """Words that many firms bear."""
    return frozenset(row["word"] for row in reference.rows("generic_words"))


def features_of(sounds: Sequence[str], skeletons: Sequence[str]) -> list[str]:
    """Features of a name: letter triples of its joined sound, and its words' skeletons."""
    joined = f"^{''.join(sounds)}$"
    found = [joined[i : i + 3] for i in range(len(joined) - 2)] or [joined]
    found += [f"={bone}" for bone in skeletons if len(bone) > 1]
    return found


def prepare(tables: Lists, extra_names: pa.Table | None, folder: Path) -> None:
    """Prepare the lists and write the index whole.

    Args:
        tables: Tables of the active lists.
        extra_names: Owned firms: entry_id, list, name, country.
        folder: Where the index appears.
    """
    rows = _name_rows(tables, extra_names)
    words = [name_words(row["name"])[0] for row in rows]
    sounds = [tuple(sound_key(word) for word in found) for found in words]
    features = [
        features_of(sound, [skeleton(word) for word in found])
        for sound, found in zip(sounds, words, strict=True)
    ]
    aside = folder.with_name(f".{folder.name}.tmp")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    _write_matrix(aside, features)
    _write_rarity(aside, sounds)
    table = (
        pa.Table.from_pylist(rows) if rows else pa.table({"entry_id": pa.array([], pa.string())})
    )
    table = table.append_column("words", pa.array([list(w) for w in words], pa.list_(pa.string())))
    _write_arrow(aside / "names.arrow", table)
    _write_arrow(aside / "codes.arrow", tables.list_identifiers)
    aside.rename(folder)


def open_index(folder: Path) -> Index:
    """Open a prepared index."""
    names = _read_arrow(folder / "names.arrow")
    words = [tuple(found) for found in names["words"].to_pylist()]
    sounds = [tuple(sound_key(word) for word in found) for found in words]
    features = _read_arrow(folder / "features.arrow")
    rarity = _read_arrow(folder / "words.arrow")
    weights = features["weight"].to_numpy().astype(np.float32)
    parts = [
        np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("data", "indices", "indptr")
    ]
    matrix = sparse.csr_matrix(tuple(parts), shape=(len(weights), len(words)))
    known = dict(zip(rarity["word"].to_pylist(), rarity["rarity"].to_pylist(), strict=True))
    return Index(
        names=names,
        words=words,
        sounds=sounds,
        joined=["".join(found) for found in sounds],
        bones=["".join(map(skeleton, found)) for found in words],
        forms=[name_words(name)[1] for name in names["name"].to_pylist()],
        matrix=matrix,
        feature_ids={text: i for i, text in enumerate(features["feature"].to_pylist())},
        feature_weights=weights,
        rarity=known,
        default_rarity=RAREST,
        codes=_read_arrow(folder / "codes.arrow"),
    )


def _name_rows(tables: Lists, extra_names: pa.Table | None) -> list[dict[str, Any]]:
    entries = {row["entry_id"]: row for row in tables.list_entries.to_pylist()}
    rows = []
    for row in tables.list_names.to_pylist():
        entry = entries.get(row["entry_id"])
        if entry is not None and fold_text(row["name"]):
            rows.append(
                {
                    "entry_id": row["entry_id"],
                    "list": row["list"],
                    "name": row["name"],
                    "quality": row["quality"],
                    "entry_name": entry["entry_name"],
                    "entry_type": entry["entry_type"],
                    "countries": list(entry["countries"] or []),
                }
            )
    rows.extend(
        {
            "entry_id": row["entry_id"],
            "list": row["list"],
            "name": row["name"],
            "quality": "primary",
            "entry_name": row["name"],
            "entry_type": "entity",
            "countries": [row["country"]] if row["country"] else [],
        }
        for row in (extra_names.to_pylist() if extra_names is not None else [])
    )
    return rows


def _write_matrix(folder: Path, features: Sequence[Sequence[str]]) -> None:
    """Features by names, weighted by rarity, each name of length one; common features left out."""
    count = len(features)
    held_by = Counter(feature for found in features for feature in set(found))
    most = max(_LEAST_NAMES_FOR_SHARE, int(count * _MOST_NAMES_SHARE))
    known = {f: i for i, f in enumerate(sorted(f for f, n in held_by.items() if n <= most))}
    weights = np.array([math.log1p(count / held_by[f]) for f in known], dtype=np.float32)
    rows, columns, data = [], [], []
    for position, found in enumerate(features):
        counted = Counter(known[f] for f in found if f in known)
        values = {i: math.sqrt(n) * float(weights[i]) for i, n in counted.items()}
        norm = math.sqrt(sum(v * v for v in values.values())) or 1.0
        for i, value in values.items():
            rows.append(i)
            columns.append(position)
            data.append(value / norm)
    matrix = sparse.csr_matrix(
        (np.asarray(data, np.float32), (rows, columns)), shape=(len(known), count)
    )
    matrix.sort_indices()
    for name in ("data", "indices", "indptr"):
        np.save(folder / f"{name}.npy", getattr(matrix, name))
    table = pa.table({"feature": pa.array(list(known), pa.string()), "weight": pa.array(weights)})
    _write_arrow(folder / "features.arrow", table)


def _write_rarity(folder: Path, sounds: Iterable[tuple[str, ...]]) -> None:
    all_of_them = list(sounds)
    held_by = Counter(sound for found in all_of_them for sound in set(found))
    words = sorted(held_by)
    count = max(len(all_of_them), 1)
    # A small list must judge a word as a large one does: rarity is measured on one scale.
    scale = RAREST / math.log(1 + count)
    table = pa.table(
        {
            "word": pa.array(words, pa.string()),
            "rarity": pa.array(
                [scale * math.log(1 + count / held_by[w]) for w in words], pa.float64()
            ),
        }
    )
    _write_arrow(folder / "words.arrow", table)


def _write_arrow(path: Path, table: pa.Table) -> None:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def _read_arrow(path: Path) -> pa.Table:
    with pa.memory_map(str(path), "r") as source:
        return pa.ipc.open_file(source).read_all()

"""Trains the matcher: which measures of a pair make it one and the same.

Positives are listed names, corrupted or under another of the entry's names.
Negatives are the nearest listed names of invented innocents, made of the words
that the world's firms and persons share, and, with little weight because sister
firms and relatives of the listed are harder than any customer, of entries that
were taken out of the index. Entries that train and entries that calibrate are
disjoint.
"""

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scanner.additive.artifact import save
from scanner.additive.fitting import Capacity, PairModel, fit_pairs
from scanner.names import name_key
from scanner.names.folding import fold_text
from scanner.screening.candidates import find_candidates
from scanner.screening.comparison import MEASURES, measure_pairs
from scanner.screening.corruptions import FAMILIES, corrupted
from scanner.screening.index import Index, Lists, open_index
from scanner.screening.index_preparation import prepare
from scanner.screening.innocents import invented_name
from scanner.screening.queries import queries_of

CANDIDATES = 12
_CAPACITY = Capacity(
    rounds=300, learning_rate=0.06, max_leaf_nodes=12, l2_regularization=0.0,
    min_samples_leaf=30, max_bins=32,
)  # fmt: skip
_QUERIES_PER_ENTRY = 2
_INVENTED_SHARE = 0.5
_NAMESAKE_SHARE = 0.3
_WEIGHT_OF_KIN = 0.05
_WEIGHT_OF_OTHER_NAME = 0.2
_WEIGHT_OF_MATCH = 3.0
"""A missed name is worse than a false alert."""
_INVENTED = "INVENTED:"


@dataclass(frozen=True)
class ListPart:
    """The lists without the entries that must not be found."""

    list_entries: pa.Table
    list_names: pa.Table
    list_identifiers: pa.Table


def train_matcher(
    lists: Lists, *, seed: int, entries: int = 16000, families: Sequence[str] = tuple(FAMILIES)
) -> PairModel:
    """Train on the names of the lists.

    Args:
        lists: Tables of lists with at least some thousand names.
        seed: Seed of all choices.
        entries: Most entries to draw queries from.
        families: Kinds of damage to learn from.
    """
    rng = random.Random(seed)  # noqa: S311 - reproducible choice, not a secret
    with TemporaryDirectory() as folder:
        hidden = {e for e in lists.list_entries["entry_id"].to_pylist() if _bucket(e) < 2}
        index = _index_without(lists, hidden, Path(folder) / "index")
        persons = _persons(lists)
        named: dict[str, list[str]] = {}
        for row in lists.list_names.to_pylist():
            named.setdefault(row["entry_id"], []).append(row["name"])
        chosen = sorted(named)
        rng.shuffle(chosen)
        queries: list[str] = []
        owners: list[str] = []
        sources: list[str | None] = []
        for entry_id in chosen[:entries]:
            for _ in range(_QUERIES_PER_ENTRY):
                family = rng.choice(families)
                name = rng.choice(named[entry_id])
                queries.append(corrupted(name, family, rng, is_person=entry_id in persons))
                owners.append(entry_id)
                sources.append(name)
        innocents = [
            _damaged_name(families, rng) for _ in range(int(len(queries) * _INVENTED_SHARE))
        ]
        innocents += _namesakes(sorted(persons & set(chosen[:entries])), named, rng)
        for number, innocent in enumerate(innocents):
            queries.append(innocent)
            owners.append(f"{_INVENTED}{number}")
            sources.append(None)
        matrix, labels, query_owner, is_other = _pairs(queries, owners, sources, index)
    calibration = np.array([_bucket(owner, "calibrate") < 3 for owner in query_owner])
    weight = np.array([_WEIGHT_OF_KIN if owner in hidden else 1.0 for owner in query_owner])
    weight[is_other] = _WEIGHT_OF_OTHER_NAME
    weight[labels == 1] *= _WEIGHT_OF_MATCH
    return fit_pairs(
        matrix,
        labels,
        MEASURES,
        calibration_rows=calibration,
        seed=seed,
        sample_weight=weight,
        capacity=_CAPACITY,
    )


def train_and_save(lists: Lists, models: Path, *, seed: int, trained_on: date) -> str:
    """Train the matcher and keep it as a version, which becomes the one in use.

    Args:
        lists: Tables of the lists to learn from; names are not kept, only step tables.
        models: Models folder.
        seed: Seed of all choices.
        trained_on: Date in the version's name.

    Returns:
        The version.
    """
    model = train_matcher(lists, seed=seed)
    digest = hashlib.sha256(model.tables.to_json().encode()).hexdigest()
    version = f"{trained_on.isoformat()}-{digest[:8]}"
    folder = models / "matcher"
    if not (folder / version).exists():
        card = {
            "purpose": "The probability that a name in a payment and a listed name are one.",
            "data": (
                f"{lists.list_names.num_rows} names of {lists.list_entries.num_rows} entries, "
                "corrupted by the families of scanner/screening/corruptions.py; negatives are the "
                "nearest names of invented innocents made of reference/common_words.csv and, with "
                "little weight, of entries hidden from the index. No name is kept in the model."
            ),
            "families": sorted(FAMILIES),
            "seed": seed,
            "monotone": {spec.name: spec.monotone for spec in MEASURES},
            "limits": (
                "Trained on corruptions and not on an analyst's decisions. A pair of few letters, "
                "initials without a rare surname and names without vowels stay hard to tell."
            ),
        }
        save(folder / version, model.estimator, model.tables, card)
    aside = folder / ".CHAMPION.tmp"
    aside.write_text(version + "\n", "utf-8")
    aside.replace(folder / "CHAMPION")
    return version


def _persons(lists: Lists) -> set[str]:
    kinds = zip(
        *(lists.list_entries[c].to_pylist() for c in ("entry_id", "entry_type")), strict=True
    )
    return {entry_id for entry_id, kind in kinds if kind == "individual"}


def _damaged_name(families: Sequence[str], rng: random.Random) -> str:
    """An innocent's name as it arrives: damaged as the listed ones are."""
    name, is_person = invented_name(rng)
    return corrupted(name, rng.choice(families), rng, is_person=is_person)


def _namesakes(persons: Sequence[str], named: Mapping[str, Sequence[str]], rng: Any) -> list[str]:
    """Given names of listed persons, patronymics too, with another surname or none: nobody."""
    made = []
    for entry_id in rng.sample(persons, int(len(persons) * _NAMESAKE_SHARE)):
        _, _, given = rng.choice(named[entry_id]).partition(",")
        if len(given.split()) < 2:
            continue
        surname = rng.choice(named[rng.choice(persons)]).partition(",")[0]
        made.append(fold_text(f"{given} {surname}" if rng.random() < 0.7 else given))
    return made


def _pairs(
    queries: Sequence[str], owners: Sequence[str], sources: Sequence[str | None], index: Index
) -> tuple[Any, Any, list[str], Any]:
    """Measures and labels of the pairs, each pair's owner, and which are of another of its names.

    Other entries of the very name teach nothing: nobody can tell them apart.
    """
    prepared = queries_of(queries)
    of_query, of_name = find_candidates(prepared, index, per_query=CANDIDATES, with_far=True)
    ids, names = index.names["entry_id"].to_pylist(), index.names["name"].to_pylist()
    keys = [" ".join(sorted(words)) for words in index.words]
    source_keys = [name_key(natural) if natural else "" for natural in sources]
    pairs = list(zip(of_query.tolist(), of_name.tolist(), strict=True))
    told = np.array([ids[n] == owners[q] or keys[n] != source_keys[q] for q, n in pairs], np.bool_)
    is_other = np.array(
        [ids[n] == owners[q] and names[n] != sources[q] for q, n in pairs], np.bool_
    )
    is_other = is_other[told]
    of_query, of_name = of_query[told], of_name[told]
    matrix = measure_pairs(prepared, index, of_query, of_name)
    entry_ids = index.names["entry_id"].to_pylist()
    labels = np.array(
        [entry_ids[n] == owners[q] for q, n in zip(of_query, of_name, strict=True)], dtype=np.int64
    )
    return matrix, labels, [owners[q] for q in of_query], is_other


def _index_without(lists: Lists, hidden: set[str], folder: Path) -> Index:
    gone = pa.array(sorted(hidden), pa.string())
    part = ListPart(
        *(
            table.filter(pc.invert(pc.is_in(table["entry_id"], gone)))
            for table in (lists.list_entries, lists.list_names, lists.list_identifiers)
        )
    )
    prepare(part, None, folder)
    return open_index(folder)


def _bucket(entry_id: str, salt: str = "hide") -> int:
    """One of ten buckets, the same for an entry in every run."""
    return hashlib.sha256(f"{salt}:{entry_id}".encode()).digest()[0] % 10

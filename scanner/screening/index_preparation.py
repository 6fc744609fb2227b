"""Preparing the lists for screening: what `index` opens, made anew or from what was made before."""

import hashlib
import math
import os
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from scipy import sparse

from scanner.names.folding import fold_text
from scanner.names.parsing import name_words
from scanner.names.sound import skeleton, sound_key
from scanner.screening.arrow_files import read_arrow, write_arrow
from scanner.screening.basis import Basis
from scanner.screening.features import (
    consonant_features,
    features_of,
    lookups_of,
    person_features,
    turned,
)
from scanner.screening.index import Lists
from scanner.screening.index_files import (
    open_matrix,
    write_matrix,
    write_rarity,
    write_units,
)
from scanner.screening.index_parts import (
    MatrixPart,
    UnitsPart,
    joined_matrices,
    joined_tables,
    joined_units,
    order_of,
)
from scanner.screening.rarity import listed_unmet_nats, nats
from scanner.screening.units import units_of

_NAME_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in
          ("entry_id", "list", "name", "quality", "entry_name", "entry_type", "natural")),
        ("surname_words", pa.int64()),
        ("countries", pa.list_(pa.string())),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class _Named:
    """The listed names and what is made of each."""

    rows: list[dict[str, Any]]
    words: list[tuple[str, ...]]
    sounds: list[tuple[str, ...]]
    bones: list[list[str]]

    @classmethod
    def of(cls, rows: list[dict[str, Any]]) -> "_Named":
        """Take the names apart."""
        words = [name_words(row["natural"])[0] for row in rows]
        sounds = [tuple(sound_key(word) for word in found) for found in words]
        return cls(rows, words, sounds, [[skeleton(word) for word in found] for found in words])

    def features(self) -> tuple[list[list[str]], list[list[str]]]:
        """The features of each name, and those that only some queries ask for."""
        always = [features_of(*of_name) for of_name in zip(self.sounds, self.bones, strict=True)]
        sometimes = [
            person_features(found, sound, bone, row["surname_words"]) + consonant_features(bone)
            for row, found, sound, bone in zip(
                self.rows, self.words, self.sounds, self.bones, strict=True
            )
        ]
        return always, sometimes

    def lookups(self) -> list[list[str]]:
        """The sounds by which free text is searched for each name."""
        return [
            lookups_of(found, sound, row["quality"])
            for row, found, sound in zip(self.rows, self.words, self.sounds, strict=True)
        ]

    def basis(self) -> Basis:
        """The counts over these names."""
        always, sometimes = self.features()
        both = [[*one, *other] for one, other in zip(always, sometimes, strict=True)]
        return Basis.of(self.sounds, self.lookups(), both)


def basis_of(tables: Lists) -> Basis:
    """The counts over the names of lists, for indices of these and of other versions."""
    return _Named.of(_name_rows(tables)).basis()


def basis_of_firms(names: Sequence[str]) -> Basis:
    """The counts over names of firms, to be added to those of lists."""
    return _Named.of([_firm("", "", name, None) for name in names]).basis()


def prepare(
    tables: Lists,
    extra_names: pa.Table | None,
    folder: Path,
    *,
    basis: Basis | None = None,
    earlier: Path | None = None,
) -> None:
    """Prepare the lists and write the index whole.

    Args:
        tables: Tables of the active lists.
        extra_names: Owned firms: entry_id, list, name, country.
        folder: Where the index appears.
        basis: What rarity is reckoned from; None = these names themselves.
        earlier: Index of other lists on the same basis; what it says of names that are the same
            is taken from it, and the index is as it would be without.
    """
    known = _Earlier.read(earlier) if earlier and basis else _Earlier()
    owned = extra_names.to_pylist() if extra_names is not None else []
    rows = _name_rows(tables, known.rows)
    rows += [_firm(row["entry_id"], row["list"], row["name"], row["country"]) for row in owned]
    rows.sort(key=_order)
    places = [known.places.get(id(row), -1) for row in rows]
    named = _Named.of([row for row, at in zip(rows, places, strict=True) if at < 0])
    basis = named.basis() if basis is None else basis
    aside = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    if aside.exists():
        shutil.rmtree(aside)
    aside.mkdir(parents=True)
    matrix = _matrix_part(*named.features(), basis)
    rarity = write_rarity(aside, basis)
    units = _units_part(named.words, [row["surname_words"] for row in named.rows], rarity)
    names = _names_table(named, basis)
    if known.rows and known.names and known.matrix and known.units:
        order = order_of(places, known.names.num_rows)
        names = joined_tables(known.names, names, order)
        matrix = joined_matrices(known.matrix, matrix, order)
        units = joined_units(known.units, units, order)
    write_matrix(aside, matrix)
    write_units(aside, units)
    write_arrow(aside / "names.arrow", names)
    write_arrow(aside / "codes.arrow", tables.list_identifiers)
    if folder.is_dir():  # another process was faster; both wrote the same
        shutil.rmtree(aside)
    else:
        aside.rename(folder)


@dataclass(frozen=True)
class _Earlier:
    """An earlier index: its listed names by what the lists say of them, and what is made of each.

    `places`: of each of its rows, as an object of `rows`, the position.
    """

    rows: Mapping[tuple[Any, ...], dict[str, Any]] = field(default_factory=dict)
    places: Mapping[int, int] = field(default_factory=dict)
    names: pa.Table | None = None
    matrix: MatrixPart | None = None
    units: UnitsPart | None = None

    @classmethod
    def read(cls, folder: Path) -> "_Earlier":
        """Read what `prepare` wrote."""
        names = read_arrow(folder / "names.arrow")
        rows = names.select(_NAME_SCHEMA.names).to_pylist()
        features = read_arrow(folder / "features.arrow")
        units = [np.load(folder / f"unit_{name}.npy") for name in ("starts", "ids", "masks")]
        return cls(
            rows={_said(row): row for row in rows},
            places={id(row): place for place, row in enumerate(rows)},
            names=names,
            matrix=MatrixPart(features, open_matrix(folder, features.num_rows, names.num_rows)),
            units=UnitsPart(read_arrow(folder / "units.arrow"), *units),
        )


def _said(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What the lists say of a name: two rows of which this is equal are equal."""
    said = ("entry_id", "list", "name", "quality", "entry_name", "entry_type")
    return *(row[column] for column in said), tuple(row["countries"])


def _names_table(named: _Named, basis: Basis) -> pa.Table:
    """The listed names with all that opening an index would otherwise reckon again."""
    rows, words, sounds, bones = named.rows, named.words, named.sounds, named.bones
    turns = [row["surname_words"] for row in rows]
    lookups = [[sound for sound in of if basis.is_looked_up(sound)] for of in named.lookups()]
    several = pa.list_(pa.string())
    columns = {
        "key": pa.array(map(_key_of, rows), pa.uint64()),
        "words": pa.array(map(list, words), several),
        "sounds": pa.array(map(list, sounds), several),
        "joined": pa.array(map("".join, sounds), pa.string()),
        "bones": pa.array(map("".join, bones), pa.string()),
        "turned": pa.array(map("".join, map(turned, sounds, turns)), pa.string()),
        "turned_bones": pa.array(
            ("".join(turned(tuple(b), n)) for b, n in zip(bones, turns, strict=True)), pa.string()
        ),
        "forms": pa.array((sorted(name_words(row["natural"])[1]) for row in rows), several),
        "lookups": pa.array(lookups, several),
        "letters": pa.array((sum(map(len, found)) for found in sounds), pa.int64()),
        "is_weak_word": pa.array(
            (
                row["quality"] == "weak" and len(found) == 1
                for row, found in zip(rows, words, strict=True)
            ),
            pa.bool_(),
        ),
    }
    table = pa.Table.from_pylist(list(rows), _NAME_SCHEMA)
    for name, column in columns.items():
        table = table.append_column(name, column)
    return table


def _name_rows(
    tables: Lists, known: Mapping[tuple[Any, ...], dict[str, Any]] | None = None
) -> list[dict[str, Any]]:
    used = tables.list_entries.select(["entry_id", "entry_name", "entry_type", "countries"])
    entries = {row["entry_id"]: row for row in used.to_pylist()}
    rows = []
    for row in tables.list_names.to_pylist():
        entry = entries.get(row["entry_id"])
        if entry is None:
            continue
        made = {
            "entry_id": row["entry_id"],
            "list": row["list"],
            "name": row["name"],
            "quality": row["quality"],
            "entry_name": entry["entry_name"],
            "entry_type": entry["entry_type"],
            "natural": row["name"],
            "surname_words": 0,
            "countries": list(entry["countries"] or []),
        }
        same = known.get(_said(made)) if known else None
        if same is not None:
            rows.append(same)
        elif fold_text(row["name"]):
            made["natural"], made["surname_words"] = natural_order(row["name"], entry["entry_type"])
            rows.append(made)
    return rows


def _firm(entry_id: str, list_: str, name: str, country: str | None) -> dict[str, Any]:
    return {
        "entry_id": entry_id,
        "list": list_,
        "name": name,
        "quality": "primary",
        "entry_name": name,
        "entry_type": "entity",
        "natural": name,
        "surname_words": 0,
        "countries": [country] if country else [],
    }


def _key_of(row: Mapping[str, Any]) -> int:
    """A number that stays as long as nothing of a listed name changes that screening looks at."""
    return int.from_bytes(hashlib.sha256(repr(sorted(row.items())).encode()).digest()[:8])


def _order(row: Mapping[str, Any]) -> tuple[str, bool, str, str]:
    """By entry, its primary name first."""
    return row["entry_id"], row["quality"] != "primary", row["name"], repr(row)


def natural_order(name: str, entry_type: str) -> tuple[str, int]:
    """A listed person's name as a person writes it, and how many words the surname has.

    Lists write SURNAME, Given; messages mostly the other way round.

    Returns:
        The name, and the words of its surname at the end; 0 = no person, or no comma.
    """
    surname, comma, given = name.partition(",")
    if not comma or entry_type != "individual" or not fold_text(given):
        return name, 0
    return f"{given.strip()} {surname.strip()}", len(fold_text(surname).split())


def _matrix_part(
    features: Sequence[Sequence[str]], more: Sequence[Sequence[str]], basis: Basis
) -> MatrixPart:
    """Features by names, weighted by rarity, each name of length one; common features left out.

    `more` are features that only some queries ask for; they do not count in a name's length.
    """
    present = sorted({f for found in (*features, *more) for f in found})
    told = {f: weight for f in present if (weight := basis.weight_of(f)) is not None}
    known = {f: i for i, f in enumerate(told)}
    weights = np.array(list(told.values()), dtype=np.float32)
    rows, columns, data = [], [], []
    for position, (found, extra) in enumerate(zip(features, more, strict=True)):
        counted = Counter(known[f] for f in found if f in known)
        values = {i: math.sqrt(n) * float(weights[i]) for i, n in counted.items()}
        norm = math.sqrt(sum(v * v for v in values.values())) or 1.0
        for i in {known[f] for f in extra if f in known} - values.keys():
            values[i] = float(weights[i])
        for i, value in values.items():
            rows.append(i)
            columns.append(position)
            data.append(value / norm)
    matrix = sparse.csr_matrix(
        (np.asarray(data, np.float32), (rows, columns)), shape=(len(known), len(features))
    )
    matrix.sort_indices()
    table = pa.table(
        {
            "feature": pa.array(list(known), pa.string()),
            "weight": pa.array(weights),
            "is_common": pa.array(map(basis.is_common, known), pa.bool_()),
        }
    )
    return MatrixPart(table, matrix)


def _units_part(
    names: Sequence[tuple[str, ...]], surname_words: Sequence[int], rarity: Mapping[str, float]
) -> UnitsPart:
    """The units of names, with what comparing them needs and what they say."""
    units = units_of(names, turned=[count > 0 for count in surname_words])
    on_list = [rarity.get(sound) for sound in units.words.sounds]
    texts = units.words.texts
    table = pa.table(
        {
            "text": pa.array(texts, pa.string()),
            "sound": pa.array(units.words.sounds, pa.string()),
            "bones": pa.array(units.words.bones, pa.string()),
            "nats": pa.array(map(nats, texts, on_list), pa.float64()),
            "unmet_nats": pa.array(map(listed_unmet_nats, texts, on_list), pa.float64()),
        }
    )
    return UnitsPart(table, units.starts, units.ids, units.masks)

"""The features of the risk model: declared in `reference/features.csv`, built by SQL."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from scanner import reference
from scanner.additive.feature_spec import FeatureSpec
from scanner.errors import IntegrityError
from scanner.schema import TABLES
from scanner.warehouse import Warehouse, load_relations, relations_by_name

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Feature:
    """One feature: its name, the sign its effect must keep, the reason it speaks for, its words."""

    name: str
    monotone: int
    reason: str
    value_type: str = ""
    meaning: str = ""

    @property
    def spec(self) -> FeatureSpec:
        """What fitting must keep."""
        return FeatureSpec(self.name, self.monotone)


@cache
def declared() -> tuple[Feature, ...]:
    """All features in the order of the model's columns."""
    return tuple(
        Feature(row["name"], int(row["monotone"]), row["reason"], row["type"], row["meaning"])
        for row in reference.rows("features")
    )


def build_features(warehouse: Warehouse) -> None:
    """Make `features`: one row per transaction, one column per declared feature.

    Raises:
        IntegrityError: The relation does not make exactly the declared features.
    """
    warehouse.build_all(load_relations("features"))
    made = list(TABLES["features"].column_names)
    wanted = ["transaction_id", *(feature.name for feature in declared())]
    if made != wanted:
        differ = sorted(set(made) ^ set(wanted)) or ["their order"]
        raise IntegrityError("the features made are not those declared", where=", ".join(differ))


def build_hit_features(warehouse: Warehouse) -> None:
    """Make `feature_hits` and `feature_owned`: what features read of the lists' hits."""
    relations = relations_by_name("features")
    for name in ("feature_hits", "feature_owned"):
        warehouse.build(relations[name])


def matrix_of(batch: pa.RecordBatch | pa.Table) -> Floats:
    """Rows by features; NaN where a feature is not known."""
    made = np.empty((batch.num_rows, len(declared())), dtype=np.float64)
    for position, feature in enumerate(declared()):
        column = batch.column(batch.schema.get_field_index(feature.name))
        made[:, position] = column.to_numpy(zero_copy_only=False).astype(np.float64)
    return made


def feature_batches(warehouse: Warehouse) -> Iterator[pa.RecordBatch]:
    """The features in pieces, in the order of transactions."""
    yield from warehouse.batches("SELECT * FROM features ORDER BY transaction_id")

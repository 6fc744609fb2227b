"""Makers of columns and tables that the readers of whole batches share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from scanner.ingest.rows import unscreened_reason
from scanner.schema import TABLES

_CODE_GROUPS = r"\d{4}[ \n]\d{4}[ \n]\d{4}"


@dataclass(frozen=True)
class Given:
    """What the container tells of every message of a file.

    Attributes:
        values: Columns of `messages` with one value.
        id_start: What an identifier is the hash of, before the offset.
    """

    values: Mapping[str, str | None]
    id_start: bytes


def table_of(name: str, columns: Mapping[str, Any]) -> pa.Table:
    """A table of all columns that are declared; those not made are null."""
    schema = TABLES[name].arrow_schema
    count = len(next(iter(columns.values())))
    return pa.Table.from_arrays(
        [
            columns[field.name] if field.name in columns else pa.nulls(count, field.type)
            for field in schema
        ],
        schema=schema,
    )


class Coded:
    """A column of few distinct texts, which is asked for some of them.

    Attributes:
        codes: Number of each row's text among the distinct ones; -1 where there is none.
        distinct: The distinct texts.
    """

    def __init__(self, column: pa.Array) -> None:
        coded = column.dictionary_encode()
        self.codes = coded.indices.fill_null(_NO_CODE).to_numpy().astype(np.int64)
        self.distinct: list[str] = coded.dictionary.to_pylist()

    def equals(self, text: str) -> NDArray[np.bool_]:
        """Rows of this text."""
        code = self.distinct.index(text) if text in self.distinct else len(self.distinct)
        return np.asarray(self.codes == code, dtype=np.bool_)


# Typed, for pyarrow would look for other libraries each time to find the type of a plain value.
_NO_CODE = pa.scalar(-1, pa.int32())
_FALSE = pa.scalar(False, pa.bool_())


def is_true(column: pa.Array) -> NDArray[np.bool_]:
    """Where a column of truth values is true, and not null."""
    return np.asarray(column.fill_null(_FALSE).to_numpy(zero_copy_only=False), dtype=np.bool_)


def has_value(column: pa.Array) -> NDArray[np.bool_]:
    """Where a column is not null."""
    return np.asarray(column.is_valid().to_numpy(zero_copy_only=False), dtype=np.bool_)


def equals(column: pa.Array, text: str) -> pa.Array:
    """Whether texts are this one; null where there is none."""
    return pc.equal(column, pa.scalar(text, pa.string()))


def ordinals(keys: NDArray[np.int64]) -> pa.Array:
    """Place of each row among the rows of the same key, from 1."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])) if len(keys) else order
    place = np.arange(len(keys)) - np.repeat(starts, np.diff(np.append(starts, len(keys))))
    ordinal = np.empty(len(keys), dtype=np.int32)
    ordinal[order] = place + 1
    return pa.array(ordinal)


def unscreened(texts: pa.Array) -> pa.Array:
    """Why a text, or part of it, is not screened; null for most."""
    suspects = pc.match_substring_regex(texts, _CODE_GROUPS)
    if not suspects.true_count:
        return pa.nulls(len(texts), pa.string())
    return pa.array(
        [
            unscreened_reason(text.as_py()) if suspect else None
            for text, suspect in zip(texts, suspects.to_pylist(), strict=True)
        ],
        pa.string(),
    )

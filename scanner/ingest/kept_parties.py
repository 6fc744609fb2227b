"""Distinct parties as columns: each is kept once, has a number, and is taken by it.

Banks, their customers and their customers' counterparties come again and again.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from scanner.schema import TABLES

PLACES = ("transaction_id", "ordinal")
"""Columns of `parties` that tell where a party stands and nothing of the party."""

_SHOWN = "shown"


class KeptParties:
    """Parties kept so far.

    Args:
        without: Columns of `parties` that are not kept.
    """

    def __init__(self, without: Sequence[str] = PLACES) -> None:
        schema = TABLES["parties"].arrow_schema
        own = [field.with_nullable(True) for field in schema if field.name not in without]
        # What a transaction shows as the name of its debtor or creditor.
        self._schema = pa.schema([*own, pa.field(_SHOWN, pa.string())])
        self._waiting: list[Mapping[str, Any]] = []
        self._kept = self._schema.empty_table()

    def __len__(self) -> int:
        return len(self._kept) + len(self._waiting)

    def clear(self) -> None:
        """Forget all; numbers given before are void then."""
        self._waiting.clear()
        self._kept = self._schema.empty_table()

    def add(self, party: Mapping[str, Any]) -> int:
        """Keep a party, and give its number."""
        self._waiting.append({**party, _SHOWN: party.get("name") or party.get("bic")})
        return len(self) - 1

    def column(self, name: str, numbers: pa.Array) -> pa.Array:
        """Values of a column of `parties` for these parties; null for a number that is null."""
        if self._waiting:
            added = pa.Table.from_pylist(self._waiting, self._schema)
            self._kept = pa.concat_tables([self._kept, added]).combine_chunks()
            self._waiting.clear()
        kept = self._kept.column(name)
        if kept.null_count == len(kept):
            return pa.nulls(len(numbers), kept.type)
        found = kept.take(numbers)
        return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found

    def columns(self, numbers: pa.Array) -> dict[str, pa.Array]:
        """All kept columns of `parties` for these parties."""
        return {name: self.column(name, numbers) for name in self._schema.names if name != _SHOWN}

    def shown(self, numbers: pa.Array) -> pa.Array:
        """The name or, without one, the BIC."""
        return self.column(_SHOWN, numbers)

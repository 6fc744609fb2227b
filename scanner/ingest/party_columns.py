"""Parties of MT fields as columns: each distinct field is read once and then taken.

Banks, their customers and their customers' counterparties come again and again.
What is kept is bounded; beyond the bound it is forgotten and begun anew.
"""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from scanner.ingest.mt_party import read_party
from scanner.schema import TABLES

_GIVEN = ("transaction_id", "role", "ordinal", "level", "field_path")
_SHOWN = "shown"
_MOST_KEPT = 50_000


class PartyColumns:
    """Distinct party fields read so far."""

    def __init__(self) -> None:
        schema = TABLES["parties"].arrow_schema
        own = [field.with_nullable(True) for field in schema if field.name not in _GIVEN]
        # What a transaction shows as the name of its debtor or creditor.
        self._schema = pa.schema([*own, pa.field(_SHOWN, pa.string())])
        self._numbers: dict[tuple[bool, str], int] = {}
        self._kept = self._schema.empty_table()

    def forget_many(self) -> None:
        """Begin anew where more is kept than allowed; numbers given before are void then."""
        if len(self._numbers) > _MOST_KEPT:
            self._numbers.clear()
            self._kept = self._schema.empty_table()

    def numbers(self, fields: pa.Array, *, is_agent: bool) -> NDArray[np.int64]:
        """Number of each field's party.

        Args:
            fields: Tag, colon and value, such as `57A:DEUTDEFF`.
            is_agent: Whether these are banks.
        """
        coded = fields.dictionary_encode()
        found = [(is_agent, field) for field in coded.dictionary.to_pylist()]
        new = [key for key in found if key not in self._numbers]
        if new:
            self._numbers.update((key, len(self._kept) + n) for n, key in enumerate(new))
            read = [_read(field, is_agent=agent) for agent, field in new]
            added = pa.Table.from_pylist(read, self._schema)
            self._kept = pa.concat_tables([self._kept, added]).combine_chunks()
        numbers = np.array([self._numbers[key] for key in found], dtype=np.int64)
        return np.asarray(numbers[coded.indices.to_numpy()], dtype=np.int64)

    def column(self, name: str, numbers: pa.Array) -> pa.Array:
        """Values of a column of `parties` for these parties; null for a number that is null."""
        found = self._kept.column(name).take(numbers)
        return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found

    def columns(self, numbers: pa.Array) -> dict[str, pa.Array]:
        """All columns of `parties` that tell of the party itself."""
        return {name: self.column(name, numbers) for name in self._schema.names if name != _SHOWN}

    def shown(self, numbers: pa.Array) -> pa.Array:
        """The name or, without one, the BIC."""
        return self.column(_SHOWN, numbers)


def _read(field: str, *, is_agent: bool) -> dict[str, Any]:
    tag, _, value = field.partition(":")
    party = read_party(tag[2:], value, is_agent=is_agent)
    party[_SHOWN] = party.get("name") or party.get("bic")
    return party

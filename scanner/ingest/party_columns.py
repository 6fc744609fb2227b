"""Parties of MT fields as columns: each distinct field is read once and then taken.

What is kept is bounded; beyond the bound it is forgotten and begun anew.
"""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from scanner.ingest.kept_parties import PLACES, KeptParties
from scanner.ingest.mt_party import read_account_owner, read_party

_MOST_KEPT = 50_000


class PartyColumns(KeptParties):
    """Distinct party fields read so far."""

    def __init__(self) -> None:
        super().__init__((*PLACES, "role", "level", "field_path"))
        self._numbers: dict[tuple[bool, str], int] = {}

    def forget_many(self) -> None:
        """Begin anew where more is kept than allowed; numbers given before are void then."""
        if len(self._numbers) > _MOST_KEPT:
            self._numbers.clear()
            self.clear()

    def numbers(self, fields: pa.Array, *, is_agent: bool) -> NDArray[np.int64]:
        """Number of each field's party.

        Args:
            fields: Tag, colon and value, such as `57A:DEUTDEFF`.
            is_agent: Whether these are banks.
        """
        coded = fields.dictionary_encode()
        found = [(is_agent, field) for field in coded.dictionary.to_pylist()]
        for key in found:
            if key not in self._numbers:
                self._numbers[key] = self.add(_read(key[1], is_agent=is_agent))
        numbers = np.array([self._numbers[key] for key in found], dtype=np.int64)
        return np.asarray(numbers[coded.indices.to_numpy()], dtype=np.int64)


def lacks_country(field: str) -> bool:
    """Whether a customer's field tells no country."""
    return _read(field, is_agent=False).get("country") is None


def _read(field: str, *, is_agent: bool) -> dict[str, Any]:
    tag, _, value = field.partition(":")
    if tag[:2] == "25":
        return read_account_owner(value)
    return read_party(tag[2:], value, is_agent=is_agent)

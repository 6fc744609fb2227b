"""Parties of ISO 20022 messages of known shapes as columns: their texts are taken by number.

What `mx_party` decides party by party is decided here column by column, and what a value
means is asked once for each distinct one; the tests hold both ways against each other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scanner.identifiers import bic_country, iban_country
from scanner.ingest.byte_forms import Flags, Positions
from scanner.ingest.columns import equals, has_value, unscreened
from scanner.ingest.mx_party import (
    NOT_PROVIDED,
    PLACEHOLDER_TOWN,
    Told,
    clearing_country,
    iso_date,
)
from scanner.ingest.mx_texts import Elements
from scanner.places import country_of_clearing_code, country_of_last_line, is_country

SINGLE = ("name", "town", "country", "lei", "account", "birth_date", "birth_country", "birth_town")
_MISSING = -1
_COLON, _NOTHING = pa.scalar(":", pa.string()), pa.scalar(None, pa.string())


@dataclass(frozen=True)
class PartyPlaces:
    """Which texts of a message tell of a party; -1 stands for what is not told.

    Attributes:
        role: Its role.
        level: Its level.
        path: Path of its element.
        is_agent: Whether it is a bank.
        single: Numbers of what is told once, by its name in `Told`.
        bics: BICs.
        residences: Countries of residence.
        phones: Numbers of telephones.
        street: Lines of the address.
        clearing: System and number of the clearing code.
        identifiers: Scheme, or its number, and value of each.
    """

    role: str
    level: str | None
    path: str
    is_agent: bool
    single: dict[str, int]
    bics: list[int]
    residences: list[int]
    phones: list[int]
    street: list[int]
    clearing: tuple[int, int]
    identifiers: list[tuple[int | str, int]]

    @classmethod
    def of(
        cls, told: Told, role: str, level: str | None, path: str, number: Callable[[str], int]
    ) -> "PartyPlaces | None":
        """Places by a party of which marks are told; None where the last of several counts.

        Args:
            told: What is told, a mark for each text.
            role: Its role.
            level: Its level.
            path: Path of its element.
            number: Number of the text that a mark stands for.
        """

        def one(mark: str | None) -> int:
            return number(mark) if mark else _MISSING

        if len(told.clearing) > 1:
            return None
        clearing = [(one(system), one(code)) for system, code in told.clearing]

        return cls(
            role, level, path, told.is_agent,
            {name: one(getattr(told, name)) for name in SINGLE},
            [*map(one, told.bics)], [*map(one, told.residences)], [*map(one, told.phones)],
            [*map(one, told.street)],
            clearing[0] if clearing else (_MISSING, _MISSING),
            [
                (scheme if scheme.isalpha() else number(scheme), number(value))
                for scheme, value in told.identifiers
            ],
        )  # fmt: skip

    @property
    def has_text(self) -> bool:
        """Whether it has a name, an address or a telephone."""
        named = any(self.single[name] >= 0 for name in ("name", "town", "country"))
        return named or bool(self.street or self.phones)

    @property
    def has_row(self) -> bool:
        """Whether it makes a row whatever its BIC is; see `mx_party.is_told`."""
        told = any(self.single[name] >= 0 for name in ("account", "lei"))
        return self.has_text or told or max(self.clearing) >= 0 or bool(self.identifiers)


def party_columns(
    places: Sequence[PartyPlaces], which: Positions, first: Positions, documents: Elements
) -> tuple[dict[str, pa.Array], Flags]:
    """Columns of parties, and which of them make a row.

    Args:
        places: Where parties are told.
        which: Which of these each party is.
        first: Number of the first text of the document of each.
        documents: The documents, taken apart.
    """
    return _Parties(places, which, first, documents).columns()


class _Parties:
    def __init__(
        self,
        places: Sequence[PartyPlaces],
        which: Positions,
        first: Positions,
        documents: Elements,
    ) -> None:
        self._places, self._which, self._first = places, which, first
        self._documents = documents

    def columns(self) -> tuple[dict[str, pa.Array], Flags]:
        """See `party_columns`."""
        places = self._places
        told = {name: self._take([p.single[name] for p in places]) for name in SINGLE}
        streets = self._each([p.street for p in places])
        phones = self._each([p.phones for p in places])
        bic = self._bic()
        system = self._take([p.clearing[0] for p in places])
        code = self._clearing_code(system)
        raw = self._joined([told["name"], *streets, told["town"], told["country"], *phones], "\n")
        country, source = self._countries(told, bic, system, code)
        has_row = np.array([p.has_row for p in places], dtype=np.bool_)[self._which]
        made = {
            "role": self._by_place([p.role for p in places]),
            "level": self._by_place([p.level for p in places]),
            "field_path": self._by_place([p.path for p in places]),
            "is_agent": pa.array([p.is_agent for p in places], pa.bool_()).take(
                pa.array(self._which)
            ),
            "name": told["name"],
            "address": self._joined([*streets, told["town"]], ", "),
            "town": _but(told["town"], PLACEHOLDER_TOWN),
            "country": country,
            "country_source": source,
            "account": told["account"],
            "bic": bic,
            "lei": told["lei"],
            "clearing_code": code,
            "identifier": self._identifiers(),
            "birth_date": _mapped(told["birth_date"], iso_date, pa.date32()),
            "birth_place": self._joined([told["birth_country"], told["birth_town"]], "/"),
            "raw": raw,
            "unscreened": unscreened(raw),
        }
        return made, has_row | has_value(bic)

    def _take(self, numbers: Sequence[int]) -> pa.Array:
        """Of each party the text of the number that its places tell."""
        told = np.array(numbers, dtype=np.int64)[self._which]
        missing = told < 0
        if missing.all():
            return pa.nulls(len(told), pa.string())
        return self._documents.take(self._first + told, missing)

    def _each(self, lists: Sequence[Sequence[int]]) -> list[pa.Array]:
        """The first, the second ... of what may be told several times."""
        most = max(map(len, lists), default=0)
        return [
            self._take([found[place] if place < len(found) else _MISSING for found in lists])
            for place in range(most)
        ]

    def _by_place(self, values: Sequence[str | None]) -> pa.Array:
        return pa.array(values, pa.string()).take(pa.array(self._which))

    def _joined(self, columns: Sequence[pa.Array], separator: str) -> pa.Array:
        """What is told of each, joined; null where nothing is."""
        columns = [column for column in columns if column.null_count < len(column)]
        if len(columns) < 2:
            return columns[0] if columns else pa.nulls(len(self._which), pa.string())
        told = np.logical_or.reduce([has_value(column) for column in columns])
        which = np.flatnonzero(told)
        rows = pa.array(which)
        joined = pc.binary_join_element_wise(
            *(column.take(rows) for column in columns),
            pa.scalar(separator, pa.string()),
            null_handling="skip",
        )
        return _spread(joined, which, len(told))

    def _bic(self) -> pa.Array:
        found = [_but(bics, NOT_PROVIDED) for bics in self._each([p.bics for p in self._places])]
        return pc.coalesce(*found) if found else pa.nulls(len(self._which), pa.string())

    def _clearing_code(self, system: pa.Array) -> pa.Array:
        number = self._take([p.clearing[1] for p in self._places])
        return self._joined([pc.utf8_slice_codeunits(system, 0, 2), number], "")

    def _identifiers(self) -> pa.Array:
        joined = []
        told = [p.identifiers for p in self._places]
        for place in range(max(map(len, told), default=0)):
            here = [found[place] if place < len(found) else (_MISSING, _MISSING) for found in told]
            literal = [scheme if isinstance(scheme, str) else None for scheme, _ in here]
            numbers = [scheme if isinstance(scheme, int) else _MISSING for scheme, _ in here]
            scheme = pc.coalesce(self._take(numbers), self._by_place(literal))
            value = self._take([number for _, number in here])
            joined.append(pc.binary_join_element_wise(scheme, value, _COLON))
        return self._joined(joined, "; ")

    def _countries(
        self, told: dict[str, pa.Array], bic: pa.Array, system: pa.Array, code: pa.Array
    ) -> tuple[pa.Array, pa.Array]:
        """Country and what told it; the first signal counts, as in `mx_party`."""
        last_line = self._take([p.street[-1] if p.street else _MISSING for p in self._places])
        residences = self._each([p.residences for p in self._places])
        signals: list[tuple[str, pa.Array, Callable[[str], str | None]]] = [
            ("structured", told["country"], _as_country),
            ("address_text", last_line, country_of_last_line),
            *(("structured", residence, _as_country) for residence in residences),
            ("bic", bic, bic_country),
            ("clearing_code", system, clearing_country),
            ("clearing_code", code, country_of_clearing_code),
            ("iban", told["account"], iban_country),
        ]
        number_of: dict[str | None, int] = {None: _MISSING}
        country = np.full(len(self._which), _MISSING)
        source = np.full(len(self._which), _MISSING)
        for signal, (_, column, meaning) in enumerate(signals):
            rows = np.flatnonzero((country < 0) & has_value(column))
            if not len(rows):
                continue
            coded = column.take(pa.array(rows)).dictionary_encode()
            found = [meaning(text) for text in coded.dictionary.to_pylist()]
            numbers = [number_of.setdefault(value, len(number_of) - 1) for value in found]
            country[rows] = np.array(numbers, dtype=np.int64)[coded.indices.to_numpy()]
            source[rows[country[rows] >= 0]] = signal
        names = pa.array([value for value in number_of if value], pa.string())
        sources = pa.array([name for name, _, _ in signals], pa.string())
        missing = country < 0
        return names.take(pa.array(country, mask=missing)), sources.take(
            pa.array(source, mask=missing)
        )


def _as_country(text: str) -> str | None:
    return text if is_country(text) else None


def _but(column: pa.Array, value: str) -> pa.Array:
    """The column with null instead of one value."""
    equal = equals(column, value)
    return pc.if_else(equal, _NOTHING, column) if equal.true_count else column


def _mapped(column: pa.Array, meaning: Callable[[str], object], kind: pa.DataType) -> pa.Array:
    if column.null_count == len(column):
        return pa.nulls(len(column), kind)
    coded = column.dictionary_encode()
    found = [meaning(text) for text in coded.dictionary.to_pylist()]
    return pa.array(found, kind).take(coded.indices)


def _spread(values: pa.Array, which: Positions, count: int) -> pa.Array:
    """Values at their rows, null elsewhere."""
    if len(which) == count:
        return values
    place = np.zeros(count, dtype=np.int64)
    place[which] = np.arange(len(which))
    missing = np.ones(count, dtype=np.bool_)
    missing[which] = False
    return values.take(pa.array(place, mask=missing))

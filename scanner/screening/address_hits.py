"""Parties of a run that sit at a listed address: each distinct address looked up once."""

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pyarrow as pa

from scanner.names.folding import fold_text
from scanner.screening.addresses import AddressBook, AddressMatch, stretch_of
from scanner.screening.locating import locate
from scanner.warehouse import Warehouse

_FEW = 5
"""So many entries, or names of the bank's parties, share an address before it weighs less."""
# Where a party has no address, its name may hold it. A text without a number is no address.
_PLACE = "coalesce(p.address, p.name)"
_ASKED = f"""
    SELECT DISTINCT {_PLACE} AS place, p.town, p.country,
        coalesce(p.country_source IN ('structured', 'line_3', 'address_text'), FALSE) AS is_stated
    FROM parties AS p
    WHERE regexp_matches({_PLACE}, '[0-9]')
    ORDER BY ALL
"""  # noqa: S608 - a constant
_BEARERS = f"""
    SELECT p.transaction_id, p.role, p.name, p.address, p.field_path, p.raw, t.value_date, m.asked
    FROM parties AS p
    JOIN transactions AS t USING (transaction_id)
    JOIN addresses_met AS m
        ON m.place = {_PLACE}
        AND m.town IS NOT DISTINCT FROM p.town
        AND m.country IS NOT DISTINCT FROM p.country
        AND m.is_stated
            = coalesce(p.country_source IN ('structured', 'line_3', 'address_text'), FALSE)
    ORDER BY ALL
"""  # noqa: S608 - a constant
_LISTED = """
    SELECT a.list, a.entry_id, a.address, a.town, a.country
    FROM list_addresses AS a
    WHERE regexp_matches(a.address, '[0-9]')
    ORDER BY ALL
"""


@dataclass(frozen=True)
class AddressHit:
    """One party at one entry's address.

    Attributes:
        party: transaction_id, role, field_path and value_date of the party.
        list: List of the entry.
        entry_id: The entry.
        listed: The address as the list has it.
        margin: Log-odds that it is the same place and says something.
        because: In words.
        span: Where it stands in the party's raw text.
        text: What stands there.
    """

    party: dict[str, Any]
    list: str
    entry_id: str
    listed: str
    margin: float
    because: str
    span: tuple[int, int] | None
    text: str


def address_hits(warehouse: Warehouse) -> Iterator[AddressHit]:
    """Parties that sit at an address of a list entry, in the order of the transactions.

    An address that more than five entries bear, or under which more than five names of the run's
    parties are met, is that of an office that lends it: the odds fall with their number. An address
    that is listed without a name was listed because many use it, and keeps its weight.
    """
    asked = warehouse.arrow(_ASKED)
    if not asked.num_rows:
        return
    book = _book(_bytes_of(warehouse.arrow(_LISTED)))
    nameless = {
        entry
        for (entry,) in warehouse.rows(
            "SELECT entry_id FROM list_entries WHERE entry_type = 'address'"
        )
    }
    met = [
        book.look_up(
            row["place"], town=row["town"], country=row["country"], is_stated=row["is_stated"]
        )
        for row in asked.to_pylist()
    ]
    kept = [number for number, found in enumerate(met) if found]
    if not kept:
        return
    wanted = asked.take(kept).append_column("asked", pa.array(kept, pa.int64()))
    with warehouse.view_of("addresses_met", wanted):
        parties = warehouse.arrow(_BEARERS).to_pylist()
    names: dict[int, set[str]] = {}
    for party in parties:
        for match in met[party["asked"]]:
            names.setdefault(match.listed, set()).add(fold_text(party["name"] or ""))
    for party in parties:
        for match in met[party["asked"]]:
            yield from _hits(party, match, book, nameless, len(names[match.listed]))


def _hits(
    party: dict[str, Any], match: AddressMatch, book: AddressBook, nameless: set[str], names: int
) -> Iterator[AddressHit]:
    listed = book.listed[match.listed]
    place = party["address"] or party["name"]
    raw = party["raw"] or place
    span = stretch_of(match, raw) or locate(place, raw)
    for list_, entry in listed.entries:
        margin, because = match.margin, match.because
        if entry not in nameless:
            shared = [
                (count, what)
                for count, what in (
                    (book.shared_by[match.listed], "list entries"),
                    (names, "names of this run"),
                )
                if count > _FEW
            ]
            margin -= sum(math.log(count / _FEW) for count, _ in shared)
            because = "; ".join(
                [because, *(f"weighs less: {count} {what} share it" for count, what in shared)]
            )
        yield AddressHit(
            party,
            list_,
            entry,
            listed.shown,
            margin,
            because,
            span,
            raw[slice(*span)] if span else place,
        )


def _bytes_of(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    return sink.getvalue()


@lru_cache(maxsize=1)
def _book(listed: bytes) -> AddressBook:
    """The book of these addresses; runs that follow each other mostly ask for the same one."""
    return AddressBook(pa.ipc.open_stream(listed).read_all().to_pylist())

"""Entries as the Arrow tables of `scanner/schema`."""

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from scanner.schema import TABLES
from scanner.watchlists.entry import Entry, Holding

ENTRY_TABLES = ("list_entries", "list_names", "list_identifiers", "list_addresses")


def entry_id(list_name: str, number: str) -> str:
    """The identifier of an entry in all tables, such as OFAC-SDN:1234."""
    return f"{list_name}:{number}"


def entry_tables(list_name: str, entries: Sequence[Entry]) -> dict[str, pa.Table]:
    """The four tables of a list's entries, without what only the history of versions tells."""
    return {
        "list_entries": _table("list_entries", (_entry_row(list_name, e) for e in entries)),
        "list_names": _table(
            "list_names",
            (
                {
                    "entry_id": entry_id(list_name, e.number),
                    "list": list_name,
                    "name": n.name,
                    "quality": n.quality,
                }
                for e in entries
                for n in e.names
            ),
        ),
        "list_identifiers": _table(
            "list_identifiers",
            (
                {
                    "entry_id": entry_id(list_name, e.number),
                    "list": list_name,
                    "kind": i.kind,
                    "value": i.value,
                    "country": i.country,
                }
                for e in entries
                for i in e.identifiers
            ),
        ),
        "list_addresses": _table(
            "list_addresses",
            (
                {
                    "entry_id": entry_id(list_name, e.number),
                    "list": list_name,
                    "ordinal": ordinal,
                    "address": a.address,
                    "town": a.town,
                    "country": a.country,
                }
                for e in entries
                for ordinal, a in enumerate(e.addresses, 1)
            ),
        ),
    }


def ownership_table(list_name: str, holdings: Iterable[Holding]) -> pa.Table:
    """The shares that a list states."""
    return _table(
        "ownership",
        (
            {
                "owner_name": h.owner_name,
                "owner_entry": entry_id(list_name, h.owner_number) if h.owner_number else None,
                "owned_name": h.owned_name,
                "owned_country": h.owned_country,
                "owned_entry": entry_id(list_name, h.owned_number) if h.owned_number else None,
                "share_percent": h.share_percent,
                "valid_from": h.valid_from,
                "valid_to": h.valid_to,
                "source": list_name,
            }
            for h in holdings
        ),
    )


def _entry_row(list_name: str, entry: Entry) -> dict[str, Any]:
    return {
        "entry_id": entry_id(list_name, entry.number),
        "list": list_name,
        "entry_name": entry.name,
        "entry_type": entry.entry_type,
        "programs": list(entry.programs),
        "measure": entry.measure.measure,
        "eo14024_blocked": entry.measure.eo14024_blocked,
        "section_11_remark": entry.measure.section_11_remark,
        "designation_basis": entry.measure.designation_basis,
        "listed_on": entry.listed_on,
        "listed_on_source": entry.listed_on_source,
        "countries": list(entry.countries),
        "birth_dates": list(entry.birth_dates),
        "remarks": entry.remarks,
    }


def _table(name: str, rows: Iterable[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=TABLES[name].arrow_schema)

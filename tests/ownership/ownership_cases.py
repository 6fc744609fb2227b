"""Small builders for ownership tests."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pyarrow as pa

from scanner.schema import TABLES
from scanner.warehouse import Warehouse
from scanner.watchlists import compute_ownership


def entry(
    entry_id: str,
    *,
    measure: str = "blocking",
    listed_on: date | None = None,
    entry_type: str = "entity",
) -> dict[str, Any]:
    return {
        "entry_id": entry_id,
        "list": entry_id.split(":", maxsplit=1)[0],
        "entry_name": f"NAME OF {entry_id}",
        "entry_type": entry_type,
        "programs": ["RUSSIA-EO14024"],
        "measure": measure,
        "eo14024_blocked": measure == "blocking",
        "section_11_remark": False,
        "listed_on": listed_on,
    }


def share(
    owner: str,
    owned: str,
    percent: float | None,
    *,
    entry_id: str | None = None,
    country: str | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    source: str = "own.csv",
) -> dict[str, Any]:
    return {
        "owner_name": owner,
        "owner_entry": entry_id,
        "owned_name": owned,
        "owned_country": country,
        "share_percent": percent,
        "valid_from": valid_from,
        "valid_to": valid_to,
        "source": source,
    }


def warehouse_of(
    entries: Iterable[dict[str, Any]],
    shares: Iterable[dict[str, Any]] | pa.Table,
    names: Iterable[dict[str, Any]] = (),
) -> Warehouse:
    """A warehouse in which `effective_ownership` is computed."""
    warehouse = Warehouse()
    if not isinstance(shares, pa.Table):
        shares = pa.Table.from_pylist(list(shares), schema=TABLES["ownership"].arrow_schema)
    for name, rows in (("list_entries", entries), ("list_names", names)):
        warehouse.create(TABLES[name])
        warehouse.append(name, pa.Table.from_pylist(list(rows), schema=TABLES[name].arrow_schema))
    warehouse.create(TABLES["ownership"])
    warehouse.append("ownership", shares)
    compute_ownership(warehouse)
    return warehouse


def rows_of(warehouse: Warehouse, *columns: str) -> list[tuple[Any, ...]]:
    return warehouse.rows(
        f"SELECT {', '.join(columns)} FROM effective_ownership"
        " ORDER BY owned_name, valid_from NULLS FIRST"
    )

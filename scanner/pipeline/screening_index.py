"""The prepared index of the active lists: built once per list versions and owned firms."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import pyarrow as pa

from scanner import screening, watchlists
from scanner.manifest import digest
from scanner.pipeline.rarity_basis import (
    RarityBasis,
    basis_for,
    counts_of,
    forget_old_folders,
)
from scanner.pipeline.workspace import Workspace
from scanner.warehouse import Warehouse

_KEPT_INDEXES = 4


def index_for(
    workspace: Workspace,
    tables: watchlists.ListTables,
    warehouse: Warehouse | None = None,
    *,
    basis: RarityBasis | None = None,
    firms: Sequence[str] = (),
) -> screening.Index:
    """Open the index of these lists, preparing it first where it is missing.

    Args:
        workspace: Where it is kept.
        tables: The active lists.
        warehouse: Database with `effective_ownership`, whose firms are screened as well.
        basis: What rarity is reckoned from; None = what is so now.
        firms: Firms of the bank's ownership file, whose words count as well.
    """
    basis = basis or basis_for(workspace)
    owned = _owned_firms(warehouse) if warehouse is not None else None
    parts = [
        tables.sha256, _hash_of(owned), screening.index_format(), basis.sha256, sorted(firms),
    ]  # fmt: skip
    # Indices whose names begin alike weigh a name alike: one can be made of another.
    weighed = digest([screening.index_format(), basis.sha256, sorted(firms)])[:12]
    folder = workspace.lists / ".index" / f"{weighed}-{digest(parts)[:24]}"
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        alike = sorted(folder.parent.glob(f"{weighed}-*"), key=lambda path: path.stat().st_mtime)
        counts = counts_of(workspace, basis)
        if firms:
            counts += screening.basis_of_firms(sorted(firms))
        earlier = alike[-1] if alike else None
        screening.prepare(tables, owned, folder, basis=counts, earlier=earlier)
        forget_old_folders(folder.parent, most=_KEPT_INDEXES)
    return _opened(folder)


@lru_cache(maxsize=1)
def _opened(folder: Path) -> screening.Index:
    """The index of a folder, whose name tells what is in it: open for all nights of a series."""
    return screening.open_index(folder)


def _owned_firms(warehouse: Warehouse) -> pa.Table:
    return warehouse.arrow(
        """
        SELECT DISTINCT
            'OWNERSHIP:' || substr(md5(owned_key), 1, 16) AS entry_id,
            'OWNERSHIP' AS list,
            owned_name AS name,
            owned_country AS country
        FROM effective_ownership
        ORDER BY ALL
        """
    )


def _hash_of(table: pa.Table | None) -> str:
    if table is None:
        return ""
    seen = hashlib.sha256()
    for row in table.to_pylist():
        seen.update(repr(sorted(row.items())).encode())
    return seen.hexdigest()

"""The prepared index of the active lists: built once per list versions and owned firms."""

import hashlib
import shutil
from pathlib import Path

import pyarrow as pa

from scanner import screening, watchlists
from scanner.manifest import digest
from scanner.pipeline.workspace import Workspace
from scanner.warehouse import Warehouse

_KEPT_INDEXES = 4


def index_for(
    workspace: Workspace, tables: watchlists.ListTables, warehouse: Warehouse | None = None
) -> screening.Index:
    """Open the index of these lists, preparing it first where it is missing.

    Args:
        workspace: Where it is kept.
        tables: The active lists.
        warehouse: Database with `effective_ownership`, whose firms are screened as well.
    """
    owned = _owned_firms(warehouse) if warehouse is not None else None
    key = digest([tables.sha256, _hash_of(owned), screening.index_format()])[:24]
    folder = workspace.lists / ".index" / key
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        screening.prepare(tables, owned, folder)
        _forget_old(folder.parent, keep=folder)
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


def _forget_old(folder: Path, *, keep: Path) -> None:
    others = [path for path in folder.iterdir() if path.is_dir() and path != keep]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in others[_KEPT_INDEXES - 1 :]:
        shutil.rmtree(path)

"""Finds the payments that expose a bank to US secondary sanctions under E.O. 14114."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scanner.warehouse.readonly import Snapshot

__version__ = "0.1.0"


def open(workspace: str | Path = "workspace") -> "Snapshot":  # noqa: A001 - read as scanner.open
    """Open a workspace's published snapshot from Python, read-only.

    The answer is a context manager: `frame(query)` gives a Polars frame, `arrow(query)`
    an Arrow table, `rows(query)` plain rows.

    Args:
        workspace: Folder that `scanner scan` wrote to.

    Raises:
        UsageError: Nothing is published there yet.
        IntegrityError: The snapshot is damaged.
    """
    from scanner.warehouse.readonly import Snapshot  # noqa: PLC0415 - `scanner --help` stays light

    return Snapshot.open(Path(workspace) / "exposure.duckdb")

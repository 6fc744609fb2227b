"""Views of a snapshot whose workspace has moved.

A view names the Parquet files that it reads by their absolute paths, so that any client finds
them from any folder. When the workspace is moved or copied as a whole, the files lie beside the
snapshot again: for a reader of ours the views are made anew over them, in the reader's own
memory. The next publication writes the new paths into the snapshot.
"""

import re
from pathlib import Path

from scanner.errors import IntegrityError

_NAMED_FILE = re.compile(r"'((?:[^']|'')*/runs/[^/']+/[a-z_]+\.parquet)'")


def views_here(views: list[str], folder: Path) -> list[str]:
    """Statements that make, for this reader alone, the views of files that lie elsewhere now.

    Args:
        views: The statements of the snapshot's views, as DuckDB prints them.
        folder: Where the snapshot lies, resolved.

    Returns:
        One `CREATE TEMP VIEW` for each view that names another folder.

    Raises:
        IntegrityError: The snapshot was taken away from the files that its views read.
    """
    made = []
    for view in views:
        moved = _NAMED_FILE.sub(lambda found: f"'{_beside(found[1], folder)}'", view)
        if moved != view:
            made.append(moved.replace("CREATE VIEW", "CREATE TEMP VIEW", 1))
    return made


def _beside(literal: str, folder: Path) -> str:
    named = Path(literal.replace("''", "'"))
    moved = folder.joinpath(*named.parts[-3:])
    if named != moved and not moved.is_file():
        raise IntegrityError(
            "the snapshot is not beside the files that its views read",
            where=f"{named}; looked for {moved}",
            hint="move the whole workspace, not the snapshot alone; where it lay before,"
            " `scanner alerts publish` makes the snapshot anew",
        )
    return str(moved).replace("'", "''")

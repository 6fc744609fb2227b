"""Names given by a person or a file, matched outside any run."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from scanner.screening.candidates import query_of
from scanner.screening.evidence import because
from scanner.screening.index import Index
from scanner.screening.matcher import match

SCHEMA = pa.schema(
    [
        pa.field("name", pa.string()),
        pa.field("list", pa.string()),
        pa.field("entry_id", pa.string()),
        pa.field("entry_name", pa.string()),
        pa.field("matched_name", pa.string()),
        pa.field("score", pa.float64()),
        pa.field("rank", pa.int32()),
        pa.field("because", pa.string()),
    ]
)


def screen_names(
    names: Sequence[str], index: Index, *, min_score: float = 0.0, limit: int = 10
) -> pa.Table:
    """Match names with the lists.

    Args:
        names: Names as written.
        index: The prepared lists.
        min_score: Least score, 0 to 1.
        limit: Most entries for one name.

    Returns:
        Rows of SCHEMA in the order of the names, the most likely entry first.
    """
    distinct = list(dict.fromkeys(names))
    queries = [query_of(name) for name in distinct]
    ranked: dict[str, list[dict[str, Any]]] = {}
    for found in match(queries, index, min_score=min_score):
        rows = ranked.setdefault(distinct[found.query], [])
        if len(rows) < limit:
            rows.append(
                _row(distinct[found.query], queries[found.query], found, index, len(rows) + 1)
            )
    made = [row for name in names for row in ranked.get(name, [])]
    return pa.Table.from_pylist(made, SCHEMA)


def _row(name: str, query: Any, found: Any, index: Index, rank: int) -> dict[str, Any]:
    listed = index.names.slice(found.name, 1).to_pylist()[0]
    return {
        "name": name,
        "list": listed["list"],
        "entry_id": listed["entry_id"],
        "entry_name": listed["entry_name"],
        "matched_name": listed["name"],
        "score": round(found.score, 6),
        "rank": rank,
        "because": because(query, found.name, index),
    }

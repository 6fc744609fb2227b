"""Names given by a person or a file, matched outside any run."""

from collections.abc import Sequence

import pyarrow as pa

from scanner.screening.evidence import reasons
from scanner.screening.index import Index
from scanner.screening.matcher import match
from scanner.screening.queries import queries_of

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


_NAMES_AT_ONCE = 16_384


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
    tables = [
        _screened(distinct[start : start + _NAMES_AT_ONCE], index, min_score, limit)
        for start in range(0, len(distinct), _NAMES_AT_ONCE)
    ]
    found = pa.concat_tables(tables) if tables else SCHEMA.empty_table()
    if len(distinct) == len(names):
        return found
    order = {name: i for i, name in enumerate(distinct)}
    rows: list[list[int]] = [[] for _ in distinct]
    for at, name in enumerate(found["name"].to_pylist()):
        rows[order[name]].append(at)
    return found.take(pa.array([at for name in names for at in rows[order[name]]], pa.int64()))


def _screened(names: Sequence[str], index: Index, min_score: float, limit: int) -> pa.Table:
    """Rows of distinct names."""
    queries = queries_of(names)
    found = match(queries, index, min_score=min_score)
    found = found.of(found.rank() < limit)
    listed = index.names.take(pa.array(found.name))
    return pa.table(
        {
            "name": pa.array([names[q] for q in found.query.tolist()], pa.string()),
            "list": listed["list"],
            "entry_id": listed["entry_id"],
            "entry_name": listed["entry_name"],
            "matched_name": listed["name"],
            "score": pa.array([round(score, 6) for score in found.score.tolist()], pa.float64()),
            "rank": pa.array(found.rank() + 1, pa.int32()),
            "because": pa.array(reasons(queries, index, found.query, found.name), pa.string()),
        },
        schema=SCHEMA,
    )

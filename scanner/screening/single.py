"""Names given by a person or a file, matched outside any run."""

from collections.abc import Sequence
from itertools import chain

import pyarrow as pa

from scanner.screening.evidence import reasons
from scanner.screening.index import Index
from scanner.screening.matcher import match
from scanner.screening.party_hits import variants_of
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
    """Match names with the lists; where a name holds several parties, each of them too.

    Args:
        names: Names as written.
        index: The prepared lists.
        min_score: Least score, 0 to 1.
        limit: Most entries for one name.

    Returns:
        Rows of SCHEMA in the order of the names, the most likely entry first.
    """
    variants = {name: variants_of(name) for name in names}
    asked = list(dict.fromkeys(chain.from_iterable(variants.values())))
    tables = [
        _screened(asked[start : start + _NAMES_AT_ONCE], index, min_score, limit)
        for start in range(0, len(asked), _NAMES_AT_ONCE)
    ]
    found = pa.concat_tables(tables) if tables else SCHEMA.empty_table()
    if asked == list(names):
        return found
    rows: dict[str, list[int]] = {name: [] for name in asked}
    for at, name in enumerate(found["name"].to_pylist()):
        rows[name].append(at)
    best = {
        name: _best([at for part in parts for at in rows[part]], found, limit)
        if len(parts) > 1
        else rows[name]
        for name, parts in variants.items()
    }
    made = found.take(pa.array([at for name in names for at in best[name]], pa.int64()))
    told = {
        "name": pa.array([name for name in names for _ in best[name]], pa.string()),
        "rank": pa.array([n for name in names for n in range(1, len(best[name]) + 1)], pa.int32()),
    }
    return pa.table({**dict(zip(made.column_names, made.columns, strict=True)), **told}, SCHEMA)


def _best(rows: Sequence[int], found: pa.Table, limit: int) -> list[int]:
    """Of the rows of several parties the best of each entry, the likeliest first."""
    facts = found.select(["score", "rank", "entry_id"]).take(pa.array(rows, pa.int64()))
    in_order = sorted(
        zip(rows, facts.to_pylist(), strict=True),
        key=lambda row: (-row[1]["score"], row[1]["rank"]),
    )
    of_entry: dict[str, int] = {}
    for at, fact in in_order:
        of_entry.setdefault(fact["entry_id"], at)
    return list(of_entry.values())[:limit]


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

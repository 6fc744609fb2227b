"""What a threshold costs and catches: alerts on own names, misses on damaged listed ones.

The bank's names are taken for innocents: what they meet is noise, or the bank has a
matter to look into. The misses are those of the families of damage that the matcher
knows (`corruptions`); they tell one threshold from another, not the world's rate.
"""

import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from scanner.screening.corruptions import FAMILIES, corrupted
from scanner.screening.index import Index
from scanner.screening.matcher import match
from scanner.screening.queries import queries_of

THRESHOLDS = (0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.98)
SCHEMA = pa.schema(
    [
        pa.field("min_score", pa.float64()),
        pa.field("own_names", pa.int64()),
        pa.field("own_names_alerted", pa.int64()),
        pa.field("alerts_per_thousand_names", pa.float64()),
        pa.field("damaged_names", pa.int64()),
        pa.field("missed_share", pa.float64()),
        pa.field("missed_share_at_most", pa.float64()),
    ]
)
_DAMAGED = 3000
_SEED = 20
_Z = 1.96


def calibration(names: Sequence[str], index: Index) -> pa.Table:
    """The curve of thresholds on the bank's own names.

    Args:
        names: Names of the bank's own customers and counterparties.
        index: The prepared lists.

    Returns:
        One row per threshold: of how many distinct own names how many alert, the share of
        damaged listed names that is missed, and the upper end of its 95 percent interval
        (Wilson).
    """
    own = list(dict.fromkeys(names))
    alerted = _best_scores(queries_of(own), index, None)
    asked, entries = _damaged(index)
    found = _best_scores(queries_of(asked), index, entries)
    rows = []
    for threshold in THRESHOLDS:
        count = int((alerted >= threshold).sum())
        missed = float((found < threshold).mean()) if len(found) else 0.0
        rows.append(
            {
                "min_score": threshold,
                "own_names": len(own),
                "own_names_alerted": count,
                "alerts_per_thousand_names": round(1000 * count / max(len(own), 1), 3),
                "damaged_names": len(found),
                "missed_share": round(missed, 4),
                "missed_share_at_most": round(_upper(missed, len(found)), 4),
            }
        )
    return pa.Table.from_pylist(rows, SCHEMA)


def _best_scores(queries: Sequence[Any], index: Index, entries: Sequence[str] | None) -> Any:
    """Each query's best score: with any entry, or with its own."""
    best = np.zeros(len(queries))
    found = match(queries, index, min_score=min(THRESHOLDS))
    if entries is not None:
        ids = np.array(index.names["entry_id"].to_pylist())
        found = found.of(ids[found.name] == np.array(entries)[found.query])
    np.maximum.at(best, found.query, found.score)
    return best


def _damaged(index: Index) -> tuple[list[str], list[str]]:
    """Listed names, each damaged in one way, and the entries that they mean."""
    rng = random.Random(_SEED)  # noqa: S311 - a repeatable sample, not a secret
    rows = index.names.select(["entry_id", "name", "entry_type"]).to_pylist()
    chosen = rng.sample(rows, min(_DAMAGED, len(rows)))
    families = list(FAMILIES)
    names = [
        corrupted(
            row["name"], rng.choice(families), rng, is_person=row["entry_type"] == "individual"
        )
        for row in chosen
    ]
    return names, [row["entry_id"] for row in chosen]


def _upper(share: float, count: int) -> float:
    """Upper end of the Wilson interval."""
    if not count:
        return 1.0
    z2 = _Z**2 / count
    centre = share + z2 / 2
    spread = _Z * ((share * (1 - share) + z2 / 4) / count) ** 0.5
    return float((centre + spread) / (1 + z2))

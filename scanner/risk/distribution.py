"""How the features of a set of payments are spread, as bins that can be counted and kept.

A version keeps the bins of its training rows, one set of counts per message era,
so that a later run can be counted into the same bins (`scanner.risk.drift`).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scanner.additive import StepTables
from scanner.errors import IntegrityError
from scanner.risk.features import Floats

Counts = NDArray[np.int64]

DISTRIBUTION_FILE = "distribution.json"
EVERY = "all"
ERAS = (EVERY, "MT", "MX")
SCORE = "(score)"
"""Stands among the features for the model's own log-odds."""

_MOST_BINS = 10


def era_of(message_type: str | None) -> str:
    """MX for ISO 20022 messages, which carry more and better fields; MT for the rest."""
    return "MX" if "." in (message_type or "") else "MT"


@dataclass(frozen=True)
class Distribution:
    """Counts of payments in the bins of each feature, by message era.

    Attributes:
        edges: By feature the upper ends of all bins but the last, ascending.
        counts: By era and feature the payments in each bin; the last count is of those
            whose value is not known.
        rows: Payments by era.
    """

    edges: Mapping[str, Floats]
    counts: Mapping[str, Mapping[str, Counts]]
    rows: Mapping[str, int]

    def to_json(self) -> str:
        """Text that reads back to the same bins."""
        return json.dumps(
            {
                "edges": {name: edges.tolist() for name, edges in self.edges.items()},
                "counts": {
                    era: {name: counts.tolist() for name, counts in of_era.items()}
                    for era, of_era in self.counts.items()
                },
                "rows": dict(self.rows),
            }
        )

    @classmethod
    def from_json(cls, text: str, where: str = "") -> "Distribution":
        """Read it back.

        Raises:
            IntegrityError: The text is no distribution.
        """
        try:
            data: dict[str, Any] = json.loads(text)
            made = cls(
                {n: np.asarray(e, dtype=np.float64) for n, e in data["edges"].items()},
                {
                    era: {n: np.asarray(c, dtype=np.int64) for n, c in of_era.items()}
                    for era, of_era in data["counts"].items()
                },
                {era: int(rows) for era, rows in data["rows"].items()},
            )
            for era in ERAS:
                for name, edges in made.edges.items():
                    counts = made.counts[era][name]
                    if len(counts) != len(edges) + 2 or counts.sum() != made.rows[era]:
                        raise ValueError(f"the counts of {name} do not fit its bins")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise IntegrityError(
                "a model's distribution cannot be read", where=f"{where}: {error}"
            ) from error
        return made


def bin_edges(matrix: Floats, tables: StepTables) -> dict[str, Floats]:
    """Bins of each feature and of the score: its values where few, else its tenths.

    Args:
        matrix: Rows by features, in the order of the model's features.
        tables: The model.
    """
    columns = dict(zip(tables.names, matrix.T, strict=True))
    return {name: _edges(c) for name, c in {**columns, SCORE: tables.margin(matrix)}.items()}


def _edges(column: Floats) -> Floats:
    known = column[~np.isnan(column)]
    values = np.unique(known)
    if len(values) <= _MOST_BINS:
        return values[:-1]
    inner = np.quantile(known, np.arange(1, _MOST_BINS) / _MOST_BINS, method="lower")
    return np.unique(inner)


class Counting:
    """Counts payments into given bins, batch by batch, so that memory stays bounded.

    Args:
        edges: Bins as made by `bin_edges`.
        tables: The model whose features and score are counted.
    """

    def __init__(self, edges: Mapping[str, Floats], tables: StepTables) -> None:
        self._edges = edges
        self._tables = tables
        self._rows = dict.fromkeys(ERAS, 0)
        self._counts: dict[str, dict[str, Counts]] = {
            era: {name: np.zeros(len(e) + 2, dtype=np.int64) for name, e in edges.items()}
            for era in ERAS
        }

    def add(self, matrix: Floats, eras: Sequence[str]) -> None:
        """Count some payments.

        Args:
            matrix: Rows by features, in the order of the model's features.
            eras: Era of each row, as `era_of` tells.
        """
        columns = dict(zip(self._tables.names, matrix.T, strict=True))
        columns[SCORE] = self._tables.margin(matrix)
        of_row = np.asarray(eras)
        for era in ERAS:
            chosen = np.ones(len(matrix), np.bool_) if era == EVERY else of_row == era
            self._rows[era] += int(chosen.sum())
            for name, edges in self._edges.items():
                values = columns[name][chosen]
                missing = np.isnan(values)
                places = np.searchsorted(edges, values[~missing], side="left")
                found = np.bincount(places, minlength=len(edges) + 1)
                self._counts[era][name] += np.append(found, missing.sum())

    def made(self) -> Distribution:
        """What was counted."""
        return Distribution(self._edges, self._counts, self._rows)

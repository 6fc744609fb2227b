"""A model of single features and of pairs as tables: per pair a grid of steps, then a calibration.

Some facts tell only together: equal letters say much in a long name and little in
a short one. A boosting whose trees see at most two features is a sum of small
grids; looking them up needs numpy alone and gives scikit-learn's numbers.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scanner.errors import IntegrityError

Floats = NDArray[np.float64]
_ROWS_AT_ONCE = 1 << 14
"""Rows whose steps stay near to the processor."""


@dataclass(frozen=True)
class PairGrid:
    """The steps of two features together.

    Attributes:
        first: Position of one feature.
        second: Position of the other; the same where one feature stands alone.
        first_thresholds: Upper ends of the first's steps, ascending; a value equal to one
            belongs to it.
        second_thresholds: Those of the second.
        values: Log-odds, first's steps by second's; the last row and the last column are for
            a value that is not known.
    """

    first: int
    second: int
    first_thresholds: Floats
    second_thresholds: Floats
    values: Floats


@dataclass(frozen=True)
class PairTables:
    """The whole model: base, grids, and the sigmoid that calibrates the margin."""

    names: tuple[str, ...]
    base: float
    grids: tuple[PairGrid, ...]
    slope: float
    intercept: float

    def margin(self, matrix: Floats) -> Floats:
        """Calibrated log-odds of each row.

        Args:
            matrix: Rows by features, in the order of `names`; NaN = not known.

        Raises:
            IntegrityError: The matrix has not the model's features.
        """
        if matrix.shape[1] != len(self.names):
            raise IntegrityError(
                f"the model knows {len(self.names)} features, got {matrix.shape[1]}"
            )
        total = np.full(len(matrix), self.base)
        for start in range(0, len(matrix), _ROWS_AT_ONCE):
            part = slice(start, start + _ROWS_AT_ONCE)
            steps = [_steps(matrix[part, i], ends) for i, ends in enumerate(self._ends)]
            for grid, (rows, columns) in zip(self.grids, self._places, strict=True):
                place = rows.take(steps[grid.first])
                place += columns.take(steps[grid.second])
                total[part] += grid.values.take(place)
        made: Floats = total * self.slope + self.intercept
        return made

    @cached_property
    def _ends(self) -> tuple[Floats, ...]:
        """Per feature the upper ends of its steps in all the grids."""
        found: list[list[Floats]] = [[np.empty(0)] for _ in self.names]
        for grid in self.grids:
            found[grid.first].append(grid.first_thresholds)
            found[grid.second].append(grid.second_thresholds)
        return tuple(np.unique(np.concatenate(ends)) for ends in found)

    @cached_property
    def _places(self) -> tuple[tuple[NDArray[np.int64], NDArray[np.int64]], ...]:
        """Per grid, for each step of its two features, where the row begins, and the column."""
        return tuple(
            (
                _places(self._ends[grid.first], grid.first_thresholds) * grid.values.shape[1],
                _places(self._ends[grid.second], grid.second_thresholds),
            )
            for grid in self.grids
        )

    def to_json(self) -> str:
        """The tables as text that reads back to the same bits."""
        return json.dumps(
            {
                "names": list(self.names),
                "base": self.base,
                "slope": self.slope,
                "intercept": self.intercept,
                "grids": [
                    {
                        "first": g.first,
                        "second": g.second,
                        "first_thresholds": g.first_thresholds.tolist(),
                        "second_thresholds": g.second_thresholds.tolist(),
                        "values": g.values.tolist(),
                    }
                    for g in self.grids
                ],
            }
        )

    @classmethod
    def from_json(cls, text: str, where: str = "") -> "PairTables":
        """Read tables back.

        Raises:
            IntegrityError: The text is no such model.
        """
        try:
            data: dict[str, Any] = json.loads(text)
            made = cls(
                tuple(map(str, data["names"])),
                float(data["base"]),
                tuple(
                    PairGrid(
                        int(g["first"]),
                        int(g["second"]),
                        *(
                            np.asarray(g[name], dtype=np.float64)
                            for name in ("first_thresholds", "second_thresholds", "values")
                        ),
                    )
                    for g in data["grids"]
                ),
                float(data["slope"]),
                float(data["intercept"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise IntegrityError("pair tables cannot be read", where=f"{where}: {error}") from error
        for grid in made.grids:
            _check(grid, len(made.names), where)
        return made


def _steps(column: Floats, ends: Floats) -> NDArray[np.int64]:
    """The step of each value; one past the last for a value that is not known."""
    column = np.ascontiguousarray(column)
    found = np.zeros(len(column), np.int64)
    # Of so few ends comparing with each costs a third of searching.
    for end in ends.tolist():
        found += column > end
    found[np.isnan(column)] = len(ends) + 1
    return found


def _places(ends: Floats, thresholds: Floats) -> NDArray[np.int64]:
    """For each step of all of a feature's ends its step among some of them."""
    inside = np.searchsorted(thresholds, np.append(ends, np.inf), side="left")
    return np.append(inside, len(thresholds) + 1)


def _check(grid: PairGrid, features: int, where: str) -> None:
    shape = (len(grid.first_thresholds) + 2, len(grid.second_thresholds) + 2)
    sound = (
        0 <= grid.first < features
        and 0 <= grid.second < features
        and grid.values.shape == shape
        and bool(np.all(np.isfinite(grid.values)))
        and all(
            bool(np.all(np.diff(ends) > 0))
            for ends in (grid.first_thresholds, grid.second_thresholds)
        )
    )
    if not sound:
        raise IntegrityError(
            f"the grid of features {grid.first} and {grid.second} is not sound", where=where
        )

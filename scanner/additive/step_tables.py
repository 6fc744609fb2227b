"""An additive model as tables: per feature a step function, then a calibration.

The score's log-odds are a base plus one value per feature, so every reason is
exact: nothing is attributed, everything is added. numpy only.
"""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scanner.errors import IntegrityError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class FeatureSteps:
    """One feature's step function of its value.

    Attributes:
        name: The feature.
        monotone: 1 never falls, -1 never rises, 0 free.
        thresholds: Upper ends of the steps, ascending; a value equal to one belongs to it.
        values: Log-odds of each step; one more than thresholds.
        missing: Log-odds where the feature is not known.
    """

    name: str
    monotone: int
    thresholds: Floats
    values: Floats
    missing: float

    def contribution(self, column: Floats) -> Floats:
        """Log-odds of each value of a column; NaN means not known."""
        made = self.values[np.searchsorted(self.thresholds, column, side="left")]
        return np.where(np.isnan(column), self.missing, made)


@dataclass(frozen=True)
class StepTables:
    """The whole model: base, features in order, and the sigmoid that calibrates the margin."""

    base: float
    features: tuple[FeatureSteps, ...]
    slope: float
    intercept: float

    @property
    def names(self) -> tuple[str, ...]:
        """The features' names in the order of the matrix's columns."""
        return tuple(feature.name for feature in self.features)

    def contributions(self, matrix: Floats) -> Floats:
        """Log-odds of each feature for each row, on the calibrated scale.

        Args:
            matrix: Rows by features, in the order of `names`; NaN = not known.

        Raises:
            IntegrityError: The matrix has not the model's features.
        """
        if matrix.shape[1] != len(self.features):
            raise IntegrityError(
                f"the model knows {len(self.features)} features, got {matrix.shape[1]}"
            )
        made = np.empty(matrix.shape, dtype=np.float64)
        for position, feature in enumerate(self.features):
            made[:, position] = feature.contribution(matrix[:, position])
        return made * self.slope

    def margin(self, matrix: Floats) -> Floats:
        """Calibrated log-odds of each row: the base and all contributions."""
        total: Floats = self.start + self.contributions(matrix).sum(axis=1)
        return total

    @property
    def start(self) -> float:
        """Calibrated log-odds before any feature is looked at."""
        return self.base * self.slope + self.intercept

    def probability(self, matrix: Floats) -> Floats:
        """Calibrated probability of each row."""
        made: Floats = 1.0 / (1.0 + np.exp(-self.margin(matrix)))
        return made

    def to_json(self) -> str:
        """The tables as text that reads back to the same bits."""
        return json.dumps(
            {
                "base": self.base,
                "slope": self.slope,
                "intercept": self.intercept,
                "features": [
                    {
                        "name": f.name,
                        "monotone": f.monotone,
                        "thresholds": f.thresholds.tolist(),
                        "values": f.values.tolist(),
                        "missing": f.missing,
                    }
                    for f in self.features
                ],
            },
            indent=1,
        )

    @classmethod
    def from_json(cls, text: str, where: str = "") -> "StepTables":
        """Read tables back.

        Raises:
            IntegrityError: The text is no such model.
        """
        try:
            data: dict[str, Any] = json.loads(text)
            features = tuple(
                FeatureSteps(
                    str(f["name"]),
                    int(f["monotone"]),
                    np.asarray(f["thresholds"], dtype=np.float64),
                    np.asarray(f["values"], dtype=np.float64),
                    float(f["missing"]),
                )
                for f in data["features"]
            )
            made = cls(
                float(data["base"]), features, float(data["slope"]), float(data["intercept"])
            )
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise IntegrityError("step tables cannot be read", where=f"{where}: {error}") from error
        # A falling sigmoid would turn every sign around; NaN would compare as no alert at all.
        if not (np.isfinite([made.base, made.slope, made.intercept]).all() and made.slope > 0):
            raise IntegrityError("the calibration of step tables is not sound", where=where)
        for feature in made.features:
            _check(feature, where)
        return made

    def sql(self, *, column_prefix: str = "") -> dict[str, str]:
        """One SQL expression per feature that gives its contribution in DuckDB.

        The doubles are written in full, so that the result has the same bits.
        """
        return {
            feature.name: _case(feature, f'{column_prefix}"{feature.name}"', self.slope)
            for feature in self.features
        }


def _case(feature: FeatureSteps, column: str, slope: float) -> str:
    arms = "".join(
        f" WHEN {column} <= {threshold!r}::DOUBLE THEN {value * slope!r}::DOUBLE"
        for threshold, value in zip(
            feature.thresholds.tolist(), feature.values.tolist(), strict=False
        )
    )
    return (
        f"CASE WHEN {column} IS NULL OR isnan({column}) THEN {feature.missing * slope!r}::DOUBLE"
        f"{arms} ELSE {float(feature.values[-1]) * slope!r}::DOUBLE END"
    )


def _check(feature: FeatureSteps, where: str) -> None:
    rising = np.diff(feature.values) * feature.monotone
    sound = (
        len(feature.values) == len(feature.thresholds) + 1
        and bool(np.all(np.diff(feature.thresholds) > 0))
        and bool(np.all(np.isfinite(feature.values)))
        and bool(np.all(np.isfinite(feature.thresholds)))
        and bool(np.isfinite(feature.missing))
        and bool(np.all(rising >= -1e-12))
    )
    if not sound:
        raise IntegrityError(f"the steps of feature {feature.name} are not sound", where=where)

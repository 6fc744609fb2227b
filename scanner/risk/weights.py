"""How much each training row counts: samples weighed up, unlabelled payments, simulation.

A bank labels what alerted. What was drawn below the line stands for those that were
not drawn (inverse propensity). What nobody looked at is not innocent: it counts partly
as guilty, by the chance that a guilty payment would have been labelled (Elkan and Noto,
"Learning classifiers from only positive and unlabeled data", 2008).
"""

from dataclasses import dataclass

import numpy as np

from scanner.additive.feature_spec import FeatureSpec
from scanner.additive.fitting import Capacity, fit_additive
from scanner.risk.evaluation import Integers
from scanner.risk.features import Floats

MOST_WEIGHT = 50.0
"""No single decided payment counts for more: a heavier one would decide the fit alone."""

_CAPACITY = Capacity(rounds=100, learning_rate=0.1, max_leaf_nodes=4, min_samples_leaf=20)
_LEAST_PROPENSITY = 0.05


def capped(weights: Floats) -> tuple[Floats, int]:
    """Weights of at most MOST_WEIGHT, and how many were above."""
    return np.minimum(weights, MOST_WEIGHT), int((weights > MOST_WEIGHT).sum())


def effective_rows(weights: Floats) -> float:
    """Equal rows that would tell as much (Kish)."""
    return float(weights.sum() ** 2 / (weights**2).sum()) if len(weights) else 0.0


@dataclass(frozen=True)
class Unlabelled:
    """How unlabelled payments count.

    Attributes:
        guilty: Share of each row that counts as guilty; the rest counts as innocent.
        propensity: Estimated chance that a guilty payment was labelled.
    """

    guilty: Floats
    propensity: float


def weigh_unlabelled(
    positives: Floats, unlabelled: Floats, specs: list[FeatureSpec], *, weight: float, seed: int
) -> Unlabelled:
    """Estimate how far each unlabelled payment is like a guilty one.

    A model tells labelled positives from unlabelled payments. On positives that are surely
    such its chance is the propensity c: it is read from the better half of those that it was
    not fitted on. An unlabelled row with chance g is guilty with (1 - c) / c * g / (1 - g).
    That rests on the labelled positives being a
    random draw of all: kinds that never alerted stay unknown.

    Args:
        positives: Features of labelled positives.
        unlabelled: Features of unlabelled payments.
        specs: The features in the order of the columns.
        weight: Payments that each unlabelled row stands for.
        seed: Seed of the fit.
    """
    matrix = np.vstack([positives, unlabelled])
    labels = np.zeros(len(matrix), dtype=np.int64)
    labels[: len(positives)] = 1
    weights = np.where(labels == 1, 1.0, weight)
    calibration = np.arange(len(matrix)) % 3 == 0
    model = fit_additive(
        matrix,
        labels,
        specs,
        calibration_rows=calibration,
        seed=seed,
        sample_weight=weights,
        capacity=_CAPACITY,
    )
    chance = model.tables.probability(matrix)
    held_out = np.sort(chance[calibration & (labels == 1)])
    clear_cases = held_out[len(held_out) // 2 :]
    propensity = float(np.clip(clear_cases.mean(), _LEAST_PROPENSITY, 1.0))
    odds = chance[labels == 0] / np.maximum(1 - chance[labels == 0], 1e-12)
    return Unlabelled(np.clip((1 - propensity) / propensity * odds, 0.0, 1.0), propensity)


def mixed_weights(own: Floats, simulated_rows: int, simulated_weight: float) -> Floats:
    """Weight of each simulated row, so that together they weigh a stated multiple of the own.

    Args:
        own: Weights of the bank's own rows.
        simulated_rows: Number of simulated rows.
        simulated_weight: Their sum over the sum of the own ones.
    """
    return np.full(simulated_rows, own.sum() * simulated_weight / max(1, simulated_rows))


def order_within(order: Integers) -> Integers:
    """Position in time within one source, from 0 to a million.

    Sources have their own calendars: a split by date alone would fit on one and
    calibrate on the other.
    """
    days = np.sort(order)
    place = np.searchsorted(days, order, side="right")
    made: Integers = (place * 1_000_000 // max(1, len(order))).astype(np.int64)
    return made

"""A line that keeps a recall floor, with what its number of positives allows to promise.

Split conformal on positives: with n exchangeable confirmed payments, the line at the
k-th smallest of their scores, k = floor((n + 1) * alpha), misses k / (n + 1) of further
ones in the mean, and the miss rate follows Beta(k, n + 1 - k). It holds for positives
like those counted and says nothing about kinds that nobody has found yet.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np


@dataclass(frozen=True)
class Floor:
    """A line and what it promises.

    Attributes:
        threshold: Payments of at least this score alert; 0 = all of them.
        positives: Confirmed payments it rests on; where some stand for several, how many
            equal ones would tell as much (Kish).
        expected_miss: Share of further positives missed, in the mean.
        worst_miss: Share that is exceeded in 1 of 20 draws of such positives.
    """

    threshold: float
    positives: float
    expected_miss: float
    worst_miss: float


def recall_floor(scores: Sequence[float], weights: Sequence[float], miss: float) -> Floor:
    """The highest line under which at most a share of the positives lies.

    Args:
        scores: Scores of confirmed payments.
        weights: How many payments each stands for; 1 where it was not sampled.
        miss: Share of positives that may be missed.

    Returns:
        Too few positives for the share give the line 0: all payments alert.
    """
    if not len(scores):
        return Floor(0.0, 0.0, 0.0, 0.0)
    order = np.argsort(scores, kind="stable")
    ranked = np.asarray(scores, dtype=np.float64)[order]
    weight = np.asarray(weights, dtype=np.float64)[order]
    # Equal weights give n; unequal ones are scaled to the number that tells as much.
    effective = float(weight.sum() ** 2 / (weight**2).sum())
    scaled = np.cumsum(weight) * effective / weight.sum()
    allowed = math.floor((effective + 1) * miss + 1e-9)
    below = np.flatnonzero(scaled <= allowed + 1e-9)
    if not allowed or not len(below):
        return Floor(0.0, effective, 0.0, 0.0)
    place = int(below[-1])
    k = scaled[place]
    return Floor(
        float(ranked[place]),
        effective,
        float(k / (effective + 1)),
        _beta_quantile(round(k), max(round(effective), round(k)), 0.95),
    )


def wilson_interval(hits: int, of: int, share: float = 0.95) -> tuple[float, float] | None:
    """Confidence interval of a share (Wilson); None of nothing."""
    if not of:
        return None
    z = NormalDist().inv_cdf((1 + share) / 2)
    middle = (hits + z * z / 2) / (of + z * z)
    half = z * math.sqrt(hits * (of - hits) / of + z * z / 4) / (of + z * z)
    return max(0.0, middle - half), min(1.0, middle + half)


def _beta_quantile(k: int, n: int, share: float) -> float:
    """Quantile of Beta(k, n + 1 - k): where k or more of n fall under x with that probability."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_least(k, n, middle) < share:
            low = middle
        else:
            high = middle
    return high


def _at_least(k: int, n: int, p: float) -> float:
    if p <= 0:
        return 0.0
    if p >= 1:
        return 1.0
    below = (
        math.exp(
            math.lgamma(n + 1)
            - math.lgamma(i + 1)
            - math.lgamma(n - i + 1)
            + i * math.log(p)
            + (n - i) * math.log1p(-p)
        )
        for i in range(k)
    )
    return 1 - sum(below)

"""Tells whether payments still look like those that a model was trained on.

The measure is the population stability index (PSI) of each feature and of the
score: the sum over bins of (share now - share then) * ln(share now / share then).
By convention below 0.1 is steady, 0.25 and more is a shift that asks for action.
A PSI of few payments is above zero by chance alone, so that its chance level is
told and what lies under it raises nothing.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from scanner.risk.distribution import ERAS, Counts, Distribution

WATCH_AT, ALERT_AT = 0.1, 0.25
"""Least PSI of the outcomes `watch` and `alert`, by the usual convention."""

_CHANCE = 0.99
_SMOOTHING = 0.5


@dataclass(frozen=True)
class Drift:
    """One feature in one era.

    Attributes:
        era: all, MT or MX.
        feature: The feature, or `(score)`.
        psi: Population stability index; None where one side has no payment.
        chance: PSI that 1 of 100 pairs of samples of these sizes reaches without any change.
        rows_then: Payments on the earlier side.
        rows_now: Payments on the later side.
        missing_then: Share of them whose value is not known.
        missing_now: The same, later.
        outcome: steady, watch, alert or not_assessable.
    """

    era: str
    feature: str
    psi: float | None
    chance: float | None
    rows_then: int
    rows_now: int
    missing_then: float | None
    missing_now: float | None
    outcome: str


def drift(
    then: Distribution, now: Distribution, *, watch_at: float = WATCH_AT, alert_at: float = ALERT_AT
) -> list[Drift]:
    """Compare two distributions that were counted in the same bins.

    Returns:
        One row per era and feature; within an era the largest PSI first.
    """
    made = []
    for era in ERAS:
        rows = [
            _of_feature(
                era, name, then.counts[era][name], now.counts[era][name], (watch_at, alert_at)
            )
            for name in then.edges
        ]
        made += sorted(rows, key=lambda row: (-(row.psi or 0), row.feature))
    return made


def psi_of(then: Counts, now: Counts) -> tuple[float, float]:
    """PSI of two counts of the same bins, and the level that chance alone reaches.

    Bins that are empty on both sides are left out; half a payment is added to each other
    bin, so that a bin that is empty on one side gives a finite value. Without a change
    PSI * n * m / (n + m) follows chi-square with one degree less than there are bins
    (Yurdakul and Naranjo, "Statistical properties of the population stability index").

    Returns:
        PSI and chance level; both 0 where only one bin is used.
    """
    used = (then + now) > 0
    bins = int(used.sum())
    if bins < 2:
        return 0.0, 0.0
    n, m = int(then.sum()), int(now.sum())
    share_then = (then[used] + _SMOOTHING) / (n + _SMOOTHING * bins)
    share_now = (now[used] + _SMOOTHING) / (m + _SMOOTHING * bins)
    psi = float(np.sum((share_now - share_then) * np.log(share_now / share_then)))
    return psi, _chi_square_quantile(bins - 1, _CHANCE) * (1 / n + 1 / m)


def _chi_square_quantile(degrees: int, share: float) -> float:
    """Wilson and Hilferty's approximation, within 1 percent at this share from 2 degrees on."""
    z = NormalDist().inv_cdf(share)
    if degrees == 1:
        return NormalDist().inv_cdf((1 + share) / 2) ** 2
    spread = 2 / (9 * degrees)
    made: float = degrees * (1 - spread + z * spread**0.5) ** 3
    return made


def _of_feature(
    era: str, name: str, then: Counts, now: Counts, limits: tuple[float, float]
) -> Drift:
    n, m = int(then.sum()), int(now.sum())
    if not n or not m:
        return Drift(era, name, None, None, n, m, None, None, "not_assessable")
    psi, chance = psi_of(then, now)
    watch_at, alert_at = limits
    outcome = "steady"
    if psi > chance:
        outcome = "alert" if psi >= alert_at else "watch" if psi >= watch_at else "steady"
    return Drift(era, name, psi, chance, n, m, float(then[-1] / n), float(now[-1] / m), outcome)

"""Compares two models on the same payments at equal alerts, by paired bootstrap."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from scanner.risk.evaluation import Integers, taken_at_budget
from scanner.risk.features import Floats

BOOTSTRAPS = 1000
MOST_LOSS = 0.05
"""A typology may lose so much recall: five of a hundred of its payments."""

_LOWER = 0.05


@dataclass(frozen=True)
class Verdict:
    """What a comparison found.

    Attributes:
        budget: Share of payments that alert.
        recall: Of the champion and of the challenger.
        gain_low: Lower 5 percent of the gain in recall over the bootstraps.
        gain_high: Its upper 5 percent.
        by_typology: Gain in recall and number of payments of each.
        losses: Typologies that lose more than the margin.
        because: Why it does not pass; empty where it does.
    """

    budget: float
    recall: dict[str, float]
    gain_low: float
    gain_high: float
    by_typology: dict[str, dict[str, float]]
    losses: dict[str, float]
    because: tuple[str, ...]

    @property
    def passes(self) -> bool:
        """Better at the budget, and no typology falls beyond the margin."""
        return not self.because

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "budget": self.budget,
            "recall": self.recall,
            "gain_lower_bound": self.gain_low,
            "gain_upper_bound": self.gain_high,
            "by_typology": self.by_typology,
            "typologies_that_lose": self.losses,
            "passes": self.passes,
            "because": list(self.because),
        }


def compare(
    champion: Floats,
    challenger: Floats,
    labels: Integers,
    typologies: Sequence[str],
    *,
    budget: float,
    seed: int,
    most_loss: float = MOST_LOSS,
) -> Verdict:
    """Compare two scores of the same payments.

    Guilty payments are drawn with replacement, both models on the same draw. The challenger
    passes where its recall at the budget is higher in 95 of 100 draws and no typology
    loses more than the margin.

    Args:
        champion: Scores or margins of the champion.
        challenger: Those of the challenger.
        labels: 1 where exposure is real.
        typologies: Typology of each row.
        budget: Share of payments that alert.
        seed: Seed of the draws.
        most_loss: Recall that a typology may lose.
    """
    guilty = np.flatnonzero(labels == 1)
    one = taken_at_budget(champion, budget)[guilty].astype(np.float64)
    two = taken_at_budget(challenger, budget)[guilty].astype(np.float64)
    gain = two - one
    rng = np.random.default_rng(seed)
    drawn = [
        gain[rng.integers(0, len(guilty), len(guilty))].mean() if len(guilty) else 0.0
        for _ in range(BOOTSTRAPS)
    ]
    low, high = (float(np.quantile(drawn, share)) for share in (_LOWER, 1 - _LOWER))
    kinds = np.asarray(typologies)[guilty]
    by_typology = {
        code: {"gain": float(gain[kinds == code].mean()), "payments": float((kinds == code).sum())}
        for code in sorted(set(kinds.tolist()))
    }
    losses = {
        code: found["gain"] for code, found in by_typology.items() if found["gain"] < -most_loss
    }
    because = []
    if low <= 0:
        because.append(f"recall gain is not above zero: lower bound {low:.4f}")
    because += [f"typology {code} changes by {loss:.2f}" for code, loss in losses.items()]
    recall = {
        "champion": float(one.mean()) if len(one) else 0.0,
        "challenger": float(two.mean()) if len(two) else 0.0,
    }
    return Verdict(budget, recall, low, high, by_typology, losses, tuple(because))

"""What a version's own evaluation says that it cannot do, in words for its card."""

from collections.abc import Mapping
from typing import Any

_LEAST_RECALL = 0.70
_LEAST_OVERALL = 0.90
_MOST_TIMES_ORDINARY = 1.5

GENERAL = (
    "Trained on simulated labels unless label_source says otherwise; the bank's own decisions, "
    "below-the-line samples and later designations must follow. Obligations (listed parties, "
    "banks, firms of blocked owners) alert whatever the score says and are not its business."
)


def limits_of(evaluation: Mapping[str, Any]) -> str:
    """The general limits, and each figure of an evaluation that is below what is wanted.

    Args:
        evaluation: What `judge` found.
    """
    said = [GENERAL]
    operating = evaluation["budgets"]["operating"]["model"]
    one = evaluation["budgets"]["0.01"]["model"]
    if one["most_possible_recall"] < 1:
        said.append(
            f"At a budget of 1 percent of payments no model can find more than"
            f" {one['most_possible_recall']:.0%} of the guilty ones of the test worlds,"
            f" {evaluation['base_rate']:.2%} of which are guilty; figures by typology are at"
            f" {evaluation['operating_budget']:.2%}."
        )
    if operating["recall"] < _LEAST_OVERALL:
        said.append(f"Recall over all typologies is {operating['recall']:.2f}.")
    weak = [
        f"{code} {found['recall']:.2f} of {found['payments']}"
        for code, found in evaluation["typologies"].items()
        if found["recall"] < _LEAST_RECALL
    ]
    if weak:
        said.append(f"Typologies found in less than 70 of 100 payments: {', '.join(weak)}.")
    times = evaluation["look_alikes"].get("look_alikes", {}).get("times_ordinary")
    if times is not None and times > _MOST_TIMES_ORDINARY:
        each = evaluation["look_alikes"]
        by_kind = ", ".join(
            f"{words} {each[name]['times_ordinary']:.1f}"
            for name, words in (("families", "the families N1 to N6"), ("twins", "twins"))
            if name in each
        )
        said.append(
            f"Look-alikes alert {times:.1f} times as often as everyday payments: {by_kind}."
        )
    held = evaluation.get("splits", {}).get("typology_held_out")
    if held:
        unseen = [
            code
            for code, found in held.items()
            if code != "mean_recall" and found["recall"] < _LEAST_RECALL / 2
        ]
        said.append(
            f"A typology that no training payment shows is found in {held['mean_recall']:.0%} of"
            f" its payments in the mean, and hardly at all for {', '.join(unseen) or 'none'}."
        )
    return " ".join(said)

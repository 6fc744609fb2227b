"""The protocol by which models are judged: several worlds, windows of time, and what was left out.

A model is judged on worlds that it was not trained on, all their payments together,
with the spread over worlds and over consecutive windows of time. Refits tell how
much rests on having seen the same parties, the same time or the same typology.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from scanner.pipeline.plan import Progress
from scanner.pipeline.simulated_world import World, judging_plan, simulated_world
from scanner.risk.evaluation import (
    Rows,
    average_precision,
    evaluate,
    headline,
    operating_budget,
    taken_at_budget,
)
from scanner.risk.features import Floats, matrix_of
from scanner.risk.training import LEAST_POSITIVES, Labelled, fit
from scanner.simulate import GENERATOR_VERSION

_WINDOWS = 5
_EARLIER = 0.7
_LEFT_OUT_OF = 3

Mask = np.ndarray[Any, np.dtype[np.bool_]]
Margin = Callable[[Floats], Floats]


def worlds_to_judge_on(
    seed: int, payments: int, worlds: int, progress: Progress
) -> dict[int, World]:
    """Test worlds by their seed."""
    return {
        one: simulated_world(judging_plan(one, payments), progress)
        for one in range(seed, seed + worlds)
    }


def about_worlds(worlds: Mapping[int, World], payments: int) -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "seed": min(worlds),
        "worlds": len(worlds),
        "payments": payments,
        "generator": GENERATOR_VERSION,
        "labels": "simulated",
    }


def judge(margin: Margin, worlds: Mapping[int, World]) -> dict[str, Any]:
    """Everything that is told of a model, on all worlds together, with its spread.

    Args:
        margin: Gives the calibrated log-odds of rows of features.
        worlds: Test worlds by their seed.

    Returns:
        The figures of `evaluate`, `by_seed`, `by_window` and their `spread`.
    """
    scores = {seed: margin(matrix_of(world.data.features)) for seed, world in worlds.items()}
    by_seed = {str(seed): headline(scores[seed], world.rows) for seed, world in worlds.items()}
    together, rows = np.concatenate(list(scores.values())), _together(list(worlds.values()))
    days = np.concatenate([world.data.order for world in worlds.values()])
    by_window = {
        str(number + 1): headline(together[part], _some(rows, part))
        for number, part in enumerate(np.array_split(np.argsort(days, kind="stable"), _WINDOWS))
    }
    return {
        **evaluate(together, rows),
        "by_seed": by_seed,
        "by_window": by_window,
        "spread": {"seeds": _spread(by_seed), "windows": _spread(by_window)},
    }


def refit_splits(training: World, worlds: Mapping[int, World], *, seed: int) -> dict[str, Any]:
    """Fit again on a part of the training world and judge on what that part lacks.

    A part with too few guilty payments to learn from is left out of the result.

    Args:
        training: The world that trains.
        worlds: Test worlds, for the typologies held out.
        seed: Seed of the fits.
    """
    data = training.data
    earlier = data.order <= np.quantile(data.order, _EARLIER)
    known = np.asarray([is_known(party) for party in training.counterparties])
    made: dict[str, Any] = {"typology_held_out": _held_out(training, list(worlds.values()), seed)}
    for name, fitted in (("time", earlier), ("counterparty_disjoint", known)):
        if training.data.labels[fitted].sum() >= LEAST_POSITIVES:
            made[name] = _split(training, fitted, seed)
    return made


def _split(world: World, fitted: Mask, seed: int) -> dict[str, float]:
    left = ~fitted
    model = fit(_part(world.data, fitted), seed=seed)
    scores = model.tables.margin(matrix_of(_part(world.data, left).features))
    return headline(scores, _some(world.rows, np.flatnonzero(left)))


def _held_out(training: World, worlds: Sequence[World], seed: int) -> dict[str, Any]:
    """Recall of each typology by a model that saw neither it nor its twins."""
    kinds = np.asarray(training.data.typologies)
    rows = _together(worlds)
    judged = np.asarray(rows.typologies)
    matrix = np.concatenate([matrix_of(world.data.features) for world in worlds])
    budget = operating_budget(rows.labels)
    beside = taken_at_budget(rows.rivals["indicators_sum"], budget)
    found: dict[str, Any] = {}
    for code in sorted(set(kinds[training.data.labels == 1].tolist())):
        of_it = (judged == code) & (rows.labels == 1)
        others = kinds != code
        if not of_it.any() or training.data.labels[others].sum() < LEAST_POSITIVES:
            continue
        scores = fit(_part(training.data, others), seed=seed).tables.margin(matrix)
        found[code] = {
            "payments": int(of_it.sum()),
            "recall": float(taken_at_budget(scores, budget)[of_it].mean()),
            "indicators_sum": float(beside[of_it].mean()),
            "average_precision": average_precision(scores, rows.labels),
        }
    mean = float(np.mean([one["recall"] for one in found.values()])) if found else 0.0
    return {"mean_recall": mean, **found}


def is_known(party: str) -> bool:
    """Whether a party is on the side that is fitted in the split without common parties."""
    digest = hashlib.sha256(party.encode()).digest()
    return digest[0] % _LEFT_OUT_OF != 0


def _part(data: Labelled, chosen: Mask) -> Labelled:
    return Labelled(
        data.features.take(pa.array(np.flatnonzero(chosen))),
        data.labels[chosen],
        data.weights[chosen],
        data.order[chosen],
    )


def _some(rows: Rows, chosen: np.ndarray[Any, np.dtype[np.int64]]) -> Rows:
    positions = chosen.tolist()
    return Rows(
        rows.labels[chosen],
        [rows.typologies[position] for position in positions],
        {name: scores[chosen] for name, scores in rows.rivals.items()},
        {code: strength[chosen] for code, strength in rows.singles.items()},
        [rows.schemes[position] for position in positions],
    )


def _together(worlds: Sequence[World]) -> Rows:
    """The rows of all worlds; a scheme of one is none of another."""
    each = [world.rows for world in worlds]
    codes = sorted({code for rows in each for code in rows.singles})
    return Rows(
        np.concatenate([rows.labels for rows in each]),
        [kind for rows in each for kind in rows.typologies],
        {name: np.concatenate([rows.rivals[name] for rows in each]) for name in each[0].rivals},
        {
            code: np.concatenate(
                [rows.singles.get(code, np.zeros(len(rows.labels))) for rows in each]
            )
            for code in codes
        },
        [f"{number} {scheme}" for number, rows in enumerate(each) for scheme in rows.schemes],
    )


def _spread(figures: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    names = dict.fromkeys(name for one in figures.values() for name in one)
    made = {}
    for name in names:
        values = [one[name] for one in figures.values()]
        made[name] = {
            "least": float(np.min(values)),
            "mean": float(np.mean(values)),
            "most": float(np.max(values)),
        }
    return made

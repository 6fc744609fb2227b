"""Trains on a bank's own stored payments: decisions, judged samples, later listings, the rest."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from scanner.pipeline.judged_payments import features_of_then, monitoring, payments_to_judge
from scanner.pipeline.labels import Label, decided_alerts, read_labels
from scanner.pipeline.simulated_world import World
from scanner.pipeline.stored_payments import live_runs
from scanner.pipeline.workspace import Workspace
from scanner.risk.distribution import era_of
from scanner.risk.features import declared, matrix_of
from scanner.risk.training import Labelled, fit, fit_rivals, lines_on_traffic, write_version
from scanner.risk.weights import (
    capped,
    effective_rows,
    mixed_weights,
    order_within,
    weigh_unlabelled,
)
from scanner.settings import Settings
from scanner.warehouse import Warehouse

_TRAFFIC = 200_000
_UNKNOWN_DAY = date(2024, 1, 1)


@dataclass(frozen=True)
class Sources:
    """What a version is trained on, besides simulation.

    Attributes:
        labels: CSV files of labels.
        decisions: Take the workspace's log of decisions too.
        later_listings: Take payments whose party was listed later as guilty, as they looked then.
        unlabelled: Payments to draw from those that nobody judged; 0 = none.
        simulated_weight: Weight of all simulated rows over that of all own ones.
    """

    labels: tuple[Path, ...] = ()
    decisions: bool = False
    later_listings: bool = False
    unlabelled: int = 0
    simulated_weight: float = 1.0

    @property
    def is_empty(self) -> bool:
        """Whether nothing of the bank's own is asked for."""
        return not (self.labels or self.decisions or self.later_listings)


def train_on_own(
    settings: Settings,
    sources: Sources,
    models: Path,
    *,
    seed: int,
    trained_on: date,
    simulated: World | None = None,
    challengers: bool = False,
) -> str:
    """Train a version on stored payments, mixed with a simulated world by weight.

    Args:
        settings: Names the workspace.
        sources: Which labels, and how much each source counts.
        models: Models folder.
        seed: Seed of the fit and of the draw of unlabelled payments.
        trained_on: Date for the version's name.
        simulated: World to mix in.
        challengers: Train models of other kinds beside it, to compare with.

    Raises:
        UsageError: No payment is stored, or too few of them are confirmed.
    """
    workspace = Workspace(Path(settings.workspace))
    workspace.require()
    given: list[Label] = decided_alerts(workspace.decisions) if sources.decisions else []
    for path in sources.labels:
        given += read_labels(path)
    with payments_to_judge(live_runs(workspace), settings, labels=given) as warehouse:
        own, facts = _own(warehouse, sources, seed)
        traffic = matrix_of(warehouse.arrow(f"FROM features LIMIT {_TRAFFIC}"))
    data = own
    if simulated is not None:
        data = _mixed(own, simulated.data, sources.simulated_weight)
        facts["simulated_rows"] = len(simulated.data.labels)
        facts["simulated_weight"] = sources.simulated_weight
    model = fit(data, seed=seed)
    rivals = fit_rivals(data, seed=seed) if challengers else ()
    card = {
        "date": trained_on.isoformat(),
        "seed": seed,
        "label_source": _words(facts),
        "mix": facts,
        "thresholds": lines_on_traffic(model, data, traffic),
    }
    return write_version(models, model, data, card, rivals)


def _own(warehouse: Warehouse, sources: Sources, seed: int) -> tuple[Labelled, dict[str, Any]]:
    warehouse.build(monitoring("later_designations"))
    if not sources.later_listings:
        warehouse.execute("DELETE FROM later_designations")
    warehouse.build_all([monitoring("decisions_by_transaction"), monitoring("labelled")])
    # What a person decided rests on all that was shown; a later listing must not be seen.
    features_of_then(warehouse)
    chosen = warehouse.arrow(
        "SELECT l.*, f.* EXCLUDE (transaction_id) FROM labelled AS l JOIN"
        " (FROM features WHERE transaction_id NOT IN"
        " (SELECT transaction_id FROM labelled WHERE is_listed_later)"
        " UNION ALL BY NAME FROM features_then WHERE transaction_id IN"
        " (SELECT transaction_id FROM labelled WHERE is_listed_later)) AS f USING (transaction_id)"
        " WHERE l.label IS NOT NULL ORDER BY l.transaction_id"
    )
    data = _labelled(chosen)
    weights, cut = capped(data.weights)
    data = replace(data, weights=weights)
    facts: dict[str, Any] = {
        "decided_rows": int(len(data.labels) - sum(chosen["is_listed_later"].to_pylist())),
        "listed_later_rows": int(sum(chosen["is_listed_later"].to_pylist())),
        "positives": int(data.labels.sum()),
        "weight": float(weights.sum()),
        "effective_rows": effective_rows(weights),
        "weights_cut": cut,
    }
    if sources.unlabelled and data.labels.any():
        data = _with_unlabelled(warehouse, data, sources.unlabelled, seed, facts)
    return data, facts


def _labelled(chosen: pa.Table) -> Labelled:
    days = [day or _UNKNOWN_DAY for day in chosen["value_date"].to_pylist()]
    names = ["transaction_id", *(feature.name for feature in declared())]
    return Labelled(
        chosen.select(names),
        np.asarray(chosen["label"].to_pylist(), dtype=np.int64),
        np.asarray(chosen["weight"].to_pylist(), dtype=np.float64),
        np.asarray([day.toordinal() for day in days], dtype=np.int64),
        eras=tuple(era_of(name) for name in chosen["message_type"].to_pylist()),
    )


def _with_unlabelled(
    warehouse: Warehouse, data: Labelled, count: int, seed: int, facts: dict[str, Any]
) -> Labelled:
    """Add drawn unlabelled payments twice: partly guilty, for the rest innocent."""
    total = int(warehouse.row("SELECT count(*) FROM labelled WHERE label IS NULL")[0])
    drawn = warehouse.arrow(
        "SELECT l.* EXCLUDE (label), 0 AS label, f.* EXCLUDE (transaction_id)"
        " FROM labelled AS l JOIN features AS f USING (transaction_id) WHERE l.label IS NULL"
        " ORDER BY md5(concat(l.transaction_id, ' ', ?)), l.transaction_id LIMIT ?",
        [seed, count],
    )
    if not drawn.num_rows:
        return data
    rest = _labelled(drawn)
    stands_for = total / drawn.num_rows
    found = weigh_unlabelled(
        matrix_of(data.features)[data.labels == 1],
        matrix_of(rest.features),
        [feature.spec for feature in declared()],
        weight=stands_for,
        seed=seed,
    )
    facts |= {
        "unlabelled_rows": drawn.num_rows,
        "unlabelled_stand_for": stands_for,
        "propensity_of_a_label": found.propensity,
    }
    guilty = replace(rest, labels=np.ones_like(rest.labels), weights=found.guilty * stands_for)
    innocent = replace(rest, weights=(1 - found.guilty) * stands_for)
    return _joined([data, guilty, innocent])


def _mixed(own: Labelled, simulated: Labelled, simulated_weight: float) -> Labelled:
    """Both together, each in the order of its own calendar."""
    weights = mixed_weights(own.weights, len(simulated.labels), simulated_weight)
    return _joined(
        [
            replace(own, order=order_within(own.order)),
            replace(
                simulated,
                weights=simulated.weights * weights,
                order=order_within(simulated.order),
                typologies=(),
            ),
        ]
    )


def _joined(parts: Sequence[Labelled]) -> Labelled:
    return Labelled(
        pa.concat_tables([part.features for part in parts], promote_options="default"),
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.weights for part in parts]),
        np.concatenate([part.order for part in parts]),
        eras=tuple(era for part in parts for era in part.eras),
    )


def _words(facts: dict[str, Any]) -> str:
    parts = [f"{facts['decided_rows']} decisions"]
    if facts["listed_later_rows"]:
        parts.append(f"{facts['listed_later_rows']} payments listed later")
    if "unlabelled_rows" in facts:
        parts.append(f"{facts['unlabelled_rows']} unlabelled")
    if "simulated_rows" in facts:
        parts.append(
            f"{facts['simulated_rows']} simulated rows of {facts['simulated_weight']:g} times "
            "their weight"
        )
    return ", ".join(parts)

"""A simulated world through all stages, the truth beside it: what models are trained and judged on.

Training and scoring see the same features, because both come out of the same
stages. A test world has another seed and other parameters than one that trains.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa

from scanner import ingest, watchlists
from scanner.manifest import InputFile
from scanner.pipeline import stages
from scanner.pipeline.history import load_history
from scanner.pipeline.plan import Progress
from scanner.pipeline.scan import silent
from scanner.pipeline.workspace import Workspace, sha256_of_file
from scanner.risk.distribution import era_of
from scanner.risk.evaluation import Rows
from scanner.risk.features import Floats
from scanner.risk.training import Labelled
from scanner.risk.weights import order_within
from scanner.settings import Settings
from scanner.simulate import Plan, simulate
from scanner.warehouse import Warehouse

_FEATURES = "SELECT f.* FROM features AS f ORDER BY f.transaction_id"
_KEYS = """
    SELECT
        t.reference, t.related_reference, t.uetr, t.end_to_end_id, t.value_date, t.kind,
        t.message_type,
        CASE
            WHEN t.creditor_account IN (SELECT c.account FROM customers AS c)
                THEN coalesce(t.debtor_account, t.debtor_name)
            ELSE coalesce(t.creditor_account, t.creditor_name)
        END AS counterparty
    FROM transactions AS t ORDER BY t.transaction_id
"""
_STRENGTHS = """
    SELECT i.code, t.position, max(i.strength)::DOUBLE AS strength
    FROM indicators AS i
    JOIN (
        SELECT x.transaction_id, row_number() OVER (ORDER BY x.transaction_id) - 1 AS position
        FROM transactions AS x
    ) AS t USING (transaction_id)
    WHERE i.outcome = 'found'
    GROUP BY ALL
"""


@dataclass(frozen=True)
class World:
    """A simulated world after all stages.

    Attributes:
        data: Features and truth.
        indicators: The strength of each indicator for each row, by code.
        schemes: The scheme that each row belongs to; empty for everyday business.
        counterparties: Of each row the party that is no customer of the bank.
    """

    data: Labelled
    indicators: Mapping[str, Floats]
    schemes: tuple[str, ...]
    counterparties: tuple[str, ...]

    @property
    def rows(self) -> Rows:
        """What to judge scores on."""
        total = np.zeros(len(self.data.labels))
        for strength in self.indicators.values():
            total += strength
        return Rows(
            self.data.labels,
            self.data.typologies,
            {"indicators_sum": total},
            self.indicators,
            self.schemes,
        )


def judging_plan(seed: int, payments: int) -> Plan:
    """A test world: other parameters than any that trains, and a base rate under 1 percent."""
    return Plan(
        seed=seed,
        payments=payments,
        days=240,
        start=date(2025, 1, 6),
        guilty_share=0.009,
        mx_share=0.7,
        dirty_share=0.35,
    )


_TEMPERS = ((180, 0.5, 0.2), (300, 0.3, 0.1), (120, 0.8, 0.25))
"""Of each world that trains: days, share of ISO 20022, share of dirty data."""


def training_world(seed: int, payments: int, worlds: int, progress: Progress = silent) -> World:
    """One or several worlds to train on, of different tempers, as one.

    A single world has some twenty schemes of each typology, all under one set of habits; what
    it happens to lack cannot be learnt from it.

    Args:
        seed: Seed of the first world; each further one takes the next.
        payments: Payments of all of them together.
        worlds: How many.
        progress: Told how far it is.
    """
    made = []
    for number in range(worlds):
        days, mx_share, dirty_share = _TEMPERS[number % len(_TEMPERS)]
        plan = Plan(
            seed=seed + number,
            payments=payments // worlds,
            days=days,
            mx_share=mx_share,
            dirty_share=dirty_share,
        )
        made.append(simulated_world(plan, progress))
    return made[0] if worlds == 1 else _joined(made)


def _joined(worlds: Sequence[World]) -> World:
    """Worlds as one, each with a calendar of its own; nothing of one belongs to another's."""
    sizes = [len(world.data.labels) for world in worlds]
    data = Labelled(
        pa.concat_tables([world.data.features for world in worlds]),
        np.concatenate([world.data.labels for world in worlds]),
        np.concatenate([world.data.weights for world in worlds]),
        np.concatenate([order_within(world.data.order) for world in worlds]),
        tuple(kind for world in worlds for kind in world.data.typologies),
        tuple(era for world in worlds for era in world.data.eras),
    )
    codes = sorted({code for world in worlds for code in world.indicators})
    return World(
        data,
        {
            code: np.concatenate(
                [
                    world.indicators.get(code, np.zeros(size))
                    for world, size in zip(worlds, sizes, strict=True)
                ]
            )
            for code in codes
        },
        tuple(f"{i} {scheme}" for i, world in enumerate(worlds) for scheme in world.schemes),
        tuple(f"{i} {party}" for i, world in enumerate(worlds) for party in world.counterparties),
    )


def simulated_world(plan: Plan, progress: Progress = silent) -> World:
    """Simulate a world and bring it through all stages up to the features."""
    with TemporaryDirectory(prefix="scanner-") as folder:
        root = Path(folder)
        simulate(plan, root / "world")
        return read_world(root / "world", root / "workspace", progress)


def read_world(world: Path, place: Path, progress: Progress = silent) -> World:
    """Bring what lies in a world's folder through all stages up to the features.

    Args:
        world: What `simulate` wrote.
        place: Folder of a workspace to make.
        progress: Told how far it is.
    """
    workspace = Workspace(place)
    workspace.create()
    watchlists.update(world / "lists", workspace.lists)
    files = [
        InputFile(str(path), sha256_of_file(path), path.stat().st_size)
        for path in ingest.find_sources([str(world / "payments")])
    ]
    context = stages.Context(
        run_id="training",
        settings=Settings(workspace=str(place)),
        workspace=workspace,
        tables=watchlists.load(workspace.lists),
        customers=world / "customers.csv",
        ownership=world / "ownership.csv",
    )
    with Warehouse(spill_dir=place / "spill") as warehouse:
        stages.read_messages(warehouse, files, workers=1, progress=progress)
        stages.load_side_tables(warehouse, context)
        load_history(warehouse, None)
        stages.find_exposure(warehouse, context, progress)
        features = warehouse.arrow(_FEATURES)
        keys = warehouse.arrow(_KEYS).to_pylist()
        strengths = warehouse.arrow(_STRENGTHS)
    labelled, chosen, schemes = _with_truth(world / "truth.csv", features, keys)
    return World(
        labelled,
        {code: made[chosen] for code, made in _by_code(strengths, len(keys)).items()},
        schemes,
        tuple(str(keys[position]["counterparty"]) for position in chosen.tolist()),
    )


def _by_code(strengths: pa.Table, rows: int) -> dict[str, Floats]:
    made: dict[str, Floats] = {}
    for row in strengths.to_pylist():
        column = made.setdefault(row["code"], np.zeros(rows))
        column[row["position"]] = row["strength"]
    return made


def _with_truth(
    path: Path, features: pa.Table, keys: Sequence[dict[str, Any]]
) -> tuple[Labelled, np.ndarray[Any, np.dtype[np.int64]], tuple[str, ...]]:
    """Rows that carry a deal's money, with its intent; returns and rejects are left out."""
    truth: dict[str, tuple[int, str, str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            known = (int(row["guilty"]), row["typology"], row["scheme"])
            truth[row["uetr"]] = known
            truth[row["reference"]] = known
    rows, labels, typologies, schemes, days, eras = [], [], [], [], [], []
    for position, key in enumerate(keys):
        if key["kind"] in ("return", "reject", "free_format"):
            continue
        found = truth.get(key["uetr"] or "") or truth.get(key["reference"] or "")
        if found is None:
            continue
        rows.append(position)
        labels.append(found[0])
        typologies.append(found[1])
        schemes.append(found[2])
        days.append((key["value_date"] or date(2024, 1, 1)).toordinal())
        eras.append(era_of(key["message_type"]))
    chosen = np.asarray(rows, dtype=np.int64)
    made = Labelled(
        features.take(pa.array(chosen)),
        np.asarray(labels, dtype=np.int64),
        np.ones(len(rows)),
        np.asarray(days, dtype=np.int64),
        tuple(typologies),
        tuple(eras),
    )
    return made, chosen, tuple(schemes)

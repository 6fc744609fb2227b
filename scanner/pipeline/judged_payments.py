"""Stored payments beside what people decided on them: the table `judged` of `sql/monitoring`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import pyarrow as pa

from scanner.pipeline.labels import Label, as_table
from scanner.pipeline.run_store import StoredRun
from scanner.pipeline.stored_payments import stored_tables
from scanner.settings import Settings
from scanner.warehouse import Relation, Warehouse, relations_by_name

_STORED = ("transactions", "scores", "hits", "list_entries", "features", "parties")


@contextmanager
def payments_to_judge(
    runs: Sequence[StoredRun],
    settings: Settings,
    *,
    labels: Sequence[Label],
    since: date | None = None,
    until: date | None = None,
) -> Iterator[Warehouse]:
    """Open stored payments of some days, with labels and the settings that judge hits.

    Args:
        runs: Runs to read.
        settings: Memory, threads and the score from which a hit obliges.
        labels: What people decided.
        since: First value date; None = all.
        until: Last value date; None = all.
    """
    with stored_tables(runs, _STORED, settings) as warehouse:
        warehouse.load("decided", as_table(labels))
        warehouse.load("run", pa.table({"obligation_threshold": [settings.obligation_threshold]}))
        if since or until:
            # Replaces the view by one of the days asked for; all else joins to it.
            warehouse.execute("ALTER VIEW transactions RENAME TO every_transaction")
            first, last = since or date.min, until or date.max
            warehouse.execute(
                "CREATE VIEW transactions AS SELECT * FROM every_transaction"  # noqa: S608 - dates
                f" WHERE value_date BETWEEN DATE '{first}' AND DATE '{last}'"
            )
        yield warehouse


def judge(warehouse: Warehouse, *, with_hindsight: bool) -> None:
    """Make `judged`; `judged_scores` holds the scores to judge.

    Args:
        warehouse: As `payments_to_judge` opened it.
        with_hindsight: Let an obligation stand that rests on a later listing alone; else
            `later_designations` was built before.
    """
    if with_hindsight:
        warehouse.execute(
            "CREATE TABLE later_designations"
            " (transaction_id VARCHAR, listed_on DATE, is_known_then BOOLEAN)"
        )
    warehouse.build_all([monitoring("decisions_by_transaction"), monitoring("judged")])


def features_of_then(warehouse: Warehouse) -> None:
    """Make `features_then`; afterwards `hits` holds only what was listed by the value date."""
    warehouse.execute("ALTER VIEW hits RENAME TO every_hit")
    warehouse.execute(
        "CREATE TABLE later_hits AS SELECT DISTINCT transaction_id FROM every_hit"
        " WHERE known_on_payment_date = FALSE"
    )
    warehouse.execute(
        "CREATE VIEW hits AS FROM every_hit WHERE known_on_payment_date IS DISTINCT FROM FALSE"
    )
    warehouse.build(relations_by_name("features")["feature_hits"])
    warehouse.build(monitoring("features_then"))


def monitoring(name: str) -> Relation:
    """One relation of `sql/monitoring`."""
    return relations_by_name("monitoring")[name]

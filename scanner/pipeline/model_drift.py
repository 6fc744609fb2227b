"""Drift of the model's features: between training and stored runs, or between two runs."""

from collections.abc import Sequence
from pathlib import Path

from scanner.additive.artifact import load_card
from scanner.errors import UsageError
from scanner.pipeline.run_store import StoredRun
from scanner.pipeline.runs import find_run
from scanner.pipeline.stored_payments import NOT_SCORED_KINDS, live_runs, stored_tables
from scanner.pipeline.workspace import Workspace
from scanner.risk.distribution import (
    DISTRIBUTION_FILE,
    Counting,
    Distribution,
    bin_edges,
    era_of,
)
from scanner.risk.drift import Drift, drift
from scanner.risk.features import Floats, matrix_of
from scanner.risk.registry import load_version
from scanner.settings import Settings

_TABLES = ("features", "transactions")
_QUERY = f"""
    SELECT f.*, t.message_type
    FROM features AS f JOIN transactions AS t USING (transaction_id)
    WHERE t.kind NOT IN {NOT_SCORED_KINDS}
    ORDER BY f.transaction_id
"""  # noqa: S608 - kinds named in the program
_SAMPLE = 200_000


def model_drift(
    settings: Settings,
    models: Path,
    version: str,
    *,
    run: str | None = None,
    against: str | None = None,
    watch_at: float,
    alert_at: float,
) -> list[Drift]:
    """Compare stored payments with a version's training rows, or with those of another run.

    Args:
        settings: Names the workspace.
        models: Models folder that holds the version.
        version: Its features and, without `against`, its training rows are looked at.
        run: Run whose payments are judged; None = all that stand.
        against: Run to compare with; None = the training rows.
        watch_at: Least PSI of the outcome `watch`.
        alert_at: Least PSI of the outcome `alert`.

    Raises:
        UsageError: The version keeps no distribution of its training rows, or no run matches.
        IntegrityError: The version is not what its card says.
    """
    workspace = Workspace(Path(settings.workspace))
    workspace.require()
    champion = load_version(models, version)
    runs = [find_run(workspace, run)] if run else live_runs(workspace)
    if against is None:
        then = training_distribution(models / "risk" / version)
    else:
        earlier = [find_run(workspace, against)]
        sample = _first_rows(earlier, settings)
        if not len(sample):
            raise UsageError("the run holds no payment to compare with", where=against)
        then = _counted(
            earlier, settings, Counting(bin_edges(sample, champion.tables), champion.tables)
        )
    now = _counted(runs, settings, Counting(then.edges, champion.tables))
    return drift(then, now, watch_at=watch_at, alert_at=alert_at)


def training_distribution(folder: Path) -> Distribution:
    """The distribution that a version keeps of its training rows.

    Raises:
        UsageError: It keeps none: it was trained before versions did.
        IntegrityError: The file is not what the card says.
    """
    if DISTRIBUTION_FILE not in load_card(folder)["files"]:
        raise UsageError(
            "this version keeps no distribution of its training payments",
            where=str(folder),
            hint="train a new version, or compare two runs with --against RUN",
        )
    path = folder / DISTRIBUTION_FILE
    return Distribution.from_json(path.read_text("utf-8"), str(path))


def _first_rows(runs: Sequence[StoredRun], settings: Settings) -> Floats:
    with stored_tables(runs, _TABLES, settings) as warehouse:
        return matrix_of(warehouse.arrow(f"{_QUERY} LIMIT {_SAMPLE}"))


def _counted(runs: Sequence[StoredRun], settings: Settings, counting: Counting) -> Distribution:
    with stored_tables(runs, _TABLES, settings) as warehouse:
        for batch in warehouse.batches(_QUERY):
            types = batch.column(batch.schema.get_field_index("message_type")).to_pylist()
            counting.add(matrix_of(batch), [era_of(name) for name in types])
    return counting.made()

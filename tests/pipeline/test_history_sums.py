"""A night that counts with stored sums by day writes what one that reads every transfer writes."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from scanner.errors import IntegrityError
from scanner.pipeline import history
from scanner.pipeline.plan import ScanRequest
from scanner.pipeline.run_store import stored_runs
from scanner.pipeline.scan import scan
from scanner.settings import Settings
from scanner.warehouse import Warehouse
from tests.bench.nights import Bank, make_bank
from tests.pipeline.conftest import TODAY
from tests.pipeline.test_snapshot_growth import halved

MEASURED = ("bank_exposure", "customer_exposure", "corridor_exposure", "significance")
SUMS = ("bank_days", "customer_days", "corridor_days", "joined_transfers")


def _nights(folder: Path) -> tuple[Bank, list[dict[str, list[tuple[object, ...]]]]]:
    """Four half days, of which the second is scanned again in another context before the last."""
    bank = make_bank(folder, days=2, payments_a_day=60, guilty_share=0.3)
    halves = [half for day in bank.days for half in halved(day)]
    for number, half in enumerate([*halves[:3], halves[1], halves[3]]):
        settings = Settings(
            workspace=str(bank.workspace),
            home_bic8s=(bank.home_bic8,),
            name_threshold=0.9 if number == 3 else 0.85,
        )
        scan(ScanRequest((str(half),), customers=bank.customers), settings, today=TODAY)
    with Warehouse() as warehouse:
        return bank, [
            {
                table: warehouse.rows(f"FROM '{run.parquet(table)}' ORDER BY ALL")
                for table in (*MEASURED, *SUMS)
            }
            for run in stored_runs(bank.workspace / "runs")
        ]


def test_sums_by_day_change_no_row_of_any_night(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank, summed = _nights(tmp_path / "summed")
    assert any(run.superseded for run in stored_runs(bank.workspace / "runs"))
    assert any(night["joined_transfers"] for night in summed)
    assert all(night[table] for night in summed for table in MEASURED)
    monkeypatch.setattr(history, "_has_sums", lambda run: False)
    _, direct = _nights(tmp_path / "direct")
    assert summed == direct


def test_a_run_of_an_earlier_program_is_named(tmp_path: Path) -> None:
    bank = make_bank(tmp_path, days=2, payments_a_day=12)
    settings = Settings(workspace=str(bank.workspace), home_bic8s=(bank.home_bic8,))
    scan(ScanRequest((str(bank.days[0]),)), settings, today=TODAY)
    (run,) = stored_runs(bank.workspace / "runs")
    facts = run.parquet("transfer_facts")
    pq.write_table(pq.read_table(facts).drop_columns(["debtor_hash"]), facts)
    with pytest.raises(IntegrityError) as refused:
        scan(ScanRequest((str(bank.days[1]),)), settings, today=TODAY)
    assert run.manifest.run_id in str(refused.value)
    assert "debtor_hash" in str(refused.value)

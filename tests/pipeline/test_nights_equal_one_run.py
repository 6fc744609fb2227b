"""Payments that come night by night are judged as those that come in one archive.

What a night reads of the past (sums of what lay before, the narrow facts of stored runs) must be
what the payments themselves, read together, would have told.
"""

from pathlib import Path

from scanner.pipeline.plan import ScanRequest
from scanner.pipeline.scan import scan
from scanner.settings import Settings
from scanner.warehouse import Warehouse
from tests.bench.nights import Bank, make_bank
from tests.pipeline.conftest import TODAY

_FEATURES = "SELECT * FROM read_parquet('{runs}/*/features.parquet') ORDER BY transaction_id"
_INDICATORS = (
    "SELECT transaction_id, code, outcome, round(strength, 9), evidence"
    " FROM read_parquet('{runs}/*/indicators.parquet')"
    # How far back the stored payments go is another thing on the first night than on the last.
    " WHERE outcome = 'found' ORDER BY ALL"
)


def judged(bank: Bank, archives: list[tuple[Path, ...]]) -> list[list[tuple[object, ...]]]:
    for files in archives:
        scan(
            ScanRequest(tuple(map(str, files)), customers=bank.customers),
            Settings(workspace=str(bank.workspace), home_bic8s=(bank.home_bic8,)),
            today=TODAY,
        )
    with Warehouse() as warehouse:
        return [
            warehouse.rows(query.format(runs=bank.workspace / "runs"))
            for query in (_FEATURES, _INDICATORS)
        ]


def test_nights_and_one_archive_give_the_same_features_and_indicators(tmp_path: Path) -> None:
    made = [
        make_bank(tmp_path / name, days=5, payments_a_day=90, guilty_share=0.3, seed=7)
        for name in ("nights", "one")
    ]
    nights = judged(made[0], [(day,) for day in made[0].days])
    one = judged(made[1], [made[1].days])
    assert len(nights[0]) > 400
    assert {row[1] for row in nights[1]} > {"EV-06", "HX-01", "NX-02", "NX-04"}
    assert nights[0] == one[0]
    assert nights[1] == one[1]

"""After a real change of a list a rescreening gives what a full scan gives, for less.

The list is OFAC's of two days with the invented parties of the simulated payments beside it, ten of
whom are new on the second day. Two nights of tens of thousands of payments (SCANNER_BENCH_PAYMENTS
in both) have their tables compared byte by byte, and processor time as well. The short form, on
small lists, is tests/pipeline/test_delta.py.
"""

import gzip
import json
import os
import resource
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from scanner import watchlists
from scanner.pipeline.run_store import stored_runs
from scanner.pipeline.workspace import Workspace
from tests.bench.nights import Bank, make_bank

DAYS = (date(2024, 2, 24), date(2024, 5, 3))
LONG = os.environ.get("SCANNER_BENCH") == "long"
PAYMENTS = int(os.environ.get("SCANNER_BENCH_PAYMENTS", "20000"))
NEW_PARTIES = 10
# The aim is a tenth; fixed costs weigh the more, the fewer the payments are.
MOST_SHARE = 0.45
_ROOT = Path(__file__).parents[2]
_RUN = """
import sys
from datetime import date
from pathlib import Path
from scanner.pipeline.plan import ScanRequest
from scanner.pipeline.rescreen import rescreen
from scanner.pipeline.scan import scan
from scanner.settings import Settings
what, workspace, home, customers, *nights = sys.argv[1:]
settings = Settings(workspace=workspace, home_bic8s=(home,))
today = date(2026, 11, 24)
if what == "scan":
    for night in nights:
        scan(ScanRequest((night,), customers=Path(customers)), settings, today=today)
else:
    rescreen({}, settings, today=today)
"""


def cpu_seconds(what: str, bank: Bank, workspace: Path) -> float:
    """Run in a process of its own; the processor time that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    asked = [str(workspace), bank.home_bic8, str(bank.customers), *map(str, bank.days)]
    subprocess.run(
        [sys.executable, "-c", _RUN, what, *asked],
        check=True, cwd=_ROOT, env=os.environ | {"PYTHONPATH": str(_ROOT)},
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def update(
    workspace: Workspace, folder: Path, history: Path, invented: list[bytes], day: date
) -> None:
    packed = (history / f"sdn.{day}.csv.gz").read_bytes()
    real = gzip.decompress(packed).rstrip(b"\x1a\r\n ")
    folder.mkdir()
    (folder / "sdn.csv").write_bytes(b"\r\n".join([real, *invented]) + b"\r\n")
    watchlists.update(folder, workspace.lists, loaded_on=day)


@pytest.mark.bench
@pytest.mark.skipif(not LONG, reason="prepares two real lists: SCANNER_BENCH=long")
def test_a_rescreening_after_a_real_change_equals_one_made_whole(
    real_lists: Path, tmp_path: Path
) -> None:
    history = real_lists / "ofac-history"
    bank = make_bank(tmp_path / "bank", days=2, payments_a_day=PAYMENTS // 2)
    invented = (tmp_path / "bank" / "lists" / "SDN.CSV").read_bytes().rstrip(b"\x1a\r\n")
    rows = [row.rstrip(b"\r") for row in invented.split(b"\n")]
    workspace = Workspace(tmp_path / "delta")
    workspace.create()
    new = set(range(0, len(rows), max(1, len(rows) // NEW_PARTIES)))
    known = [row for number, row in enumerate(rows) if number not in new]
    update(workspace, tmp_path / "old", history, known, DAYS[0])
    first = cpu_seconds("scan", bank, workspace.root)
    update(workspace, tmp_path / "new", history, rows, DAYS[1])
    other = Workspace(tmp_path / "full")
    shutil.copytree(workspace.root, other.root)
    shutil.rmtree(other.answers)
    delta = cpu_seconds("rescreen", bank, workspace.root)
    # Without answers that were kept every night is made whole.
    full = cpu_seconds("rescreen", bank, other.root)
    outputs = [
        {run.manifest.run_id: run.manifest.outputs for run in stored_runs(place.runs)}
        for place in (workspace, other)
    ]
    assert len(outputs[0]) == 2 * len(bank.days)
    assert outputs[0] == outputs[1]
    seconds = {"first scans": first, "rescreen": delta, "made whole": full}
    shares = {"share of scans": delta / first, "share of made whole": delta / full}
    sys.stdout.write(json.dumps(seconds | shares) + "\n")
    assert delta <= MOST_SHARE * full

"""Days of invented payments, one FIN file a day, and one night's scan measured by itself.

Run as a program it scans one file in a process of its own, as a scheduler would, or only reads it,
and prints what it took as JSON: CPU seconds in all, workers' too, and by stage, wall seconds, peak
memory in MiB of itself and of its largest worker, pages counted that they share.
"""

import csv
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from scanner import ingest, watchlists
from scanner.pipeline.plan import ScanRequest
from scanner.pipeline.scan import scan
from scanner.pipeline.workspace import Workspace
from scanner.settings import Settings
from scanner.simulate import Plan
from scanner.simulate.deals import DealMaker
from scanner.simulate.rendering_mt import render_mt
from scanner.simulate.sanctions_list import write_lists
from scanner.simulate.typologies import GUILTY, INNOCENT
from scanner.simulate.world import World, make_world

TODAY = date(2026, 11, 24)
_ROOT = Path(__file__).parent.parent.parent
# A bank has the same customers every night, however many nights are measured.
_MOST_DEALS_OF_A_WORLD = 24_000
# Deals of a period are held in memory until their days are written.
_MOST_DEALS_AT_ONCE = 1_200_000
_WEEK_DAYS = 7
_WORKING_DAYS_OF_A_WEEK = 5


@dataclass(frozen=True)
class Bank:
    """A bank's archive, before any of it is scanned."""

    workspace: Path
    home_bic8: str
    customers: Path
    days: tuple[Path, ...]


def make_bank(
    folder: Path,
    *,
    days: int,
    payments_a_day: int,
    guilty_share: float = 0.04,
    seed: int = 14114,
    most_deals_of_a_world: int = _MOST_DEALS_OF_A_WORLD,
) -> Bank:
    """Make a workspace with its lists, and a FIN file for each of so many working days.

    Customers, other firms and lists are there before the first file; a file has its name only
    when it is whole.
    """
    # Payments fall on working days; a few days more, as returns come later.
    period = days * _WEEK_DAYS // _WORKING_DAYS_OF_A_WEEK + 3
    plan = Plan(
        seed=seed,
        payments=_working_days(Plan.start, period) * payments_a_day,
        days=period,
        guilty_share=guilty_share,
    )
    rng = random.Random(seed)
    world = make_world(rng, plan.start, min(plan.payments, most_deals_of_a_world))
    (folder / "in").mkdir(parents=True)
    with (folder / "customers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ("customer_id", "account", "name", "country", "incorporated_on", "industry")
        )
        writer.writerows(
            (f"C{f.number:06d}", f.account, f.name, f.country, f.incorporated_on, f.line)
            for f in world.customers
        )
    workspace = Workspace(folder / "workspace")
    workspace.create()
    write_lists(random.Random(seed), world, folder / "lists")
    watchlists.update(folder / "lists", workspace.lists, loaded_on=TODAY - timedelta(days=1))
    files = tuple(_write_days(folder / "in", rng, world, plan, days, payments_a_day))
    return Bank(workspace.root, world.home_bank.bic[:8], folder / "customers.csv", files)


def _write_days(
    folder: Path, rng: random.Random, world: World, plan: Plan, days: int, payments_a_day: int
) -> Iterator[Path]:
    """Write the first so many working days, whole weeks of deals at a time."""
    weeks = max(1, _MOST_DEALS_AT_ONCE // (_WORKING_DAYS_OF_A_WEEK * payments_a_day))
    by_day: dict[date, list[str]] = {}
    written = 0
    for first in range(0, plan.days, weeks * _WEEK_DAYS):
        start = plan.start + timedelta(days=first)
        length = min(weeks * _WEEK_DAYS, plan.days - first)
        part = replace(
            plan,
            start=start,
            days=length,
            payments=_working_days(start, length) * payments_a_day,
        )
        for deal in DealMaker(rng, world, part).deals(GUILTY, INNOCENT):
            # What belongs to a day whose file is written arrives late, as it does at banks.
            by_day.setdefault(max(deal.on, start), []).extend(render_mt(deal, world))
        for day in sorted(by_day):
            if day < start + timedelta(days=length) or first + length == plan.days:
                lines = by_day.pop(day)
                if written < days:
                    written += 1
                    path = folder / f"{day.isoformat()}.fin"
                    unfinished = path.with_suffix(".part")
                    unfinished.write_bytes("\r\n$\r\n".join(lines).encode())
                    yield unfinished.rename(path)


def _working_days(start: date, days: int) -> int:
    return sum((start + timedelta(days=n)).weekday() < _WORKING_DAYS_OF_A_WEEK for n in range(days))


def scan_night(bank: Bank, day: Path, **settings: object) -> dict[str, Any]:
    """Scan one day's file in a process of its own; what it took, by name."""
    return _in_a_process(
        {
            "workspace": str(bank.workspace),
            "home_bic8s": [bank.home_bic8],
            "customers": str(bank.customers),
            "source": str(day),
            "settings": settings,
        }
    )


def read_alone(day: Path) -> dict[str, Any]:
    """Read one day's file to its Arrow tables in a process of its own, and do nothing else."""
    return _in_a_process({"source": str(day)})


def _in_a_process(asked: dict[str, Any]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.nights"],
        input=json.dumps(asked), capture_output=True, text=True, check=True, cwd=_ROOT,
        env=os.environ | {"PYTHONPATH": str(_ROOT)},
    )  # fmt: skip
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def _read_here(asked: dict[str, Any]) -> dict[str, Any]:
    started, since = time.perf_counter(), time.process_time()
    read = sum(
        batch.transactions.num_rows
        for batch in ingest.read_sources([Path(asked["source"])], workers=1)
    )
    return {
        "cpu_seconds": time.process_time() - since,
        "wall_seconds": time.perf_counter() - started,
        "transactions": read,
    }


def _scan_here(asked: dict[str, Any]) -> dict[str, Any]:
    spent: Counter[str] = Counter()
    stage, since = "plan", time.process_time()
    started = time.perf_counter()

    def progress(name: str, done: int, total: int) -> None:
        nonlocal stage, since
        now = time.process_time()
        spent[stage] += now - since  # type: ignore[assignment]
        stage, since = name, now

    settings = Settings(
        workspace=asked["workspace"], home_bic8s=tuple(asked["home_bic8s"]), **asked["settings"]
    )
    request = ScanRequest((asked["source"],), customers=Path(asked["customers"]))
    summary = scan(request, settings, today=TODAY, progress=progress)
    progress("end", 1, 1)
    status = Path("/proc/self/status")
    workers = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "cpu_seconds": time.process_time() + workers.ru_utime + workers.ru_stime,
        "largest_worker_mb": workers.ru_maxrss // 1024,
        "wall_seconds": time.perf_counter() - started,
        "stages": dict(spent),
        "peak_mb": int(status.read_text().partition("VmHWM:")[2].split()[0]) // 1024
        if status.exists()
        else 0,
        "transactions": summary.transactions,
    }


if __name__ == "__main__":
    wanted = json.load(sys.stdin)
    sys.stdout.write(
        json.dumps(_scan_here(wanted) if "workspace" in wanted else _read_here(wanted))
    )

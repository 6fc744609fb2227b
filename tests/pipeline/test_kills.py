"""Killed at any moment: readers see the last snapshot whole, and a resumed run gives equal bytes.

Scans alone; `test_chaos` does the same to every writing command, with full disks as well.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scanner.errors import ExitCode
from scanner.manifest import Manifest
from scanner.pipeline.run_store import MANIFEST_FILE, stored_runs
from scanner.pipeline.runs import verify
from scanner.pipeline.workspace import Workspace
from scanner.warehouse.readonly import Snapshot
from tests.pipeline.conftest import write_list
from tests.pipeline.payments import Payment, rje

ROOT = Path(__file__).parent.parent.parent
KILLS = 60 if os.environ.get("SCANNER_CHAOS") == "long" else 5

pytestmark = pytest.mark.chaos


def start(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "scanner", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def run(*arguments: str) -> None:
    done = start(*arguments)
    _, errors = done.communicate()
    assert done.returncode == 0, errors.decode()


def outputs(workspace: Workspace) -> list[tuple[str, dict[str, str]]]:
    """Each run with the hashes of its tables."""
    return [
        (run.manifest.run_id, {o.name: o.sha256 for o in run.manifest.outputs})
        for run in stored_runs(workspace.runs)
    ]


def shown(workspace: Workspace) -> int:
    with Snapshot.open(workspace.snapshot) as snapshot:
        ((transactions,),) = snapshot.rows("SELECT count(*) FROM transactions")
        ((scores,),) = snapshot.rows("SELECT count(*) FROM scores")
    assert transactions == scores
    return int(transactions)


@pytest.fixture
def days(tmp_path: Path) -> tuple[Path, Path]:
    made = []
    for day in (1, 2):
        folder = tmp_path / f"day{day}"
        folder.mkdir()
        for part in range(4):
            payments = [Payment(f"D{day}P{part}N{n:04d}", date=f"24081{day}") for n in range(60)]
            (folder / f"{part}.fin").write_bytes(rje(payments))
        made.append(folder)
    return made[0], made[1]


def prepared(root: Path, tmp_path: Path, first_day: Path) -> Workspace:
    workspace = Workspace(root)
    lists = write_list(tmp_path / "lists")
    run("lists", "update", "--from", str(lists), "--date", "2024-05-03", "-w", str(root))
    run("scan", str(first_day), "-w", str(root))
    return workspace


def test_kills_lose_nothing_and_double_nothing(tmp_path: Path, days: tuple[Path, Path]) -> None:
    calm = prepared(tmp_path / "calm", tmp_path, days[0])
    began = time.monotonic()
    run("scan", str(days[1]), "-w", str(calm.root))
    usual_seconds = time.monotonic() - began
    expected = outputs(calm)
    before, after = shown(calm) // 2, shown(calm)

    rough = prepared(tmp_path / "rough", tmp_path, days[0])
    assert shown(rough) == before
    rng = random.Random(20240612)
    for _ in range(KILLS):
        process = start("scan", str(days[1]), "-w", str(rough.root), "--resume")
        time.sleep(rng.uniform(0.05, usual_seconds))
        process.send_signal(rng.choice((signal.SIGKILL, signal.SIGTERM)))
        process.communicate()
        assert shown(rough) in (before, after)
    run("scan", str(days[1]), "-w", str(rough.root), "--resume")
    assert outputs(rough) == expected
    assert shown(rough) == after
    assert verify(rough) == []
    assert [p.name for p in rough.root.glob("runs/.staging-*")] == []
    assert [p.name for p in rough.root.glob(".exposure-*")] == []


def test_terminating_ends_with_143_and_releases_the_lock(
    tmp_path: Path, days: tuple[Path, Path]
) -> None:
    workspace = prepared(tmp_path / "w", tmp_path, days[0])
    process = start("scan", str(days[1]), "-w", str(workspace.root))
    deadline = time.monotonic() + 30
    while not list(workspace.root.glob("runs/.staging-*")) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert process.returncode == 143
    with workspace.locked():
        pass


def test_a_folder_that_cannot_be_written_is_an_error_and_the_snapshot_stays(
    tmp_path: Path, days: tuple[Path, Path]
) -> None:
    workspace = prepared(tmp_path / "w", tmp_path, days[0])
    before = shown(workspace)
    # A file where the runs' folder must be: permissions would prove nothing to root.
    workspace.runs.rename(tmp_path / "kept")
    workspace.runs.write_text("in the way")
    process = start("scan", str(days[1]), "-w", str(workspace.root))
    _, errors = process.communicate()
    assert process.returncode != 0
    assert b"Traceback" not in errors
    workspace.runs.unlink()
    (tmp_path / "kept").rename(workspace.runs)
    assert shown(workspace) == before


def test_a_later_run_names_the_manifest_before_it(tmp_path: Path, days: tuple[Path, Path]) -> None:
    workspace = prepared(tmp_path / "w", tmp_path, days[0])
    run("scan", str(days[1]), "-w", str(workspace.root))
    first, second = stored_runs(workspace.runs)
    assert second.manifest.previous_manifest_sha256 == first.manifest.sha256()
    text = (first.folder / MANIFEST_FILE).read_text("utf-8")
    assert Manifest.from_json(text) == first.manifest
    assert json.loads(text)["counts"]["messages"] == 240


@pytest.mark.parametrize(("what", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_that_a_library_swallows_still_decides_the_exit_code(
    what: signal.Signals, code: int
) -> None:
    script = (
        "import os, signal, sys\n"
        "from scanner.cli import app\n"
        "def swallow(**given):\n"
        "    try:\n"
        f"        os.kill(os.getpid(), {int(what)})\n"
        "        signal.pause()\n"
        "    except BaseException as error:\n"
        "        raise RuntimeError('Query interrupted') from error\n"
        "app.cli.main = swallow\n"
        "app.main([])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=False,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == code, done.stderr.decode()
    assert done.stderr == b""


def test_a_signal_while_a_native_library_is_loaded_decides_the_exit_code(tmp_path: Path) -> None:
    """Such a library aborts the process when an exception cuts its loading short."""
    (tmp_path / "native.py").write_text(
        "import os, signal\n"
        "try:\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "    signal.pause()\n"
        "except BaseException:\n"
        "    os.abort()\n"
    )
    script = (
        "from scanner.cli import app\n"
        "app.cli.main = lambda **given: __import__('native')\n"
        "app.main([])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=False,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"},
    )
    assert done.returncode == ExitCode.TERMINATED, done.stderr.decode()
    assert done.stderr == b""

"""Kills, full disks and unwritable folders at random moments of every writing command.

While readers query the snapshot, each round runs one of scan, publish, lists
update, model promote and rescreen, and spoils it: SIGKILL, SIGTERM, a disk that is
full, a folder that cannot be written. Afterwards one undisturbed run of each command
leaves the same bytes as in a workspace that nothing ever happened to. A scan is
spoiled before the lists are, and a rescreening after them, because what they read
decides what they give. The long form (`make chaos`) has at least 200 rounds, the short
one a few.
"""

import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from scanner.errors import ExitCode
from scanner.pipeline.runs import verify
from scanner.pipeline.workspace import Workspace, sha256_of_file
from scanner.risk.history import read_history
from scanner.risk.registry import load_champion, load_version, name_hash
from scanner.warehouse.readonly import Snapshot
from tests.pipeline.conftest import LISTED, write_list
from tests.pipeline.payments import Payment, rje
from tests.pipeline.test_kills import ROOT, outputs, run

LONG = os.environ.get("SCANNER_CHAOS") == "long"
ROUNDS = 210 if LONG else 6
LISTED_PARTY = ("OOO TARVEKSIM RADAR ZAVOD", "UL MIRA 1", "MOSCOW RU")
ADDED = ("91009", "ZELMORANT OPTIKA AO", "RUSSIA-EO14024", "Registration ID 7")
_SMALL_DISK_BYTES = 96 << 20

MAY_MOUNT = (
    os.geteuid() == 0
    and shutil.which("unshare") is not None
    and subprocess.run(["unshare", "--mount", "true"], check=False).returncode == 0
)

pytestmark = pytest.mark.chaos


@dataclass(frozen=True)
class Job:
    """A command, the folder of the workspace that it writes to, and about how much."""

    name: str
    arguments: tuple[str, ...]
    folder: str
    writes_bytes: int


@dataclass
class Readers:
    """Somebody who asks the snapshot all the time."""

    snapshot: Path
    allowed: set[tuple[int, int]]
    asked: int = 0
    wrong: list[str] = field(default_factory=list)
    _end: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        while not self._end.is_set():
            try:
                with Snapshot.open(self.snapshot) as snapshot:
                    ((payments, doubled),) = snapshot.rows(
                        "SELECT count(*), count(*) - count(DISTINCT t.reference)"
                        " FROM scores AS s JOIN transactions AS t USING (transaction_id)"
                    )
                if (payments, doubled) not in self.allowed:
                    self.wrong.append(f"{payments} payments, {doubled} doubled")
            except Exception as error:  # noqa: BLE001 - whatever it is, a reader must not see it
                self.wrong.append(repr(error))
            self.asked += 1
            self._end.wait(0.05)

    @contextmanager
    def asking(self) -> Iterator[None]:
        thread = threading.Thread(target=self.look)
        thread.start()
        try:
            yield
        finally:
            self._end.set()
            thread.join()


@contextmanager
def small_disk() -> Iterator[Path]:
    """A folder on a small tmpfs where the system lets us mount one, else a plain one.

    It lies outside pytest's folders: a mount that a killed test leaves must not hinder them.
    """
    place = Path(tempfile.mkdtemp(prefix="scanner-chaos-"))
    command = ["mount", "-t", "tmpfs", "-o", f"size={_SMALL_DISK_BYTES},mode=700", "tmpfs"]
    mounted = (
        os.geteuid() == 0
        and shutil.which("mount") is not None
        and subprocess.run([*command, place], check=False, capture_output=True).returncode == 0
    )
    made = place / "small"
    made.mkdir()
    try:
        yield made
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", place], check=True)
        shutil.rmtree(place)


def second_version(models: Path, first: str) -> str:
    """A version that differs by a trifle and has won its comparison."""
    champion = load_version(models.parent, first)
    tables = replace(champion.tables, base=champion.tables.base + 0.001)
    name = f"2026-11-25-{name_hash(tables)}"
    shutil.copytree(models / first, models / name)
    (models / name / "tables.json").write_text(tables.to_json())
    card = json.loads((models / name / "card.json").read_text("utf-8"))
    card["files"]["tables.json"] = sha256_of_file(models / name / "tables.json")
    (models / name / "card.json").write_text(json.dumps(card))
    verdict = {
        "champion_sha256": champion.sha256,
        "challenger_sha256": load_version(models.parent, name).sha256,
        "passes": True,
        "because": [],
    }
    (models / name / f"comparison-{first}.json").write_text(json.dumps(verdict))
    return name


class Place:
    """A workspace with its inputs, and the commands that run in it."""

    def __init__(self, root: Path, data: Path) -> None:
        self.root = root / "w"
        self.workspace = Workspace(self.root)
        self.ballast = root / "ballast"
        new_lists = ("lists", "update", "--from", str(data / "new"), "--date", "2024-09-01")
        self.jobs: tuple[Job, ...] = (
            Job("scan", ("scan", str(data / "day2"), "--resume"), "runs", 3 << 20),
            Job("publish", ("alerts", "publish"), ".", 3 << 20),
            Job("lists", new_lists, "lists", 1 << 16),
        )
        run("lists", "update", "--from", str(data / "lists"), "--date", "2024-05-03", *self.here)
        run("scan", str(data / "day1"), *self.here)
        shipped = ROOT / "models" / "risk"
        first = (shipped / "CHAMPION").read_text("utf-8").strip()
        models = self.root / "models" / "risk"
        shutil.copytree(shipped / first, models / first)
        shutil.copy(shipped / "CHAMPION", models)
        self.second = second_version(models, first)
        promote = (
            "model",
            "promote",
            self.second,
            "--by",
            "A",
            "--by",
            "B",
            "--date",
            "2026-11-24",
        )
        self.jobs = (
            *self.jobs,
            Job("promote", promote, "models/risk", 1 << 13),
            Job("rescreen", ("rescreen",), "runs", 3 << 20),
        )

    @property
    def here(self) -> tuple[str, str]:
        return "-w", str(self.root)

    def start(
        self, job: Job, *, file_blocks: int | None = None, unwritable: Path | None = None
    ) -> subprocess.Popen[bytes]:
        """Begin a command.

        Args:
            job: What to run.
            file_blocks: No file of it may grow beyond so many blocks of 512 bytes.
            unwritable: A folder that it, and nobody else, sees as read-only.
        """
        command = [sys.executable, "-m", "scanner", *job.arguments, *self.here]
        if unwritable is not None and MAY_MOUNT:
            script = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
            command = ["unshare", "--mount", "/bin/sh", "-c", script, str(unwritable), *command]
        if file_blocks is not None:
            command = ["/bin/sh", "-c", f'ulimit -f {file_blocks}; exec "$@"', "sh", *command]
        return subprocess.Popen(
            command,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def finish(self, jobs: Sequence[Job]) -> dict[str, float]:
        """Each command once, undisturbed; how long each took."""
        spent = {}
        for job in jobs:
            began = time.monotonic()
            if job.name != "promote" or self.champion() != self.second:
                run(*job.arguments, *self.here)
            spent[job.name] = time.monotonic() - began
        return spent

    def published(self) -> dict[str, object]:
        """Everything that was published, by its bytes."""
        files = {
            str(path.relative_to(self.root)): sha256_of_file(path)
            for path in sorted(self.root.glob("lists/**/*"))
            if path.is_file() and path.suffix != ".json" and ".index" not in path.parts
        }
        return {
            "runs": outputs(self.workspace),
            "lists": files,
            "champion": self.champion(),
            "acts": read_history(self.root / "models" / "risk"),
            "shown": self.shown(),
        }

    def champion(self) -> str:
        return load_champion(self.root / "models").version

    def shown(self) -> dict[str, list[tuple[object, ...]]]:
        with Snapshot.open(self.workspace.snapshot) as snapshot:
            return {
                name: snapshot.rows(f"SELECT * FROM {name} ORDER BY ALL")
                for name in ("transactions", "hits", "scores", "alerts", "payments", "runs")
            }


def killed(place: Place, job: Job, rng: random.Random, usual: float) -> int:
    return _signalled(place, job, rng, usual, signal.SIGKILL)


def terminated(place: Place, job: Job, rng: random.Random, usual: float) -> int:
    return _signalled(place, job, rng, usual, signal.SIGTERM)


def _signalled(
    place: Place, job: Job, rng: random.Random, usual: float, what: signal.Signals
) -> int:
    process = place.start(job)
    time.sleep(rng.uniform(0.05, usual))
    process.send_signal(what)
    _, errors = process.communicate()
    # Before the program has begun to listen, and after it has ended, a signal does what it does.
    allowed = (0, -what, ExitCode.TERMINATED, ExitCode.USAGE)
    assert process.returncode in allowed, errors.decode()
    return process.returncode


def full_disk(place: Place, job: Job, rng: random.Random, usual: float) -> int:
    """Leave less room than the command needs; where the disk is not ours, limit files' size."""
    short = rng.randrange(job.writes_bytes)
    if shutil.disk_usage(place.root).total > _SMALL_DISK_BYTES:
        return _told(place.start(job, file_blocks=short // 512 + 1))
    free = shutil.disk_usage(place.root).free
    with place.ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, free - short))
    try:
        return _told(place.start(job))
    finally:
        place.ballast.unlink()


def read_only(place: Place, job: Job, rng: random.Random, usual: float) -> int:
    """The folder that the command writes to cannot be written."""
    folder = place.root / job.folder
    if os.geteuid() != 0:
        folder.chmod(0o500)
        try:
            return _told(place.start(job))
        finally:
            folder.chmod(0o700)
    # Permissions prove nothing to root; a read-only mount that this command alone sees does.
    return _told(place.start(job, unwritable=folder))


def _told(process: subprocess.Popen[bytes]) -> int:
    """The exit code of a command that met the disk; whatever it says, it says in words."""
    _, errors = process.communicate()
    # A version that is promoted already is a usage error.
    assert process.returncode in (0, ExitCode.STORAGE, ExitCode.USAGE), errors.decode()
    assert process.returncode != ExitCode.USAGE or b"the champion already" in errors
    assert b"Traceback" not in errors
    assert b"internal error" not in errors
    if process.returncode == ExitCode.STORAGE:
        assert b"  do: " in errors
    return process.returncode


FAULTS = (killed, terminated, full_disk, read_only)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    for day in (1, 2):
        (folder / f"day{day}").mkdir(parents=True)
        for part in range(3):
            payments = [Payment(f"D{day}P{part}N{n:04d}", date=f"24081{day}") for n in range(40)]
            payments.append(Payment(f"D{day}P{part}L", creditor=LISTED_PARTY))
            (folder / f"day{day}" / f"{part}.fin").write_bytes(rje(payments))
    write_list(folder / "lists")
    write_list(folder / "new", [*LISTED, ADDED])
    return folder


def test_nothing_is_lost_doubled_or_torn_whatever_happens(tmp_path: Path, data: Path) -> None:
    (tmp_path / "calm").mkdir()
    calm = Place(tmp_path / "calm", data)
    usual = calm.finish(calm.jobs)
    expected = calm.published()
    assert len(outputs(calm.workspace)) == 4
    rng = random.Random(20240612)
    outcomes: Counter[tuple[str, str, int]] = Counter()
    with small_disk() as small:
        place = Place(small, data)
        readers = Readers(place.workspace.snapshot, {(123, 0), (246, 0)})
        with readers.asking():
            scan, publish, lists, promote, rescreen = place.jobs
            for jobs in ((scan, publish), (lists, promote), (rescreen, publish)):
                # Every fault meets every command, in an order that the seed decides.
                rounds = list(itertools.product(FAULTS, jobs)) * (ROUNDS // 24 + 1)
                rng.shuffle(rounds)
                for fault, job in rounds[: ROUNDS // 3]:
                    code = fault(place, job, rng, usual[job.name])
                    outcomes[fault.__name__, job.name, code] += 1
                    assert verify(place.workspace) == []
                place.finish(jobs)
        assert readers.wrong == []
        assert readers.asked > 0
        assert place.published() == expected
        assert verify(place.workspace) == []
        for path in place.root.rglob("*"):
            assert not path.name.startswith((".staging", ".exposure-")), path
        assert place.champion() == place.second
    print(dict(outcomes))  # noqa: T201 - what the long form did

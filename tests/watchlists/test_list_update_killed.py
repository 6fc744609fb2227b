"""An update killed at any moment: the store holds whole versions and an active one, always."""

import errno
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scanner import watchlists
from tests.watchlists.list_samples import plain_sdn, write

LONG = os.environ.get("SCANNER_CHAOS") == "long"
KILLS = 40 if LONG else 6
UPDATE = (
    "import sys; from pathlib import Path; from scanner import watchlists; print('up', flush=True);"
    " watchlists.update(Path(sys.argv[1]), Path(sys.argv[2]))"
)


def started(folder: Path, store: Path) -> subprocess.Popen[str]:
    """A process that has loaded the program and begins the update now."""
    process = subprocess.Popen(
        [sys.executable, "-c", UPDATE, str(folder), str(store)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


@pytest.mark.chaos
def test_a_kill_at_any_moment_leaves_a_whole_store(tmp_path: Path) -> None:
    store = tmp_path / "store"
    watchlists.update(write(tmp_path / "first", sdn_csv=plain_sdn(3000)), store)
    folder = write(tmp_path / "next", sdn_csv=plain_sdn(3100))
    begun = time.perf_counter()
    with started(folder, tmp_path / "measured") as process:
        process.wait()
    whole = time.perf_counter() - begun
    seen = set()
    for turn in range(KILLS):
        with started(folder, store) as process:
            time.sleep(whole * turn / KILLS)
            process.kill()
        count = watchlists.load(store).list_entries.num_rows
        assert count in (3000, 3100)
        assert watchlists.verify(store) == []
        seen.add(count)
    assert 3000 in seen, "the first kill comes before the new version is live"
    (store / ".staging-OFAC-SDN-of-another-update").mkdir()
    watchlists.update(folder, store)
    assert watchlists.load(store).list_entries.num_rows == 3100
    assert not list(store.glob(".staging*")), "an update clears what a killed one left"


def test_what_a_killed_update_left_on_a_read_only_disk_is_a_fault_of_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "store"
    folder = write(tmp_path / "lists", sdn_csv=plain_sdn(3))
    watchlists.update(folder, store)
    (made,) = (path for path in (store / "OFAC-SDN").iterdir() if path.is_dir())
    left = store / f".staging-OFAC-SDN-{made.name}"
    made.rename(left)

    def refused(path: Path, **_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    monkeypatch.setattr(shutil, "rmtree", refused)
    with pytest.raises(OSError, match="Read-only") as told:
        watchlists.update(folder, store)
    assert told.value.errno == errno.EROFS
    assert left.is_dir()

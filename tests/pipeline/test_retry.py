"""Reading rejected pieces again: what can be read now is read once, what was there stays once."""

from pathlib import Path

import pytest

from scanner.errors import UsageError
from scanner.pipeline.plan import ScanRequest
from scanner.pipeline.retry import find_retries, retry
from scanner.pipeline.run_store import stored_runs
from scanner.pipeline.runs import verify
from scanner.pipeline.scan import ScanSummary
from scanner.pipeline.scan import silent as no_progress
from scanner.pipeline.workspace import Workspace
from scanner.settings import Settings
from scanner.warehouse.readonly import Snapshot
from tests.pipeline.conftest import TODAY, Scan, write_csv
from tests.pipeline.payments import Payment, rje

GOOD, BAD = Payment("FIRSTREF1"), Payment("SECONDREF2", amount="EUR1x2,")
REPAIRED = Payment("SECONDREF2")


def again(
    workspace: Workspace, *ids: str, corrected: Path | None = None, **given: Path
) -> ScanSummary:
    found, manifests = find_retries(workspace, ids, corrected)
    settings = Settings(workspace=str(workspace.root))
    request = ScanRequest((), **given)  # type: ignore[arg-type]
    return retry(found, manifests, request, settings, today=TODAY, progress=no_progress)


def standing(workspace: Workspace) -> tuple[list[str], list[str]]:
    """References and ids of rejected pieces in the snapshot."""
    with Snapshot.open(workspace.snapshot) as snapshot:
        references = snapshot.rows("SELECT reference FROM transactions ORDER BY reference")
        rejected = snapshot.rows("SELECT rejected_id FROM rejected")
    return [str(row[0]) for row in references], [str(row[0]) for row in rejected]


@pytest.fixture
def day(tmp_path: Path, run_scan: Scan) -> Path:
    """A file of a good and a bad message, scanned; beside it a good one."""
    folder = tmp_path / "in"
    folder.mkdir()
    source = folder / "day.fin"
    source.write_bytes(rje([GOOD, BAD]))
    (folder / "other.fin").write_bytes(rje([Payment("THIRDREF3")]))
    assert run_scan(folder).rejected == 1
    return source


def test_a_file_corrected_in_place(workspace: Workspace, run_scan: Scan, day: Path) -> None:
    day.write_bytes(rje([GOOD, REPAIRED]))
    summary = again(workspace)
    assert (summary.files, summary.messages, summary.rejected) == (1, 2, 0)
    assert standing(workspace) == (["FIRSTREF1", "SECONDREF2", "THIRDREF3"], [])
    with Snapshot.open(workspace.snapshot) as snapshot:
        assert snapshot.rows("SELECT count(*) FROM messages WHERE duplicate_of IS NOT NULL") == [
            (0,)
        ]
    assert verify(workspace) == []
    assert run_scan(day.parent).already_done
    with pytest.raises(UsageError, match="nothing to read again"):
        again(workspace)


def test_a_corrected_file_elsewhere_stands_for_the_old_one(
    workspace: Workspace, run_scan: Scan, day: Path, tmp_path: Path
) -> None:
    fixed = tmp_path / "fixed"
    fixed.mkdir()
    (fixed / "day.fin").write_bytes(rje([GOOD, REPAIRED]))
    (rejected_id,) = standing(workspace)[1]
    assert again(workspace, rejected_id[:8], corrected=fixed).rejected == 0
    assert standing(workspace) == (["FIRSTREF1", "SECONDREF2", "THIRDREF3"], [])
    # The damaged file still lies where the nightly scan finds it: it is not read a second time.
    assert run_scan(day.parent).already_done
    assert len(standing(workspace)[0]) == 3


def test_an_unchanged_file_is_read_again_and_stands_once(workspace: Workspace, day: Path) -> None:
    summary = again(workspace)
    assert (summary.messages, summary.rejected) == (1, 1)
    references, rejected = standing(workspace)
    assert references == ["FIRSTREF1", "THIRDREF3"]
    assert len(rejected) == 1


def test_what_is_gone_is_named_and_left(workspace: Workspace, day: Path, tmp_path: Path) -> None:
    day.unlink()
    found, _ = find_retries(workspace, (), None)
    assert (found.files, found.missing) == ((), (str(day),))
    with pytest.raises(UsageError, match="nothing to read again"):
        again(workspace)
    assert len(standing(workspace)[1]) == 1


def test_side_files_of_the_scan_are_found_or_asked_for(
    workspace: Workspace, run_scan: Scan, tmp_path: Path
) -> None:
    source = tmp_path / "day.fin"
    source.write_bytes(rje([GOOD, BAD]))
    shares = write_csv(
        tmp_path / "ownership.csv",
        [("owner_name", "owner_entry", "owned_name", "owned_country", "share_percent",
          "valid_from", "valid_to")],
    )  # fmt: skip
    run_scan(source, ownership=shares)
    assert again(workspace).messages == 1
    manifests = [run.manifest for run in stored_runs(workspace.runs)]
    assert [set(made.side_files) for made in manifests] == [{"ownership"}, {"ownership"}]
    moved = shares.rename(tmp_path / "moved.csv")
    with pytest.raises(UsageError, match="--ownership"):
        again(workspace)
    assert again(workspace, ownership=moved).messages == 1


def test_an_unknown_piece_and_an_ambiguous_correction_are_refused(
    workspace: Workspace, run_scan: Scan, day: Path, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="no rejected piece"):
        again(workspace, "zzz")
    other = tmp_path / "twin" / "day.fin"
    other.parent.mkdir()
    other.write_bytes(rje([BAD]))
    run_scan(other)
    with pytest.raises(UsageError, match="could stand for two"):
        again(workspace, corrected=day)

"""Finished runs: which files each still stands for, and whether they are as written."""

from dataclasses import asdict, replace
from pathlib import Path

import pytest

from scanner.errors import IntegrityError, UsageError
from scanner.manifest import InputFile, Manifest, OutputFile, digest
from scanner.pipeline.run_store import (
    MANIFEST_FILE,
    done_in_context,
    history_of,
    runs_before,
    stored_runs,
    superseded_by,
)
from scanner.pipeline.runs import LEGAL_HOLD, find_run, prune, require_whole, verify
from scanner.pipeline.workspace import Workspace, sha256_of_file


def _run(
    workspace: Workspace,
    sequence: int,
    hashes: str,
    context: str = "c",
    takes_place_of: int | None = None,
) -> Manifest:
    """Store a run over one file per letter of `hashes`."""
    before = stored_runs(workspace.runs)
    run_id = f"{sequence:06d}-{hashes}"
    folder = workspace.runs / run_id
    folder.mkdir(parents=True)
    output = folder / "messages.parquet"
    output.write_text(f"rows of {run_id}")
    made = Manifest(
        run_id=run_id,
        run_key=run_id,
        context_key=context,
        sequence=sequence,
        program_version="1",
        as_of=None,
        inputs=tuple(InputFile(f"{h}.fin", h, 1) for h in hashes),
        skipped=(),
        lists={},
        model={},
        settings={},
        side_files={},
        counts={},
        outputs=(OutputFile(output.name, sha256_of_file(output), 1),),
        previous_manifest_sha256=before[-1].manifest.sha256() if before else None,
        supersedes=superseded_by(before, set(hashes)),
        takes_place_of=takes_place_of,
    )
    (folder / MANIFEST_FILE).write_text(made.to_json(), "utf-8")
    return made


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path)
    made.create()
    return made


def test_a_later_run_over_the_same_file_stands_for_it(workspace: Workspace) -> None:
    _run(workspace, 1, "ab", "old")
    _run(workspace, 2, "b", "new")
    first, second = stored_runs(workspace.runs)
    assert first.superseded == {"b"}
    assert first.is_live
    assert second.superseded == frozenset()
    _run(workspace, 3, "a", "new")
    assert not stored_runs(workspace.runs)[0].is_live


def test_done_means_done_in_the_same_context(workspace: Workspace) -> None:
    _run(workspace, 1, "ab", "old")
    _run(workspace, 2, "b", "new")
    runs = stored_runs(workspace.runs)
    assert done_in_context(runs, "old") == {"a": "000001-ab"}
    assert done_in_context(runs, "new") == {"b": "000002-b"}


def test_runs_are_ordered_by_sequence_not_by_name(workspace: Workspace) -> None:
    _run(workspace, 2, "a")
    _run(workspace, 10, "b")
    assert [run.manifest.sequence for run in stored_runs(workspace.runs)] == [2, 10]


def test_a_run_without_manifest_stops_everything(workspace: Workspace) -> None:
    (workspace.runs / "000001-x").mkdir()
    with pytest.raises(IntegrityError, match="no manifest"):
        stored_runs(workspace.runs)


def test_verify_sees_a_changed_byte_a_missing_file_and_a_broken_chain(
    workspace: Workspace,
) -> None:
    first = _run(workspace, 1, "a")
    _run(workspace, 2, "b")
    _run(workspace, 3, "c")
    assert verify(workspace) == []
    require_whole(workspace)
    (workspace.runs / "000002-b" / "messages.parquet").write_text("changed")
    (workspace.runs / "000003-c" / "messages.parquet").unlink()
    changed = replace(first, counts={"messages": 9})
    (workspace.runs / "000001-a" / MANIFEST_FILE).write_text(changed.to_json(), "utf-8")
    found = [(finding.run_id, finding.what) for finding in verify(workspace)]
    assert found == [
        ("000002-b", "messages.parquet was changed"),
        ("000002-b", "the chain to run 000001-a is broken"),
        ("000003-c", "messages.parquet is missing"),
    ]
    with pytest.raises(IntegrityError, match="3 faults"):
        require_whole(workspace)


def test_prune_removes_only_what_nothing_stands_on(workspace: Workspace) -> None:
    for sequence, hashes in enumerate(["a", "b", "c", "abc"], start=1):
        _run(workspace, sequence, hashes, str(sequence))
    (workspace.runs / "000002-b" / LEGAL_HOLD).touch()
    assert prune(workspace, keep=1) == ["000001-a", "000003-c"]
    kept = {p.parent.name for p in workspace.runs.glob("*/messages.parquet")}
    assert kept == {"000002-b", "000004-abc"}
    assert verify(workspace) == []
    assert prune(workspace, keep=1) == []


def test_a_run_is_found_by_an_unambiguous_beginning(workspace: Workspace) -> None:
    _run(workspace, 1, "a")
    _run(workspace, 2, "b")
    assert find_run(workspace, "000002").manifest.run_id == "000002-b"
    with pytest.raises(UsageError, match="2 runs match"):
        find_run(workspace, "00000")
    with pytest.raises(UsageError, match="0 runs match"):
        find_run(workspace, "9")


def test_a_run_made_again_stands_in_its_place(workspace: Workspace) -> None:
    for sequence, name in enumerate("abc", 1):
        _run(workspace, sequence, name)
    for sequence, name in enumerate("ab", 4):
        _run(workspace, sequence, name, "new", takes_place_of=sequence - 3)
    stored = stored_runs(workspace.runs)

    def history(run_number: int) -> list[str]:
        made = stored[run_number - 1]
        before = runs_before(workspace.runs, made.manifest)
        return [
            run.manifest.run_id[5:]
            for run in history_of(before, made.manifest.supersedes, made.place)
        ]

    assert [history(number) for number in (1, 2, 3)] == [[], ["1-a"], ["1-a", "2-b"]]
    assert [history(number) for number in (4, 5)] == [[], ["4-a"]]
    asked = history_of(stored, {"000003-c": ["c"]}, 3)
    assert [run.manifest.run_id[5:] for run in asked] == ["4-a", "5-b"]


def test_a_manifest_without_a_place_has_the_hash_that_it_had(workspace: Workspace) -> None:
    made = _run(workspace, 1, "a")
    data = asdict(made)
    for name in ("execution", "takes_place_of"):
        del data[name]
    assert made.sha256() == digest(data)
    assert replace(made, takes_place_of=1).sha256() != made.sha256()

"""The manifest: its keys see what matters, its counts must balance."""

import pytest

from scanner.errors import IntegrityError
from scanner.manifest import InputFile, Manifest, check_balance, context_key, run_key


def _context(**changed: object) -> str:
    facts: dict[str, object] = {
        "lists_sha256": "a",
        "basis_sha256": "a",
        "model_sha256": "b",
        "settings": {"name_threshold": 0.5},
        "side_files": {"customers": "c"},
        "as_of": None,
        "program_version": "1",
    }
    return context_key(**{**facts, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changed",
    [
        {"lists_sha256": "x"},
        {"basis_sha256": "x"},
        {"model_sha256": "x"},
        {"settings": {"name_threshold": 0.6}},
        {"side_files": {}},
        {"as_of": "2024-01-01"},
        {"program_version": "2"},
    ],
)
def test_whatever_shapes_a_result_changes_the_key(changed: dict[str, object]) -> None:
    assert _context(**changed) != _context()


def test_the_order_of_files_does_not_change_the_key() -> None:
    one, two = InputFile("a", "1", 5), InputFile("b", "2", 5)
    assert run_key("c", [one, two]) == run_key("c", [two, one])
    assert run_key("c", [one]) != run_key("c", [one, two])


COUNTS = {"messages": 3, "transactions": 4, "rejected": 1, "scores": 4}


def test_balanced_counts_pass() -> None:
    check_balance(COUNTS, [InputFile("a", "1", 5, 2, 3, 0), InputFile("b", "2", 5, 1, 1, 1)])


@pytest.mark.parametrize("name", ["messages", "transactions", "rejected", "scores"])
def test_one_lost_row_stops_the_run(name: str) -> None:
    counts = {**COUNTS, name: COUNTS[name] - 1}
    with pytest.raises(IntegrityError, match="do not balance"):
        check_balance(counts, [InputFile("a", "1", 5, 3, 4, 1)])


def _manifest(**changed: object) -> Manifest:
    facts: dict[str, object] = {
        "run_id": "000001-ab",
        "run_key": "ab",
        "context_key": "cd",
        "sequence": 1,
        "program_version": "1",
        "as_of": None,
        "inputs": (InputFile("a", "1", 5, 3, 4, 1),),
        "skipped": (),
        "lists": {},
        "model": {},
        "settings": {},
        "side_files": {},
        "counts": COUNTS,
        "outputs": (),
    }
    return Manifest(**{**facts, **changed})  # type: ignore[arg-type]


def test_a_manifest_reads_back_as_written() -> None:
    made = _manifest(supersedes={"000000-zz": ["1"]})
    assert Manifest.from_json(made.to_json()) == made


def test_its_hash_sees_counts_but_not_the_clock() -> None:
    assert _manifest(execution={"started_at_utc": "x"}).sha256() == _manifest().sha256()
    assert _manifest(counts={**COUNTS, "hits": 1}).sha256() != _manifest().sha256()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema": 99}', '{"schema": 1}'])
def test_a_damaged_manifest_is_refused(text: str) -> None:
    with pytest.raises(IntegrityError):
        Manifest.from_json(text, "here")

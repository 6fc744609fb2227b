"""The log of decisions: one JSON line for each act of a person, only ever added to.

Each line's `decision_id` is a hash over the act and the line before it, so that a
changed, removed or reordered line shows. Writers hold a lock on the log; a line
is an act only once it has its line feed, so what a crash left half-written never
happened and is cut off by the next writer.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from scanner.errors import IntegrityError
from scanner.schema import DECISIONS

LOG_FILE = "decisions.jsonl"

Act = dict[str, Any]


def read_log(folder: Path | None) -> list[Act]:
    """Read every act, oldest first.

    Args:
        folder: Folder of the log; None or a folder without log = no act yet.

    Raises:
        IntegrityError: A line is damaged, or the chain of hashes does not hold.
    """
    path = folder / LOG_FILE if folder else None
    if path is None or not path.is_file():
        return []
    return _acts(path.read_bytes(), path)


def append_act(folder: Path, make: Callable[[Sequence[Act]], Act]) -> Act:
    """Add one act.

    Args:
        folder: Folder of the log; made if it is missing.
        make: Given the acts so far, returns the new act without its sequence and
            decision_id, or raises to add nothing.

    Returns:
        The act as written.

    Raises:
        IntegrityError: The log so far is damaged.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / LOG_FILE
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        held = file.read()
        whole = held[: held.rfind(b"\n") + 1]
        if len(whole) < len(held):
            file.truncate(len(whole))
        acts = _acts(whole, path)
        act = make(acts) | {"sequence": len(acts) + 1}
        act["decision_id"] = _chained(acts[-1]["decision_id"] if acts else "", act)
        file.write(f"{json.dumps(act, sort_keys=True, ensure_ascii=True)}\n".encode())
        file.flush()
        os.fsync(file.fileno())
    return act


def as_table(acts: Sequence[Act]) -> pa.Table:
    """The acts as rows of the declared table `decisions`.

    Raises:
        IntegrityError: A time cannot be read.
    """
    schema = DECISIONS.arrow_schema
    at = schema.get_field_index("decided_at_utc")
    rows = [{name: act.get(name) for name in schema.names} for act in acts]
    read = pa.Table.from_pylist(rows, schema.set(at, pa.field("decided_at_utc", pa.string())))
    try:
        return read.cast(schema)
    except pa.ArrowInvalid as error:
        raise IntegrityError(
            "the log of decisions holds a time that cannot be read", where=str(error)
        ) from error


def _acts(data: bytes, path: Path) -> list[Act]:
    acts: list[Act] = []
    for number, line in enumerate(data.split(b"\n")[:-1], 1):
        try:
            act = json.loads(line)
            expected = _chained(acts[-1]["decision_id"] if acts else "", act)
            holds = act["decision_id"] == expected and act["sequence"] == number
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise _damaged(path, number) from error
        if not holds:
            raise _damaged(path, number)
        acts.append(act)
    return acts


def _damaged(path: Path, number: int) -> IntegrityError:
    return IntegrityError(
        "the log of decisions was changed or is damaged",
        where=f"{path}: line {number}",
        hint="restore the file from a backup; acts are only ever added, by `scanner alerts`",
    )


def _chained(before: str, act: Act) -> str:
    rest = {key: value for key, value in act.items() if key != "decision_id"}
    text = json.dumps([before, rest], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]

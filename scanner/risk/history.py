"""Who made which version the champion: one JSON line an act, chained by hashes, only added to.

An act ends with a hash of itself and of the act before it, so that a changed, removed
or reordered line shows. It also holds the hash of the version's card at that time: a card whose
lines were moved afterwards is refused.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scanner.errors import IntegrityError

HISTORY_FILE = "HISTORY.jsonl"
PROMOTE, ROLLBACK = "promote", "rollback"

Act = dict[str, Any]


def read_history(folder: Path) -> list[Act]:
    """Every act, oldest first.

    Raises:
        IntegrityError: A line is damaged, or the chain does not hold.
    """
    path = folder / HISTORY_FILE
    acts: list[Act] = []
    previous = ""
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    for number, line in enumerate(lines, 1):
        try:
            act = json.loads(line)
            claimed = act.pop("act_sha256")
            previous = _chained(previous, act)
            sound = claimed == previous and bool(act["to"])
        except (ValueError, KeyError, TypeError, AttributeError):
            sound = False
        if not sound:
            raise IntegrityError(
                "the history of champions was changed",
                where=f"{path}: line {number}",
                hint="restore the file from a backup",
            )
        acts.append({**act, "act_sha256": previous})
    return acts


def add_act(folder: Path, act: Act) -> None:
    """Add one act to the end.

    Raises:
        IntegrityError: The history so far was changed.
    """
    acts = read_history(folder)
    whole = {**act, "act_sha256": _chained(acts[-1]["act_sha256"] if acts else "", act)}
    lines = "".join(f"{json.dumps(line, sort_keys=True)}\n" for line in (*acts, whole))
    aside = write_aside(folder / HISTORY_FILE, lines)
    aside.replace(folder / HISTORY_FILE)


def write_aside(path: Path, text: str) -> Path:
    """Write what shall replace a file beside it, safe from a power cut; the caller renames it.

    A line that is added in place could be torn by a kill or a full disk, and a torn line
    would make the whole history worthless.
    """
    aside = path.with_name(f".{path.name}.tmp")
    with aside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return aside


def line_of_champions(acts: Sequence[Act]) -> list[str]:
    """The champions that a rollback goes back through, the present one last."""
    line: list[str] = []
    for act in acts:
        if not line and act["from"]:
            line.append(act["from"])
        if act["act"] == ROLLBACK:
            line.pop()
        else:
            line.append(act["to"])
    return line


def _chained(previous: str, act: Act) -> str:
    return hashlib.sha256(f"{previous}\n{json.dumps(act, sort_keys=True)}".encode()).hexdigest()

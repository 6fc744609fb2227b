"""Whether a stored run can be brought up to date: same files, same program, same all but the lists.

A run notes under which state of the lists its answers were kept and which program made it. Where
anything else than the lists differs, or that cannot be told, the run is made whole.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import scanner
from scanner.manifest import digest
from scanner.pipeline.plan import Plan
from scanner.pipeline.run_store import StoredRun, history_of, runs_before
from scanner.pipeline.runs import PRUNED

SCREENED = "screened"
"""Where a manifest's `execution` keeps what the next update of the run needs to know."""
# History that no list touches; the transfers and accounts of earlier runs are compared by row.
_HISTORY = (
    "messages", "transactions", "refusal_facts", "passing_facts", "move_facts", "goods_transfers",
    "joined_transfers", "piece_prices",
)  # fmt: skip


@dataclass(frozen=True)
class Predecessor:
    """A stored run that differs from the planned one in its lists alone.

    Attributes:
        run: The run.
        names: State of the lists under which its answers were kept.
        history: Runs that were its history, as they stood, each with the one that now is in
            its place, where it is another.
    """

    run: StoredRun
    names: str
    history: tuple[tuple[StoredRun, StoredRun], ...]


def note(names: str, **more: int) -> dict[str, Any]:
    """What a run notes for later: for `execution`, since it shapes no result."""
    return {SCREENED: {"names": names, "program": program_hash(), **more}}


@cache
def program_hash() -> str:
    """Hash of the program's code, SQL and reference tables."""
    seen = hashlib.sha256()
    root = Path(scanner.__file__).parent
    for path in sorted(path for kind in ("py", "sql", "csv") for path in root.rglob(f"*.{kind}")):
        seen.update(path.relative_to(root).as_posix().encode())
        seen.update(path.read_bytes())
    return seen.hexdigest()


def predecessor_of(plan: Plan) -> Predecessor | None:
    """The stored run that the planned one can be made from, if it can."""
    run = plan.taken
    if run is None or not plan.asks_answers or run.superseded or (run.folder / PRUNED).exists():
        return None
    was = run.manifest
    noted = was.execution.get(SCREENED)
    same_files = {f.sha256 for f in was.inputs} == {f.sha256 for f in plan.inputs}
    if (
        not isinstance(noted, Mapping)
        or noted.get("program") != program_hash()
        or not same_files
        or _besides_lists(was.lists, was.model, was.settings, was.side_files, was.as_of)
        != _besides_lists(
            {"basis": {"sha256": plan.basis.sha256}},
            {"sha256": plan.champion.sha256},
            plan.settings.shaping(),
            plan.side_files,
            plan.request.as_of.isoformat() if plan.request.as_of else None,
        )
    ):
        return None
    then = history_of(runs_before(plan.workspace.runs, was), was.supersedes, was.place)
    pairs = _in_pairs(then, history_of(plan.earlier, plan.supersedes, plan.place))
    if pairs is None or any((r.folder / PRUNED).exists() for r, _ in pairs):
        return None
    return Predecessor(run, str(noted["names"]), pairs)


def _besides_lists(
    lists: Mapping[str, Any],
    model: Mapping[str, Any],
    settings: Mapping[str, Any],
    side_files: Mapping[str, str],
    as_of: str | None,
) -> str:
    basis = lists.get("basis", {}).get("sha256")
    return digest([basis, model["sha256"], dict(settings), dict(side_files), as_of])


def _in_pairs(
    then: Sequence[StoredRun], now: Sequence[StoredRun]
) -> tuple[tuple[StoredRun, StoredRun], ...] | None:
    """The runs of two histories that read the same, where they are not the same; None = others."""
    waiting = defaultdict(list)
    for run in then:
        waiting[_untouched(run)].append(run)
    pairs = []
    for run in now:
        alike = waiting[_untouched(run)]
        if not alike:
            return None
        # Of runs that are alike each may stand for the other, but itself is nearest.
        same = [other for other in alike if other.manifest.run_id == run.manifest.run_id]
        was = same[0] if same else alike[0]
        alike.remove(was)
        if not same:
            pairs.append((was, run))
    return None if any(waiting.values()) else tuple(pairs)


def _untouched(run: StoredRun) -> tuple[str, ...]:
    """What of a run no list touches, by its bytes, and which of its files no longer count."""
    return (*(run.sha256_of(name) or "" for name in _HISTORY), *sorted(run.superseded))

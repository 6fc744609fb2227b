"""Whether a stored run can be brought up to date: same files, same program, same all but the lists.

A run notes under which state of the lists its answers were kept and which program made it. Where
anything else than the lists differs, or that cannot be told, the run is made whole.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import scanner
from scanner.manifest import digest
from scanner.pipeline.history import standing_runs
from scanner.pipeline.plan import Plan
from scanner.pipeline.run_store import StoredRun, runs_before
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
        history: Runs that were its history, as they stood; None = those of the planned run.
    """

    run: StoredRun
    names: str
    history: tuple[StoredRun, ...] | None


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
    then = standing_runs(runs_before(plan.workspace.runs, was), was.supersedes)
    now = standing_runs(plan.earlier, plan.supersedes)
    if _named(then) == _named(now):
        return Predecessor(run, str(noted["names"]), None)
    if _untouched(then) != _untouched(now) or any((r.folder / PRUNED).exists() for r in then):
        return None
    return Predecessor(run, str(noted["names"]), tuple(then))


def _besides_lists(
    lists: Mapping[str, Any],
    model: Mapping[str, Any],
    settings: Mapping[str, Any],
    side_files: Mapping[str, str],
    as_of: str | None,
) -> str:
    basis = lists.get("basis", {}).get("sha256")
    return digest([basis, model["sha256"], dict(settings), dict(side_files), as_of])


def _named(runs: Sequence[StoredRun]) -> list[tuple[str, list[str]]]:
    return [(run.manifest.run_id, sorted(run.superseded)) for run in runs]


def _untouched(runs: Sequence[StoredRun]) -> Counter[tuple[str, ...]]:
    """What of a history no list touches, by its bytes."""
    return Counter(
        (
            *(
                o.sha256
                for name in _HISTORY
                for o in run.manifest.outputs
                if o.name == f"{name}.parquet"
            ),
            *sorted(run.superseded),
        )
        for run in runs
    )

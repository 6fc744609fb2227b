"""Versions of the risk model in a folder, and which of them is the champion.

```
models/risk/<version>/   model.skops, tables.json, card.json, evaluation.json
models/risk/CHAMPION     the champion's version      HISTORY.jsonl  who promoted what
```
A version's name ends with the hash of its step tables. Nothing that is not what its
card and the history say is loaded.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from scanner.additive import StepTables
from scanner.additive.artifact import (
    CARD_FILE,
    TABLES_FILE,
    load_card,
    load_estimator,
    load_tables,
)
from scanner.errors import IntegrityError, ScannerError, UsageError
from scanner.risk.distribution import DISTRIBUTION_FILE, Distribution
from scanner.risk.features import Floats, declared
from scanner.risk.history import (
    HISTORY_FILE,
    PROMOTE,
    ROLLBACK,
    Act,
    add_act,
    line_of_champions,
    read_history,
    write_aside,
)

CHAMPION_FILE = "CHAMPION"
_NAME_HASH = 8
_PROBE_ROWS = 2000
_MOST_DIFFERENCE = 1e-9


@dataclass(frozen=True)
class Champion:
    """The model that scores.

    Attributes:
        version: Name of its folder.
        tables: Its step tables.
        sha256: Hash of the tables' file.
        review_at: Least score of the band review.
        escalate_at: Least score of the band escalate.
    """

    version: str
    tables: StepTables
    sha256: str
    review_at: float
    escalate_at: float


def load_champion(models: Path) -> Champion:
    """Load the champion of a models folder.

    Raises:
        IntegrityError: There is none, or it is not what its card says.
    """
    path = models / "risk" / CHAMPION_FILE
    if not path.is_file():
        raise IntegrityError(
            "there is no champion", where=str(path), hint="run `scanner model train --simulated 1`"
        )
    acts = read_history(models / "risk")
    version = _named_champion(models / "risk", acts)
    champion = load_version(models, version)
    if acts and (
        acts[-1]["to"] != version
        or acts[-1]["card_sha256"] != _sha256(models / "risk" / version / CARD_FILE)
    ):
        raise IntegrityError(
            "the champion is not the one that two people approved",
            where=str(path),
            hint="promote a version, or restore the folder from a backup",
        )
    return champion


def _named_champion(folder: Path, acts: Sequence[Act]) -> str:
    """The champion, also where a promotion was killed when only its last renaming was left."""
    path = folder / CHAMPION_FILE
    named = path.read_text("utf-8").strip()
    aside = path.with_name(f".{CHAMPION_FILE}.tmp")
    if acts and acts[-1]["to"] != named and aside.is_file():
        waiting = aside.read_text("utf-8").strip()
        return waiting if waiting == acts[-1]["to"] else named
    return named


def load_version(models: Path, version: str) -> Champion:
    """Load one version for scoring.

    Raises:
        IntegrityError: It is missing or not what its card says.
    """
    if not version or "/" in version or version.startswith("."):
        raise IntegrityError(f"{version!r} is no version", where=str(models / "risk"))
    folder = models / "risk" / version
    card = load_card(folder)
    tables = load_tables(folder, [feature.name for feature in declared()])
    _refuse_wrong_signs(tables, folder)
    if not version.endswith(f"-{name_hash(tables)}"):
        raise IntegrityError(
            "a version's name is not that of its step tables",
            where=str(folder),
            hint="restore the version from a backup, or train it again",
        )
    review_at, escalate_at = _lines(card, folder)
    return Champion(
        version=version,
        tables=tables,
        sha256=str(card["files"][TABLES_FILE]),
        review_at=review_at,
        escalate_at=escalate_at,
    )


def name_hash(tables: StepTables) -> str:
    """The end of a version's name."""
    return hashlib.sha256(tables.to_json().encode()).hexdigest()[:_NAME_HASH]


def _lines(card: dict[str, Any], folder: Path) -> tuple[float, float]:
    try:
        review_at = float(card["thresholds"]["review_at"])
        escalate_at = float(card["thresholds"]["escalate_at"])
    except (KeyError, TypeError, ValueError) as error:
        raise IntegrityError("a model's card lacks its thresholds", where=str(folder)) from error
    # Also false for what is no number; a line above 1 would let everything pass.
    if not 0 < review_at <= escalate_at <= 1:
        raise IntegrityError(
            f"the lines {review_at} and {escalate_at} are no lines of a score", where=str(folder)
        )
    return review_at, escalate_at


def _refuse_wrong_signs(tables: StepTables, folder: Path) -> None:
    for feature, steps in zip(declared(), tables.features, strict=True):
        if feature.monotone and steps.monotone != feature.monotone:
            raise IntegrityError(
                f"the model does not keep the sign of {feature.name}", where=str(folder)
            )


def versions(models: Path) -> list[dict[str, Any]]:
    """The cards of all versions, oldest first; the champion is marked."""
    folder = models / "risk"
    there = (folder / CHAMPION_FILE).is_file()
    active = _named_champion(folder, read_history(folder)) if there else ""
    return [
        {**load_card(path), "version": path.name, "champion": path.name == active}
        for path in sorted(folder.glob("*/"))
        if not path.name.startswith(".")
    ]


def faults(models: Path) -> dict[str, str]:
    """Load every version as scoring would and as evaluation would.

    Returns:
        By version why it is refused; empty words where it is not. The key `CHAMPION` tells
        of the champion and the history.
    """
    found: dict[str, str] = {}
    for path in sorted((models / "risk").glob("*/")):
        if not path.name.startswith("."):
            found[path.name] = _fault(partial(_load_whole, models, path.name))
    found[CHAMPION_FILE] = _fault(partial(load_champion, models))
    return found


def _fault(load: Callable[[], object]) -> str:
    try:
        load()
    except ScannerError as error:
        return str(error).replace("\n", "; ")
    return ""


def _load_whole(models: Path, version: str) -> None:
    # Scoring loads this module and must stay light; challengers bring scikit-learn.
    from scanner.risk.challengers import load_challengers  # noqa: PLC0415

    folder = models / "risk" / version
    tables = load_version(models, version).tables
    estimator = load_estimator(folder)
    load_challengers(folder)
    path = folder / DISTRIBUTION_FILE
    if DISTRIBUTION_FILE in load_card(folder)["files"]:
        Distribution.from_json(path.read_text("utf-8"), str(path))
    rows = _probe(tables)
    try:
        expected = estimator.predict_proba(rows)[:, 1]
        differ = float(np.abs(tables.probability(rows) - expected).max())
    except Exception as error:
        raise IntegrityError(
            "a model's estimator does not fit its features", where=f"{folder}: {error}"
        ) from error
    if not differ < _MOST_DIFFERENCE:
        raise IntegrityError(f"step tables and estimator differ by {differ:.3g}", where=str(folder))


def _probe(tables: StepTables) -> Floats:
    """Rows at, just above and without each threshold, in a repeatable mix."""
    rng = np.random.default_rng(0)
    made = np.full((_PROBE_ROWS, len(tables.features)), np.nan)
    for position, feature in enumerate(tables.features):
        ends = feature.thresholds
        values = np.concatenate([ends, np.nextafter(ends, np.inf), [np.nan, 0.0, 1e12, -1e12]])
        made[:, position] = rng.choice(values, _PROBE_ROWS)
    return made


def promote(models: Path, version: str, *, by: Sequence[str], on: str) -> None:
    """Make a version the champion; two people must stand for it.

    Args:
        models: The models folder.
        version: Version to promote.
        by: Names of the two people.
        on: Date of the decision.

    Raises:
        UsageError: Fewer than two people, or the version was not compared with the
            champion or not better.
        IntegrityError: The version cannot be trusted.
    """
    people = _two_people(by)
    load_version(models, version)
    folder = models / "risk"
    there = (folder / CHAMPION_FILE).is_file()
    before = _named_champion(folder, read_history(folder)) if there else None
    if before == version:
        raise UsageError("the version is the champion already", where=version)
    comparison = None
    if before:
        comparison = _won_comparison(models, version, before)
    _make_champion(models, PROMOTE, before, version, people, on, comparison)


def rollback(models: Path, *, by: Sequence[str], on: str) -> str:
    """Make the champion before the present one the champion again; two people must stand for it.

    Raises:
        UsageError: There is none before it.
        IntegrityError: The earlier version or the history cannot be trusted.
    """
    people = _two_people(by)
    folder = models / "risk"
    line = line_of_champions(read_history(folder))
    if len(line) < 2:
        raise UsageError("there is no earlier champion", where=str(folder / HISTORY_FILE))
    target = line[-2]
    load_version(models, target)
    _make_champion(models, ROLLBACK, line[-1], target, people, on, None)
    return target


def _make_champion(
    models: Path,
    act: str,
    before: str | None,
    version: str,
    people: Sequence[str],
    on: str,
    comparison: str | None,
) -> None:
    folder = models / "risk"
    if before:
        # A promotion that was killed before its last renaming is finished first.
        write_aside(folder / CHAMPION_FILE, f"{before}\n").replace(folder / CHAMPION_FILE)
    aside = write_aside(folder / CHAMPION_FILE, f"{version}\n")
    add_act(
        folder,
        {
            "act": act,
            "on": on,
            "from": before,
            "to": version,
            "by": list(people),
            "card_sha256": _sha256(folder / version / CARD_FILE),
            "comparison_sha256": comparison,
        },
    )
    aside.replace(folder / CHAMPION_FILE)


def _two_people(by: Sequence[str]) -> list[str]:
    people = {" ".join(name.split()).casefold(): " ".join(name.split()) for name in by}
    people.pop("", None)
    if len(people) < 2:
        raise UsageError(
            "two different people must approve a change of the champion", hint="give --by twice"
        )
    return sorted(people.values())


def _won_comparison(models: Path, version: str, champion: str) -> str:
    """Hash of the comparison that the version won against this very champion."""
    folder = models / "risk" / version
    path = folder / f"comparison-{champion}.json"
    again = f"run `scanner model compare {version}`"
    if not path.is_file():
        raise UsageError(
            "the version was not compared with the champion", where=str(folder), hint=again
        )
    try:
        verdict = json.loads(path.read_text("utf-8"))
        of_these = (
            verdict["champion_sha256"] == load_version(models, champion).sha256
            and verdict["challenger_sha256"] == load_version(models, version).sha256
        )
        passes, because = verdict["passes"] is True, [str(words) for words in verdict["because"]]
    except (ValueError, KeyError, TypeError) as error:
        raise IntegrityError("a comparison cannot be read", where=str(path), hint=again) from error
    if not of_these:
        raise UsageError("the comparison is of other models", where=str(path), hint=again)
    if not passes or because:
        raise UsageError(
            "the version is not better than the champion",
            where="; ".join(because) or str(path),
        )
    return _sha256(path)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()

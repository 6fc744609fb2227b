"""Versions of the risk model in a folder, and which of them is the champion.

```
models/risk/<version>/   model.skops, tables.json, card.json, evaluation.json
models/risk/CHAMPION     the champion's version      HISTORY.jsonl  who promoted what
```
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scanner.additive import StepTables
from scanner.additive.artifact import load_card, load_tables
from scanner.errors import IntegrityError, UsageError
from scanner.risk.features import declared

CHAMPION_FILE = "CHAMPION"
HISTORY_FILE = "HISTORY.jsonl"


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
    return load_version(models, path.read_text("utf-8").strip())


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
    try:
        thresholds = card["thresholds"]
        return Champion(
            version=version,
            tables=tables,
            sha256=str(card["files"]["tables.json"]),
            review_at=float(thresholds["review_at"]),
            escalate_at=float(thresholds["escalate_at"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise IntegrityError("a model's card lacks its thresholds", where=str(folder)) from error


def _refuse_wrong_signs(tables: StepTables, folder: Path) -> None:
    for feature, steps in zip(declared(), tables.features, strict=True):
        if feature.monotone and steps.monotone != feature.monotone:
            raise IntegrityError(
                f"the model does not keep the sign of {feature.name}", where=str(folder)
            )


def versions(models: Path) -> list[dict[str, Any]]:
    """The cards of all versions, oldest first; the champion is marked."""
    folder = models / "risk"
    champion = folder / CHAMPION_FILE
    active = champion.read_text("utf-8").strip() if champion.is_file() else ""
    return [
        {**load_card(path), "version": path.name, "champion": path.name == active}
        for path in sorted(folder.glob("*/"))
        if not path.name.startswith(".")
    ]


def promote(
    models: Path, version: str, *, by: Sequence[str], on: str, force_first: bool = False
) -> None:
    """Make a version the champion; two people must stand for it.

    Args:
        models: The models folder.
        version: Version to promote.
        by: Names of the two people.
        on: Date of the decision.
        force_first: Allow the very first champion without a comparison.

    Raises:
        UsageError: Fewer than two people, or the comparison is missing.
        IntegrityError: The version cannot be trusted.
    """
    people = {name.strip() for name in by if name.strip()}
    if len(people) < 2:
        raise UsageError("two different people must approve a promotion", hint="give --by twice")
    load_version(models, version)
    folder = models / "risk"
    path = folder / CHAMPION_FILE
    before = path.read_text("utf-8").strip() if path.is_file() else None
    if before and before != version and not force_first:
        _refuse_without_comparison(folder / version, before)
    with (folder / HISTORY_FILE).open("a", encoding="utf-8") as file:
        entry = {"on": on, "from": before, "to": version, "by": sorted(people)}
        file.write(json.dumps(entry, sort_keys=True) + "\n")
    aside = folder / f".{CHAMPION_FILE}.tmp"
    aside.write_text(version + "\n", "utf-8")
    aside.replace(path)


def rollback(models: Path, *, by: Sequence[str], on: str) -> str:
    """Make the champion before the present one the champion again.

    Raises:
        UsageError: There is none before it.
    """
    path = models / "risk" / HISTORY_FILE
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    entries = [json.loads(line) for line in lines]
    if not entries or not entries[-1]["from"]:
        raise UsageError("there is no earlier champion", where=str(path))
    target = str(entries[-1]["from"])
    promote(models, target, by=by, on=on, force_first=True)
    return target


def _refuse_without_comparison(folder: Path, champion: str) -> None:
    path = folder / f"comparison-{champion}.json"
    if not path.is_file():
        raise UsageError(
            "the version was not compared with the champion",
            where=str(folder),
            hint=f"run `scanner model compare {folder.name}`",
        )
    verdict = json.loads(path.read_text("utf-8"))
    if not verdict["passes"]:
        raise UsageError(
            "the version is not better than the champion", where="; ".join(verdict["because"])
        )

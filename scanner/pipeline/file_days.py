"""Which days the payments of each source file bear, known before anything is screened.

A look-back puts files in the order of their payments, so that every partition
finds the earlier ones in the history. What was found is kept under the hash of
the file: a look-back that was killed does not look again.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scanner import __version__, ingest
from scanner.ingest import Batch
from scanner.manifest import InputFile
from scanner.pipeline.plan import Progress
from scanner.pipeline.workspace import sha256_of_file

_STORE = ".file-days.jsonl"


@dataclass(frozen=True)
class FileDays:
    """One source file and how many of its transactions bear which value date.

    Attributes:
        file: The file, hashed.
        days: Transactions by value date; those without a date are left out.
        transactions: All transactions.
    """

    file: InputFile
    days: Mapping[date, int]
    transactions: int

    @property
    def main_day(self) -> date | None:
        """The day that most transactions bear, the earlier one of two; None without any date.

        Neither the first nor the last: one mistyped year would move a whole file.
        """
        return min(self.days, key=lambda day: (-self.days[day], day), default=None)

    def bears(self, first: date, last: date) -> bool:
        """Whether a transaction lies in the range, or the file has no date to judge by."""
        return not self.days or any(first <= day <= last for day in self.days)


def days_of_files(
    files: Sequence[InputFile],
    folder: Path,
    *,
    workers: int,
    progress: Progress,
    mapping: Path | None = None,
) -> list[FileDays]:
    """Read the files that are not known yet, and tell the days of all.

    Args:
        files: Hashed files.
        folder: Keeps what was found.
        workers: Processes that read.
        progress: Told how many bytes are done.
        mapping: TOML file that tells which files are exports of rows.

    Returns:
        One for each file, in the order given.
    """
    store = folder / _STORE
    told = ingest.read_mapping(mapping) if mapping else None
    # Another version or mapping may read other dates in the same file.
    reader = f"{__version__} {sha256_of_file(mapping) if mapping else ''}".strip()
    known = _known(store, reader)
    unknown = list({f.sha256: f for f in files if f.sha256 not in known}.values())
    total = sum(file.byte_length for file in unknown)
    done = 0
    gathered: dict[str, Counter[date | None]] = {}
    paths = [Path(file.path) for file in unknown]
    for batch in ingest.read_sources(paths, workers=workers, mapping=told):
        for sha256, days in _days(batch).items():
            gathered.setdefault(sha256, Counter()).update(days)
        for source in batch.sources:
            known[source.sha256] = gathered.pop(source.sha256, Counter())
            _keep(store, reader, source.sha256, known[source.sha256])
            done += source.byte_length
        progress("dates", done, total)
    return [_of(file, known[file.sha256]) for file in files]


def _of(file: InputFile, counts: Mapping[date | None, int]) -> FileDays:
    days = {day: count for day, count in sorted(counts.items(), key=str) if day is not None}
    return FileDays(file, days, sum(counts.values()))


def _days(batch: Batch) -> dict[str, Counter[date | None]]:
    """Transactions of a batch by the hash of their file and their value date."""
    if batch.transactions.num_rows == 0:
        return {}
    counted = (
        batch.transactions.select(["message_id", "value_date"])
        .join(batch.messages.select(["message_id", "source_sha256"]), "message_id")
        .group_by(["source_sha256", "value_date"])
        .aggregate([("message_id", "count")])
    )
    found: dict[str, Counter[date | None]] = {}
    for row in counted.to_pylist():
        found.setdefault(row["source_sha256"], Counter())[row["value_date"]] = row[
            "message_id_count"
        ]
    return found


def _known(store: Path, reader: str) -> dict[str, Counter[date | None]]:
    known: dict[str, Counter[date | None]] = {}
    for line in store.read_text("utf-8").splitlines() if store.is_file() else ():
        try:
            row = json.loads(line)
        except ValueError:
            continue  # the last line of a process that was killed; the file is read again
        if row["reader"] == reader:
            known[row["sha256"]] = Counter(
                {date.fromisoformat(day) if day else None: n for day, n in row["days"].items()}
            )
    return known


def _keep(store: Path, reader: str, sha256: str, days: Mapping[date | None, int]) -> None:
    row = {
        "reader": reader,
        "sha256": sha256,
        "days": {day.isoformat() if day else "": count for day, count in days.items()},
    }
    torn = store.is_file() and not store.read_bytes().endswith(b"\n")
    with store.open("a", encoding="utf-8") as file:
        file.write(("\n" if torn else "") + json.dumps(row, sort_keys=True) + "\n")

"""What people decided on payments: from the workspace's log, and from CSV files of labels.

A file has the columns `label` (1 confirmed, 0 cleared) and at least one of
`transaction_id`, `uetr` and `reference`. It may have `weight`, and `inclusion`: the
share of its stratum that was drawn, as `scanner model thresholds --sample` writes it.
A row whose label is empty was drawn and not decided yet; it is left out.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from scanner.errors import UsageError
from scanner.warehouse.decision_log import read_log

KEYS = ("transaction_id", "uetr", "reference")
"""What a label may name a payment by, the narrowest first."""

_TABLE = pa.schema(
    [
        pa.field("kind", pa.string()),
        pa.field("key", pa.string()),
        pa.field("label", pa.int64()),
        pa.field("weight", pa.float64()),
    ]
)


@dataclass(frozen=True)
class Label:
    """One decision.

    Attributes:
        keys: By kind of KEYS what it names the payment by.
        label: 1 confirmed, 0 cleared.
        weight: Payments it stands for: weight / inclusion.
    """

    keys: Mapping[str, str]
    label: int
    weight: float = 1.0


def read_labels(path: Path) -> list[Label]:
    """Read a file of labels.

    Raises:
        UsageError: A column is missing, or a value is none of those allowed.
    """
    made = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        names = set(reader.fieldnames or ())
        if "label" not in names:
            raise UsageError("the labels have no column `label`", where=str(path))
        if not names & set(KEYS):
            raise UsageError(
                "the labels do not say which payments they speak of",
                where=str(path),
                hint=f"add one of the columns {', '.join(KEYS)}",
            )
        for row in reader:
            where = f"{path}: line {reader.line_num}"
            if not (row["label"] or "").strip():
                continue
            if row["label"] not in ("0", "1"):
                raise UsageError(f"a label is 0 or 1, not {row['label']!r}", where=where)
            weight = _number(row.get("weight"), "weight", where)
            inclusion = _number(row.get("inclusion"), "inclusion", where)
            if inclusion > 1:
                raise UsageError("an inclusion is a share up to 1", where=where)
            keys = {name: _key(name, row[name]) for name in KEYS if name in names and row.get(name)}
            made.append(Label(keys, int(row["label"]), weight / inclusion))
    return made


def decided_alerts(decisions: Path) -> list[Label]:
    """The last word on each alert of the log that was confirmed or cleared."""
    final = {
        act["transaction_id"]: act for act in read_log(decisions) if act["action"] != "comment"
    }
    return [
        Label({"transaction_id": transaction_id}, int(act["status"] == "confirmed"))
        for transaction_id, act in sorted(final.items())
        if act["status"] in ("confirmed", "cleared")
    ]


def as_table(labels: Iterable[Label]) -> pa.Table:
    """One row per label and key, for SQL."""
    rows = [
        {"kind": kind, "key": key, "label": label.label, "weight": label.weight}
        for label in labels
        for kind, key in label.keys.items()
    ]
    return pa.Table.from_pylist(rows, _TABLE)


def _key(name: str, value: str) -> str:
    return value.lower() if name == "uetr" else value


def _number(text: str | None, name: str, where: str) -> float:
    try:
        value = float(text) if text else 1.0
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise UsageError(f"{name} is a number above 0, not {text!r}", where=where)
    return value

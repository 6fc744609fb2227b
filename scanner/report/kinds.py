"""The kinds of reports, by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scanner.errors import UsageError
from scanner.report.alert import alert
from scanner.report.banks import bank
from scanner.report.document import Report
from scanner.report.examiner import examiner
from scanner.report.model import model
from scanner.report.page import to_html
from scanner.report.quality import quality
from scanner.report.summary import summary
from scanner.warehouse.readonly import Snapshot

KINDS = ("summary", "alert", "examiner", "bank", "model", "quality")


@dataclass(frozen=True)
class Subject:
    """What a report is about, besides the snapshot.

    Attributes:
        key: Of an alert report: the payment. Of a bank report: the BIC, or None for all.
        acts: Acts on the alert from the log of decisions, oldest first.
        card: The model's card.
        evaluation: The model's evaluation.
    """

    key: str | None = None
    acts: Sequence[dict[str, Any]] = ()
    card: Mapping[str, Any] | None = None
    evaluation: Mapping[str, Any] | None = None


def build(kind: str, snapshot: Snapshot, subject: Subject | None = None) -> Report:
    """Gather a report.

    Args:
        kind: One of KINDS.
        snapshot: The published database.
        subject: What it is about.

    Raises:
        UsageError: The kind is unknown, or an alert report has no key.
    """
    snapshot.require_current()
    about = subject or Subject()
    match kind:
        case "summary":
            return summary(snapshot)
        case "alert":
            if not about.key:
                raise UsageError(
                    "an alert report is about one payment", hint="give --key REFERENCE_OR_ID"
                )
            return alert(snapshot, about.key, about.acts)
        case "bank":
            return bank(snapshot, about.key)
        case "examiner":
            return examiner(snapshot)
        case "model":
            return model(snapshot, about.card, about.evaluation)
        case "quality":
            return quality(snapshot)
    raise UsageError(f"unknown kind of report {kind!r}", hint=f"known: {', '.join(KINDS)}")


def render(kind: str, snapshot: Snapshot, subject: Subject | None = None) -> str:
    """Write a report as one self-contained HTML page."""
    return to_html(build(kind, snapshot, subject))

"""The kinds of reports, by name."""

from collections.abc import Callable

from scanner.errors import UsageError
from scanner.report.document import Report
from scanner.report.page import to_html
from scanner.report.summary import summary
from scanner.warehouse.readonly import Snapshot

KINDS: dict[str, Callable[[Snapshot], Report]] = {
    "summary": summary,
}
"""Builder of each kind."""


def build(kind: str, snapshot: Snapshot) -> Report:
    """Gather a report.

    Raises:
        UsageError: The kind is unknown.
    """
    if kind not in KINDS:
        raise UsageError(f"unknown kind of report {kind!r}", hint=f"known: {', '.join(KINDS)}")
    return KINDS[kind](snapshot)


def render(kind: str, snapshot: Snapshot) -> str:
    """Write a report as one self-contained HTML page."""
    return to_html(build(kind, snapshot))

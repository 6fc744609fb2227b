"""The examiner's report: completeness, lists, match criteria, thresholds, decisions, limits.

It answers what examiners ask of a screening program (FFIEC BSA/AML manual, OFAC
part and Appendix H; NYDFS Part 504): is everything run, against which lists and
how old, by which criteria, how are hits cleared and by whom, what was not done,
and can a run be done again.
"""

import json
from typing import Any

from scanner.report.document import Block, Column, Facts, Grid, Note, Report, Section, shown
from scanner.report.quality import reconciliation_grid
from scanner.report.summary import (
    foot,
    lists_grid,
    not_checked_blocks,
    overview,
    rejected_grid,
    runs_grid,
    subtitle,
)
from scanner.schema import TABLES
from scanner.warehouse.readonly import Snapshot

_DECISIONS_MAX = 20_000


def examiner(snapshot: Snapshot) -> Report:
    """Build the examiner's report."""
    return Report(
        kind="examiner",
        title="Account for an examiner",
        subtitle=subtitle(overview(snapshot)),
        sections=(
            Section("completeness", "Completeness", _completeness(snapshot)),
            Section("lists", "Lists", (lists_grid(snapshot),)),
            Section("criteria", "How names met the lists", _criteria(snapshot)),
            Section("thresholds", "Thresholds", _thresholds(snapshot)),
            Section("decisions", "Decisions", _decisions(snapshot)),
            Section("exceptions", "Licences and exemptions", _exceptions(snapshot)),
            Section("not-checked", "Not checked", not_checked_blocks(snapshot)),
            Section("runs", "Runs", _runs(snapshot)),
        ),
        foot=(foot(overview(snapshot)),),
    )


def _completeness(snapshot: Snapshot) -> tuple[Block, ...]:
    seen = overview(snapshot)
    facts = Facts(
        (
            ("Messages read", shown(seen["messages"])),
            ("Pieces rejected", shown(seen["rejected"])),
            ("Transactions", shown(seen["transactions"])),
            ("Alerts", shown(seen["alerts"])),
            ("Undecided", shown(seen["undecided"])),
        ),
        is_headline=True,
    )
    return (facts, reconciliation_grid(snapshot), rejected_grid(snapshot))


def _criteria(snapshot: Snapshot) -> tuple[Block, ...]:
    kinds = (
        Column("list", "List", "code"),
        Column("match_kind", "Kind"),
        Column("score_from", "Score from", "number"),
        Column("hits", "Hits", "count"),
        Column("transactions", "Transactions", "count"),
        Column("suppressed", "Suppressed", "count"),
        Column("listed_later", "Listed after the payment", "count"),
    )
    rules = (
        Column("suppression", "Rule"),
        Column("entry_id", "Entry", "code"),
        Column("entry_name", "Name"),
        Column("hits", "Hits", "count"),
        Column("transactions", "Transactions", "count"),
    )
    return (
        Grid.of("hits_by_kind", "Hits", kinds, snapshot.records("FROM hits_by_kind()")),
        Grid.of(
            "suppressions",
            "Suppressed hits: rule with owner, reason and expiry",
            rules,
            snapshot.records("FROM suppressions_used()"),
        ),
    )


def _thresholds(snapshot: Snapshot) -> tuple[Block, ...]:
    spread = (
        Column("score_from", "Score from", "number"),
        Column("transactions", "Transactions", "count"),
        Column("obligations", "by a hard rule", "count"),
        Column("alerted", "Alerted", "count"),
        Column("value_usd", "Value, USD", "money"),
    )
    samples = (
        Column("side", "Side"),
        Column("reference", "Reference", "code"),
        Column("value_date", "Value date", "date"),
        Column("score", "Score", "score"),
        Column("band", "Band", "band"),
        Column("amount_usd", "USD", "money"),
        Column("corridor", "Corridor"),
        Column("strongest_reason", "Strongest reason"),
    )
    line = snapshot.records("FROM review_line()")
    blocks: list[Block] = [
        _settings(snapshot),
        Grid.of(
            "score_distribution",
            "Transactions by score",
            spread,
            snapshot.records("FROM score_distribution()"),
        ),
    ]
    at = line[0]["lowest_alerted"] if line else None
    if at is None:
        return (*blocks, Note("No alert was raised by the model alone, so no line can be shown."))
    blocks.append(
        Grid.of(
            "around_threshold",
            f"Payments closest to the line of review ({at:.3f}), above and below",
            samples,
            snapshot.records("FROM around_threshold(threshold := $t)", {"t": at}),
        )
    )
    return tuple(blocks)


def _settings(snapshot: Snapshot) -> Grid:
    """The settings of the first run, and every change of one by a later run."""
    columns = (
        Column("run_id", "Run", "code"),
        Column("setting", "Setting", "code"),
        Column("value", "Value"),
        Column("before", "Before"),
    )
    rows: list[tuple[Any, ...]] = []
    before: dict[str, Any] = {}
    for run in snapshot.matching(TABLES["runs"]):
        now = json.loads(run["settings"]) if run["settings"] else {}
        rows += [
            (run["run_id"], name, _words(value), _words(before.get(name)) if before else "")
            for name, value in now.items()
            if not before or before.get(name) != value
        ]
        before = now or before
    caption = "Settings that shape results: those of the first run, then every change"
    return Grid("settings", caption, columns, tuple(rows))


def _words(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _decisions(snapshot: Snapshot) -> tuple[Block, ...]:
    states = (
        Column("status", "Status"),
        Column("alerts", "Alerts", "count"),
        Column("obligations", "by a hard rule", "count"),
        Column("obligations_by_two_people", "cleared by two people", "count"),
        Column("value_usd", "Value, USD", "money"),
        Column("first_act_utc", "First act (UTC)", "date"),
        Column("last_act_utc", "Last act (UTC)", "date"),
    )
    acts = (
        Column("sequence", "No.", "count"),
        Column("decided_at_utc", "When (UTC)", "date"),
        Column("alert_id", "Alert", "code"),
        Column("decided_by", "Who"),
        Column("action", "Act"),
        Column("status", "Status"),
        Column("reason", "Why"),
    )
    log = sorted(snapshot.matching(TABLES["decisions"]), key=lambda row: row["sequence"])
    return (
        Grid.of(
            "decisions_summary",
            "Alerts by status",
            states,
            snapshot.records("FROM decisions_summary()"),
        ),
        Grid.of("decisions", "Every act, oldest first", acts, log[-_DECISIONS_MAX:]),
    )


def _exceptions(snapshot: Snapshot) -> tuple[Block, ...]:
    columns = (
        Column("exception", "Licence or exemption"),
        Column("transactions", "Transactions", "count"),
        Column("value_usd", "Value, USD", "money"),
        Column("still_alerted", "Still alerted", "count"),
        Column("first_date", "First", "date"),
        Column("last_date", "Last", "date"),
    )
    records = snapshot.records("FROM exceptions_used()")
    return (Grid.of("exceptions", "Exceptions that may apply", columns, records),)


def _runs(snapshot: Snapshot) -> tuple[Block, ...]:
    words = (
        "Equal inputs, lists, model and settings give equal output: a run is done again with "
        "`scanner scan --force`, and `scanner runs verify` checks every output's hash."
    )
    return (Note(words), runs_grid(snapshot))

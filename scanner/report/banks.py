"""The bank report: what a counterparty bank exposes us to, month by month."""

from datetime import date
from typing import Any

from scanner.errors import UsageError
from scanner.report.document import Block, Column, Facts, Figure, Grid, Note, Report, Section, shown
from scanner.report.summary import EVENTS, bank_blocks, foot, months_between, overview, subtitle
from scanner.report.svg import bars_over_time
from scanner.report.words import facts_in
from scanner.warehouse.readonly import Snapshot

_LEDGER = (
    Column("bank_bic8", "Bank", "code"),
    Column("month", "Month", "date"),
    Column("is_listed", "Listed"),
    Column("payments", "Payments", "count"),
    Column("value_usd", "Value, USD", "money"),
    Column("exposed_count", "Exposed", "count"),
    Column("exposed_value_usd", "Exposed value, USD", "money"),
    Column("exposed_share", "Share", "share"),
    Column("surge_factor", "Surge", "number"),
    Column("trend", "Trend"),
    Column("nested_count", "Nested", "count"),
    Column("max_chain_depth", "Longest chain", "count"),
    Column("russia_nexus_share", "Russia nexus", "share"),
    Column("russia_nexus_share_before_order", "before the order", "share"),
    Column("delayed_count", "Delayed", "count"),
    Column("rejected_count", "Rejected", "count"),
    Column("returned_count", "Returned", "count"),
)
_FACTORS = (
    Column("bank_bic8", "Bank", "code"),
    Column("factor", "Factor"),
    Column("proxies", "Proxies"),
)
_ALERTS = (
    Column("alert_id", "Alert", "code"),
    Column("reference", "Reference", "code"),
    Column("value_date", "Value date", "date"),
    Column("band", "Band", "band"),
    Column("score", "Score", "score"),
    Column("amount_usd", "USD", "money"),
    Column("headline", "Strongest reason"),
    Column("status", "Status"),
)
_WORDS = (
    "Significance has no threshold in the law: each factor is shown with what can be measured of "
    "it, and a person weighs the whole (31 CFR 562.407 gives the same seven-part pattern)."
)


def bank(snapshot: Snapshot, bic: str | None) -> Report:
    """Build the report of one bank, or of all banks where no BIC is given.

    Raises:
        UsageError: No payment names the bank.
    """
    return _one_bank(snapshot, bic) if bic else _all_banks(snapshot)


def _all_banks(snapshot: Snapshot) -> Report:
    records = snapshot.records("FROM significance_ledger()")
    ledger = Grid.of("significance", "Newest month of each bank", _LEDGER, records)
    return Report(
        kind="bank",
        title="Exposure by counterparty bank",
        subtitle=subtitle(overview(snapshot)),
        sections=(
            Section("banks", "Ranking", bank_blocks(snapshot)),
            Section("ledger", "Significance ledger", (ledger, _factors(records)), _WORDS),
        ),
        foot=(foot(overview(snapshot)),),
    )


def _one_bank(snapshot: Snapshot, bic: str) -> Report:
    bic8 = bic.strip().upper()[:8]
    months = snapshot.records("FROM bank_months($bic)", {"bic": bic8})
    alerts = snapshot.records("FROM alerts_for($bic)", {"bic": bic8})
    seen = snapshot.records("FROM banks_over_months(bic := $bic)", {"bic": bic8})
    if not (months or alerts or seen):
        raise UsageError(
            "no payment names this bank", where=bic, hint="see `scanner report --kind bank`"
        )
    total = seen[0] if seen else {}
    facts = Facts(
        (
            ("Payments", shown(total.get("payments"))),
            ("Value, USD", shown(total.get("value_usd"), "money")),
            ("Exposed payments", shown(total.get("exposed_payments"))),
            ("Exposed value, USD", shown(total.get("exposed_value_usd"), "money")),
            ("Alerts", shown(len(alerts))),
            ("Listed", shown(any(m["is_listed"] for m in months))),
        ),
        is_headline=True,
    )
    grid = Grid.of("bank_months", "Month by month", _LEDGER[1:], months)
    return Report(
        kind="bank",
        title=f"Exposure through {bic8}",
        subtitle=subtitle(overview(snapshot)),
        sections=(
            Section("overview", "Overview", (facts,)),
            Section("months", "Months", (*_drawing(months), grid)),
            Section("factors", "Significance", (_factors(months[-1:]),), _WORDS),
            Section("alerts", "Alerts", (Grid.of("alerts", "Alerts", _ALERTS, alerts),)),
        ),
        foot=(foot(overview(snapshot)),),
    )


def _drawing(months: list[dict[str, Any]]) -> tuple[Block, ...]:
    by_month: dict[date, dict[str, Any]] = {m["month"]: m for m in months}
    if not by_month:
        return (Note("No payment of this bank has a value date."),)
    span = months_between(min(by_month), max(by_month))
    drawing = bars_over_time(
        span,
        [float(by_month[m]["exposed_value_usd"]) if m in by_month else 0.0 for m in span],
        [float(by_month[m]["value_usd"]) if m in by_month else 0.0 for m in span],
        title="Exposed and total value of the bank by month",
        part_words="exposed, USD",
        whole_words="all payments, USD",
        events=EVENTS,
    )
    return (Figure(drawing, "The table below says the same."),)


def _factors(records: list[dict[str, Any]]) -> Grid:
    rows = [
        {
            "bank_bic8": r["bank_bic8"],
            "factor": factor,
            "proxies": proxies,
        }
        for r in records
        if r["significance"]
        for factor, proxies in facts_in(r["significance"])
    ]
    return Grid.of("factors", "The seven factors and what is measured of each", _FACTORS, rows)

"""The summary report: what was found, at which banks and corridors, and what was not checked."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from scanner.report.document import (
    Block,
    Column,
    Facts,
    Figure,
    Grid,
    Note,
    Report,
    Section,
    shown,
)
from scanner.report.svg import Event, bars_over_time, heat_map, ranking
from scanner.schema import TABLES
from scanner.warehouse.readonly import Snapshot

EVENTS = (
    Event(date(2022, 2, 24), "invasion"),
    Event(date(2023, 12, 22), "E.O. 14114"),
    Event(date(2024, 6, 12), "wider reading"),
    Event(date(2025, 1, 15), "Keremet blocked"),
)
"""Dates that a trend is read against: E.O. 14114 (88 FR 89271), OFAC's FAQ 1181."""

_ALERTS_MAX = 20_000
_BANKS_SHOWN = 15
_COUNTRIES_SHOWN = 12


def summary(snapshot: Snapshot) -> Report:
    """Build the summary of everything that the snapshot holds."""
    seen = overview(snapshot)
    return Report(
        kind="summary",
        title="Exposure to secondary sanctions",
        subtitle=subtitle(seen),
        sections=(
            Section("overview", "Overview", (_headline(seen), _bands(snapshot))),
            Section("alerts", "Alerts", (alerts_grid(snapshot, seen["alerts"]),)),
            Section("trend", "Trend", trend_blocks(snapshot)),
            Section("banks", "Banks", bank_blocks(snapshot)),
            Section("corridors", "Corridors", corridor_blocks(snapshot)),
            Section("customers", "Customers", _customers(snapshot)),
            Section("rejected", "Rejected", (rejected_grid(snapshot),)),
            Section("not-checked", "Not checked", not_checked_blocks(snapshot)),
            Section("runs", "Runs and lists", (runs_grid(snapshot), lists_grid(snapshot))),
        ),
        foot=(foot(seen),),
    )


def overview(snapshot: Snapshot) -> dict[str, Any]:
    """The snapshot's counts in one row."""
    return snapshot.records("FROM overview()")[0]


def subtitle(seen: Mapping[str, Any]) -> str:
    """The span of value dates and the runs behind a report; `seen` as `overview` has it."""
    first, last, runs = seen["first_value_date"], seen["last_value_date"], seen["runs"]
    span = f"value dates {first} to {last}" if first else "no value date"
    return f"{span}; {runs} run{'' if runs == 1 else 's'}, last {seen['last_run_id'] or 'none'}"


def foot(seen: Mapping[str, Any]) -> str:
    """Model and program behind a report; `seen` as `overview` has it."""
    if not seen["runs"]:
        return "No run is published."
    return (
        f"Risk model {seen['model_version']}, program {seen['program_version']}. Scores rank "
        "payments for review; what the model was trained on and its limits stand in its card."
    )


def _headline(seen: Mapping[str, Any]) -> Facts:
    return Facts(
        (
            ("Messages read", shown(seen["messages"])),
            ("Transfers counted", shown(seen["payments"])),
            ("Pieces rejected", shown(seen["rejected"])),
            ("Alerts", shown(seen["alerts"])),
            ("Alerts by a hard rule", shown(seen["obligations"])),
            ("Alerts undecided", shown(seen["undecided"])),
        ),
        is_headline=True,
    )


def _bands(snapshot: Snapshot) -> Grid:
    columns = (
        Column("band", "Band", "band"),
        Column("transactions", "Transactions", "count"),
        Column("amount_usd", "Value, USD", "money"),
        Column("persons", "11(a)(i) persons", "count"),
        Column("items", "11(a)(ii) items", "count"),
        Column("exceptions", "With a possible exception", "count"),
    )
    records = snapshot.records("FROM scores_by_band()")
    return Grid.of("bands", "Transactions by band", columns, records)


def alerts_grid(snapshot: Snapshot, total: int) -> Grid:
    """The worst alerts of so many, worst first."""
    columns = (
        Column("alert_id", "Alert", "code"),
        Column("reference", "Reference", "code"),
        Column("value_date", "Value date", "date"),
        Column("band", "Band", "band"),
        Column("score", "Score", "score"),
        Column("obligation", "Hard rule"),
        Column("amount_usd", "USD", "money"),
        Column("corridor", "Corridor"),
        Column("headline", "Strongest reason"),
        Column("status", "Status"),
    )
    records = snapshot.records("FROM alert_list(most := $most)", {"most": _ALERTS_MAX})
    note = "Evidence of one alert: scanner explain ALERT"
    if total > _ALERTS_MAX:
        note = f"The {_ALERTS_MAX:,} worst of {total:,} alerts. {note}"
    return Grid.of("alerts", "Alerts, worst first", columns, records, note)


def trend_blocks(snapshot: Snapshot) -> tuple[Block, ...]:
    """Exposed value by month, with the dates that changed the law."""
    columns = (
        Column("month", "Month", "date"),
        Column("payments", "Payments", "count"),
        Column("value_usd", "Value, USD", "money"),
        Column("exposed_payments", "Exposed", "count"),
        Column("exposed_value_usd", "Exposed value, USD", "money"),
        Column("obligation_alerts", "Alerts by a hard rule", "count"),
    )
    records = snapshot.records("FROM exposure_by_month()")
    note = "Payments without a value date have no month. Exposed: in review or escalate."
    grid = Grid.of("trend", "Exposure by month of the value date", columns, records, note)
    dated = {r["month"]: r for r in records}
    if not dated:
        return (Note("No payment has a value date."), grid)
    months = months_between(min(dated), max(dated))
    drawing = bars_over_time(
        months,
        [float(dated[m]["exposed_value_usd"]) if m in dated else 0.0 for m in months],
        [float(dated[m]["value_usd"]) if m in dated else 0.0 for m in months],
        title="Exposed and total value by month",
        part_words="exposed, USD",
        whole_words="all payments, USD",
        events=EVENTS,
    )
    caption = "Value of exposed payments before the value of all payments, by month."
    return (Figure(drawing, caption, grid),)


def months_between(first: date, last: date) -> list[date]:
    """First days of the months from one date to another, both included."""
    months = [first.replace(day=1)]
    # More than thirty years of months tells of a mistyped date, which must not cost the page.
    while months[-1] < last.replace(day=1) and len(months) < 360:
        year, month = divmod(months[-1].year * 12 + months[-1].month, 12)
        months.append(date(year, month + 1, 1))
    return months


def bank_blocks(snapshot: Snapshot) -> tuple[Block, ...]:
    """Banks by the exposure that they bring."""
    columns = (
        Column("bank_bic8", "Bank", "code"),
        Column("payments", "Payments", "count"),
        Column("value_usd", "Value, USD", "money"),
        Column("exposed_payments", "Exposed", "count"),
        Column("exposed_value_usd", "Exposed value, USD", "money"),
        Column("exposed_share", "Share", "share"),
        Column("listed_payments", "Listed", "count"),
        Column("owned_payments", "Owned", "count"),
        Column("goods_payments", "Goods", "count"),
    )
    records = snapshot.records("FROM banks_over_months()")
    grid = Grid.of("banks", "Banks that take part in payments", columns, records)
    worst = [r for r in records if r["exposed_payments"]][:_BANKS_SHOWN]
    if not worst:
        return (Note("No bank takes part in an exposed payment."), grid)
    drawing = ranking(
        [r["bank_bic8"] for r in worst],
        [float(r["exposed_value_usd"]) for r in worst],
        [float(r["value_usd"]) for r in worst],
        title="Banks by exposed value, USD",
    )
    return (Figure(drawing, "Exposed value (red) of all value, USD, by bank.", None), grid)


def corridor_blocks(snapshot: Snapshot) -> tuple[Block, ...]:
    """Pairs of countries by exposed value."""
    columns = (
        Column("debtor_country", "From"),
        Column("creditor_country", "To"),
        Column("payments", "Payments", "count"),
        Column("value_usd", "Value, USD", "money"),
        Column("exposed_payments", "Exposed", "count"),
        Column("exposed_value_usd", "Exposed value, USD", "money"),
        Column("exposed_share", "Share", "share"),
        Column("listed_payments", "Listed", "count"),
        Column("goods_payments", "Goods", "count"),
    )
    records = snapshot.records("FROM corridors_over_months()")
    note = "An empty country means that no signal of the payment gives it."
    grid = Grid.of("corridors", "Corridors", columns, records, note)
    values: dict[tuple[str, str], float] = {}
    for r in records:
        if r["exposed_value_usd"]:
            pair = (r["debtor_country"] or "none", r["creditor_country"] or "none")
            values[pair] = float(r["exposed_value_usd"])
    if not values:
        return (Note("No corridor carries an exposed payment."), grid)
    rows = _heaviest({p[0] for p in values}, values, 0)
    names = _heaviest({p[1] for p in values}, values, 1)
    drawing = heat_map(rows, names, values, title="Exposed value by corridor, USD")
    caption = "Exposed value, USD: debtor's country in rows, creditor's in columns."
    return (Figure(drawing, caption, None), grid)


def _heaviest(names: set[str], values: dict[tuple[str, str], float], side: int) -> list[str]:
    weight = {n: sum(v for pair, v in values.items() if pair[side] == n) for n in names}
    return sorted(names, key=lambda n: (-weight[n], n))[:_COUNTRIES_SHOWN]


def _customers(snapshot: Snapshot) -> tuple[Block, ...]:
    columns = (
        Column("customer_id", "Customer", "code"),
        Column("name", "Name"),
        Column("country", "Country"),
        Column("payments", "Payments", "count"),
        Column("value_usd", "Value, USD", "money"),
        Column("exposed_payments", "Exposed", "count"),
        Column("exposed_value_usd", "Exposed value, USD", "money"),
        Column("exposed_share", "Share", "share"),
        Column("listed_payments", "Listed", "count"),
        Column("owned_payments", "Owned", "count"),
        Column("goods_payments", "Goods", "count"),
    )
    records = [r for r in snapshot.records("FROM exposure_by_customer()") if r["exposed_payments"]]
    if not records:
        return (Note("No customer of the bank's file takes part in an exposed payment."),)
    return (Grid.of("customers", "Customers with exposed payments", columns, records),)


def rejected_grid(snapshot: Snapshot) -> Grid:
    """What could not be read, by reason."""
    columns = (
        Column("reason_code", "Reason", "code"),
        Column("message_type", "Type", "code"),
        Column("pieces", "Pieces", "count"),
        Column("files", "Files", "count"),
        Column("example", "First example"),
        Column("source", "Where"),
    )
    records = snapshot.records("FROM rejected_by_reason()")
    note = "One by one: scanner rejected list"
    return Grid.of("rejected", "Pieces that could not be read", columns, records, note)


def not_checked_blocks(snapshot: Snapshot) -> tuple[Block, ...]:
    """What silence must not be taken for."""
    records = snapshot.records("FROM not_assessed()")
    if not records:
        return (Note("Nothing is recorded as not assessable."),)
    columns = (
        Column("what", "What"),
        Column("detail", "Detail", "code"),
        Column("transactions", "Count", "count"),
    )
    words = "These were not checked. They are not clear: data was missing or could not be read."
    return (
        Note(words, is_warning=True),
        Grid.of("not_checked", "Not checked", columns, records),
    )


def runs_grid(snapshot: Snapshot) -> Grid:
    """Every run with its counts and the hashes of what it rests on."""
    columns = (
        Column("run_id", "Run", "code"),
        Column("as_of", "Knowledge of", "date"),
        Column("source_files", "Files", "count"),
        Column("messages", "Messages", "count"),
        Column("rejected", "Rejected", "count"),
        Column("transactions", "Transactions", "count"),
        Column("hits", "Hits", "count"),
        Column("alerts", "Alerts", "count"),
        Column("model_version", "Model", "code"),
        Column("inputs_sha256", "Inputs SHA-256", "code"),
        Column("lists_sha256", "Lists SHA-256", "code"),
        Column("config_sha256", "Settings SHA-256", "code"),
    )
    records = snapshot.matching(TABLES["runs"])
    return Grid.of("runs", "Runs", columns, records)


def lists_grid(snapshot: Snapshot) -> Grid:
    """Every list version that stands behind the hits."""
    columns = (
        Column("list", "List", "code"),
        Column("version", "Version", "code"),
        Column("version_date", "Date", "date"),
        Column("entry_count", "Entries", "count"),
        Column("name_count", "Names", "count"),
        Column("rejected_count", "Rows refused", "count"),
        Column("is_active", "Active"),
        Column("sha256", "SHA-256", "code"),
    )
    records = snapshot.matching(TABLES["list_versions"])
    return Grid.of("lists", "List versions", columns, records)

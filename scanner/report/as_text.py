"""An explanation as plain text for a terminal; marked text stands between ⟦ and ⟧.

Pure. What a message says is passed through `visible`, given by the caller, so
that no character of it can act on the terminal.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from scanner.report.explanation import Explanation, Hit, MarkedField, Row
from scanner.report.words import effect_of, facts_in, money

Visible = Callable[[str], str]
_FIELD_MAX = 4_000


def as_text(explanation: Explanation, *, visible: Visible) -> str:
    """Write an explanation for a person at a terminal.

    Args:
        explanation: The evidence.
        visible: Makes control and bidirectional characters of a text visible.
    """
    return "\n".join(_lines(explanation, visible)) + "\n"


def _lines(e: Explanation, visible: Visible) -> Iterator[str]:
    t, show = e.transaction, _shower(visible)
    yield (
        f"{show(t['message_type'])} {show(t['reference'])}  {show(t['kind'])}  "
        f"{show(t['value_date'] or 'no value date')}  {money(show(t['currency']), t['amount'])}"
        + (f"  = USD {t['amount_usd']:,.2f}" if t["amount_usd"] is not None else "")
    )
    yield (
        f"  {show(t['debtor_name'] or '?')} ({show(t['debtor_country'] or '?')})"
        f" -> {show(t['creditor_name'] or '?')} ({show(t['creditor_country'] or '?')})"
    )
    yield f"  transaction {show(t['transaction_id'])}, payment {show(t['payment_id'])}" + (
        f", UETR {show(t['uetr'])}" if t["uetr"] else ""
    )
    if e.message:
        yield (
            f"  source {show(e.message['source_file'])}, byte {e.message['byte_offset']}, "
            f"{e.message['byte_length']} bytes"
        )
        yield from (f"  repaired: {show(words)}" for words in e.message["repairs"] or ())
    yield from _verdict(e, show)
    yield from _section("reasons", (_reason(r, show) for r in e.reasons))
    yield from _section("what would have to change", map(show, e.counterfactual))
    yield from _section("fields", (line for f in e.fields for line in _field(f, show)))
    yield from _section("hits", (line for hit in e.hits for line in _hit(hit, show)))
    yield from _section(
        "goods",
        (
            f"G{n} {show(g['matched_text'])} in {show(g['field_path'])}: tier "
            f"{show(g['chpl_tier'] or '-')}, HS {show(g['hs6'] or '-')}, "
            f"confidence {g['confidence']:.2f}; {show(g['because'])}"
            for n, g in enumerate(e.goods, 1)
        ),
    )
    yield from _section("ownership", (_ownership(row, show) for row in e.ownership))
    yield from _section("indicators", (_indicator(i, show) for i in e.indicators))
    yield from _section(
        "not assessable (this is not the same as clear)",
        (f"{show(i['code'])}: {_evidence(i, show)}" for i in e.not_assessable),
    )
    yield from _section("messages of this payment", (_linked(row, show) for row in e.linked))
    yield from _section(
        "significance factors (no threshold: a person weighs the whole)",
        (f"{show(r['factor'])} {show(r['words'])}: {_evidence(r, show)}" for r in e.significance),
    )
    yield from _section("banks", (_bank(row, show) for row in e.banks))
    yield from _section("other payments of the parties", (_past(row, show) for row in e.history))
    yield from _section("decisions", (_decision(row, show) for row in e.decisions))
    yield from _section(
        "the key also names",
        (
            f"{show(o['transaction_id'])}  {show(o['message_type'])}  {show(o['value_date'])}  "
            f"{show(o['band'] or '-')}"
            for o in e.others
        ),
    )
    if e.score and e.run:
        yield (
            f"\nmodel {show(e.score['model_version'])}, run {show(e.score['run_id'])}, "
            f"lists {e.run['lists_sha256'][:12]}, evidence {e.evidence_sha256()[:12]}"
        )


def _shower(visible: Visible) -> Callable[[Any], str]:
    return lambda value: visible(str(value)) if value is not None else "-"


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    for position, line in enumerate(lines):
        if position == 0:
            yield f"\n{title}"
        yield f"  {line}"


def _verdict(e: Explanation, show: Callable[[Any], str]) -> Iterator[str]:
    if e.score is None:
        yield "\nnot scored"
        return
    s = e.score
    value = "cannot score" if s["score"] is None else f"score {s['score']:.3f}"
    line = f"\n{value}  band {show(s['band'])}"
    if s["obligation"]:
        line += f"  obligation: {show(', '.join(s['obligation_codes'] or ()) or 'yes')}"
    yield line
    basis = f"; {show(s['limb_basis'])}" if s["limb_basis"] else ""
    yield (
        f"  section 11(a)(i) persons: {show(s['limb_persons'])}; "
        f"11(a)(ii) items: {show(s['limb_items'])}{basis}"
    )
    if s["exception"]:
        yield f"  exception that may apply: {show(s['exception'])}"
    if e.alert:
        yield f"  alert {show(e.alert['alert_id'])}, status {show(e.alert['status'])}" + (
            f", assigned to {show(e.alert['assigned_to'])}" if e.alert["assigned_to"] else ""
        )
        if e.alert["reopened_because"]:
            yield f"  new since it was cleared: {show(', '.join(e.alert['reopened_because']))}"


def _reason(reason: Row, show: Callable[[Any], str]) -> str:
    effect, value = effect_of(reason)
    words = f"{show(reason['code'])}: {show(reason['words'])}"
    return f"{value:>6} {effect if value else 'rule':<6}  {words}"


def _field(field: MarkedField, show: Callable[[Any], str]) -> Iterator[str]:
    text = "".join(
        f"⟦{show(p.text)}⟧{','.join(p.findings)}" if p.findings else show(p.text)
        for p in field.pieces
    )
    if len(text) > _FIELD_MAX:
        text = f"{text[:_FIELD_MAX]}… ({len(field.text)} characters)"
    yield f"{show(field.label)} [{show(field.field_path)}]  {text.replace(chr(92) + 'n', ' / ')}"
    if field.note:
        yield f"    not screened: {show(field.note)}"


def _hit(hit: Hit, show: Callable[[Any], str]) -> Iterator[str]:
    row = hit.row
    yield (
        f"{hit.number} {row['score']:.2f} {show(row['match_kind'])}: "
        f"{show(row['matched_text'])} in {show(row['role'] or row['text_kind'])} "
        f"[{show(row['field_path'])}]"
        + ("" if hit.is_marked else "  (not marked: the place in the field is not known)")
    )
    yield (
        f"    {show(row['entry_id'])} {show(row['entry_name'])}; "
        f"matched {show(row['matched_name'])}"
    )
    if hit.entry:
        yield (
            f"    {show(', '.join(hit.entry['programs'] or ()))}; {show(hit.entry['measure'])}; "
            f"listed on {show(hit.entry['listed_on'] or 'date not known')}"
        )
    else:
        yield "    the entry is not in the list's present version"
    known = {True: "listed on the payment's date", False: "listed only after the payment's date"}
    yield (
        f"    list {show(row['list'])} {show(row['list_version'])}; "
        + known.get(row["known_on_payment_date"], "not known whether listed on the payment's date")
    )
    yield f"    because {show(row['because'])}"
    if row["is_suppressed"]:
        yield f"    suppressed: {show(row['suppression'])}"


def _ownership(row: Row, show: Callable[[Any], str]) -> str:
    share = "share not known" if row["share_percent"] is None else f"{row['share_percent']:g} %"
    return f"{show(' <- '.join(row['path']))}  {share}  {show(row['owner_entry'])}"


def _indicator(row: Row, show: Callable[[Any], str]) -> str:
    return (
        f"{show(row['code'])} ({show(row['level'])}, {show(row['limb'])}, "
        f"strength {row['strength']:.2f}): {_evidence(row, show)}  [{show(row['source'])}]"
    )


def _evidence(row: Row, show: Callable[[Any], str]) -> str:
    return show("; ".join(f"{k} {v}".strip() for k, v in facts_in(row["evidence"])))


def _linked(row: Row, show: Callable[[Any], str]) -> str:
    return (
        f"{show(row['created_on'] or row['value_date'])}  {show(row['message_type'])}  "
        f"{show(row['sender_bic'])} -> {show(row['receiver_bic'])}  {show(row['reference'])}  "
        f"{show(row['transaction_id'])}"
    )


def _bank(row: Row, show: Callable[[Any], str]) -> str:
    words = f"{show(row['bank_bic8'])} {show(row['role'])}"
    if row["month"] is None:
        return words
    return (
        f"{words}: {row['exposed_count']} of {row['payments']} payments exposed in "
        f"{row['month']:%Y-%m}, USD {row['exposed_value_usd']:,.0f} of {row['value_usd']:,.0f}"
        + ("; LISTED" if row["is_listed"] else "")
    )


def _past(row: Row, show: Callable[[Any], str]) -> str:
    return (
        f"{show(row['value_date'])}  {show(row['reference'])}  same {show(row['same'])} as "
        f"{show(row['there_as'])}  {money(show(row['currency']), row['amount'])}  "
        f"{show(row['band'] or '-')}"
    )


def _decision(row: Row, show: Callable[[Any], str]) -> str:
    return (
        f"{row['decided_at_utc']:%Y-%m-%dT%H:%MZ}  {show(row['decided_by'])}  "
        f"{show(row['action'])} -> {show(row['status'])}: {show(row['reason'])}"
    )

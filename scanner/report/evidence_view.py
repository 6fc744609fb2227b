"""An explanation in the shape that a page shows: tables, a chain drawing, marked fields.

Pure; shared by the alert report, the evidence pack and the review page.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from scanner.report.document import shown
from scanner.report.explanation import Explanation, MarkedField, Row
from scanner.report.svg import Node, chain
from scanner.report.words import effect_of, facts_in, money

_PATHS_DRAWN = 6

# The way of the money through a message's roles.
_ORDER = (
    "ultimate_debtor",
    "debtor",
    "debtor_agent",
    "instructing_agent",
    "instructing_reimbursement_agent",
    "intermediary_agent_1",
    "intermediary_agent_2",
    "intermediary_agent_3",
    "creditor_agent",
    "creditor",
    "ultimate_creditor",
)


@dataclass(frozen=True)
class EvidenceView:
    """What a page shows of one payment.

    Attributes:
        title: Type and reference.
        facts: Labels with values.
        chain: Drawing of the parties in the order of the money.
        ownership: Drawings of the paths from listed owners to the payment's parties.
        significance: The seven factors of the payment and its banks: subject, factor, words.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    chain: Markup | None
    ownership: tuple[Markup, ...]
    significance: tuple[tuple[str, str, str], ...]


def evidence_view(e: Explanation) -> EvidenceView:
    """Shape an explanation for a page."""
    t, s = e.transaction, e.score
    facts = [
        ("Kind", shown(t["kind"])),
        ("Value date", shown(t["value_date"]) or "not known"),
        ("Amount", money(t["currency"], t["amount"])),
        ("In US dollars", shown(t["amount_usd"], "money") or "not known"),
        ("Debtor", f"{t['debtor_name'] or '?'} ({t['debtor_country'] or '?'})"),
        ("Creditor", f"{t['creditor_name'] or '?'} ({t['creditor_country'] or '?'})"),
        ("UETR", shown(t["uetr"])),
        ("Transaction", shown(t["transaction_id"])),
        ("Payment", shown(t["payment_id"])),
    ]
    if e.message:
        facts.append(("Source", f"{e.message['source_file']}, byte {e.message['byte_offset']:,}"))
    if s:
        facts += [
            ("Score", "cannot score" if s["score"] is None else shown(s["score"], "score")),
            ("Band", shown(s["band"])),
            ("Obligation", shown(s["obligation_codes"]) or shown(s["obligation"])),
            ("Section 11(a)(i), persons", shown(s["limb_persons"])),
            ("Section 11(a)(ii), items", shown(s["limb_items"])),
            ("Basis", shown(s["limb_basis"])),
            ("Exception that may apply", shown(s["exception"])),
            ("Model", shown(s["model_version"])),
        ]
    if e.payment:
        facts.append(("State of the payment", shown(e.payment["status"])))
    return EvidenceView(
        title=f"{t['message_type']} {t['reference'] or t['transaction_id']}",
        facts=tuple((label, value) for label, value in facts if value),
        chain=_chain(e),
        ownership=tuple(_ownership_graph(row) for row in e.ownership[:_PATHS_DRAWN]),
        significance=_significance(e),
    )


def _chain(e: Explanation) -> Markup | None:
    ordered: list[MarkedField] = sorted(
        (f for f in e.fields if f.label in _ORDER), key=lambda f: _ORDER.index(f.label)
    )
    nodes = [
        Node(
            f.facts.get("name") or f.facts.get("bic") or "?",
            " ".join(
                part for part in (f.label.replace("_", " "), f.facts.get("country", "")) if part
            ),
            bool(f.findings),
        )
        for f in ordered
    ]
    if len(nodes) < 2:
        return None
    links = [""] * (len(nodes) - 1)
    return chain(nodes, links, title="Parties of the payment in the order of the money")


def _ownership_graph(row: Row) -> Markup:
    """One path, from the listed owner down to the firm, with the share on each step."""
    names, shares = row["path"][::-1], row["shares"][::-1]
    nodes = [
        Node(
            name,
            str(row["owner_entry"]) if at == 0 else "party" if at == len(names) - 1 else "between",
            is_found=at == 0,
        )
        for at, name in enumerate(names)
    ]
    links = ["?" if share is None else f"{share:g} %" for share in shares]
    return chain(nodes, links, title=f"{names[0]} owns {names[-1]}")


def _significance(e: Explanation) -> tuple[tuple[str, str, str], ...]:
    made = [("this payment", str(row["words"]), _joined(row["evidence"])) for row in e.significance]
    seen = set()
    for bank in e.banks:
        if not bank["significance"] or bank["bank_bic8"] in seen:
            continue
        seen.add(bank["bank_bic8"])
        made += [(str(bank["bank_bic8"]), k, v) for k, v in facts_in(bank["significance"])]
    return tuple(made)


def _joined(evidence: str) -> str:
    return "; ".join(f"{label} {words}".strip() for label, words in facts_in(evidence))


def _reason_rows(e: Explanation) -> list[tuple[str, ...]]:
    return [
        (
            *effect_of(r),
            shown(r["code"]),
            shown(r["words"]),
        )
        for r in e.reasons
    ]


def _goods_rows(e: Explanation) -> list[tuple[str, ...]]:
    return [
        (
            f"G{n}",
            shown(g["matched_text"]),
            shown(g["field_path"]),
            shown(g["chpl_tier"]),
            shown(g["hs6"]),
            f"{g['confidence']:.2f}",
            shown(g["because"]),
        )
        for n, g in enumerate(e.goods, 1)
    ]


def _ownership_rows(e: Explanation) -> list[tuple[str, ...]]:
    return [
        (
            " ← ".join(row["path"]),
            "not known" if row["share_percent"] is None else f"{row['share_percent']:g} %",
            shown(row["owner_entry"]),
            shown(sorted(set(row["sources"]))),
        )
        for row in e.ownership
    ]


def _indicator_rows(rows: Iterable[Row]) -> list[tuple[str, ...]]:
    return [
        (
            shown(i["code"]),
            shown(i["level"]),
            shown(i["limb"]),
            f"{i['strength']:.2f}",
            _joined(i["evidence"]),
            shown(i["source"]),
        )
        for i in rows
    ]


def _linked_rows(e: Explanation) -> list[tuple[str, ...]]:
    return [
        (
            shown(row["created_on"] or row["value_date"]),
            shown(row["message_type"]),
            shown(row["sender_bic"]),
            shown(row["receiver_bic"]),
            shown(row["reference"]),
            money(row["currency"], row["amount"]),
            shown(row["band"]),
        )
        for row in e.linked
    ]


def _history_rows(e: Explanation) -> list[tuple[str, ...]]:
    return [
        (
            shown(row["value_date"]),
            shown(row["reference"]),
            shown(row["same"]),
            shown(row["there_as"]),
            money(row["currency"], row["amount"]),
            shown(row["band"]),
        )
        for row in e.history
    ]


def _decision_rows(e: Explanation) -> list[tuple[str, ...]]:
    return [
        (
            shown(row["decided_at_utc"]),
            shown(row["decided_by"]),
            shown(row["action"]),
            shown(row["status"]),
            shown(row["reason"]),
        )
        for row in e.decisions
    ]


EVIDENCE_ROWS = {
    "reason_rows": _reason_rows,
    "goods_rows": _goods_rows,
    "ownership_rows": _ownership_rows,
    "indicator_rows": _indicator_rows,
    "linked_rows": _linked_rows,
    "history_rows": _history_rows,
    "decision_rows": _decision_rows,
}
"""What the templates call to make the rows of the evidence's tables."""

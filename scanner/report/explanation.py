"""Everything that is known of one payment, gathered from the snapshot.

The evidence of a score in the order in which an investigator reads it: what the
payment is, what was found in which field, which list entry that meets, why the
score is what it is, which messages belong to the payment, and what could not be
assessed.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scanner.errors import UsageError
from scanner.report.counterfactual import counterfactual
from scanner.report.highlight import Mark, Piece, mark_of, pieces
from scanner.schema import TABLES
from scanner.warehouse.readonly import Snapshot

Row = Mapping[str, Any]

_HISTORY_MAX = 25
_OTHERS_MAX = 20


@dataclass(frozen=True)
class MarkedField:
    """One party or text of the message, cut into marked and plain pieces.

    Attributes:
        label: Role of the party or kind of the text.
        field_path: Where it stands in the message.
        is_agent: Whether it names a bank.
        pieces: The text as received.
        facts: Name, country, BIC and so on as read from it.
        note: Why part of it could not be screened, if so.
    """

    label: str
    field_path: str
    is_agent: bool
    pieces: tuple[Piece, ...]
    facts: Mapping[str, str]
    note: str | None = None

    @property
    def text(self) -> str:
        """The text as received."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def findings(self) -> tuple[str, ...]:
        """The findings marked in it, in order."""
        return tuple(dict.fromkeys(f for piece in self.pieces for f in piece.findings))


@dataclass(frozen=True)
class Hit:
    """One hit with the list entry that it met.

    Attributes:
        number: Label of the mark in the field, such as H1.
        row: Row of `hits`.
        entry: Row of `list_entries`; None where the entry has left the list.
        names: The entry's names with their quality.
        version: Row of `list_versions`.
        is_marked: Whether the span fits the field.
    """

    number: str
    row: Row
    entry: Row | None
    names: tuple[Row, ...]
    version: Row | None
    is_marked: bool


@dataclass(frozen=True)
class Explanation:
    """What an investigator needs to decide on one payment."""

    key: str
    transaction: Row
    message: Row
    score: Row | None
    alert: Row | None
    payment: Row | None
    fields: tuple[MarkedField, ...]
    hits: tuple[Hit, ...]
    goods: tuple[Row, ...]
    indicators: tuple[Row, ...]
    not_assessable: tuple[Row, ...]
    reasons: tuple[Row, ...]
    ownership: tuple[Row, ...]
    linked: tuple[Row, ...]
    history: tuple[Row, ...]
    banks: tuple[Row, ...]
    significance: tuple[Row, ...]
    decisions: tuple[Row, ...]
    counterfactual: tuple[str, ...]
    others: tuple[Row, ...]
    run: Row | None

    def evidence_sha256(self) -> str:
        """Hash of what a person decides on; it changes when new evidence appears."""
        return evidence_digest(
            {
                "transaction": self.transaction,
                "score": self.score,
                "hits": [{"row": hit.row} for hit in self.hits],
                "indicators": self.indicators,
                "reasons": self.reasons,
            }
        )


def evidence_digest(evidence: Mapping[str, Any]) -> str:
    """Hash of an explanation's deciding parts, also when it was read back from JSON."""
    score = evidence["score"] or {}
    parts = [
        evidence["transaction"]["transaction_id"],
        sorted(
            [row["hit_id"], row["entry_id"], row["matched_text"], str(bool(row["is_suppressed"]))]
            for row in (hit["row"] for hit in evidence["hits"])
        ),
        sorted([str(row["code"]), str(row["evidence"])] for row in evidence["indicators"]),
        [[row["code"], row["words"]] for row in evidence["reasons"]],
        [score.get("band"), bool(score.get("obligation")), score.get("obligation_codes")],
    ]
    return hashlib.sha256(
        json.dumps(parts, ensure_ascii=False).encode(errors="replace")
    ).hexdigest()


def explain(snapshot: Snapshot, key: str) -> Explanation:
    """Gather the evidence on one payment.

    Args:
        snapshot: The published database.
        key: A reference, transaction_id, alert_id, payment_id, UETR, end-to-end or
            instruction identifier. Where it names several transactions, the one with
            the strongest finding is explained and the others are listed.

    Raises:
        UsageError: No transaction bears the key.
    """
    snapshot.require_current()
    found = snapshot.records("FROM find_payment($key)", {"key": key.strip()})
    if not found:
        raise UsageError(
            "no transaction bears this reference or identifier",
            where=key,
            hint="list alerts with `scanner alerts list`, or search with `scanner sql`",
        )
    transaction_id = str(found[0]["transaction_id"])
    transaction = _only(snapshot, "transactions", transaction_id=transaction_id)
    assert transaction is not None
    message = _only(snapshot, "messages", message_id=transaction["message_id"])
    score = _only(snapshot, "scores", transaction_id=transaction_id)
    alert = _only(snapshot, "alerts", transaction_id=transaction_id)
    hits = snapshot.matching(TABLES["hits"], transaction_id=transaction_id)
    hits.sort(key=lambda row: (row["is_suppressed"] is True, -row["score"], row["hit_id"]))
    goods = snapshot.matching(TABLES["goods_found"], transaction_id=transaction_id)
    indicators = snapshot.matching(TABLES["indicators"], transaction_id=transaction_id)
    numbered = {f"H{n}": row for n, row in enumerate(hits, 1)}
    numbered |= {f"G{n}": row for n, row in enumerate(goods, 1)}
    fields = _header(message or {}, numbered) + _fields(snapshot, transaction_id, numbered)
    marked = {finding for field in fields for finding in field.findings}
    payment_id = transaction["payment_id"]
    linked = _linked(snapshot, transaction)
    reasons = tuple(score["reasons"] or ()) if score else ()
    return Explanation(
        key=key,
        transaction=transaction,
        message=message or {},
        score=score,
        alert=alert,
        payment=_only(snapshot, "payments", payment_id=payment_id) if payment_id else None,
        fields=fields,
        hits=tuple(
            _with_entry(snapshot, number, row, is_marked=number in marked)
            for number, row in numbered.items()
            if number.startswith("H")
        ),
        goods=tuple(goods),
        indicators=tuple(i for i in indicators if i["outcome"] == "found"),
        not_assessable=tuple(i for i in indicators if i["outcome"] != "found"),
        reasons=reasons,
        ownership=_ownership(snapshot, transaction, hits),
        linked=linked,
        history=tuple(
            snapshot.records(
                "FROM party_history($id) LIMIT $most", {"id": transaction_id, "most": _HISTORY_MAX}
            )
        ),
        banks=tuple(snapshot.records("FROM banks_of($id)", {"id": transaction_id})),
        significance=tuple(
            snapshot.matching(
                TABLES["significance"], subject_kind="payment", subject=transaction_id
            )
        ),
        decisions=(
            tuple(
                sorted(
                    snapshot.matching(TABLES["decisions"], alert_id=alert["alert_id"]),
                    key=lambda row: row["sequence"],
                )
            )
            if alert
            else ()
        ),
        counterfactual=counterfactual(snapshot, score, reasons),
        others=_others(found, transaction_id, linked),
        run=_only(snapshot, "runs", run_id=score["run_id"]) if score else None,
    )


def _only(snapshot: Snapshot, table: str, **equal: object) -> Row | None:
    rows = snapshot.matching(TABLES[table], **equal)
    return rows[0] if rows else None


def _header(message: Row, numbered: Mapping[str, Row]) -> tuple[MarkedField, ...]:
    """Sender and receiver of the message, where a hit is on them: they are no party of a field."""
    made = []
    for role in ("sender", "receiver"):
        findings = {n: row for n, row in numbered.items() if row.get("role") == role}
        bic = message.get(f"{role}_bic")
        if not findings or bic is None:
            continue
        made_marks = (mark_of(bic, n, None, row["matched_text"]) for n, row in findings.items())
        marks = [mark for mark in made_marks if mark is not None]
        path = next(iter(findings.values()))["field_path"]
        made.append(MarkedField(role, path, True, pieces(bic, marks), {"bic": bic}))
    return tuple(made)


def _fields(
    snapshot: Snapshot, transaction_id: str, numbered: Mapping[str, Row]
) -> tuple[MarkedField, ...]:
    parties = snapshot.matching(TABLES["parties"], transaction_id=transaction_id)
    texts = snapshot.matching(TABLES["texts"], transaction_id=transaction_id)
    made = []
    for party in parties:
        text = party["raw"] or party["name"] or party["bic"] or ""
        findings = {
            n: row
            for n, row in numbered.items()
            if row.get("role") == party["role"] and row["field_path"] == party["field_path"]
        }
        facts = {
            name: str(party[name])
            for name in (
                "name",
                "address",
                "town",
                "country",
                "account",
                "bic",
                "lei",
                "clearing_code",
                "identifier",
            )
            if party[name] is not None
        }
        made.append(
            MarkedField(
                party["role"],
                party["field_path"],
                party["is_agent"],
                pieces(text, _marks(text, findings)),
                facts,
                party["unscreened"],
            )
        )
    for text_row in texts:
        findings = {
            n: row
            for n, row in numbered.items()
            if row.get("text_kind") == text_row["kind"]
            and row["field_path"] == text_row["field_path"]
        }
        made.append(
            MarkedField(
                text_row["kind"],
                text_row["field_path"],
                False,
                pieces(text_row["text"], _marks(text_row["text"], findings)),
                {},
                text_row["unscreened"],
            )
        )
    return tuple(made)


def _marks(text: str, findings: Mapping[str, Row]) -> Iterable[Mark]:
    made = (mark_of(text, n, row["span"], row["matched_text"]) for n, row in findings.items())
    return [mark for mark in made if mark is not None]


def _with_entry(snapshot: Snapshot, number: str, row: Row, *, is_marked: bool) -> Hit:
    return Hit(
        number,
        row,
        _only(snapshot, "list_entries", entry_id=row["entry_id"]),
        tuple(snapshot.matching(TABLES["list_names"], entry_id=row["entry_id"])),
        _only(snapshot, "list_versions", list=row["list"], version=row["list_version"]),
        is_marked,
    )


def _ownership(snapshot: Snapshot, transaction: Row, hits: Iterable[Row]) -> tuple[Row, ...]:
    names = [transaction["debtor_name"], transaction["creditor_name"]]
    names += [row["matched_name"] for row in hits if row["match_kind"] == "ownership"]
    wanted = sorted({name for name in names if name})
    return tuple(snapshot.records("FROM ownership_paths($names)", {"names": wanted}))


def _linked(snapshot: Snapshot, transaction: Row) -> tuple[Row, ...]:
    key = transaction["payment_id"] or transaction["transaction_id"]
    return tuple(snapshot.records("FROM payment_messages($key)", {"key": key}))


def _others(found: list[dict[str, Any]], shown: str, linked: Iterable[Row]) -> tuple[Row, ...]:
    known = {shown, *(row["transaction_id"] for row in linked)}
    return tuple(row for row in found if row["transaction_id"] not in known)[:_OTHERS_MAX]

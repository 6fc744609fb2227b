"""Screens a run's parties and texts: each distinct value once, results joined back."""

import hashlib
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from scanner.names.parsing import parse_name
from scanner.schema import TABLES
from scanner.screening.address_hits import AddressHit, address_hits
from scanner.screening.candidates import query_of
from scanner.screening.codes import CodeBook, CodeHit
from scanner.screening.contradictions import weigh
from scanner.screening.evidence import matched_span
from scanner.screening.index import Index
from scanner.screening.kept_answers import AnswerStore
from scanner.screening.locating import locate
from scanner.screening.matcher import CAPPED_MARGIN
from scanner.screening.name_answers import NameMatch, answer_names
from scanner.screening.suppressions import entry_hash, read_suppressions, suppression_of
from scanner.screening.text_answers import answers_to_texts
from scanner.screening.text_hits import TextMatch, best_matches
from scanner.warehouse import Warehouse

_CODE_MARGIN = 8.0
_SLACK = 0.35
_BANK_REASONS = {
    "bic": "BIC agrees on eight characters",
    "iban_bank": "the account's IBAN names this bank",
}
_SHOWING = ("name", "country", "is_agent", "raw", "bic", "account", "identifier")
"""All of a party that decides its findings."""
_SEVERAL = re.compile(
    r"\s+(?:OR|AND/OR)\s+"
    r"|\s*(?:\bO/B/O\b|\bC/O\b|\bON BEHALF OF\b|\bA/C OF\b|\bFOR ACCOUNT OF\b"
    r"|\bD/B/A\b|\bDBA\b|\bT/A\b)\s*",
    re.IGNORECASE,
)

_PARTIES = """
    SELECT p.transaction_id, p.role, p.name, p.address, p.country, p.bic, p.identifier, p.account,
        p.is_agent, p.field_path, p.raw, t.value_date
    FROM parties AS p JOIN transactions AS t USING (transaction_id)
    UNION ALL
    SELECT transaction_id, role, NULL, NULL, NULL, bic, NULL, NULL, TRUE, 'header', NULL, value_date
    FROM (
        SELECT transaction_id, 'sender' AS role, sender_bic AS bic, value_date FROM transactions
        UNION ALL
        SELECT transaction_id, 'receiver', receiver_bic, value_date FROM transactions
    ) WHERE bic IS NOT NULL
    ORDER BY ALL
"""
_TEXTS = """
    SELECT x.transaction_id, x.kind, x.text, x.field_path, t.value_date
    FROM texts AS x JOIN transactions AS t USING (transaction_id)
    ORDER BY ALL
"""


def screen(
    warehouse: Warehouse,
    index: Index,
    *,
    name_threshold: float,
    text_threshold: float,
    suppressions: Path | None = None,
    answers: Path | None = None,
    common_words: frozenset[str] | None = None,
) -> None:
    """Match the run's parties and texts with the lists and fill `hits`.

    Args:
        warehouse: Holds `parties`, `texts`, `transactions` and the list tables.
        index: The prepared lists.
        name_threshold: Least score of a hit by name.
        text_threshold: Least score of a name in free text.
        suppressions: CSV of good-guy rules.
        answers: Folder of answers to the same thresholds on the same basis by the same code,
            which are taken from and added to; None = all is compared anew.
        common_words: Words that name nobody in the run's texts (`changes.Changes`), where the
            tables hold some transactions of it; addresses are not looked up then, because how
            many share one is counted over the whole run (`address_rows`).
    """
    store = AnswerStore(answers, index) if answers else None
    facts = _EntryFacts(warehouse, index)
    book = CodeBook(index)
    rows: dict[str, dict[str, Any]] = {}
    for row in _party_hits(warehouse, index, facts, book, name_threshold, store):
        rows.setdefault(row["hit_id"], row)
    if common_words is None:
        for row in _address_hits(warehouse, facts):
            rows.setdefault(row["hit_id"], row)
    for row in _text_hits(warehouse, index, facts, book, text_threshold, store, common_words):
        rows.setdefault(row["hit_id"], row)
    warehouse.create(TABLES["hits"])
    warehouse.append("hits", _table(rows.values(), facts, suppressions))


def address_rows(warehouse: Warehouse, index: Index, suppressions: Path | None) -> pa.Table:
    """The rows of `hits` that rest on addresses.

    Args:
        warehouse: Holds `parties`, `transactions` and the list tables.
        index: The prepared lists.
        suppressions: CSV of good-guy rules.
    """
    facts = _EntryFacts(warehouse, index)
    rows: dict[str, dict[str, Any]] = {}
    for row in _address_hits(warehouse, facts):
        rows.setdefault(row["hit_id"], row)
    return _table(rows.values(), facts, suppressions)


def least_answer_score(threshold: float) -> float:
    """Least score of an answer to a name: what stands beside the name may add to it."""
    return max(0.0, threshold - _SLACK)


def _address_hits(warehouse: Warehouse, facts: "_EntryFacts") -> Iterator[dict[str, Any]]:
    for hit in address_hits(warehouse):
        yield _row(hit.party, _of_address(hit), facts)


def _table(
    rows: Iterable[dict[str, Any]], facts: "_EntryFacts", suppressions: Path | None
) -> pa.Table:
    rules = read_suppressions(suppressions) if suppressions else []
    made = []
    for row in rows:
        suppression = suppression_of(row, rules, facts.content_hash(row["entry_id"]))
        made.append({**row, "suppression": suppression, "is_suppressed": suppression is not None})
        del made[-1]["value_date"]  # only the rules ask for it
    return pa.Table.from_pylist(made, TABLES["hits"].arrow_schema)


@dataclass(frozen=True)
class _Finding:
    """One match, before it is joined to the transactions that hold the value."""

    list: str
    entry_id: str
    entry_name: str | None
    matched_name: str
    kind: str
    margin: float
    because: str
    span: tuple[int, int] | None
    text: str

    @property
    def score(self) -> float:
        """Probability that both are the same."""
        return _score(self.margin)


class _EntryFacts:
    """Facts on entries that a hit carries along."""

    def __init__(self, warehouse: Warehouse, index: Index) -> None:
        self._entries = {
            row["entry_id"]: row
            for row in warehouse.arrow(
                "SELECT entry_id, entry_name, entry_type, listed_on, listed_by, countries"
                " FROM list_entries"
            ).to_pylist()
        }
        self._versions = dict(
            warehouse.rows("SELECT list, max(version) FROM list_versions GROUP BY list")
        )
        self._names = index.names.select(
            ["entry_id", "list", "name", "entry_name", "entry_type", "countries"]
        )
        self._listed: dict[int, dict[str, Any]] = {}

    def listed(self, place: int) -> dict[str, Any]:
        """A listed name by its position, read when it is first met."""
        row = self._listed.get(place)
        if row is None:
            row = self._listed[place] = self._names.slice(place, 1).to_pylist()[0]
        return row

    def content_hash(self, entry_id: str) -> str:
        """Changes when the entry does; a suppression holds only while it stays."""
        return entry_hash(self._entries.get(entry_id, {}))

    def common(self, list_: str, entry_id: str, value_date: date | None) -> dict[str, Any]:
        """Columns of a hit that the entry decides."""
        entry = self._entries.get(entry_id, {})
        listed_on = entry.get("listed_on")
        known = _known_on(value_date, listed_on, entry.get("listed_by"))
        return {
            "list": list_,
            "list_version": self._versions.get(list_, "none"),
            "entry_id": entry_id,
            "entry_name": entry.get("entry_name"),
            "listed_on": listed_on,
            "known_on_payment_date": known,
        }


def _known_on(
    value_date: date | None, listed_on: date | None, listed_by: date | None
) -> bool | None:
    """Whether an entry was listed on a day; None between its earliest and latest listing day."""
    if value_date is None or listed_on is None:
        return None
    if value_date < listed_on:
        return False
    return True if value_date >= (listed_by or listed_on) else None


def _party_hits(
    warehouse: Warehouse,
    index: Index,
    facts: _EntryFacts,
    book: CodeBook,
    threshold: float,
    store: AnswerStore | None,
) -> Iterator[dict[str, Any]]:
    parties = warehouse.arrow(_PARTIES).to_pylist()
    variants = {p["name"]: variants_of(p["name"]) for p in parties if p["name"]}
    distinct = sorted({variant for found in variants.values() for variant in found})
    by_name = answer_names(distinct, index, min_score=least_answer_score(threshold), store=store)
    # Every third party is one that was seen before: what it shows is made once.
    made: dict[tuple[Any, ...], list[_Finding]] = {}
    for party in parties:
        seen = tuple(map(party.get, _SHOWING))
        findings = made.get(seen)
        if findings is None:
            findings = made[seen] = [
                *_codes_of(party, book),
                *(
                    finding
                    for variant in variants.get(party["name"], ())
                    for found in by_name.get(variant, ())
                    if (finding := _name_hit(party, variant, found, index, facts, threshold))
                ),
            ]
        for finding in findings:
            yield _row(party, finding, facts)


def variants_of(name: str) -> list[str]:
    """The name, and each party where a field names several."""
    parts = [part.strip() for part in _SEVERAL.split(name) if part and part.strip()]
    return list(dict.fromkeys([name, *parts] if len(parts) > 1 else [name]))


def _name_hit(
    party: dict[str, Any],
    name: str,
    found: NameMatch,
    index: Index,
    facts: _EntryFacts,
    threshold: float,
) -> _Finding | None:
    listed = facts.listed(found.name)
    added, words = weigh(
        query_of(name),
        index.words[found.name],
        country=party["country"],
        listed_countries=listed["countries"] or [],
        is_agent=bool(party["is_agent"]),
        entry_type=listed["entry_type"],
    )
    margin = min(found.margin + added, CAPPED_MARGIN if found.is_loose else math.inf)
    if _score(margin) < threshold:
        return None
    raw = party["raw"] or party["name"]
    region = locate(name, raw) or (0, len(raw))
    own = matched_span(parse_name(raw[region[0] : region[1]]), found.name, index)
    span = (region[0] + own[0], region[0] + own[1]) if own else region
    return _Finding(
        list=listed["list"],
        entry_id=listed["entry_id"],
        entry_name=listed["entry_name"],
        matched_name=listed["name"],
        kind="ownership" if listed["list"] == "OWNERSHIP" else "name",
        margin=margin,
        because="; ".join([found.because, *words]),
        span=span,
        text=raw[slice(*span)],
    )


def _score(margin: float) -> float:
    """Probability that both are the same."""
    return 1 / (1 + math.exp(-margin))


def _codes_of(party: dict[str, Any], book: CodeBook) -> Iterator[_Finding]:
    hits = [*book.of_bic(party["bic"])] if party["bic"] else []
    if party["account"]:
        hits += book.of_iban(party["account"])
    for text in (party["identifier"], party["raw"]):
        hits += [hit for hit in book.in_text(text or "") if hit.kind != "bic"]
    raw = party["raw"] or ""
    for hit in hits:
        stands = hit.span is not None and raw[slice(*hit.span)] == hit.text
        yield _of_code(hit, hit.span if stands else locate(hit.text, raw))


def _of_code(hit: CodeHit, span: tuple[int, int] | None) -> _Finding:
    is_bic = hit.kind in _BANK_REASONS
    return _Finding(
        list=hit.list,
        entry_id=hit.entry_id,
        entry_name=None,
        matched_name=hit.value,
        kind="bic" if is_bic else "identifier",
        margin=_CODE_MARGIN,
        because=_BANK_REASONS.get(hit.kind, f"{hit.kind} agrees"),
        span=span,
        text=hit.text,
    )


def _of_address(hit: AddressHit) -> _Finding:
    return _Finding(
        list=hit.list,
        entry_id=hit.entry_id,
        entry_name=None,
        matched_name=hit.listed,
        kind="address",
        margin=hit.margin,
        because=hit.because,
        span=hit.span,
        text=hit.text,
    )


def _text_hits(
    warehouse: Warehouse,
    index: Index,
    facts: _EntryFacts,
    book: CodeBook,
    threshold: float,
    store: AnswerStore | None,
    common_words: frozenset[str] | None,
) -> Iterator[dict[str, Any]]:
    texts = warehouse.arrow(_TEXTS).to_pylist()
    distinct = sorted({row["text"] for row in texts})
    answers = answers_to_texts(distinct, index, min_score=threshold, store=store)
    best = best_matches(answers, index, common=common_words)
    found: dict[str, list[_Finding]] = {}
    for text, matches in zip(distinct, best, strict=True):
        findings = [_text_hit(text, match, facts.listed(match.name)) for match in matches]
        found[text] = [finding for finding in findings if finding.score >= threshold]
        found[text] += [_of_code(code, code.span) for code in book.in_text(text)]
    for row in texts:
        for finding in found[row["text"]]:
            yield _row(row, finding, facts)


def _text_hit(text: str, match: TextMatch, listed: dict[str, Any]) -> _Finding:
    return _Finding(
        list=listed["list"],
        entry_id=listed["entry_id"],
        entry_name=listed["entry_name"],
        matched_name=listed["name"],
        kind="ownership" if listed["list"] == "OWNERSHIP" else "text",
        margin=match.margin + match.added,
        because=match.because,
        span=match.span,
        text=text[slice(*match.span)],
    )


def _row(row: dict[str, Any], finding: _Finding, facts: _EntryFacts) -> dict[str, Any]:
    key = "|".join(
        str(part)
        for part in (
            row["transaction_id"],
            row.get("role"),
            row["field_path"],
            finding.entry_id,
            finding.kind,
            finding.span,
        )
    )
    made = facts.common(finding.list, finding.entry_id, row["value_date"])
    return {
        **made,
        "value_date": row["value_date"],
        "entry_name": made["entry_name"] or finding.entry_name,
        "hit_id": hashlib.sha256(key.encode()).hexdigest()[:20],
        "transaction_id": row["transaction_id"],
        "role": row.get("role"),
        "text_kind": row.get("kind"),
        "field_path": row["field_path"],
        "matched_text": finding.text,
        "span": list(finding.span) if finding.span else None,
        "matched_name": finding.matched_name,
        "match_kind": finding.kind,
        "score": round(finding.score, 6),
        "rank_key": round(finding.margin, 6),
        "because": finding.because,
    }

"""Parties of a run that show a listed one: each distinct party looked at once."""

import math
import re
from collections.abc import Container, Iterator, Sequence
from typing import Any

import pyarrow as pa

from scanner.names.parsing import parse_name
from scanner.screening.codes import CodeBook
from scanner.screening.contradictions import weigh
from scanner.screening.evidence import matched_span
from scanner.screening.findings import Finding, finding_of_code, probability
from scanner.screening.hit_rows import EntryFacts
from scanner.screening.index import Index
from scanner.screening.kept_answers import AnswerStore
from scanner.screening.locating import locate
from scanner.screening.matcher import CAPPED_MARGIN
from scanner.screening.name_answers import NameMatch, answer_names
from scanner.screening.queries import query_of
from scanner.warehouse import Warehouse

_SLACK = 0.35
_SEVERAL = re.compile(
    r"\s+(?:OR|AND/OR)\s+"
    r"|\s*(?:\bO/B/O\b|\bC/O\b|\bON BEHALF OF\b|\bA/C OF\b|\bFOR ACCOUNT OF\b"
    r"|\bD/B/A\b|\bDBA\b|\bT/A\b)\s*",
    re.IGNORECASE,
)
_PARTIES = """(
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
)"""
_WITH_CODES = ("identifier", "raw")
# All of a party that decides its findings.
_DISTINCT = f"""
    SELECT DISTINCT name, country, is_agent, raw, bic, account, identifier
    FROM {_PARTIES}
    ORDER BY ALL
"""  # noqa: S608 - a constant
_BEARERS = f"""
    SELECT p.*, s.shown
    FROM {_PARTIES} AS p
    JOIN parties_showing AS s
        ON s.name IS NOT DISTINCT FROM p.name
        AND s.country IS NOT DISTINCT FROM p.country
        AND s.is_agent IS NOT DISTINCT FROM p.is_agent
        AND s.raw IS NOT DISTINCT FROM p.raw
        AND s.bic IS NOT DISTINCT FROM p.bic
        AND s.account IS NOT DISTINCT FROM p.account
        AND s.identifier IS NOT DISTINCT FROM p.identifier
    ORDER BY ALL
"""  # noqa: S608 - a constant


def party_hits(
    warehouse: Warehouse,
    index: Index,
    facts: EntryFacts,
    book: CodeBook,
    *,
    threshold: float,
    store: AnswerStore | None,
) -> Iterator[tuple[dict[str, Any], Finding]]:
    """Each party with each of its findings, in the order of the transactions."""
    asked = warehouse.arrow(_DISTINCT)
    found = _findings(asked.to_pylist(), index, facts, book, threshold, store)
    showing = pa.array([number for number, held in enumerate(found) if held], pa.int64())
    shown = asked.take(showing).append_column("shown", showing)
    with warehouse.view_of("parties_showing", shown):
        parties = warehouse.arrow(_BEARERS).to_pylist()
    for party in parties:
        for finding in found[party["shown"]]:
            yield party, finding


def least_answer_score(threshold: float) -> float:
    """Least score of an answer to a name: what stands beside the name may add to it."""
    return max(0.0, threshold - _SLACK)


def variants_of(name: str) -> list[str]:
    """The name, and each party where a field names several."""
    parts = [part.strip() for part in _SEVERAL.split(name) if part and part.strip()]
    return list(dict.fromkeys([name, *parts] if len(parts) > 1 else [name]))


def _findings(
    parties: Sequence[dict[str, Any]],
    index: Index,
    facts: EntryFacts,
    book: CodeBook,
    threshold: float,
    store: AnswerStore | None,
) -> list[list[Finding]]:
    variants = {name: variants_of(name) for name in {p["name"] for p in parties} if name}
    asked = sorted({variant for found in variants.values() for variant in found})
    by_name = answer_names(asked, index, min_score=least_answer_score(threshold), store=store)
    shown = {p[column] for p in parties for column in _WITH_CODES if p[column]}
    coded = frozenset(book.texts_with_marks(sorted(shown)))
    return [
        [
            *_codes_of(party, book, coded),
            *(
                finding
                for variant in variants.get(party["name"], ())
                for found in by_name.get(variant, ())
                if (finding := _name_hit(party, variant, found, index, facts, threshold))
            ),
        ]
        for party in parties
    ]


def _name_hit(
    party: dict[str, Any],
    name: str,
    found: NameMatch,
    index: Index,
    facts: EntryFacts,
    threshold: float,
) -> Finding | None:
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
    if probability(margin) < threshold:
        return None
    raw = party["raw"] or party["name"]
    region = locate(name, raw) or (0, len(raw))
    own = matched_span(parse_name(raw[region[0] : region[1]]), found.name, index)
    span = (region[0] + own[0], region[0] + own[1]) if own else region
    return Finding(
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


def _codes_of(party: dict[str, Any], book: CodeBook, coded: Container[str]) -> Iterator[Finding]:
    hits = [*book.of_bic(party["bic"])] if party["bic"] else []
    if party["account"]:
        hits += book.of_iban(party["account"])
    for column in _WITH_CODES:
        if party[column] in coded:
            hits += [hit for hit in book.in_text(party[column]) if hit.kind != "bic"]
    raw = party["raw"] or ""
    for hit in hits:
        stands = hit.span is not None and raw[slice(*hit.span)] == hit.text
        yield finding_of_code(hit, hit.span if stands else locate(hit.text, raw))

"""Files of others against counters of the tests' own: no message, leaf or amount is lost."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from lxml import etree

from scanner import ingest
from scanner.ingest.containers import cut
from scanner.ingest.mx import read_mx
from scanner.ingest.mx_document import UnreadableXmlError, parse
from scanner.ingest.mx_elements import AGENT_ELEMENTS, CUSTOMER_ELEMENTS
from scanner.ingest.rows import Rows
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "formats.md").read_text("utf-8")
ALWAYS_READ = {
    "Nm", "AdrLine", "StrtNm", "TwnNm", "Ustrd", "AddtlInf", "InstrInf", "Inf", "AddtlRmtInf",
    "AddtlNtryInf", "AddtlTxInf", "CityOfBirth", "EmailAdr", "Dept", "LEI", "BICFI", "AnyBIC",
    "TaxId", "RegnId", "MobNb", "PhneNb", "MmbId",
}  # fmt: skip
"""Leaves that must be in a party or a text, whatever the page says."""


def naive_count(content: bytes) -> int:
    """Starts of FIN messages and of documents; in XML a comment holds only a translation."""
    if b"<Document" in content or b":Document" in content:
        content = re.sub(rb"<!--.*?-->", b"", content, flags=re.DOTALL)
    starts = re.findall(rb"\{1:F01|<(?:\w+:)?Document[\s>]", content)
    return len(starts) or 1


def test_messages_and_rejected_are_what_a_naive_counter_finds(corpus: Path) -> None:
    expected = {str(p): naive_count(p.read_bytes()) for p in corpus.rglob("*") if p.is_file()}
    found: Counter[str] = Counter()
    for batch in ingest.read_sources(ingest.find_sources([str(corpus)])):
        for table in (batch.messages, batch.rejected):
            found.update(table["source_file"].to_pylist())
    assert sum(expected.values()) > 500
    assert {p: (n, found[p]) for p, n in expected.items() if found[p] != n} == {}


def _named(sentence: str) -> tuple[str, ...]:
    """The names in backticks of the sentence of the page that the words begin."""
    start = PAGE.index(sentence)
    return tuple(re.findall(r"`([^`]+)`", PAGE[start : PAGE.index(". ", start)]))


def _documents(corpus: Path) -> Iterator[tuple[Path, Any, Rows]]:
    for path in sorted(corpus.rglob("*.xml")):
        for piece in cut(path.read_bytes()):
            if piece.kind != "xml":
                continue
            with suppress(UnreadableXmlError):
                root = parse(piece.content[piece.document_start :], piece.namespaces)
                yield path, root, read_mx(None, root, {"message_id": "m"})


def _kept(made: Rows) -> set[str]:
    """Every value of every row, whole and in its parts."""
    kept: set[str] = set()
    for row in (*made.messages, *made.transactions, *made.parties, *made.texts):
        for value in row.values():
            text = str(value)
            parts = {text, *text.split("\n"), *text.split("; "), *text.split(", ")}
            kept |= {part.strip() for part in parts} | {part.partition(":")[2] for part in parts}
            if isinstance(value, Decimal):
                kept.add(str(value.normalize()))
    # A clearing code is kept with the system before it.
    return kept | {p["clearing_code"][2:] for p in made.parties if p.get("clearing_code")}


def _is_kept(text: str, kept: set[str]) -> bool:
    if text in kept or text.lower() in kept or text[:10] in kept:  # a time is kept as its date
        return True
    with suppress(InvalidOperation):
        return str(Decimal(text).normalize()) in kept
    return False


def _owner(around: list[str]) -> str:
    account = next((name for name in around if name.endswith("Acct")), "")
    return account.removesuffix("Acct")


def test_every_leaf_is_read_or_deliberately_not(corpus: Path) -> None:
    left_out = set(_named("Deliberately not read: `AdrTp`"))
    told = _named("Any other leaf is a text of kind `narrative`")
    endings = tuple(told[1:-3])
    parts = tuple(told[-3:])
    assert "Cd" in endings
    assert parts == ("NbOf", "CtryOf", "CcyOf")
    seen = read = 0
    for path, root, made in _documents(corpus):
        kept = _kept(made)
        for leaf in root.iter(etree.Element):
            text, name = (leaf.text or "").strip(), etree.QName(leaf).localname
            around = [etree.QName(ancestor).localname for ancestor in leaf.iterancestors()]
            if len(leaf) or not text or left_out & {name, *around}:
                continue
            seen += 1
            if _is_kept(text, kept):
                read += 1
                continue
            where = (path.name, "/".join(reversed(around)), name, text)
            is_placeholder = text in ("NOTPROVIDED", "CUTOVER2026")
            assert name not in ALWAYS_READ or is_placeholder, where
            assert name.endswith(endings) or any(p in name for p in parts), where
            if name == "IBAN":
                assert _owner(around) not in {*CUSTOMER_ELEMENTS, *AGENT_ELEMENTS}, where
    assert seen > 15_000
    assert read > seen * 0.8


def test_the_money_of_every_transfer_is_what_a_walk_finds(corpus: Path) -> None:
    compared = 0
    for path, root, made in _documents(corpus):
        if not made.messages[0]["message_type"].startswith(("pacs.008", "pacs.009")):
            continue
        walked = Counter(
            (leaf.get("Ccy"), Decimal(leaf.text or ""))
            for leaf in root.iter("{*}IntrBkSttlmAmt", "IntrBkSttlmAmt")
        )
        assert Counter((t["currency"], t["amount"]) for t in made.transactions) == walked, path
        compared += walked.total()
    assert compared > 80

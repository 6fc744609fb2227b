"""Screens a run's parties and texts: each distinct value once, results joined back."""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa

from scanner.schema import TABLES
from scanner.screening.address_hits import AddressHit, address_hits
from scanner.screening.codes import CodeBook
from scanner.screening.findings import Finding
from scanner.screening.free_text_hits import free_text_hits
from scanner.screening.hit_rows import EntryFacts, hit_row, hit_table
from scanner.screening.index import Index
from scanner.screening.kept_answers import AnswerStore
from scanner.screening.party_hits import party_hits
from scanner.warehouse import Warehouse

_Shown = Iterator[tuple[dict[str, Any], Finding]]


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
    facts = EntryFacts(warehouse, index)
    book = CodeBook(index)
    shown = chain(
        party_hits(warehouse, index, facts, book, threshold=name_threshold, store=store),
        _address_hits(warehouse) if common_words is None else (),
        free_text_hits(
            warehouse,
            index,
            facts,
            book,
            threshold=text_threshold,
            store=store,
            common_words=common_words,
        ),
    )
    warehouse.create(TABLES["hits"])
    warehouse.append("hits", _rows(shown, facts, suppressions))


def address_rows(warehouse: Warehouse, index: Index, suppressions: Path | None) -> pa.Table:
    """The rows of `hits` that rest on addresses.

    Args:
        warehouse: Holds `parties`, `transactions` and the list tables.
        index: The prepared lists.
        suppressions: CSV of good-guy rules.
    """
    return _rows(_address_hits(warehouse), EntryFacts(warehouse, index), suppressions)


def _rows(
    shown: Iterable[tuple[dict[str, Any], Finding]], facts: EntryFacts, suppressions: Path | None
) -> pa.Table:
    rows: dict[str, dict[str, Any]] = {}
    for bearer, finding in shown:
        row = hit_row(bearer, finding, facts)
        rows.setdefault(row["hit_id"], row)
    return hit_table(rows.values(), facts, suppressions)


def _address_hits(warehouse: Warehouse) -> _Shown:
    for hit in address_hits(warehouse):
        yield hit.party, _of_address(hit)


def _of_address(hit: AddressHit) -> Finding:
    return Finding(
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

"""Free texts of a run that show a listed name or a code: each distinct text looked at once."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from scanner.screening.codes import CodeBook
from scanner.screening.findings import Finding, finding_of_code
from scanner.screening.hit_rows import EntryFacts
from scanner.screening.index import Index
from scanner.screening.kept_answers import AnswerStore
from scanner.screening.text_answers import answers_to_texts, common_words_of, matches_by_text
from scanner.screening.text_hits import TextMatch
from scanner.warehouse import Warehouse

_TEXTS = """(
    SELECT x.transaction_id, x.kind, x.text, x.field_path, t.value_date
    FROM texts AS x JOIN transactions AS t USING (transaction_id)
)"""
_DISTINCT = f"SELECT DISTINCT text FROM {_TEXTS} ORDER BY ALL"  # noqa: S608 - a constant
_BEARERS = f"""
    SELECT x.* FROM {_TEXTS} AS x JOIN texts_showing USING (text) ORDER BY ALL
"""  # noqa: S608 - a constant


def free_text_hits(
    warehouse: Warehouse,
    index: Index,
    facts: EntryFacts,
    book: CodeBook,
    *,
    threshold: float,
    store: AnswerStore | None,
    common_words: frozenset[str] | None,
) -> Iterator[tuple[dict[str, Any], Finding]]:
    """Each text with each of its findings, in the order of the transactions."""
    texts = warehouse.arrow(_DISTINCT)["text"].to_pylist()
    answers = answers_to_texts(texts, index, min_score=threshold, store=store)
    common = common_words_of(answers) if common_words is None else common_words
    found: dict[str, list[Finding]] = {}
    for text, matches in matches_by_text(answers, index, common).items():
        findings = [_of_name(text, match, facts.listed(match.name)) for match in matches]
        found[text] = [finding for finding in findings if finding.score >= threshold]
    for text in book.texts_with_marks(texts):
        codes = [finding_of_code(code, code.span) for code in book.in_text(text)]
        found[text] = [*found.get(text, ()), *codes]
    showing = pa.table({"text": pa.array([t for t, held in found.items() if held], pa.string())})
    with warehouse.view_of("texts_showing", showing):
        rows = warehouse.arrow(_BEARERS).to_pylist()
    for row in rows:
        for finding in found[row["text"]]:
            yield row, finding


def _of_name(text: str, match: TextMatch, listed: dict[str, Any]) -> Finding:
    return Finding(
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

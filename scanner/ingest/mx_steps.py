"""Parties and texts of many transactions of known shapes, in the order in which they stand.

A part that names a party is read by the careful reader once for the same bytes; whatever
stands between its first and its last text is the same for one shape.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pyarrow as pa

from scanner.ingest.byte_forms import Positions
from scanner.ingest.columns import ordinals, unscreened
from scanner.ingest.mx_elements import is_code
from scanner.ingest.mx_shapes import Line, Part, ShapedTransaction, Shapes
from scanner.ingest.mx_texts import Elements


class Steps:
    """Reads the steps of transactions.

    Args:
        told: Transactions of known shapes.
        documents: The documents, taken apart.
        kept: Takes up parties and what parts say.
    """

    def __init__(
        self, told: Sequence[ShapedTransaction], documents: Elements, kept: Shapes
    ) -> None:
        self._told, self._documents, self._kept = told, documents, kept

    def read(
        self, kind: Positions, first_text: Positions
    ) -> tuple[pa.Array, Positions, dict[str, pa.Array], Positions]:
        """Read all steps of some transactions.

        Args:
            kind: Which of those told each transaction is.
            first_text: Number of the first text of the document of each.

        Returns:
            Numbers of parties with the places of their transactions, and columns of texts with
            theirs.
        """
        sizes = np.array([len(told.steps) for told in self._told], dtype=np.int64)
        steps = [step for told in self._told for step in told.steps]
        begin = np.cumsum(sizes) - sizes
        counts = sizes[kind]
        transaction = np.repeat(np.arange(len(kind)), counts)
        step = begin[kind][transaction] + ramp(counts)
        first = first_text[transaction]
        is_part = np.array([isinstance(s, Part) for s in steps], dtype=np.bool_)
        parts = np.flatnonzero(is_part[step]) if steps else np.empty(0, dtype=np.int64)
        lines = np.flatnonzero(~is_part[step]) if steps else parts
        numbers = self._read_parts(steps, step[parts], first[parts])
        distinct, which = np.unique(numbers, return_inverse=True)
        read = [self._kept.read_parts[n] for n in distinct.tolist()]
        party_place, party_number = _spread(which, [found[0] for found in read])
        rows_before = np.cumsum([0, *(len(found[1]) for found in read)]).tolist()
        text_place, text_number = _spread(which, [range(*ends) for ends in pairwise(rows_before)])
        rows = [row for found in read for row in found[1]]
        texts, text_of = self._text_columns(
            steps, step[lines], first[lines], transaction[lines], lines,
            rows, text_number, transaction[parts][text_place], parts[text_place],
        )  # fmt: skip
        return pa.array(party_number), transaction[parts][party_place], texts, text_of

    def _read_parts(
        self, steps: Sequence[Part | Line], step: Positions, first: Positions
    ) -> Positions:
        """Number of what each part says; a part is read once for the same bytes."""
        kept, documents = self._kept, self._documents
        lowest, highest = [], []
        known: list[dict[bytes, int]] = []
        for told in steps:
            numbers = told.numbers if isinstance(told, Part) else []
            lowest.append(min(numbers, default=-1))
            highest.append(max(numbers, default=-1))
            known.append(
                kept.part_numbers.setdefault(id(told), {}) if isinstance(told, Part) else {}
            )
        low, high = (np.array(n, dtype=np.int64)[step] for n in (lowest, highest))
        some = low >= 0
        start, end = np.zeros(len(step), dtype=np.int64), np.zeros(len(step), dtype=np.int64)
        start[some] = documents.text_start[(first + low)[some]]
        end[some] = documents.text_end[(first + high)[some]]
        content, made = documents.content, []
        for number, a, b, texts in zip(
            step.tolist(), start.tolist(), end.tolist(), first.tolist(), strict=True
        ):
            raw = content[a:b]
            found = known[number].get(raw)
            if found is None:
                part = steps[number]
                assert isinstance(part, Part)
                found = known[number][raw] = len(kept.read_parts)
                kept.read_parts.append(part.rows(self._leaves(part, texts), kept.parties))
            made.append(found)
        return np.array(made, dtype=np.int64)

    def _leaves(self, part: Part, first: int) -> dict[int, str]:
        documents = self._documents
        return {
            n: documents.content[
                documents.text_start[first + n] : documents.text_end[first + n]
            ].decode()
            for n in part.numbers
        }

    def _text_columns(
        self,
        steps: Sequence[Part | Line],
        step: Positions,
        first: Positions,
        transaction: Positions,
        place: Positions,
        rows: Sequence[tuple[str, str, str]],
        number: Positions,
        row_transaction: Positions,
        row_place: Positions,
    ) -> tuple[dict[str, pa.Array], Positions]:
        """Texts that stand alone, and those that parts hold, in the order of the steps."""
        told = [s if isinstance(s, Line) else None for s in steps]
        at = np.array([line.number if line else 0 for line in told], dtype=np.int64)
        own = self._documents.take(first + at[step], np.zeros(len(step), dtype=np.bool_))
        names = [line.name if line else None for line in told]
        keeps = np.ones(len(step), dtype=np.bool_)
        doubtful = np.array([name is not None for name in names], dtype=np.bool_)
        for n in np.flatnonzero(doubtful[step]).tolist() if len(step) else ():
            keeps[n] = not is_code(names[step[n]] or "", own[n].as_py())
        which = np.flatnonzero(keeps)
        order = np.argsort(np.concatenate((place[which], row_place)), kind="stable")
        taken = pa.array(order)

        def joined(of_lines: Sequence[str | None], column: int) -> pa.Array:
            alone = pa.array(of_lines, pa.string()).take(pa.array(step[which]))
            of_rows = pa.array([row[column] for row in rows], pa.string()).take(pa.array(number))
            return pa.concat_arrays([alone, of_rows]).take(taken)

        of_rows = pa.array([row[1] for row in rows], pa.string()).take(pa.array(number))
        text = pa.concat_arrays([own.take(pa.array(which)), of_rows]).take(taken)
        kind = joined([line.kind if line else None for line in told], 0)
        text_of = np.concatenate((transaction[which], row_transaction))[order]
        coded = kind.dictionary_encode()
        codes = coded.indices.to_numpy().astype(np.int64)
        return {
            "kind": kind,
            "ordinal": ordinals(text_of * (len(coded.dictionary) + 1) + codes),
            "text": text,
            "field_path": joined([line.path if line else None for line in told], 2),
            "unscreened": unscreened(text),
        }, text_of


def ramp(counts: Positions) -> Positions:
    """0, 1, 2 ... for each count."""
    return np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)


def _spread(which: Positions, lists: Sequence[Sequence[int]]) -> tuple[Positions, Positions]:
    """Of each number's list all values, with the places that the numbers stood at."""
    flat = np.array([value for values in lists for value in values], dtype=np.int64)
    sizes = np.array([len(values) for values in lists], dtype=np.int64)
    if not len(sizes):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    counts = sizes[which]
    place = np.repeat(np.arange(len(which)), counts)
    return place, flat[(np.cumsum(sizes) - sizes)[which][place] + ramp(counts)]

"""Parties and texts of many transactions of known shapes, in the order in which they stand.

A part that names a party is read by the careful reader once for the same bytes; whatever
stands between its first and its last text is the same for one shape.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scanner.ingest.byte_forms import Positions
from scanner.ingest.columns import Coded, is_true, ordinals, unscreened
from scanner.ingest.mx_elements import WORD
from scanner.ingest.mx_party_columns import SINGLE, PartyPlaces, party_columns
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
        self._documents, self._kept = documents, kept
        self._steps: list[Part | Line] = []
        sizes = []
        for transaction in told:
            before = len(self._steps)
            for step in transaction.steps:
                # The texts of a part stand before its party.
                if isinstance(step, Part) and step.places is not None:
                    self._steps += step.lines
                self._steps.append(step)
            sizes.append(len(self._steps) - before)
        self._sizes = np.array(sizes, dtype=np.int64)
        self._kind = np.array([_kind_of(step) for step in self._steps], dtype=np.int64)

    def read(
        self, kind: Positions, first_text: Positions
    ) -> tuple[dict[str, pa.Array], Positions, dict[str, pa.Array], Positions]:
        """Read all steps of some transactions.

        Args:
            kind: Which of those told each transaction is.
            first_text: Number of the first text of the document of each.

        Returns:
            Columns of parties with the places of their transactions, and columns of texts with
            theirs.
        """
        steps, sizes = self._steps, self._sizes
        begin = np.cumsum(sizes) - sizes
        counts = sizes[kind]
        transaction = np.repeat(np.arange(len(kind)), counts)
        step = begin[kind][transaction] + ramp(counts)
        first = first_text[transaction]
        lines, parts, placed = (np.flatnonzero(self._kind[step] == n) for n in _KINDS)
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
        parties, place = self._placed_columns(step[placed], first[placed], placed)
        if len(party_number):
            kept = self._kept.parties.columns(pa.array(party_number))
            place = np.concatenate((place, parts[party_place]))
            order = np.argsort(place, kind="stable")
            place, taken = place[order], pa.array(order)
            parties = {
                name: pa.concat_arrays([parties[name], column]).take(taken)
                for name, column in kept.items()
            }
        return parties, transaction[place], texts, text_of

    def _placed_columns(
        self, step: Positions, first: Positions, place: Positions
    ) -> tuple[dict[str, pa.Array], Positions]:
        """Parties whose texts are taken by number, and the places of those that make a row."""
        places = [s.places if isinstance(s, Part) and s.places else _NOWHERE for s in self._steps]
        parties, has_row = party_columns(places, step, first, self._documents)
        if has_row.all():
            return parties, place
        which = pa.array(np.flatnonzero(has_row))
        return {name: column.take(which) for name, column in parties.items()}, place[has_row]

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
        return {n: self._documents.text(first + n) for n in part.numbers}

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
        # What is a code by its name is no line; see `mx_elements.is_code`.
        which = np.flatnonzero(doubtful[step])
        words = pc.match_substring_regex(own.take(pa.array(which)), WORD)
        keeps[which] = is_true(words)
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
        kinds = Coded(kind)
        return {
            "kind": kind,
            "ordinal": ordinals(text_of * (len(kinds.distinct) + 1) + kinds.codes),
            "text": text,
            "field_path": joined([line.path if line else None for line in told], 2),
            "unscreened": unscreened(text),
        }, text_of


_LINE, _PART, _PLACED = _KINDS = (0, 1, 2)
_NOWHERE = PartyPlaces("", None, "", False, dict.fromkeys(SINGLE, -1), [], [], [], [], (-1, -1), [])


def _kind_of(step: Part | Line) -> int:
    if isinstance(step, Line):
        return _LINE
    return _PART if step.places is None else _PLACED


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

"""Cuts a message's fields into its transactions, each field with the letter of its sequence.

A cover (MT202 COV, 205 COV) is one transaction of two sequences, the banks' and
the customers'. Messages that list transfers hold one from each opening field on;
what stands before holds for all, and so does the sum that may stand behind them.
Source: SWIFT category 1 and 2 message reference guides, formats of the sequences.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from scanner.ingest.fin import Field, FinMessage

OPENING_TAGS = {
    "101": "21", "102": "21", "104": "21", "107": "21", "110": "21", "210": "21",
    "201": "20", "203": "20", "204": "20",
}  # fmt: skip
"""Message types that list transfers, with the field that opens each."""

STATEMENTS = frozenset({"940", "942", "950"})
"""Statements: each field 61 with its field 86 is a transaction."""

_PARTIES = frozenset({"50", "51", "52", "53", "54", "55", "56", "57", "58", "59"})

Placed = tuple[str, Field]
"""Sequence letter, empty where the type has no sequences, and the field."""


def variant_of(message: FinMessage) -> str | None:
    """COV, STP, REMIT or RFDD by the validation flag; a cover also by its fields."""
    flag = message.user_header.get("119", "")
    if message.message_type in ("202", "205"):
        is_cover = flag == "COV" or any(field.number == "50" for field in message.fields)
        return "COV" if is_cover else None
    return flag if flag in ("STP", "REMIT", "RFDD") else None


def transactions_of(message: FinMessage, variant: str | None) -> Iterator[list[Placed]]:
    """Fields of each transaction in the order of the message."""
    fields = message.fields
    if variant == "COV":
        first = next((i for i, f in enumerate(fields) if f.number == "50"), len(fields))
        yield [("A" if i < first else "B", field) for i, field in enumerate(fields)]
    elif message.message_type in OPENING_TAGS:
        yield from _listed(fields, OPENING_TAGS[message.message_type])
    elif message.message_type in STATEMENTS:
        yield from _entries(fields)
    else:
        yield [("", field) for field in fields]


def _listed(fields: Sequence[Field], opening: str) -> Iterator[list[Placed]]:
    opened = [i for i, field in enumerate(fields) if field.tag == opening]
    bounds = pairwise([*opened, len(fields)])
    # A reference of the whole message has the tag of an opening field, and no amount behind it.
    starts = [a for a, b in bounds if any(f.number == "32" for f in fields[a:b])]
    if not starts:
        yield [("", field) for field in fields]
        return
    last = [i for i in range(starts[-1], len(fields)) if fields[i].number == "32"]
    closing = last[1] if len(last) > 1 else len(fields)
    before, after = fields[: starts[0]], fields[closing:]
    for start, end in pairwise([*starts, closing]):
        own = fields[start:end]
        roles = {_role_of(field) for field in own} - {None}
        yield [
            *(("A", field) for field in before if _role_of(field) not in roles),
            *(("B", field) for field in own),
            *(("C", field) for field in after),
        ]


def _role_of(field: Field) -> str | None:
    """What of the whole message a transfer's own field replaces: the party in the same role."""
    if field.number not in _PARTIES:
        return None if field.tag != "20" else "reference"
    return "50 instructing" if field.tag in ("50C", "50L") else field.number


def _entries(fields: Sequence[Field]) -> Iterator[list[Placed]]:
    entries = [i for i, field in enumerate(fields) if field.number == "61"]
    if not entries:
        yield [("", field) for field in fields]
        return
    common = [("", field) for field in fields[: entries[0]]]
    for start, end in pairwise([*entries, len(fields)]):
        line = [field for field in fields[start:end] if field.number in ("61", "86")]
        yield [*common, *(("", field) for field in line)]

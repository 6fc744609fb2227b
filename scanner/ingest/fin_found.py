"""What stands where in the plain FIN messages of a chunk, and what each field means.

Positions, message types, variants, sequences and amounts of all messages at once, and
which of them ask for the careful reader. `fin_columns` makes rows of the others.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from scanner.ingest import fin_fields
from scanner.ingest.byte_forms import Bytes, Flags, Form, Positions, rows_at
from scanner.ingest.currencies import decimals_of
from scanner.ingest.fin import swift_date
from scanner.ingest.fin_fields import TAG_CODES, FinFields, Money, SubBlocks, tag_of
from scanner.ingest.fin_layout import ChunkText, FinLayout
from scanner.ingest.mt import MONEY_EXPECTED
from scanner.ingest.mt import SINGLE_TRANSFERS as _ONE_REFERENCE
from scanner.ingest.mt_fields import COPIES_ORIGINAL, Meaning, meaning_of
from scanner.ingest.mt_sequences import OPENING_TAGS, STATEMENTS
from scanner.ingest.mt_values import ABOUT_OTHERS, RESIDENCES

VARIANTS = (None, "COV", "STP", "REMIT", "RFDD")
_COVER = 1
_COVERED = (202, 205)
_SEQUENCES = ("", "A", "B")
_LISTS = np.array(sorted(int(t) for t in OPENING_TAGS) + sorted(int(t) for t in STATEMENTS))
_ABOUT_OTHERS = np.array([int(ending) for ending in sorted(ABOUT_OTHERS | COPIES_ORIGINAL)])
_USES = ("party", "text", "place", "money", "instructed_money", "reference", "related_reference",
         "purpose_code", "charge_bearer", "nothing", "other")  # fmt: skip
USE_CODES = {use: code for code, use in enumerate(_USES)}
_RUSSIAN_SET = Form("RUR")
_RESIDENCES = tuple(Form(f"/{code}/") for code in RESIDENCES)
_RUSSIAN_CODE, _RETURNED, _REJECTED = Form("//RU"), Form("/RETN/"), Form("/REJT/")


@dataclass
class Found:
    """Positions and meanings in all messages of a chunk, odd ones among them."""

    fields: FinFields
    header: SubBlocks
    trailer: SubBlocks
    money: Money
    money_fields: Positions
    message_type: Positions
    variant: Positions
    combination: Positions
    uetrs: Bytes
    meanings: list[Meaning]
    paths: list[str]
    levels: list[str | None]
    uses: Positions
    tells_residence: Flags
    odd: Flags


def find(text: ChunkText, layout: FinLayout) -> Found:
    """Find everything in the messages of a chunk.

    Args:
        text: The chunk.
        layout: Where its messages and their blocks stand.
    """
    codes = text.codes
    fields, odd = fin_fields.find_fields(text, layout)
    header, trailer, blank = fin_fields.find_sub_blocks(text, layout)
    odd |= blank
    count = len(layout)
    digits = rows_at(codes, layout.start + 33, 3).astype(np.int64) - 48
    message_type = digits @ np.array([100, 10, 1])
    odd |= np.isin(message_type, _LISTS) | np.isin(message_type % 100, _ABOUT_OTHERS)
    number = fields.number
    is_customer = number == 50
    names_customer = np.zeros(count, dtype=np.bool_)
    names_customer[fields.message[is_customer]] = True
    variant = _variant(codes, header, message_type, names_customer)
    sequence = _sequence(fields, is_customer, variant)

    combination, shown = _combinations(fields, message_type, variant, names_customer, sequence)
    meanings = [
        meaning_of(f"{kind:03d}", VARIANTS[v], s, tag, names_customer=bool(names))
        for kind, v, names, s, tag in shown
    ]
    uses = np.array([USE_CODES.get(m.use, len(_USES) - 1) for m in meanings], dtype=np.int64)
    use = uses[combination]
    odd[fields.message[use == len(_USES) - 1]] = True

    is_money = (use == USE_CODES["money"]) | (use == USE_CODES["instructed_money"])
    money_fields = np.flatnonzero(is_money)
    money = fin_fields.read_money(codes, fields.start[money_fields], fields.end[money_fields])
    odd[fields.message[money_fields[money.odd]]] = True
    odd[fields.message[money_fields[~_real_days(money.day)]]] = True
    odd |= _lacks_money(fields, use, message_type)
    odd |= _has_two_references(fields, message_type)
    odd[fields.message[money_fields[_too_fine(money)]]] = True
    tells_residence = np.zeros(count, dtype=np.bool_)
    odd |= _asks_for_care(codes, layout, fields, header, money, money_fields, tells_residence)
    uetr_start, uetr_end, has_uetr = header.named("121", count)
    uetrs, right = fin_fields.uuids(codes, uetr_start, uetr_end)
    odd |= has_uetr & ~right
    return Found(
        fields, header, trailer, money, money_fields, message_type, variant, combination,
        uetrs, meanings, [f"{s}/{tag}" if s else tag for *_, s, tag in shown],
        [s or None for *_, s, _ in shown], uses, tells_residence, odd,
    )  # fmt: skip


def _variant(
    codes: Bytes, header: SubBlocks, message_type: Positions, names_customer: Flags
) -> Positions:
    """Places in `VARIANTS`; see `mt_sequences.variant_of`."""
    start, end, has = header.named("119", len(message_type))
    size = end - start
    flag = np.zeros(len(message_type), dtype=np.int64)
    for place, name in enumerate(VARIANTS):
        if name is not None:
            flag[has & (size == len(name)) & Form(name).stands_at(codes, start)] = place
    covered = np.isin(message_type, _COVERED)
    is_cover = covered & ((flag == _COVER) | names_customer)
    return np.where(covered, is_cover * _COVER, np.where(flag == _COVER, 0, flag))


def _sequence(fields: FinFields, is_customer: Flags, variant: Positions) -> Positions:
    """Places in `_SEQUENCES`: of a cover, B from the first field 50 on."""
    seen = np.cumsum(is_customer)
    first = np.searchsorted(fields.message, np.arange(len(variant)))
    before: Positions = (seen - is_customer)[np.minimum(first, len(seen) - 1)]
    in_second = seen > before[fields.message]
    return np.where(variant[fields.message] == _COVER, 1 + in_second, 0)


def _combinations(
    fields: FinFields,
    message_type: Positions,
    variant: Positions,
    names_customer: Flags,
    sequence: Positions,
) -> tuple[Positions, list[tuple[int, int, int, str, str]]]:
    """Number of what a field's meaning hangs on, per field, and each of it in words."""
    kind, kinds = numbered((message_type * len(VARIANTS) + variant) * 2 + names_customer, 10_000)
    per_kind = len(_SEQUENCES) * TAG_CODES
    key = kind[fields.message] * per_kind + sequence * TAG_CODES + fields.tag
    number, keys = numbered(key, len(kinds) * per_kind)
    shown = []
    for told in keys.tolist():
        of_kind, rest = divmod(told, per_kind)
        place, tag = divmod(rest, TAG_CODES)
        of_type, names = divmod(int(kinds[of_kind]), 2)
        shown.append((*divmod(of_type, len(VARIANTS)), names, _SEQUENCES[place], tag_of(tag)))
    return number, shown


def numbered(keys: Positions, bound: int) -> tuple[Positions, Positions]:
    """Each key's number among the distinct ones, and these; quick where keys are small."""
    numbers = np.zeros(bound, dtype=np.int64)
    numbers[keys] = 1
    distinct = np.flatnonzero(numbers)
    numbers[distinct] = np.arange(len(distinct))
    return numbers[keys], distinct


def _too_fine(money: Money) -> Flags:
    """Amounts with more decimals than their currencies allow; see `currencies`."""
    letters = money.currency.astype(np.int64)
    coded = pa.array(letters @ np.array([65536, 256, 1])).dictionary_encode()
    currencies = (
        code.to_bytes(3, "big").decode("latin-1") for code in coded.dictionary.to_pylist()
    )
    steps = [10 ** (fin_fields.SCALE - decimals_of(currency)) for currency in currencies]
    step = np.array(steps, dtype=np.int64)[coded.indices.to_numpy()]
    return np.asarray(money.units % step != 0, dtype=np.bool_)


def _real_days(day: Positions) -> Flags:
    days = days_since_1970(day)
    real: Flags = (day < 0) | (days != NO_DAY)
    return real


NO_DAY = np.int32(-(2**31))


def days_since_1970(day: Positions) -> NDArray[np.int32]:
    """Six digits as days since 1970; `NO_DAY` for what is no date."""
    coded = pa.array(day).dictionary_encode()
    days = np.full(len(coded.dictionary), NO_DAY, dtype=np.int32)
    for place, digits in enumerate(coded.dictionary.to_pylist()):
        if digits >= 0 and (found := swift_date(f"{digits:06d}")) is not None:
            days[place] = found.toordinal() - _EPOCH
    found_days: NDArray[np.int32] = days[coded.indices.to_numpy()]
    return found_days


_EPOCH = 719_163  # ordinal of 1970-01-01


def _lacks_money(fields: FinFields, use: Positions, message_type: Positions) -> Flags:
    has = np.zeros(len(message_type), dtype=np.bool_)
    has[fields.message[use == USE_CODES["money"]]] = True
    expected = np.isin(message_type, [int(t) for t in MONEY_EXPECTED])
    return np.asarray(expected & ~has, dtype=np.bool_)


def _has_two_references(fields: FinFields, message_type: Positions) -> Flags:
    """See `mt._refuse_doubled`; in any type, to keep what comes last simple."""
    references = np.bincount(fields.message[fields.tag == 20 * 27], minlength=len(message_type))
    return (references > 1) & np.isin(message_type, [int(t) for t in _ONE_REFERENCE])


def _asks_for_care(
    codes: Bytes,
    layout: FinLayout,
    fields: FinFields,
    header: SubBlocks,
    money: Money,
    money_fields: Positions,
    tells_residence: Flags,
) -> Flags:
    """Messages of returns and rejects, and what may be RUR6: see `mt._is_rur6`.

    Those that may tell where a customer resides are noted beside.
    """
    start, _, marked = header.named("113", len(layout))
    odd = marked & _RUSSIAN_SET.stands_at(codes, start)
    russian = np.zeros(len(layout), dtype=np.bool_)
    roubles = (money.currency == np.frombuffer(b"RUB", np.uint8)).all(axis=1)
    russian[fields.message[money_fields[roubles]]] = True
    slashes = np.flatnonzero(codes == ord("/"))
    for form, flags in (
        (_RUSSIAN_CODE, russian),
        (_RETURNED, odd),
        (_REJECTED, odd),
        *((form, tells_residence) for form in _RESIDENCES),
    ):
        at = slashes[form.stands_at(codes, slashes)]
        owner = np.searchsorted(layout.start, at, side="right") - 1
        flags[owner[owner >= 0]] = True
    which = np.flatnonzero(russian & ~odd)
    if len(which):
        is_lower = (codes >= ord("a")) & (codes <= ord("z"))
        bounds = np.stack((layout.text_open[which], layout.text_close[which]), axis=1).ravel()
        odd[which] = np.logical_or.reduceat(is_lower, bounds)[::2]
    return odd

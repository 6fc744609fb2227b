"""The signal reader: places, routes, instructions and exempt trades that words give away.

Each distinct text, name, address and identifier is read once. Besides the
phrases of `reference/signal_phrases.csv` it knows the shapes of Russian tax and
registration numbers (with their check digits), of rouble accounts and bank
codes, and of telephone numbers. What a signal is worth is decided later, in
SQL, together with everything else that is known of the payment.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import pyarrow as pa

from scanner import reference
from scanner.exposure.first_look import may_hold, shape
from scanner.exposure.phrases import Found, PhraseIndex
from scanner.exposure.routes import Destination, destinations, names_country
from scanner.exposure.words import Word, fold, unwrapped, words_of
from scanner.identifiers import is_inn, is_ogrn
from scanner.places import is_country

SIGNALS_READ_SCHEMA = pa.schema(
    [
        pa.field("place", pa.string()),  # text, name, address or identifier
        pa.field("text", pa.string()),
        pa.field("ordinal", pa.int32()),  # position among the signals of the string
        pa.field("signal", pa.string()),
        pa.field("value", pa.string()),
        pa.field("matched_text", pa.string()),
        pa.field("is_disguised", pa.bool_()),
    ]
)

_OF_NAMES = frozenset({"state_form", "forwarder", "generic_originator", "military"})
_OF_ADDRESSES = frozenset(
    {
        "russia_place", "russia_town", "belarus_place", "occupied_place", "russia_port",
        "embargoed_place", "personal_email", "military",
    }
)  # fmt: skip
_NOT_IN_TEXTS = frozenset({"state_form", "forwarder", "russia_town"})
_PLACES = frozenset({"russia_place", "russia_town", "russia_port", "belarus_place"})
_UNLESS_REACH = 3

_LABELLED_NUMBER = re.compile(
    r"(?<![A-Za-z0-9\u0400-\u04ff])(?P<label>INN|ИНН|OGRN(?:IP)?|ОГРН(?:ИП)?|KPP|КПП|BIK|БИК)"
    r"[\s:./#N-]{0,4}(?P<digits>\d{9,15})(?!\d)",
    re.IGNORECASE,
)
_ROUBLE_ACCOUNT = re.compile(r"(?<!\d)(?:30[12]|40[4-8]|42[0-6])\d{2}(?:810|643)\d{12}(?!\d)")
_PHONE = re.compile(r"(?:\+|(?<!\d)00)(?P<code>375|7)[\s(-]{0,2}(?P<next>\d)[\d\s()-]{7,14}")
_BIC_LABEL = (
    r"(?:SWIFT|BIC)(?:\sCODE)?[\s:/]{1,3}|/{1,2}(?:INS|ACC|INT|FIN)/{1,2}"
    r"|(?:CREDIT|FFC)(?:\sTO)?[\s:/]{1,3}|(?:ULTIMATE|BENEFICIARY|BENE)\sBANK(?:\sIS)?[\s:/]{1,3}"
)
_BIC = re.compile(
    rf"(?P<label>{_BIC_LABEL})?"
    r"(?<![A-Z0-9])(?P<bic>[A-Z]{6}[A-Z2-9][A-NP-Z0-9](?:[A-Z0-9]{3})?)(?![A-Z0-9])"
)
_SHAPES = shape(
    rf"[0-9]{{9}}|(?:\+|00)(?:375|7)|(?:{_BIC_LABEL})[A-Z]{{6}}"
    r"|[A-Z]{6}(?:[2-9]|[A-Z][0-9]|[A-Z]{2}[A-Z0-9]{0,2}[0-9])"
)
"""What any of these finds something in, at least: a BIC has a digit or a label."""
# Words that follow such labels and have the shape of a code, with a country at its place.
_NO_BICS = frozenset({"CUSTOMER", "CUSTOMERS", "BENEFICIARY", "SUPPLIER", "DOCUMENT"})
_LABELS = {
    "INN": "INN", "ИНН": "INN", "OGRN": "OGRN", "ОГРН": "OGRN", "OGRNIP": "OGRN", "ОГРНИП": "OGRN",
    "KPP": "KPP", "КПП": "KPP", "BIK": "BIK", "БИК": "BIK",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal in one text."""

    signal: str
    value: str
    start: int
    end: int
    is_disguised: bool = False


@dataclass(frozen=True, slots=True)
class _Phrase:
    signal: str
    value: str
    unless: frozenset[str]


@cache
def _phrases() -> PhraseIndex[_Phrase]:
    return PhraseIndex(
        (
            row["phrase"],
            row["language"],
            len(row["phrase"]) <= 4,
            _Phrase(
                row["signal"],
                row["value"],
                frozenset(fold(word) for word in row["unless"].split(";") if word),
            ),
        )
        for row in reference.rows("signal_phrases")
    )


def signals_in(text: str) -> list[Signal]:
    """Every signal of one text, in order of place."""
    found = [*_phrase_signals(words_of(text)), *_shaped_signals(text)]
    joined = unwrapped(text)
    if joined is not None:
        whole, places = joined
        found += [
            replace(one, start=places[one.start], end=places[one.end - 1] + 1)
            for one in (*_phrase_signals(words_of(whole)), *_shaped_signals(whole))
        ]
    once = {(one.signal, one.value, one.start, one.end): one for one in found}
    return [once[key] for key in sorted(once, key=lambda k: (k[2], k[3], k[0], k[1]))]


def find_signals(strings: pa.Table | pa.RecordBatch) -> pa.Table:
    """Read signals in a batch of texts, names, addresses and identifiers.

    Args:
        strings: Rows of `place` and `text`, each pair once.

    Returns:
        Rows of `SIGNALS_READ_SCHEMA` in the order of the input.
    """
    columns: dict[str, list[object]] = {name: [] for name in SIGNALS_READ_SCHEMA.names}
    texts = strings.column("text").to_pylist()
    looked = may_hold(texts, _SHAPES, _words_tell)
    for place, text, may in zip(strings.column("place").to_pylist(), texts, looked, strict=True):
        if not may:
            continue
        for ordinal, one in enumerate(signals_in(text)):
            if not _belongs(one, place):
                continue
            values = (
                place,
                text,
                ordinal,
                one.signal,
                one.value,
                text[one.start : one.end],
                one.is_disguised,
            )
            for name, value in zip(SIGNALS_READ_SCHEMA.names, values, strict=True):
                columns[name].append(value)
    return pa.table(columns, schema=SIGNALS_READ_SCHEMA)


def _words_tell(words: Sequence[str]) -> bool:
    return _phrases().meets(words) or names_country(words)


def _belongs(signal: Signal, place: str) -> bool:
    if signal.signal in ("tax_id", "registration_id", "bank_code", "rouble_account", "phone"):
        return True
    if place == "name":
        return signal.signal in _OF_NAMES
    if place == "address":
        return signal.signal in _OF_ADDRESSES
    return place == "text" and signal.signal not in _NOT_IN_TEXTS


def _phrase_signals(words: list[Word]) -> list[Signal]:
    meant = [one for one in _phrases().find(words) if not _means_something_else(words, one)]
    places = [
        Destination(one.payload.value, one.first, one.last, one.is_disguised)
        for one in meant
        if one.payload.signal in _PLACES
    ]
    said: list[tuple[str, str, Found[_Phrase] | Destination]] = [
        *((one.payload.signal, one.payload.value, one) for one in meant),
        *(("transit", one.country, one) for one in destinations(words, places)),
    ]
    return [
        Signal(signal, value, words[one.first].start, words[one.last - 1].end, one.is_disguised)
        for signal, value, one in said
    ]


def _means_something_else(words: list[Word], found: Found[_Phrase]) -> bool:
    unless = found.payload.unless
    if not unless:
        return False
    around = (
        words[max(0, found.first - _UNLESS_REACH) : found.first]
        + words[found.last : found.last + _UNLESS_REACH]
    )
    return any(word.folded in unless for word in around)


def _shaped_signals(text: str) -> Iterator[Signal]:
    for match in _LABELLED_NUMBER.finditer(text):
        label, digits = _LABELS[match["label"].upper()], match["digits"]
        start, end = match.span("digits")
        if label == "INN" and is_inn(digits):
            yield Signal("tax_id", "RU", start, end)
        elif label == "OGRN" and is_ogrn(digits):
            yield Signal("registration_id", "RU", start, end)
        elif label == "KPP" and len(digits) == 9:
            yield Signal("tax_id", "RU", start, end)
        elif label == "BIK" and len(digits) == 9 and digits.startswith("04"):
            yield Signal("bank_code", "RU", start, end)
    for match in _ROUBLE_ACCOUNT.finditer(text):
        yield Signal("rouble_account", "RU", *match.span())
    for match in _BIC.finditer(text):
        bic = match["bic"]
        # Words such as DOCUMENT have the shape too; a digit or a label tells a bank's code.
        if (
            is_country(bic[4:6])
            and (match["label"] or any(c.isdigit() for c in bic))
            and bic not in _NO_BICS
        ):
            yield Signal("bank_in_text", bic[:8], *match.span("bic"))
    for match in _PHONE.finditer(text):
        if match["code"] == "375":
            yield Signal("phone", "BY", *match.span())
        elif match["next"] in "3489":
            # +76 and +77 are Kazakhstan.
            yield Signal("phone", "RU", *match.span())

# ruff: noqa: E501 - the lines of tables are as long as the tables of the page
"""`docs/formats.md`, made from what the readers know."""

from collections.abc import Sequence

from scanner.ingest.currencies import decimals_of
from scanner.ingest.mt import MONEY_EXPECTED, kind_of
from scanner.ingest.mt_fields import ACCOUNT_OWNER, KINDS_BY_ENDING, NOT_TEXT, Meaning, meaning_of
from scanner.ingest.mt_fields import KINDS as MT_KINDS
from scanner.ingest.mt_sequences import OPENING_TAGS, STATEMENTS
from scanner.ingest.mt_values import RESIDENCES
from scanner.ingest.mx_elements import (
    AGENT_ELEMENTS,
    AMOUNT_NEEDED,
    AMOUNTS,
    AMOUNTS_OF_RETURNS,
    CODE_ENDINGS,
    CODE_PARTS,
    CODES_IN_TEXTS,
    CUSTOMER_ELEMENTS,
    DATES,
    NOT_READ,
    OTHER_AGENT,
    OTHER_CUSTOMER,
    OWN_REFERENCES,
    REASON_ELEMENTS,
    STATUSES,
    TEXT_ELEMENTS,
    TRANSACTION_ELEMENTS,
)
from scanner.ingest.mx_elements import KINDS as MX_KINDS
from scanner.ingest.refusals import REASONS

_INTRODUCTION = """# Formats

Made from the readers in `scanner/ingest`. Every byte of a file is in a row of `messages`, in a row
of `rejected`, or is filling between messages: separators, printed heads, acknowledgements, comments
and the tags of envelopes.

## Containers

| container | how it is cut |
|---|---|
| plain FIN, RJE (`$`), DOS-PCC, one after another | at `{1:F01`, never at `$`, sectors or line counts |
| acknowledgement `{1:F21...}` before its message | told in `is_acknowledged`; alone it is rejected |
| ISO 20022, bare, in any envelope, many in one file, without one root | at each `Document`, with the `AppHdr` before it |
| CDATA payloads, one escaped document in an element | as if it stood in the file |
| FIN and ISO 20022 mixed in one file | each as above; what stands in XML comments is a translation and not read |
| gzip, zip | streamed, never extracted; archives in archives are refused |
| UTF-8 with or without mark, UTF-16, cp1252 and declared encodings, EBCDIC (037, 500, 1047) | offsets count in the converted text |
| CSV and Parquet of a bank's own rows | by a [mapping file](mapping.md) |

Not read: tar, 7z and encrypted archives, base64 payloads, PDF and pictures.
"""

_FAMILIES = {
    "1xx": ("103", None, ""),
    "cover, sequence B": ("202", "COV", "B"),
    "2xx, cover A": ("202", "COV", "A"),
    "9xx": ("910", None, ""),
    "7xx": ("700", None, ""),
    "76x": ("760", None, ""),
}


def formats_page() -> str:
    """The page."""
    parts = [
        _INTRODUCTION,
        "## SWIFT MT: types\n",
        _mt_types(),
        "## SWIFT MT: fields\n",
        (
            "Each field by what is made of it. A tag that is not named here is kept as a text of kind"
            " `narrative`.\n"
        ),
        _mt_fields(),
        f"Deliberately not read (codes, dates and numbers): {_codes(sorted(NOT_TEXT - _read()))}.\n",
        _mt_signals(),
        "## ISO 20022: messages\n",
        (
            "Any version: elements are known by their local names. A message of another kind is read"
            " the same way with kind `other`.\n"
        ),
        _table(
            ("message", "kind", "amount"),
            [(m, k, "required" if m in AMOUNT_NEEDED else "") for m, k in MX_KINDS.items()],
        ),
        "## ISO 20022: elements\n",
        _mx_elements(),
        "## Reasons of a rejection\n",
        _table(
            ("code", "meaning", "what to do"),
            [(f"`{code}`", meaning, advice) for code, (meaning, advice) in REASONS.items()],
        ),
    ]
    return "\n".join(parts)


def _mt_signals() -> str:
    told = ", ".join(f"`/{code}/` of the {role}" for code, role in RESIDENCES.items())
    finer = [c for c in ("JPY", "KWD", "CLF") if decimals_of(c) != decimals_of("EUR")]
    examples = ", ".join(f"{c} {decimals_of(c)}" for c in finer)
    return (
        f"Field 77B also tells the country of a customer of whom nothing else does: {told}; field 25"
        f" of category 9 is the account of the `{ACCOUNT_OWNER}`. An amount with more decimals than its"
        f" currency has by ISO 4217 ({decimals_of('EUR')}; {examples}; zeros at the end aside) is kept as it"
        " is, and its message marked `repaired` with the reason; so in ISO 20022 and in exports.\n"
    )


def _mt_types() -> str:
    rows = []
    for number, _ in sorted(MT_KINDS.items()):
        cut = "one"
        if number in OPENING_TAGS:
            cut = f"one from each field {OPENING_TAGS[number]} on that an amount follows"
        elif number in STATEMENTS:
            cut = "one for each field 61 with its 86"
        elif number in ("202", "205"):
            cut = "one; a cover has sequence A, the banks, and B, the customers"
        needed = "required" if number in MONEY_EXPECTED else ""
        rows.append((f"MT{number}", kind_of(number, None), cut, needed))
    rows += [(f"MTn{e}", kind, "one", "") for e, kind in KINDS_BY_ENDING.items()]
    rows.append(("any other", "other", "one", ""))
    return _table(("type", "kind", "transactions", "amount"), rows)


def _meanings(tag: str) -> list[str]:
    return [
        _said(meaning_of(number, variant, sequence, tag, names_customer=number != "910"))
        for number, variant, sequence in _FAMILIES.values()
    ]


def _said(meaning: Meaning) -> str:
    if meaning.use == "party":
        return f"{meaning.name}{' (bank)' if meaning.is_agent else ''}"
    if meaning.use == "text":
        return f"text: {meaning.name}"
    return "" if meaning.use == "nothing" else meaning.use


def _tags() -> list[str]:
    """One tag for each number, and those whose letter changes what they mean."""
    tags = []
    for number in range(11, 99):
        plain = f"{number:02d}"
        told = _meanings(plain)
        tags.append(plain)
        tags += [
            plain + letter
            for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
            if _meanings(plain + letter) != told
        ]
    return tags


def _read() -> set[str]:
    return {tag[:2] for tag in _tags() if any(_meanings(tag))}


def _mt_fields() -> str:
    default = ["text: narrative"] * len(_FAMILIES)
    rows = [(tag, *told) for tag in _tags() if any(told := _meanings(tag)) and told != default]
    return _table(("field", *_FAMILIES), rows)


def _mx_elements() -> str:
    parties = [(f"`{e}`", role, "bank or customer") for e, role in CUSTOMER_ELEMENTS.items()]
    parties += [(f"`{e}`", role, "bank") for e, role in AGENT_ELEMENTS.items()]
    return "\n".join(
        [
            _table(("element", "role", "who"), parties),
            (
                f"Any other element built as a party has the role `{OTHER_CUSTOMER}` or"
                f" `{OTHER_AGENT}`; names of accounts and contact details are texts.\n"
            ),
            _table(
                ("element", "texts below it are"),
                [(f"`{e}`", kind) for e, kind in TEXT_ELEMENTS.items()],
            ),
            (
                f"Any other leaf is a text of kind `narrative`, if it holds a word and its name does not"
                f" end with {_codes(CODE_ENDINGS)} nor hold {_codes(CODE_PARTS)}: codes, dates, numbers and"
                f" references. Inside texts only {_codes(CODES_IN_TEXTS)} are codes. Of such leaves those"
                " are read that a party, an account beside a party, or a column of `messages` or"
                " `transactions` is made of. The account of a statement or notice (`Acct`) is its owner's.\n"
            ),
            (
                f"One transaction for each {_codes(sorted(TRANSACTION_ELEMENTS))}; an entry with details"
                " gives one for each of them; what stands around holds for all.\n"
            ),
            (
                f"Amount, the first of: {_codes(AMOUNTS)}; of a return {_codes(AMOUNTS_OF_RETURNS)}."
                f" Date: {_codes(DATES)}. Status: {_codes(STATUSES)}."
                f" Own reference: {_codes(OWN_REFERENCES)}. Reasons: {_codes(sorted(REASON_ELEMENTS))}.\n"
            ),
            (
                f"Deliberately not read: {_codes(sorted(NOT_READ))} (types of addresses, balances, sums, card terminals, pages,"
                " signatures).\n"
            ),
        ]
    )


def _codes(names: object) -> str:
    assert isinstance(names, (list, tuple))
    return ", ".join(f"`{name}`" for name in names)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [" | ".join(row) for row in (head, ("---",) * len(head), *rows)]
    return "\n".join(f"| {line} |" for line in lines) + "\n"

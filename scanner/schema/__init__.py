"""The tables, declared once.

Everything that must agree with a table is made from its declaration here: the
DDL, the comments that an analyst sees, the Arrow types that the stages hand
over, the data dictionary in the documentation and the list of columns that
hold personal data. Words are those of ISO 20022 and of OFAC; `docs/glossary.md`
lists them.

Identifiers of messages and transactions are made from content (file hash and
offset), never from a counter or a clock, so that a second run gives the same.
"""

from scanner.schema.canonical import MESSAGES, PARTIES, PAYMENTS, REJECTED, TEXTS, TRANSACTIONS
from scanner.schema.declaration import REASON_TYPE, Column, Table
from scanner.schema.exposure import (
    BANK_EXPOSURE,
    CORRIDOR_EXPOSURE,
    CUSTOMER_EXPOSURE,
    RUNS,
    SIGNIFICANCE,
)
from scanner.schema.features import FEATURES, MODEL_STEPS, MODELS
from scanner.schema.findings import (
    ALERTS,
    BANK_INCIDENT_FACTS,
    DECISIONS,
    GOODS_FOUND,
    HITS,
    INDICATORS,
    LISTED_ACCOUNT_FACTS,
    PIECE_PRICES,
    SCORES,
    TRANSFER_FACTS,
)
from scanner.schema.history import (
    BANK_DAYS,
    CORRIDOR_DAYS,
    CUSTOMER_DAYS,
    GOODS_TRANSFERS,
    JOINED_TRANSFERS,
    MOVE_FACTS,
    PASSING_FACTS,
    REFUSAL_FACTS,
)
from scanner.schema.lists import (
    CUSTOMERS,
    LIST_ADDRESSES,
    LIST_ENTRIES,
    LIST_IDENTIFIERS,
    LIST_NAMES,
    LIST_VERSIONS,
    OWNERSHIP,
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        MESSAGES,
        TRANSACTIONS,
        PARTIES,
        TEXTS,
        REJECTED,
        LIST_VERSIONS,
        LIST_ENTRIES,
        LIST_NAMES,
        LIST_IDENTIFIERS,
        LIST_ADDRESSES,
        OWNERSHIP,
        CUSTOMERS,
        HITS,
        GOODS_FOUND,
        INDICATORS,
        SCORES,
        ALERTS,
        DECISIONS,
        PAYMENTS,
        TRANSFER_FACTS,
        BANK_INCIDENT_FACTS,
        LISTED_ACCOUNT_FACTS,
        REFUSAL_FACTS,
        PASSING_FACTS,
        MOVE_FACTS,
        GOODS_TRANSFERS,
        JOINED_TRANSFERS,
        BANK_DAYS,
        CUSTOMER_DAYS,
        CORRIDOR_DAYS,
        PIECE_PRICES,
        FEATURES,
        MODELS,
        MODEL_STEPS,
        BANK_EXPOSURE,
        CUSTOMER_EXPOSURE,
        CORRIDOR_EXPOSURE,
        SIGNIFICANCE,
        RUNS,
    )
}
"""Every table that stages hand over or that the snapshot publishes, by name."""

__all__ = [
    "ALERTS",
    "BANK_EXPOSURE",
    "CORRIDOR_EXPOSURE",
    "CUSTOMERS",
    "CUSTOMER_EXPOSURE",
    "DECISIONS",
    "FEATURES",
    "GOODS_FOUND",
    "HITS",
    "INDICATORS",
    "LIST_ADDRESSES",
    "LIST_ENTRIES",
    "LIST_IDENTIFIERS",
    "LIST_NAMES",
    "LIST_VERSIONS",
    "MESSAGES",
    "OWNERSHIP",
    "PARTIES",
    "PAYMENTS",
    "PIECE_PRICES",
    "REASON_TYPE",
    "REJECTED",
    "RUNS",
    "SCORES",
    "SIGNIFICANCE",
    "TABLES",
    "TEXTS",
    "TRANSACTIONS",
    "TRANSFER_FACTS",
    "Column",
    "Table",
]

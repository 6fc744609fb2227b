"""What each run keeps for the counts of later runs: sums by day, and which payments it shares.

A run sums the payments that it was the first to hold. A payment that comes again in a later run
is counted from its rows instead (`scanner/sql/exposure/banks/loose_transfers.sql`), so that a
payment counts once, whatever runs its messages came in.
"""

from scanner.schema.declaration import Column, Table, required

JOINED_TRANSFERS = Table(
    "joined_transfers",
    "One row per transfer whose payment an earlier run holds already.",
    ("transaction_id",),
    (
        required("transaction_id", "VARCHAR", "Transfer of this run."),
        required("payment_id", "VARCHAR", "Its payment, which an earlier run holds."),
    ),
    published=False,
)

REFUSAL_FACTS = Table(
    "refusal_facts",
    "One row per message that refuses a payment or asks about it for compliance.",
    ("transaction_id",),
    (
        required("transaction_id", "VARCHAR", "The reject, return, cancellation or question."),
        Column("payment_id", "VARCHAR", "Payment that it speaks of."),
        required("kind", "VARCHAR", "As in transactions."),
        Column("reason_class", "VARCHAR", "As in transactions."),
        Column("value_date", "DATE", "As in transactions."),
        Column("refused_on", "DATE", "Day of its message, else its value date."),
    ),
    published=False,
)

PASSING_FACTS = Table(
    "passing_facts",
    "One row per payment with which its payer passed on what had come in to it shortly before.",
    ("transaction_id",),
    (
        required("transaction_id", "VARCHAR", "The payment out."),
        required(
            "party_hash", "UBIGINT", "Its payer: debtor_hash of transfer_facts.", personal=True
        ),
        required("value_date", "DATE", "As in transactions."),
        required("is_after_russian_payer", "BOOLEAN", "Money had come from Russia in three days."),
    ),
    published=False,
)

MOVE_FACTS = Table(
    "move_facts",
    "One row per first payment of a payer through a bank in another country than the last one's.",
    ("transaction_id",),
    (
        required("transaction_id", "VARCHAR", "The first payment through the new bank."),
        required(
            "payer",
            "VARCHAR",
            "debtor_name_hash of transfer_facts, and the country.",
            personal=True,
        ),
        required("bank", "VARCHAR", "BIC, 8 characters, of the new bank."),
        required("bank_before", "VARCHAR", "BIC, 8 characters, of the bank before."),
        required("value_date", "DATE", "As in transactions."),
    ),
    published=False,
)

GOODS_TRANSFERS = Table(
    "goods_transfers",
    "One row per payment for priority goods: histories of goods look through these alone.",
    ("transaction_id",),
    (
        required("transaction_id", "VARCHAR", "The payment's lead."),
        Column("payment_id", "VARCHAR", "As in transfer_facts."),
        required("value_date", "DATE", "As in transfer_facts."),
        required("amount_usd", "DOUBLE", "As in transfer_facts; 0 where it is not known."),
        Column("debtor_key", "VARCHAR", "As in transfer_facts.", personal=True),
        Column("creditor_key", "VARCHAR", "As in transfer_facts.", personal=True),
        Column("debtor_country", "VARCHAR", "As in transfer_facts."),
        Column("creditor_country", "VARCHAR", "As in transfer_facts."),
    ),
    published=False,
)

_SUMS = (
    required("payments", "BIGINT", "Payments of the day."),
    required("value_usd", "DECIMAL(28,2)", "Their value."),
    required("exposed_count", "BIGINT", "Payments in review or escalate."),
    required("exposed_value_usd", "DECIMAL(28,2)", "Their value."),
    required("listed_count", "BIGINT", "Payments with a listed party or bank."),
    required("owned_count", "BIGINT", "Payments with a party owned by blocked persons."),
    required("items_count", "BIGINT", "Payments with priority goods or s.11 items."),
    required("nexus_count", "BIGINT", "Payments with a Russia or Belarus nexus."),
)

BANK_DAYS = Table(
    "bank_days",
    "One row per bank, day and length of the chain: sums of the payments that this run brought first.",
    ("bank_bic8", "day", "chain_depth"),
    (
        required("bank_bic8", "VARCHAR", "Bank that takes part."),
        required("day", "DATE", "First value date of the payments."),
        required("chain_depth", "BIGINT", "Most banks in one chain."),
        *_SUMS,
        required("goods_value_usd", "DECIMAL(28,2)", "Value of payments with goods."),
    ),
    published=False,
)

CUSTOMER_DAYS = Table(
    "customer_days",
    "One row per customer and day: sums of the payments that this run brought first.",
    ("customer_id", "day"),
    (
        required("customer_id", "VARCHAR", "As in customers."),
        required("day", "DATE", "First value date of the payments."),
        *_SUMS,
    ),
    published=False,
)

CORRIDOR_DAYS = Table(
    "corridor_days",
    "One row per pair of countries and day: sums of the payments that this run brought first.",
    ("debtor_country", "creditor_country", "day"),
    (
        Column("debtor_country", "VARCHAR", "ISO 3166 alpha-2; null where nothing gives it."),
        Column("creditor_country", "VARCHAR", "ISO 3166 alpha-2; null where nothing gives it."),
        required("day", "DATE", "First value date of the payments."),
        *_SUMS,
    ),
    published=False,
)

"""What banks, customers and corridors expose the bank to, and the runs behind it."""

from scanner.schema.declaration import Column, Table, required

BANK_EXPOSURE = Table(
    "bank_exposure",
    "One row per counterparty bank (BIC8) and month: what its traffic exposes the bank to.",
    ("bank_bic8", "month"),
    (
        required("bank_bic8", "VARCHAR", "First eight characters of the bank's BIC."),
        required("month", "DATE", "First day of the month."),
        required("payments", "BIGINT", "Payments in which the bank takes part."),
        required("value_usd", "DECIMAL(28,2)", "Their value."),
        required("exposed_count", "BIGINT", "Payments in review or escalate."),
        required("exposed_value_usd", "DECIMAL(28,2)", "Their value."),
        Column("exposed_share", "DOUBLE", "exposed_value_usd over value_usd."),
        Column("is_listed", "BOOLEAN", "The bank is blocked or under an account ban."),
        Column("listed_count", "BIGINT", "Payments with a listed party or bank."),
        Column("owned_count", "BIGINT", "Payments with a party owned by blocked persons."),
        Column("items_count", "BIGINT", "Payments with priority goods or s.11 items."),
        Column("nested_count", "BIGINT", "Payments in which the bank brings a further bank."),
        Column("max_chain_depth", "INTEGER", "Most banks in one chain."),
        Column("russia_nexus_share", "DOUBLE", "Share of payments with a Russia or Belarus nexus."),
        Column(
            "russia_nexus_share_before_order",
            "DOUBLE",
            "The same before 2023-12-22; null = not assessable.",
        ),
        Column(
            "baseline_value_usd",
            "DECIMAL(28,2)",
            "Mean monthly value of priority goods in the bank's earlier months; null = not assessable.",
        ),
        Column(
            "surge_factor", "DOUBLE", "The month's value of priority goods over baseline_value_usd."
        ),
        Column("trend", "VARCHAR", "rising, falling, steady or not_assessable."),
        Column("delayed_count", "BIGINT", "Payments delayed after the order."),
        Column("rejected_count", "BIGINT", "Payments rejected after the order."),
        Column("returned_count", "BIGINT", "Payments returned after the order."),
        Column("significance", "VARCHAR", "JSON object: the seven factors with their proxies."),
    ),
)

_EXPOSED_COUNTS = (
    required("payments", "BIGINT", "Payments, each counted once."),
    required("value_usd", "DECIMAL(28,2)", "Their value."),
    required("exposed_count", "BIGINT", "Payments in review or escalate."),
    required("exposed_value_usd", "DECIMAL(28,2)", "Their value."),
    Column("exposed_share", "DOUBLE", "exposed_value_usd over value_usd."),
    Column("listed_count", "BIGINT", "Payments with a listed party or bank."),
    Column("owned_count", "BIGINT", "Payments with a party owned by blocked persons."),
    Column("items_count", "BIGINT", "Payments with priority goods or s.11 items."),
    Column("nexus_count", "BIGINT", "Payments with a Russia or Belarus nexus."),
)

CUSTOMER_EXPOSURE = Table(
    "customer_exposure",
    "One row per customer and month: what the customer's payments expose the bank to.",
    ("customer_id", "month"),
    (
        required("customer_id", "VARCHAR", "As in customers."),
        required("month", "DATE", "First day of the month."),
        *_EXPOSED_COUNTS,
    ),
)

CORRIDOR_EXPOSURE = Table(
    "corridor_exposure",
    "One row per pair of countries and month: what payments between them expose the bank to.",
    ("debtor_country", "creditor_country", "month"),
    (
        Column("debtor_country", "VARCHAR", "ISO 3166 alpha-2; null where nothing gives it."),
        Column("creditor_country", "VARCHAR", "ISO 3166 alpha-2; null where nothing gives it."),
        required("month", "DATE", "First day of the month."),
        *_EXPOSED_COUNTS,
    ),
)

SIGNIFICANCE = Table(
    "significance",
    "The seven factors of a significant transaction with their measured proxies, one row per factor.",
    ("subject_kind", "subject", "month", "factor"),
    (
        required("subject_kind", "VARCHAR", "payment, customer or bank."),
        required("subject", "VARCHAR", "transaction_id, customer_id or the bank's BIC8."),
        Column(
            "month", "DATE", "First day of the month of a customer or bank; null for a payment."
        ),
        required("factor", "VARCHAR", "a to g, as in 31 CFR 562.407 and FAQ 683."),
        required("words", "VARCHAR", "The factor in words."),
        required("evidence", "VARCHAR", "JSON object: the proxies with their values."),
    ),
)

RUNS = Table(
    "runs",
    "One row per run: what it read, with which lists, model and configuration, and its counts.",
    ("run_id",),
    (
        required("run_id", "VARCHAR", "Identifier of the run, from its key."),
        required("run_key", "VARCHAR", "Hash of inputs, lists, model and configuration."),
        Column("as_of", "DATE", "Date of knowledge; null = today's."),
        required("source_files", "BIGINT", "Files read."),
        required("messages", "BIGINT", "Messages read."),
        required("rejected", "BIGINT", "Pieces rejected."),
        required("transactions", "BIGINT", "Transactions read."),
        required("parties", "BIGINT", "Parties screened."),
        required("hits", "BIGINT", "Hits found."),
        required("alerts", "BIGINT", "Alerts raised."),
        required("inputs_sha256", "VARCHAR", "Hash over the inputs' hashes."),
        required("lists_sha256", "VARCHAR", "Hash over the active lists' hashes."),
        required("model_version", "VARCHAR", "Version of the risk model."),
        required("model_sha256", "VARCHAR", "Hash of the model's file."),
        required("config_sha256", "VARCHAR", "Hash of the effective configuration."),
        required("program_version", "VARCHAR", "Version of the program."),
        Column(
            "home_bic8s", "VARCHAR[]", "BICs (8 characters) of the bank itself: no counterparties."
        ),
        Column("settings", "VARCHAR", "JSON object of the settings that shape results."),
        Column("previous_run_id", "VARCHAR", "Run before this one in the workspace."),
    ),
)

"""What was found on a transaction, how it was scored, and what people decided."""

from scanner.schema.declaration import REASON_TYPE, Column, Table, personal, required

HITS = Table(
    "hits",
    "One row per match of a party or a text with a list entry.",
    ("hit_id",),
    (
        required("hit_id", "VARCHAR", "Hash of transaction, field and entry."),
        required("transaction_id", "VARCHAR", "Transaction concerned."),
        Column("role", "VARCHAR", "Role of the party that matched; null for a text."),
        Column("text_kind", "VARCHAR", "Kind of the text that matched; null for a party."),
        required("field_path", "VARCHAR", "Field that holds the matched text."),
        required(
            "matched_text",
            "VARCHAR",
            "The text that matched, exactly as in the field.",
            personal=True,
        ),
        Column(
            "span",
            "INTEGER[]",
            "First and one past the last character of matched_text in parties.raw or texts.text.",
        ),
        required("list", "VARCHAR", "List that holds the entry."),
        required("list_version", "VARCHAR", "Version of the list."),
        required("entry_id", "VARCHAR", "Entry that was met."),
        Column("entry_name", "VARCHAR", "Entry's primary name."),
        Column("matched_name", "VARCHAR", "Name, identifier or address of the entry that was met."),
        required("match_kind", "VARCHAR", "name, bic, identifier, address, ownership or text."),
        required("score", "DOUBLE", "Calibrated probability that both are the same, 0 to 1."),
        Column("rank_key", "DOUBLE", "Uncapped evidence: orders hits whose score ties."),
        required("because", "VARCHAR", "Which words met which, what agreed, what contradicted."),
        Column("listed_on", "DATE", "Entry's date of listing, where known."),
        Column(
            "known_on_payment_date",
            "BOOLEAN",
            "Whether the entry was listed on the value date; null = not known.",
        ),
        Column("is_suppressed", "BOOLEAN", "A valid good-guy rule covers this pair."),
        Column("suppression", "VARCHAR", "Rule that suppresses it: owner, reason and expiry."),
    ),
)

GOODS_FOUND = Table(
    "goods_found",
    "One row per good that a text names, with priority tier and item category.",
    ("transaction_id", "field_path", "span"),
    (
        required("transaction_id", "VARCHAR", "Transaction concerned."),
        required("text_kind", "VARCHAR", "Kind of the text."),
        required("field_path", "VARCHAR", "Field that holds the matched text."),
        required("matched_text", "VARCHAR", "Words or code found.", personal=True),
        Column("span", "INTEGER[]", "First and one past the last character in texts.text."),
        Column("hs6", "VARCHAR", "HS 2022 code, six digits, found or inferred."),
        Column("chpl_tier", "VARCHAR", "Common High Priority List tier: 1, 2, 3.A, 3.B, 4.A, 4.B."),
        Column(
            "item_category", "INTEGER", "Category 1 to 8 of the s.11(a)(ii) item determination."
        ),
        required("found_by", "VARCHAR", "hs_code, words or part_number."),
        required("confidence", "DOUBLE", "0 to 1."),
        required("because", "VARCHAR", "What in the text and its context decided."),
    ),
)

INDICATORS = Table(
    "indicators",
    "One row per red flag found on a transaction, or that could not be assessed.",
    ("transaction_id", "code", "evidence"),
    (
        required("transaction_id", "VARCHAR", "Transaction concerned."),
        required("code", "VARCHAR", "Code of the indicator, listed in docs/indicators.md."),
        required("level", "VARCHAR", "row, history or network."),
        Column(
            "limb",
            "VARCHAR",
            "persons (s.11(a)(i)), items (s.11(a)(ii)), both, evasion or context.",
        ),
        required("strength", "DOUBLE", "0 to 1; an obligation is 1."),
        required("outcome", "VARCHAR", "found or not_assessable."),
        required(
            "evidence",
            "VARCHAR",
            "JSON object: fields, values, matched texts, entries.",
            personal=True,
        ),
        required("source", "VARCHAR", "Document that names the indicator, with its date."),
    ),
)

TRANSFER_FACTS = Table(
    "transfer_facts",
    "One narrow row per counted transfer: what history and network indicators need of it later.",
    ("transaction_id",),
    (
        required("transaction_id", "VARCHAR", "Transaction concerned."),
        Column("payment_id", "VARCHAR", "Business transfer it belongs to."),
        Column("value_date", "DATE", "Value date."),
        required("kind", "VARCHAR", "As in transactions."),
        Column("message_type", "VARCHAR", "As in transactions."),
        Column("currency", "VARCHAR", "As in transactions."),
        Column("amount_usd", "DOUBLE", "Amount in US dollars."),
        Column(
            "debtor_key", "VARCHAR", "Account, else normalised name and country, of the debtor."
        ),
        Column("creditor_key", "VARCHAR", "The same of the creditor."),
        personal("debtor_name_key", "Normalised name of the debtor."),
        personal("creditor_name_key", "Normalised name of the creditor."),
        Column("debtor_country", "VARCHAR", "As in transactions."),
        Column("creditor_country", "VARCHAR", "As in transactions."),
        Column("customer_id", "VARCHAR", "Customer of the bank that takes part."),
        Column("debtor_agent_bic8", "VARCHAR", "Debtor's bank."),
        Column("creditor_agent_bic8", "VARCHAR", "Creditor's bank."),
        Column("sender_bic8", "VARCHAR", "Sender."),
        Column("receiver_bic8", "VARCHAR", "Receiver."),
        Column("agent_bic8s", "VARCHAR[]", "All banks of the chain."),
        Column("chpl_tier", "VARCHAR", "Highest tier of goods found."),
        Column("item_category", "INTEGER", "s.11 item category of goods found."),
        Column("has_russia_nexus", "BOOLEAN", "Russia or Belarus by any signal."),
        Column("has_listed_party", "BOOLEAN", "A hit strong enough to oblige."),
        Column("reason_class", "VARCHAR", "As in transactions, for returns and rejects."),
        Column("text_key", "VARCHAR", "Hash of the normalised remittance text.", personal=True),
        Column("is_lead", "BOOLEAN", "Carries its payment's money: histories count it once."),
        Column("is_owned_by_blocked", "BOOLEAN", "A party that blocked persons own met strongly."),
        Column("end_buyer_key", "VARCHAR", "Ultimate party behind the debtor.", personal=True),
        Column("contract_key", "VARCHAR", "Contract or invoice number in the texts."),
        Column("band", "VARCHAR", "As in scores; null before scoring."),
        Column("payment_hash", "UBIGINT", "64 bits of payment_id: later runs look for these."),
        Column("debtor_hash", "UBIGINT", "64 bits of debtor_key.", personal=True),
        Column("creditor_hash", "UBIGINT", "64 bits of creditor_key.", personal=True),
        Column("debtor_name_hash", "UBIGINT", "64 bits of debtor_name_key.", personal=True),
        Column("contract_hash", "UBIGINT", "64 bits of a contract's number and its creditor_key."),
    ),
    published=False,
)

BANK_INCIDENT_FACTS = Table(
    "bank_incident_facts",
    "One row per bank and transaction that went wrong: later runs count it with their own.",
    ("transaction_id", "bank_bic8"),
    (
        required("transaction_id", "VARCHAR", "Transaction concerned."),
        required("bank_bic8", "VARCHAR", "Bank that takes part."),
        required("month", "DATE", "First day of the value date's month."),
        required("payment_id", "VARCHAR", "Business transfer it belongs to."),
        Column("is_rejected", "BOOLEAN", "A reject after the order."),
        Column("is_returned", "BOOLEAN", "A return after the order."),
        Column("is_delayed", "BOOLEAN", "Made more than five days before its value date."),
        Column("is_nested", "BOOLEAN", "A further bank stands behind it by name only."),
    ),
    published=False,
)

PIECE_PRICES = Table(
    "piece_prices",
    "One row per transfer and good whose text tells the number of pieces: what later runs compare with.",
    ("transaction_id", "good"),
    (
        required("transaction_id", "VARCHAR", "Transaction concerned."),
        Column("payment_id", "VARCHAR", "Business transfer it belongs to."),
        required("value_date", "DATE", "Value date."),
        required("good", "VARCHAR", "The good, in the words of the payment.", personal=True),
        required("unit_usd", "DOUBLE", "Price of a piece in US dollars."),
    ),
    published=False,
)

LISTED_ACCOUNT_FACTS = Table(
    "listed_account_facts",
    "One row per account under which a listed party was met: later runs look for its other users.",
    ("transaction_id", "account"),
    (
        required("transaction_id", "VARCHAR", "Transaction concerned."),
        personal("account", "Account, letters and digits only."),
        Column("value_date", "DATE", "Value date."),
        required("entry_id", "VARCHAR", "List entry that was met."),
        Column("entry_name", "VARCHAR", "Its name."),
    ),
    published=False,
)

SCORES = Table(
    "scores",
    "One row per transaction: its score, its band and why.",
    ("transaction_id",),
    (
        required("transaction_id", "VARCHAR", "Transaction scored."),
        Column("payment_id", "VARCHAR", "Business transfer it belongs to."),
        Column("reference", "VARCHAR", "As in transactions."),
        Column("uetr", "VARCHAR", "As in transactions."),
        required("message_type", "VARCHAR", "As in messages."),
        Column("value_date", "DATE", "As in transactions."),
        Column("currency", "VARCHAR", "As in transactions."),
        Column("amount", "DECIMAL(28,5)", "As in transactions."),
        Column("amount_usd", "DECIMAL(28,2)", "As in transactions."),
        Column(
            "score",
            "DOUBLE",
            "Calibrated probability that an analyst would confirm exposure; null = cannot_score.",
        ),
        Column("model_score", "DOUBLE", "The model's own score, before obligations."),
        Column("margin", "DOUBLE", "The model's raw log-odds: orders scores that tie."),
        required("band", "VARCHAR", "clear, review, escalate or cannot_score."),
        required("obligation", "BOOLEAN", "A hard rule fired: the model cannot lower it."),
        Column("obligation_codes", "VARCHAR[]", "Codes of the hard rules that fired."),
        required("limb_persons", "VARCHAR", "s.11(a)(i): none, possible or certain."),
        required("limb_items", "VARCHAR", "s.11(a)(ii): none, possible or certain."),
        Column("limb_basis", "VARCHAR", "What the limbs rest on."),
        Column("reasons", REASON_TYPE, "Reasons, strongest first; contributions are log-odds."),
        Column("exception", "VARCHAR", "Licence or exemption that may apply, with its dates."),
        required("model_version", "VARCHAR", "Version of the risk model."),
        required("run_id", "VARCHAR", "Run that scored it."),
    ),
)

ALERTS = Table(
    "alerts",
    "The scores that a person must see, with status and decisions.",
    ("alert_id",),
    (
        required("alert_id", "VARCHAR", "ALT- and a hash of the transaction."),
        required("transaction_id", "VARCHAR", "Transaction concerned."),
        Column("payment_id", "VARCHAR", "Business transfer it belongs to."),
        Column("reference", "VARCHAR", "As in transactions."),
        Column("value_date", "DATE", "As in transactions."),
        Column("amount_usd", "DECIMAL(28,2)", "As in transactions."),
        required("band", "VARCHAR", "review, escalate or cannot_score."),
        Column("score", "DOUBLE", "As in scores."),
        Column("margin", "DOUBLE", "As in scores."),
        required("obligation", "BOOLEAN", "As in scores."),
        Column("uetr", "VARCHAR", "As in transactions."),
        Column("debtor_country", "VARCHAR", "As in transactions."),
        Column("creditor_country", "VARCHAR", "As in transactions."),
        personal("debtor_name", "As in transactions."),
        personal("creditor_name", "As in transactions."),
        Column("limb_persons", "VARCHAR", "As in scores."),
        Column("limb_items", "VARCHAR", "As in scores."),
        Column("exception", "VARCHAR", "As in scores."),
        required("headline", "VARCHAR", "The strongest reason in words."),
        required("status", "VARCHAR", "open, assigned, awaiting_second, confirmed or cleared."),
        Column("assigned_to", "VARCHAR", "Who works on it."),
        Column("decided_by", "VARCHAR", "Who decided last."),
        Column("decided_at_utc", "TIMESTAMP", "When."),
        Column("decision_reason", "VARCHAR", "Why, in the analyst's words.", personal=True),
        Column(
            "reopened_because",
            "VARCHAR[]",
            "Items that came after the alert was cleared: open again.",
        ),
        required("run_id", "VARCHAR", "Run that raised it."),
    ),
)

DECISIONS = Table(
    "decisions",
    "One row per act of a person on an alert, in the order of the acts; nothing is ever removed.",
    ("decision_id",),
    (
        required("decision_id", "VARCHAR", "Hash of the act and of the act before it."),
        required("sequence", "BIGINT", "Position in the log, from 1."),
        required("alert_id", "VARCHAR", "Alert concerned."),
        Column("transaction_id", "VARCHAR", "Transaction concerned."),
        required("action", "VARCHAR", "assign, comment, confirm, clear, approve, refuse, reopen."),
        required("status", "VARCHAR", "Status of the alert after the act, as in alerts."),
        required("decided_by", "VARCHAR", "Who acted.", personal=True),
        required("decided_at_utc", "TIMESTAMP", "When."),
        Column("assigned_to", "VARCHAR", "Who works on the alert after the act.", personal=True),
        Column("reason", "VARCHAR", "Why, in the person's words.", personal=True),
        Column("evidence_sha256", "VARCHAR", "Hash of the evidence that the person saw."),
        Column("seen", "VARCHAR[]", "Items that the person saw: entries, indicators, hard rules."),
        Column("snapshot_run_id", "VARCHAR", "Newest run in the snapshot that the person saw."),
    ),
)

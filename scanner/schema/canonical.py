"""What the files held: messages, transactions, parties, texts, and what was rejected."""

from scanner.schema.declaration import Column, Table, personal, required

MESSAGES = Table(
    "messages",
    "What the files held: one row per SWIFT MT or ISO 20022 message, also duplicates and tests.",
    ("message_id",),
    (
        required("message_id", "VARCHAR", "Hash of the source file and the byte offset."),
        required("source_file", "VARCHAR", "File as given; a zip member follows after '!'."),
        required("source_sha256", "VARCHAR", "SHA-256 of the source file's bytes."),
        required(
            "byte_offset",
            "BIGINT",
            "First byte of the message in the (unpacked) source; of a row of Parquet its number.",
        ),
        required("byte_length", "BIGINT", "Bytes of the message."),
        Column(
            "container",
            "VARCHAR",
            "How the file holds it: fin, rje, dos_pcc, xml, envelope, csv, parquet.",
        ),
        required(
            "format", "VARCHAR", "MT, MX, or EXPORT for a row of an export with mapped columns."
        ),
        required(
            "message_type",
            "VARCHAR",
            "Such as MT103, MT202COV or pacs.008.001.08; of an export as its mapping says.",
        ),
        Column("variant", "VARCHAR", "STP, REMIT, COV, ADV or core, where the type has variants."),
        Column(
            "service",
            "VARCHAR",
            "Business service or service identifier, such as swift.cbprplus.02.",
        ),
        Column(
            "direction", "VARCHAR", "input (sent by the owner of the archive) or output (received)."
        ),
        Column("sender_bic", "VARCHAR", "Sender's BIC; of an output message from its MIR."),
        Column("receiver_bic", "VARCHAR", "Receiver's BIC."),
        Column("uetr", "VARCHAR", "Unique end-to-end transaction reference, as received."),
        Column("message_reference", "VARCHAR", "MUR (MT) or business message identifier (MX)."),
        Column("created_on", "DATE", "Date the message was made or sent, where it says so."),
        Column(
            "charset", "VARCHAR", "How its bytes became text: ascii, utf-8, cp1252, swift-rur6."
        ),
        Column("is_acknowledged", "BOOLEAN", "True for ACK, false for NAK, null where not said."),
        Column(
            "possible_duplicate", "BOOLEAN", "The message itself says so (PDE, PDM, PssblDplct)."
        ),
        Column("is_test", "BOOLEAN", "Training message or test BIC: not real traffic."),
        Column("repaired", "BOOLEAN", "A value was read only after a repair; see repairs."),
        Column("repairs", "VARCHAR[]", "What was repaired, one sentence each with its field."),
        Column(
            "screening_code",
            "VARCHAR",
            "Outcome of an earlier screening, field 433: AOK, FPO, NOK.",
        ),
        Column("duplicate_of", "VARCHAR", "message_id of the first copy of the same message."),
        Column(
            "content_sha256", "VARCHAR", "Hash of the text that decides whether two are the same."
        ),
        Column("transaction_count", "INTEGER", "Transactions read from it."),
    ),
)

TRANSACTIONS = Table(
    "transactions",
    "One row per transfer, credit or enquiry inside a message; payment_id links those of one deal.",
    ("transaction_id",),
    (
        required("transaction_id", "VARCHAR", "message_id and the position inside it."),
        required("message_id", "VARCHAR", "The message that held it."),
        required("ordinal", "INTEGER", "Position inside the message, from 1."),
        Column("payment_id", "VARCHAR", "The business transfer that this transaction belongs to."),
        Column(
            "reference",
            "VARCHAR",
            "MT field 20 or 21 of the sequence; MX TxId, InstrId or EndToEndId.",
        ),
        Column("related_reference", "VARCHAR", "MT field 21 or the original's reference."),
        Column("instruction_id", "VARCHAR", "MX InstrId."),
        Column("end_to_end_id", "VARCHAR", "MX EndToEndId, or the original's."),
        Column("uetr", "VARCHAR", "UETR of the transaction or of the original it speaks of."),
        required("message_type", "VARCHAR", "As in messages."),
        required(
            "kind",
            "VARCHAR",
            "customer_transfer, bank_transfer, cover, direct_debit, cheque, return, reject, cancellation, enquiry, answer, status, letter_of_credit, guarantee, statement_entry, confirmation, free_format.",
        ),
        Column("value_date", "DATE", "Interbank settlement or value date."),
        Column("currency", "VARCHAR", "ISO 4217 code of amount."),
        Column("amount", "DECIMAL(28,5)", "Interbank settled amount, exact."),
        Column("instructed_currency", "VARCHAR", "ISO 4217 code of instructed_amount."),
        Column("instructed_amount", "DECIMAL(28,5)", "Amount as instructed by the debtor."),
        Column("amount_usd", "DECIMAL(28,2)", "Amount in US dollars by the dated rates table."),
        personal("debtor_name", "Name of the debtor (field 50a, Dbtr; applicant of a credit)."),
        Column("debtor_country", "VARCHAR", "Debtor's country, ISO 3166 alpha-2."),
        personal("debtor_account", "Debtor's account."),
        personal(
            "creditor_name", "Name of the creditor (field 59a, Cdtr; beneficiary of a credit)."
        ),
        Column("creditor_country", "VARCHAR", "Creditor's country, ISO 3166 alpha-2."),
        personal("creditor_account", "Creditor's account."),
        Column("debtor_agent_bic", "VARCHAR", "BIC of the debtor's bank."),
        Column("creditor_agent_bic", "VARCHAR", "BIC of the creditor's bank."),
        Column("sender_bic", "VARCHAR", "As in messages."),
        Column("receiver_bic", "VARCHAR", "As in messages."),
        Column("purpose_code", "VARCHAR", "ISO 20022 purpose or MT 26T."),
        Column("charge_bearer", "VARCHAR", "DEBT, CRED, SHAR, SLEV (MT: OUR, BEN, SHA)."),
        Column("status_code", "VARCHAR", "ISO 20022 status such as RJCT, ACSC, CNCR."),
        Column(
            "reason_code", "VARCHAR", "Reason of a return, reject or cancellation, such as AC01."
        ),
        personal("reason_text", "Reason in the bank's own words."),
        Column(
            "reason_class", "VARCHAR", "compliance, technical, address_format, customer or unclear."
        ),
        Column(
            "is_counted",
            "BOOLEAN",
            "False for duplicates, tests, NAKed and statement copies: not counted as money.",
        ),
    ),
)

PARTIES = Table(
    "parties",
    "One row per person or bank that a transaction names, in its role.",
    ("transaction_id", "role", "ordinal"),
    (
        required("transaction_id", "VARCHAR", "The transaction that names the party."),
        required(
            "role",
            "VARCHAR",
            "debtor, ultimate_debtor, initiating_party, debtor_agent, intermediary_agent_1, creditor_agent, creditor, ultimate_creditor, instructing_agent, and so on.",
        ),
        required("ordinal", "INTEGER", "Position among the parties of the role, from 1."),
        required("is_agent", "BOOLEAN", "Whether the role is a bank's."),
        Column(
            "level",
            "VARCHAR",
            "A or B of a cover's two sequences; cover or underlying in pacs.009 COV.",
        ),
        personal("name", "Name with its line breaks and wraps joined."),
        personal("address", "Address lines joined with ', '."),
        Column("town", "VARCHAR", "Town, where structured or recognised.", personal=True),
        Column("country", "VARCHAR", "ISO 3166 alpha-2, null where nothing gives it."),
        Column(
            "country_source",
            "VARCHAR",
            "Signal that gave the country: structured, line_3, bic, iban, clearing_code, regulatory, address_text.",
        ),
        personal("account", "Account number or IBAN, without the leading slash."),
        Column("bic", "VARCHAR", "BIC, 8 or 11 characters."),
        Column("lei", "VARCHAR", "Legal entity identifier."),
        Column(
            "clearing_code",
            "VARCHAR",
            "National clearing code with its system, such as RU044525225.",
        ),
        personal("identifier", "Other identifiers, 'SCHEME:VALUE' joined with '; '."),
        Column("birth_date", "DATE", "Birth date of a natural person.", personal=True),
        personal("birth_place", "Country and town of birth of a natural person, as RU/MOSCOW."),
        required(
            "field_path",
            "VARCHAR",
            "Where it stands: MT tag with its sequence (50K, B/59), MX path, or columns of an export.",
        ),
        personal("raw", "Text of the field as received and decoded; spans of hits count in it."),
        Column(
            "unscreened",
            "VARCHAR",
            "Why part of it could not be screened, such as Chinese commercial codes.",
        ),
    ),
)

TEXTS = Table(
    "texts",
    "One row per free text of a transaction.",
    ("transaction_id", "kind", "ordinal"),
    (
        required("transaction_id", "VARCHAR", "The transaction that carries the text."),
        required(
            "kind",
            "VARCHAR",
            "remittance_information, bank_to_bank_information, regulatory_reporting, narrative, goods_description, documents_required, additional_conditions, shipment, purpose, instruction, envelope_contents, statement_information, charges, place.",
        ),
        required("ordinal", "INTEGER", "Position among the texts of the kind, from 1."),
        required(
            "text",
            "VARCHAR",
            "Text as received and decoded, with its line breaks; spans of hits count in it.",
            personal=True,
        ),
        required(
            "field_path",
            "VARCHAR",
            "Where it stands: MT tag with its sequence, MX path, or columns of an export.",
        ),
        Column(
            "unscreened",
            "VARCHAR",
            "Why part of it could not be screened, such as Chinese commercial codes.",
        ),
    ),
)

REJECTED = Table(
    "rejected",
    "What could not be read: nothing of a file is dropped without a row here.",
    ("rejected_id",),
    (
        required("rejected_id", "VARCHAR", "Hash of the source file and the byte offset."),
        required("source_file", "VARCHAR", "File as given; a zip member follows after '!'."),
        Column(
            "source_sha256",
            "VARCHAR",
            "SHA-256 of the source file's bytes, where it could be read.",
        ),
        required("byte_offset", "BIGINT", "First byte of what was rejected."),
        required("byte_length", "BIGINT", "Bytes rejected."),
        Column("message_type", "VARCHAR", "Type, where it could still be seen."),
        required("reason_code", "VARCHAR", "Short code of the reason, listed in docs/formats.md."),
        required("reason", "VARCHAR", "What is wrong, with the field."),
        Column("field_path", "VARCHAR", "Column concerned, of a row of an export."),
        Column("excerpt_location", "VARCHAR", "File under the workspace that keeps the raw bytes."),
    ),
)

PAYMENTS = Table(
    "payments",
    "One row per business transfer: all its messages linked, counted once.",
    ("payment_id",),
    (
        required("payment_id", "VARCHAR", "Hash of the links' smallest transaction_id."),
        required("transaction_count", "BIGINT", "Transactions linked, copies included."),
        required("message_types", "VARCHAR[]", "Types of the linked messages, in order of time."),
        required(
            "linked_by",
            "VARCHAR[]",
            "What linked them: uetr, reference, related_reference, amount.",
        ),
        Column("lead_transaction_id", "VARCHAR", "The transaction that carries the money."),
        Column("uetr", "VARCHAR", "UETR of the payment."),
        Column("reference", "VARCHAR", "Reference of the lead transaction."),
        Column("value_date", "DATE", "Value date of the lead transaction."),
        Column("currency", "VARCHAR", "Currency of amount."),
        Column("amount", "DECIMAL(28,5)", "Amount, counted once."),
        Column("amount_usd", "DECIMAL(28,2)", "Amount in US dollars, counted once."),
        personal("debtor_name", "Debtor of the underlying customer transfer."),
        Column("debtor_country", "VARCHAR", "Its country."),
        personal("creditor_name", "Creditor of the underlying customer transfer."),
        Column("creditor_country", "VARCHAR", "Its country."),
        required(
            "status", "VARCHAR", "open, settled, returned, rejected, cancelled or not_delivered."
        ),
        Column(
            "reason_class", "VARCHAR", "compliance, technical, address_format, customer or unclear."
        ),
    ),
)

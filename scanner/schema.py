"""The tables, declared once.

Everything that must agree with a table is made from its declaration here: the
DDL, the comments that an analyst sees, the Arrow types that the stages hand
over, the data dictionary in the documentation and the list of columns that
hold personal data. Words are those of ISO 20022 and of OFAC; `docs/glossary.md`
lists them.

Identifiers of messages and transactions are made from content (file hash and
offset), never from a counter or a clock, so that a second run gives the same.
"""

from dataclasses import dataclass

import pyarrow as pa

_SCALARS: dict[str, pa.DataType] = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "DECIMAL(28,5)": pa.decimal128(28, 5),
    "DECIMAL(28,2)": pa.decimal128(28, 2),
    "VARCHAR[]": pa.list_(pa.string()),
    "INTEGER[]": pa.list_(pa.int32()),
}

REASON_TYPE = "STRUCT(code VARCHAR, contribution DOUBLE, words VARCHAR)[]"
_SCALARS[REASON_TYPE] = pa.list_(
    pa.struct(
        [
            pa.field("code", pa.string()),
            pa.field("contribution", pa.float64()),
            pa.field("words", pa.string()),
        ]
    )
)


@dataclass(frozen=True)
class Column:
    """One column: its name, its type as DuckDB prints it, and what it means.

    Attributes:
        name: Lower case, with its unit where it has one.
        sql_type: Spelled as DuckDB prints it, so that DESCRIBE can be compared.
        meaning: The comment an analyst reads.
        nullable: Whether a missing value is legal; a missing value means "not known".
        personal: Whether it may hold a name, an account, an address or free text.
    """

    name: str
    sql_type: str
    meaning: str
    nullable: bool = True
    personal: bool = False

    @property
    def arrow_type(self) -> pa.DataType:
        """The Arrow type in which stages hand this column over."""
        return _SCALARS[self.sql_type]


@dataclass(frozen=True)
class Table:
    """One table: its name, what a row is, and its columns in order."""

    name: str
    meaning: str
    grain: tuple[str, ...]
    columns: tuple[Column, ...]
    published: bool = True

    @property
    def arrow_schema(self) -> pa.Schema:
        """The schema of the Arrow tables that a stage hands over."""
        return pa.schema([pa.field(c.name, c.arrow_type) for c in self.columns])

    @property
    def column_names(self) -> tuple[str, ...]:
        """The columns' names in order."""
        return tuple(c.name for c in self.columns)

    def ddl(self, *, temporary: bool = False) -> str:
        """The CREATE TABLE statement."""
        kind = "CREATE TEMP TABLE" if temporary else "CREATE TABLE"
        body = ", ".join(
            f'"{c.name}" {c.sql_type}{"" if c.nullable else " NOT NULL"}' for c in self.columns
        )
        return f'{kind} "{self.name}" ({body})'

    def comments(self) -> list[str]:
        """The COMMENT statements for the table and each column."""
        made = [f"COMMENT ON TABLE \"{self.name}\" IS '{_quoted(self.meaning)}'"]
        made += [
            f'COMMENT ON COLUMN "{self.name}"."{c.name}" IS \'{_quoted(c.meaning)}\''
            for c in self.columns
        ]
        return made


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def _required(name: str, sql_type: str, meaning: str, *, personal: bool = False) -> Column:
    return Column(name, sql_type, meaning, nullable=False, personal=personal)


def _personal(name: str, meaning: str, sql_type: str = "VARCHAR") -> Column:
    return Column(name, sql_type, meaning, personal=True)


MESSAGES = Table(
    "messages",
    "What the files held: one row per SWIFT MT or ISO 20022 message, also duplicates and tests.",
    ("message_id",),
    (
        _required("message_id", "VARCHAR", "Hash of the source file and the byte offset."),
        _required("source_file", "VARCHAR", "File as given; a zip member follows after '!'."),
        _required("source_sha256", "VARCHAR", "SHA-256 of the source file's bytes."),
        _required("byte_offset", "BIGINT", "First byte of the message in the (unpacked) source."),
        _required("byte_length", "BIGINT", "Bytes of the message."),
        Column("container", "VARCHAR", "How the file holds it: fin, rje, dos_pcc, xml, envelope."),
        _required("format", "VARCHAR", "MT or MX."),
        _required("message_type", "VARCHAR", "Such as MT103, MT202COV or pacs.008.001.08."),
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
        _required("transaction_id", "VARCHAR", "message_id and the position inside it."),
        _required("message_id", "VARCHAR", "The message that held it."),
        _required("ordinal", "INTEGER", "Position inside the message, from 1."),
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
        _required("message_type", "VARCHAR", "As in messages."),
        _required(
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
        _personal("debtor_name", "Name of the debtor (field 50a, Dbtr; applicant of a credit)."),
        Column("debtor_country", "VARCHAR", "Debtor's country, ISO 3166 alpha-2."),
        _personal("debtor_account", "Debtor's account."),
        _personal(
            "creditor_name", "Name of the creditor (field 59a, Cdtr; beneficiary of a credit)."
        ),
        Column("creditor_country", "VARCHAR", "Creditor's country, ISO 3166 alpha-2."),
        _personal("creditor_account", "Creditor's account."),
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
        _personal("reason_text", "Reason in the bank's own words."),
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
        _required("transaction_id", "VARCHAR", "The transaction that names the party."),
        _required(
            "role",
            "VARCHAR",
            "debtor, ultimate_debtor, initiating_party, debtor_agent, intermediary_agent_1, creditor_agent, creditor, ultimate_creditor, instructing_agent, and so on.",
        ),
        _required("ordinal", "INTEGER", "Position among the parties of the role, from 1."),
        _required("is_agent", "BOOLEAN", "Whether the role is a bank's."),
        Column(
            "level",
            "VARCHAR",
            "A or B of a cover's two sequences; cover or underlying in pacs.009 COV.",
        ),
        _personal("name", "Name with its line breaks and wraps joined."),
        _personal("address", "Address lines joined with ', '."),
        Column("town", "VARCHAR", "Town, where structured or recognised.", personal=True),
        Column("country", "VARCHAR", "ISO 3166 alpha-2, null where nothing gives it."),
        Column(
            "country_source",
            "VARCHAR",
            "Signal that gave the country: structured, line_3, bic, iban, clearing_code, regulatory, address_text.",
        ),
        _personal("account", "Account number or IBAN, without the leading slash."),
        Column("bic", "VARCHAR", "BIC, 8 or 11 characters."),
        Column("lei", "VARCHAR", "Legal entity identifier."),
        Column(
            "clearing_code",
            "VARCHAR",
            "National clearing code with its system, such as RU044525225.",
        ),
        _personal("identifier", "Other identifiers, 'SCHEME:VALUE' joined with '; '."),
        Column("birth_date", "DATE", "Birth date of a natural person.", personal=True),
        _required(
            "field_path",
            "VARCHAR",
            "Where it stands: MT tag with its sequence (50K, B/59) or MX path.",
        ),
        _personal("raw", "Text of the field as received and decoded; spans of hits count in it."),
    ),
)

TEXTS = Table(
    "texts",
    "One row per free text of a transaction.",
    ("transaction_id", "kind", "ordinal"),
    (
        _required("transaction_id", "VARCHAR", "The transaction that carries the text."),
        _required(
            "kind",
            "VARCHAR",
            "remittance_information, bank_to_bank_information, regulatory_reporting, narrative, goods_description, documents_required, additional_conditions, shipment, purpose, instruction, envelope_contents, statement_information, charges, place.",
        ),
        _required("ordinal", "INTEGER", "Position among the texts of the kind, from 1."),
        _required(
            "text",
            "VARCHAR",
            "Text as received and decoded, with its line breaks; spans of hits count in it.",
            personal=True,
        ),
        _required("field_path", "VARCHAR", "Where it stands: MT tag with its sequence or MX path."),
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
        _required("rejected_id", "VARCHAR", "Hash of the source file and the byte offset."),
        _required("source_file", "VARCHAR", "File as given; a zip member follows after '!'."),
        Column(
            "source_sha256",
            "VARCHAR",
            "SHA-256 of the source file's bytes, where it could be read.",
        ),
        _required("byte_offset", "BIGINT", "First byte of what was rejected."),
        _required("byte_length", "BIGINT", "Bytes rejected."),
        Column("message_type", "VARCHAR", "Type, where it could still be seen."),
        _required("reason_code", "VARCHAR", "Short code of the reason, listed in docs/formats.md."),
        _required("reason", "VARCHAR", "What is wrong, with the field."),
        Column("field_path", "VARCHAR", "Field concerned."),
        Column("excerpt_location", "VARCHAR", "File under the workspace that keeps the raw bytes."),
    ),
)

LIST_VERSIONS = Table(
    "list_versions",
    "Versions of the sanctions lists that were screened against.",
    ("list", "version"),
    (
        _required(
            "list", "VARCHAR", "Such as OFAC-SDN, OFAC-CONS, EU-FSF, UK-SL, UN-SC, US-CSL, OWN."
        ),
        _required("version", "VARCHAR", "Version date and hash prefix."),
        Column("version_date", "DATE", "Date the publisher gives, or that of the file."),
        _required("source", "VARCHAR", "File or address the version was read from."),
        _required("sha256", "VARCHAR", "SHA-256 over the version's files in order."),
        _required("entry_count", "BIGINT", "Entries read."),
        _required("name_count", "BIGINT", "Names read, aliases included."),
        _required("rejected_count", "BIGINT", "Rows that could not be read."),
        _required("is_active", "BOOLEAN", "Whether this version was screened against."),
    ),
)

LIST_ENTRIES = Table(
    "list_entries",
    "One row per entry of the active lists.",
    ("entry_id",),
    (
        _required("entry_id", "VARCHAR", "List and the publisher's number, such as OFAC-SDN:1234."),
        _required("list", "VARCHAR", "List that holds the entry."),
        Column("entry_name", "VARCHAR", "Primary name; null for an address-only entry."),
        _required("entry_type", "VARCHAR", "entity, individual, vessel, aircraft or address."),
        Column("programs", "VARCHAR[]", "Sanctions programs as the publisher spells them."),
        _required(
            "measure",
            "VARCHAR",
            "blocking, menu_based, sectoral, correspondent_account, export_control or other.",
        ),
        _required(
            "eo14024_blocked", "BOOLEAN", "Blocked under E.O. 14024: limb knowledge for section 11."
        ),
        _required(
            "section_11_remark", "BOOLEAN", "Carries the remark on section 11 of E.O. 14024."
        ),
        Column(
            "designation_basis", "VARCHAR", "Sector of the designation, where a source states it."
        ),
        Column(
            "listed_on",
            "DATE",
            "Date of listing, where known; from snapshots the earliest day that it can be.",
        ),
        Column(
            "listed_by",
            "DATE",
            "Latest day on which it was surely listed: listed_on, or the first version's date.",
        ),
        Column("listed_on_source", "VARCHAR", "What gave listed_on: publisher, remark, snapshots."),
        Column("delisted_on", "DATE", "First version date on which the entry was gone."),
        Column("first_version", "VARCHAR", "First version that holds the entry."),
        Column("last_version", "VARCHAR", "Last version that holds the entry."),
        Column(
            "countries", "VARCHAR[]", "ISO 3166 alpha-2 of addresses, nationality and registration."
        ),
        Column("birth_dates", "VARCHAR[]", "Birth dates: YYYY, YYYY-MM or YYYY-MM-DD."),
        Column("remarks", "VARCHAR", "Publisher's remarks, whole."),
        Column("subject_id", "VARCHAR", "Identity across lists: one subject with all its entries."),
    ),
)

LIST_NAMES = Table(
    "list_names",
    "One row per name of an entry.",
    ("entry_id", "name"),
    (
        _required("entry_id", "VARCHAR", "Entry that bears the name."),
        _required("list", "VARCHAR", "List that holds the entry."),
        _required("name", "VARCHAR", "Name as the publisher spells it."),
        _required("quality", "VARCHAR", "primary, strong, weak or formerly."),
    ),
)

LIST_IDENTIFIERS = Table(
    "list_identifiers",
    "One row per identifier of an entry.",
    ("entry_id", "kind", "value"),
    (
        _required("entry_id", "VARCHAR", "Entry that bears the identifier."),
        _required("list", "VARCHAR", "List that holds the entry."),
        _required(
            "kind",
            "VARCHAR",
            "bic, bik, lei, inn, ogrn, kpp, tax_id, registration_number, passport, national_id, imo, mmsi, call_sign, account, website, email, phone, crypto_address.",
        ),
        _required(
            "value", "VARCHAR", "Value, upper case without separators (websites in lower case)."
        ),
        Column("country", "VARCHAR", "ISO 3166 alpha-2 of the issuer, where said."),
    ),
)

LIST_ADDRESSES = Table(
    "list_addresses",
    "One row per address of an entry.",
    ("entry_id", "ordinal"),
    (
        _required("entry_id", "VARCHAR", "Entry that bears the address."),
        _required("list", "VARCHAR", "List that holds the entry."),
        _required("ordinal", "INTEGER", "Position among the entry's addresses, from 1."),
        Column("address", "VARCHAR", "Street and house, as published."),
        Column("town", "VARCHAR", "Town, region and post code, as published."),
        Column("country", "VARCHAR", "ISO 3166 alpha-2."),
    ),
)

OWNERSHIP = Table(
    "ownership",
    "Dated shares: who holds how much of whom, from the bank's file and from the lists.",
    ("owner_name", "owned_name", "valid_from"),
    (
        _required("owner_name", "VARCHAR", "Owner's name.", personal=True),
        Column("owner_entry", "VARCHAR", "Owner's list entry, such as OFAC-SDN:1234."),
        _required("owned_name", "VARCHAR", "Name of the firm that is owned.", personal=True),
        Column("owned_country", "VARCHAR", "ISO 3166 alpha-2 of the firm that is owned."),
        Column("owned_entry", "VARCHAR", "List entry of the firm that is owned, if it has one."),
        Column(
            "share_percent",
            "DOUBLE",
            "Share in percent, 0 to 100; null where the source gives none.",
        ),
        Column("valid_from", "DATE", "First day of the share; null = always."),
        Column("valid_to", "DATE", "Last day of the share; null = still."),
        _required("source", "VARCHAR", "File or list that states it."),
    ),
)

CUSTOMERS = Table(
    "customers",
    "The bank's customers as given to the scan.",
    ("customer_id", "account"),
    (
        _required("customer_id", "VARCHAR", "The bank's own number of the customer."),
        _personal("account", "One of the customer's accounts."),
        _personal("name", "Customer's name."),
        Column("country", "VARCHAR", "ISO 3166 alpha-2."),
        Column("incorporated_on", "DATE", "Date of incorporation."),
        Column("industry", "VARCHAR", "Line of business, as the bank records it."),
    ),
)

HITS = Table(
    "hits",
    "One row per match of a party or a text with a list entry.",
    ("hit_id",),
    (
        _required("hit_id", "VARCHAR", "Hash of transaction, field and entry."),
        _required("transaction_id", "VARCHAR", "Transaction concerned."),
        Column("role", "VARCHAR", "Role of the party that matched; null for a text."),
        Column("text_kind", "VARCHAR", "Kind of the text that matched; null for a party."),
        _required("field_path", "VARCHAR", "Field that holds the matched text."),
        _required(
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
        _required("list", "VARCHAR", "List that holds the entry."),
        _required("list_version", "VARCHAR", "Version of the list."),
        _required("entry_id", "VARCHAR", "Entry that was met."),
        Column("entry_name", "VARCHAR", "Entry's primary name."),
        Column("matched_name", "VARCHAR", "Name, identifier or address of the entry that was met."),
        _required("match_kind", "VARCHAR", "name, bic, identifier, address, ownership or text."),
        _required("score", "DOUBLE", "Calibrated probability that both are the same, 0 to 1."),
        Column("rank_key", "DOUBLE", "Uncapped evidence: orders hits whose score ties."),
        _required("because", "VARCHAR", "Which words met which, what agreed, what contradicted."),
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
        _required("transaction_id", "VARCHAR", "Transaction concerned."),
        _required("text_kind", "VARCHAR", "Kind of the text."),
        _required("field_path", "VARCHAR", "Field that holds the matched text."),
        _required("matched_text", "VARCHAR", "Words or code found.", personal=True),
        Column("span", "INTEGER[]", "First and one past the last character in texts.text."),
        Column("hs6", "VARCHAR", "HS 2022 code, six digits, found or inferred."),
        Column("chpl_tier", "VARCHAR", "Common High Priority List tier: 1, 2, 3.A, 3.B, 4.A, 4.B."),
        Column(
            "item_category", "INTEGER", "Category 1 to 8 of the s.11(a)(ii) item determination."
        ),
        _required("found_by", "VARCHAR", "hs_code, words or part_number."),
        _required("confidence", "DOUBLE", "0 to 1."),
        _required("because", "VARCHAR", "What in the text and its context decided."),
    ),
)

INDICATORS = Table(
    "indicators",
    "One row per red flag found on a transaction, or that could not be assessed.",
    ("transaction_id", "code", "evidence"),
    (
        _required("transaction_id", "VARCHAR", "Transaction concerned."),
        _required("code", "VARCHAR", "Code of the indicator, listed in docs/indicators.md."),
        _required("level", "VARCHAR", "row, history or network."),
        Column(
            "limb",
            "VARCHAR",
            "persons (s.11(a)(i)), items (s.11(a)(ii)), both, evasion or context.",
        ),
        _required("strength", "DOUBLE", "0 to 1; an obligation is 1."),
        _required("outcome", "VARCHAR", "found or not_assessable."),
        _required(
            "evidence",
            "VARCHAR",
            "JSON object: fields, values, matched texts, entries.",
            personal=True,
        ),
        _required("source", "VARCHAR", "Document that names the indicator, with its date."),
    ),
)

SCORES = Table(
    "scores",
    "One row per transaction: its score, its band and why.",
    ("transaction_id",),
    (
        _required("transaction_id", "VARCHAR", "Transaction scored."),
        Column("payment_id", "VARCHAR", "Business transfer it belongs to."),
        Column("reference", "VARCHAR", "As in transactions."),
        Column("uetr", "VARCHAR", "As in transactions."),
        _required("message_type", "VARCHAR", "As in messages."),
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
        _required("band", "VARCHAR", "clear, review, escalate or cannot_score."),
        _required("obligation", "BOOLEAN", "A hard rule fired: the model cannot lower it."),
        Column("obligation_codes", "VARCHAR[]", "Codes of the hard rules that fired."),
        _required("limb_persons", "VARCHAR", "s.11(a)(i): none, possible or certain."),
        _required("limb_items", "VARCHAR", "s.11(a)(ii): none, possible or certain."),
        Column("limb_basis", "VARCHAR", "What the limbs rest on."),
        Column("reasons", REASON_TYPE, "Reasons, strongest first; contributions are log-odds."),
        Column("exception", "VARCHAR", "Licence or exemption that may apply, with its dates."),
        _required("model_version", "VARCHAR", "Version of the risk model."),
        _required("run_id", "VARCHAR", "Run that scored it."),
    ),
)

ALERTS = Table(
    "alerts",
    "The scores that a person must see, with status and decisions.",
    ("alert_id",),
    (
        _required("alert_id", "VARCHAR", "ALT- and a hash of the transaction."),
        _required("transaction_id", "VARCHAR", "Transaction concerned."),
        Column("payment_id", "VARCHAR", "Business transfer it belongs to."),
        Column("reference", "VARCHAR", "As in transactions."),
        Column("value_date", "DATE", "As in transactions."),
        Column("amount_usd", "DECIMAL(28,2)", "As in transactions."),
        _required("band", "VARCHAR", "review, escalate or cannot_score."),
        Column("score", "DOUBLE", "As in scores."),
        _required("obligation", "BOOLEAN", "As in scores."),
        _required("headline", "VARCHAR", "The strongest reason in words."),
        _required("status", "VARCHAR", "open, assigned, awaiting_second, confirmed or cleared."),
        Column("assigned_to", "VARCHAR", "Who works on it."),
        Column("decided_by", "VARCHAR", "Who decided last."),
        Column("decided_at_utc", "TIMESTAMP", "When."),
        Column("decision_reason", "VARCHAR", "Why, in the analyst's words.", personal=True),
        Column(
            "reopened_because",
            "VARCHAR[]",
            "Items that came after the alert was cleared: open again.",
        ),
        _required("run_id", "VARCHAR", "Run that raised it."),
    ),
)

DECISIONS = Table(
    "decisions",
    "One row per act of a person on an alert, in the order of the acts; nothing is ever removed.",
    ("decision_id",),
    (
        _required("decision_id", "VARCHAR", "Hash of the act and of the act before it."),
        _required("sequence", "BIGINT", "Position in the log, from 1."),
        _required("alert_id", "VARCHAR", "Alert concerned."),
        Column("transaction_id", "VARCHAR", "Transaction concerned."),
        _required("action", "VARCHAR", "assign, comment, confirm, clear, approve, refuse, reopen."),
        _required("status", "VARCHAR", "Status of the alert after the act, as in alerts."),
        _required("decided_by", "VARCHAR", "Who acted.", personal=True),
        _required("decided_at_utc", "TIMESTAMP", "When."),
        Column("assigned_to", "VARCHAR", "Who works on the alert after the act.", personal=True),
        Column("reason", "VARCHAR", "Why, in the person's words.", personal=True),
        Column("evidence_sha256", "VARCHAR", "Hash of the evidence that the person saw."),
        Column("seen", "VARCHAR[]", "Items that the person saw: entries, indicators, hard rules."),
        Column("snapshot_run_id", "VARCHAR", "Newest run in the snapshot that the person saw."),
    ),
)

PAYMENTS = Table(
    "payments",
    "One row per business transfer: all its messages linked, counted once.",
    ("payment_id",),
    (
        _required("payment_id", "VARCHAR", "Hash of the links' smallest transaction_id."),
        _required("transaction_count", "BIGINT", "Transactions linked, copies included."),
        _required("message_types", "VARCHAR[]", "Types of the linked messages, in order of time."),
        _required(
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
        _personal("debtor_name", "Debtor of the underlying customer transfer."),
        Column("debtor_country", "VARCHAR", "Its country."),
        _personal("creditor_name", "Creditor of the underlying customer transfer."),
        Column("creditor_country", "VARCHAR", "Its country."),
        _required(
            "status", "VARCHAR", "open, settled, returned, rejected, cancelled or not_delivered."
        ),
        Column(
            "reason_class", "VARCHAR", "compliance, technical, address_format, customer or unclear."
        ),
    ),
)

TRANSFER_FACTS = Table(
    "transfer_facts",
    "One narrow row per counted transfer: what history and network indicators need of it later.",
    ("transaction_id",),
    (
        _required("transaction_id", "VARCHAR", "Transaction concerned."),
        Column("payment_id", "VARCHAR", "Business transfer it belongs to."),
        Column("value_date", "DATE", "Value date."),
        _required("kind", "VARCHAR", "As in transactions."),
        Column("message_type", "VARCHAR", "As in transactions."),
        Column("currency", "VARCHAR", "As in transactions."),
        Column("amount_usd", "DOUBLE", "Amount in US dollars."),
        Column(
            "debtor_key", "VARCHAR", "Account, else normalised name and country, of the debtor."
        ),
        Column("creditor_key", "VARCHAR", "The same of the creditor."),
        _personal("debtor_name_key", "Normalised name of the debtor."),
        _personal("creditor_name_key", "Normalised name of the creditor."),
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
    ),
    published=False,
)

FEATURES = Table(
    "features",
    "One row per transaction: what the risk model looks at; null means not known.",
    ("transaction_id",),
    (
        _required("transaction_id", "VARCHAR", "Transaction concerned."),
        Column(
            "party_score",
            "DOUBLE",
            "Best score of a party's name or identifier against a blocking entry.",
        ),
        Column("party_rarity", "DOUBLE", "Uncapped evidence of that hit."),
        Column("bank_listed", "DOUBLE", "A bank of the chain is listed by its BIC or name."),
        Column("text_score", "DOUBLE", "Best score of a listed name or code inside free text."),
        Column(
            "owned_score",
            "DOUBLE",
            "Best score of a party's name against a firm with a blocked owner.",
        ),
        Column(
            "goods_rank",
            "DOUBLE",
            "Common High Priority tier of the best good found: 6 for tier 1 to 1 for tier 4.B.",
        ),
        Column("goods_confidence", "DOUBLE", "Confidence of the best good found."),
        Column("item_found", "DOUBLE", "A good of the section 11 item determination is named."),
        Column("russia_nexus", "DOUBLE", "Russia or Belarus by any signal."),
        Column(
            "russia_in_text", "DOUBLE", "Russia or Belarus in the text while no party is there."
        ),
        Column("goods_and_nexus", "DOUBLE", "Tier rank where Russia or Belarus is involved."),
        Column("goods_and_hub", "DOUBLE", "Tier rank where a party is in a diversion country."),
        Column(
            "hub_corridor", "DOUBLE", "Most naming sources of a party's country: 0 none to 3 many."
        ),
        Column(
            "days_since_incorporation",
            "DOUBLE",
            "Age of the bank's customer on the payment's date.",
        ),
        Column("founded_after_invasion", "DOUBLE", "The customer was founded after 2022-02-24."),
        Column(
            "new_and_goods", "DOUBLE", "Tier rank where the customer was founded after 2022-02-24."
        ),
        Column("first_time_pair", "DOUBLE", "No earlier payment between both parties is stored."),
        Column("pair_payments_30d", "DOUBLE", "Earlier payments of the pair within 30 days."),
        Column("pair_evenness_30d", "DOUBLE", "How alike the amounts of those payments are."),
        Column(
            "russian_inflow_30d",
            "DOUBLE",
            "The payer received from Russia or Belarus within 30 days before.",
        ),
        Column(
            "pass_through_ratio",
            "DOUBLE",
            "Likeness of amount to a payment received within 5 days before.",
        ),
        Column("chain_depth", "DOUBLE", "Different banks of the chain."),
        Column("further_bank_in_text", "DOUBLE", "The text names a bank that is no party."),
        Column("missing_fields", "DOUBLE", "Names and addresses of customers that are missing."),
        Column("hidden_payer", "DOUBLE", "The payer is called a customer of a bank or not at all."),
        Column(
            "plain_cover",
            "DOUBLE",
            "A plain bank transfer carries the reference of a customer transfer.",
        ),
        Column(
            "after_compliance_reject",
            "DOUBLE",
            "The same pair or amount was rejected for compliance within 30 days before.",
        ),
        Column("amount_log_usd", "DOUBLE", "Logarithm of the amount in US dollars."),
        Column(
            "exempt_trade",
            "DOUBLE",
            "Food or medicine or another exempt trade is named and no priority good.",
        ),
    ),
)

BANK_EXPOSURE = Table(
    "bank_exposure",
    "One row per counterparty bank (BIC8) and month: what its traffic exposes the bank to.",
    ("bank_bic8", "month"),
    (
        _required("bank_bic8", "VARCHAR", "First eight characters of the bank's BIC."),
        _required("month", "DATE", "First day of the month."),
        _required("payments", "BIGINT", "Payments in which the bank takes part."),
        _required("value_usd", "DECIMAL(28,2)", "Their value."),
        _required("exposed_count", "BIGINT", "Payments in review or escalate."),
        _required("exposed_value_usd", "DECIMAL(28,2)", "Their value."),
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
    _required("payments", "BIGINT", "Payments, each counted once."),
    _required("value_usd", "DECIMAL(28,2)", "Their value."),
    _required("exposed_count", "BIGINT", "Payments in review or escalate."),
    _required("exposed_value_usd", "DECIMAL(28,2)", "Their value."),
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
        _required("customer_id", "VARCHAR", "As in customers."),
        _required("month", "DATE", "First day of the month."),
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
        _required("month", "DATE", "First day of the month."),
        *_EXPOSED_COUNTS,
    ),
)

SIGNIFICANCE = Table(
    "significance",
    "The seven factors of a significant transaction with their measured proxies, one row per factor.",
    ("subject_kind", "subject", "month", "factor"),
    (
        _required("subject_kind", "VARCHAR", "payment, customer or bank."),
        _required("subject", "VARCHAR", "transaction_id, customer_id or the bank's BIC8."),
        Column(
            "month", "DATE", "First day of the month of a customer or bank; null for a payment."
        ),
        _required("factor", "VARCHAR", "a to g, as in 31 CFR 562.407 and FAQ 683."),
        _required("words", "VARCHAR", "The factor in words."),
        _required("evidence", "VARCHAR", "JSON object: the proxies with their values."),
    ),
)

RUNS = Table(
    "runs",
    "One row per run: what it read, with which lists, model and configuration, and its counts.",
    ("run_id",),
    (
        _required("run_id", "VARCHAR", "Identifier of the run, from its key."),
        _required("run_key", "VARCHAR", "Hash of inputs, lists, model and configuration."),
        Column("as_of", "DATE", "Date of knowledge; null = today's."),
        _required("source_files", "BIGINT", "Files read."),
        _required("messages", "BIGINT", "Messages read."),
        _required("rejected", "BIGINT", "Pieces rejected."),
        _required("transactions", "BIGINT", "Transactions read."),
        _required("parties", "BIGINT", "Parties screened."),
        _required("hits", "BIGINT", "Hits found."),
        _required("alerts", "BIGINT", "Alerts raised."),
        _required("inputs_sha256", "VARCHAR", "Hash over the inputs' hashes."),
        _required("lists_sha256", "VARCHAR", "Hash over the active lists' hashes."),
        _required("model_version", "VARCHAR", "Version of the risk model."),
        _required("model_sha256", "VARCHAR", "Hash of the model's file."),
        _required("config_sha256", "VARCHAR", "Hash of the effective configuration."),
        _required("program_version", "VARCHAR", "Version of the program."),
        Column(
            "home_bic8s", "VARCHAR[]", "BICs (8 characters) of the bank itself: no counterparties."
        ),
        Column("settings", "VARCHAR", "JSON object of the settings that shape results."),
        Column("previous_run_id", "VARCHAR", "Run before this one in the workspace."),
    ),
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
        FEATURES,
        BANK_EXPOSURE,
        CUSTOMER_EXPOSURE,
        CORRIDOR_EXPOSURE,
        SIGNIFICANCE,
        RUNS,
    )
}
"""Every table that stages hand over or that the snapshot publishes, by name."""

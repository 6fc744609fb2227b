"""What the lists and the bank's own files say: entries, names, codes, owners, customers."""

from scanner.schema.declaration import Column, Table, personal, required

LIST_VERSIONS = Table(
    "list_versions",
    "Versions of the sanctions lists that were screened against.",
    ("list", "version"),
    (
        required(
            "list", "VARCHAR", "Such as OFAC-SDN, OFAC-CONS, EU-FSF, UK-SL, UN-SC, US-CSL, OWN."
        ),
        required("version", "VARCHAR", "Version date and hash prefix."),
        Column("version_date", "DATE", "Date the publisher gives, or that of the file."),
        required("source", "VARCHAR", "File or address the version was read from."),
        required("sha256", "VARCHAR", "SHA-256 over the version's files in order."),
        required("entry_count", "BIGINT", "Entries read."),
        required("name_count", "BIGINT", "Names read, aliases included."),
        required("rejected_count", "BIGINT", "Rows that could not be read."),
        required("is_active", "BOOLEAN", "Whether this version was screened against."),
    ),
)

LIST_ENTRIES = Table(
    "list_entries",
    "One row per entry of the active lists.",
    ("entry_id",),
    (
        required("entry_id", "VARCHAR", "List and the publisher's number, such as OFAC-SDN:1234."),
        required("list", "VARCHAR", "List that holds the entry."),
        Column("entry_name", "VARCHAR", "Primary name; null for an address-only entry."),
        required("entry_type", "VARCHAR", "entity, individual, vessel, aircraft or address."),
        Column("programs", "VARCHAR[]", "Sanctions programs as the publisher spells them."),
        required(
            "measure",
            "VARCHAR",
            "blocking, menu_based, sectoral, correspondent_account, export_control or other.",
        ),
        required(
            "eo14024_blocked", "BOOLEAN", "Blocked under E.O. 14024: limb knowledge for section 11."
        ),
        required("section_11_remark", "BOOLEAN", "Carries the remark on section 11 of E.O. 14024."),
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
        required("entry_id", "VARCHAR", "Entry that bears the name."),
        required("list", "VARCHAR", "List that holds the entry."),
        required("name", "VARCHAR", "Name as the publisher spells it."),
        required("quality", "VARCHAR", "primary, strong, weak or formerly."),
    ),
)

LIST_IDENTIFIERS = Table(
    "list_identifiers",
    "One row per identifier of an entry.",
    ("entry_id", "kind", "value"),
    (
        required("entry_id", "VARCHAR", "Entry that bears the identifier."),
        required("list", "VARCHAR", "List that holds the entry."),
        required(
            "kind",
            "VARCHAR",
            "bic, bik, lei, inn, ogrn, kpp, tax_id, registration_number, passport, national_id, imo, mmsi, call_sign, account, website, email, phone, crypto_address.",
        ),
        required(
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
        required("entry_id", "VARCHAR", "Entry that bears the address."),
        required("list", "VARCHAR", "List that holds the entry."),
        required("ordinal", "INTEGER", "Position among the entry's addresses, from 1."),
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
        required("owner_name", "VARCHAR", "Owner's name.", personal=True),
        Column("owner_entry", "VARCHAR", "Owner's list entry, such as OFAC-SDN:1234."),
        required("owned_name", "VARCHAR", "Name of the firm that is owned.", personal=True),
        Column("owned_country", "VARCHAR", "ISO 3166 alpha-2 of the firm that is owned."),
        Column("owned_entry", "VARCHAR", "List entry of the firm that is owned, if it has one."),
        Column(
            "share_percent",
            "DOUBLE",
            "Share in percent, 0 to 100; null where the source gives none.",
        ),
        Column("valid_from", "DATE", "First day of the share; null = always."),
        Column("valid_to", "DATE", "Last day of the share; null = still."),
        required("source", "VARCHAR", "File or list that states it."),
    ),
)

CUSTOMERS = Table(
    "customers",
    "The bank's customers as given to the scan.",
    ("customer_id", "account"),
    (
        required("customer_id", "VARCHAR", "The bank's own number of the customer."),
        personal("account", "One of the customer's accounts."),
        personal("name", "Customer's name."),
        Column("country", "VARCHAR", "ISO 3166 alpha-2."),
        Column("incorporated_on", "DATE", "Date of incorporation."),
        Column("industry", "VARCHAR", "Line of business, as the bank records it."),
    ),
)

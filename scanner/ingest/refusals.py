"""Why a file or a piece of one is not read: codes, what each means, and what to do about it."""

REASONS: dict[str, tuple[str, str]] = {
    "not_a_message": (
        "Neither a SWIFT FIN message nor ISO 20022 XML, nor named by a mapping.",
        "Leave such files out, export them as messages, or map their columns with --mapping.",
    ),
    "block_1": ("The basic header is damaged.", "Export the message again."),
    "block_2": (
        "The application header is missing or damaged, or an acknowledgement stands alone.",
        "Export the message again, with its acknowledgement before it.",
    ),
    "no_block_4": ("The message has no text block.", "Export the message again."),
    "no_field": (
        "The text block holds no field at the start of a line.",
        "Export with the line ends of the message.",
    ),
    "doubled": (
        "Field 20 comes twice in a single transfer: two messages whose border is damaged.",
        "Export both messages again.",
    ),
    "amount": ("An amount cannot be read exactly.", "Look at the field; correct the export."),
    "no_amount": ("A transfer bears no amount.", "Export the message again."),
    "date": ("A date is no date.", "Look at the field; correct the export."),
    "entry": ("A statement line cannot be read.", "Look at field 61; correct the export."),
    "xml": ("The XML is not well-formed.", "Export the message again."),
    "doctype": (
        "A document type or an entity is declared, which may do harm.",
        "Export without; treat the sender's file with care.",
    ),
    "empty": ("The Document holds nothing.", "Export the message again."),
    "message_type": (
        "Neither namespace nor business header names the message.",
        "Export with namespace or header.",
    ),
    "no_document": ("The XML holds no ISO 20022 Document.", "Leave such files out."),
    "nested": (
        "Several documents stand as escaped text in one element.",
        "Export each as a file or element of its own.",
    ),
    "row": (
        "A row of an export has a wrong number of columns, or a word that no mapping names.",
        "Look at the row; correct the export or the mapping.",
    ),
    "encoding": (
        "A row of an export holds bytes that are not of the encoding.",
        "Name the right encoding in the mapping.",
    ),
    "no_message": (
        "The raw column of a row holds no message.",
        "Leave such rows out, or name the right column in the mapping.",
    ),
    "parquet": ("A Parquet file is damaged.", "Export it again."),
    "too_long": (
        "Longer than a message may be, or without an end.",
        "Export single messages; see the limit in the reason.",
    ),
    "too_large": ("The file is larger than allowed.", "Cut the export into smaller files."),
    "archive": ("An archive is damaged, encrypted or of an unknown method.", "Pack it again."),
    "archive_in_archive": ("An archive stands inside an archive.", "Unpack the outer one."),
    "bomb": ("A gzip file unpacks to far more than a file of messages does.", "Unpack it first."),
    "zip_bomb": (
        "A zip file unpacks to far more than a file of messages does.",
        "Unpack it first.",
    ),
}
"""Meaning and advice by the code in `rejected.reason_code`."""

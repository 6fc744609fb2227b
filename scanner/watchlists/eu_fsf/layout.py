"""The layout of the EU's files: sanctionEntity in XML, one row per fact in CSV.

Source: https://webgate.ec.europa.eu/fsd/fsf, FullSanctionsList_1_1; the layout was read in its
description, no file was at hand. Columns are found by name, so that their order may change.
"""

from scanner.watchlists.list_files import ListFile
from scanner.watchlists.markup import root_name

LIST = "EU-FSF"
XML_PART, CSV_PART = "list", "list_csv"
ENCODING = "utf-8"
KEY = "Entity_LogicalId"
NEEDED = (KEY, "NameAlias_WholeName", "Entity_SubjectType")
KINDS = {
    "passport": "passport",
    "id": "national_id",
    "ssn": "national_id",
    "swiftbic": "bic",
    "regnumber": "registration_number",
    "fiscalcode": "tax_id",
    "tax": "tax_id",
    "imo": "imo",
    "travel": "passport",
    "electpass": "national_id",
    "residperm": "national_id",
    "other": "registration_number",
}
NO_COUNTRY = "00"


def entry_type(subject: str | None) -> str:
    """`person` or `P` is an individual; ships are published as enterprises."""
    return "individual" if (subject or "").strip().lower() in ("person", "p") else "entity"


def recognise(file: ListFile) -> tuple[str, str] | None:
    """Say whether a file is the EU's list, as XML or as CSV."""
    head = file.data[:8000]
    if root_name(file.data) == "export" and b"fsd/export" in head:
        return LIST, XML_PART
    first = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("utf-8", "replace")
    columns = {cell.strip().strip('"') for cell in first.split(";")}
    return (LIST, CSV_PART) if columns.issuperset(NEEDED) else None

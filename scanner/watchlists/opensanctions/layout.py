"""The layouts of OpenSanctions: one target a row, or one entity of FollowTheMoney a line.

Source: https://www.opensanctions.org/docs/bulk/; the data are licensed (CC BY-NC), so none is
shipped.
"""

import json
import re

from scanner.watchlists.list_files import ListFile

LIST = "OPENSANCTIONS"
SIMPLE, ENTITIES = "simple", "entities"
NEEDED = ("id", "schema", "name", "aliases", "countries", "identifiers", "dataset")
_FIRST_LINE = re.compile(rb"^[^\n]*")
TYPES = {
    "Person": "individual",
    "Vessel": "vessel",
    "Airplane": "aircraft",
}
NAMED = frozenset(
    {
        "Person",
        "Company",
        "Organization",
        "LegalEntity",
        "PublicBody",
        "Vessel",
        "Airplane",
        "Asset",
    }
)
BLOCKING_TOPICS = frozenset({"sanction"})
# FollowTheMoney properties that hold identifiers.
IDENTIFIERS = {
    "swiftBic": "bic",
    "leiCode": "lei",
    "innCode": "inn",
    "ogrnCode": "ogrn",
    "kppCode": "kpp",
    "bikCode": "bik",
    "okpoCode": "okpo",
    "imoNumber": "imo",
    "mmsi": "mmsi",
    "callSign": "call_sign",
    "passportNumber": "passport",
    "idNumber": "national_id",
    "taxNumber": "tax_id",
    "vatCode": "tax_id",
    "registrationNumber": "registration_number",
    "uscCode": "registration_number",
    "dunsCode": "duns",
    "website": "website",
    "email": "email",
    "phone": "phone",
}


def recognise(file: ListFile) -> tuple[str, str] | None:
    """Say whether a file is a table of targets or lines of entities."""
    found = _FIRST_LINE.match(file.data[:200_000].removeprefix(b"\xef\xbb\xbf"))
    first = found[0].strip() if found else b""
    if first.startswith(b"{"):
        try:
            held = json.loads(first)
        except ValueError:
            return None
        is_entity = isinstance(held, dict) and {"id", "schema", "properties"} <= held.keys()
        return (LIST, ENTITIES) if is_entity else None
    columns = {cell.strip().strip('"') for cell in first.decode("utf-8", "replace").split(",")}
    return (LIST, SIMPLE) if columns.issuperset(NEEDED) else None

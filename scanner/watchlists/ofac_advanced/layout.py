"""The layout of the advanced XML: reference values by number, parties, relationships, listings.

Source: OFAC, "Advanced Sanctions List Standard" (the UN's model of 2014), schema
advanced_sanctions.xsd; read in its description, no file was at hand. Meanings
are taken from the file's own reference values, never from fixed numbers.
"""

from scanner.watchlists.list_files import ListFile
from scanner.watchlists.markup import root_name

SDN, CONS = "OFAC-SDN", "OFAC-CONS"
ROOT = "Sanctions"
VALUE_ELEMENTS = (
    "AliasType",
    "AreaCode",
    "Country",
    "DetailReference",
    "FeatureType",
    "IDRegDocType",
    "List",
    "LegalBasis",
    "LocPartType",
    "NamePartType",
    "PartySubType",
    "PartyType",
    "RelationType",
    "SanctionsType",
    "Script",
)
STREET_PARTS = ("ADDRESS1", "ADDRESS2", "ADDRESS3")
TOWN_PARTS = ("CITY", "STATE/PROVINCE", "POSTAL CODE")
OWNERSHIP = ("owned or controlled by", "owned by", "50 percent or more owned by")
LAST_PARTS = ("last name", "entity name", "vessel name", "aircraft name")


def recognise(file: ListFile) -> tuple[str, str] | None:
    """Say which of OFAC's two lists a file is; the consolidated one by name or its listings."""
    if root_name(file.data) != ROOT or b"ReferenceValueSets" not in file.data[:20_000]:
        return None
    is_cons = "cons" in file.name.lower() or (
        "sdn" not in file.name.lower() and b"Consolidated List" in file.data
    )
    return (CONS if is_cons else SDN), "advanced"

"""The layout of SDN.XML: sdnList with sdnEntry; everything has its own element.

Source: OFAC's schema sdn.xsd; read in its description, no file was at hand.
"""

from scanner.watchlists.list_files import ListFile
from scanner.watchlists.markup import root_name

SDN, CONS = "OFAC-SDN", "OFAC-CONS"
ROOT = "sdnList"
NON_SDN_TAGS = (b"NS-PLC", b"561-Related", b"CMIC-EO13959", b">CAPTA<")


def recognise(file: ListFile) -> tuple[str, str] | None:
    """Say which of OFAC's two lists a file is; the consolidated one by name or its programs."""
    if root_name(file.data) != ROOT:
        return None
    is_cons = "cons" in file.name.lower()
    if not is_cons and "sdn" not in file.name.lower():
        is_cons = any(tag in file.data for tag in NON_SDN_TAGS)
    return (CONS if is_cons else SDN), "xml"

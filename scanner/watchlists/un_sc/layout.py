"""The layout of the UN's consolidated list: CONSOLIDATED_LIST with INDIVIDUAL and ENTITY.

Source: https://scsanctions.un.org/resources/xml/en/consolidated.xml; counted in a real file.
"""

from scanner.watchlists.list_files import ListFile
from scanner.watchlists.markup import root_name

LIST = "UN-SC"
ROOT = "CONSOLIDATED_LIST"
ENTRIES = {"INDIVIDUAL": "individual", "ENTITY": "entity"}
NAME_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
QUALITIES = {"good": "strong", "low": "weak", "a.k.a.": "strong", "f.k.a.": "formerly"}


def recognise(file: ListFile) -> tuple[str, str] | None:
    """Say whether a file is the UN's list."""
    return (LIST, "list") if root_name(file.data) == ROOT else None

"""The layout of the bank's own list: a CSV with a header that begins with `own_id`.

Columns: own_id, name, type, aliases, country, bic, identifiers, birth_date,
address, programs, measure, listed_on, remarks. Only own_id and name must be
there; several values of a cell are joined with `;`. An identifier may carry its
kind: `INN:7702070139`.
"""

from scanner.watchlists.list_files import ListFile

LIST = "OWN"
ENCODING = "utf-8"
NEEDED = ("own_id", "name")
KINDS = {
    "bic": "bic",
    "bik": "bik",
    "inn": "inn",
    "ogrn": "ogrn",
    "kpp": "kpp",
    "lei": "lei",
    "imo": "imo",
    "mmsi": "mmsi",
    "tax": "tax_id",
    "account": "account",
    "iban": "account",
    "passport": "passport",
    "id": "national_id",
    "website": "website",
    "email": "email",
    "phone": "phone",
}


def recognise(file: ListFile) -> tuple[str, str] | None:
    """Say whether a file is an own list, by its header."""
    head = file.data[:4000].removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0]
    columns = [
        cell.strip().strip('"').lower() for cell in head.decode("utf-8", "replace").split(",")
    ]
    return (LIST, "list") if columns[0] == "own_id" and set(NEEDED) <= set(columns) else None

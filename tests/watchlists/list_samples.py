"""Small invented list files in the publishers' layouts."""

from collections.abc import Iterable
from pathlib import Path

CRLF = "\r\n"
NULL = "-0- "


def sdn_row(
    number: int,
    name: str,
    *,
    kind: str = "",
    program: str = "RUSSIA-EO14024",
    remarks: str = "",
) -> str:
    cells = [str(number), f'"{name}"', f'"{kind}"' if kind else NULL, f'"{program}"']
    cells += [NULL] * 7 + [f'"{remarks}"' if remarks else NULL]
    return ",".join(cells) + CRLF


def alt_row(number: int, alias_number: int, kind: str, name: str) -> str:
    return f'{number},{alias_number},"{kind}","{name}",{NULL}{CRLF}'


def add_row(number: int, address_number: int, address: str, town: str, country: str) -> str:
    cells = [f'"{cell}"' if cell else NULL for cell in (address, town, country)]
    return f"{number},{address_number},{','.join(cells)},{NULL}{CRLF}"


def sdn_file(rows: Iterable[str]) -> bytes:
    return ("".join(rows) + "\x1a").encode("cp1252")


def plain_sdn(count: int, *, first: int = 1) -> bytes:
    """A list of invented firms."""
    return sdn_file(
        sdn_row(number, f"POLAR ENGINE WORKS {number}") for number in range(first, first + count)
    )


def write(folder: Path, **files: bytes) -> Path:
    """Write files named `sdn_csv=...` as `sdn.csv`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        stem, _, suffix = name.rpartition("_")
        (folder / f"{stem}.{suffix}").write_bytes(data)
    return folder

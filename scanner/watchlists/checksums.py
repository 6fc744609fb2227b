"""Checksums that lie beside list files: `SHA256SUMS`, or `<file>.sha256`."""

import hashlib
import re
from pathlib import Path

from scanner.errors import IntegrityError

_LINE = re.compile(r"^([0-9a-fA-F]{64})(?:\s+\*?(.+?))?\s*$")
SUMS_FILES = ("SHA256SUMS", "sha256sums.txt", "SHA256SUMS.txt")


def expected_sums(text: str, *, alone_for: str = "") -> dict[str, str]:
    """Read lines of `<sha256>  <file>`.

    Args:
        text: The checksum file.
        alone_for: File that a line without a name stands for.
    """
    found = {}
    for line in text.splitlines():
        matched = _LINE.match(line)
        if matched and (matched[2] or alone_for):
            name = (matched[2] or alone_for).replace("\\", "/").rpartition("/")[2]
            found[name.lower()] = matched[1].lower()
    return found


def sums_of_folder(folder: Path) -> dict[str, str]:
    """All checksums stated in a folder, by the lower-case name of the file."""
    found: dict[str, str] = {}
    for name in SUMS_FILES:
        path = folder / name
        if path.is_file():
            found |= expected_sums(path.read_text(encoding="utf-8", errors="replace"))
    for path in sorted(folder.glob("*.sha256")):
        text = path.read_text(encoding="utf-8", errors="replace")
        found |= expected_sums(text, alone_for=path.name.removesuffix(".sha256"))
    return found


def check_sum(name: str, data: bytes, sums: dict[str, str], *, where: str) -> None:
    """Compare a file with its checksum, where one is stated.

    Raises:
        IntegrityError: They differ.
    """
    expected = sums.get(name.lower())
    if expected and hashlib.sha256(data).hexdigest() != expected:
        raise IntegrityError(
            "a list file differs from its checksum",
            where=where,
            hint="fetch the file and its checksum again",
        )

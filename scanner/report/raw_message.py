"""The bytes of a message as they lie in its source file, for an evidence pack."""

import hashlib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class RawMessage:
    """A message's bytes, or why they are not there."""

    message_id: str
    data: bytes | None
    why_missing: str = ""


def raw_message(message: Mapping[str, Any]) -> RawMessage:
    """Read a message from its source, if that is still the file that was scanned.

    Args:
        message: Row of `messages`.
    """
    message_id = str(message["message_id"])
    name, _, member = str(message["source_file"]).partition("!")
    path = Path(name)
    if not path.is_file():
        return RawMessage(message_id, None, "the source file is not where it was scanned")
    with path.open("rb") as file:
        whole = _sha256(file)
    if not member:
        if whole != message["source_sha256"]:
            return RawMessage(message_id, None, "the source file has changed since the scan")
        with path.open("rb") as file:
            return _cut(file, message, message_id)
    return _from_archive(path, member, whole, message, message_id)


def _from_archive(
    path: Path, member: str, whole: str, message: Mapping[str, Any], message_id: str
) -> RawMessage:
    try:
        with zipfile.ZipFile(path) as archive:
            if whole != message["source_sha256"]:
                with archive.open(member) as file:
                    if _sha256(file) != message["source_sha256"]:
                        return RawMessage(message_id, None, "the archive has changed")
            with archive.open(member) as file:
                return _cut(file, message, message_id)
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError):
        return RawMessage(message_id, None, "the message lies inside an archive that is no zip")


def _cut(file: Any, message: Mapping[str, Any], message_id: str) -> RawMessage:
    file.seek(message["byte_offset"])
    data = file.read(message["byte_length"])
    if len(data) != message["byte_length"]:
        return RawMessage(message_id, None, "the source ends before the message does")
    return RawMessage(message_id, data)


def _sha256(file: BinaryIO | Any) -> str:
    seen = hashlib.sha256()
    while chunk := file.read(_CHUNK_BYTES):
        seen.update(chunk)
    return seen.hexdigest()

"""Finds list files in a folder and opens them: plain, gzip or zip, with bounded sizes.

Nothing is decided here about what a file says. Every file keeps the bytes as
found, because a version stores them unchanged.
"""

import gzip
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath

from scanner.errors import IntegrityError, UsageError
from scanner.watchlists.checksums import check_sum, sums_of_folder

MOST_BYTES = 1 << 30
_MOST_MEMBERS = 1000
_HTML = re.compile(
    rb"^\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_DATE_IN_NAME = re.compile(
    r"(?<!\d)(20\d{2})[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)"
)
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_UTF8_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class ListFile:
    """One file as found, unpacked.

    Attributes:
        name: File name without the suffix of its compression.
        group: Folder (or archive) it lies in: files of one list lie together.
        data: Unpacked bytes.
        dated: Date in the file's name.
        modified: Day on which the file was last changed (UTC); says which of two is newer
            where neither gives a date, and nothing else.
        where: Where it was found, for messages.
        is_named: Whether a person named this very file, so that it must be a list.
    """

    name: str
    group: str
    data: bytes = field(repr=False)
    dated: date | None
    modified: date | None
    where: str
    is_named: bool = False

    @property
    def sha256(self) -> str:
        """SHA-256 of the unpacked bytes."""
        return hashlib.sha256(self.data).hexdigest()

    def text(self, encoding: str) -> str:
        """Decode the file.

        Raises:
            IntegrityError: The bytes are of another encoding.
        """
        return decoded(self.data, encoding, where=self.where)


def find_list_files(source: Path, *, most_bytes: int = MOST_BYTES) -> Iterator[ListFile]:
    """Yield every file under a folder, or the one file named, in the order of their names.

    Links are not followed; hidden files are passed over.

    Raises:
        UsageError: The folder does not exist.
        IntegrityError: An archive is damaged, a file unpacks beyond the limit or differs from
            its checksum.
    """
    if source.is_file():
        for file in _opened(source, sums_of_folder(source.parent), most_bytes):
            yield replace(file, is_named=True)
        return
    if not source.is_dir():
        raise UsageError("the folder of list files does not exist", where=str(source))
    sums: dict[Path, dict[str, str]] = {}
    for path in sorted(source.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(source).parts)
        if path.is_file() and not path.is_symlink() and not hidden:
            if path.parent not in sums:
                sums[path.parent] = sums_of_folder(path.parent)
            yield from _opened(path, sums[path.parent], most_bytes)


def _opened(path: Path, sums: dict[str, str], most_bytes: int) -> Iterator[ListFile]:
    if path.stat().st_size > most_bytes:
        raise _too_large(str(path), most_bytes)
    data = path.read_bytes()
    check_sum(path.name, data, sums, where=str(path))
    changed = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).date()
    for file in unpacked(path.name, data, str(path.parent), where=str(path), most_bytes=most_bytes):
        yield replace(file, modified=file.modified or changed)


def unpacked(
    name: str, data: bytes, group: str, *, where: str, most_bytes: int = MOST_BYTES
) -> Iterator[ListFile]:
    """Unpack a file that is a gzip or zip archive; give any other file as it is.

    Args:
        name: File name; its suffix says how it is packed.
        data: Bytes as found.
        group: What files of one list have in common.
        where: Where it was found, for messages.
        most_bytes: Largest size of what is packed.

    Raises:
        IntegrityError: The archive is damaged, or unpacks beyond the limit.
    """
    lowered = name.lower()
    if lowered.endswith(".zip"):
        yield from _members(name, data, where, most_bytes)
        return
    if lowered.endswith(".gz"):
        data, name = _gunzipped(data, where, most_bytes), name[:-3]
    yield ListFile(name, group, data, date_in_name(name), None, where)


def _gunzipped(data: bytes, where: str, most_bytes: int) -> bytes:
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            plain = stream.read(most_bytes + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise IntegrityError(
            "a packed list file is damaged or cut off", where=f"{where}: {error}"
        ) from error
    if len(plain) > most_bytes:
        raise _too_large(where, most_bytes)
    return plain


def _members(name: str, data: bytes, where: str, most_bytes: int) -> Iterator[ListFile]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            if len(members) > _MOST_MEMBERS or sum(m.file_size for m in members) > most_bytes:
                raise _too_large(where, most_bytes)
            for member in sorted(members, key=lambda m: m.filename):
                with archive.open(member) as stream:
                    plain = stream.read(most_bytes + 1)
                if len(plain) > most_bytes:
                    raise _too_large(where, most_bytes)
                inner = PurePosixPath(member.filename.replace("\\", "/")).name
                dated = date_in_name(inner) or date_in_name(name)
                changed = date(*member.date_time[:3])
                place = f"{where}!{member.filename}"
                yield ListFile(inner, where, plain, dated, changed, place)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise IntegrityError(
            "a zip archive of list files is damaged", where=f"{where}: {error}"
        ) from error


def _too_large(where: str, most_bytes: int) -> IntegrityError:
    return IntegrityError(f"a list file is larger than {most_bytes} bytes", where=where)


def date_in_name(name: str) -> date | None:
    """The date in a file name such as `sdn.2024-05-03.csv` or `list_20240503.xml`."""
    found = _DATE_IN_NAME.search(name)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def is_html(data: bytes) -> bool:
    """Whether it is a web page, which is what a failed download often leaves."""
    return _HTML.match(data[:4000]) is not None


def refuse_unusable(file: ListFile) -> None:
    """Refuse what cannot be a list, whatever its name.

    Raises:
        IntegrityError: The file is empty, a web page, or of a wide encoding.
    """
    if not file.data.strip(b"\x1a\r\n\t \x00"):
        raise IntegrityError("the list file is empty", where=file.where, hint=_AGAIN)
    if is_html(file.data):
        raise IntegrityError(
            "the list file is a web page, not a list", where=file.where, hint=_AGAIN
        )
    if file.data.startswith(_WIDE_BOMS) or b"\x00" in file.data[:4000]:
        raise IntegrityError(
            "the list file has a wrong encoding: it looks like UTF-16 or UTF-32",
            where=file.where,
            hint="keep the file as the publisher offers it",
        )


_AGAIN = "fetch the file again"


def decoded(data: bytes, encoding: str, *, where: str) -> str:
    """Decode bytes, refusing those of another encoding.

    Text in UTF-8 also decodes as Windows-1252, into wrong letters that would
    never match; so UTF-8 with letters beyond ASCII is refused there.

    Raises:
        IntegrityError: The bytes are of another encoding.
    """
    plain = data.removeprefix(_UTF8_BOM)
    if encoding == "cp1252" and not plain.isascii() and _is_utf8(plain):
        raise IntegrityError(
            "the list file has a wrong encoding: UTF-8 where the publisher writes Windows-1252",
            where=where,
            hint="keep the file as the publisher offers it",
        )
    try:
        text = plain.decode(encoding)
    except UnicodeDecodeError as error:
        raise IntegrityError(
            f"the list file has a wrong encoding: it is not {encoding}",
            where=f"{where}: byte {error.start}",
            hint="keep the file as the publisher offers it",
        ) from error
    if "\x00" in text:
        raise IntegrityError(
            "the list file holds null characters",
            where=f"{where}: character {text.index(chr(0))}",
            hint=_AGAIN,
        )
    return text


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True

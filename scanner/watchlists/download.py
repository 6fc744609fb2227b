"""Fetches list files over HTTP, only when a person names an address.

Nothing is sent but the request itself. A reply is used only when it is whole:
its length is that which the server stated, its status is 200, and no redirect
leaves HTTP. The official addresses are in `reference/list_sources.csv`.
"""

import http.client
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from email.utils import parsedate_to_datetime
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

from scanner import reference
from scanner.errors import IntegrityError, UsageError
from scanner.watchlists.checksums import SUMS_FILES, check_sum, expected_sums
from scanner.watchlists.list_files import MOST_BYTES, ListFile, date_in_name, unpacked
from scanner.watchlists.update import Limits, take_in
from scanner.watchlists.versions import VersionFacts

OFFICIAL = "official"
_TIMEOUT_SECONDS = 60.0
_FILE_SUFFIXES = (".csv", ".xml", ".json", ".jsonl", ".gz", ".zip", ".txt")


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply: its bytes and the day on which the server says they changed."""

    data: bytes
    changed_on: date | None


def is_address(source: str) -> bool:
    """Whether a source is an address (or the word `official`) rather than a folder."""
    return source == OFFICIAL or source.lower().startswith(("http://", "https://"))


def update_from_address(
    source: str,
    store: Path,
    *,
    limits: Limits | None = None,
    loaded_on: date | None = None,
    lists: Sequence[str] = (),
    go_live: bool = True,
) -> list[VersionFacts]:
    """Fetch list files and take them in.

    Args:
        source: Address of one file, address of a folder ending in `/`, or `official`.
        store: Where versions are kept.
        limits: What a new version must keep to; the least sizes of `list_sources.csv` hold for
            official files in any case.
        loaded_on: Date of files for which the server gives none.
        lists: Official lists that are wanted; all where empty.
        go_live: As in `update`.

    Raises:
        UsageError: The address is none, or a wanted list has no official address.
        IntegrityError: A reply is not whole, or a list was refused; active versions stay.
    """
    kept = limits or Limits()
    if source == OFFICIAL:
        files = list(_official(lists))
        least = {
            row["list"]: int(row["min_entries"])
            for row in reference.rows("list_sources")
            if int(row["min_entries"])
        }
        kept = replace(kept, min_entries={**least, **kept.min_entries})
    elif source.endswith("/"):
        files = list(_folder(source))
    else:
        files = list(_files(source, fetch(source)))
    return take_in(
        _dated_alike(files),
        store,
        limits=kept,
        loaded_on=loaded_on,
        source=source,
        go_live=go_live,
    )


def _official(lists: Sequence[str]) -> Iterator[ListFile]:
    rows = [row for row in reference.rows("list_sources") if not lists or row["list"] in lists]
    unknown = set(lists) - {row["list"] for row in rows}
    if unknown:
        raise UsageError(
            f"no official address is known for {', '.join(sorted(unknown))}",
            hint="give the address of the file, or a folder",
        )
    for row in rows:
        yield from _files(row["url"], fetch(row["url"]), name=row["file"], group=row["list"])


def _folder(base: str) -> Iterator[ListFile]:
    """Every known file that lies under an address; OFAC's parts are fetched one by one."""
    sums: dict[str, str] = {}
    for name in SUMS_FILES:
        reply = fetch(urljoin(base, name), may_be_missing=True)
        if reply:
            sums |= expected_sums(reply.data.decode("utf-8", errors="replace"))
    for row in reference.rows("list_sources"):
        for name in dict.fromkeys((row["file"], row["file"].upper())):
            reply = fetch(urljoin(base, name), may_be_missing=True)
            if reply:
                check_sum(name, reply.data, sums, where=urljoin(base, name))
                yield from _files(urljoin(base, name), reply)
                break


def _files(
    address: str, reply: Reply | None, *, name: str = "", group: str = ""
) -> Iterator[ListFile]:
    if reply is None:
        return
    shown = name or PurePosixPath(unquote(urlsplit(address).path)).name or "list"
    place = group or address.rpartition("/")[0]
    for file in unpacked(shown, reply.data, place, where=address, most_bytes=MOST_BYTES):
        changed_on = reply.changed_on or file.modified
        dated = date_in_name(file.name)
        yield replace(file, dated=dated, modified=changed_on, is_named=True)


def _dated_alike(files: Sequence[ListFile]) -> Iterator[ListFile]:
    """Parts of a list change on different days: the newest day dates them all."""
    newest: dict[str, date] = {}
    for file in files:
        if file.modified:
            newest[file.group] = max(file.modified, newest.get(file.group, date.min))
    for file in files:
        yield replace(file, dated=file.dated or newest.get(file.group))


class _HttpOnly(urllib.request.HTTPRedirectHandler):
    """Follows redirects to other HTTP addresses only."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: object,
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if urlsplit(newurl).scheme not in ("http", "https"):
            raise urllib.error.URLError(f"redirected to {newurl}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def fetch(address: str, *, may_be_missing: bool = False) -> Reply | None:
    """Fetch one file whole.

    Args:
        address: HTTP or HTTPS.
        may_be_missing: Return None where the server has no such file.

    Raises:
        UsageError: The address is not HTTP.
        IntegrityError: The server did not answer, or the reply is not whole.
    """
    if urlsplit(address).scheme not in ("http", "https"):
        raise UsageError("lists are fetched over HTTP only", where=address)
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _HttpOnly(),
    ):
        opener.add_handler(handler)
    request = urllib.request.Request(address, headers={"Accept-Encoding": "identity"})  # noqa: S310 - the scheme was checked above
    try:
        with opener.open(request, timeout=_TIMEOUT_SECONDS) as reply:
            data = reply.read(MOST_BYTES + 1)
            stated = reply.headers.get("Content-Length")
            changed = reply.headers.get("Last-Modified")
    except urllib.error.HTTPError as error:
        error.close()
        if may_be_missing and error.code in (403, 404, 410):
            return None
        raise _failed(address, f"the server answered {error.code}") from error
    except (OSError, http.client.HTTPException) as error:
        raise _failed(address, str(error) or type(error).__name__) from error
    if len(data) > MOST_BYTES or (stated and stated.isdecimal() and int(stated) != len(data)):
        raise _failed(address, f"{len(data)} bytes came, {stated} were stated")
    return Reply(data, _day(changed))


def _day(text: str | None) -> date | None:
    try:
        return parsedate_to_datetime(text).date() if text else None
    except ValueError:
        return None


def _failed(address: str, reason: str) -> IntegrityError:
    return IntegrityError(
        "a list file could not be fetched whole; the active version stays",
        where=f"{address}: {reason}",
        hint="try again later, or fetch the file by other means and give its folder",
    )

"""Lists fetched from a loopback server: whole, or refused with the active version untouched."""

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from scanner import watchlists
from scanner.errors import IntegrityError, UsageError
from scanner.watchlists import download
from tests.watchlists.list_samples import UK_CSV, alt_row, plain_sdn, sdn_file

CHANGED = "Fri, 03 May 2024 10:00:00 GMT"


@dataclass
class Site:
    """What the loopback server offers, and what was asked of it."""

    base: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    cut_at: int | None = None
    status: int = 200
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    offered = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.lstrip("/")
            offered.asked.append(name)
            if name in offered.redirects:
                self.send_response(302)
                self.send_header("Location", offered.redirects[name])
                self.end_headers()
                return
            data = offered.files.get(name)
            if data is None:
                self.send_error(404)
                return
            self.send_response(offered.status)
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Last-Modified", CHANGED)
            self.end_headers()
            self.wfile.write(data[: offered.cut_at])

        def log_message(self, *args: object) -> None:
            """Keep the terminal quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    offered.base = f"http://127.0.0.1:{server.server_address[1]}/"
    try:
        yield offered
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def entries(store: Path) -> int:
    rows: int = watchlists.load(store).list_entries.num_rows
    return rows


def test_a_folder_of_files_is_fetched_part_by_part(site: Site, tmp_path: Path) -> None:
    site.files = {
        "SDN.CSV": plain_sdn(60),
        "ALT.CSV": sdn_file([alt_row(1, 1, "aka", "ALIAS")]),
        "UK-SANCTIONS-LIST.CSV": UK_CSV,
    }
    facts = watchlists.update_from_address(site.base, tmp_path / "store")
    assert [(f.list, f.version_date, f.parts) for f in facts] == [
        ("OFAC-SDN", date(2024, 5, 3), ("alternate", "primary")),
        ("UK-SL", date(2026, 1, 28), ("list",)),
    ]
    assert entries(tmp_path / "store") == 62


def test_one_file_is_fetched(site: Site, tmp_path: Path) -> None:
    site.files = {"lists/sdn.csv": plain_sdn(10)}
    [facts] = watchlists.update_from_address(f"{site.base}lists/sdn.csv", tmp_path / "store")
    assert facts.entry_count == 10
    assert site.asked == ["lists/sdn.csv"]


@pytest.fixture
def loaded(site: Site, tmp_path: Path) -> Path:
    site.files = {"sdn.csv": plain_sdn(100)}
    watchlists.update_from_address(f"{site.base}sdn.csv", tmp_path / "store")
    site.files = {"sdn.csv": plain_sdn(120)}
    return tmp_path / "store"


def test_a_reply_cut_off_is_refused(site: Site, loaded: Path) -> None:
    site.cut_at = 4000
    with pytest.raises(IntegrityError, match="could not be fetched whole"):
        watchlists.update_from_address(f"{site.base}sdn.csv", loaded)
    assert entries(loaded) == 100


def test_an_error_page_is_refused(site: Site, loaded: Path) -> None:
    site.files["sdn.csv"] = b"<!doctype html><html><body>Maintenance</body></html>"
    with pytest.raises(IntegrityError, match="web page"):
        watchlists.update_from_address(f"{site.base}sdn.csv", loaded)
    assert entries(loaded) == 100


def test_a_missing_file_is_refused(site: Site, loaded: Path) -> None:
    with pytest.raises(IntegrityError) as refused:
        watchlists.update_from_address(f"{site.base}gone.csv", loaded)
    assert "answered 404" in refused.value.where


def test_a_server_that_is_not_there_is_refused(loaded: Path) -> None:
    with pytest.raises(IntegrityError, match="could not be fetched"):
        watchlists.update_from_address("http://127.0.0.1:9/sdn.csv", loaded)
    assert entries(loaded) == 100


def test_a_checksum_that_differs_is_refused(site: Site, loaded: Path) -> None:
    right = hashlib.sha256(site.files["sdn.csv"]).hexdigest()
    site.files["SHA256SUMS"] = f"{'0' * 64}  sdn.csv\n".encode()
    with pytest.raises(IntegrityError, match="differs from its checksum"):
        watchlists.update_from_address(site.base, loaded)
    assert entries(loaded) == 100
    site.files["SHA256SUMS"] = f"{right} *sdn.csv\n".encode()
    watchlists.update_from_address(site.base, loaded)
    assert entries(loaded) == 120


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/sdn.csv"])
def test_a_redirect_away_from_http_is_not_followed(site: Site, loaded: Path, target: str) -> None:
    site.redirects["moved.csv"] = target
    with pytest.raises(IntegrityError, match="could not be fetched"):
        watchlists.update_from_address(f"{site.base}moved.csv", loaded)
    site.redirects["moved.csv"] = f"{site.base}sdn.csv"
    watchlists.update_from_address(f"{site.base}moved.csv", loaded)
    assert entries(loaded) == 120


def test_only_http_is_fetched(tmp_path: Path) -> None:
    assert not watchlists.is_address(str(tmp_path))
    with pytest.raises(UsageError, match="HTTP only"):
        download.fetch((tmp_path / "sdn.csv").as_uri())


def test_official_lists_are_fetched_from_their_addresses_with_their_least_sizes(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def fetch(address: str, *, may_be_missing: bool = False) -> download.Reply:
        asked.append(address)
        return download.Reply(plain_sdn(60), date(2024, 5, 3))

    monkeypatch.setattr(download, "fetch", fetch)
    with pytest.raises(IntegrityError):
        watchlists.update_from_address("official", tmp_path / "store", lists=["OFAC-SDN"])
    assert len(asked) == 4
    assert all(address.startswith("https://sanctionslistservice.ofac") for address in asked)
    with pytest.raises(UsageError, match="no official address"):
        watchlists.update_from_address("official", tmp_path / "store", lists=["OWN"])
    uk = download.Reply(UK_CSV, None)
    monkeypatch.setattr(download, "fetch", lambda address, **_: uk)
    with pytest.raises(IntegrityError, match="UK-SL has 2 entries, expected at least 2000"):
        watchlists.update_from_address("official", tmp_path / "store", lists=["UK-SL"])


def test_a_checksum_beside_a_file_in_a_folder_counts(tmp_path: Path) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "sdn.csv").write_bytes(plain_sdn(10))
    (folder / "sdn.csv.sha256").write_text("0" * 64 + "\n", encoding="utf-8")
    with pytest.raises(IntegrityError, match="differs from its checksum"):
        watchlists.update(folder, tmp_path / "store")

"""Packs are equal for equal evidence, whole, and every change to one is found."""

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from scanner.cli.output import to_json
from scanner.errors import UsageError
from scanner.report.decisions import Wanted
from scanner.report.pack import verify
from scanner.report.packing import evidence_pack
from scanner.report.queue import act_on
from scanner.report.raw_message import raw_message
from scanner.warehouse.readonly import Snapshot
from tests.report.published import publish_world, small_world
from tests.report.records import message

SOURCE = b"".join(f"{{1:F01TESTTRISAXXX000000000{n}}}".encode().ljust(400, b"-") for n in range(6))


def _world(folder: Path) -> dict[str, list[object]]:
    source = folder / "day1.fin"
    source.write_bytes(SOURCE)
    world = small_world()
    world["messages"] = [
        dict(row)
        | {"source_file": str(source), "source_sha256": hashlib.sha256(SOURCE).hexdigest()}
        for row in world["messages"]
    ]
    return world  # type: ignore[return-value]


def packed(folder: Path, key: str = "REFm1") -> bytes:
    folder.mkdir(parents=True, exist_ok=True)
    with Snapshot.open(publish_world(folder, _world(folder))) as snapshot:  # type: ignore[arg-type]
        act_on(snapshot, folder / "decisions", key, Wanted("confirm", "aylin", "2024-05-06", "x"))
        return evidence_pack(
            snapshot,
            key,
            decisions=folder / "decisions",
            runs=folder / "runs",
            to_json=to_json,
        )


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return packed(tmp_path_factory.mktemp("pack"))


def files_of(pack: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def resealed(files: dict[str, bytes]) -> bytes:
    """As a forger would: every hash in the pack made right again."""
    files = {k: v for k, v in files.items() if k != "SHA256SUMS"}
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = {
        name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
        for name, data in sorted(files.items())
        if name != "manifest.json"
    }
    files["manifest.json"] = json.dumps(manifest).encode()
    files["SHA256SUMS"] = "".join(
        f"{hashlib.sha256(d).hexdigest()}  {n}\n" for n, d in sorted(files.items())
    ).encode()
    return zipped(files)


def broken(pack: bytes) -> list[str]:
    return [check.what for check in verify(pack) if not check.holds]


def test_a_pack_holds_the_raw_messages_of_the_whole_payment(pack: bytes) -> None:
    files = files_of(pack)
    assert files["messages/m1.bin"] == SOURCE[:400]
    assert files["messages/m2.bin"] == SOURCE[400:800]
    assert json.loads(files["lists.json"])["list_entries"][0]["entry_id"] == "OFAC-SDN:900001"
    assert json.loads(files["decisions.json"])[0]["decided_by"] == "aylin"
    assert b"VOLNA PRIBOR OOO" in files["alert.html"]


def test_a_whole_pack_holds(pack: bytes) -> None:
    checks = verify(pack)
    assert [check.what for check in checks if not check.holds] == []
    assert "each mark stands where its field says" in {check.what for check in checks}


def test_equal_evidence_gives_equal_bytes(pack: bytes, tmp_path: Path) -> None:
    again = files_of(packed(tmp_path / "again"))
    differing = {n for n, data in files_of(pack).items() if again[n] != data}
    # These name the folder of the source file, which differs between the two.
    assert differing <= {"alert.html", "evidence.json", "manifest.json", "SHA256SUMS"}


def _edit(name: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    def change(files: dict[str, bytes]) -> dict[str, bytes]:
        assert old in files[name]
        return files | {name: files[name].replace(old, new)}

    return change


CHANGES: dict[str, Callable[[dict[str, bytes]], dict[str, bytes]]] = {
    "a reason": _edit("evidence.json", b"creditor matches", b"creditor resembles"),
    "the matched text": _edit("evidence.json", b"VOLNA PRIBOR OOO", b"VOLNA PRIBOR AOO"),
    "the span": _edit("evidence.json", b'"span": [8, 24]', b'"span": [7, 23]'),
    "the mark": _edit("evidence.json", b'"findings": ["H1"]', b'"findings": ["H2"]'),
    "the obligation": _edit("evidence.json", b'"obligation": true', b'"obligation": false'),
    "the alert": _edit("evidence.json", b"ALT-", b"ALX-"),
    "an entry is gone": _edit("lists.json", b"OFAC-SDN:900001", b"OFAC-SDN:900002"),
    "the message is cut": lambda files: files | {"messages/m1.bin": SOURCE[:399]},
    "the message is gone": lambda files: {k: v for k, v in files.items() if "m1.bin" not in k},
    "an act of another alert": _edit("decisions.json", b'"alert_id": "ALT', b'"alert_id": "BLT'),
}


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_a_change_breaks_the_pack(pack: bytes, name: str) -> None:
    changed = CHANGES[name](files_of(pack))
    assert broken(zipped(changed)) != []


@pytest.mark.parametrize("name", sorted(CHANGES.keys() - {"the message is gone"}))
def test_a_change_with_every_hash_made_right_breaks_an_agreement(pack: bytes, name: str) -> None:
    assert broken(resealed(CHANGES[name](files_of(pack)))) != []


@pytest.mark.parametrize("name", ["extra.txt", "../x", "/etc/passwd", "a\\b", "messages/../x"])
def test_a_file_that_does_not_belong_is_found(pack: bytes, name: str) -> None:
    assert broken(zipped(files_of(pack) | {name: b"x"})) != []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        b"not a zip at all",
        zipped({}),
        zipped({"manifest.json": b"[]"}),
        zipped({"manifest.json": b"{}"}),
        zipped({"manifest.json": b'{"files": 3}'}),
        zipped({"manifest.json": b'{"schema": 1, "files": {}}'}),
        zipped({"manifest.json": b"\xff\xfe"}),
    ],
)
def test_what_is_no_pack_is_told_and_never_a_crash(data: bytes) -> None:
    assert broken(data) != []


@pytest.mark.parametrize("position", range(0, 4000, 97))
def test_a_flipped_byte_is_found(pack: bytes, position: int) -> None:
    changed = bytearray(pack)
    changed[position % len(pack)] ^= 0x01
    if files_or_none(bytes(changed)) == files_of(pack):
        return  # the byte belongs to the zip's own dates and flags, not to a file
    assert broken(bytes(changed)) != []


def files_or_none(data: bytes) -> dict[str, bytes] | None:
    try:
        return files_of(data)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, EOFError):
        return None


def test_a_changed_source_is_left_out_with_its_reason(tmp_path: Path) -> None:
    source = tmp_path / "x.fin"
    source.write_bytes(SOURCE)
    row = message("m1", source_file=str(source), source_sha256=hashlib.sha256(SOURCE).hexdigest())
    assert raw_message(row).data == SOURCE[:400]
    assert "changed" in raw_message(row | {"source_sha256": "0" * 64}).why_missing
    assert "ends before" in raw_message(row | {"byte_offset": 2300}).why_missing
    source.unlink()
    assert "not where" in raw_message(row).why_missing


def test_a_message_inside_a_zip_is_read_by_its_member(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(zipped({"day/1.fin": SOURCE}))
    for sha256 in (hashlib.sha256(SOURCE), hashlib.sha256(path.read_bytes())):
        row = message("m1", source_file=f"{path}!day/1.fin", source_sha256=sha256.hexdigest())
        assert raw_message(row).data == SOURCE[:400]
    gone = message("m1", source_file=f"{path}!day/2.fin", source_sha256="0" * 64)
    assert raw_message(gone).data is None


def test_a_payment_without_alert_cannot_be_packed(tmp_path: Path) -> None:
    with (
        Snapshot.open(publish_world(tmp_path)) as snapshot,
        pytest.raises(UsageError, match="no alert to pack"),
    ):
        evidence_pack(snapshot, "REFm4", decisions=tmp_path, runs=tmp_path, to_json=to_json)

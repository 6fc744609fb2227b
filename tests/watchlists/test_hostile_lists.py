"""Broken and hostile list files end in a reading or in a clear refusal, never in anything else."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scanner import watchlists
from scanner.errors import IntegrityError, ScannerError
from scanner.watchlists.entry import Reading
from scanner.watchlists.layouts import recognise
from scanner.watchlists.list_files import ListFile, find_list_files
from tests.watchlists import list_samples as samples

WHOLE = {
    "sdn.csv": samples.plain_sdn(8),
    "eu.xml": samples.EU_XML,
    "eu.csv": samples.EU_CSV,
    "uk-sanctions-list.csv": samples.UK_CSV,
    "conlist.csv": samples.CON_CSV,
    "sdn.xml": samples.SDN_XML,
    "sdn_advanced.xml": samples.SDN_ADVANCED_XML,
    "targets.simple.csv": samples.TARGETS_CSV,
    "entities.ftm.json": samples.FTM_LINES,
    "own.csv": samples.OWN_CSV,
}


def reading_or_none(file: ListFile) -> Reading | None:
    """The reading; None for a file that is refused by name and reason."""
    found = recognise(file)
    assert found is not None
    layout, list_name, part = found
    try:
        return layout.read(list_name, {part: file})
    except ScannerError as error:
        refused = error
    assert refused.what
    assert file.where in refused.where
    return None


@given(
    name=st.sampled_from(sorted(WHOLE)),
    place=st.floats(0, 1, exclude_max=True),
    removed=st.integers(0, 40),
    put=st.binary(max_size=12) | st.sampled_from([b'"', b";", b",", b"\r\n", b"<", b"&x;", b"}"]),
)
@settings(max_examples=400)
def test_a_damaged_file_is_read_or_refused(
    name: str, place: float, removed: int, put: bytes
) -> None:
    data = WHOLE[name]
    at = int(place * len(data))
    file = ListFile(name, "x", data[:at] + put + data[at + removed :], None, None, name)
    found = recognise(file)
    if found is None:
        return
    reading = reading_or_none(file)
    if reading is None:
        return
    assert all(entry.names[0].name for entry in reading.entries if entry.name)
    assert len({entry.number for entry in reading.entries}) == len(reading.entries)


@given(st.binary(max_size=300))
@example(b"{}")
@example(b"[1]")
@example(b"<a/>")
@example(b"own_id,name\n")
@example(b'{"id":1,"schema":2,"properties":3}')
@example(b'{"id":"1","schema":"Company","properties":{"name":[null,1]}}\n')
@example(b'{"results":[1],"source":0}')
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    file = ListFile("x.csv", "x", data, None, None, "x.csv")
    found = recognise(file)
    if found is not None:
        reading_or_none(file)


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    (tmp_path / "sdn.csv.gz").write_bytes(gzip.compress(b"0" * 200_000))
    with pytest.raises(IntegrityError, match="larger than 100000 bytes"):
        list(find_list_files(tmp_path, most_bytes=100_000))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sdn.csv", b"0" * 200_000)
    (tmp_path / "sdn.csv.gz").unlink()
    (tmp_path / "sdn.zip").write_bytes(packed.getvalue())
    with pytest.raises(IntegrityError, match="larger than 100000 bytes"):
        list(find_list_files(tmp_path, most_bytes=100_000))


def test_links_and_hidden_files_are_passed_over(tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_bytes(samples.plain_sdn(3))
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "sdn.csv").symlink_to(outside)
    (folder / ".sdn.csv").write_bytes(samples.plain_sdn(3))
    assert list(find_list_files(folder)) == []


def test_names_that_look_like_paths_stay_names(tmp_path: Path) -> None:
    folder = samples.write(
        tmp_path / "lists",
        sdn_csv=samples.sdn_file([samples.sdn_row(1, "../../etc/passwd <script>")]),
    )
    watchlists.update(folder, tmp_path / "store")
    tables = watchlists.load(tmp_path / "store")
    assert tables.list_names["name"].to_pylist() == ["../../etc/passwd <script>"]

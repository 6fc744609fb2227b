"""A fault of the disk is told as one, with what to do; a damaged private database begins anew."""

import errno
from pathlib import Path

import duckdb
import pytest

from scanner.errors import ExitCode, ScannerError, StorageError, storage_error
from scanner.warehouse import Warehouse, storage_faults


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "make room"),
        (errno.EDQUOT, "quota"),
        (errno.EROFS, "mount the disk"),
        (errno.EACCES, "right to write"),
        (errno.EIO, "system's log"),
    ],
)
def test_an_error_of_the_system_says_what_to_do(number: int, words: str, tmp_path: Path) -> None:
    with pytest.raises(StorageError) as told, storage_faults(tmp_path):
        raise OSError(number, "words of the system", str(tmp_path / "hits.parquet"))
    assert words in told.value.hint
    assert told.value.where == str(tmp_path / "hits.parquet")
    assert told.value.exit_code == ExitCode.STORAGE
    assert int(ExitCode.STORAGE) == 74


@pytest.mark.parametrize(
    "error",
    [
        duckdb.IOException('Could not write file "x": No space left on device'),
        duckdb.OutOfMemoryException("failed to offload data block of size 256.0 KiB"),
        duckdb.IOException('Cannot open file "x": Read-only file system'),
    ],
)
def test_the_engine_meets_the_disk_in_words(error: duckdb.Error, tmp_path: Path) -> None:
    with pytest.raises(StorageError) as told, storage_faults(tmp_path):
        raise error
    assert told.value.where == str(tmp_path)
    wrapped = ScannerError("relation hits cannot be built")
    with pytest.raises(StorageError), storage_faults(tmp_path):
        raise wrapped from error


@pytest.mark.parametrize(
    "error",
    [
        FileNotFoundError(errno.ENOENT, "No such file or directory", "x"),
        duckdb.ConversionException("Could not convert string 'x' to DOUBLE"),
        ScannerError("another fault"),
    ],
)
def test_another_fault_stays_what_it_is(error: Exception, tmp_path: Path) -> None:
    with pytest.raises(type(error)) as raised, storage_faults(tmp_path):
        raise error
    assert raised.value is error
    assert storage_error(OSError("without a number")) is None


@pytest.mark.parametrize("bytes_", [b"", b"\0" * 16_384, b"no database"])
def test_a_database_that_was_never_whole_begins_anew(bytes_: bytes, tmp_path: Path) -> None:
    path = tmp_path / "work.duckdb"
    path.write_bytes(bytes_)
    (tmp_path / "work.duckdb.wal").write_bytes(b"torn")
    with Warehouse.resumed(path) as warehouse:
        assert not warehouse.has("read_sources")
        warehouse.execute("CREATE TABLE read_sources (n INTEGER)")
    with Warehouse.resumed(path) as warehouse:
        assert warehouse.has("read_sources")

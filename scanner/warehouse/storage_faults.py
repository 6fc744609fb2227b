"""Tells a fault of the disk from a fault of the program, whichever layer meets it first."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from scanner.errors import ScannerError, StorageError, storage_error

# DuckDB gives no number, but ends its words with those of the system; its own are the last two.
_WORDS = {
    "no space left on device": errno.ENOSPC,
    "disk quota exceeded": errno.EDQUOT,
    "file too large": errno.EFBIG,
    "read-only file system": errno.EROFS,
    "permission denied": errno.EACCES,
    "input/output error": errno.EIO,
    "failed to offload": errno.ENOSPC,
    "max_temp_directory_size": errno.ENOSPC,
}


@contextmanager
def storage_faults(place: Path) -> Iterator[None]:
    """Turn every fault of the disk inside the block into a `StorageError`.

    Args:
        place: Named where the fault itself names no file.

    Raises:
        StorageError: The disk is full, read-only or cannot be written.
    """
    try:
        yield
    except (duckdb.Error, OSError, ScannerError) as error:
        told = storage_error_of(error, place)
        if told is None:
            raise
        raise told from error


def storage_error_of(error: BaseException | None, place: Path) -> StorageError | None:
    """The first fault of the disk in a chain of causes; None where there is none.

    Args:
        error: What was raised.
        place: Named where the fault itself names no file.
    """
    while error is not None:
        if isinstance(error, StorageError):
            return error
        if isinstance(error, OSError):
            told = storage_error(error)
            if told is not None:
                told.where = told.where or str(place)
                return told
        if isinstance(error, duckdb.Error):
            words = str(error).lower()
            for phrase, number in _WORDS.items():
                if phrase in words:
                    return storage_error(OSError(number, phrase, str(place)))
        error = error.__cause__
    return None

"""Every deliberate error of the program, and the exit code that each one means.

An error says what is wrong, where, and what to do about it, so that the person
who reads the terminal at night can act without reading code. The exit codes
are a contract with batch schedulers and are documented in `docs/cli.md`.
"""

import errno
from enum import IntEnum


class ExitCode(IntEnum):
    """What a batch scheduler sees.

    `STORAGE` is BSD's EX_IOERR, `LOCKED` its EX_TEMPFAIL: try again later.
    """

    DONE = 0
    INTERNAL = 1
    USAGE = 2
    FAIL_ON_REACHED = 3
    TOO_MANY_REJECTED = 4
    INTEGRITY = 5
    STORAGE = 74
    LOCKED = 75
    INTERRUPTED = 130
    TERMINATED = 143


class ScannerError(Exception):
    """A failure that the program foresaw.

    Args:
        what: One sentence on what is wrong.
        where: The file, field, offset, table or setting concerned.
        hint: What the reader can do about it.
    """

    exit_code = ExitCode.INTERNAL

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        return "\n".join(line for line in (self.what, self.where, self.hint) if line)


class UsageError(ScannerError):
    """The command, a setting or a file that the user named cannot be used."""

    exit_code = ExitCode.USAGE


class FailOnReachedError(ScannerError):
    """The scan finished and found a payment in the band that `--fail-on` names."""

    exit_code = ExitCode.FAIL_ON_REACHED


class TooManyRejectedError(ScannerError):
    """The scan finished, but more messages were rejected than allowed."""

    exit_code = ExitCode.TOO_MANY_REJECTED


class IntegrityError(ScannerError):
    """A list, model, run or input cannot be trusted, so nothing is published."""

    exit_code = ExitCode.INTEGRITY


class LockedError(ScannerError):
    """Another process works in the workspace."""

    exit_code = ExitCode.LOCKED


class StorageError(ScannerError):
    """The disk is full, read-only or cannot be written; what was published stays as it was."""

    exit_code = ExitCode.STORAGE


_HINTS = {
    errno.ENOSPC: "make room on the disk, then run the same command with --resume",
    errno.EDQUOT: "raise the quota or make room, then run the same command with --resume",
    errno.EFBIG: "raise the limit of file sizes (`ulimit -f`), then run the same command",
    errno.EROFS: "mount the disk for writing, then run the same command",
    errno.EACCES: "give the program's user the right to write there, then run the same command",
    errno.EPERM: "give the program's user the right to write there, then run the same command",
    errno.EIO: "look at the disk and the system's log, then run the same command",
}


def storage_error(error: OSError) -> StorageError | None:
    """The deliberate error that a fault of the disk means; None where it is another fault."""
    hint = _HINTS.get(error.errno or 0)
    if hint is None:
        return None
    words = (error.strerror or str(error)).lower()
    return StorageError(
        f"the disk cannot take what is written: {words}",
        where=str(error.filename or ""),
        hint=hint,
    )

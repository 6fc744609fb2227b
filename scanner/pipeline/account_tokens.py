"""Accounts in logs are written as tokens: the same account is the same token, and none is legible.

A token is an HMAC-SHA-256 under a key that the workspace alone holds, so that
nobody can try accounts against a log without it, and two banks' logs cannot be
joined. The key is made at the first need, for its owner alone to read.
"""

import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path

from scanner.errors import IntegrityError

KEY_FILE = ".log-key"
_KEY_BYTES = 32
_TOKEN_LETTERS = 16
# An IBAN (ISO 13616), in groups or not; else ten digits on end, which no date or count has.
_IBAN = r"[A-Z]{2}[0-9]{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?"
_ACCOUNT = re.compile(rf"(?<![A-Za-z0-9])(?:{_IBAN}|[0-9]{{10,34}})(?![A-Za-z0-9])")


class AccountTokens:
    """Writes accounts as tokens under one key.

    Args:
        key: The secret; whoever lacks it cannot make or check a token.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, account: str) -> str:
        """The token of an account; blanks, hyphens and case make no other account."""
        plain = re.sub(r"[ -]", "", account).upper()
        made = hmac.new(self._key, plain.encode(), hashlib.sha256).hexdigest()
        return f"acct:{made[:_TOKEN_LETTERS]}"

    def hide(self, text: str) -> str:
        """The text with every account in it replaced by its token."""
        return _ACCOUNT.sub(lambda found: self.of(found[0]), text)


def tokens_of(workspace: Path | None) -> AccountTokens:
    """The tokens of a workspace.

    Without a workspace the key lives as long as the process.

    Raises:
        IntegrityError: The key is damaged, or others could read it.
    """
    if workspace is None or not workspace.is_dir():
        return AccountTokens(secrets.token_bytes(_KEY_BYTES))
    return AccountTokens(_key(workspace / KEY_FILE))


def _key(path: Path) -> bytes:
    if not path.exists():
        _make(path)
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        raise IntegrityError(
            f"the key of the log's tokens can be read by others (mode {mode:03o})",
            where=str(path),
            hint=f"chmod 600 {path}; remove it if it may have been read: tokens then change",
        )
    key = path.read_bytes()
    if len(key) != _KEY_BYTES:
        raise IntegrityError(
            "the key of the log's tokens is damaged",
            where=str(path),
            hint="restore it from a backup, or remove it: tokens then change",
        )
    return key


def _make(path: Path) -> None:
    """Write the key aside and link it in, so that two processes agree and none sees half of it."""
    aside = path.with_name(f"{path.name}-{os.getpid()}.tmp")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(aside, path)
        except FileExistsError:
            return  # another process was first
    finally:
        aside.unlink()

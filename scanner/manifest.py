"""What a run read, refused and wrote: the account that an examiner can check.

Pure: values in, values out. A manifest's counts must balance, its outputs are
named with their hashes, and it carries the hash of the manifest before it, so
that a run cannot be removed or changed without the chain showing it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from scanner.errors import IntegrityError

MANIFEST_SCHEMA = 1


@dataclass(frozen=True)
class InputFile:
    """One source file and what became of it."""

    path: str
    sha256: str
    byte_length: int
    messages: int = 0
    transactions: int = 0
    rejected: int = 0


@dataclass(frozen=True)
class OutputFile:
    """One file that the run wrote into its folder."""

    name: str
    sha256: str
    rows: int


@dataclass(frozen=True)
class Manifest:
    """The account of one run.

    `execution` holds what differs between two runs of the same key (times,
    host, program path); it is no part of the run's identity. `takes_place_of` is the sequence
    of the run that a rescreening made again: for history and sums the run stands in its place.
    """

    run_id: str
    run_key: str
    context_key: str
    sequence: int
    program_version: str
    as_of: str | None
    inputs: tuple[InputFile, ...]
    skipped: tuple[InputFile, ...]
    lists: Mapping[str, Any]
    model: Mapping[str, Any]
    settings: Mapping[str, Any]
    side_files: Mapping[str, str]
    counts: Mapping[str, int]
    outputs: tuple[OutputFile, ...]
    previous_run_id: str | None = None
    previous_manifest_sha256: str | None = None
    supersedes: Mapping[str, list[str]] = field(default_factory=dict)
    takes_place_of: int | None = None
    execution: Mapping[str, Any] = field(default_factory=dict)
    schema: int = MANIFEST_SCHEMA

    @property
    def place(self) -> int:
        """Where the run stands among the runs: its own sequence, or that of the run it replaced."""
        return self.sequence if self.takes_place_of is None else self.takes_place_of

    def to_json(self) -> str:
        """The manifest as text, keys in order."""
        return json.dumps(asdict(self), indent=1, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str, where: str = "") -> "Manifest":
        """Read a manifest back.

        Raises:
            IntegrityError: It is no manifest of this program.
        """
        try:
            data = json.loads(text)
            if data["schema"] != MANIFEST_SCHEMA:
                raise IntegrityError(f"manifest schema {data['schema']} is unknown", where=where)
            data["inputs"] = tuple(InputFile(**item) for item in data["inputs"])
            data["skipped"] = tuple(InputFile(**item) for item in data["skipped"])
            data["outputs"] = tuple(OutputFile(**item) for item in data["outputs"])
            return cls(**data)
        except (ValueError, KeyError, TypeError) as error:
            raise IntegrityError(
                "the run's manifest cannot be read", where=f"{where}: {error}"
            ) from error

    def sha256(self) -> str:
        """Hash of the manifest without what differs between executions."""
        data = asdict(self)
        del data["execution"]
        if self.takes_place_of is None:
            # So it was before there were such runs.
            del data["takes_place_of"]
        return digest(data)


def digest(value: object) -> str:
    """SHA-256 of a JSON-like value, independent of the order of its keys."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def context_key(
    *,
    lists_sha256: str,
    basis_sha256: str,
    model_sha256: str,
    settings: Mapping[str, Any],
    side_files: Mapping[str, str],
    as_of: str | None,
    program_version: str,
) -> str:
    """Hash of all that decides a result besides the files themselves."""
    return digest(
        [
            lists_sha256,
            basis_sha256,
            model_sha256,
            dict(settings),
            dict(side_files),
            as_of,
            program_version,
        ]
    )


def run_key(context: str, inputs: Iterable[InputFile]) -> str:
    """Hash of a context and of the input files' contents, in any order."""
    return digest([context, sorted(item.sha256 for item in inputs)])


def check_balance(counts: Mapping[str, int], inputs: Iterable[InputFile]) -> None:
    """Refuse a run whose counts do not add up: something would have vanished.

    Raises:
        IntegrityError: Names the sums that differ.
    """
    files = list(inputs)
    wrong = [
        f"{name}: files say {sum(getattr(f, name) for f in files)}, tables hold {counts[name]}"
        for name in ("messages", "transactions", "rejected")
        if sum(getattr(f, name) for f in files) != counts[name]
    ]
    if counts["scores"] != counts["transactions"]:
        wrong.append(f"scores: {counts['scores']} for {counts['transactions']} transactions")
    if wrong:
        raise IntegrityError(
            "the run's counts do not balance, so nothing is published",
            where="; ".join(wrong),
            hint="this is a fault of the program: keep the input and report it",
        )

"""What can be set, by whom, and where each value came from.

One frozen dataclass holds every setting with its meaning. A value is looked up
in this order: command line, environment (`SCANNER_MEMORY_LIMIT_MB`),
`scanner.toml` in the current folder, built-in. An unknown key or a value of the
wrong kind is an error, never a silent default: in a screener a mistyped
threshold would quietly become another threshold.
"""

import dataclasses
import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scanner.errors import UsageError

ENV_PREFIX = "SCANNER_"
CONFIG_FILE = "scanner.toml"


def _setting(default: Any, meaning: str, *, shapes_results: bool = True) -> Any:
    return field(default=default, metadata={"meaning": meaning, "shapes_results": shapes_results})


@dataclass(frozen=True)
class Settings:
    """Every setting of the program.

    A setting with `shapes_results` is part of a run's key: when it changes, the
    same files are scanned again instead of being skipped as done.
    """

    workspace: str = _setting(
        "workspace", "Folder that holds lists, runs and the snapshot.", shapes_results=False
    )
    models: str = _setting(
        "", "Folder of the models; empty = those shipped with the program.", shapes_results=False
    )
    memory_limit_mb: int = _setting(
        2048, "Memory that the database engine may use, in MiB.", shapes_results=False
    )
    threads: int = _setting(2, "Threads of the database engine.", shapes_results=False)
    workers: int = _setting(
        1, "Processes that read files, and texts where there are many.", shapes_results=False
    )
    home_bic8s: tuple[str, ...] = _setting((), "BICs (8 characters) of the bank itself.")
    home_countries: tuple[str, ...] = _setting((), "Countries (ISO alpha-2) where the bank is.")
    max_rejected: str = _setting(
        "1%",
        "Rejected messages allowed before exit 4: a count or a percentage.",
        shapes_results=False,
    )
    max_list_age_days: int = _setting(
        0,
        "Age of a list version, in days, above which a scan stops with exit 5; 0 = no limit.",
        shapes_results=False,
    )
    name_threshold: float = _setting(0.5, "Least score of a name hit, 0 to 1.")
    text_threshold: float = _setting(0.6, "Least score of a name hit in free text, 0 to 1.")
    obligation_threshold: float = _setting(
        0.85, "Least score at which a hit by name is an obligation, 0 to 1."
    )
    sql_timeout_seconds: int = _setting(
        60, "Longest run of one `scanner sql` query, in seconds.", shapes_results=False
    )
    sql_memory_limit_mb: int = _setting(
        1024, "Memory that `scanner sql` may use, in MiB.", shapes_results=False
    )
    snapshot_transactions_max: int = _setting(
        500_000,
        "Transactions up to which the snapshot holds the tables themselves; above, its large "
        "tables are views of the runs' Parquet files.",
        shapes_results=False,
    )

    def __post_init__(self) -> None:
        for name in ("name_threshold", "text_threshold", "obligation_threshold"):
            if not 0 <= getattr(self, name) <= 1:
                raise UsageError(f"{name} must lie between 0 and 1", where=name)
        for name in ("memory_limit_mb", "threads", "workers", "sql_timeout_seconds"):
            if getattr(self, name) < 1:
                raise UsageError(f"{name} must be at least 1", where=name)
        rejected_allowed(self.max_rejected, 0)

    def shaping(self) -> dict[str, Any]:
        """The settings that can change a result, for a run's key."""
        return {
            f.name: getattr(self, f.name)
            for f in dataclasses.fields(self)
            if f.metadata["shapes_results"]
        }


@dataclass(frozen=True)
class Origin:
    """One setting's value and the place that gave it."""

    name: str
    value: Any
    source: str
    meaning: str


def load_settings(
    *,
    flags: Mapping[str, Any] | None = None,
    env: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> tuple[Settings, list[Origin]]:
    """Put the settings together.

    Args:
        flags: Values from the command line; None means "not given".
        env: The environment.
        folder: Folder in which `scanner.toml` is looked for.

    Returns:
        The settings, and for each of them where its value came from.

    Raises:
        UsageError: A key is unknown or a value is of the wrong kind.
    """
    fields = {f.name: f for f in dataclasses.fields(Settings)}
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    path = (folder or Path()) / CONFIG_FILE
    if path.is_file():
        for key, value in _read_toml(path).items():
            _known(key, fields, str(path))
            values[key] = _converted(fields[key], value, f"{path}: {key}")
            sources[key] = str(path)
    for name, declared in fields.items():
        variable = f"{ENV_PREFIX}{name.upper()}"
        text = (env or {}).get(variable)
        if text is not None:
            values[name] = _from_text(declared, text, variable)
            sources[name] = variable
    for key, value in (flags or {}).items():
        if value is not None:
            _known(key, fields, "command line")
            values[key] = _converted(fields[key], value, f"--{key.replace('_', '-')}")
            sources[key] = "command line"
    settings = Settings(**values)
    origins = [
        Origin(name, getattr(settings, name), sources.get(name, "built-in"), f.metadata["meaning"])
        for name, f in fields.items()
    ]
    return settings, origins


def rejected_allowed(limit: str, messages: int) -> int:
    """How many rejected messages a limit such as `1%` or `25` allows.

    Raises:
        UsageError: The limit is neither a count nor a percentage.
    """
    text = limit.strip()
    try:
        if text.endswith("%"):
            share = float(text[:-1])
            if not 0 <= share <= 100:
                raise ValueError(text)
            return int(messages * share / 100)
        count = int(text)
    except ValueError:
        raise UsageError(
            f"{limit!r} is neither a count nor a percentage",
            where="max_rejected",
            hint="write for example 25 or 1%",
        ) from None
    if count < 0:
        raise UsageError("a limit cannot be negative", where="max_rejected")
    return count


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError("the settings file cannot be read", where=f"{path}: {error}") from error


def _known(key: str, fields: Mapping[str, Any], where: str) -> None:
    if key not in fields:
        near = difflib.get_close_matches(key, fields, n=1)
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(fields)}"
        raise UsageError(f"unknown setting {key!r}", where=where, hint=hint)


def _converted(f: dataclasses.Field[Any], value: Any, where: str) -> Any:
    if f.type == tuple[str, ...] and isinstance(value, list | tuple):
        return tuple(str(item).upper() for item in value)
    if f.type is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(f.type, type) and isinstance(value, f.type) and not isinstance(value, bool):
        return value
    if f.type is str and isinstance(value, int):
        return str(value)
    kind = getattr(f.type, "__name__", str(f.type))
    raise UsageError(f"{f.name} must be a {kind}, not {value!r}", where=where)


def _from_text(f: dataclasses.Field[Any], text: str, where: str) -> Any:
    try:
        if f.type is int:
            return int(text)
        if f.type is float:
            return float(text)
    except ValueError:
        raise UsageError(f"{f.name} must be a number, not {text!r}", where=where) from None
    if f.type == tuple[str, ...]:
        return tuple(part.strip().upper() for part in text.split(",") if part.strip())
    return text

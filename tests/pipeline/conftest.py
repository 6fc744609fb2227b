"""Workspaces for end-to-end tests."""

import csv
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from scanner import watchlists
from scanner.pipeline.plan import ScanRequest
from scanner.pipeline.scan import ScanSummary, scan
from scanner.pipeline.workspace import Workspace
from scanner.settings import Settings

TODAY = date(2026, 11, 24)
_NULL = "-0- "
LISTED = (
    ("91001", "OOO TARVEKSIM RADAR ZAVOD", "RUSSIA-EO14024", "Tax ID No. 7701234500 (Russia)"),
    ("91002", "KOLBRANT BANK JSC", "RUSSIA-EO14024", "SWIFT/BIC KLBRRUMM"),
    ("91003", "MIRDONEX HOLDING AO", "RUSSIA-EO14024", "Registration ID 123"),
)

Scan = Callable[..., ScanSummary]


def write_list(folder: Path, entries: Sequence[tuple[str, str, str, str]] = LISTED) -> Path:
    """An invented list in OFAC's layout."""
    folder.mkdir(parents=True, exist_ok=True)
    nothing = ",".join([_NULL] * 7)
    sdn = "".join(
        f'{number},"{name}",{_NULL},"{program}",{nothing},"{remark}; '
        'Secondary sanctions risk: See Section 11 of Executive Order 14024."\r\n'
        for number, name, program, remark in entries
    )
    alt = f'91001,1,"aka","TARVEKSIM RADIOLOKATSIYA",{_NULL}\r\n'
    add = "".join(
        f'{n},{i},{_NULL},"MOSCOW","Russia",{_NULL}\r\n' for i, (n, *_) in enumerate(entries)
    )
    for name, text in (("SDN.CSV", sdn), ("ALT.CSV", alt), ("ADD.CSV", add)):
        (folder / name).write_bytes(text.encode("cp1252"))
    return folder


def write_csv(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    """A CSV file whose first row is its header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return path


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with the invented list."""
    made = Workspace(tmp_path / "workspace")
    made.create()
    watchlists.update(write_list(tmp_path / "lists"), made.lists, loaded_on=date(2024, 5, 3))
    return made


@pytest.fixture
def run_scan(workspace: Workspace) -> Scan:
    """Scan sources in the workspace with given request values."""

    def run(*sources: Path, **values: object) -> ScanSummary:
        settings = Settings(workspace=str(workspace.root))
        request = ScanRequest(tuple(map(str, sources)), **values)  # type: ignore[arg-type]
        return scan(request, settings, today=TODAY)

    return run

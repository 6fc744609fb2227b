"""The `.sql` files: one file, one relation, one header.

A file opens with a comment that says in words what the relation is for, then

    -- makes: corridor_exposure
    -- grain: debtor_country, creditor_country
    -- reads: transactions, run

and holds one SELECT. The header is a promise that `tests/sql` checks against
what DuckDB parses. Run parameters are the one-row table `run`, so that an
analyst can paste a file unchanged.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from scanner.errors import ScannerError

SQL_DIR = Path(__file__).parent.parent / "sql"


@dataclass(frozen=True)
class Relation:
    """One relation: what it makes, what a row is, what it reads, and its SELECT.

    Several files may make the same declared table (each indicator is a file of
    its own); `name` tells them apart.
    """

    name: str
    makes: str
    grain: tuple[str, ...]
    reads: tuple[str, ...]
    purpose: str
    sql: str
    path: Path


def parse_relation(text: str, path: Path) -> Relation:
    """Read one file.

    Raises:
        ScannerError: The header lacks a line, or nothing follows it.
    """
    header: dict[str, str] = {}
    purpose: list[str] = []
    body: list[str] = []
    key = ""
    for line in text.splitlines():
        if body or not line.startswith("--"):
            body.append(line)
            continue
        words = line[2:].strip()
        found = next((k for k in ("makes", "grain", "reads") if words.startswith(f"{k}:")), "")
        if found:
            key = found
            header[key] = words.split(":", 1)[1].strip()
        elif not words:
            key = ""
        elif key and header[key].endswith(","):
            header[key] += f" {words}"
        else:
            purpose.append(words)
    missing = [k for k in ("makes", "grain", "reads") if k not in header]
    sql = "\n".join(body).strip().rstrip(";")
    if missing or not sql or not purpose:
        lacks = ", ".join(missing) or ("a purpose" if not purpose else "a SELECT")
        raise ScannerError(f"the relation's file lacks {lacks}", where=str(path))
    return Relation(
        name=path.stem,
        makes=header["makes"],
        grain=_names(header["grain"]),
        reads=_names(header["reads"]),
        purpose=" ".join(purpose),
        sql=sql,
        path=path,
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


@cache
def load_relations(folder: str) -> tuple[Relation, ...]:
    """Read all relations of a folder under `scanner/sql`, sub-folders included."""
    root = SQL_DIR / folder
    files = sorted(root.rglob("*.sql"))
    if not files:
        raise ScannerError("no relation found", where=str(root))
    return tuple(parse_relation(file.read_text(encoding="utf-8"), file) for file in files)


def relations_by_name(folder: str) -> dict[str, Relation]:
    """The relations of a folder, for a stage that makes them one at a time."""
    return {relation.name: relation for relation in load_relations(folder)}


def ordered(relations: Iterable[Relation]) -> list[Relation]:
    """Order relations so that each comes after those it reads.

    Raises:
        ScannerError: Two relations read each other.
    """
    all_of_them = sorted(relations, key=lambda relation: str(relation.path))
    makers: dict[str, list[Relation]] = {}
    for relation in all_of_them:
        makers.setdefault(relation.makes, []).append(relation)
    sorter: TopologicalSorter[str] = TopologicalSorter()
    by_path = {str(relation.path): relation for relation in all_of_them}
    for path, relation in by_path.items():
        needed = [
            str(maker.path)
            for name in relation.reads
            if name != relation.makes
            for maker in makers.get(name, [])
        ]
        sorter.add(path, *needed)
    try:
        return [by_path[path] for path in sorter.static_order()]
    except CycleError as error:
        raise ScannerError("relations read each other", where=str(error.args[1])) from error

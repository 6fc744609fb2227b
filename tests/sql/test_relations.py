"""Every `.sql` relation keeps the promises of its header."""

import pytest

from scanner.errors import ScannerError
from scanner.warehouse.relations import SQL_DIR, Relation, ordered, parse_relation

# These are written against the published snapshot; tests/warehouse judges them there.
_OF_THE_SNAPSHOT = ("macros", "questions")
ROOMS = sorted(p.name for p in SQL_DIR.iterdir() if p.is_dir() and p.name not in _OF_THE_SNAPSHOT)


def all_relations() -> list[Relation]:
    return [
        parse_relation(file.read_text(encoding="utf-8"), file)
        for room in ROOMS
        for file in sorted((SQL_DIR / room).rglob("*.sql"))
    ]


RELATIONS = all_relations()


def _id(relation: Relation) -> str:
    return str(relation.path.relative_to(SQL_DIR))


@pytest.mark.parametrize("relation", RELATIONS, ids=_id)
def test_it_reads_what_its_header_says(relation: Relation) -> None:
    from scanner.warehouse import Warehouse

    with Warehouse() as warehouse:
        assert warehouse.table_names_in(relation.sql) == set(relation.reads)


@pytest.mark.parametrize("relation", RELATIONS, ids=_id)
def test_its_header_says_what_it_is_for(relation: Relation) -> None:
    assert len(relation.purpose.split()) >= 5
    assert relation.grain


def test_relations_that_read_each_other_are_refused() -> None:
    text = (
        "-- For the test only, no use.\n--\n-- makes: {}\n-- grain: a\n-- reads: {}\nSELECT 1 AS a"
    )
    one = parse_relation(text.format("x", "y"), SQL_DIR / "x.sql")
    two = parse_relation(text.format("y", "x"), SQL_DIR / "y.sql")
    with pytest.raises(ScannerError, match="read each other"):
        ordered([one, two])


def test_a_file_without_a_header_line_is_refused() -> None:
    with pytest.raises(ScannerError, match="lacks grain, reads"):
        parse_relation("-- About something.\n--\n-- makes: x\nSELECT 1", SQL_DIR / "x.sql")

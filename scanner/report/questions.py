"""The worked questions: one `.sql` file each under `scanner/sql/questions`.

`scanner sql --examples` prints them, `docs/sql.md` is made from them, and a test
runs each one.
"""

from dataclasses import dataclass

from scanner.warehouse import load_relations


@dataclass(frozen=True)
class Question:
    """One question with the query that answers it."""

    title: str
    name: str
    sql: str


def worked_questions() -> tuple[Question, ...]:
    """All questions, in the order of their file names."""
    relations = load_relations("questions")
    return tuple(Question(r.purpose, r.name, r.sql) for r in relations)

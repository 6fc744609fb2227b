"""The parts of the documentation that are made from the program, as text."""

from scanner.cli.reference import reference_page
from scanner.report.questions import worked_questions
from scanner.schema import TABLES
from scanner.warehouse.macros import load_macros
from tests.exposure.indicator_page import indicators
from tests.ingest.formats_page import formats_page


def data_dictionary() -> str:
    """`docs/data-dictionary.md`: every published table and column."""
    lines = [
        "# Data dictionary",
        "",
        "Made from `scanner/schema`; the same words are comments in the database",
        '(`scanner sql "from data_dictionary()"`). A value that is missing means "not known".',
        "Columns marked *personal* may hold names, accounts, addresses or free text.",
        "",
    ]
    for table in TABLES.values():
        if not table.published:
            continue
        lines += [
            f"## {table.name}",
            "",
            table.meaning,
            "",
            f"One row per {_key(table.grain)}.",
            "",
        ]
        lines += ["| column | type | meaning |", "|---|---|---|"]
        for column in table.columns:
            notes = ["required"] if not column.nullable else []
            notes += ["*personal*"] if column.personal else []
            words = column.meaning.replace("|", "\\|") + (f" ({', '.join(notes)})" if notes else "")
            lines.append(f"| `{column.name}` | `{column.sql_type}` | {words} |")
        lines.append("")
    return "\n".join(lines)


def _key(grain: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in grain)


def macros() -> str:
    """The macros' part of `docs/sql.md`."""
    rows = [f"| `{m.signature}` | {m.relation.purpose} |" for m in load_macros()]
    return "\n".join(["| macro | what it answers |", "|---|---|", *rows])


def questions() -> str:
    """The questions' part of `docs/sql.md`."""
    parts = [
        f"### {number}. {question.title}\n\n```sql\n{question.sql};\n```"
        for number, question in enumerate(worked_questions(), 1)
    ]
    return "\n\n".join(parts)


PAGES = {
    "cli.md": reference_page,
    "data-dictionary.md": data_dictionary,
    "formats.md": formats_page,
    "indicators.md": indicators,
}
"""Whole pages, by file name."""

PARTS = {"sql.md": {"macros": macros, "questions": questions}}
"""Parts between `<!-- begin NAME -->` and `<!-- end NAME -->`, by file and name."""

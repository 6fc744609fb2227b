"""HTML of a report: one file that needs nothing else.

Style and script stand in the page and are allowed by their hash; nothing else may
run, load or connect. Values reach the page through the template's escaping, or as
text in an inert JSON island that the script shows with `textContent` only.
"""

import base64
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from scanner.report.document import Cells, Evidence, Facts, Figure, Grid, Note, Report
from scanner.report.evidence_view import EVIDENCE_ROWS, evidence_view
from scanner.visible import safe_text

_TEMPLATES = Path(__file__).parent / "templates"
_FIRST_ROWS = 50
_TEXT_MAX = 5_000
_CELL_MAX = 400


def to_html(report: Report) -> str:
    """Write a report as one self-contained page."""
    style, script = asset("report.css"), asset("report.js")
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            style=Markup(style),  # noqa: S704 - a file of the program
            script=Markup(script),  # noqa: S704 - a file of the program
            policy=content_policy(style, script),
            island=island,
            evidence_view=evidence_view,
            first_rows=_FIRST_ROWS,
            kind_of=_kind_of,
        )
    )


def content_policy(style: str, script: str, *, forms: str = "'none'") -> str:
    """The content security policy that allows one style and one script, by hash.

    Args:
        style: Text of the style element.
        script: Text of the script element.
        forms: Where forms may be sent.
    """
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        f"img-src data:; base-uri 'none'; form-action {forms}"
    )


def island(cells: Cells) -> Markup:
    """A table's cells as JSON that no HTML parser can leave: `<`, `>` and `&` are escaped."""
    texts = [cell if isinstance(cell, str) else cell[0] for row in cells for cell in row]
    together = "\n".join(texts)
    # Nearly all tables are harmless as a whole; only of others each cell is looked at.
    if safe_text(together) != together or max(map(len, texts), default=0) > _CELL_MAX:
        cells = [[_island_cell(cell) for cell in row] for row in cells]
    text = json.dumps(cells, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - the three characters that HTML acts on are escaped


def _island_cell(cell: str | list[Any]) -> str | list[Any]:
    if isinstance(cell, str):
        return safe_text(bounded(cell, _CELL_MAX))
    return [safe_text(cell[0]), cell[1]]


@cache
def environment() -> jinja2.Environment:
    """The templates' environment: everything escaped, nothing undefined, nothing acting."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.finalize = _finalized
    made.globals.update(EVIDENCE_ROWS)
    return made


def _finalized(value: Any) -> Any:
    if isinstance(value, Markup):
        return value
    return safe_text(bounded(value, _TEXT_MAX)) if isinstance(value, str) else value


def bounded(text: str, most: int) -> str:
    """A text that no page chokes on: its beginning, its end, and how much is between."""
    if len(text) <= most:
        return text
    half = most // 2
    return f"{text[:half]} [… {len(text) - 2 * half:,} characters …] {text[-half:]}"


@cache
def asset(name: str) -> str:
    """A style or script that stands in a page."""
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _kind_of(block: object) -> str:
    return {Grid: "grid", Figure: "figure", Facts: "facts", Note: "note", Evidence: "evidence"}[
        type(block)
    ]

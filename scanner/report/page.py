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

from scanner.report.document import Evidence, Facts, Figure, Grid, Note, Report
from scanner.report.evidence_view import EVIDENCE_ROWS, evidence_view
from scanner.visible import safe_text

_TEMPLATES = Path(__file__).parent / "templates"
_FIRST_ROWS = 50


def to_html(report: Report) -> str:
    """Write a report as one self-contained page."""
    style, script = _asset("report.css"), _asset("report.js")
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            style=Markup(style),  # noqa: S704 - a file of the program
            script=Markup(script),  # noqa: S704 - a file of the program
            policy=policy(style, script),
            island=island,
            evidence_view=evidence_view,
            first_rows=_FIRST_ROWS,
            kind_of=_kind_of,
        )
    )


def policy(style: str, script: str) -> str:
    """The content security policy that allows one style and one script, by hash."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def island(grid: Grid) -> Markup:
    """A table's cells as JSON that no HTML parser can leave: `<`, `>` and `&` are escaped."""
    cells: Any = [
        [safe_text(c) if isinstance(c, str) else [safe_text(c[0]), c[1]] for c in row]
        for row in grid.cells()
    ]
    text = json.dumps(cells, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - the three characters that HTML acts on are escaped


@cache
def _environment() -> jinja2.Environment:
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
    return safe_text(value) if isinstance(value, str) else value


@cache
def _asset(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _kind_of(block: object) -> str:
    return {Grid: "grid", Figure: "figure", Facts: "facts", Note: "note", Evidence: "evidence"}[
        type(block)
    ]

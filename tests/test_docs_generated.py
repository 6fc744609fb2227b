"""Generated pages are as the program makes them; SCANNER_GOLDEN=write makes them anew."""

import os
import re
from pathlib import Path

import pytest

from tests.generated_docs import PAGES, PARTS

DOCS = Path(__file__).parent.parent / "docs"
WRITE = os.environ.get("SCANNER_GOLDEN") == "write"


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_generated_page_is_as_the_program_makes_it(name: str) -> None:
    made = PAGES[name]()
    if WRITE:
        (DOCS / name).write_text(made, "utf-8")
    assert (DOCS / name).read_text("utf-8") == made


@pytest.mark.parametrize(("name", "part"), [(n, p) for n, ps in PARTS.items() for p in ps])
def test_a_generated_part_is_as_the_program_makes_it(name: str, part: str) -> None:
    text = (DOCS / name).read_text("utf-8")
    made = f"<!-- begin {part} -->\n{PARTS[name][part]()}\n<!-- end {part} -->"
    place = re.compile(rf"<!-- begin {part} -->.*?<!-- end {part} -->", re.DOTALL)
    assert len(place.findall(text)) == 1
    if WRITE:
        text = place.sub(lambda _: made, text)
        (DOCS / name).write_text(text, "utf-8")
    assert made in text

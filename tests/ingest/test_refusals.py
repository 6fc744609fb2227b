"""Every code that a reader refuses with is explained, and none is explained in vain."""

import re
from pathlib import Path

from scanner import ingest
from scanner.ingest.refusals import REASONS

SOURCES = Path(ingest.__file__).parent


def test_every_code_is_explained_with_what_to_do() -> None:
    used: set[str] = set()
    for path in SOURCES.glob("*.py"):
        text = path.read_text("utf-8")
        used |= set(re.findall(r'(?:Error|refusal=)\(\s*"([a-z_0-9]+)",', text))
        used |= set(re.findall(r'return "([a-z_]+)", f?"', text))
        used |= set(re.findall(r'limits[.\w]*, "([a-z_]+)"\)', text))
    assert used == set(REASONS)
    assert all(
        meaning.endswith(".") and advice.endswith(".") for meaning, advice in REASONS.values()
    )

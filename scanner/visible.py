"""Makes the characters of a hostile text visible instead of letting them act.

Controls move a terminal's cursor, bidirectional marks turn the reading direction,
zero-width and tag characters hide words. Each is written as its escape. Every
output that people look at passes texts of messages through here.
"""

import re

# Unicode categories Cc and Cf, line and paragraph separators, and unpaired surrogates.
INVISIBLE = (
    "\x00-\x1f\x7f-\x9f\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f"
)
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def safe_line(text: str) -> str:
    """A text on one line, every character that would act written as an escape."""
    return _INVISIBLE.sub(escape_of, text)


def safe_text(text: str) -> str:
    """As `safe_line`, but line feeds stay."""
    return "\n".join(map(safe_line, text.split("\n")))


def escape_of(found: re.Match[str]) -> str:
    """The escape of one matched character."""
    character = found[0]
    code = ord(character)
    return _SHORT.get(character) or (f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")

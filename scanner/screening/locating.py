"""Where a value stands in the raw text of its field, whatever breaks the lines."""

import re

_LINE_NUMBER = re.compile(r"(?m)^[1-8]/")


def locate(value: str, raw: str) -> tuple[int, int] | None:
    """First and one past the last character of a value in a raw text.

    Blanks, line breaks and the numbers of 50F lines are passed over.

    Returns:
        None where the value does not stand in the text.
    """
    skipped = {i for found in _LINE_NUMBER.finditer(raw) for i in range(*found.span())}
    places = [i for i, c in enumerate(raw) if not c.isspace() and i not in skipped]
    wanted = "".join(value.split())
    start = "".join(raw[i] for i in places).find(wanted)
    if not wanted or start < 0:
        return None
    return places[start], places[start + len(wanted) - 1] + 1

"""What a listing means: from list, program tags and remarks to the measure.

The tags are in `reference/list_program_tags.csv`. A program that is not there
takes the row `*` of its list. Of several programs the strictest decides.
"""

import re
from collections.abc import Sequence
from functools import cache

from scanner import reference
from scanner.errors import IntegrityError
from scanner.watchlists.entry import Measure

_ACCOUNTS = "correspondent_account"
# Strictest first.
_STRICTNESS = (
    "blocking",
    _ACCOUNTS,
    "menu_based",
    "sectoral",
    "export_control",
    "other",
)
_SECTION_11 = re.compile(r"\bsection 11 of (?:executive order|e\.?o\.?) 14024", re.IGNORECASE)
# Directive 2 under E.O. 14024 (2022-02-24) bars correspondent and payable-through accounts.
_ACCOUNTS_BARRED = re.compile(
    r"EO 14024 Directive 2\b"
    r"|Executive Order 14024 Directive Information[ -]+Subject to Directive 2\b"
    r"|prohibited from opening or maintaining a correspondent account",
    re.IGNORECASE,
)
_BASIS = re.compile(
    r"designated for operating or having operated in (?:a|the) (.{1,300}?) pursuant to section 11",
    re.IGNORECASE,
)


@cache
def _tags() -> dict[tuple[str, str], tuple[str, bool]]:
    return {
        (row["list"], row["program"]): (row["measure"], row["is_eo14024"] == "yes")
        for row in reference.rows("list_program_tags")
    }


def measure_of(list_name: str, programs: Sequence[str], remarks: str | None) -> Measure:
    """Say what a listing under these programs means.

    Args:
        list_name: Such as OFAC-SDN.
        programs: Tags as the publisher spells them.
        remarks: The entry's remarks, whole.

    Raises:
        IntegrityError: The list has no row in the reference table.
    """
    measure, blocked = _of_tags(list_name, tuple(programs))
    if measure not in ("blocking", _ACCOUNTS) and remarks and _ACCOUNTS_BARRED.search(remarks):
        measure = _ACCOUNTS
    section_11 = bool(remarks) and _SECTION_11.search(remarks or "") is not None
    basis = _BASIS.search(remarks) if section_11 and remarks else None
    return Measure(measure, blocked, section_11, basis[1] if basis else None)


@cache
def _of_tags(list_name: str, programs: tuple[str, ...]) -> tuple[str, bool]:
    tags = _tags()
    default = tags.get((list_name, "*"))
    if default is None:
        raise IntegrityError(
            f"nothing says what list {list_name} means", where="list_program_tags.csv"
        )
    found = [tags.get((list_name, program), default) for program in programs] or [default]
    strictest = min((measure for measure, _ in found), key=_STRICTNESS.index)
    return strictest, any(blocked for _, blocked in found)

"""The sanctions list of a simulated world, in the CSV layout that OFAC publishes.

Some firms are listed only in the course of the period: the list as it was on earlier days
lies beside the newest, so that a payment to them can be one that nobody could have stopped.
"""

import random
from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

from scanner.simulate.world import World, shortened

_NULL = "-0- "
_RISK = "Secondary sanctions risk: See Section 11 of Executive Order 14024."
_ALIASED = 0.5
_LISTED_LATER = 0.15
"""Share of the listed firms that the oldest list lacks."""
_COUNTRIES = {
    "RU": "Russia",
    "BY": "Belarus",
    "TR": "Turkey",
    "AE": "United Arab Emirates",
    "CN": "China",
    "KG": "Kyrgyzstan",
    "HK": "Hong Kong",
    "TJ": "Tajikistan",
}


def write_lists(
    rng: random.Random, world: World, folder: Path, earlier: Sequence[date] = ()
) -> None:
    """Write SDN.CSV, ALT.CSV, ADD.CSV and SDN_COMMENTS.CSV, and the list of earlier days.

    Args:
        rng: The source of all chance.
        world: Who is listed.
        folder: Takes the newest list; `earlier/` in it takes the others, dated in their names.
        earlier: Days of the earlier lists, ascending; each holds more of the firms, the last all.
    """
    folder.mkdir(parents=True)
    aliased = {
        i
        for i, firm in enumerate(world.listed)
        if rng.random() < _ALIASED and shortened(firm.name) != firm.name
    }
    _write(world, folder, aliased=aliased)
    if len(earlier) < 2:
        return
    later = random.Random(len(world.listed))  # noqa: S311 - its own, so that nothing else moves
    first_with = [
        later.randrange(1, len(earlier)) if i and later.random() < _LISTED_LATER else 0
        for i in range(len(world.listed))
    ]
    before = folder / "earlier"
    before.mkdir()
    for number, day in enumerate(earlier):
        unlisted = {i for i, first in enumerate(first_with) if first > number}
        _write(world, before, aliased=aliased, unlisted=unlisted, day=f".{day}")


def _write(
    world: World,
    folder: Path,
    *,
    aliased: Collection[int],
    unlisted: Collection[int] = (),
    day: str = "",
) -> None:
    entries, aliases, addresses, comments = [], [], [], []
    for i, firm in enumerate(world.listed):
        if i in unlisted:
            continue
        number = 90000 + i
        remark = f"Tax ID No. {7700000000 + i * 137} (Russia); {_RISK}"
        entries.append(_entry(number, firm.name, remark))
        if i == 0:
            comments.append(f'{number}," Linked To: {firm.name}."')
        if i in aliased:
            aliases.append(f'{number},{i * 2 + 1},"aka","{shortened(firm.name)}",{_NULL}')
        addresses.append(
            f'{number},{i + 1},"{firm.street}","{firm.town}","{_COUNTRIES[firm.country]}",{_NULL}'
        )
    for i, bank in enumerate(world.listed_banks):
        number = 95000 + i
        entries.append(_entry(number, f"{bank.name} JSC", f"SWIFT/BIC {bank.bic}; {_RISK}"))
        addresses.append(
            f'{number},{9000 + i},{_NULL},"MOSKVA","{_COUNTRIES[bank.country]}",{_NULL}'
        )
    for name, lines in (
        ("SDN", entries),
        ("ALT", aliases),
        ("ADD", addresses),
        ("SDN_COMMENTS", comments),
    ):
        text = "".join(f"{line}\r\n" for line in lines)
        (folder / f"{name}{day}.CSV").write_bytes(text.encode("cp1252") + b"\x1a")


def _entry(number: int, name: str, remark: str) -> str:
    nothing = ",".join([_NULL] * 7)
    return f'{number},"{name}",{_NULL},"RUSSIA-EO14024",{nothing},"{remark}"'

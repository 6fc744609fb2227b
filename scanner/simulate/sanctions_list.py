"""The sanctions list of a simulated world, in the CSV layout that OFAC publishes."""

import random
from pathlib import Path

from scanner.simulate.world import World

_NULL = "-0- "
_RISK = "Secondary sanctions risk: See Section 11 of Executive Order 14024."
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


def write_lists(rng: random.Random, world: World, folder: Path) -> None:
    """Write SDN.CSV, ALT.CSV, ADD.CSV and SDN_COMMENTS.CSV."""
    folder.mkdir(parents=True)
    entries, aliases, addresses, comments = [], [], [], []
    for i, firm in enumerate(world.listed):
        number = 90000 + i
        remark = f"Tax ID No. {7700000000 + i * 137} (Russia); {_RISK}"
        entries.append(_entry(number, firm.name, remark))
        if i == 0:
            comments.append(f'{number}," Linked To: {firm.name}."')
        words = firm.name.split()
        if rng.random() < 0.5 and len(words) > 2:
            aliases.append(f'{number},{i * 2 + 1},"aka","{" ".join(words[1:])}",{_NULL}')
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
        (folder / f"{name}.CSV").write_bytes(text.encode("cp1252") + b"\x1a")


def _entry(number: int, name: str, remark: str) -> str:
    nothing = ",".join([_NULL] * 7)
    return f'{number},"{name}",{_NULL},"RUSSIA-EO14024",{nothing},"{remark}"'

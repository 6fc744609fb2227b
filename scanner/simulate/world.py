"""Who exists: firms, persons, banks, owners. No intent yet."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

HOME = "TR"
HUBS = ("TR", "AE", "KZ", "KG", "AM", "GE", "RS", "HK", "UZ", "CN")
SUPPLIERS = ("DE", "IT", "CN", "TW", "JP", "US", "NL", "KR", "CH", "FR")
QUIET = ("DE", "IT", "FR", "ES", "PL", "GB", "US", "NL", "AT", "SE")
_WAR = date(2022, 2, 24)

_FORMS = {
    "TR": "SAN VE TIC LTD STI",
    "AE": "FZE",
    "KZ": "TOO",
    "KG": "OSOO",
    "AM": "LLC",
    "GE": "LLC",
    "RS": "DOO",
    "HK": "LIMITED",
    "UZ": "MCHJ",
    "CN": "CO LTD",
    "DE": "GMBH",
    "IT": "SRL",
    "TW": "CO LTD",
    "JP": "KK",
    "US": "INC",
    "NL": "BV",
    "KR": "CO LTD",
    "CH": "AG",
    "FR": "SARL",
    "ES": "SL",
    "PL": "SP Z O O",
    "GB": "LTD",
    "AT": "GMBH",
    "SE": "AB",
    "RU": "OOO",
    "BY": "OOO",
}
_TOWNS = {
    "TR": "ISTANBUL",
    "AE": "DUBAI",
    "KZ": "ALMATY",
    "KG": "BISHKEK",
    "AM": "YEREVAN",
    "GE": "TBILISI",
    "RS": "BEOGRAD",
    "HK": "KOWLOON",
    "UZ": "TASHKENT",
    "CN": "SHENZHEN",
    "DE": "HAMBURG",
    "IT": "MILANO",
    "TW": "TAIPEI",
    "JP": "OSAKA",
    "US": "AUSTIN",
    "NL": "UTRECHT",
    "KR": "INCHEON",
    "CH": "ZUERICH",
    "FR": "LYON",
    "ES": "VALENCIA",
    "PL": "POZNAN",
    "GB": "LEEDS",
    "AT": "GRAZ",
    "SE": "MALMO",
    "RU": "MOSKVA",
    "BY": "MINSK",
}
_STARTS = (
    "VAR",
    "TEL",
    "KOR",
    "MIR",
    "SOL",
    "BRA",
    "NOV",
    "DEL",
    "ZEN",
    "ORB",
    "LUM",
    "TAR",
    "VEK",
    "PRO",
    "KAL",
    "SEV",
    "GRA",
    "POL",
    "RAD",
    "STA",
    "MON",
    "FER",
    "ALT",
    "BEL",
    "DOR",
    "ERI",
    "FAL",
    "HAL",
)
_MIDDLES = ("A", "I", "O", "E", "U", "AN", "EN", "IR", "OL", "ES")
_ENDS = (
    "NEX",
    "VIT",
    "TRA",
    "DON",
    "MIR",
    "LAN",
    "SKA",
    "ROM",
    "TEK",
    "GAR",
    "PEL",
    "MET",
    "STRO",
    "DIN",
)
_LINES = {
    "electronics": ("ELEKTRONIK", "COMPONENTS", "MICRO", "CHIP TRADE"),
    "machinery": ("MAKINA", "MACHINE TOOLS", "CNC", "TEKNIK"),
    "food": ("GIDA", "FOODS", "AGRO", "GRAIN"),
    "textile": ("TEKSTIL", "TEXTILES", "KNIT", "YARN"),
    "medicine": ("MEDIKAL", "PHARMA", "HEALTH", "MED"),
    "transport": ("LOJISTIK", "CARGO", "FREIGHT", "SHIPPING"),
    "construction": ("YAPI", "BUILD", "STONE", "CEMENT"),
    "general": ("DIS TICARET", "TRADING", "GROUP", "EXPORT"),
}
_FIRST_NAMES = (
    "ELIF",
    "MEHMET",
    "ANNA",
    "OLGA",
    "IVAN",
    "SERGEI",
    "MARIA",
    "LUCA",
    "JAN",
    "AYSE",
    "NINO",
    "ARAM",
)
_LAST_STARTS = ("KAR", "IVA", "PET", "SOK", "YIL", "DEM", "ROS", "MEI", "GRI", "TOK", "SAR", "BAL")
_LAST_ENDS = ("OV", "OVA", "MAZ", "OGLU", "INI", "ENKO", "YAN", "IDZE", "SKI", "ER", "BAEV", "ICH")


@dataclass(frozen=True)
class Firm:
    """A firm: the bank's customer or somebody else."""

    number: int
    name: str
    country: str
    line: str
    incorporated_on: date
    account: str
    bank: "Bank"

    @property
    def town(self) -> str:
        """Where it sits."""
        return _TOWNS[self.country]

    @property
    def street(self) -> str:
        """Street and house."""
        return f"ST {self.number % 97 + 1} NO {self.number % 31 + 1}"


@dataclass(frozen=True)
class Bank:
    """A bank with its BIC."""

    bic: str
    name: str
    country: str


@dataclass
class World:
    """Everybody, by what they are used for."""

    home_bank: Bank
    banks: dict[str, list[Bank]] = field(default_factory=dict)
    customers: list[Firm] = field(default_factory=list)
    abroad: list[Firm] = field(default_factory=list)
    russian: list[Firm] = field(default_factory=list)
    listed: list[Firm] = field(default_factory=list)
    listed_banks: list[Bank] = field(default_factory=list)
    owned: list[tuple[Firm, Firm, float]] = field(default_factory=list)
    persons: list[Firm] = field(default_factory=list)
    shadow_banks: list[Bank] = field(default_factory=list)
    newborn: list[Firm] = field(default_factory=list)

    @property
    def clients(self) -> list[Firm]:
        """All customers of the home bank, those founded within the period too."""
        return [*self.customers, *self.newborn]

    def other_account(self, rng: random.Random, firm: Firm, banks: Sequence[Bank]) -> Firm:
        """The same firm with an account at one of some banks."""
        number = 5_000_000 + rng.randrange(1_000_000)
        bank = rng.choice(banks)
        return replace(firm, bank=bank, account=_account(bank.country, number))


def make_world(rng: random.Random, start: date, payments: int, days: int = 180) -> World:
    """Make a world whose size follows the number of payments.

    Args:
        rng: The source of all chance.
        start: First day of the period.
        payments: Deals of the period.
        days: Length of the period.
    """
    used: set[str] = set()
    home_bank = Bank(f"{_letters(rng, 4)}{HOME}ISXXX", "HOME BANK AS", HOME)
    world = World(home_bank)
    countries = sorted({HOME, *HUBS, *SUPPLIERS, *QUIET, "RU", "BY"})
    world.banks = {c: [_bank(rng, c, used) for _ in range(4)] for c in countries}
    size = max(60, payments // 12)
    for i in range(size):
        world.customers.append(_firm(rng, world, i, HOME, start, used, home_bank))
    for i in range(size, size * 3):
        country = rng.choice((*HUBS, *SUPPLIERS, *QUIET))
        world.abroad.append(_firm(rng, world, i, country, start, used))
    for i in range(size * 3, size * 3 + max(20, size // 3)):
        world.russian.append(_firm(rng, world, i, "RU", start, used))
    for i in range(size * 4, size * 4 + max(25, size // 4)):
        country = rng.choice(("RU", "RU", "RU", "BY", "TR", "AE", "CN", "KG", "HK"))
        world.listed.append(_firm(rng, world, i, country, start, used))
    for i in range(size * 5, size * 5 + max(20, size // 5)):
        world.persons.append(
            _person(rng, world, i, rng.choice(("DE", "TR", "KG", "RU", "US")), start)
        )
    world.listed_banks = [_bank(rng, "RU", used) for _ in range(8)]
    world.shadow_banks = [_bank(rng, rng.choice(("KG", "RU", "TJ")), used) for _ in range(6)]
    for i in range(max(12, size // 12)):
        owner = rng.choice(world.listed)
        firm = _firm(rng, world, size * 6 + i, rng.choice(HUBS), start, used)
        share = (
            rng.choice((51.0, 60.0, 75.0, 100.0)) if i % 2 == 0 else rng.choice((10.0, 25.0, 49.0))
        )
        world.owned.append((owner, firm, share))
    for i in range(max(10, size // 10)):
        born = start + timedelta(days=rng.randrange(-40, max(1, days - 60)))
        young = _firm(rng, world, size * 7 + i, HOME, start, used, home_bank)
        world.newborn.append(replace(young, incorporated_on=born))
    return world


def coined_name(rng: random.Random) -> str:
    """An invented word."""
    return rng.choice(_STARTS) + rng.choice(_MIDDLES) + rng.choice(_ENDS)


def shortened(name: str) -> str:
    """A firm's name without its first word, as long as a coined word is left to know it by."""
    rest = name.partition(" ")[2]
    return rest if any(_is_coined(word) for word in rest.split()) else name


def _is_coined(word: str) -> bool:
    return word.startswith(_STARTS) and word.endswith(_ENDS)


def _firm(
    rng: random.Random,
    world: World,
    number: int,
    country: str,
    start: date,
    used: set[str],
    bank: Bank | None = None,
) -> Firm:
    line = rng.choice(list(_LINES))
    while True:
        name = f"{coined_name(rng)} {rng.choice(_LINES[line])}"
        if rng.random() < 0.35:
            name = f"{coined_name(rng)} {name}"
        if name not in used:
            break
    used.add(name)
    form = _FORMS[country]
    name = f"{form} {name}" if country in ("RU", "KZ", "BY", "KG") else f"{name} {form}"
    # Honest firms founded after 2022 are plenty.
    if rng.random() < 0.3:
        born = _WAR + timedelta(days=rng.randrange(5, max(30, (start - _WAR).days)))
    else:
        born = _WAR - timedelta(days=rng.randrange(200, 9000))
    own_bank = bank or rng.choice(world.banks[country])
    return Firm(number, name, country, line, born, _account(country, number), own_bank)


def _person(rng: random.Random, world: World, number: int, country: str, start: date) -> Firm:
    name = f"{rng.choice(_FIRST_NAMES)} {rng.choice(_LAST_STARTS)}{rng.choice(_LAST_ENDS)}"
    bank = rng.choice(world.banks[country])
    return Firm(
        number,
        name,
        country,
        "person",
        start - timedelta(days=9000),
        _account(country, number),
        bank,
    )


def _account(country: str, number: int) -> str:
    """An IBAN with right check digits for Türkiye and Germany, a plain number elsewhere."""
    lengths = {"TR": 22, "DE": 18, "KZ": 16, "AE": 19}
    if country not in lengths:
        return f"{40817810000000000000 + number * 7919}"
    body = str(number * 7919 + 100003).rjust(lengths[country], "0")
    digits = "".join(str(int(c, 36)) for c in f"{body}{country}00")
    return f"{country}{98 - int(digits) % 97:02d}{body}"


def _bank(rng: random.Random, country: str, used: set[str]) -> Bank:
    while True:
        letters = _letters(rng, 4)
        if letters not in used:
            break
    used.add(letters)
    return Bank(f"{letters}{country}22", f"{coined_name(rng)} BANK", country)


def _letters(rng: random.Random, count: int) -> str:
    return "".join(chr(ord("A") + rng.randrange(26)) for _ in range(count))

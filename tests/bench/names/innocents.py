"""Names of real firms and likely names of persons, from packages; none is kept in the project."""

import ast
import csv
import importlib
import importlib.util
import random
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

import pytest

from scanner.names.folding import fold_text

LOCALES = (
    "en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "es_MX", "pt_BR", "it_IT", "nl_NL", "pl_PL",
    "cs_CZ", "tr_TR", "ru_RU", "uk_UA", "ar_SA", "ar_EG", "fa_IR", "hi_IN", "en_IN", "zh_CN",
    "ko_KR", "ja_JP", "vi_VN", "id_ID", "sv_SE", "fi_FI", "hu_HU", "ro_RO", "bg_BG", "el_GR",
    "he_IL", "az_AZ", "ka_GE", "hy_AM",
)  # fmt: skip


def _package(name: str) -> Any:
    return pytest.importorskip(
        name, reason=f"innocent names come from {name}: pip install --group exam"
    )


def persons(count: int) -> list[str]:
    """Given and family names drawn together, in either order."""
    faker = _package("faker")
    rng = random.Random(41)
    found = []
    for locale in LOCALES:
        source = faker.Faker(locale)
        source.seed_instance(7)
        for _ in range(count // len(LOCALES)):
            pair = [source.first_name(), source.last_name()]
            found.append(fold_text(" ".join(pair if rng.random() < 0.5 else pair[::-1])))
    return found


def firms(count: int, listed_banks: AbstractSet[str]) -> list[str]:
    """Companies of stock indices and banks of national registries, no listed bank's daughter.

    Args:
        count: Most names.
        listed_banks: First four letters of the BICs of listed banks.
    """
    symbols = _package("pytickersymbols").PyTickerSymbols()
    _package("schwifty")
    registry = importlib.import_module("schwifty.registry").get_all_banks()
    listed = {
        stock["name"] for index in symbols.get_all_indices()
        for stock in symbols.get_stocks_by_index(index)
    }  # fmt: skip
    banks = {
        bank.name for bank in registry
        if bank.name and bank.country_code != "RU" and str(bank.bic or "")[:4] not in listed_banks
    }  # fmt: skip
    rng = random.Random(42)
    found = [
        fold_text(name)
        for group in (sorted(listed), sorted(banks))
        for name in rng.sample(group, min(len(group), count // 2))
    ]
    return [name for name in found if len(name) > 4]


LATIN_LOCALES = (
    "en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "es_MX", "pt_BR", "it_IT", "nl_NL", "pl_PL",
    "cs_CZ", "tr_TR", "ru_RU", "uk_UA", "en_IN", "vi_VN", "id_ID", "sv_SE", "fi_FI", "hu_HU",
    "ro_RO", "bg_BG", "el_GR", "az_AZ", "ka_GE", "hy_AM", "hr_HR", "da_DK", "lt_LT", "et_EE",
)  # fmt: skip
ROMANISED_LOCALES = ("zh_CN", "ja_JP")
COUNTRIES = (
    "argentina", "bangladesh", "brazil", "bulgaria", "canada", "china", "dubai", "egypt", "france",
    "germany", "greece", "hong kong", "india", "indonesia", "iraq", "italy", "jordan",
    "kazakhstan", "kuwait", "malaysia", "mexico", "oman", "pakistan", "poland", "qatar", "romania",
    "saudi arabia", "serbia", "singapore", "south korea", "spain", "taiwan", "thailand", "turkey",
    "united kingdom", "vietnam",
)  # fmt: skip


def _file_of(package: str, *path: str) -> Path:
    """A data file of a package that need not be importable here."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        pytest.skip(f"innocent names come from {package}: pip install --no-deps {package}")
    return Path(spec.origin).parent.joinpath(*path)


def listed_companies(count: int) -> list[str]:
    """Companies on the stock exchanges of 36 countries; none of Russia's."""
    text = _file_of("investpy", "resources", "stocks.csv").read_text("utf-8")
    names: dict[str, set[str]] = {}
    for row in csv.DictReader(text.splitlines()):
        names.setdefault(row["country"], set()).add(fold_text(row["full_name"]))
    rng = random.Random(43)
    found = []
    for country in COUNTRIES:
        own = sorted(name for name in names[country] if len(name) > 4)
        found += rng.sample(own, min(len(own), count // len(COUNTRIES)))
    return found


def latin_persons(count: int) -> list[str]:
    """Players of a league, and given and family names drawn together, all written in Latin."""
    text = _file_of("nba_api", "stats", "library", "data.py").read_text("utf-8")
    tree = ast.parse(text)
    rows = next(
        node.value for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "players"
    )  # fmt: skip
    rng = random.Random(44)
    found = [fold_text(row[3]) for row in rng.sample(ast.literal_eval(rows), count // 3)]
    faker = _package("faker")
    locales = (*LATIN_LOCALES, *ROMANISED_LOCALES * 5)
    for number, locale in enumerate(locales):
        source = faker.Faker(locale)
        source.seed_instance(100 + number)
        for _ in range((count - len(found)) // (len(locales) - number)):
            if locale in ROMANISED_LOCALES:
                found.append(fold_text(source.romanized_name()))
            else:
                found.append(fold_text(f"{source.first_name()} {source.last_name()}"))
    return found

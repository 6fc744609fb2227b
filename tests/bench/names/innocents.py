"""Names of real firms and likely names of persons, from packages; none is kept in the project."""

import importlib
import random
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


def firms(count: int) -> list[str]:
    """Companies of stock indices and banks of national registries."""
    symbols = _package("pytickersymbols").PyTickerSymbols()
    _package("schwifty")
    registry = importlib.import_module("schwifty.registry").get_all_banks()
    listed = {
        stock["name"] for index in symbols.get_all_indices()
        for stock in symbols.get_stocks_by_index(index)
    }  # fmt: skip
    banks = {bank.name for bank in registry if bank.name and bank.country_code != "RU"}
    rng = random.Random(42)
    found = [
        fold_text(name)
        for group in (sorted(listed), sorted(banks))
        for name in rng.sample(group, min(len(group), count // 2))
    ]
    return [name for name in found if len(name) > 4]

"""How many decimals an amount of a currency may have, by ISO 4217."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from scanner import reference

_USUAL_DECIMALS = 2
_AMOUNTS = {"currency": "amount", "instructed_currency": "instructed_amount"}


@cache
def _decimals() -> dict[str, int]:
    return {row["currency"]: int(row["decimals"]) for row in reference.rows("currency_decimals")}


def decimals_of(currency: str) -> int:
    """Decimals of a currency: two, but for those that the table names."""
    return _decimals().get(currency, _USUAL_DECIMALS)


def is_too_fine(currency: str, amount: Decimal) -> bool:
    """Whether an amount has more decimals, zeros at its end aside, than its currency allows."""
    return amount % Decimal(1).scaleb(-decimals_of(currency)) != 0


def doubts_of(transactions: Iterable[Mapping[str, Any]]) -> list[str]:
    """What must be noted in `repairs` of a message about its amounts, each once.

    Such an amount is kept as it stands: it may be one of thousands whose sign was
    taken for the decimals, and no reader can tell.
    """
    found: dict[str, None] = {}
    for transaction in transactions:
        for key, amount_key in _AMOUNTS.items():
            currency, amount = transaction.get(key), transaction.get(amount_key)
            if currency and amount is not None and is_too_fine(currency, amount):
                allowed = decimals_of(currency)
                found[
                    f"an amount in {currency} has more than {allowed} decimals: kept as it is"
                ] = None
    return list(found)

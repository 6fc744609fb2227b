"""Amounts and reasons in words, the same on a terminal and on a page. Pure."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def money(currency: Any, amount: Decimal | None) -> str:
    """An amount with its currency: thousands grouped, no trailing zeros beyond cents."""
    if amount is None:
        return "amount not known"
    text = f"{amount:,.5f}".rstrip("0")
    cents = text.split(".")[1]
    text += "0" * max(0, 2 - len(cents))
    return f"{currency or '?'} {text}"


def effect_of(reason: Mapping[str, Any]) -> tuple[str, str]:
    """What a reason does to the score, and by how much in log-odds."""
    value = reason["contribution"]
    if value is None:
        return "stands above the model", ""
    return ("raises" if value > 0 else "lowers"), f"{value:+.2f}"

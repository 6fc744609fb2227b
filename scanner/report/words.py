"""Amounts, reasons and evidence in words, the same on a terminal and on a page. Pure."""

import json
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


def facts_in(evidence: str) -> list[tuple[str, str]]:
    """A JSON object as labels and values in words; text that is none stays whole."""
    try:
        found = json.loads(evidence)
    except ValueError:
        return [("", evidence)]
    if not isinstance(found, dict):
        return [("", evidence)]
    return [(str(key).replace("_", " "), in_words(value)) for key, value in found.items()]


def in_words(value: Any) -> str:
    """A JSON value for people: null is not known, an empty list is none."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(in_words, value)) or "none"
    if isinstance(value, dict):
        return "; ".join(f"{str(k).replace('_', ' ')} {in_words(v)}" for k, v in value.items())
    return f"{value:.12g}" if isinstance(value, float) else str(value)

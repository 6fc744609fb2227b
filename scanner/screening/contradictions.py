"""Facts that speak against a match by name: another country, another trade.

Only facts that are known count; each takes a stated amount off the log-odds
and is told in the evidence. A fact that agrees adds.
"""

from collections.abc import Sequence
from functools import cache

from scanner import reference
from scanner.screening.queries import Query

_COUNTRY_AGREES = 0.8
_COUNTRY_DIFFERS = -0.8
_TRADE_DIFFERS = -4.0
_KIND_DIFFERS = -1.5


@cache
def _trades() -> frozenset[str]:
    return frozenset(row["word"] for row in reference.rows("trade_words"))


def weigh(
    query: Query,
    listed_words: Sequence[str],
    *,
    country: str | None,
    listed_countries: Sequence[str],
    is_agent: bool,
    entry_type: str,
) -> tuple[float, list[str]]:
    """What other facts add to the log-odds of a match by name, and in which words."""
    total, words = 0.0, []
    if country and listed_countries:
        agrees = country in listed_countries
        total += _COUNTRY_AGREES if agrees else _COUNTRY_DIFFERS
        words.append(
            f"country {country} agrees" if agrees else
            f"country {country} differs from {', '.join(listed_countries)}"
        )  # fmt: skip
    trades = [w for w in query.words if w in _trades() and w not in listed_words]
    if trades:
        total += _TRADE_DIFFERS
        words.append(f"another trade: {', '.join(trades)}")
    if is_agent and entry_type == "individual":
        total += _KIND_DIFFERS
        words.append("a bank, the entry is a person")
    return total, words

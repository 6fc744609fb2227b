"""What a value of a message shows, before it is joined to the transactions that hold the value."""

import math
from dataclasses import dataclass

from scanner.screening.codes import CodeHit

_CODE_MARGIN = 8.0
_BANK_REASONS = {
    "bic": "BIC agrees on eight characters",
    "iban_bank": "the account's IBAN names this bank",
}


@dataclass(frozen=True)
class Finding:
    """One match of a value with a list entry; the span counts in the text that shows it."""

    list: str
    entry_id: str
    entry_name: str | None
    matched_name: str
    kind: str
    margin: float
    because: str
    span: tuple[int, int] | None
    text: str

    @property
    def score(self) -> float:
        """Probability that both are the same."""
        return probability(self.margin)


def probability(margin: float) -> float:
    """Probability that both are the same, from its log-odds."""
    return 1 / (1 + math.exp(-margin))


def finding_of_code(hit: CodeHit, span: tuple[int, int] | None) -> Finding:
    """A code that agrees, where it stands."""
    is_bic = hit.kind in _BANK_REASONS
    return Finding(
        list=hit.list,
        entry_id=hit.entry_id,
        entry_name=None,
        matched_name=hit.value,
        kind="bic" if is_bic else "identifier",
        margin=_CODE_MARGIN,
        because=_BANK_REASONS.get(hit.kind, f"{hit.kind} agrees"),
        span=span,
        text=hit.text,
    )

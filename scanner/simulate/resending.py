"""Deals that were turned away and come again."""

from scanner.simulate import goods
from scanner.simulate.deal import Deal
from scanner.simulate.deals import DealMaker, working_day

_FORMAL = (
    "/BE04/MISSING TOWN OF CREDITOR ADDRESS",
    "/AC01/ACCOUNT NUMBER WRONG",
    "/AG01/TRANSACTION FORBIDDEN ON ACCOUNT",
)
_FALSE_ALARM = 0.25
"""Share of honest deals that were turned away for compliance too, by a namesake."""


def stripped(m: DealMaker, code: str) -> list[Deal]:
    """Rejected for compliance, sent again with less data (T09)."""
    russian, maker = m.rng.choice(m.world.russian), m.somebody(abroad=False)
    first = m.deal(
        code,
        guilty=True,
        debtor=russian,
        creditor=maker,
        text=m.invoice(goods.words(m.rng, "priority")),
        ends="reject",
        reason="/RR04/REGULATORY REASON COMPLIANCE",
    )
    again = m.deal(
        code,
        guilty=True,
        debtor=russian,
        creditor=maker,
        amount=first.amount,
        currency=first.currency,
        on=working_day(first.on, m.rng.randrange(1, 8)),
        payer_text=m.rng.choice(("ONE OF OUR CUSTOMERS", "", "BY ORDER OF A CLIENT")) or None,
        text=m.rng.choice(("GOODS", "INVOICE", first.text)),
    )
    return [first, again, *_repaired(m, code, "reject", 1)]


def rerouted(m: DealMaker, code: str) -> list[Deal]:
    """Returned for compliance, sent again through another bank and currency (T10)."""
    russian, maker = m.rng.choice(m.world.russian), m.somebody(abroad=False)
    first = m.deal(
        code,
        guilty=True,
        debtor=maker,
        creditor=russian,
        text=m.invoice(goods.words(m.rng, "priority")),
        ends="return",
        reason="/RR04/SANCTIONS COMPLIANCE",
        intermediary=m.rng.choice(m.world.banks["DE"]),
    )
    again = m.deal(
        code,
        guilty=True,
        debtor=maker,
        creditor=russian,
        amount=first.amount,
        text=first.text,
        currency=m.rng.choice(("CNY", "AED")),
        on=working_day(first.on, 4),
        intermediary=m.rng.choice(m.world.banks["AE"]),
    )
    return [first, again, *_repaired(m, code, "return", 2)]


def _repaired(m: DealMaker, code: str, ends: str, days: int) -> list[Deal]:
    """An honest deal that was turned away, and the same again with nothing taken out."""
    alarm = m.rng.random() < _FALSE_ALARM
    reason = "/RR04/REGULATORY REASON COMPLIANCE" if alarm else m.rng.choice(_FORMAL)
    first = m.deal(code, guilty=False, ends=ends, reason=reason)
    again = m.deal(
        code,
        guilty=False,
        debtor=first.debtor,
        creditor=first.creditor,
        amount=first.amount,
        currency=first.currency,
        on=working_day(first.on, days),
        text=first.text,
    )
    return [first, again]

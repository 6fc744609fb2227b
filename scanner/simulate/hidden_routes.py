"""Deals whose banks, payers or currencies hide who pays whom."""

from dataclasses import replace

from scanner.simulate import goods
from scanner.simulate.deal import Deal
from scanner.simulate.deals import DealMaker, working_day

_HUBS = ("KG", "KZ", "AE", "AM")


def nested_bank(m: DealMaker, code: str) -> list[Deal]:
    """A further bank that only the text names (T03)."""
    shadow = m.rng.choice(m.world.shadow_banks)
    firm = m.somebody(abroad=True, countries=_HUBS)
    guilty = m.deal(
        code,
        guilty=True,
        creditor=firm,
        hidden_bank=shadow,
        bank_text=f"/ACC/FURTHER CREDIT TO {shadow.name}\n//{shadow.bic} MOSKVA",
        text=m.invoice(goods.words(m.rng, "priority" if m.rng.random() < 0.5 else "ordinary")),
    )
    declared = m.deal(
        code,
        guilty=False,
        creditor=firm,
        bank_text=m.rng.choice(
            (
                f"/ACC/FURTHER CREDIT TO {firm.bank.name}\n//{firm.bank.bic} {firm.town}",
                "/ACC/PAY WITHOUT CHARGES",
            )
        ),
    )
    return [guilty, declared]


def currency_switch(m: DealMaker, code: str) -> list[Deal]:
    """Refused for compliance in dollars or euros, from then on paid in another currency (T08)."""
    buyer, seller = m.somebody(abroad=False), m.somebody(abroad=True, countries=("CN", "HK", "AE"))
    start, before = m.day(), m.rng.choice(("USD", "EUR"))
    what = goods.words(m.rng, "priority")
    kind = "priority" if m.rng.random() < 0.5 else "ordinary"

    def paid(
        days: int, currency: str, text: str, *, guilty: bool, ends: str = "", reason: str = ""
    ) -> Deal:
        return m.deal(
            code,
            guilty=guilty,
            debtor=buyer,
            creditor=seller,
            currency=currency,
            on=working_day(start, days),
            text=m.invoice(text),
            ends=ends,
            reason=reason,
        )

    made = [paid(0, before, goods.words(m.rng, "ordinary"), guilty=False)]
    made.append(
        paid(
            10,
            before,
            what + " IN TRANSIT TO RU",
            guilty=True,
            ends="reject",
            reason="/RR04/REGULATORY REASON COMPLIANCE",
        )
    )
    after = m.rng.choice(("CNY", "AED", "TRY"))
    made += [
        paid(days, after, goods.words(m.rng, kind), guilty=True)
        for days in (m.rng.randrange(14, 22), m.rng.randrange(24, 40))
    ]
    buyer, seller = m.somebody(abroad=False), m.somebody(abroad=True, countries=("CN", "HK", "AE"))
    made.append(
        paid(
            0,
            before,
            what,
            guilty=False,
            ends="reject",
            reason="/AC01/ACCOUNT NUMBER WRONG",
        )
    )
    made += [paid(days, after, what, guilty=False) for days in (5, 20)]
    return made


def bare_cover(m: DealMaker, code: str) -> list[Deal]:
    """A plain bank transfer in place of a cover, or a cover that names somebody else (T12)."""
    russian, maker = m.rng.choice(m.world.russian), m.somebody(abroad=False)
    is_bare = m.rng.random() < 0.5
    guilty = m.deal(
        code,
        guilty=True,
        debtor=russian,
        creditor=maker,
        form="bare_cover" if is_bare else "covered",
        cover_payer=None if is_bare else m.somebody(abroad=True),
        text=m.invoice(goods.words(m.rng, "priority" if is_bare else "ordinary")),
    )
    payer = m.somebody(abroad=True)
    return [
        guilty,
        m.deal(code, guilty=False, form="bank"),
        m.deal(
            code,
            guilty=False,
            debtor=payer,
            creditor=m.somebody(abroad=False),
            form="covered",
            cover_payer=replace(payer, name=payer.name.rpartition(" ")[0]),
        ),
    ]


def third_party_payer(m: DealMaker, code: str) -> list[Deal]:
    """A firm in a third country pays for a firm in Russia (T13)."""
    payer = m.somebody(abroad=True, countries=("AE", "HK", "KG"))
    russian, maker = m.rng.choice(m.world.russian), m.somebody(abroad=False)
    what = goods.words(m.rng, "priority")
    seat = f" {russian.town}" if m.rng.random() < 0.6 else ""
    guilty = m.deal(
        code,
        guilty=True,
        debtor=payer,
        creditor=maker,
        text=m.invoice(what) + f" ON BEHALF OF {russian.name}{seat}",
    )
    group = m.somebody(abroad=True, countries=("DE", "IT", "FR", "AE"))
    return [
        guilty,
        m.deal(
            code,
            guilty=False,
            debtor=payer,
            creditor=maker,
            text=m.invoice(goods.words(m.rng, m.rng.choice(("ordinary", "priority"))))
            + f" ON BEHALF OF {group.name}",
        ),
        m.deal(
            code,
            guilty=False,
            debtor=payer,
            creditor=maker,
            text=m.invoice(goods.words(m.rng, "ordinary")) + " GROUP TREASURY PAYMENT",
        ),
    ]


def payment_agent(m: DealMaker, code: str) -> list[Deal]:
    """Money in from Russia, the same out to suppliers (T16)."""
    return [
        *_agent(m, code, guilty=True),
        *_agent(m, code, guilty=False),
    ]


def _agent(m: DealMaker, code: str, *, guilty: bool) -> list[Deal]:
    agent, start = m.somebody(abroad=False), m.day()
    suppliers = ("CN", "HK") if guilty else ("DE", "IT", "NL", "CN")
    made = []
    for i in range(3):
        amount = m.amount()
        text = m.rng.choice(("AGENCY AGREEMENT", "FREIGHT CHARGES", "SERVICES OF MARKETPLACE"))
        payer = m.rng.choice(m.world.russian) if guilty else m.somebody(abroad=True)
        paid_in = m.deal(
            code,
            guilty=guilty,
            debtor=payer,
            creditor=agent,
            amount=amount,
            on=working_day(start, i),
            text=m.invoice(text),
        )
        paid_on = m.deal(
            code,
            guilty=guilty,
            debtor=agent,
            creditor=m.somebody(abroad=True, countries=suppliers),
            amount=amount,
            currency=paid_in.currency,
            on=working_day(start, i + 1),
            text=m.invoice(text),
        )
        made += [paid_in, paid_on]
    return made


def value_route(m: DealMaker, code: str) -> list[Deal]:
    """An exchanger, a bullion house or a note stands between Russia and the supplier (T19)."""
    house = m.somebody(abroad=False)
    inflow = m.deal(
        code,
        guilty=True,
        debtor=m.rng.choice(m.world.russian),
        creditor=house,
        text=m.invoice(m.rng.choice(goods.VALUE_ROUTES)),
    )
    paid = m.deal(
        code,
        guilty=True,
        debtor=house,
        creditor=m.somebody(abroad=True, countries=("CN", "HK", "AE")),
        amount=inflow.amount,
        currency=inflow.currency,
        on=working_day(inflow.on, m.rng.randrange(1, 5)),
        text=m.invoice(m.rng.choice(goods.VALUE_ROUTES)),
    )
    return [
        inflow,
        paid,
        *(
            m.deal(
                code,
                guilty=False,
                debtor=m.somebody(abroad=False),
                creditor=m.somebody(abroad=True),
                text=m.invoice(m.rng.choice(goods.HONEST_ROUTES)),
            )
            for _ in range(2)
        ),
    ]


def derisk_echo(m: DealMaker, code: str) -> list[Deal]:
    """A bank leaves a corridor; its customers come back through another one (T20)."""
    russian = m.rng.random() < 0.6
    origin = "RU" if russian else m.rng.choice(("KG", "KZ", "AM"))
    elsewhere = [country for country in _HUBS if country != origin]
    left = m.rng.choice(m.world.banks[origin])
    taken = m.rng.choice(m.world.banks[m.rng.choice(elsewhere)])
    start = m.day()
    made = []
    for i in range(3):
        firm = (
            m.rng.choice(m.world.russian)
            if russian
            else m.somebody(abroad=True, countries=(origin,))
        )
        seller = m.somebody(abroad=False)
        for bank, days, guilty in ((left, 0, False), (taken, 25, True), (taken, 45, True)):
            payer = m.world.other_account(m.rng, firm, [bank])
            made.append(
                m.deal(
                    code,
                    guilty=guilty,
                    debtor=payer,
                    creditor=seller,
                    on=working_day(start, days + i * m.rng.randrange(1, 4)),
                    text=m.invoice(goods.words(m.rng, "ordinary")),
                )
            )
    # The market moves to the same bank: other parties, without a past at the one that left.
    for i in range(3):
        firm = m.somebody(abroad=True, countries=_HUBS)
        made.append(
            m.deal(
                code,
                guilty=False,
                debtor=m.world.other_account(m.rng, firm, [taken]),
                creditor=m.somebody(abroad=False),
                on=working_day(start, 25 + i),
                text=m.invoice(goods.words(m.rng, "ordinary")),
            )
        )
    return made

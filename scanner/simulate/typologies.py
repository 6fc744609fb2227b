"""Typologies of guilt with their innocent twins, and look-alikes that must stay quiet.

The codes are those of the catalogue of typologies in `docs/methodology.md`: T for
guilty ones, N for look-alikes.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from scanner.simulate import goods
from scanner.simulate.deal import Deal
from scanner.simulate.deals import DealMaker, Make, working_day


def _listed_party(m: DealMaker, code: str) -> list[Deal]:
    firm = m.rng.choice(m.world.listed)
    name = firm.name
    if m.rng.random() < 0.4:
        words = name.split()
        name = " ".join(words[1:] if len(words) > 2 else words)
    twin = m.deal(code, guilty=False, creditor=m.somebody(abroad=True, countries=(firm.country,)))
    return [m.deal(code, guilty=True, creditor=firm, creditor_name=name), twin]


def _listed_bank(m: DealMaker, code: str) -> list[Deal]:
    bank = m.rng.choice(m.world.listed_banks)
    russian = m.rng.choice(m.world.russian)
    guilty = m.deal(code, guilty=True, creditor=russian, creditor_bank=bank)
    if m.rng.random() < 0.5:
        guilty = replace(guilty, intermediary=bank, creditor_bank=None)
    other = m.rng.choice(m.world.banks["RU"])
    return [
        guilty,
        m.deal(
            code,
            guilty=False,
            creditor=russian,
            creditor_bank=other,
            text=m.invoice(goods.words(m.rng, "exempt")),
        ),
    ]


def _nested(m: DealMaker, code: str) -> list[Deal]:
    shadow = m.rng.choice(m.world.shadow_banks)
    firm = m.somebody(abroad=True, countries=("KG", "KZ", "AE", "AM"))
    guilty = m.deal(
        code,
        guilty=True,
        creditor=firm,
        hidden_bank=shadow,
        bank_text=f"/ACC/FURTHER CREDIT TO {shadow.name}\n//{shadow.bic} MOSKVA",
        text=m.invoice(goods.words(m.rng, "priority" if m.rng.random() < 0.5 else "ordinary")),
    )
    twin = m.deal(code, guilty=False, creditor=firm, bank_text="/ACC/PAY WITHOUT CHARGES")
    return [guilty, twin]


def _transshipment(m: DealMaker, code: str) -> list[Deal]:
    trader = m.somebody(abroad=False)
    supplier = m.somebody(abroad=True, countries=("DE", "TW", "CN", "JP", "US", "KR"))
    what = goods.words(m.rng, "priority")
    transit = m.rng.choice(
        (" IN TRANSIT TO RU", " FOR RE-EXPORT MOSCOW", " CONSIGNEE NOVOSIBIRSK", "")
    )
    inflow = m.deal(
        code,
        guilty=True,
        debtor=m.rng.choice(m.world.russian),
        creditor=trader,
        currency=m.rng.choice(("RUB", "CNY")),
        text=m.invoice(what),
    )
    paid = m.deal(
        code,
        guilty=True,
        debtor=trader,
        creditor=supplier,
        amount=inflow.amount,
        on=working_day(inflow.on, m.rng.randrange(1, 6)),
        text=m.invoice(what + transit),
    )
    twin = m.deal(
        code, guilty=False, debtor=m.somebody(abroad=False), creditor=supplier, text=m.invoice(what)
    )
    return [inflow, paid, twin]


def _newborn(m: DealMaker, code: str) -> list[Deal]:
    young = [f for f in m.world.customers if f.incorporated_on > date(2022, 2, 24)]
    front = m.rng.choice(young or m.world.customers)
    supplier = m.somebody(abroad=True, countries=("DE", "TW", "CN", "JP", "US", "KR"))
    guilty = m.deal(
        code,
        guilty=True,
        debtor=front,
        creditor=supplier,
        text=m.invoice(goods.words(m.rng, "priority")),
    )
    twin = m.deal(
        code, guilty=False, debtor=m.rng.choice(young or m.world.customers), creditor=supplier
    )
    return [guilty, twin]


def _goods_to_russia(m: DealMaker, code: str) -> list[Deal]:
    russian = m.rng.choice(m.world.russian)
    maker = m.somebody(abroad=False)
    what = goods.words(m.rng, "priority")
    guilty = m.deal(code, guilty=True, debtor=russian, creditor=maker, text=m.invoice(what))
    if m.rng.random() < 0.3:
        guilty = replace(guilty, form="credit")
    twin = m.deal(
        code,
        guilty=False,
        debtor=m.somebody(abroad=True, countries=("DE", "IT", "FR")),
        creditor=maker,
        text=m.invoice(what),
    )
    food = m.deal(
        code,
        guilty=False,
        debtor=russian,
        creditor=maker,
        text=m.invoice(goods.words(m.rng, "exempt")),
    )
    return [guilty, twin, food]


def _splitting(m: DealMaker, code: str) -> list[Deal]:
    trader, buyer = m.somebody(abroad=False), m.rng.choice(m.world.russian)
    start, part = m.day(), m.amount() / 4
    what = goods.words(m.rng, "priority")
    made = [
        m.deal(
            code,
            guilty=True,
            debtor=buyer,
            creditor=trader,
            text=m.invoice(what),
            on=working_day(start, i),
            amount=(part * Decimal(str(round(m.rng.uniform(0.97, 1.03), 3)))).quantize(
                Decimal("0.01")
            ),
        )
        for i in range(4)
    ]
    payer, seller = m.somebody(abroad=False), m.somebody(abroad=True)
    rent = [
        m.deal(
            code,
            guilty=False,
            debtor=payer,
            creditor=seller,
            on=working_day(start, i),
            amount=part.quantize(Decimal("0.01")),
            text=f"INSTALMENT {i + 1} OF 4 CONTRACT 77{m.rng.randrange(1000)}",
        )
        for i in range(4)
    ]
    return made + rent


def _strip_and_resend(m: DealMaker, code: str) -> list[Deal]:
    russian, maker = m.rng.choice(m.world.russian), m.somebody(abroad=False)
    what = goods.words(m.rng, "priority")
    first = m.deal(
        code,
        guilty=True,
        debtor=russian,
        creditor=maker,
        text=m.invoice(what),
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
        payer_text="ONE OF OUR CUSTOMERS",
        text="GOODS",
    )
    honest = m.deal(
        code, guilty=False, ends="reject", reason="/BE04/MISSING TOWN OF CREDITOR ADDRESS"
    )
    repaired = m.deal(
        code,
        guilty=False,
        debtor=honest.debtor,
        creditor=honest.creditor,
        amount=honest.amount,
        currency=honest.currency,
        on=working_day(honest.on, 1),
        text=honest.text,
    )
    return [first, again, honest, repaired]


def _reroute(m: DealMaker, code: str) -> list[Deal]:
    russian, maker = m.rng.choice(m.world.russian), m.somebody(abroad=False)
    what = goods.words(m.rng, "priority")
    first = m.deal(
        code,
        guilty=True,
        debtor=maker,
        creditor=russian,
        text=m.invoice(what),
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
    honest = m.deal(code, guilty=False, ends="return", reason="/AC01/ACCOUNT NUMBER WRONG")
    retry = m.deal(
        code,
        guilty=False,
        debtor=honest.debtor,
        creditor=honest.creditor,
        amount=honest.amount,
        currency=honest.currency,
        text=honest.text,
        on=working_day(honest.on, 2),
    )
    return [first, again, honest, retry]


def _owned(m: DealMaker, code: str) -> list[Deal]:
    majority = [firm for _, firm, share in m.world.owned if share >= 50]
    minority = [firm for _, firm, share in m.world.owned if share < 50]
    return [
        m.deal(code, guilty=True, creditor=m.rng.choice(majority)),
        m.deal(code, guilty=False, creditor=m.rng.choice(minority)),
    ]


def _bare_cover(m: DealMaker, code: str) -> list[Deal]:
    russian, maker = m.rng.choice(m.world.russian), m.somebody(abroad=False)
    guilty = m.deal(
        code,
        guilty=True,
        debtor=russian,
        creditor=maker,
        form="bare_cover",
        text=m.invoice(goods.words(m.rng, "priority")),
    )
    return [guilty, m.deal(code, guilty=False, form="bank")]


def _third_party(m: DealMaker, code: str) -> list[Deal]:
    payer = m.somebody(abroad=True, countries=("AE", "HK", "KG"))
    russian, maker = m.rng.choice(m.world.russian), m.somebody(abroad=False)
    what = goods.words(m.rng, "priority")
    guilty = m.deal(
        code,
        guilty=True,
        debtor=payer,
        creditor=maker,
        text=m.invoice(what) + f" ON BEHALF OF {russian.name}",
    )
    twin = m.deal(
        code,
        guilty=False,
        debtor=payer,
        creditor=maker,
        text=m.invoice(goods.words(m.rng, "ordinary")) + " GROUP TREASURY PAYMENT",
    )
    return [guilty, twin]


def _agent(m: DealMaker, code: str) -> list[Deal]:
    agent, start = m.somebody(abroad=False), m.day()
    made = []
    for i in range(3):
        amount = m.amount()
        made.append(
            m.deal(
                code,
                guilty=True,
                debtor=m.rng.choice(m.world.russian),
                creditor=agent,
                amount=amount,
                on=working_day(start, i),
                text="AGENCY AGREEMENT",
            )
        )
        made.append(
            m.deal(
                code,
                guilty=True,
                debtor=agent,
                creditor=m.somebody(abroad=True, countries=("CN", "HK")),
                amount=amount,
                on=working_day(start, i + 1),
                text="AGENCY AGREEMENT",
            )
        )
    forwarder = m.somebody(abroad=False)
    made += [
        m.deal(
            code,
            guilty=False,
            debtor=m.somebody(abroad=True),
            creditor=forwarder,
            on=working_day(start, i),
            text="FREIGHT CHARGES",
        )
        for i in range(3)
    ]
    return made


def _format_game(m: DealMaker, code: str) -> list[Deal]:
    firm = m.rng.choice(m.world.listed)
    words = firm.name.split()
    longest = max(words, key=len)
    spaced = firm.name.replace(
        longest,
        f"{longest[:3]} {longest[3:]}" if m.rng.random() < 0.5 else longest.replace("O", "0"),
    )
    return [
        m.deal(code, guilty=True, creditor=firm, creditor_name=spaced),
        m.deal(code, guilty=False, creditor=m.somebody(abroad=True, countries=(firm.country,))),
    ]


def _named_in_text(m: DealMaker, code: str) -> list[Deal]:
    firm = m.rng.choice(m.world.listed)
    what = goods.words(m.rng, m.rng.choice(("priority", "ordinary", "service")))
    return [
        m.deal(code, guilty=True, text=f"{what} END USER {firm.name}"),
        m.deal(code, guilty=False, text=f"{what} END USER {m.somebody(abroad=True).name}"),
    ]


GUILTY: dict[str, Make] = {
    "T01": _listed_party,
    "T02": _listed_bank,
    "T03": _nested,
    "T04": _transshipment,
    "T05": _newborn,
    "T06": _goods_to_russia,
    "T07": _splitting,
    "T09": _strip_and_resend,
    "T10": _reroute,
    "T11": _owned,
    "T12": _bare_cover,
    "T13": _third_party,
    "T16": _agent,
    "T17": _named_in_text,
    "T21": _format_game,
}
"""Typologies with guilty intent; each makes its innocent twins as well."""


def _food(m: DealMaker, code: str) -> list[Deal]:
    return [
        m.deal(
            code,
            guilty=False,
            creditor=m.rng.choice(m.world.russian),
            text=m.invoice(goods.words(m.rng, "exempt")),
        )
    ]


def _family(m: DealMaker, code: str) -> list[Deal]:
    one, two = m.rng.choice(m.world.persons), m.rng.choice(m.world.persons)
    return [
        m.deal(
            code,
            guilty=False,
            debtor=one,
            creditor=two,
            text="FAMILY SUPPORT",
            amount=(m.amount() / 50).quantize(Decimal("0.01")),
        )
    ]


def _namesake(m: DealMaker, code: str) -> list[Deal]:
    firm = m.rng.choice(m.world.listed)
    coined = max(firm.name.split(), key=len)
    other = m.somebody(abroad=True, countries=("IT", "ES", "FR"))
    return [
        m.deal(
            code,
            guilty=False,
            creditor=other,
            creditor_name=f"{coined} RESTAURANT",
            text="CATERING INVOICE",
        )
    ]


def _goods_at_home(m: DealMaker, code: str) -> list[Deal]:
    return [
        m.deal(
            code,
            guilty=False,
            debtor=m.somebody(abroad=True, countries=("DE", "FR")),
            creditor=m.somebody(abroad=True, countries=("IT", "NL")),
            text=m.invoice(goods.words(m.rng, "priority")),
        )
    ]


def _moscow_idaho(m: DealMaker, code: str) -> list[Deal]:
    return [
        m.deal(
            code,
            guilty=False,
            creditor=m.somebody(abroad=True, countries=("US",)),
            text="TUITION FEE UNIVERSITY MOSCOW IDAHO",
        )
    ]


def _embassy(m: DealMaker, code: str) -> list[Deal]:
    return [
        m.deal(
            code,
            guilty=False,
            creditor=m.rng.choice(m.world.russian),
            text="EMBASSY OFFICE RENT DIPLOMATIC MISSION",
        )
    ]


INNOCENT: dict[str, Make] = {
    "N1": _food,
    "N2": _family,
    "N3": _namesake,
    "N4": _goods_at_home,
    "N5": _moscow_idaho,
    "N6": _embassy,
}
"""Look-alikes that must stay quiet."""

"""Deals whose goods, prices, buyers or documents hide where they go."""

from dataclasses import replace
from decimal import Decimal

from scanner.simulate import goods
from scanner.simulate.deal import Deal
from scanner.simulate.deals import DealMaker, working_day

_MAKERS = ("DE", "TW", "CN", "JP", "US", "KR")
_TRADERS = ("general", "textile", "food", "construction")
_RUSSIAN_WAY = (" IN TRANSIT TO RU", " FOR RE-EXPORT MOSCOW", " CONSIGNEE NOVOSIBIRSK", "")
_OTHER_WAY = (" IN TRANSIT TO KZ", " FOR RE-EXPORT", " CONSIGNEE IZMIR", "")


def transshipment(m: DealMaker, code: str) -> list[Deal]:
    """Priority goods through a hub, paid after the same money came from Russia (T04)."""
    trader = m.somebody(abroad=False)
    supplier = m.somebody(abroad=True, countries=_MAKERS)
    what = goods.words(m.rng, "priority")
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
        currency=inflow.currency if inflow.currency == "CNY" else m.rng.choice(("CNY", "RUB")),
        on=working_day(inflow.on, m.rng.randrange(1, 6)),
        text=m.invoice(what + m.rng.choice(_RUSSIAN_WAY)),
    )
    hub = m.deal(
        code,
        guilty=False,
        debtor=m.somebody(abroad=False),
        creditor=supplier,
        text=m.invoice(what + m.rng.choice(_OTHER_WAY)),
    )
    return [inflow, paid, hub]


def newborn(m: DealMaker, code: str) -> list[Deal]:
    """A firm founded weeks ago buys priority goods that are none of its trade (T05)."""
    traders = [f for f in m.world.newborn if f.line in _TRADERS] or m.world.newborn
    front, supplier = m.rng.choice(traders), m.somebody(abroad=True, countries=_MAKERS)
    made = [
        m.deal(
            code,
            guilty=True,
            debtor=front,
            creditor=supplier,
            on=m.day_of_life(front, 5, 60),
            text=m.invoice(goods.words(m.rng, "priority")),
        )
        for _ in range(2)
    ]
    firms = [f for f in m.world.newborn if f.line not in _TRADERS] or m.world.newborn
    honest, trader = m.rng.choice(firms), m.rng.choice(traders)
    in_its_trade = "priority" if honest.line in ("electronics", "machinery") else "ordinary"
    return [
        *made,
        m.deal(
            code,
            guilty=False,
            debtor=honest,
            creditor=supplier,
            on=m.day_of_life(honest, 5, 60),
            text=m.invoice(goods.words(m.rng, in_its_trade)),
        ),
        m.deal(
            code,
            guilty=False,
            debtor=trader,
            creditor=supplier,
            on=m.day_of_life(trader, 5, 60),
        ),
    ]


def goods_to_russia(m: DealMaker, code: str) -> list[Deal]:
    """Priority goods that a firm in Russia pays for, by transfer or credit (T06)."""
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


def splitting(m: DealMaker, code: str) -> list[Deal]:
    """One order in several payments within days (T07)."""
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


def overpaying(m: DealMaker, code: str) -> list[Deal]:
    """Priority goods paid far above the usual price of a piece (T14)."""
    what = m.rng.choice([text for text in goods.PRIORITY if "{n}" in text])
    supplier = m.somebody(abroad=True, countries=(*_MAKERS, "HK", "AE"))
    guilty = m.deal(
        code,
        guilty=True,
        debtor=m.somebody(abroad=False),
        creditor=supplier,
        price=m.rng.uniform(2.2, 5.0),
        text=m.invoice(what),
    )
    usual = m.deal(
        code, guilty=False, debtor=m.somebody(abroad=False), creditor=supplier, text=m.invoice(what)
    )
    scarce = m.deal(
        code,
        guilty=False,
        debtor=m.somebody(abroad=False),
        creditor=supplier,
        price=m.rng.uniform(1.2, 1.9),
        text=m.invoice(what + " INCL AIR FREIGHT"),
    )
    return [guilty, usual, scarce]


def credit_without_end_user(m: DealMaker, code: str) -> list[Deal]:
    """A credit for priority goods consigned to its bank, with no end user (T15)."""
    buyer, seller = m.somebody(abroad=False), m.somebody(abroad=True, countries=_MAKERS)
    bill = "SIGNED COMMERCIAL INVOICE AND BILL OF LADING CONSIGNED TO THE ORDER OF ISSUING BANK"
    what = goods.words(m.rng, "priority")
    user = m.somebody(abroad=False)

    def credit(text: str, documents: str, *, guilty: bool) -> Deal:
        return m.deal(
            code,
            guilty=guilty,
            debtor=buyer,
            creditor=seller,
            form="credit",
            text=text,
            documents=documents,
        )

    return [
        credit(what, bill, guilty=True),
        credit(what, f"{bill} END USER STATEMENT OF {user.name}", guilty=False),
        credit(goods.words(m.rng, "ordinary"), bill, guilty=False),
    ]


def lasting_buyer(m: DealMaker, code: str) -> list[Deal]:
    """Payers and suppliers change, the buyer behind them stays (T17)."""
    hub = m.somebody(abroad=True, countries=("KG", "KZ", "AE", "AM", "UZ", "GE"))
    buyer = m.rng.choice(m.world.russian) if m.rng.random() < 0.5 else hub
    start = m.day()
    made = [
        m.deal(
            code,
            guilty=True,
            debtor=m.somebody(abroad=False),
            creditor=m.somebody(abroad=True, countries=_MAKERS),
            on=working_day(start, i * m.rng.randrange(5, 20)),
            text=m.invoice(f"{goods.words(m.rng, 'priority')} CONSIGNEE {buyer.name}"),
        )
        for i in range(6)
    ]
    place = m.rng.choice(("MERSIN BONDED WAREHOUSE", "IZMIR POST OFFICE", "JEBEL ALI TERMINAL"))
    popular = [
        m.deal(
            code,
            guilty=False,
            debtor=m.somebody(abroad=False),
            creditor=m.somebody(abroad=True, countries=_MAKERS),
            on=working_day(start, i * m.rng.randrange(5, 20)),
            text=m.invoice(
                f"{goods.words(m.rng, m.rng.choice(('priority', 'ordinary')))} CONSIGNEE {place}"
            ),
        )
        for i in range(4)
    ]
    return made + popular


def service_trace(m: DealMaker, code: str) -> list[Deal]:
    """Freight, insurance or machine service around priority goods to Russia (T18)."""
    russian, provider = m.rng.choice(m.world.russian), m.somebody(abroad=False)
    service = m.rng.choice((*goods.FREIGHT, *goods.MACHINE_SERVICE))
    what = goods.words(m.rng, "priority")
    if m.rng.random() < 0.5:
        guilty = m.deal(
            code,
            guilty=True,
            debtor=russian,
            creditor=provider,
            text=m.invoice(f"{service} {what}"),
        )
    else:
        guilty = m.deal(
            code,
            guilty=True,
            debtor=provider,
            creditor=m.somebody(abroad=True),
            text=m.invoice(f"{service} {what}{m.rng.choice(_RUSSIAN_WAY[:3])}"),
        )
    freight = m.rng.choice(goods.FREIGHT)
    honest = m.rng.choice(("PARCELS", "HOUSEHOLD RELOCATION", "AIRLINE CATERING"))
    return [
        guilty,
        m.deal(
            code,
            guilty=False,
            debtor=russian,
            creditor=provider,
            text=m.invoice(f"{freight} {honest}"),
        ),
        m.deal(
            code,
            guilty=False,
            debtor=m.somebody(abroad=True, countries=("DE", "IT", "FR")),
            creditor=provider,
            text=m.invoice(f"{service} {what}"),
        ),
    ]

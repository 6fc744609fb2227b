"""Deals of one period: intent first, then the payment by the same laws for all.

A guilty typology chooses parties, route and sequence; amounts, dates, words and
data quality come from the same functions as for everybody. Each guilty deal has
an innocent twin with the same surface.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from scanner.simulate import goods
from scanner.simulate.deal import Deal
from scanner.simulate.plan import Plan
from scanner.simulate.world import Firm, World

_CURRENCIES = ("EUR", "USD", "TRY", "CNY", "AED", "RUB")


class DealMaker:
    """Makes the deals of a world."""

    def __init__(self, rng: random.Random, world: World, plan: Plan) -> None:
        self._rng = rng
        self._world = world
        self._plan = plan
        self._number = 0

    def deals(self) -> Iterator[Deal]:
        """All deals of the period, in no order."""
        typologies = {
            code: make
            for code, make in GUILTY.items()
            if not self._plan.typologies or code in self._plan.typologies
        }
        made = 0
        while made < self._plan.payments:
            if typologies and self._rng.random() < self._plan.guilty_share / 2.2:
                code = self._rng.choice(sorted(typologies))
                batch = typologies[code](self, code)
            elif self._rng.random() < 0.12:
                code = self._rng.choice(sorted(INNOCENT))
                batch = INNOCENT[code](self, code)
            else:
                batch = [self.ordinary()]
            made += len(batch)
            yield from batch

    def deal(self, typology: str, *, guilty: bool, **values: object) -> Deal:
        """A deal with the laws that hold for everybody; values replace some of them."""
        self._number += 1
        rng = self._rng
        base = Deal(
            number=self._number,
            on=self.day(),
            currency=rng.choice(_CURRENCIES[:2]) if rng.random() < 0.7 else rng.choice(_CURRENCIES),
            amount=self.amount(),
            debtor=rng.choice(self._world.customers),
            creditor=rng.choice(self._world.abroad),
            text=self.invoice(goods.words(rng, "ordinary")),
            typology=typology,
            guilty=guilty,
            uetr=_uetr(rng),
        )
        deal = replace(base, **values)  # type: ignore[arg-type]
        if rng.random() < 0.25 and deal.intermediary is None:
            deal = replace(deal, intermediary=rng.choice(self._world.banks["DE"]))
        if rng.random() < 0.3 and deal.form == "transfer":
            deal = replace(deal, form="covered")
        return deal

    def ordinary(self) -> Deal:
        """Everyday business."""
        kind = self._rng.choices(("ordinary", "service", "exempt", "priority"), (70, 22, 6, 2))[0]
        creditor = self.somebody(abroad=True)
        debtor = self._rng.choice(self._world.customers)
        if self._rng.random() < 0.35:
            debtor, creditor = creditor, debtor
        form = "bank" if self._rng.random() < 0.05 else "transfer"
        return self.deal(
            "ordinary",
            guilty=False,
            debtor=debtor,
            creditor=creditor,
            form=form,
            text=self.invoice(goods.words(self._rng, kind)),
        )

    def day(self) -> date:
        """A working day of the period."""
        while True:
            day = self._plan.start + timedelta(days=self._rng.randrange(self._plan.days))
            if day.weekday() < 5:
                return day

    def amount(self) -> Decimal:
        """One law for all."""
        return Decimal(str(round(self._rng.lognormvariate(10.2, 1.3), 2)))

    def invoice(self, what: str) -> str:
        """Words of a payment for something."""
        number = f"{self._rng.randrange(100, 99999)}"
        return self._rng.choice(
            (
                f"INV {number} {what}",
                f"PAYMENT FOR {what} INVOICE {number}",
                f"{what} CONTRACT {number}",
            )
        )

    def somebody(self, *, abroad: bool, countries: tuple[str, ...] = ()) -> Firm:
        """An honest firm."""
        pool = self._world.abroad if abroad else self._world.customers
        found = [firm for firm in pool if not countries or firm.country in countries]
        return self._rng.choice(found or pool)

    @property
    def rng(self) -> random.Random:
        """The source of all chance."""
        return self._rng

    @property
    def world(self) -> World:
        """Who exists."""
        return self._world


Make = Callable[[DealMaker, str], list[Deal]]


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
        on=inflow.on + timedelta(days=m.rng.randrange(1, 6)),
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
            on=start + timedelta(days=i),
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
            on=start + timedelta(days=i),
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
        on=first.on + timedelta(days=m.rng.randrange(1, 8)),
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
        on=honest.on + timedelta(days=1),
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
        on=first.on + timedelta(days=4),
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
        on=honest.on + timedelta(days=2),
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
                on=start + timedelta(days=i),
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
                on=start + timedelta(days=i + 1),
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
            on=start + timedelta(days=i),
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


def _uetr(rng: random.Random) -> str:
    value = f"{rng.getrandbits(128):032x}"
    return f"{value[:8]}-{value[8:12]}-4{value[13:16]}-a{value[17:20]}-{value[20:]}"

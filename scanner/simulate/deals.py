"""Deals of one period: intent first, then the payment by the same laws for all.

A guilty typology chooses parties, route and sequence; amounts, dates, words and
data quality come from the same functions as for everybody. Each guilty deal has
an innocent twin with the same surface.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from scanner.simulate import goods
from scanner.simulate.deal import Deal
from scanner.simulate.plan import Plan
from scanner.simulate.world import Firm, World

_USD = {"EUR": 1.1, "USD": 1.0, "TRY": 0.03, "CNY": 0.14, "AED": 0.27, "RUB": 0.011}
"""Rough values, to tell how many pieces a sum buys."""
_DEALS_OF_SCHEME = 1.7
"""Guilty deals of one scheme, in the mean."""
_SECOND_BANK = 0.02
_SECOND_BANK_ABROAD = 0.2
_OF_NEWBORN = 0.03
_WITH_RUSSIA = 0.04
"""Share of everyday business with firms in Russia: most trade with them is no exposure."""
_CURRENCIES = ("EUR", "USD", "TRY", "CNY", "AED", "RUB")


class DealMaker:
    """Makes the deals of a world."""

    def __init__(self, rng: random.Random, world: World, plan: Plan) -> None:
        self._rng = rng
        self._world = world
        self._plan = plan
        self._number = 0
        self.twins: dict[int, Deal] = {}
        """By the number of an innocent deal the guilty one whose twin it is."""
        self.schemes: dict[int, str] = {}
        """By the number of a deal the scheme that it belongs to, with its twins."""

    def deals(self, guilty: "Mapping[str, Make]", innocent: "Mapping[str, Make]") -> Iterator[Deal]:
        """All deals of the period, in no order.

        Args:
            guilty: Makers of guilty typologies with their twins.
            innocent: Makers of look-alikes.
        """
        typologies = {
            code: make
            for code, make in guilty.items()
            if not self._plan.typologies or code in self._plan.typologies
        }
        made = 0
        guilty_deals: Counter[str] = Counter()
        while made < self._plan.payments:
            if typologies and self._rng.random() < self._plan.guilty_share / _DEALS_OF_SCHEME:
                # Those with few deals and schemes so far come first: each gets about as many.
                some = self._rng.sample(sorted(typologies), min(4, len(typologies)))
                code = min(some, key=lambda code: guilty_deals[code])
                batch = typologies[code](self, code)
                guilty_deals[code] += 1 + sum(deal.guilty for deal in batch)
                self._pair(batch)
            elif self._rng.random() < 0.12:
                code = self._rng.choice(sorted(innocent))
                batch = innocent[code](self, code)
            else:
                batch = [self.ordinary()]
            made += len(batch)
            yield from batch

    def _pair(self, batch: list[Deal]) -> None:
        guilty = [deal for deal in batch if deal.guilty]
        self.schemes.update({deal.number: batch[0].reference for deal in batch})
        self.twins.update({deal.number: guilty[0] for deal in batch if guilty and not deal.guilty})

    def deal(self, typology: str, *, guilty: bool, price: float = 1.0, **values: object) -> Deal:
        """A deal with the laws that hold for everybody; values replace some of them.

        Args:
            typology: Its code.
            guilty: Whether it means what must not be.
            price: How many times the usual price of a piece is paid.
            values: Attributes of the deal that the laws do not choose.
        """
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
            documents=self.documents(),
        )
        deal = replace(base, **values)  # type: ignore[arg-type]
        usd = float(deal.amount) * _USD[deal.currency]
        deal = replace(deal, text=goods.pieces(rng, deal.text, usd, price))
        if rng.random() < _SECOND_BANK and deal.debtor.bank is not self._world.home_bank:
            at = deal.debtor.country
            if rng.random() < _SECOND_BANK_ABROAD:
                at = rng.choice(sorted(self._world.banks))
            other = self._world.other_account(rng, deal.debtor, self._world.banks[at])
            deal = replace(deal, debtor=other)
        if rng.random() < 0.25 and deal.intermediary is None:
            deal = replace(deal, intermediary=rng.choice(self._world.banks["DE"]))
        if rng.random() < 0.3 and deal.form == "transfer":
            deal = replace(deal, form="covered")
        return deal

    def ordinary(self) -> Deal:
        """Everyday business."""
        kind = self._rng.choices(("ordinary", "service", "exempt", "priority"), (70, 22, 6, 2))[0]
        creditor = self.somebody(abroad=True)
        if kind != "priority" and self._rng.random() < _WITH_RUSSIA:
            creditor = self._rng.choice(self._world.russian)
        debtor = self._rng.choice(self._world.customers)
        if self._rng.random() < 0.35:
            debtor, creditor = creditor, debtor
        form = self._rng.choices(("transfer", "bank", "credit"), (92, 5, 3))[0]
        day = self.day()
        if form == "transfer" and self._rng.random() < _OF_NEWBORN:
            debtor, creditor = self._rng.choice(self._world.newborn), self.somebody(abroad=True)
            day = self.day_of_life(debtor, 5, 300)
        return self.deal(
            "ordinary",
            guilty=False,
            debtor=debtor,
            creditor=creditor,
            form=form,
            on=day,
            text=self.invoice(goods.words(self._rng, kind)),
        )

    def day(self) -> date:
        """A working day of the period."""
        while True:
            day = self._plan.start + timedelta(days=self._rng.randrange(self._plan.days))
            if day.weekday() < 5:
                return day

    def day_of_life(self, firm: Firm, first: int, last: int) -> date:
        """A working day so soon after a firm was founded, within the period."""
        end = self._plan.start + timedelta(days=self._plan.days - 1)
        earliest = max(firm.incorporated_on + timedelta(days=first), self._plan.start)
        latest = min(firm.incorporated_on + timedelta(days=last), end)
        span = max(1, (latest - earliest).days)
        return working_day(earliest, self._rng.randrange(span))

    def documents(self) -> str:
        """Field 46A of a credit: one law for all."""
        consigned = self._rng.choice(
            ("CONSIGNED TO THE ORDER OF ISSUING BANK", "CONSIGNED TO APPLICANT")
        )
        end_user = self._rng.choice(
            ("", "", f" END USER STATEMENT OF {self.somebody(abroad=True).name}")
        )
        return f"SIGNED COMMERCIAL INVOICE AND BILL OF LADING {consigned}{end_user}"

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
        found = [firm for firm in pool if firm.country in countries] if countries else pool
        return self._rng.choice(found or pool)

    @property
    def rng(self) -> random.Random:
        """The source of all chance."""
        return self._rng

    @property
    def world(self) -> World:
        """Who exists."""
        return self._world


def working_day(day: date, days_later: int) -> date:
    """The day so much later, or the Monday after it: banks settle on no weekend."""
    later = day + timedelta(days=days_later)
    return later + timedelta(days=max(0, 7 - later.weekday()) if later.weekday() >= 5 else 0)


def _uetr(rng: random.Random) -> str:
    value = f"{rng.getrandbits(128):032x}"
    return f"{value[:8]}-{value[8:12]}-4{value[13:16]}-a{value[17:20]}-{value[20:]}"


Make = Callable[[DealMaker, str], list[Deal]]
"""Makes the deals of one typology."""

"""Deals with a listed party, a listed bank, a firm of listed owners, or a disguised name."""

from dataclasses import replace

from scanner.simulate import goods
from scanner.simulate.deal import Deal
from scanner.simulate.deals import DealMaker
from scanner.simulate.world import shortened


def listed_party(m: DealMaker, code: str) -> list[Deal]:
    """A listed party under its name or an alias (T01)."""
    firm = m.rng.choice(m.world.listed)
    name = shortened(firm.name) if m.rng.random() < 0.4 else firm.name
    twin = m.deal(code, guilty=False, creditor=m.somebody(abroad=True, countries=(firm.country,)))
    return [m.deal(code, guilty=True, creditor=firm, creditor_name=name), twin]


def listed_bank(m: DealMaker, code: str) -> list[Deal]:
    """A listed bank in the chain (T02)."""
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


def owned(m: DealMaker, code: str) -> list[Deal]:
    """A payee owned to 50 percent or more by listed firms (T11)."""
    majority = [firm for _, firm, share in m.world.owned if share >= 50]
    minority = [firm for _, firm, share in m.world.owned if share < 50]
    return [
        m.deal(code, guilty=True, creditor=m.rng.choice(majority)),
        m.deal(code, guilty=False, creditor=m.rng.choice(minority)),
    ]


def disguised(m: DealMaker, code: str) -> list[Deal]:
    """A listed name spelled to escape, or put where no party stands (T21)."""
    firm = m.rng.choice(m.world.listed)
    if m.rng.random() < 0.4:
        what = goods.words(m.rng, m.rng.choice(("priority", "ordinary", "service")))
        return [
            m.deal(code, guilty=True, text=f"{what} END USER {firm.name}"),
            m.deal(code, guilty=False, text=f"{what} END USER {m.somebody(abroad=True).name}"),
        ]
    longest = max(firm.name.split(), key=len)
    spaced = firm.name.replace(
        longest,
        f"{longest[:3]} {longest[3:]}" if m.rng.random() < 0.5 else longest.replace("O", "0"),
    )
    other = m.somebody(abroad=True, countries=(firm.country,))
    noise = other.name.replace("I", "L", 1) if m.rng.random() < 0.5 else other.name[:30]
    return [
        m.deal(code, guilty=True, creditor=firm, creditor_name=spaced),
        m.deal(code, guilty=False, creditor=other, creditor_name=noise),
    ]

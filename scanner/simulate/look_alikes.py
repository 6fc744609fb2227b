"""Innocent deals that look guilty at first sight and must stay quiet."""

from decimal import Decimal

from scanner.simulate import goods
from scanner.simulate.deal import Deal
from scanner.simulate.deals import DealMaker

_EXEMPT_TRADE = (
    "FERTILISER UREA IN BULK",
    "GRAIN ELEVATOR STORAGE",
    "MEDICINES FOR HOSPITAL",
    "ELECTRICITY PAYMENT GL 8 ENERGY",
)
_PRIVATE = ("FAMILY SUPPORT", "PENSION", "TUITION FEE", "SALARY TAXI DRIVER", "GIFT TO MOTHER")
_PLACES = (
    "TUITION FEE UNIVERSITY MOSCOW IDAHO",
    "SPARE PARTS BELARUS TRACTOR",
    "ST PETERSBURG FLORIDA HOTEL BOOKING",
    "RUSSIAN LANGUAGE COURSE",
)
_OFFICES = (
    "EMBASSY OFFICE RENT DIPLOMATIC MISSION",
    "HUMANITARIAN AID RED CRESCENT",
    "INTERNET SERVICES TELECOMMUNICATION",
    "AVIATION SAFETY FEES",
)
_AT_HOME = (
    "BALL BEARINGS FOR WASHING MACHINE REPAIR",
    "LED MODULES FOR TOYS",
    "TANTALUM JEWELLERY RINGS",
)


def exempt_trade(m: DealMaker, code: str) -> list[Deal]:
    """Food, medicine and energy with Russia (N1)."""
    what = goods.words(m.rng, "exempt") if m.rng.random() < 0.7 else m.rng.choice(_EXEMPT_TRADE)
    russian, client = m.rng.choice(m.world.russian), m.somebody(abroad=False)
    if m.rng.random() < 0.5:
        russian, client = client, russian
    return [m.deal(code, guilty=False, debtor=client, creditor=russian, text=m.invoice(what))]


def private(m: DealMaker, code: str) -> list[Deal]:
    """Money of families, students and pensioners (N2)."""
    one, two = m.rng.choice(m.world.persons), m.rng.choice(m.world.persons)
    amount = (m.amount() / 50).quantize(Decimal("0.01"))
    text = m.rng.choice(_PRIVATE)
    return [m.deal(code, guilty=False, debtor=one, creditor=two, text=text, amount=amount)]


def namesake(m: DealMaker, code: str) -> list[Deal]:
    """A name that shares a word with a listed firm or with priority goods (N3)."""
    coined = max(m.rng.choice(m.world.listed).name.split(), key=len)
    name = m.rng.choice((f"{coined} RESTAURANT", f"{coined} HOTEL", "BEARING CAPITAL PARTNERS"))
    other = m.somebody(abroad=True, countries=("IT", "ES", "FR"))
    return [m.deal(code, guilty=False, creditor=other, creditor_name=name, text="CATERING INVOICE")]


def goods_at_home(m: DealMaker, code: str) -> list[Deal]:
    """Priority goods within the coalition, or the words for a household (N4)."""
    household = m.rng.random() < 0.3
    what = m.rng.choice(_AT_HOME) if household else goods.words(m.rng, "priority")
    return [
        m.deal(
            code,
            guilty=False,
            debtor=m.somebody(abroad=True, countries=("DE", "FR")),
            creditor=m.somebody(abroad=True, countries=("IT", "NL")),
            text=m.invoice(what),
        )
    ]


def places(m: DealMaker, code: str) -> list[Deal]:
    """Places and things that bear a Russian name elsewhere (N5)."""
    creditor = m.somebody(abroad=True, countries=("US",))
    return [m.deal(code, guilty=False, creditor=creditor, text=m.rng.choice(_PLACES))]


def offices(m: DealMaker, code: str) -> list[Deal]:
    """Embassies, aid, telecommunication and aviation safety in Russia (N6)."""
    russian = m.rng.choice(m.world.russian)
    return [m.deal(code, guilty=False, creditor=russian, text=m.rng.choice(_OFFICES))]

"""What is paid for, in the words that payments use, and what it costs by the piece."""

import math
import random

PRIORITY = (
    "MICROCONTROLLERS STM32F407VGT6 {n} PCS",
    "XC7A100T FPGA {n} PCS",
    "INTEGRATED CIRCUITS HS 854231 {n} PCS",
    "SRAM MEMORY IC HS 8542.32 {n} PCS",
    "CNC MACHINING CENTER SPINDLE",
    "CNC LATHE HS 845811",
    "BALL BEARINGS 6205 {n} PCS HS 848210",
    "TANTALUM CAPACITORS {n} PCS",
    "RF TRANSCEIVER MODULES {n} PCS",
    "OSCILLOSCOPE 4CH",
    "MIKROISLEMCI {n} ADET",
    "RULMAN 6308 {n} ADET",
    "PODSHIPNIKI 6205 {n} SHT",
    "SPECTRUM ANALYZER",
    "OPTICAL SIGHTS",
    "GYRO NAVIGATION UNIT",
)
UNIT_USD = {
    "MICROCONTROLLERS": 9.0,
    "XC7A100T": 140.0,
    "INTEGRATED": 4.0,
    "SRAM": 6.0,
    "BALL": 3.5,
    "TANTALUM": 0.8,
    "RF": 35.0,
    "MIKROISLEMCI": 60.0,
    "RULMAN": 9.0,
    "PODSHIPNIKI": 3.5,
    "WHEAT": 310.0,
    "INSULIN": 20.0,
}
"""A usual price of one piece by the first word; the invoice tells pieces, the message the sum."""
ORDINARY = (
    "COTTON YARN",
    "KNIT FABRIC ROLLS",
    "CERAMIC TILES",
    "OFFICE FURNITURE",
    "PACKAGING FILM",
    "PAINT AND VARNISH",
    "CEMENT CLINKER",
    "MARBLE SLABS",
    "PLASTIC GRANULES",
    "LED LAMPS FOR HOMES",
    "WASHING MACHINE SPARE PARTS",
    "SHOES",
    "CARPETS",
    "GLASSWARE",
    "TEXTILE MACHINE OIL",
)
EXEMPT = (
    "WHEAT FLOUR {n} MT",
    "SUNFLOWER OIL IN BULK",
    "MEDICAL DEVICES STENTS",
    "INSULIN VIALS {n}",
    "FRESH TOMATOES",
    "BARLEY GRAIN",
    "VACCINES COLD CHAIN",
    "INFANT FORMULA",
)
SERVICES = (
    "FREIGHT CHARGES",
    "CONSULTING FEE",
    "OFFICE RENT",
    "SOFTWARE SUBSCRIPTION",
    "TUITION FEE",
    "FAMILY SUPPORT",
    "SALARY",
    "HOTEL BOOKING",
    "INSURANCE PREMIUM",
    "ADVERTISING SERVICES",
    "AGENCY AGREEMENT",
    "SERVICES OF MARKETPLACE",
    "NETTING OF GROUP COMPANIES",
    "PAYMENT ON BEHALF OF GROUP COMPANY",
    "CARGO INSURANCE",
)


FREIGHT = (
    "FREIGHT CHARGES",
    "CARGO INSURANCE",
    "CUSTOMS CLEARANCE",
    "FREIGHT FOR",
)
MACHINE_SERVICE = (
    "MACHINE TOOL SERVICE",
    "COMMISSIONING OF",
    "INSTALLATION OF",
    "CALIBRATION OF",
)
VALUE_ROUTES = (
    "PROMISSORY NOTE",
    "USDT SETTLEMENT",
    "OFFSET AGREEMENT",
    "BULLION SETTLEMENT",
    "MUTUAL SETTLEMENT",
)
HONEST_ROUTES = (
    "GOLD SETTLEMENT LBMA REFINERY",
    "NETTING OF GROUP COMPANIES",
    "BULLION SETTLEMENT JEWELLERY",
    "OFFSET AGREEMENT RETURNED GOODS",
    "PROMISSORY NOTE REDEMPTION",
)
_USUAL_SPREAD = 0.25


def words(rng: random.Random, kind: str) -> str:
    """Words for one good of a kind; `{n}` stands for the number of pieces."""
    options = {"priority": PRIORITY, "ordinary": ORDINARY, "exempt": EXEMPT, "service": SERVICES}
    return rng.choice(options[kind])


def pieces(rng: random.Random, text: str, usd: float, price: float = 1.0) -> str:
    """A text with its number of pieces, so many as the sum buys at about the usual price.

    Args:
        rng: The source of all chance.
        text: Words with or without `{n}`.
        usd: The sum.
        price: How many times the usual price is paid.
    """
    if "{n}" not in text:
        return text
    usual = next((cost for word, cost in UNIT_USD.items() if word in text), 10.0)
    cost = usual * price * math.exp(rng.gauss(0.0, _USUAL_SPREAD))
    return text.replace("{n}", str(max(1, round(usd / cost))))

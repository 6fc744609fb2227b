"""For every indicator a case that must fire (`bad`) and its look-alike that must not (`good`).

Each function adds both to one world, so that neither can lean on an empty table.
"""

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.exposure.world import World

PAIRS: dict[str, Callable[[World], World]] = {}


def pair(code: str) -> Callable[[Callable[[World], World]], Callable[[World], World]]:
    """Register a pair under its indicator."""

    def register(build: Callable[[World], World]) -> Callable[[World], World]:
        PAIRS[code] = build
        return build

    return register


def day(start: str, after: int) -> str:
    """A day counted from another."""
    return (date.fromisoformat(start) + timedelta(days=after)).isoformat()


def hub(world: World, transaction_id: str, **more: Any) -> World:
    """A payment from Germany to Kazakhstan, a corridor that official documents name."""
    return world.pay(transaction_id, **{"debtor_country": "DE", "creditor_country": "KZ", **more})


def before_war(world: World, transaction_id: str, on: str, **facts: Any) -> World:
    """A stored transfer of an earlier run, with its facts."""
    values = {
        "transaction_id": transaction_id,
        "payment_id": f"P-{transaction_id}",
        "value_date": date.fromisoformat(on),
        "kind": "customer_transfer",
        "amount_usd": 10_000.0,
        "debtor_key": "ALDER TRADING|TR",
        "creditor_key": "BIRCH WORKS|DE",
        "debtor_country": "TR",
        "creditor_country": "DE",
        "is_lead": True,
        **facts,
    }
    return world.add("history_transfer_facts", **values)


@pair("RF-01")
def _(w: World) -> World:
    w.entry("OFAC-SDN:1", "BIRCH WORKS").entry("OFAC-SDN:2", "BIRCH WERKS")
    w.pay("bad").hit("bad", "OFAC-SDN:1")
    return w.pay("good").hit("good", "OFAC-SDN:1", is_suppressed=True, suppression="cleared")


@pair("EX-01")
def _(w: World) -> World:
    other = {"eo14024_blocked": False, "section_11_remark": False}
    w.entry("OFAC-SDN:1", "BIRCH WORKS", **other)
    w.entry("OFAC-SDN:2", "BIRCH WORKS", **other, delisted_on=date(2024, 1, 1))
    return w.pay("bad").hit("bad", "OFAC-SDN:1").pay("good").hit("good", "OFAC-SDN:2")


@pair("EX-02")
def _(w: World) -> World:
    w.entry("OFAC-SDN:1", "BIRCH WORKS")
    w.pay("bad").hit("bad", "OFAC-SDN:1", text_kind="remittance_information", match_kind="text")
    return w.pay("good").hit(
        "good", "OFAC-SDN:1", text_kind="remittance_information", match_kind="text", score=0.62
    )


def _ownership_id(key: str) -> str:
    return f"OWNERSHIP:{hashlib.md5(key.encode()).hexdigest()[:16]}"


@pair("RF-02")
def _(w: World) -> World:
    w.owned("a", "BIRCH WORKS", 60.0).owned("b", "BIRCH WORKSHOP", 49.0)
    w.pay("bad").hit("bad", _ownership_id("a"), match_kind="ownership")
    return w.pay("good").hit("good", _ownership_id("b"), match_kind="ownership")


@pair("RF-45")
def _(w: World) -> World:
    w.owned("a", "BIRCH WORKS", 45.0, changed_after_designation=True)
    w.owned("b", "BIRCH WORKS", 20.0, just_below_50=False)
    w.pay("bad").hit("bad", _ownership_id("a"), match_kind="ownership")
    return w.pay("good").hit("good", _ownership_id("b"), match_kind="ownership")


@pair("RF-03")
def _(w: World) -> World:
    w.entry("OFAC-SDN:9", "EXAMPLE BANK").bic("OFAC-SDN:9", "EXBKKGKG")
    w.pay("bad").party("bad", "intermediary_agent_1", None, agent=True, bic="EXBKKGKGXXX")
    return w.pay("good").party("good", "intermediary_agent_1", None, agent=True, bic="EXBLKGKGXXX")


@pair("RF-04")
def _(w: World) -> World:
    listed = {"measure": "export_control", "eo14024_blocked": False, "section_11_remark": False}
    w.entry("US-CSL:1", "BIRCH WORKS", **listed)
    return w.pay("bad").hit("bad", "US-CSL:1").pay("good").hit("good", "US-CSL:1", score=0.6)


@pair("RF-06")
def _(w: World) -> World:
    w.entry("OFAC-SDN:1", "BIRCH WORX")
    return (
        w.pay("bad").hit("bad", "OFAC-SDN:1", score=0.7)
        .pay("good").hit("good", "OFAC-SDN:1", score=0.3)
    )  # fmt: skip


@pair("RF-07")
def _(w: World) -> World:
    w.entry("OFAC-SDN:1", "CEDAR PLANT")
    w.pay("bad").hit("bad", "OFAC-SDN:1", match_kind="address", score=0.9)
    # The listed firm itself, at its own address, is RF-01 and nothing more.
    w.pay("good").hit("good", "OFAC-SDN:1", match_kind="address", score=0.9)
    return w.hit("good", "OFAC-SDN:1", match_kind="name")


@pair("RF-08")
def _(w: World) -> World:
    w.entry("US-CSL:7", "", entry_type="address").entry("OFAC-SDN:1", "CEDAR PLANT")
    w.pay("bad").hit("bad", "US-CSL:7", match_kind="address", score=0.9)
    return w.pay("good").hit("good", "OFAC-SDN:1", match_kind="address", score=0.9)


@pair("EX-03")
def _(w: World) -> World:
    w.pay("bad", creditor_country=None, creditor_address="ULITSA LENINA 1, NOVOSIBIRSK")
    return w.pay("good", creditor_country="US", creditor_address="MAIN STREET 1, MOSCOW, IDAHO")


@pair("RF-10")
def _(w: World) -> World:
    return w.pay("bad", creditor="FGUP ZVEZDA").pay("good", creditor="FGURA PLASTICS")


@pair("RF-11")
def _(w: World) -> World:
    w.pay("bad", text="SPECIAL PURPOSE PROJECTS EQUIPMENT, FSB LICENCE 12")
    return w.pay("good", text="SPECIAL OFFER PROJECTOR")


@pair("RF-12")
def _(w: World) -> World:
    w.pay("bad", creditor_country="RU", text="XC7K325T FPGA INV 12")
    return w.pay("good", debtor_country="IT", creditor_country="DE", text="BALL BEARINGS INV 12")


@pair("RF-13")
def _(w: World) -> World:
    hub(w, "bad", text="BALL BEARINGS 6205-2RS")
    return hub(w, "good", text="BALL BEARINGS FOR WASHING MACHINES")


@pair("RF-14")
def _(w: World) -> World:
    for who, since in (("bad", date(2023, 5, 1)), ("good", date(2009, 5, 1))):
        w.add(
            "customers", customer_id=who, account=f"ACC{who}", country="TR", incorporated_on=since
        )
        w.pay(who, text="MICROCONTROLLERS 500 PCS", debtor_account=f"ACC{who}")
    return w


@pair("EX-05")
def _(w: World) -> World:
    for who, since in (("bad", date(2024, 8, 1)), ("good", date(2019, 8, 1))):
        w.add(
            "customers", customer_id=who, account=f"ACC{who}", country="KZ", incorporated_on=since
        )
        hub(w, who, creditor_account=f"ACC{who}")
    return w


@pair("RF-16")
def _(w: World) -> World:
    before_war(w, "h1", "2021-03-01")
    before_war(w, "h2", "2021-03-01", debtor_key="OLD MAKER|TR", chpl_tier="1")
    w.pay("bad", text="MICROCONTROLLERS 500 PCS")
    return w.pay("good", debtor="Old Maker", text="MICROCONTROLLERS 500 PCS")


@pair("RF-17")
def _(w: World) -> World:
    before_war(w, "h1", "2021-03-01", chpl_tier="1")
    before_war(w, "h2", "2021-03-01", debtor_key="OLD MAKER|TR", chpl_tier="1", amount_usd=90e3)
    w.pay("bad", usd=60_000, text="MICROCONTROLLERS 500 PCS")
    return w.pay("good", usd=60_000, debtor="Old Maker", text="MICROCONTROLLERS 500 PCS")


@pair("RF-18")
def _(w: World) -> World:
    before_war(w, "h1", "2021-03-01", debtor_key="OLD MAKER|TR")
    w.pay("bad", text="MICROCONTROLLERS 500 PCS")
    return w.pay("good", debtor="Old Maker", text="MICROCONTROLLERS 500 PCS")


@pair("RF-19")
def _(w: World) -> World:
    for who, industry in (("bad", "Textiles, wholesale"), ("good", "Electronic components")):
        w.add("customers", customer_id=who, account=f"ACC{who}", country="TR", industry=industry)
        w.pay(who, text="MICROCONTROLLERS 500 PCS", debtor_account=f"ACC{who}")
    return w


@pair("RF-22")
def _(w: World) -> World:
    return hub(hub(w, "bad", text="SPARE PARTS AS PER CONTRACT"), "good", text="OFFICE RENT MAY")


@pair("RF-23")
def _(w: World) -> World:
    w.pay("bad").party("bad", "ultimate_debtor", "Volga Buyer", country="KZ")
    return w.pay("good").party("good", "ultimate_debtor", "Alder Group", country="TR")


@pair("RF-25")
def _(w: World) -> World:
    w.pay("bad", debtor_country="KZ", debtor_agent_bic="EXAMAEAD")
    return w.pay("good", debtor_country="DE", debtor_agent_bic="EXAMFRPP")


@pair("RF-26")
def _(w: World) -> World:
    for number in range(3):
        for payer in ("ALDER TRADING|DE", "STEADY|DE"):
            before_war(
                w,
                f"h{number}{payer[0]}",
                day("2024-01-01", number),
                debtor_key=payer,
                has_russia_nexus=True,
            )
    # The twin still pays the partner in the hub that it always paid.
    before_war(w, "hx", "2023-05-01", debtor_key="STEADY|DE", creditor_key="BIRCH WORKS|KZ")
    return hub(hub(w, "bad"), "good", debtor="Steady")


@pair("RF-27")
def _(w: World) -> World:
    for number in range(2):
        before_war(
            w,
            f"h{number}",
            day("2024-06-01", number),
            debtor_key="MOSKVA BUYER|RU",
            debtor_country="RU",
            has_russia_nexus=True,
        )
    w.pay("bad", debtor_country="KZ")
    return w.pay("good", debtor_country="FR")


@pair("RF-28")
def _(w: World) -> World:
    for who, why in (("bad", "customer"), ("good", "address_format")):
        hub(w, who)
        w.pay(
            f"{who}-x", kind="cancellation", payment_id=f"P-{who}", is_counted=False,
            reason_class=why,
        )  # fmt: skip
    return w


@pair("RF-29")
def _(w: World) -> World:
    for number in range(3):
        w.pay(
            f"b{number}", on=day("2024-08-10", number), creditor=f"Supplier {number}",
            text="MICROCONTROLLERS 500 PCS",
        )  # fmt: skip
        w.pay(
            f"g{number}", on=day("2024-08-10", number), debtor="One Source",
            text="MICROCONTROLLERS 500 PCS",
        )  # fmt: skip
    w.pay("bad", text="MICROCONTROLLERS 500 PCS")
    return w.pay("good", debtor="One Source", text="MICROCONTROLLERS 500 PCS")


@pair("RF-30")
def _(w: World) -> World:
    for number, name in enumerate(("Ash Trade", "Elm Import", "Yew Parts")):
        w.pay(f"b{number}", on="2024-08-01", debtor=name, debtor_account="TR01")
        w.pay(f"g{number}", on="2024-08-01", debtor="Oak", debtor_account="TR02")
    w.pay("bad", debtor="Fir Supply", debtor_account="TR01")
    return w.pay("good", debtor="Oak", debtor_account="TR02")


@pair("RF-32")
def _(w: World) -> World:
    consigned = "BILL OF LADING CONSIGNED TO THE ISSUING BANK"
    w.pay("bad", kind="letter_of_credit", texts=[("documents_required", consigned)])
    return w.pay(
        "good",
        kind="letter_of_credit",
        texts=[("documents_required", f"{consigned}, END USER CEDAR HOSPITAL")],
    )


@pair("RF-33")
def _(w: World) -> World:
    w.pay("bad", creditor="Blue Logistics", text="MICROCONTROLLERS 500 PCS")
    return w.pay("good", creditor="Blue Logistics", text="FREIGHT CHARGES AUGUST")


@pair("RF-35")
def _(w: World) -> World:
    return hub(w, "bad").pay("good", debtor_country="KZ", creditor_country="KZ")


@pair("RF-37")
def _(w: World) -> World:
    hub(w, "bad", creditor_address="ABAY 1, ALMATY, TRADER@GMAIL.COM")
    return hub(w, "good", creditor_address="ABAY 1, ALMATY, SALES@BIRCHWORKS.EXAMPLE")


@pair("RF-38")
def _(w: World) -> World:
    hub(w, "bad", creditor_address="ABAY 1, ALMATY, TEL +7 495 123 45 67")
    return hub(w, "good", creditor_address="ABAY 1, ALMATY, TEL +7 727 123 45 67")


@pair("RF-40")
def _(w: World) -> World:
    w.pay("bad", text="DELIVERY TO MILITARY UNIT 12345")
    return w.pay("good", text="TOY MISSILE GAMES")


@pair("RF-44")
def _(w: World) -> World:
    for number in range(2):
        before_war(
            w, f"h{number}", day("2024-05-01", number), creditor_key="BIRCH WORKS|KZ",
            creditor_country="KZ", has_russia_nexus=True,
        )  # fmt: skip
    return hub(hub(w, "bad"), "good", creditor="Rowan Works")


@pair("RF-46")
def _(w: World) -> World:
    before_war(w, "h1", "2020-03-01", chpl_tier="1", debtor_country="TR", creditor_country="DE")
    before_war(
        w, "h2", "2020-03-01", chpl_tier="1", debtor_country="KZ", creditor_country="DE",
        amount_usd=400e3,
    )  # fmt: skip
    w.pay("bad", usd=60_000, text="MICROCONTROLLERS 500 PCS")
    return w.pay("good", usd=60_000, debtor_country="KZ", text="MICROCONTROLLERS 500 PCS")


@pair("EV-01")
def _(w: World) -> World:
    for who, name in (("bad", "Cedar Holding"), ("good", "Alder Tradi")):
        w.pay(who)
        w.pay(f"{who}-c", kind="cover", payment_id=f"P-{who}", debtor=name)
    return w


@pair("EV-02")
def _(w: World) -> World:
    w.pay("bad", kind="bank_transfer", payment_id="P-1").pay("b2", payment_id="P-1")
    return w.pay("good", kind="bank_transfer", text="NOSTRO FUNDING")


@pair("EV-03")
def _(w: World) -> World:
    return w.pay("bad", debtor="ONE OF OUR CUSTOMERS").pay("good", debtor="Customer Care Systems")


@pair("EV-04")
def _(w: World) -> World:
    w.pay("bad", text="PLEASE DO NOT MENTION THE BUYER")
    return w.pay("good", text="PLEASE MENTION INVOICE NUMBER")


@pair("EV-05")
def _(w: World) -> World:
    w.pay("bad", text="GOODS FOR R.U.S.S.I.A")
    return w.pay("good", text="GOODS FOR A.B.C.D TRADING")


def _refused(w: World, who: str, reason: str, **again: Any) -> None:
    deal: dict[str, Any] = {
        "debtor": f"{who} Trading House",
        "creditor": f"{who} Works Plant",
        "creditor_account": f"ACC-{who}",
        "receiver_bic": "TESTAEAD",
    }
    w.pay(f"{who}-0", **{"on": "2024-08-01", **deal})
    w.pay(
        f"{who}-r", on="2024-08-02", kind="reject", payment_id=f"P-{who}-0", is_counted=False,
        reason_class=reason,
    )  # fmt: skip
    w.pay(who, **{"on": "2024-08-09", **deal, **again})


@pair("EV-06")
def _(w: World) -> World:
    _refused(w, "bad", "compliance", creditor_agent_bic="OTHRAEAD")
    _refused(w, "good", "address_format", creditor_agent_bic="OTHRAEAD")
    return w


@pair("EV-07")
def _(w: World) -> World:
    _refused(w, "bad", "unclear", creditor="bad Works")
    # A repair that adds what was missing removes nothing.
    _refused(w, "good", "unclear", creditor="good Works Plant Limited")
    return w


@pair("EV-08")
def _(w: World) -> World:
    w.pay("bad", text="MEDICAL EQUIPMENT; XC7K325T")
    return w.pay("good", text="MEDICAL EQUIPMENT; SYRINGES")


@pair("EV-09")
def _(w: World) -> World:
    for who, again in (("bad", None), ("good", "Volga Buyer")):
        banks: dict[str, Any] = {"sender_bic": "FRSTDEFF", "receiver_bic": "SCNDFRPP"}
        w.pay(f"{who}-in", text="INV 1", payment_id=f"P-{who}", **banks)
        w.party(f"{who}-in", "ultimate_debtor", "Volga Buyer")
        w.pay(who, text="INV 1", payment_id=f"P-{who}", sender_bic="SCNDFRPP")
        if again:
            w.party(who, "ultimate_debtor", again)
    return w


@pair("HX-01")
def _(w: World) -> World:
    for number in range(5):
        hub(w, f"x{number}", on=day("2024-08-01", number), creditor="Rowan Works")
    return hub(hub(w, "bad"), "good", creditor="Rowan Works")


@pair("HX-02")
def _(w: World) -> World:
    for number in range(5):
        w.pay(f"x{number}", on=day("2024-08-01", number), debtor_country="DE")
        hub(w, f"y{number}", on=day("2024-08-01", number), debtor="Used To It")
    return hub(hub(w, "bad"), "good", debtor="Used To It")


@pair("HX-03")
def _(w: World) -> World:
    for number in range(3):
        w.pay(f"x{number}", on=day("2024-01-01", number), usd=5_000)
        w.pay(f"y{number}", on=day("2024-08-01", number), usd=5_000, debtor="Always There")
    return w.pay("bad", usd=50_000).pay("good", usd=50_000, debtor="Always There")


@pair("HX-04")
def _(w: World) -> World:
    for number in range(8):
        w.pay(f"x{number}", on=day("2024-01-01", 30 * number), usd=5_000)
        w.pay(f"y{number}", on=day("2024-01-01", 30 * number), usd=60_000, debtor="Big Already")
    return w.pay("bad", usd=60_000).pay("good", usd=60_000, debtor="Big Already")


@pair("HX-05")
def _(w: World) -> World:
    _refused(w, "bad", "compliance", currency="CNY")
    _refused(w, "good", "technical", currency="CNY")
    return w


@pair("NX-01")
def _(w: World) -> World:
    w.entry("OFAC-SDN:1", "BIRCH WORKS")
    w.pay("x", on="2024-08-01", creditor_account="ACC1").hit("x", "OFAC-SDN:1")
    w.pay("bad", creditor="Rowan Works", creditor_account="ACC1")
    return w.pay("good", creditor="Rowan Works", creditor_account="ACC2")


@pair("NX-02")
def _(w: World) -> World:
    for number in range(3):
        hub(w, f"x{number}", on=day("2024-08-01", number), debtor=f"Payer {number}")
        w.party(f"x{number}", "ultimate_debtor", "Volga Buyer")
        hub(w, f"y{number}", on=day("2024-08-01", number), debtor="Group Treasury")
        w.party(f"y{number}", "ultimate_debtor", "Group Plant")
    hub(w, "bad", debtor="Payer 9").party("bad", "ultimate_debtor", "Volga Buyer")
    return hub(w, "good", debtor="Group Treasury").party("good", "ultimate_debtor", "Group Plant")


@pair("NX-03")
def _(w: World) -> World:
    before_war(w, "h1", "2024-06-01", has_listed_party=True)
    w.pay("bad", creditor="Rowan Works")
    return w.pay("good", debtor="Nobody Near", creditor="Rowan Works")


@pair("NX-04")
def _(w: World) -> World:
    for number, on in enumerate(("2024-07-01", "2024-08-01", "2024-08-31")):
        for agent, share in (("Agent", 0.95), ("Maker", 0.3)):
            bad = agent == "Agent"
            w.pay(
                f"{agent}-in-{number}", on=on, usd=100_000, debtor="Payer",
                debtor_country="KG", creditor=agent, creditor_country="DE",
            )  # fmt: skip
            last = ("bad" if bad else "good") if number == 2 else f"{agent}-out-{number}"
            hub(w, last, on=day(on, 2), usd=100_000 * share, debtor=agent)
    return w


@pair("NX-05")
def _(w: World) -> World:
    hub(w, "bad").party("bad", "creditor_agent", "Small Valley Bank", agent=True, country="KG")
    return hub(w, "good").party("good", "creditor_agent", None, agent=True, bic="VALLKZKA")


@pair("NX-06")
def _(w: World) -> World:
    for number in range(2):
        w.pay(f"x{number}", on=day("2024-08-28", number), usd=9_900, text="MOSFET 100 PCS")
        w.pay(
            f"y{number}", on=day("2024-08-28", number), usd=20_000 * (number + 1),
            debtor="Uneven", text="MOSFET 100 PCS",
        )  # fmt: skip
    w.pay("bad", usd=9_800, text="MOSFET 100 PCS")
    return w.pay("good", usd=9_800, debtor="Uneven", text="MOSFET 100 PCS")

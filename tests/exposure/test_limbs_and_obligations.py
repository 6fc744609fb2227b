"""The two limbs with their dates, the hard rules above the model, and the exceptions below it."""

from datetime import date

import pytest

from tests.exposure.pairs import PAIRS
from tests.exposure.world import World


def listed(on: str | None, **entry: object) -> World:
    world = World().entry("OFAC-SDN:1", "BIRCH WORKS", **entry)
    return world.pay("t", on=on).hit("t", "OFAC-SDN:1")


@pytest.mark.parametrize(
    ("on", "limbs"),
    [
        ("2023-12-21", ("none", "none")),
        ("2023-12-22", ("possible", "none")),
        ("2024-06-11", ("possible", "none")),
        ("2024-06-12", ("possible", "certain")),
    ],
)
def test_a_blocked_party_by_the_dates_of_the_order(on: str, limbs: tuple[str, str]) -> None:
    assessed = listed(on).assessed()
    assert assessed.limbs("t") == limbs
    assert "RF-01" in assessed.found("t")
    assert assessed.obligations("t") == {"RF-01": "escalate"}


def test_the_persons_limb_is_certain_only_where_the_sector_is_stated() -> None:
    stated = listed("2024-09-02", designation_basis="aerospace sector of the Russian economy")
    assert stated.assessed().limbs("t") == ("certain", "certain")
    other = listed("2024-09-02", designation_basis="financial services sector")
    assert other.assessed().limbs("t") == ("possible", "certain")


def test_a_party_of_another_program_obliges_but_touches_no_limb() -> None:
    world = listed("2024-09-02", eo14024_blocked=False, section_11_remark=False)
    assessed = world.assessed()
    assert assessed.obligations("t") == {"EX-01": "escalate"}
    assert assessed.limbs("t") == ("none", "none")


def test_a_party_listed_after_the_payment_is_reviewed_not_escalated() -> None:
    world = World().entry("OFAC-SDN:1", "BIRCH WORKS", listed_on=date(2025, 1, 15))
    world.pay("t").hit("t", "OFAC-SDN:1", known_on_payment_date=False)
    assessed = world.assessed()
    assert assessed.obligations("t") == {"RF-01": "review"}
    assert assessed.limbs("t") == ("possible", "possible")


def test_a_name_below_the_threshold_obliges_nothing() -> None:
    world = World().entry("OFAC-SDN:1", "BIRCH WORKS").pay("t").hit("t", "OFAC-SDN:1", score=0.84)
    assert world.assessed().obligations("t") == {}


def test_a_suppressed_hit_obliges_nothing_and_a_delisted_entry_neither() -> None:
    world = (
        World()
        .entry("OFAC-SDN:1", "BIRCH WORKS")
        .entry("OFAC-SDN:2", "BIRCH WORKS", delisted_on=date(2024, 1, 1))
    )
    world.pay("s").hit("s", "OFAC-SDN:1", is_suppressed=True)
    world.pay("d").hit("d", "OFAC-SDN:2")
    assessed = world.assessed()
    assert assessed.obligations("s") == {}
    assert assessed.obligations("d") == {}
    assert assessed.limbs("d") == ("none", "none")


def test_a_listed_name_in_text_is_a_review_and_a_possible_limb() -> None:
    world = World().entry("OFAC-SDN:1", "CEDAR PLANT").pay("t", text="FOR CEDAR PLANT")
    world.hit(
        "t", "OFAC-SDN:1", text_kind="remittance_information", match_kind="text", field_path="70"
    )
    assessed = world.assessed()
    assert assessed.obligations("t") == {"EX-02": "review"}
    assert assessed.limbs("t") == ("possible", "possible")


@pytest.mark.parametrize("measure", ["blocking", "correspondent_account"])
def test_a_listed_bank_in_the_chain_obliges_by_eight_characters(measure: str) -> None:
    world = World().entry(
        "OFAC-SDN:9", "EXAMPLE BANK", measure=measure, section_11_remark=False,
        eo14024_blocked=measure == "blocking",
    )  # fmt: skip
    world.bic("OFAC-SDN:9", "EXBKKGKG")
    world.pay("t").party("t", "intermediary_agent_1", None, agent=True, bic="EXBKKGKG123")
    world.pay("sender", sender_bic="EXBKKGKGXXX")
    assessed = world.assessed()
    assert assessed.obligations("t") == {"RF-03": "escalate"}
    assert assessed.obligations("sender") == {"RF-03": "escalate"}


def test_a_menu_based_listing_is_a_review() -> None:
    world = listed(
        "2024-09-02", measure="menu_based", eo14024_blocked=False, section_11_remark=False
    )
    assert world.assessed().obligations("t") == {"EX-01": "review"}


def test_an_owned_firm_obliges_from_fifty_percent() -> None:
    assessed = PAIRS["RF-02"](World()).assessed()
    assert assessed.obligations("bad") == {"RF-02": "escalate"}
    assert assessed.obligations("good") == {}
    assert assessed.limbs("bad")[1] == "certain"


@pytest.mark.parametrize(
    ("eo14024_percent", "limbs"),
    [
        (0.0, ("none", "none")),
        (49.99, ("none", "none")),
        (50.0, ("possible", "certain")),
        (60.0, ("possible", "certain")),
    ],
)
def test_an_owned_firm_touches_the_limbs_by_the_share_of_eo_14024_owners(
    eo14024_percent: float, limbs: tuple[str, str]
) -> None:
    world = World().owned("a", "BIRCH WORKS", 60.0, eo14024_percent=eo14024_percent)
    world.pay("t").hit(
        "t", "OWNERSHIP:0cc175b9c0f1b6a8", match_kind="ownership", entry_name="BIRCH WORKS"
    )
    assessed = world.assessed()
    assert assessed.limbs("t") == limbs
    assert assessed.obligations("t") == {"RF-02": "escalate"}


def test_a_share_counts_on_the_value_date() -> None:
    world = World().owned("a", "BIRCH WORKS", 60.0, valid_to=date(2024, 1, 1))
    world.pay("t").hit(
        "t", "OWNERSHIP:0cc175b9c0f1b6a8", match_kind="ownership", entry_name="BIRCH WORKS"
    )
    assert world.assessed().obligations("t") == {}


def test_determined_items_sent_to_russia_are_certain_and_priority_goods_possible() -> None:
    world = World()
    world.pay("items", creditor_country="RU", text="BALL BEARINGS 6205-2RS 400 PCS")
    world.pay("priority", creditor_country="RU", text="XC7K325T FPGA")
    world.pay("early", on="2023-12-21", creditor_country="RU", text="BALL BEARINGS 6205-2RS")
    world.pay("inside", debtor_country="IT", creditor_country="DE", text="BALL BEARINGS 6205-2RS")
    assessed = world.assessed()
    assert assessed.limbs("items") == ("none", "certain")
    assert assessed.limbs("priority") == ("none", "possible")
    assert assessed.limbs("early") == ("none", "none")
    assert "RF-13" in assessed.found("early")
    assert assessed.limbs("inside") == ("none", "none")
    assert assessed.found("inside") == {}


def test_every_transaction_has_its_limbs_even_without_a_date() -> None:
    world = listed(None).pay("nothing", on=None)
    assessed = world.assessed()
    assert assessed.limbs("nothing") == ("none", "none")
    assert assessed.limbs("t")[0] == "possible"


@pytest.mark.parametrize(
    ("text", "on", "codes"),
    [
        ("WHEAT FLOUR 50 KG BAGS", "2024-09-02", {"GL-6"}),
        ("INSULIN AND VACCINES", "2024-09-02", {"GL-6"}),
        ("WHEAT FLOUR", "2022-03-01", set()),
        ("PAYMENT FOR NATURAL GAS", "2025-03-12", {"GL-8"}),
        ("PAYMENT FOR NATURAL GAS", "2025-03-13", set()),
        ("MEDICAL EQUIPMENT WITH XC7K325T", "2024-09-02", set()),
        ("OFFICE CHAIRS", "2024-09-02", set()),
    ],
)
def test_exceptions_hold_between_their_dates_only(text: str, on: str, codes: set[str]) -> None:
    world = World().pay("t", on=on, creditor_country="RU", text=text)
    assert world.assessed().exceptions("t") == codes


def test_an_exception_without_anything_to_except_is_not_noted() -> None:
    world = World().pay("t", debtor_country="IT", creditor_country="DE", text="WHEAT FLOUR")
    assert world.assessed().exceptions("t") == set()

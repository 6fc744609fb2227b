"""Evasion of controls beyond the pairs: accounts that differ, repairs, banks in text, claims."""

from datetime import date

import pytest

from tests.exposure.world import World


@pytest.mark.parametrize(
    ("account", "fires"),
    [
        ("KZ11 DEF 2", True),
        ("DE89 3704 0044 0532 0130 00", False),
        ("0532013000", False),
        (None, False),
    ],
)
def test_a_cover_with_another_account_of_the_same_name(account: str | None, fires: bool) -> None:
    world = World().pay("t", creditor_account="DE89370400440532013000")
    world.pay("c", kind="cover", payment_id="P-t", creditor_account=account)
    assert ("EV-01" in world.assessed().found("t")) is fires


def refused(reason_class: str) -> World:
    world = World()
    first = {"creditor": "Pine Works", "creditor_account": "PA1", "payment_id": "P-first"}
    world.pay("first", on="2026-11-20", creditor_country="KZ", **first)  # type: ignore[arg-type]
    return world.pay(
        "reject",
        on="2026-11-20",
        kind="reject",
        payment_id="P-first",
        is_counted=False,
        reason_class=reason_class,
        message={"created_on": date(2026, 11, 20)},
    )


@pytest.mark.parametrize(
    ("reason_class", "creditor", "country", "fires"),
    [
        ("address_format", "Pine Works", None, True),
        ("address_format", "Pine", "KZ", False),
        ("address_format", "Pine Works", "KZ", False),
        ("compliance", "Pine", "KZ", True),
        ("compliance", "Pine Works Limited", "KZ", False),
    ],
)
def test_what_a_repair_may_do_and_what_not(
    reason_class: str, creditor: str, country: str | None, fires: bool
) -> None:
    world = refused(reason_class)
    world.pay(
        "again",
        on="2026-11-22",
        creditor=creditor,
        creditor_country=country,
        creditor_account="PA1",
    )
    assert ("EV-07" in world.assessed().found("again")) is fires


@pytest.mark.parametrize(
    ("on", "more", "fires"),
    [
        ("2026-11-25", {"currency": "AED"}, True),
        ("2026-11-25", {"message_type": "pacs.008"}, True),
        ("2026-11-25", {"debtor": "Oak Ltd"}, True),
        ("2026-11-25", {}, False),
        ("2026-12-25", {"currency": "AED"}, False),
    ],
)
def test_a_refused_payment_that_comes_again(on: str, more: dict[str, str], fires: bool) -> None:
    world = refused("compliance")
    world.pay(
        "again", on=on, creditor="Pine Works", creditor_country="KZ", creditor_account="PA1",
        **more,  # type: ignore[arg-type]
    )  # fmt: skip
    assert ("EV-06" in world.assessed().found("again")) is fires


@pytest.mark.parametrize(
    ("words", "fires"),
    [
        ("FOR FURTHER CREDIT TO EXAMRUMM ACC 40817", True),
        ("FFC EXAMRUMM", True),
        ("FOR FURTHER CREDIT TO CUSTOMER OF BANK", False),
        ("WE CREDIT TO BENEFICIARY LATER", False),
    ],
)
def test_a_bank_behind_the_respondent_named_by_its_code_alone(words: str, fires: bool) -> None:
    world = World().pay("t", creditor_country="KZ", texts=[("bank_to_bank_information", words)])
    assert ("NX-05" in world.assessed().found("t")) is fires


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        ("HUMANITARIAN CARGO, XC7K325T 20 PCS", True),
        ("MEDICAL AID XC7K325T", True),
        ("HUMANITARIAN CARGO, BLANKETS", False),
        ("XC7K325T FOR THE HUMANITARIAN UNIVERSITY", False),
    ],
)
def test_an_exemption_claimed_beside_priority_goods(text: str, fires: bool) -> None:
    world = World().pay("t", creditor_country="KG", text=text)
    assert ("EV-08" in world.assessed().found("t")) is fires


@pytest.mark.parametrize(
    ("parts", "creditor", "fires"),
    [
        ((20_000, 30_000), "Pine Works", True),
        ((10_000, 15_000, 25_200), "Pine Works", True),
        ((20_000, 35_000), "Pine Works", False),
        ((20_000, 30_000), "Ash Works", False),
    ],
)
def test_a_refused_sum_that_comes_again_in_parts(
    parts: tuple[int, ...], creditor: str, fires: bool
) -> None:
    world = refused("compliance")
    for number, usd in enumerate(parts):
        world.pay(
            f"part{number}",
            on=f"2026-11-{21 + number}",
            usd=usd,
            creditor=creditor,
            creditor_country="KZ",
            creditor_account="PA1" if creditor == "Pine Works" else "PA2",
        )
    assessed = world.assessed()
    assert ("EV-06" in assessed.found(f"part{len(parts) - 1}")) is fires
    assert "EV-06" not in assessed.found("part0")


def test_a_bank_that_the_second_message_does_not_name_is_no_other_bank() -> None:
    for bank, fires in ((None, False), ("TESTKZ22", False), ("OTHRKZ22", True)):
        world = World()
        same = {"creditor": "Pine Works", "creditor_account": "PA1", "receiver_bic": "TESTKZ22XXX"}
        world.pay("first", on="2026-11-20", creditor_agent_bic="TESTKZ22XXX", **same)  # type: ignore[arg-type]
        world.pay(
            "reject", on="2026-11-20", kind="reject", payment_id="P-first", is_counted=False,
            reason_class="compliance", message={"created_on": date(2026, 11, 20)},
        )  # fmt: skip
        world.pay("again", on="2026-11-22", creditor_agent_bic=bank, **same)  # type: ignore[arg-type]
        assert ("EV-06" in world.assessed().found("again")) is fires, bank


@pytest.mark.parametrize(
    ("name", "country", "source", "fires"),
    [
        ("Birch Works", "DE", "structured", False),
        (None, None, None, True),
        ("Birch Works", "KG", "structured", True),
        # What an account's number says of its bank's country is no other address.
        ("Birch Works", "KG", "iban", False),
    ],
)
def test_a_cover_that_leaves_a_name_out_or_moves_it_to_another_country(
    name: str | None, country: str | None, source: str | None, fires: bool
) -> None:
    world = World().pay("t")
    world.rows["parties"][-1]["country_source"] = "structured"
    world.pay("c", kind="cover", payment_id="P-t", creditor=name, creditor_country=country)  # type: ignore[arg-type]
    world.rows["parties"][-1]["country_source"] = source
    assert ("EV-01" in world.assessed().found("c")) is fires

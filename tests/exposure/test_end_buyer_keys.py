"""The name of an end buyer in the text ends where the invoice's number begins."""

import pytest

from tests.exposure.world import World


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("CONSIGNEE KAYIN SUPPLY INVOICE 4711", "CONSIGNEE KAYIN SUPPLY INVOICE 8822"),
        ("CONSIGNEE KAYIN SUPPLY CONTRACT 1", "INV 5 BOLTS CONSIGNEE KAYIN SUPPLY"),
        ("CONSIGNEE KAYIN SUP\nPLY INVOICE 4711", "CONSIGNEE KAYIN SUPPLY"),
        ("END USER: KAYIN SUPPLY", "END USER KAYIN SUPPLY AGREEMENT 7"),
    ],
)
def test_payments_of_one_end_buyer_have_one_key(one: str, two: str) -> None:
    w = World()
    w.pay("one", texts=[("remittance_information", one)])
    w.pay("two", texts=[("remittance_information", two)])
    w.pay("other", texts=[("remittance_information", "CONSIGNEE CINAR SUPPLY INVOICE 4711")])
    found = w.assessed().warehouse.rows("SELECT transaction_id, end_buyer_key FROM transfer_facts")
    keys = dict(found)
    assert keys["one"] == keys["two"]
    assert keys["one"] != keys["other"]

"""Trade statistics as a baseline, and the signal reader."""

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.errors import UsageError
from scanner.exposure import assess, signals_in
from scanner.exposure.trade import read_trade_csv
from tests.exposure.world import Assessed, World

HEADER = "reporter,partner,hs_code,month,value_usd\n"


def trade_file(folder: Path, rows: str, header: str = HEADER) -> Path:
    path = folder / "trade.csv"
    path.write_text(header + rows, encoding="utf-8")
    return path


def test_trade_statistics_make_a_corridor_surge(tmp_path: Path) -> None:
    rows = [f"DE,KZ,85423100,{year}-{m:02},1000" for year in (2020, 2021) for m in range(1, 13)]
    rows += [f"DE,KZ,85423100,2024-{m:02},6000" for m in range(1, 9)]
    rows += [f"DE,AM,85423100,{y}-{m:02},1000" for y in (2020, 2021, 2024) for m in range(1, 9)]
    rows += [f"DE,AM,100199,2024-{m:02},90000" for m in range(1, 9)]
    trade = read_trade_csv(trade_file(tmp_path, "\n".join(rows)))
    world = World()
    for country in ("KZ", "AM"):
        world.pay(
            country, debtor_country=country, creditor_country="DE", text="MICROCONTROLLERS 500 PCS"
        )
    warehouse = world.warehouse()
    warehouse.load("trade_baselines", trade)
    assess(warehouse)
    assessed = Assessed(warehouse)
    evidence = assessed.found("KZ")["RF-46"]
    assert evidence["by"] == "trade statistics"
    assert evidence["factor"] == pytest.approx(48_000 / 11_520, rel=1e-4)
    assert "RF-46" not in assessed.found("AM")


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        ("DEU,KZ,854231,2024-01,5", "line 2: reporter"),
        ("DE,KZ,8542,2024-01,5", "line 2: hs_code"),
        ("DE,KZ,854231,2024-13,5", "line 2: month"),
        ("DE,KZ,854231,2024-01,many", "line 2: value_usd"),
    ],
)
def test_a_bad_trade_row_is_named_and_nothing_is_used(
    tmp_path: Path, rows: str, named: str
) -> None:
    with pytest.raises(UsageError) as caught:
        read_trade_csv(trade_file(tmp_path, rows))
    assert named in caught.value.where


def test_a_trade_file_without_a_column_or_that_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="lacks the column hs_code"):
        read_trade_csv(trade_file(tmp_path, "", "reporter,partner,month,value_usd\n"))
    path = tmp_path / "binary.csv"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="cannot be read"):
        read_trade_csv(path)


@pytest.mark.parametrize(
    ("text", "signals"),
    [
        ("GOODS IN TRANSIT TO RUSSIA", {"transit", "russia_place"}),
        ("CPT NOVOROSSIYSK PORT", {"transit", "russia_port"}),
        ("MOSCOW, IDAHO", set()),
        ("RUSSIA HOUSE RESTAURANT", set()),
        ("BELARUS TRACTOR", set()),
        ("SEVASTOPOL", {"occupied_place"}),
        ("INN 7707083893", {"tax_id"}),
        ("INN 7707083894", set()),
        ("OGRN 1027700132195", {"registration_id"}),
        ("TEL +7 495 1234567", {"phone"}),
        ("TEL +7 701 1234567", set()),
        ("TEL +375 17 1234567", {"phone"}),
        ("ACC 40702810400000012345", {"rouble_account"}),
        ("BIK 044525225", {"bank_code"}),
        ("/ACC/EXAMRUMM", {"bank_in_text"}),
        ("FURTHER CREDIT TO BANK EXAMKG22", {"further_credit", "bank_in_text"}),
        ("DOCUMENT PAYMENTS", set()),
        ("DO NOT QUOTE THE NAME", {"hide"}),
        ("ISIM BELIRTMEYINIZ", {"hide"}),
        ("НЕ УПОМИНАТЬ", {"hide"}),
        ("WHEAT FLOUR", {"exempt_trade"}),
        ("SPFS", {"spfs"}),
    ],
)
def test_signals_of_a_text(text: str, signals: set[str]) -> None:
    assert {one.signal for one in signals_in(text)} == signals


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("SRAM 200 PCS IN TRANSIT TO RU INVOICE 716", {"RU"}),
        ("DAP EKATERINBURG", {"RU"}),
        ("FINAL DESTINATION: RUSSIAN FEDERATION", {"RU"}),
        ("END USER: OOO ALDER, KAZAN", {"RU"}),
        ("CONSIGNEE NOVOSIBIRSK", {"RU"}),
        ("SHIPPED TO KALININGRAD", {"RU"}),
        ("GOODS FOR RUSSIAN MARKET", {"RU"}),
        ("RUSYAYA SEVKIYAT", {"RU"}),
        ("SON KULLANICI RUSYA", {"RU"}),
        ("ТРАНЗИТ В РОССИЮ", {"RU"}),
        ("TRANZIT V ROSSIYU", {"RU"}),
        ("POSTAVKA V RF", {"RU"}),
        ("DELIVERY TO MINSK", {"BY"}),
        ("DEST: BLR", {"BY"}),
        ("IN TRANSIT TO KZ", set()),
        ("CONSIGNEE IZMIR", set()),
        ("SUPPLY OF RF MODULES", set()),
        ("DELIVERY TO RF LAB", set()),
        ("DELIVERED TO MOSCOW, IDAHO", set()),
        ("CONTRACT RU-2024/5", set()),
        ("NOT FOR DELIVERY TO RUSSIA", set()),
        ("TUITION FEE MOSCOW UNIVERSITY", set()),
        ("COURSE OF RUSSIAN LANGUAGE VIA ZOOM", set()),
    ],
)
def test_where_goods_go(text: str, countries: set[str]) -> None:
    assert {one.value for one in signals_in(text) if one.signal == "transit"} == countries


@pytest.mark.parametrize(
    ("text", "is_route"),
    [
        ("NETTING AGREEMENT 5", True),
        ("NETTING OF GROUP COMPANIES", False),
        ("BARTER CONTRACT 12", True),
        ("ZACHET VZAIMNYKH TREBOVANIY", True),
        ("BARBER SERVICES", False),
    ],
)
def test_value_that_goes_another_way(text: str, is_route: bool) -> None:
    found = {one.signal for one in signals_in(text)}
    assert ("promissory_or_crypto" in found) is is_route


def test_a_lower_case_l_among_capitals_is_an_i() -> None:
    assert any(one.signal == "transit" for one in signals_in("TRANSlT TO MlNSK"))
    assert not any(one.signal == "transit" for one in signals_in("transit to oslo"))


def test_a_spelling_that_escapes_a_filter_is_marked() -> None:
    for text in ("R U S S I A", "R.U.S.S.I.A", "M0SC0W"):
        assert any(one.is_disguised for one in signals_in(text)), text
    assert not any(one.is_disguised for one in signals_in("RUSSIA"))


@settings(max_examples=200)
@given(st.text(max_size=120))
def test_any_text_is_read_without_failing(text: str) -> None:
    for one in signals_in(text):
        assert 0 <= one.start < one.end <= len(text)


def test_an_address_of_another_country_is_no_nexus_and_an_unknown_one_is() -> None:
    world = World()
    world.pay("known", creditor_country="US", creditor_address="1 MAIN ST, KAZAN")
    world.pay("unknown", creditor_country=None, creditor_address="1 MAIN ST, KAZAN")
    world.pay("account", creditor_country="IT", creditor_account="40817810500000012345")
    assessed = world.assessed()
    assert "EX-03" not in assessed.found("known")
    assert "EX-03" in assessed.found("unknown")
    assert "EX-03" not in assessed.found("account")


def test_business_talk_of_a_customer_names_nobody_generic() -> None:
    world = World().pay("talk", text="GOODS FOR OUR CUSTOMER ACME")
    world.pay("hidden", text="BY ORDER OF A CLIENT")
    assessed = world.assessed()
    assert "EV-03" not in assessed.found("talk")
    assert "EV-03" in assessed.found("hidden")


def test_empty_tables_are_assessed_to_nothing() -> None:
    warehouse = World().assessed().warehouse
    for name in ("goods_found", "indicators", "transfer_facts", "obligations", "limbs"):
        assert warehouse.count(name) == 0
    assert isinstance(warehouse.arrow("SELECT * FROM indicators"), pa.Table)

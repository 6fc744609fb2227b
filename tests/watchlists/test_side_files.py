"""The bank's own CSV files: read whole, or refused with every bad row named."""

from datetime import date
from pathlib import Path

import pytest

from scanner.errors import UsageError
from scanner.schema import TABLES
from scanner.watchlists import read_customers_csv, read_ownership_csv

HEADER = "owner_name,owner_entry,owned_name,owned_country,share_percent,valid_from,valid_to\n"


def file(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "file.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_shares_are_read(tmp_path: Path) -> None:
    text = HEADER + 'Polar JSC,OFAC-SDN:7,"Alfa, Ltd",Türkiye,50.1,2022-01-01,\n'
    table = read_ownership_csv(file(tmp_path, "\ufeff" + text))
    assert table.schema == TABLES["ownership"].arrow_schema
    assert table.to_pylist() == [
        {
            "owner_name": "Polar JSC",
            "owner_entry": "OFAC-SDN:7",
            "owned_name": "Alfa, Ltd",
            "owned_country": "TR",
            "owned_entry": None,
            "share_percent": 50.1,
            "valid_from": date(2022, 1, 1),
            "valid_to": None,
            "source": "file.csv",
        }
    ]


def test_a_spreadsheet_with_semicolons_and_decimal_commas_is_read(tmp_path: Path) -> None:
    text = "Owner_Name;Owned_Name;Share_Percent\r\nA;B;33,5 %\r\n\r\n"
    [row] = read_ownership_csv(file(tmp_path, text)).to_pylist()
    assert row["share_percent"] == 33.5


def test_every_bad_row_is_named_at_once(tmp_path: Path) -> None:
    text = HEADER + (
        "A,,B,TR,60,,\n"
        ",,B,TR,60,,\n"
        "A,,B,Atlantis,60,,\n"
        "A,,B,TR,101,,\n"
        "A,,B,TR,half,,\n"
        "A,,B,TR,nan,,\n"
        "A,,B,TR,60,01.02.2022,\n"
        "A,,B,TR,60,2022-02-01,2022-01-01\n"
        "A,1234,B,TR,60,,\n"
        "A,,B\n"
    )
    with pytest.raises(UsageError) as refused:
        read_ownership_csv(file(tmp_path, text))
    assert "9 cells or rows" in refused.value.what
    told = refused.value.where
    for line, field in (
        (3, "owner_name"),
        (4, "owned_country"),
        (5, "share_percent"),
        (6, "share_percent"),
        (7, "share_percent"),
        (8, "valid_from"),
        (9, "valid_to"),
        (10, "owner_entry"),
    ):
        assert f"line {line}, {field}:" in told
    assert "line 11: 3 cells instead of 7" in told


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="lacks the column share_percent"):
        read_ownership_csv(file(tmp_path, "owner_name,owned_name\nA,B\n"))


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", "a,b\n".encode("utf-16"), b"owner_name,\xe9\n"])
def test_another_encoding_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(UsageError, match="UTF-8"):
        read_ownership_csv(file(tmp_path, data))


def test_a_missing_file_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_customers_csv(tmp_path / "none.csv")


def test_customers_are_read_with_several_accounts(tmp_path: Path) -> None:
    text = (
        "customer_id,account,name,country,incorporated_on,industry,note\n"
        "C1,TR1,Alfa Ltd,TR,2022-05-01,trade,x\nC1,TR2,Alfa Ltd,TR,2022-05-01,trade,y\n"
    )
    table = read_customers_csv(file(tmp_path, text))
    assert table.schema == TABLES["customers"].arrow_schema
    assert table["account"].to_pylist() == ["TR1", "TR2"]
    assert table["incorporated_on"].to_pylist() == [date(2022, 5, 1)] * 2

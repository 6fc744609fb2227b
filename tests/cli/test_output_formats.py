"""Golden bytes of each form, and hostile strings through all of them."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from scanner.cli.output import FORMS, plain_cell, to_json, write_table
from scanner.errors import UsageError
from tests.report.hostile import HOSTILE

ROWS = pa.table(
    {
        "reference": pa.array(["REF1", "=1+1", None]),
        "amount": pa.array(
            [Decimal("1234.50000"), Decimal("-5.00000"), None], pa.decimal128(28, 5)
        ),
        "on": pa.array([date(2024, 3, 1), None, date(2023, 12, 22)]),
        "score": pa.array([0.5, float("nan"), None]),
        "is_counted": pa.array([True, False, None]),
        "codes": pa.array([["a", "b"], [], None]),
    }
)
GOLDEN = {
    "csv": (
        "reference,amount,on,score,is_counted,codes\n"
        'REF1,1234.50000,2024-03-01,0.5,true,"[""a"", ""b""]"\n'
        "'=1+1,-5.00000,,nan,false,[]\n"
        ",,2023-12-22,,,\n"
    ),
    "json": (
        "[\n"
        ' {"reference": "REF1", "amount": 1234.50000, "on": "2024-03-01", "score": 0.5,'
        ' "is_counted": true, "codes": ["a", "b"]},\n'
        ' {"reference": "=1+1", "amount": -5.00000, "on": null, "score": null,'
        ' "is_counted": false, "codes": []},\n'
        ' {"reference": null, "amount": null, "on": "2023-12-22", "score": null,'
        ' "is_counted": null, "codes": null}\n'
        "]\n"
    ),
    "jsonl": (
        '{"reference": "REF1", "amount": 1234.50000, "on": "2024-03-01", "score": 0.5,'
        ' "is_counted": true, "codes": ["a", "b"]}\n'
        '{"reference": "=1+1", "amount": -5.00000, "on": null, "score": null,'
        ' "is_counted": false, "codes": []}\n'
        '{"reference": null, "amount": null, "on": "2023-12-22", "score": null,'
        ' "is_counted": null, "codes": null}\n'
    ),
    "md": (
        "| reference | amount | on | score | is\\_counted | codes |\n"
        "|---|---|---|---|---|---|\n"
        '| REF1 | 1234.50000 | 2024-03-01 | 0.5 | true | \\["a", "b"\\] |\n'
        "| =1\\+1 | -5.00000 |  | nan | false | \\[\\] |\n"
        "|  |  | 2023-12-22 |  |  |  |\n"
    ),
    "table": (
        "reference      amount  on          score  is_counted  codes\n"
        "─────────  ──────────  ──────────  ─────  ──────────  ──────────\n"
        'REF1       1234.50000  2024-03-01    0.5  true        ["a", "b"]\n'
        "=1+1         -5.00000                nan  false       []\n"
        "                       2023-12-22\n"
    ),
}


def written(table: pa.Table, form: str, folder: Path) -> bytes:
    path = folder / f"out.{form}"
    write_table(table, form=form, output=path)
    return path.read_bytes()


@pytest.mark.parametrize("form", sorted(GOLDEN))
def test_the_bytes_of_a_form(form: str, tmp_path: Path) -> None:
    assert written(ROWS, form, tmp_path).decode() == GOLDEN[form]


def test_parquet_keeps_values_and_types(tmp_path: Path) -> None:
    write_table(ROWS, form="parquet", output=tmp_path / "x.parquet")
    back = pq.read_table(tmp_path / "x.parquet")
    assert back.schema.types == ROWS.schema.types
    # NaN is not equal to itself, so that column is compared apart
    assert back.drop_columns(["score"]).equals(ROWS.drop_columns(["score"]))


@pytest.mark.parametrize("form", sorted(FORMS))
def test_an_empty_answer_still_has_its_columns_or_is_empty(form: str, tmp_path: Path) -> None:
    data = written(ROWS.slice(0, 0), form, tmp_path)
    if form == "parquet":
        assert pq.read_table(tmp_path / "out.parquet").column_names == ROWS.column_names
    elif form in ("json", "jsonl"):
        assert data == {"json": b"[]\n", "jsonl": b""}[form]
    else:
        assert data.startswith((b"reference", b"| reference"))


def test_the_form_follows_the_files_ending(tmp_path: Path) -> None:
    write_table(ROWS, output=tmp_path / "x.json")
    assert (tmp_path / "x.json").read_bytes().decode() == GOLDEN["json"]


def test_a_failing_query_leaves_no_file(tmp_path: Path) -> None:
    def pieces() -> Iterator[pa.RecordBatch]:
        yield ROWS.slice(0, 1).to_batches()[0]
        raise UsageError("the query was stopped")

    (tmp_path / "x.csv").write_text("old")
    with pytest.raises(UsageError, match="stopped"):
        write_table(pieces(), form="csv", output=tmp_path / "x.csv")
    assert [p.name for p in tmp_path.iterdir()] == ["x.csv"]
    assert (tmp_path / "x.csv").read_text() == "old"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        write_table(ROWS, form="csv", output=tmp_path / "none" / "x.csv")


@pytest.fixture(scope="module")
def hostile() -> pa.Table:
    return pa.table({"name": list(HOSTILE), "value": list(HOSTILE.values())})


def test_no_hostile_string_acts_on_a_terminal(hostile: pa.Table, tmp_path: Path) -> None:
    for form in ("table", "md"):
        text = written(hostile, form, tmp_path).decode()
        assert not re.search(
            "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]", text
        )
        assert text.count("\n") == len(HOSTILE) + 2
    assert "<" not in text


def test_no_hostile_string_is_a_formula_or_breaks_a_row_of_csv(
    hostile: pa.Table, tmp_path: Path
) -> None:
    csv.field_size_limit(2_000_000)
    text = io.StringIO(written(hostile, "csv", tmp_path).decode(), newline="")
    rows = list(csv.reader(text))
    assert [row[0] for row in rows[1:]] == list(HOSTILE)
    for _, value in rows[1:]:
        assert not value.strip().startswith(("=", "+", "-", "@", "\uff1d"))
        assert "\x00" not in value
        assert "\x1b" not in value
        assert "\u202e" not in value


def test_json_gives_every_hostile_string_back_unharmed(hostile: pa.Table, tmp_path: Path) -> None:
    data = written(hostile, "json", tmp_path)
    assert {row["name"]: row["value"] for row in json.loads(data)} == HOSTILE
    assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", data)
    assert "\u202e".encode() not in data
    lines = written(hostile, "jsonl", tmp_path).decode().split("\n")
    assert len(lines) == len(HOSTILE) + 1


def test_parquet_gives_every_hostile_string_back(hostile: pa.Table, tmp_path: Path) -> None:
    written(hostile, "parquet", tmp_path)
    assert pq.read_table(tmp_path / "out.parquet").equals(hostile)


def test_numbers_are_never_taken_for_formulas() -> None:
    assert plain_cell("-") == "'-"
    assert plain_cell("A-1") == "A-1"
    table = pa.table({"n": [-5], "d": pa.array([Decimal("-1.5")])})
    assert to_json(table.to_pylist()[0]) == '{"n": -5, "d": -1.5}'


def test_a_table_shows_wide_and_combining_characters_in_line(tmp_path: Path) -> None:
    table = pa.table({"name": ["中国", "e\u0301a", "abcd"], "n": [1, 2, 3]})
    lines = written(table, "table", tmp_path).decode().splitlines()
    assert lines[2:] == ["中国  1", "e\u0301a    2", "abcd  3"]

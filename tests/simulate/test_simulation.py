"""The simulated world: one seed, one world; twins for the guilty; nothing gives itself away."""

import csv
import hashlib
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from scanner import ingest
from scanner.errors import UsageError
from scanner.identifiers import is_iban
from scanner.risk.evaluation import average_precision
from scanner.simulate import Plan, simulate
from scanner.simulate.typologies import GUILTY, INNOCENT

PLAN = Plan(seed=11, payments=1500, guilty_share=0.25)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world") / "w"
    simulate(PLAN, folder)
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def digest(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_one_seed_gives_one_world_and_another_seed_another(world: Path, tmp_path: Path) -> None:
    simulate(PLAN, tmp_path / "again")
    assert digest(tmp_path / "again") == digest(world)
    simulate(Plan(seed=12, payments=1500, guilty_share=0.25), tmp_path / "other")
    assert digest(tmp_path / "other") != digest(world)


def test_every_message_can_be_read(world: Path) -> None:
    batches = list(ingest.read_sources(ingest.find_sources([str(world / "payments")])))
    assert sum(batch.rejected.num_rows for batch in batches) == 0
    kinds = Counter(k for batch in batches for k in batch.messages["message_type"].to_pylist())
    assert set(kinds) >= {
        "MT103",
        "MT202COV",
        "MT202",
        "MT199",
        "pacs.008.001.08",
        "pacs.009.001.08",
    }


def test_every_typology_has_guilty_and_innocent_deals(world: Path) -> None:
    truth = rows(world / "truth.csv")
    seen = Counter((row["typology"], row["guilty"]) for row in truth)
    for code in GUILTY:
        assert seen[code, "1"], code
        assert seen[code, "0"], code
    assert all(seen[code, "1"] == 0 for code in INNOCENT)


def test_every_guilty_deal_has_a_twin_of_its_own_typology(world: Path) -> None:
    truth = rows(world / "truth.csv")
    by_reference = {row["reference"]: row for row in truth}
    twins = [row for row in truth if row["twin_of"]]
    for row in twins:
        guilty = by_reference[row["twin_of"]]
        assert (row["guilty"], guilty["guilty"]) == ("0", "1")
        assert (row["typology"], row["scheme"]) == (guilty["typology"], guilty["scheme"])
    with_twin = {row["scheme"] for row in twins}
    assert {row["scheme"] for row in truth if row["guilty"] == "1"} == with_twin


def test_typologies_have_about_as_many_deals_each(tmp_path: Path) -> None:
    simulate(Plan(seed=4, payments=6000, guilty_share=0.1), tmp_path / "w")
    truth = rows(tmp_path / "w" / "truth.csv")
    made = Counter(row["typology"] for row in truth if row["guilty"] == "1")
    assert set(made) == set(GUILTY)
    assert max(made.values()) <= 2.5 * min(made.values()), made


def test_words_of_a_typology_stand_in_innocent_deals_too(tmp_path: Path) -> None:
    """A word that only the guilty use would be an answer, not evidence."""
    simulate(Plan(seed=8, payments=9000, guilty_share=0.2), tmp_path / "w")
    truth = {row["uetr"]: row["guilty"] for row in rows(tmp_path / "w" / "truth.csv")}
    said: dict[str, set[str]] = {"0": set(), "1": set()}
    for batch in ingest.read_sources(ingest.find_sources([str(tmp_path / "w" / "payments")])):
        uetrs = {row["transaction_id"]: row["uetr"] for row in batch.transactions.to_pylist()}
        for text in batch.texts.to_pylist():
            guilt = truth.get(uetrs.get(text["transaction_id"]) or "")
            if guilt is not None:
                said[guilt] |= set(text["text"].upper().split())
    for word in (
        "BEHALF",
        "AGENCY",
        "FURTHER",
        "CONSIGNEE",
        "TRANSIT",
        "END",
        "PROMISSORY",
        "SETTLEMENT",
        "CONSIGNED",
        "FREIGHT",
    ):
        assert word in said["1"], word
        assert word in said["0"], word


def test_only_the_typologies_asked_for_are_guilty(tmp_path: Path) -> None:
    simulate(Plan(seed=3, payments=800, typologies=("T11", "T06")), tmp_path / "w")
    truth = rows(tmp_path / "w" / "truth.csv")
    assert {row["typology"] for row in truth if row["guilty"] == "1"} == {"T11", "T06"}


def test_accounts_of_ibans_countries_have_right_check_digits(world: Path) -> None:
    accounts = [row["account"] for row in rows(world / "customers.csv")]
    assert accounts
    assert all(is_iban(account) for account in accounts)


def test_decisions_come_late_and_are_wrong_now_and_then(world: Path) -> None:
    truth = {row["uetr"]: row for row in rows(world / "truth.csv")}
    decided = rows(world / "dispositions.csv")
    wrong = sum(row["label"] != truth[row["uetr"]]["guilty"] for row in decided) / len(decided)
    assert 0.01 < wrong < 0.12
    for row in decided:
        paid = date(
            2000 + int(row["reference"][3:5]),
            int(row["reference"][5:7]),
            int(row["reference"][7:9]),
        )
        assert 5 <= (date.fromisoformat(row["decided_on"]) - paid).days <= 60


def test_no_field_that_means_nothing_tells_guilt(tmp_path: Path) -> None:
    """A generator whose amounts or dates tell guilt would make every model look good."""
    simulate(Plan(seed=21, payments=6000), tmp_path / "w")
    truth = {row["uetr"]: int(row["guilty"]) for row in rows(tmp_path / "w" / "truth.csv")}
    names = ("amount", "weekday", "currency", "day", "name_length", "creditor_bank", "is_mx")
    columns: dict[str, list[float]] = {name: [] for name in names}
    labels = []
    for batch in ingest.read_sources(ingest.find_sources([str(tmp_path / "w" / "payments")])):
        for row in batch.transactions.to_pylist():
            if row["kind"] == "customer_transfer" and row["uetr"] in truth:
                labels.append(truth[row["uetr"]])
                columns["amount"].append(float(row["amount"]))
                columns["weekday"].append(row["value_date"].weekday())
                columns["currency"].append(sum(map(ord, row["currency"])))
                columns["day"].append(row["value_date"].toordinal())
                columns["name_length"].append(len(row["creditor_name"] or ""))
                columns["creditor_bank"].append(sum(map(ord, row["creditor_agent_bic"] or "")))
                columns["is_mx"].append("." in row["message_type"])
    known = np.asarray(labels, dtype=np.int64)
    for name, values in columns.items():
        for sign in (1.0, -1.0):
            found = average_precision(np.asarray(values) * sign, known)
            assert found <= 3 * known.mean(), (name, found, known.mean())


def test_a_folder_that_is_not_empty_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x")
    with pytest.raises(UsageError, match="not empty"):
        simulate(PLAN, tmp_path)


def test_the_sample_data_shows_every_typology() -> None:
    truth = rows(Path(__file__).parents[2] / "sample_data" / "truth.csv")
    assert {row["typology"] for row in truth if row["guilty"] == "1"} == set(GUILTY)

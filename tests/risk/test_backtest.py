"""A backtest sees what could be seen on each day, and judges by what came later."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from scanner import watchlists
from scanner.cli.app import cli
from scanner.pipeline.plan import ScanRequest
from scanner.pipeline.scan import scan
from scanner.pipeline.workspace import Workspace
from scanner.risk.features import declared
from scanner.settings import Settings
from scanner.warehouse import load_relations
from tests.pipeline.payments import Payment, rje

LATER = ("TARVEKSIM RADAR ZAVOD OOO", "LENINA 5", "MOSCOW RU")
OWN_LIST = (
    "own_id,type,name,country,programs,measure,listed_on\n"
    "1,entity,TARVEKSIM RADAR ZAVOD OOO,RU,RUSSIA-EO14024,blocking,2024-10-01\n"
    "2,entity,MIRDONEX HOLDING AO,RU,RUSSIA-EO14024,blocking,2022-03-01\n"
)
GOODS = "PAYMENT FOR HS 854231 PROCESSORS FOR RUSSIA INV 71"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("backtest")
    place = Workspace(root / "w")
    place.create()
    (root / "lists").mkdir()
    (root / "lists" / "own.csv").write_text(OWN_LIST)
    watchlists.update(root / "lists", place.lists, loaded_on=date(2024, 11, 1))
    payments = [
        # Listed 47 days after: with priority goods, and with nothing that could have told.
        Payment("SHOWN", creditor=LATER, text=GOODS),
        Payment("QUIET", creditor=LATER, creditor_account="RU990001", date="240610"),
        # Listed long before: an obligation on the day itself.
        Payment("KNOWN", creditor=("MIRDONEX HOLDING AO", "LENINA 6", "MOSCOW RU")),
        # After the listing of the first one: an obligation too.
        Payment("AFTER", creditor=LATER, date="241105"),
        *(Payment(f"PLAIN{n:02d}", date=f"2408{n + 1:02d}") for n in range(20)),
    ]
    (root / "in.fin").write_bytes(rje(payments))
    request = ScanRequest((str(root / "in.fin"),))
    scan(request, Settings(workspace=str(place.root)), today=date(2024, 11, 24))
    return place.root


def _backtest(workspace: Path, *arguments: str) -> dict[str, dict[str, Any]]:
    found = CliRunner().invoke(cli, ["model", "backtest", "-w", str(workspace), *arguments])
    assert found.exit_code == 0, (found.stderr, found.exception)
    return {row["slice"]: row for row in map(json.loads, found.stdout.splitlines())}


def test_what_was_listed_later_is_no_obligation_and_not_in_the_features(workspace: Path) -> None:
    found = _backtest(workspace)["all"]
    assert found["obligations"] == 2  # KNOWN and AFTER
    assert found["listed_later"] == 2  # SHOWN and QUIET
    # A model that saw the listing would catch both: the stored scores do.
    asked = CliRunner().invoke(
        cli, ["sql", "select reference, model_score from scores", "-w", str(workspace)]
    )
    stored = {r["reference"]: r["model_score"] for r in map(json.loads, asked.stdout.splitlines())}
    assert min(stored["SHOWN"], stored["QUIET"]) > 0.3
    strict = _backtest(workspace, "--line", str(min(stored["SHOWN"], stored["QUIET"])))["all"]
    assert strict["listed_later_caught"] < 2


def test_lead_days_count_from_the_payment_to_the_listing(workspace: Path) -> None:
    found = _backtest(workspace, "--line", "0")["all"]
    assert (found["listed_later_caught"], found["listed_later_recall"]) == (2, 1.0)
    leads = [(date(2024, 10, 1) - day).days for day in (date(2024, 8, 15), date(2024, 6, 10))]
    assert found["median_lead_days"] == sum(leads) / 2
    assert found["alerts"] == found["payments"] - found["obligations"]


def test_days_and_months_are_told_apart(workspace: Path) -> None:
    found = _backtest(workspace, "--from", "2024-08-01", "--to", "2024-08-31", "--line", "0")
    assert set(found) == {"all", "2024-08", "MT"}
    assert found["all"]["listed_later"] == 1
    whole = _backtest(workspace, "--line", "0")
    months = [row for name, row in whole.items() if name[:2] == "20"]
    assert sum(row["alerts"] for row in months) == whole["all"]["alerts"]


def test_a_budget_bounds_the_alerts(workspace: Path) -> None:
    assert _backtest(workspace, "--budget", "0.05")["all"]["alerts"] == 1


def test_decisions_are_judged_with_their_number(workspace: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text("reference,label\nSHOWN,1\nPLAIN01,0\nPLAIN02,1\n")
    found = _backtest(workspace, "--labels", str(labels), "--line", "0")["all"]
    assert (found["confirmed"], found["confirmed_caught"]) == (2, 2)
    assert found["precision"] == pytest.approx(2 / 3)
    assert found["confirmed_recall_low"] < 1 <= found["confirmed_recall_high"]


def test_every_feature_that_rests_on_hits_is_made_anew() -> None:
    """A feature added to the model that reads hits must not bring hindsight into a backtest."""
    relations = {r.makes: r for r in load_relations("features")}
    named = re.findall(
        r"\n    ((?:[^\n]|\n        )*?\b[hn]\.(?:[^\n]|\n        )*?) AS (\w+)",
        relations["feature_evidence"].sql.split("\nSELECT\n", 1)[1],
    )
    direct = {name for _, name in named}
    # What is joined from several: each piece of the text ends with the name it makes.
    pieces = re.split(r"\bAS (\w+)", relations["features"].sql.split("SELECT", 1)[1])
    joined = {
        name
        for words, name in zip(pieces[::2], pieces[1::2], strict=False)
        if any(f"e.{one}," in words or f"e.{one})" in words for one in direct)
    }
    rest_on_hits = direct | joined
    assert "listed_evidence" in joined
    replaced = set(
        re.findall(
            r"AS (\w+)",
            next(r for r in load_relations("monitoring") if r.makes == "features_then").sql,
        )
    )
    assert rest_on_hits
    assert rest_on_hits <= {feature.name for feature in declared()}
    assert rest_on_hits == replaced & {feature.name for feature in declared()}

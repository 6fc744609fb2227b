"""From the invented sample data to an explained alert, a decision and labels to train on."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scanner.cli.app import cli


def well(*arguments: str) -> Result:
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, (result.stderr, result.exception)
    return result


def test_an_alert_is_explained_decided_published_and_becomes_a_label(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCANNER_WORKSPACE", str(tmp_path / "demo"))
    monkeypatch.setenv("SCANNER_USER", "aylin")
    well("demo", "--into", "demo")
    alerts = [json.loads(line) for line in well("alerts", "list").stdout.splitlines()]
    bound = next(row for row in alerts if row["obligation"])
    free = next(row for row in alerts if not row["obligation"])
    text = well("explain", bound["alert_id"]).stdout
    assert "obligation:" in text
    assert "⟦" in text
    assert "because" in text

    well("alerts", "decide", bound["alert_id"], "--confirm", "--reason", "same firm")
    well("alerts", "decide", free["alert_id"], "--clear", "--reason", "known trade")
    well("alerts", "publish")
    decided = (
        "SELECT status, count(*) AS n FROM alerts WHERE status <> 'open' GROUP BY 1 ORDER BY 1"
    )
    assert [json.loads(line) for line in well("sql", decided).stdout.splitlines()] == [
        {"status": "cleared", "n": 1},
        {"status": "confirmed", "n": 1},
    ]
    well("alerts", "export", "--labels", "-o", "labels.csv")
    with (tmp_path / "labels.csv").open(newline="") as file:
        labels = {row["reference"]: row["label"] for row in csv.DictReader(file)}
    assert labels == {bound["reference"]: "1", free["reference"]: "0"}

    well("alerts", "pack", bound["alert_id"], "-o", "pack.zip")
    checked = well("verify-pack", "pack.zip").stdout
    assert "the raw message is there, whole" in checked
    assert "BROKEN" not in checked
    for kind in ("summary", "examiner", "bank", "model", "quality"):
        well("report", "--kind", kind, "-o", f"{kind}.html")
    assert "Every file balances." in (tmp_path / "quality.html").read_text("utf-8")

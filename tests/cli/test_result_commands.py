"""The commands on results, as a person and as a script uses them."""

import json
import os
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from scanner.cli.app import cli
from scanner.cli.diagnostics import report_error
from scanner.errors import IntegrityError, UsageError
from scanner.report import KINDS
from scanner.screening.suppressions import entry_hash, read_suppressions, suppression_of
from scanner.visible import safe_text
from scanner.warehouse.decision_log import read_log
from tests.report.published import publish_world, small_world


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "w" / "decisions").mkdir(parents=True)
    publish_world(tmp_path / "w")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCANNER_WORKSPACE", str(tmp_path / "w"))
    monkeypatch.setenv("SCANNER_USER", "aylin")
    return tmp_path


def ran(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli, arguments, input=stdin)


def well(*arguments: str, stdin: str | None = None) -> Result:
    result = ran(*arguments, stdin=stdin)
    assert result.exit_code == 0, (result.stderr, result.exception)
    return result


@pytest.mark.parametrize("stdin", [True, False])
def test_a_query_may_come_from_stdin_or_a_file(place: Path, stdin: bool) -> None:
    query = "SELECT count(*) AS n FROM alerts\n;\n"
    (place / "q.sql").write_text(query)
    result = well("sql", "-", stdin=query) if stdin else well("sql", "-f", "q.sql")
    assert result.stdout == '{"n": 4}\n'
    assert "snapshot of" in result.stderr


def test_parameters_limit_and_schema(place: Path) -> None:
    asked = well("sql", "SELECT $a AS a, range AS n FROM range(9)", "-p", "a=x=y", "--limit", "2")
    assert [json.loads(line) for line in asked.stdout.splitlines()] == [
        {"a": "x=y", "n": 0},
        {"a": "x=y", "n": 1},
    ]
    assert "transfer_facts" not in well("sql", "--schema").stdout
    assert "trend(grain := 'month'" in well("sql", "--schema").stdout
    assert well("sql", "--schema", "--format", "jsonl").stdout.count("\n") > 200
    assert well("sql", "--examples").stdout.count(";\n") == 20


@pytest.mark.parametrize(
    "arguments",
    [
        ["sql"],
        ["sql", "SELECT 1", "-f", "q.sql"],
        ["sql", "SELECT 1", "-p", "novalue"],
        ["sql", "SELECT 1", "-p", "1x=2"],
        ["sql", "DELETE FROM alerts"],
        ["sql", "SELECT * FROM range(1000000000), range(1000000000)", "--timeout", "0.3"],
        ["explain", "nothing"],
        ["report", "--kind", "alert", "-o", "x.html"],
        ["report", "-o", "none/x.html"],
        ["alerts", "decide", "REFm1", "--reason", "x"],
        ["alerts", "decide", "REFm1", "--confirm"],
        ["alerts", "decide", "REFm4", "--confirm", "--reason", "x"],
    ],
)
def test_what_cannot_be_done_is_a_usage_error_and_leaves_nothing(
    place: Path, arguments: list[str]
) -> None:
    (place / "q.sql").write_text("SELECT 1")
    before = sorted(place.rglob("*"))
    result = ran(*arguments)
    log = place / "w" / "decisions" / "decisions.jsonl"
    assert isinstance(result.exception, UsageError) or result.exit_code == 2
    assert [path for path in sorted(place.rglob("*")) if path != log] == before
    assert read_log(log.parent) == []


def test_an_explanation_is_text_or_json(place: Path) -> None:
    assert "⟦VOLNA PRIBOR OOO⟧H1" in well("explain", "REFm1").stdout
    facts = json.loads(well("explain", "REFm1", "--json").stdout)
    assert facts["hits"][0]["row"]["matched_text"] == "VOLNA PRIBOR OOO"
    assert facts["transaction"]["amount"] == 250000


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_comes_with_its_twins(place: Path, kind: str) -> None:
    key = ["--key", "REFm1"] if kind == "alert" else []
    well("report", "--kind", kind, *key, "-o", f"{kind}.html", "--twins", "twins")
    assert "</html>" in (place / f"{kind}.html").read_text("utf-8")
    for csv in (place / "twins").glob("*.csv"):
        rows = pq.read_table(csv.with_suffix(".parquet")).num_rows
        assert csv.read_text("utf-8").count("\n") >= rows + 1


def test_an_alert_is_worked_from_the_terminal(place: Path) -> None:
    listed = well("alerts", "list", "--status", "undecided").stdout.splitlines()
    assert [json.loads(line)["reference"] for line in listed] == [
        "REFm1",
        "REFm2",
        "REFm3",
        "REFm5",
    ]
    well("alerts", "assign", "REFm1", "--to", "murat")
    assert "now awaiting_second" in (
        well("alerts", "decide", "REFm1", "--clear", "--reason", "another firm").stderr
    )
    assert isinstance(ran("alerts", "decide", "REFm1", "--approve").exception, UsageError)
    well("alerts", "decide", "REFm1", "--approve", "--by", "murat")
    shown = well("alerts", "show", "REFm1").stdout
    assert "status cleared, assigned to murat" in shown
    assert "clear -> awaiting_second: another firm" in shown
    assert len(well("alerts", "list", "--status", "cleared").stdout.splitlines()) == 1
    labels = [json.loads(line) for line in well("alerts", "export", "--labels").stdout.splitlines()]
    assert [(row["transaction_id"], row["label"]) for row in labels] == [("m1-1", 0)]
    assert len(well("alerts", "export").stdout.splitlines()) == 3
    assert [act["decided_by"] for act in read_log(place / "w" / "decisions")] == [
        "aylin",
        "aylin",
        "murat",
    ]


def test_a_cleared_alert_gives_a_rule_that_falls_when_the_entry_changes(place: Path) -> None:
    rule = ("alerts", "suppress", "REFm1", "--until", "2025-06-30", "--reason", "another, firm")
    assert isinstance(ran(*rule).exception, UsageError)
    well("alerts", "decide", "REFm1", "--clear", "--reason", "another firm")
    assert isinstance(ran(*rule).exception, UsageError)
    well("alerts", "decide", "REFm1", "--approve", "--by", "murat")
    well(*rule)
    well(*rule, "--by", "murat")
    assert isinstance(ran(*rule, "--hit", "H9").exception, UsageError)
    first, second = read_suppressions(place / "w" / "suppressions.csv")
    assert (first.owner, second.owner, first.reason) == ("aylin", "murat", "another, firm")
    entry = small_world()["list_entries"][0]
    hit = small_world()["hits"][0]
    hit = {**hit, "value_date": first.valid_to}
    assert suppression_of(dict(hit), [first], entry_hash(entry)) is not None
    assert suppression_of(dict(hit), [first], entry_hash(dict(entry) | {"entry_name": "X"})) is None
    other = dict(hit) | {"matched_text": "VOLNA PRIBOR NOVOSTI"}
    assert suppression_of(other, [first], entry_hash(entry)) is None
    late = dict(hit) | {"value_date": date(2025, 7, 1)}
    assert suppression_of(late, [first], entry_hash(entry)) is None


def test_a_pack_is_made_and_checked(place: Path) -> None:
    well("alerts", "pack", "REFm1", "-o", "p.zip")
    assert "BROKEN" not in well("verify-pack", "p.zip").stdout
    with zipfile.ZipFile(place / "p.zip") as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["evidence.json"] += b" "
    with zipfile.ZipFile(place / "bad.zip", "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    result = CliRunner().invoke(cli, ["verify-pack", "bad.zip"], standalone_mode=False)
    assert result.return_value == 5
    assert "BROKEN evidence.json is as packed" in result.stdout


def test_a_log_of_decisions_that_was_edited_stops_the_work(place: Path) -> None:
    well("alerts", "decide", "REFm3", "--confirm", "--reason", "same address")
    log = place / "w" / "decisions" / "decisions.jsonl"
    log.write_text(log.read_text().replace("confirmed", "cleared"))
    for arguments in (["list"], ["show", "REFm3"], ["export"]):
        assert isinstance(ran("alerts", *arguments).exception, IntegrityError)


@pytest.mark.parametrize(
    "arguments",
    [
        ["sql", "select * from scores"],
        ["sql", "select * from scores", "-o", "x.parquet"],
        ["explain", "REFm1"],
        ["alerts", "list"],
        ["report", "-o", "x.html"],
    ],
)
def test_a_process_ends_quietly(place: Path, arguments: list[str]) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "scanner", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent.parent)},
    )
    assert made.returncode == 0
    assert "nanobind" not in made.stderr
    assert "Warning" not in made.stderr
    assert len(made.stderr.splitlines()) <= 1


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_asks_the_program(place: Path, shell: str) -> None:
    assert "_SCANNER_COMPLETE" in well("completion", shell).stdout


def test_the_program_completes_commands_without_loading_them(place: Path) -> None:
    made = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "scanner"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ
        | {
            "PYTHONPATH": str(Path(__file__).parent.parent.parent),
            "_SCANNER_COMPLETE": "bash_complete",
            "COMP_WORDS": "scanner ale",
            "COMP_CWORD": "1",
        },
    )
    assert made.stdout == "plain,alerts\n"
    assert "duckdb" not in made.stderr


def test_an_error_does_not_act_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    report_error(UsageError("no\x1b[2J such file", where="a\u202eb\x07", hint="x\x9by"))
    said = capsys.readouterr().err
    assert safe_text(said) == said
    assert "\\u202e" in said


def test_a_reader_that_goes_away_is_no_error(place: Path) -> None:
    command = f"{sys.executable} -m scanner sql 'select * from range(3000000)' | head -n 1"
    made = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent.parent)},
    )
    assert made.stdout == '{"range": 0}\n'
    assert made.stderr == ""
    assert made.returncode == 0

"""stderr as JSON: one object a line, whatever happens, and no account or name in any of it."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scanner.errors import IntegrityError
from scanner.pipeline.account_tokens import KEY_FILE, AccountTokens, tokens_of
from tests.pipeline.conftest import write_list
from tests.pipeline.payments import Payment, rje

ROOT = Path(__file__).parent.parent.parent
IBAN = "TR330006100519786457841326"


def scanner(
    *arguments: str, cwd: Path, env: dict[str, str] | None = None
) -> tuple[int, list[dict[str, Any]], str]:
    """Exit code, the lines of stderr as objects, and stdout."""
    done = subprocess.run(
        [sys.executable, "-m", "scanner", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
    )
    return done.returncode, [json.loads(line) for line in done.stderr.splitlines()], done.stdout


@pytest.fixture
def place(tmp_path: Path) -> Path:
    write_list(tmp_path / "lists")
    folder = tmp_path / "in"
    folder.mkdir()
    broken = Payment("BAD", amount="EUR12X,")
    (folder / f"{IBAN}.fin").write_bytes(rje([Payment("GOOD"), broken]))
    return tmp_path


def test_a_night_is_told_in_objects_without_personal_data(place: Path) -> None:
    json_log = {"SCANNER_LOG_FORMAT": "json"}
    lists = ("lists", "update", "--from", "lists", "--date", "2024-05-03", "-w", "w")
    code, lines, _ = scanner(*lists, cwd=place, env=json_log)
    assert (code, lines[-1]["event"]) == (0, "note")
    code, lines, out = scanner("scan", "in", "-w", "w", "--log-format", "json", cwd=place)
    assert code == 4
    assert out == ""
    assert [line["event"] for line in lines[-2:]] == ["scan_ended", "failed"]
    stages = [line["stage"] for line in lines if line["event"] == "stage"]
    assert stages[0] == "hash"
    assert {"read", "screen", "score", "publish"} <= set(stages)
    ended, failed = lines[-2:]
    assert (ended["messages"], ended["rejected"], ended["level"]) == (1, 1, "info")
    assert (failed["exit_code"], failed["error"]) == (4, "TooManyRejectedError")
    for line in lines:
        assert line["time"].endswith("+00:00")
        assert IBAN not in json.dumps(line)
        assert "ORBITEX" not in json.dumps(line)


def test_errors_of_every_kind_are_objects_and_hide_accounts(place: Path) -> None:
    (place / "w").mkdir()
    code, (line,), _ = scanner("--log-format", "json", "scan", "-w", "w", cwd=place)
    assert (code, line["exit_code"], line["level"]) == (2, 2, "error")
    code, lines, _ = scanner("scan", f"in/{IBAN}.fin", "-w", "w", "--log-format", "json", cwd=place)
    assert (code, lines[-1]["error"]) == (5, "IntegrityError")
    mapped = ("--mapping", f"{IBAN}.toml")
    (place / mapped[1]).write_text("nonsense")
    code, lines, _ = scanner("--log-format", "json", "ingest", "in", *mapped, cwd=place)
    assert (code, lines[-1]["exit_code"]) == (2, 2)
    assert "acct:" in lines[-1]["where"]
    assert IBAN not in json.dumps(lines)


def test_an_unforeseen_error_tells_its_kind_and_place_but_not_its_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from scanner.cli import diagnostics

    monkeypatch.setattr(diagnostics._log, "form", diagnostics.LogFormat.JSON)
    try:
        int(f"ORBITEX {IBAN}")
    except ValueError as error:
        diagnostics.report_error(error)
    line = json.loads(capsys.readouterr().err)
    assert (line["error"], line["exit_code"]) == ("ValueError", 1)
    assert line["where"].startswith("test_log_format.py:")
    assert "ORBITEX" not in json.dumps(line)
    assert IBAN not in json.dumps(line)


def test_words_hide_accounts_as_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from scanner.cli import diagnostics

    diagnostics.hide_accounts_with(tmp_path)
    diagnostics.report_error(IntegrityError(f"account {IBAN}", where=IBAN, hint=f"see {IBAN}"))
    diagnostics.note(f"read {IBAN}.fin")
    told = capsys.readouterr().err
    assert IBAN not in told
    assert told.count(tokens_of(tmp_path).of(IBAN)) == 4


@pytest.mark.parametrize(
    "text",
    [
        IBAN,
        "DE89 3704 0044 0532 0130 00",
        "NO9386011117947",
        "GB29NWBK60161331926819",
        "account 0532013000, closed",
        "1234567890123456",
    ],
)
def test_accounts_become_tokens(text: str) -> None:
    tokens = AccountTokens(b"k" * 32)
    hidden = tokens.hide(text)
    assert "acct:" in hidden
    assert not any(len(part) >= 8 and part.isdigit() for part in hidden.split())


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24T22:00:00.123+00:00",
        "20261124",
        "run 000001-6041ad1e",
        "9bd74a59a24ca8bff3e9fa6a2322f53d5b0a6ac02a21879ccc5c1aadd54cc3b6",
        "250000000 messages",
        "0b1f5c1e-7f0a-4a7e-9f64-4d5f0f6d9c11",
        "SDN.CSV shrank from 14499 to 12 entries",
        "LIST OF MANY WORDS THAT ARE NONE",
    ],
)
def test_what_is_no_account_stays(text: str) -> None:
    assert AccountTokens(b"k" * 32).hide(text) == text


def test_a_token_depends_on_the_account_and_the_key_alone() -> None:
    one, other = AccountTokens(b"1" * 32), AccountTokens(b"2" * 32)
    assert one.of("DE89 3704 0044 0532 0130 00") == one.of("DE89370400440532013000")
    assert one.of("DE89370400440532013000") != one.of("DE89370400440532013001")
    assert one.of("DE89370400440532013000") != other.of("DE89370400440532013000")


def test_the_key_is_the_owners_alone_and_one_that_others_can_read_is_refused(
    tmp_path: Path,
) -> None:
    token = tokens_of(tmp_path).of(IBAN)
    key = tmp_path / KEY_FILE
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert tokens_of(tmp_path).of(IBAN) == token
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]
    key.chmod(0o640)
    with pytest.raises(IntegrityError, match="read by others"):
        tokens_of(tmp_path)
    key.chmod(0o600)
    key.write_bytes(b"short")
    with pytest.raises(IntegrityError, match="damaged"):
        tokens_of(tmp_path)
    assert tokens_of(None).of(IBAN) != tokens_of(None).of(IBAN)


def test_of_a_workspace_only_the_snapshot_is_for_others_to_read(place: Path) -> None:
    """Whatever the shell's umask: all else that holds names and accounts is the owner's alone."""
    os_umask = "import os, sys, runpy; os.umask(0); sys.argv = ['scanner', *{}]; "
    run = "runpy.run_module('scanner', run_name='__main__')"
    for arguments in (
        ["lists", "update", "--from", "lists", "--date", "2024-05-03", "-w", "w"],
        ["scan", "in", "-w", "w", "--max-rejected", "10"],
        ["alerts", "publish", "-w", "w"],
    ):
        done = subprocess.run(
            [sys.executable, "-c", os_umask.format(arguments) + run],
            cwd=place,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
    open_to_others = {
        str(path.relative_to(place)): stat.S_IMODE(path.stat().st_mode)
        for path in [place / "w", *(place / "w").rglob("*")]
        if path.stat().st_mode & 0o077
    }
    assert open_to_others == {"w": 0o750, "w/exposure.duckdb": 0o444}

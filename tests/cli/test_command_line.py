"""Every command has help and examples, a current page, and errors with their exit codes."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from scanner.cli.app import COMMANDS, cli

ROOT = Path(__file__).parent.parent.parent


def all_commands() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(cli, info_name="scanner", help_option_names=["-h", "--help"])
    waiting: list[tuple[str, click.Command]] = [("scanner", cli)]
    while waiting:
        path, command = waiting.pop()
        yield path, command
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                child = command.get_command(context, name)
                assert child is not None
                waiting.append((f"{path} {name}", child))


@pytest.mark.parametrize(
    ("path", "command"), list(all_commands()), ids=lambda v: v if isinstance(v, str) else ""
)
def test_every_command_has_help_with_two_examples(path: str, command: click.Command) -> None:
    assert command.help, path
    assert "Examples:" in command.help, path
    examples = command.help.split("Examples:")[1].strip().splitlines()
    assert len(examples) >= 2, path
    assert all("scanner" in line for line in examples), path


def test_the_short_help_of_the_group_names_every_command() -> None:
    text = cli.get_help(click.Context(cli, info_name="scanner", help_option_names=["-h", "--help"]))
    assert [name for name in COMMANDS if name not in text] == []


def scanner(
    *arguments: str, cwd: Path, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scanner", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
    )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's workspace, made once as a user makes it."""
    folder = tmp_path_factory.mktemp("demo")
    done = scanner("demo", "--into", "demo", cwd=folder)
    assert done.returncode == 0, done.stderr
    for words in ("payments read", "rejected", "alerts", "report"):
        assert words in done.stdout
    assert "nanobind" not in done.stderr
    return folder


def test_the_demos_next_commands_work(demo: Path) -> None:
    shown = scanner("demo", "--into", "demo", cwd=demo).stdout
    commands = [line.strip() for line in shown.splitlines() if line.startswith("  scanner ")]
    assert len(commands) == 3
    import shlex

    for command in commands:
        done = scanner(*shlex.split(command)[1:], cwd=demo)
        assert done.returncode == 0, (command, done.stderr)
        assert "nanobind" not in done.stderr
    assert (demo / "report.html").read_text("utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("scan",), 2, "Missing argument"),
        (("scan", "nothing-here", "-w", "demo"), 2, "no file found"),
        (("scan", "x", "-w", "no-workspace"), 2, "no workspace"),
        (("nonsense",), 2, "No such command"),
        (("sql", "delete from scores", "-w", "demo"), 2, ""),
        (("sql", "select * from read_csv('/etc/passwd')", "-w", "demo"), 2, ""),
        (("explain", "NO-SUCH-REFERENCE", "-w", "demo"), 2, ""),
    ],
)
def test_errors_have_their_exit_code_and_say_what_to_do(
    demo: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = scanner(*arguments, cwd=demo)
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_a_scan_prints_one_json_line_last_and_counts_the_same_file_once(demo: Path) -> None:
    sample = ROOT / "sample_data"
    # The demo ran with the settings of the sample's bank; others would be another context.
    (demo / "scanner.toml").write_text((sample / "scanner.toml").read_text("utf-8"), "utf-8")
    side = (
        "--customers",
        str(sample / "customers.csv"),
        "--ownership",
        str(sample / "ownership.csv"),
    )
    first = scanner("scan", str(sample / "payments"), "-w", "demo", "--json", *side, cwd=demo)
    assert first.returncode == 0, first.stderr
    summary = json.loads(first.stdout.splitlines()[-1])
    assert summary["already_done"]
    count = scanner(
        "sql", "select count(*) n from transactions", "-w", "demo", "--format", "csv", cwd=demo
    )
    assert count.stdout.splitlines() == ["n", str(summary["transactions"])]


def test_fail_on_and_max_rejected_have_their_exit_codes(demo: Path, tmp_path: Path) -> None:
    sample = str(ROOT / "sample_data" / "payments")
    reached = scanner("scan", sample, "-w", "demo", "--fail-on", "escalate", cwd=demo)
    assert reached.returncode == 3, reached.stderr
    (tmp_path / "notes.txt").write_text("no message")
    rejected = scanner("scan", str(tmp_path), "-w", "demo", cwd=demo)
    assert rejected.returncode == 4, rejected.stderr
    allowed = scanner("scan", str(tmp_path), "-w", "demo", "--max-rejected", "100%", cwd=demo)
    assert allowed.returncode == 0, allowed.stderr


def test_a_tampered_list_stops_the_scan_with_exit_5(demo: Path, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "w"
    shutil.copytree(demo / "demo", copy)
    (found,) = copy.glob("lists/OFAC-SDN/undated-*/names.parquet")
    found.chmod(0o600)
    with found.open("r+b") as file:
        file.seek(40)
        file.write(b"\0\0\0\0")
    done = scanner("scan", str(ROOT / "sample_data" / "payments"), "-w", str(copy), cwd=tmp_path)
    assert done.returncode == 5, done.stderr


def test_doctor_finds_nothing_in_the_demo_and_fails_on_a_changed_run(
    demo: Path, tmp_path: Path
) -> None:
    import shutil

    assert scanner("doctor", "-w", "demo", cwd=demo).returncode == 0
    copy = tmp_path / "w"
    shutil.copytree(demo / "demo", copy)
    found = next(copy.glob("runs/*/scores.parquet"))
    found.write_bytes(b"changed")
    done = scanner("doctor", "-w", str(copy), cwd=tmp_path)
    assert done.returncode == 5
    assert "scores.parquet was changed" in done.stdout


def test_the_settings_file_and_the_environment_reach_the_commands(tmp_path: Path) -> None:
    assert scanner("init", cwd=tmp_path).returncode == 0
    assert scanner("init", cwd=tmp_path).returncode == 2
    shown = scanner("config", "show", cwd=tmp_path, env={"SCANNER_WORKERS": "2"}).stdout
    assert any(line.split() == ["workers", "2", "SCANNER_WORKERS"] for line in shown.splitlines())
    (tmp_path / "scanner.toml").write_text("treshold = 1\n")
    assert scanner("config", "validate", cwd=tmp_path).returncode == 2

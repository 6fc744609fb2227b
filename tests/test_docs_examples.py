"""The examples for schedulers do what they say: their lines are parsed, their commands run.

Their folder `/srv/scanner` is replaced by one of the test; cron, systemd and
Airflow themselves are used where they are installed.
"""

import configparser
import re
import shutil
import subprocess
import sys
import types
from datetime import date
from pathlib import Path
from typing import Any, Self

import pytest

from scanner.errors import ExitCode
from tests.pipeline.conftest import write_list
from tests.pipeline.payments import Payment, rje

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "docs" / "examples"
PLACE = "/srv/scanner"
LISTED_PARTY = ("OOO TARVEKSIM RADAR ZAVOD", "UL MIRA 1", "MOSCOW RU")
_TIME_FIELD = re.compile(r"\*|[0-9]+(?:-[0-9]+)?(?:,[0-9]+(?:-[0-9]+)?)*(?:/[0-9]+)?")
_FIELD_LIMITS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """What the examples expect under /srv/scanner, with a payment that must alert."""
    made = tmp_path / "srv"
    (made / "bin").mkdir(parents=True)
    (made / "log").mkdir()
    command = made / "bin" / "scanner"
    command.write_text(
        f'#!/bin/sh\nexport PYTHONPATH="{ROOT}"\nexec "{sys.executable}" -m scanner "$@"\n'
    )
    command.chmod(0o755)
    write_list(made / "lists")
    (made / "in" / today()).mkdir(parents=True)
    payments = [Payment("QUIET"), Payment("LISTED", creditor=LISTED_PARTY)]
    (made / "in" / today() / "day.fin").write_bytes(rje(payments))
    (made / "workspace").mkdir()
    return made


def today() -> str:
    return subprocess.check_output(["date", "+%F"], text=True).strip()


def moved(text: str, place: Path) -> str:
    return text.replace(PLACE, str(place))


def ran(command: str, env: dict[str, str], cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "-c", command], env=env, cwd=cwd, check=False, capture_output=True, text=True
    )


def test_the_crontab_is_in_order_and_its_commands_run(place: Path, tmp_path: Path) -> None:
    env: dict[str, str] = {}
    commands: list[str] = []
    for line in (EXAMPLES / "scanner.crontab").read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        setting = re.fullmatch(r"([A-Z_]+)=(\S*)", line)
        if setting:
            env[setting[1]] = moved(setting[2], place)
            continue
        *times, command = line.split(None, 5)
        assert len(times) == 5
        for field, (least, most) in zip(times, _FIELD_LIMITS, strict=True):
            assert _TIME_FIELD.fullmatch(field), line
            assert all(least <= int(n) <= most for n in re.findall(r"[0-9]+", field)), line
        assert not re.search(r"(?<!\\)%", command), "cron ends a command at a bare percent sign"
        commands.append(moved(command.replace("\\%", "%"), place))
    assert len(commands) == 3
    for command in commands:
        done = ran(command, env, tmp_path)
        assert done.returncode == 0, (command, done.stderr)
    assert (place / "workspace" / "exposure.duckdb").is_file()
    log = (place / "log" / "scan.jsonl").read_text("utf-8")
    assert '"event": "scan_ended"' in log
    if shutil.which("crontab"):
        subprocess.run(["crontab", "-T", EXAMPLES / "scanner.crontab"], check=True)


class _Unit(configparser.RawConfigParser):
    """A unit file; a key that comes again is kept as a list of lines."""

    def __init__(self, path: Path) -> None:
        super().__init__(strict=False, comment_prefixes=("#",), delimiters=("=",))
        self.optionxform = str  # type: ignore[assignment,method-assign]
        self.read_string(path.read_text("utf-8"))
        self.environment = dict(
            value.split("=", 1)
            for value in re.findall(r"^Environment=(.*)$", path.read_text("utf-8"), re.MULTILINE)
        )


def _as_systemd(line: str, place: Path) -> str:
    return moved(line, place).replace("%%", "%").replace("$$", "$")


def test_the_service_runs_and_its_exit_codes_are_those_of_the_program(place: Path) -> None:
    unit = _Unit(EXAMPLES / "scanner-scan.service")
    service = unit["Service"]
    env = {name: moved(value, place) for name, value in unit.environment.items()}
    assert service["WorkingDirectory"] == PLACE
    before = ran(_as_systemd(service["ExecStartPre"], place), env, place)
    assert before.returncode == 0, before.stderr
    done = ran(_as_systemd(service["ExecStart"], place), env, place)
    assert done.returncode == 3, done.stderr
    assert "3" in service["SuccessExitStatus"].split()
    assert service["Restart"] == "on-failure"
    stops = {ExitCode(int(code)) for code in service["RestartPreventExitStatus"].split()}
    assert ExitCode.LOCKED not in stops, "another process: try again"
    assert stops == {ExitCode.USAGE, ExitCode.TOO_MANY_REJECTED, ExitCode.INTEGRITY}
    timer = _Unit(EXAMPLES / "scanner-scan.timer")
    assert timer["Timer"]["Unit"] == "scanner-scan.service"


def test_systemd_finds_nothing_wrong_with_the_units(place: Path, tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    for name in ("scanner-scan.service", "scanner-scan.timer"):
        text = moved((EXAMPLES / name).read_text("utf-8"), place).replace("User=scanner\n", "")
        (tmp_path / name).write_text(text)
    units = [tmp_path / "scanner-scan.timer", tmp_path / "scanner-scan.service"]
    done = subprocess.run(
        ["systemd-analyze", "verify", *units], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


class _Recorder:
    """Stands for Airflow's DAG and operator: keeps what it was given, and the order."""

    tasks: list["_Recorder"]

    def __init__(self, **given: Any) -> None:
        self.given = given
        type(self).tasks.append(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def __rshift__(self, other: "_Recorder") -> "_Recorder":
        assert self.tasks.index(self) < self.tasks.index(other)
        return other


def test_the_airflow_dag_loads_and_its_commands_run(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Dag(_Recorder):
        tasks: list[_Recorder] = []  # noqa: RUF012 - one for this test

    class Operator(_Recorder):
        tasks: list[_Recorder] = []  # noqa: RUF012

    for name, content in (
        ("airflow", {"DAG": Dag}),
        ("airflow.operators", {}),
        ("airflow.operators.bash", {"BashOperator": Operator}),
    ):
        module = types.ModuleType(name)
        module.__dict__.update(content)
        monkeypatch.setitem(sys.modules, name, module)
    path = EXAMPLES / "scanner_airflow.py"
    exec(compile(path.read_text("utf-8"), str(path), "exec"), {"__name__": "dag"})
    (dag,) = Dag.tasks
    env = {k: moved(v, place) for k, v in dag.given["default_args"]["env"].items()}
    codes = []
    for task in Operator.tasks:
        command = moved(task.given["bash_command"], place).replace("{{ ds }}", today())
        assert "{{" not in command
        done = ran(command, env, place)
        assert done.returncode in (0, task.given.get("skip_on_exit_code")), done.stderr
        codes.append((task.given["task_id"], done.returncode))
    assert codes == [("lists", 0), ("scan", 3), ("verify", 0)]
    assert dag.given["start_date"].date() >= date(2026, 1, 1)


def test_the_page_names_every_example() -> None:
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    missing = [p.name for p in EXAMPLES.iterdir() if f"examples/{p.name}" not in page]
    assert missing == []

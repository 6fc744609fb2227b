"""What docs/sql.md tells a reader to type works as it stands there."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from scanner.cli.app import cli
from tests.report.published import publish_world

PAGE = (Path(__file__).parent.parent / "docs" / "sql.md").read_text("utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("scanner ")
]
PYTHON = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "workspace").mkdir()
    publish_world(tmp_path / "workspace")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_there_are_commands_and_code_to_judge() -> None:
    assert len(COMMANDS) >= 5
    assert len(PYTHON) == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_page_works(command: str, place: Path) -> None:
    result = CliRunner().invoke(cli, shlex.split(command)[1:])
    assert result.exit_code == 0, result.stderr
    assert result.stdout or (place / "banks.csv").read_text("utf-8").count("\n") >= 3


def test_the_python_of_the_page_works(place: Path) -> None:
    found: dict[str, object] = {}
    exec(compile(PYTHON[0], "docs/sql.md", "exec"), found)
    assert len(found["worst"]) == 3  # type: ignore[arg-type]
    assert found["banks"].height == 3  # type: ignore[attr-defined]
    assert found["scores"].num_rows == 5  # type: ignore[attr-defined]

"""Every command in README and docs runs as written, in one workspace, in order."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
RUN_BY_ITSELF = {
    "make test": "this very suite is what it runs",
    "make check": "CI runs it",
    "make bench": "the long form of tests/bench",
    "make chaos": "the long form of the chaos test",
    "make fuzz": "the long form of the fuzz test",
}
"""Commands that a test cannot run inside the suite, and why."""


def commands_of(page: Path) -> list[str]:
    blocks = _BLOCK.findall(page.read_text("utf-8"))
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [line.removeprefix("$ ").strip() for line in lines if line.startswith("$ ")]


def environment(tmp_path: Path) -> dict[str, str]:
    """A `scanner` on the path that is this very code, whatever is installed."""
    folder = tmp_path / "bin"
    folder.mkdir()
    command = folder / "scanner"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m scanner "$@"\n')
    command.chmod(0o755)
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}


@pytest.mark.parametrize(
    "page", [p for p in PAGES if commands_of(p)], ids=lambda p: str(p.relative_to(ROOT))
)
def test_the_commands_of_a_page_run_as_written(page: Path, tmp_path: Path) -> None:
    env = environment(tmp_path)
    place = tmp_path / "checkout"
    place.mkdir()
    for name in ("sample_data", "models", "Makefile", "pyproject.toml"):
        (place / name).symlink_to(ROOT / name)
    if page.name != "README.md":
        for command in commands_of(ROOT / "README.md"):
            if command.startswith(("scanner lists update", "scanner scan")):
                subprocess.run(
                    command, shell=True, check=True, cwd=place, env=env, capture_output=True
                )
    for command in commands_of(page):
        if command in RUN_BY_ITSELF:
            continue
        made = command
        if command.startswith("make "):
            ready = tmp_path / "ready"
            ready.touch()
            made += f" READY={ready} BIN={tmp_path / 'bin'}"
        done = subprocess.run(
            made, shell=True, check=False, cwd=place, env=env, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


def test_the_readme_begins_with_its_two_commands() -> None:
    assert commands_of(ROOT / "README.md")[:2] == ["make demo", "make test"]


def test_links_between_pages_lead_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\(([^)#]+)", page.read_text("utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []

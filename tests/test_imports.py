"""What `scanner --help` may not load, and that every import contract names real modules."""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
HEAVY = ("duckdb", "sklearn", "skops", "polars", "pyarrow", "numpy")


def test_help_loads_no_heavy_library() -> None:
    code = (
        "import sys\n"
        "from scanner.cli.app import main\n"
        "try:\n    main(['--help'])\n"
        "except SystemExit as end:\n    assert end.code == 0, end.code\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stderr.strip() == "[]"
    assert "scan" in done.stdout


def test_every_package_is_under_an_import_contract() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    layers = config["tool"]["importlinter"]["contracts"][0]["layers"]
    named = {part.strip().removeprefix("scanner.") for layer in layers for part in layer.split("|")}
    folder = ROOT / "scanner"
    present = {
        path.stem
        for path in folder.iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").is_file()) and path.stem != "__pycache__"
    }
    assert present - {"__init__", "__main__"} == named

"""`scanner init`: a `scanner.toml` that shows every setting."""

import dataclasses
import json
from pathlib import Path

import click


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path())
def command(folder: Path) -> None:
    """Write scanner.toml with every setting at its default; never overwrites.

    \b
    Examples:
      scanner init
      scanner init /srv/scanner
    """
    from scanner.cli.diagnostics import note
    from scanner.errors import UsageError
    from scanner.settings import CONFIG_FILE, Settings

    path = folder / CONFIG_FILE
    lines = ["# Settings of scanner. Flags and SCANNER_* variables stand above this file.", ""]
    for field in dataclasses.fields(Settings):
        value = list(field.default) if isinstance(field.default, tuple) else field.default
        lines += [f"# {field.metadata['meaning']}", f"# {field.name} = {json.dumps(value)}", ""]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write("\n".join(lines))
    except FileExistsError:
        raise UsageError(
            "there is a settings file already", where=str(path), hint="edit or remove it"
        ) from None
    except OSError as error:
        raise UsageError("the settings file cannot be written", where=str(error)) from error
    note(f"wrote {path}")

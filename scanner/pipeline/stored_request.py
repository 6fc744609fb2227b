"""What a finished run was asked, its side files and its date of knowledge, to ask it again."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from scanner.errors import UsageError
from scanner.manifest import Manifest
from scanner.pipeline.plan import ScanRequest
from scanner.pipeline.run_account import SIDE_FILE_PATHS


def with_side_files(manifest: Manifest, request: ScanRequest) -> ScanRequest:
    """The request with side files that are not given and still lie where the run had them."""
    places = manifest.execution.get(SIDE_FILE_PATHS, {})
    found: dict[str, Any] = {
        name: Path(places[name])
        for name in manifest.side_files.keys() - request.side_files().keys()
        if name in places and Path(places[name]).is_file()
    }
    return replace(request, **found)


def require_equal_request(manifest: Manifest, request: ScanRequest) -> None:
    """The result must not change for want of a file that the earlier run had."""
    lacking = set(manifest.side_files) - set(request.side_files())
    if lacking:
        options = ", ".join(f"--{name}" for name in sorted(lacking))
        raise UsageError(
            f"run {manifest.run_id} was made with {options}", hint="give the current file again"
        )
    as_of = request.as_of.isoformat() if request.as_of else None
    if manifest.as_of != as_of:
        told = f"--as-of {manifest.as_of}" if manifest.as_of else "without --as-of"
        raise UsageError(f"run {manifest.run_id} was made {told}", hint="do it the same way")

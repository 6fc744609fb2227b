"""Reading again what was rejected: the same files with a newer program, or corrected ones.

The whole file is read again and its new rows stand for all the old ones, so that
nothing of it stands twice; the earlier run stays, as evidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from scanner.errors import UsageError
from scanner.manifest import InputFile, Manifest
from scanner.pipeline.plan import Progress, ScanRequest
from scanner.pipeline.run_store import stored_runs
from scanner.pipeline.scan import ScanSummary, scan
from scanner.pipeline.stored_request import require_equal_request, with_side_files
from scanner.pipeline.workspace import Workspace, sha256_of_file
from scanner.settings import Settings
from scanner.warehouse.readonly import Snapshot


@dataclass(frozen=True)
class Retry:
    """What will be read again.

    Attributes:
        files: Where each file is read now, and what it was when pieces of it were rejected.
        missing: Files with rejected pieces that are not there any more.
    """

    files: tuple[tuple[Path, InputFile], ...]
    missing: tuple[str, ...]

    @property
    def rejected(self) -> int:
        """Pieces that were rejected of the files."""
        return sum(was.rejected for _, was in self.files)


def find_retries(
    workspace: Workspace, rejected_ids: Sequence[str], corrected: Path | None
) -> tuple[Retry, list[Manifest]]:
    """Find the files that rejected pieces came from, and the runs that read them.

    Args:
        workspace: Where the runs lie.
        rejected_ids: Beginnings of `rejected_id`; none for all.
        corrected: Corrected file, or folder of files of the same names; files that it does
            not hold are left alone. None reads the files where they were.

    Raises:
        UsageError: An identifier is unknown, or a corrected file could stand for two.
    """
    workspace.require()
    wanted = _hashes_of(workspace, rejected_ids) if rejected_ids else None
    found: list[tuple[Path, InputFile]] = []
    missing: set[str] = set()
    manifests = []
    for run in stored_runs(workspace.runs):
        rejected = {
            item.sha256
            for item in run.manifest.inputs
            if item.rejected and item.sha256 not in run.superseded
        }
        chosen = rejected if wanted is None else rejected & wanted
        if chosen:
            manifests.append(run.manifest)
        # Files of equal bytes are replaced together: all of them must be there.
        for sha256 in sorted(chosen):
            items = [item for item in run.manifest.inputs if item.sha256 == sha256]
            paths = [_place(item, corrected) for item in items]
            gone = [i.path for i, p in zip(items, paths, strict=True) if not p.is_file()]
            if gone:
                missing |= set(gone)
            else:
                found += zip(paths, items, strict=True)
    if corrected is not None:
        _refuse_ambiguous(found)
    return Retry(tuple(found), tuple(sorted(missing))), manifests


def _hashes_of(workspace: Workspace, rejected_ids: Sequence[str]) -> set[str]:
    hashes: set[str] = set()
    with Snapshot.open(workspace.snapshot) as snapshot:
        for rejected_id in rejected_ids:
            rows = snapshot.rows(
                "SELECT DISTINCT source_sha256 FROM rejected WHERE starts_with(rejected_id, ?)",
                [rejected_id],
            )
            if not rows:
                raise UsageError(
                    f"no rejected piece matches {rejected_id!r}",
                    hint="see `scanner rejected list`",
                )
            hashes |= {str(row[0]) for row in rows}
    return hashes


def _place(item: InputFile, corrected: Path | None) -> Path:
    if corrected is None:
        return Path(item.path)
    return corrected / Path(item.path).name if corrected.is_dir() else corrected


def _refuse_ambiguous(found: Sequence[tuple[Path, InputFile]]) -> None:
    taken: dict[Path, InputFile] = {}
    for path, item in found:
        other = taken.setdefault(path, item)
        if other.sha256 != item.sha256:
            raise UsageError(
                "a corrected file could stand for two",
                where=f"{path}: {other.path}, {item.path}",
                hint="name the rejected pieces of one of them",
            )


def retry(
    found: Retry,
    manifests: Sequence[Manifest],
    request: ScanRequest,
    settings: Settings,
    *,
    today: date,
    progress: Progress,
) -> ScanSummary:
    """Read the files again in a new run that stands for them from now on.

    Args:
        found: What to read.
        manifests: The runs that read the files before.
        request: Side files, where they are not at their old place, and date; what to read is
            filled in.
        settings: The effective settings.
        today: The business date.
        progress: Told the stage and how far it is.

    Raises:
        UsageError: Nothing to read, or a side file that the earlier runs had is gone.
    """
    if not found.files:
        raise UsageError(
            "nothing to read again",
            where=", ".join(found.missing),
            hint="bring the files back, or give --corrected",
        )
    for manifest in manifests:
        request = with_side_files(manifest, request)
    for manifest in manifests:
        require_equal_request(manifest, request)
    replaced = {was.sha256 for path, was in found.files if sha256_of_file(path) != was.sha256}
    asked = replace(
        request,
        sources=tuple(dict.fromkeys(str(path) for path, _ in found.files)),
        instead_of=tuple(sorted(replaced)),
        force=True,
    )
    return scan(asked, settings, today=today, progress=progress)

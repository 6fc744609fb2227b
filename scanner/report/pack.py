"""An evidence pack: one zip that a person elsewhere can check without this bank's systems.

It holds the page of the alert, its evidence as data, the raw messages of the
payment, the rows of the lists, the acts on the alert and the run's manifest, with
a hash of each. `verify` checks hashes, and beyond them that the parts agree: the
evidence hash follows from the evidence, each mark stands where the field says, and
each hit's list entry is there.

Pure: values in, bytes out; equal evidence gives equal bytes.
"""

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scanner.errors import UsageError
from scanner.report.explanation import Explanation, evidence_digest
from scanner.report.raw_message import RawMessage

PACK_SCHEMA = 1
_EPOCH = (1980, 1, 1, 0, 0, 0)
_FILES_MAX = 2_000
_FILE_BYTES_MAX = 256 << 20
_PACK_BYTES_MAX = 1 << 30
# What the zip and JSON readers raise on damaged or hostile bytes: damaged streams, encrypted
# members, unknown methods, impossible offsets, wrong kinds of values.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
)
_README = """Evidence pack of one alert.

alert.html      the evidence for people; open it in any browser, it loads nothing
evidence.json   the same as data
messages/       the raw messages of the payment, as they lay in the source
lists.json      the rows of the list entries that were met, and the list versions
decisions.json  the acts on the alert
run.json        the manifest of the run that raised the alert, where it was at hand
manifest.json   what belongs to this pack, with a SHA-256 of each file
SHA256SUMS      the same hashes for `sha256sum -c SHA256SUMS`

`scanner verify-pack FILE` checks all of it, offline. An indicator is a reason to
look, never a finding of a violation.
"""


@dataclass(frozen=True)
class Check:
    """One thing that was checked, and how it stands."""

    what: str
    holds: bool
    seen: str = ""


def make_pack(
    explanation: Explanation,
    *,
    evidence_json: str,
    page: str,
    raw: Iterable[RawMessage],
    lists: Mapping[str, list[Mapping[str, Any]]],
    lists_json: str,
    decisions_json: str,
    run_manifest: str | None,
) -> bytes:
    """Put a pack together.

    Args:
        explanation: The evidence.
        evidence_json: The evidence as JSON text.
        page: The alert's page.
        raw: The raw messages of the payment.
        lists: Rows of the list tables for the hits' entries.
        lists_json: The same as JSON text.
        decisions_json: Acts on the alert as JSON text.
        run_manifest: The run's manifest as it lies in the workspace.

    Returns:
        A zip file.

    Raises:
        UsageError: The payment has no alert.
    """
    if explanation.alert is None or explanation.score is None:
        raise UsageError("the payment has no alert to pack", where=explanation.key)
    files = {
        "README.txt": _README.encode(),
        "alert.html": page.encode(),
        "evidence.json": evidence_json.encode(),
        "lists.json": lists_json.encode(),
        "decisions.json": decisions_json.encode(),
    }
    if run_manifest is not None:
        files["run.json"] = run_manifest.encode()
    missing = {}
    for message in raw:
        if message.data is None:
            missing[message.message_id] = message.why_missing
        else:
            files[f"messages/{message.message_id}.bin"] = message.data
    manifest = {
        "schema": PACK_SCHEMA,
        "alert_id": explanation.alert["alert_id"],
        "transaction_id": explanation.transaction["transaction_id"],
        "evidence_sha256": explanation.evidence_sha256(),
        "run_id": explanation.score["run_id"],
        "model_version": explanation.score["model_version"],
        "list_versions": [
            {"list": row["list"], "version": row["version"], "sha256": row["sha256"]}
            for row in lists["list_versions"]
        ],
        "messages_missing": missing,
        "files": {
            name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
            for name, data in sorted(files.items())
        },
    }
    files["manifest.json"] = json.dumps(manifest, indent=1, sort_keys=True).encode()
    files["SHA256SUMS"] = "".join(
        f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())
    ).encode()
    return _zipped(files)


def _zipped(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            archive.writestr(info, data)
    return packed.getvalue()


def verify(pack: bytes) -> list[Check]:
    """Check a pack from an untrusted place, without any other file.

    Returns:
        What was checked, in order; the pack holds if every check does.
    """
    try:
        files = _unpacked(pack)
        manifest = json.loads(files["manifest.json"])
        listed = {str(name): dict(facts) for name, facts in manifest["files"].items()}
    except _UNREADABLE as error:
        return [Check("it is an evidence pack", False, f"{type(error).__name__}: {error}")]
    checks = [Check("it is an evidence pack", manifest.get("schema") == PACK_SCHEMA)]
    there = set(files) - {"manifest.json", "SHA256SUMS"}
    odd = sorted(there ^ set(listed))
    checks.append(Check("it holds the files that it names and no other", not odd, ", ".join(odd)))
    for name in sorted(there & set(listed)):
        agrees = hashlib.sha256(files[name]).hexdigest() == listed[name].get("sha256")
        checks.append(Check(f"{name} is as packed", agrees))
    checks.append(Check("SHA256SUMS agrees", files.get("SHA256SUMS") == _sums(files)))
    if all(check.holds for check in checks):
        checks += _agreements(files, manifest)
    return checks


def _sums(files: Mapping[str, bytes]) -> bytes:
    lines = [
        f"{hashlib.sha256(data).hexdigest()}  {name}\n"
        for name, data in sorted(files.items())
        if name != "SHA256SUMS"
    ]
    return "".join(lines).encode()


def _unpacked(pack: bytes) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        entries = archive.infolist()
        if len(entries) > _FILES_MAX or sum(e.file_size for e in entries) > _PACK_BYTES_MAX:
            raise zipfile.BadZipFile("too many or too large files")
        for entry in entries:
            name = entry.filename
            parts = name.split("/")
            if name in files or name.startswith("/") or ".." in parts or "\\" in name:
                raise zipfile.BadZipFile(f"a name that no pack holds: {name!r}")
            with archive.open(entry) as file:
                # The size that an entry claims is not to be believed.
                data = file.read(_FILE_BYTES_MAX + 1)
            if len(data) > _FILE_BYTES_MAX or len(data) != entry.file_size:
                raise zipfile.BadZipFile(f"a wrong size: {name!r}")
            files[name] = data
    return files


def _agreements(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> list[Check]:
    try:
        evidence = json.loads(files["evidence.json"])
        lists = json.loads(files["lists.json"])
        acts = json.loads(files["decisions.json"])
        return [
            Check(
                "the evidence hash follows from the evidence",
                evidence_digest(evidence) == manifest["evidence_sha256"],
            ),
            Check(
                "the evidence is of the alert that the pack names",
                evidence["alert"]["alert_id"] == manifest["alert_id"]
                and evidence["transaction"]["transaction_id"] == manifest["transaction_id"],
            ),
            _marks_hold(evidence),
            _entries_are_there(evidence, lists),
            _messages_are_there(evidence, files, manifest),
            Check(
                "every act is on this alert",
                all(act["alert_id"] == manifest["alert_id"] for act in acts),
            ),
            _run_agrees(files, manifest),
        ]
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        return [Check("the parts can be read", False, f"{type(error).__name__}: {error}")]


def _marks_hold(evidence: Mapping[str, Any]) -> Check:
    wrong = [
        hit["number"]
        for hit in evidence["hits"]
        if hit["is_marked"] and not any(_marks(field, hit) for field in evidence["fields"])
    ]
    return Check("each mark stands where its field says", not wrong, ", ".join(wrong))


def _marks(field: Mapping[str, Any], hit: Mapping[str, Any]) -> bool:
    matched, span = hit["row"]["matched_text"], hit["row"]["span"]
    text = "".join(piece["text"] for piece in field["pieces"])
    marked = "".join(p["text"] for p in field["pieces"] if hit["number"] in p["findings"])
    right_place = field["field_path"] == hit["row"]["field_path"]
    # A hit on the message's header has no span: the mark alone says where it stands.
    in_span = not span or field["label"] in ("sender", "receiver") or text[slice(*span)] == matched
    return right_place and marked == matched and in_span


def _entries_are_there(evidence: Mapping[str, Any], lists: Mapping[str, Any]) -> Check:
    there = {row["entry_id"] for row in lists["list_entries"]}
    gone = {hit["row"]["entry_id"] for hit in evidence["hits"] if hit["entry"] is not None} - there
    return Check("each hit's list entry is there", not gone, ", ".join(sorted(gone)))


def _messages_are_there(
    evidence: Mapping[str, Any], files: Mapping[str, bytes], manifest: Mapping[str, Any]
) -> Check:
    missing = manifest["messages_missing"]
    message = evidence["message"]
    name = f"messages/{message['message_id']}.bin"
    if name in files:
        right = len(files[name]) == message["byte_length"]
        return Check("the raw message is there, whole", right)
    why = str(missing.get(message["message_id"], "not named"))
    return Check("the raw message is there, or the pack says why not", why != "not named", why)


def _run_agrees(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> Check:
    what = "the run's manifest is that of the alert's run"
    if "run.json" not in files:
        return Check(what, True, "not in the pack")
    return Check(what, json.loads(files["run.json"])["run_id"] == manifest["run_id"])

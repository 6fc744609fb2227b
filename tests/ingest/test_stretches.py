"""Parts of a file that are cut apart give the pieces of the file that is cut in one go."""

import hashlib
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.ingest import Limits
from scanner.ingest.containers import Cutter, Piece, cut
from scanner.ingest.stretches import Survey, survey
from tests.ingest.test_mutated_messages import mutated
from tests.pipeline.payments import Payment, rje

ONE = rje([Payment("ONE")]).rstrip()
ACK = b"{1:F21QQBBTRISAXXX0000000001}{4:{177:2408151200}{451:0}}"
PIECES = st.lists(
    st.sampled_from(
        [ONE, ONE, ONE[:90], ONE[40:], ACK, ACK + ONE, b"\r\n$\r\n", b"{1:F01", b"{1:F21", b"-}",
         b"\x01", b"\x03\x00", b" UNUSUAL REASON ", b"{5:{CHK:1}}", b":20:X\r\n", b"\xff\xfe"]
    ),
    max_size=30,
).map(b"".join)  # fmt: skip


def surveyed(path: Path, **limits: int) -> Survey:
    return survey(path, Limits(**limits), with_parts=True)


def cut_apart(content: bytes, borders: Sequence[tuple[int, int]]) -> list[Piece]:
    return [
        piece
        for start, end in borders
        for piece in Cutter(offset=start).feed(content[start:end], final=True)
    ]


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.ingest.stretches.CHUNK_BYTES", 700)


@settings(max_examples=200, deadline=None)
@given(PIECES)
def test_parts_are_cut_as_the_whole(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("parts") / "in.fin"
    path.write_bytes(ONE + content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scanner.ingest.stretches.CHUNK_BYTES", 300)
        found = surveyed(path)
    assert found.sha256 == hashlib.sha256(ONE + content).hexdigest()
    assert found.byte_length == len(ONE + content)
    if found.borders:
        assert cut_apart(ONE + content, found.parts()) == cut(ONE + content)


def test_damaged_messages_are_cut_as_in_the_whole(tmp_path: Path, small_chunks: None) -> None:
    rng = random.Random(4)
    whole = [ACK + ONE, ONE, ONE.replace(b"ONE", b"TWO")]
    content = b"\r\n$\r\n".join([ONE, *mutated(rng, whole, 400)]).replace(b"<", b"")
    (tmp_path / "in.fin").write_bytes(content)
    found = surveyed(tmp_path / "in.fin")
    assert len(found.parts()) > 20
    assert found.borders[-1] == len(content)
    assert cut_apart(content, found.parts()) == cut(content)


@pytest.mark.parametrize(
    ("content", "limits"),
    [
        (b"<a>" + ONE * 20, {}),
        (ONE * 10 + b"<!-- x -->" + ONE * 10, {}),
        (b"PK\x03\x04" + ONE * 20, {}),
        (ONE.decode().encode("utf-16") * 20, {}),
        (ONE.decode().encode("cp037") * 20, {}),
        (ONE + b"X" * 5000 + ONE * 20, {"message_bytes": 4000}),
        (ONE * 20, {"message_bytes": 800}),
        (ONE * 20, {"file_bytes": 2000}),
        (ONE, {}),
        (b"", {}),
        (b"no message", {}),
        (ACK * 60, {}),
    ],
)
def test_what_could_be_cut_otherwise_has_no_parts(
    content: bytes, limits: dict[str, int], tmp_path: Path, small_chunks: None
) -> None:
    path = tmp_path / "in.fin"
    path.write_bytes(content)
    assert surveyed(path, **limits) == Survey(hashlib.sha256(content).hexdigest(), len(content))


def test_without_parts_only_the_hash_is_made(tmp_path: Path, small_chunks: None) -> None:
    path = tmp_path / "in.fin"
    path.write_bytes(ONE * 20)
    found = survey(path, Limits(), with_parts=False)
    assert found == Survey(hashlib.sha256(ONE * 20).hexdigest(), len(ONE * 20))

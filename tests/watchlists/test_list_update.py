"""Taking lists in: what is refused, what stays, and that a version is whole or not there."""

import gzip
import json
import os
import zipfile
from datetime import date
from pathlib import Path

import pytest

from scanner import watchlists
from scanner.errors import ExitCode, IntegrityError, UsageError
from scanner.watchlists import Limits, versions
from tests.watchlists.list_samples import alt_row, plain_sdn, sdn_file, sdn_row, write


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store whose active list holds 200 entries."""
    store = tmp_path / "store"
    watchlists.update(write(tmp_path / "good", sdn_csv=plain_sdn(200)), store)
    return store


def active_entries(store: Path) -> list[str]:
    ids: list[str] = watchlists.load(store).list_entries["entry_id"].to_pylist()
    return ids


WHOLE = plain_sdn(200)
BAD_FILES = {
    "truncated": (WHOLE[: len(WHOLE) * 2 // 3 + 3], "ends inside a row"),
    "cut in the first row": (WHOLE[:20], "layout of none"),
    "half written": (WHOLE[: len(WHOLE) // 2] + b"\x00" * 4096, "null characters"),
    "empty": (b"", "empty"),
    "blank": (b"\r\n\x1a\r\n", "empty"),
    "web page": (b"<!DOCTYPE html><html><body>502 Bad Gateway</body></html>", "web page"),
    "web page with a comment": (b"\n<!-- x -->\n<HTML lang='en'>", "web page"),
    "UTF-16": (WHOLE.decode("cp1252").encode("utf-16"), "wrong encoding"),
    "UTF-16 without mark": (WHOLE.decode("cp1252").encode("utf-16-le"), "wrong encoding"),
    "UTF-8": (
        sdn_file(sdn_row(n, f"POLAR {n}") for n in range(200)).rstrip(b"\x1a")
        + '999,"ŞİRKET",-0- ,"SDGT",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n'.encode(),
        "wrong encoding",
    ),
    "shrunk": (plain_sdn(150), "shrank from 200 to 150"),
    "mangled": (
        WHOLE[:5000] + WHOLE[5000:].replace(b',"RUSSIA-EO14024"', b"", 20),
        "rows of OFAC-SDN cannot be read",
    ),
    "another layout": (b"hs_code;tier\n8542.31;1\n", "layout of none"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_refused_and_the_active_version_stays(
    store: Path, tmp_path: Path, name: str
) -> None:
    data, reason = BAD_FILES[name]
    before = {p: p.read_bytes() for p in store.rglob("*") if p.is_file()}
    with pytest.raises(IntegrityError, match=reason) as refused:
        watchlists.update(write(tmp_path / "bad", sdn_csv=data), store)
    assert refused.value.exit_code == ExitCode.INTEGRITY
    assert "the active version stays" in refused.value.what
    assert "sdn.csv" in refused.value.where
    assert {p: p.read_bytes() for p in store.rglob("*") if p.is_file()} == before


def test_a_packed_file_that_is_cut_off_is_refused(store: Path, tmp_path: Path) -> None:
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "sdn.csv.gz").write_bytes(gzip.compress(plain_sdn(300))[:-20])
    with pytest.raises(IntegrityError, match="damaged or cut off"):
        watchlists.update(folder, store)


def test_a_list_under_its_minimum_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "new", sdn_csv=plain_sdn(20))
    with pytest.raises(IntegrityError, match="20 entries, expected at least 10000"):
        watchlists.update(
            folder, tmp_path / "store", limits=Limits(min_entries={"OFAC-SDN": 10_000})
        )
    assert versions.read_active(tmp_path / "store") == {}


def test_a_larger_shrink_can_be_allowed(store: Path, tmp_path: Path) -> None:
    folder = write(tmp_path / "new", sdn_csv=plain_sdn(100))
    watchlists.update(folder, store, limits=Limits(max_shrink_share=0.6))
    assert len(active_entries(store)) == 100


def test_losing_the_aliases_of_the_active_version_is_refused(tmp_path: Path) -> None:
    aliases = sdn_file(alt_row(n, n, "aka", f"ALIAS {n}") for n in range(1, 50))
    full = write(tmp_path / "full", sdn_csv=plain_sdn(200), alt_csv=aliases)
    poor = write(tmp_path / "poor", sdn_csv=plain_sdn(205))
    for path in poor.iterdir():
        os.utime(path, (4e9, 4e9))
    store = tmp_path / "store"
    watchlists.update(full, store)
    with pytest.raises(IntegrityError, match="lacks the alternate part"):
        watchlists.update(poor, store)


def test_one_refused_list_does_not_hold_back_another(tmp_path: Path) -> None:
    folder = write(tmp_path / "mixed", sdn_csv=plain_sdn(50), cons__prim_csv=b"")
    (folder / "cons__prim.csv").rename(folder / "cons_prim.csv")
    with pytest.raises(IntegrityError, match="empty") as refused:
        watchlists.update(folder, tmp_path / "store")
    assert "OFAC-SDN" in refused.value.where
    assert len(active_entries(tmp_path / "store")) == 50


def test_the_same_files_again_change_nothing(store: Path, tmp_path: Path) -> None:
    before = sorted(p.relative_to(store).as_posix() for p in store.rglob("*"))
    key = watchlists.load(store).sha256
    [facts] = watchlists.update(tmp_path / "good", store)
    assert sorted(p.relative_to(store).as_posix() for p in store.rglob("*")) == before
    assert (facts.is_active, watchlists.load(store).sha256) == (True, key)


@pytest.mark.parametrize("packed", ["SDN.CSV", "sdn.csv.gz", "SdnList.zip"])
def test_packed_files_and_other_cases_are_the_same_list(tmp_path: Path, packed: str) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    data = plain_sdn(30)
    if packed.endswith(".zip"):
        with zipfile.ZipFile(folder / packed, "w") as archive:
            archive.writestr("../../SDN.csv", data)
    else:
        (folder / packed).write_bytes(gzip.compress(data) if packed.endswith("gz") else data)
    store = tmp_path / "store"
    [facts] = watchlists.update(folder, store)
    assert facts.entry_count == 30
    plain = tmp_path / "plain"
    [same] = watchlists.update(write(plain, sdn_csv=data), tmp_path / "other")
    assert facts.sha256 == same.sha256
    assert not list(tmp_path.glob("*.csv"))


def test_a_folder_without_lists_is_a_usage_error(tmp_path: Path) -> None:
    folder = write(tmp_path / "none", README_txt=b"nothing here")
    with pytest.raises(UsageError, match="no list file"):
        watchlists.update(folder, tmp_path / "store")


def test_two_files_for_one_part_are_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "two", sdn_csv=plain_sdn(10), sdn_new_csv=plain_sdn(11))
    with pytest.raises(IntegrityError, match="two files stand for the primary part"):
        watchlists.update(folder, tmp_path / "store")


def test_older_versions_join_the_history_and_do_not_become_active(tmp_path: Path) -> None:
    store = tmp_path / "store"
    watchlists.update(
        write(tmp_path / "new", sdn_csv=plain_sdn(100)), store, loaded_on=date(2024, 5, 3)
    )
    old = tmp_path / "old"
    old.mkdir()
    for day, count in (("2022-02-24", 60), ("2023-02-24", 80)):
        (old / f"sdn.{day}.csv.gz").write_bytes(gzip.compress(plain_sdn(count)))
    facts = watchlists.update(old, store)
    assert [(f.version_date, f.is_active) for f in facts] == [
        (date(2022, 2, 24), False),
        (date(2023, 2, 24), False),
    ]
    assert [f.entry_count for f in watchlists.history(store, "OFAC-SDN")] == [60, 80, 100]
    assert len(active_entries(store)) == 100


def test_a_killed_update_leaves_whole_versions_only(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = active_entries(store)
    folder = write(tmp_path / "new", sdn_csv=plain_sdn(220))

    def killed(folder: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(versions, "_sync_all", killed)
    with pytest.raises(KeyboardInterrupt):
        watchlists.update(folder, store)
    assert active_entries(store) == before
    assert watchlists.verify(store) == []
    monkeypatch.undo()
    watchlists.update(folder, store)
    assert len(active_entries(store)) == 220


@pytest.mark.parametrize("name", ["entries.parquet", "names.parquet", "raw/primary.csv.gz"])
def test_a_changed_file_is_found(store: Path, name: str) -> None:
    [facts] = watchlists.history(store, "OFAC-SDN")
    path = store / "OFAC-SDN" / facts.version / name
    path.write_bytes(path.read_bytes() + b"\n")
    assert watchlists.verify(store) == [f"OFAC-SDN {facts.version}: {name} was changed"]
    if name.endswith(".parquet"):
        with pytest.raises(IntegrityError, match="changed after it was loaded"):
            watchlists.load(store)


def test_missing_and_added_files_are_found(store: Path) -> None:
    [facts] = watchlists.history(store, "OFAC-SDN")
    folder = store / "OFAC-SDN" / facts.version
    (folder / "rejected.jsonl").unlink()
    (folder / "extra.txt").write_text("x", encoding="utf-8")
    assert [fault.split(": ")[1] for fault in watchlists.verify(store)] == [
        "rejected.jsonl is missing",
        "extra.txt was added",
    ]


def test_a_store_without_lists_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(IntegrityError, match="no list is loaded") as refused:
        watchlists.load(tmp_path)
    assert "lists update" in refused.value.hint


def test_status_gives_the_age_of_dated_lists_only(tmp_path: Path) -> None:
    store = tmp_path / "store"
    watchlists.update(
        write(tmp_path / "new", sdn_csv=plain_sdn(10)), store, loaded_on=date(2024, 5, 3)
    )
    [status] = watchlists.status(store, date(2024, 5, 13))
    assert (status.list, status.entry_count, status.age_days) == ("OFAC-SDN", 10, 10)
    other = tmp_path / "undated"
    watchlists.update(tmp_path / "new", other)
    [status] = watchlists.status(other, date(2024, 5, 13))
    assert status.age_days is None


def test_rejected_rows_are_kept_beside_the_version(tmp_path: Path) -> None:
    store = tmp_path / "store"
    folder = write(
        tmp_path / "new",
        sdn_csv=plain_sdn(10),
        alt_csv=sdn_file([alt_row(1, 1, "aka", "A"), alt_row(77, 2, "aka", "B")]),
    )
    [facts] = watchlists.update(folder, store)
    assert (facts.rows_read, facts.rejected_count, facts.unreadable_count) == (12, 1, 0)
    kept = (store / "OFAC-SDN" / facts.version / "rejected.jsonl").read_text(encoding="utf-8")
    assert json.loads(kept) == {
        "code": "unmatched",
        "file": "alt.csv",
        "reason": "entry 77 is not in the primary file",
        "row": 2,
    }


def test_a_date_given_later_to_the_active_files_counts(store: Path, tmp_path: Path) -> None:
    [facts] = watchlists.update(tmp_path / "good", store, loaded_on=date(2024, 5, 3))
    assert facts.is_active
    [status] = watchlists.status(store, date(2024, 5, 4))
    assert (status.version_date, status.age_days) == (date(2024, 5, 3), 1)


def test_the_files_are_kept_as_they_were_found(store: Path) -> None:
    [facts] = watchlists.history(store, "OFAC-SDN")
    kept = store / "OFAC-SDN" / facts.version / "raw" / "primary.csv.gz"
    assert gzip.decompress(kept.read_bytes()) == plain_sdn(200)


def test_a_version_has_the_same_bytes_wherever_it_is_made(store: Path, tmp_path: Path) -> None:
    watchlists.update(tmp_path / "good", tmp_path / "again")
    [one], [other] = (watchlists.history(s, "OFAC-SDN") for s in (store, tmp_path / "again"))
    assert one.hashes == other.hashes
    assert one.version == other.version


@pytest.mark.parametrize("data", [b"<html><body>502</body></html>", b"a,b\n1,2\n", b""])
def test_a_file_that_a_person_names_must_be_a_list(
    store: Path, tmp_path: Path, data: bytes
) -> None:
    (tmp_path / "content").write_bytes(data)
    with pytest.raises(IntegrityError):
        watchlists.update(tmp_path / "content", store)
    (tmp_path / "content").write_bytes(plain_sdn(210))
    [facts] = watchlists.update(tmp_path / "content", store)
    assert facts.entry_count == 210

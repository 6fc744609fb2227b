"""Kept answers only save work: hits are equal with and without, after any change of the lists."""

import random
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from scanner.schema import TABLES
from scanner.screening import (
    Basis,
    Index,
    basis_of,
    kept_answers,
    name_answers,
    open_index,
    prepare,
    screen,
    text_answers,
)
from scanner.screening.candidates import most_of
from scanner.screening.kept_answers import AnswerStore
from scanner.screening.matcher import CANDIDATES
from scanner.screening.name_answers import answer_names
from scanner.screening.queries import query_of
from scanner.screening.training import ListPart
from scanner.simulate.world import coined_name
from scanner.warehouse import Warehouse

Entry = dict[str, Any]
FORMS = ("OOO", "AO", "LLC", "")


def invented_entry(rng: random.Random, number: int) -> Entry:
    is_person = rng.random() < 0.3
    words = [f"{coined_name(rng)}{coined_name(rng)}".upper() for _ in range(rng.randint(1, 3))]
    name = (
        f"{words[0]}, {' '.join(words[1:]) or coined_name(rng)}" if is_person else " ".join(words)
    )
    return {
        "entry_id": f"OFAC-SDN:{number}",
        "type": "individual" if is_person else "entity",
        "names": [(f"{name} {'' if is_person else rng.choice(FORMS)}".strip(), "primary")],
        "countries": [rng.choice(("RU", "BY", "AE"))],
    }


def changed_list(rng: random.Random, entries: Sequence[Entry]) -> list[Entry]:
    """Entries removed, added, renamed, with an alias more or less, with another country."""
    made = []
    for entry in entries:
        chance = rng.random()
        if chance < 0.015:
            continue
        new = {**entry, "names": list(entry["names"])}
        if chance < 0.02:
            new["names"] = [(new["names"][0][0].replace("A", "O", 1), "primary")]
        elif chance < 0.025:
            new["names"].append((f"{coined_name(rng)} {coined_name(rng)}".upper(), "strong"))
        elif chance < 0.03:
            new["countries"] = ["TR"]
        elif chance < 0.035:
            new["names"] = [(new["names"][0][0], "weak")]
        made.append(new)
    made += [invented_entry(rng, 5000 + rng.randrange(4000)) for _ in range(len(entries) // 200)]
    twin = rng.choice(made)
    made.append({**twin, "entry_id": f"OFAC-SDN:{9000 + rng.randrange(900)}"})
    unique = list({entry["entry_id"]: entry for entry in made}.values())
    rng.shuffle(unique)
    return unique


def tables(entries: Sequence[Entry]) -> ListPart:
    rows = [
        {
            "entry_id": e["entry_id"], "list": "OFAC-SDN", "entry_name": e["names"][0][0],
            "entry_type": e["type"], "programs": ["RUSSIA-EO14024"], "measure": "blocking",
            "eo14024_blocked": True, "section_11_remark": True, "listed_on": date(2023, 5, 19),
            "countries": e["countries"],
        }
        for e in entries
    ]  # fmt: skip
    names = [
        {"entry_id": e["entry_id"], "list": "OFAC-SDN", "name": name, "quality": quality}
        for e in entries
        for name, quality in e["names"]
    ]
    return ListPart(
        pa.Table.from_pylist(rows, TABLES["list_entries"].arrow_schema),
        pa.Table.from_pylist(names, TABLES["list_names"].arrow_schema),
        TABLES["list_identifiers"].arrow_schema.empty_table(),
    )


def damaged(rng: random.Random, name: str) -> str:
    letters = list(name.replace(",", ""))
    for _ in range(rng.randrange(3)):
        letters[rng.randrange(len(letters))] = rng.choice("AEOKLMRST ")
    return "".join(letters)


def hits(
    lists: ListPart, index: Index, names: Sequence[str], texts: Sequence[str], answers: Path | None
) -> list[tuple[Any, ...]]:
    def table(name: str, rows: list[dict[str, Any]]) -> pa.Table:
        return pa.Table.from_pylist(rows, TABLES[name].arrow_schema)

    transaction = {
        "transaction_id": "m-1", "message_id": "m", "ordinal": 1, "message_type": "MT103",
        "kind": "customer_transfer", "value_date": date(2024, 8, 15),
    }  # fmt: skip
    parties = [
        {
            "transaction_id": "m-1", "role": "creditor", "ordinal": i, "is_agent": False,
            "field_path": f"59[{i}]", "raw": name, "name": name, "country": "RU",
        }
        for i, name in enumerate(names, 1)
    ]  # fmt: skip
    free = [
        {
            "transaction_id": "m-1", "kind": "remittance_information", "ordinal": i, "text": text,
            "field_path": f"70[{i}]",
        }
        for i, text in enumerate(texts, 1)
    ]  # fmt: skip
    with Warehouse() as warehouse:
        for name, data in (
            ("transactions", table("transactions", [transaction])),
            ("parties", table("parties", parties)),
            ("texts", table("texts", free)),
            ("list_entries", lists.list_entries),
        ):
            warehouse.create(TABLES[name])
            warehouse.append(name, data)
        warehouse.create(TABLES["list_versions"])
        screen(warehouse, index, name_threshold=0.5, text_threshold=0.6, answers=answers)
        return warehouse.rows("SELECT * FROM hits ORDER BY ALL")


class World:
    """A list in four states, names and texts near to both, and the basis of the first."""

    def __init__(self, seed: int, folder: Path) -> None:
        rng = random.Random(seed)
        old = [invented_entry(rng, 100 + i) for i in range(500)]
        states = [old, changed_list(rng, old)]
        states.append(changed_list(rng, states[1]))
        # Half of it goes, and more namesakes come than are compared with a name.
        namesake = rng.choice(states[2])
        states.append(
            [
                *(entry for entry in states[2] if rng.random() < 0.5),
                *({**namesake, "entry_id": f"OFAC-SDN:{20000 + i}"} for i in range(15)),
                namesake,
            ]
        )
        states[3] = list({entry["entry_id"]: entry for entry in states[3]}.values())
        self.lists = [tables(entries) for entries in states]
        self.basis: Basis = basis_of(self.lists[0])
        self.indices = []
        for i, lists in enumerate(self.lists):
            prepare(lists, None, folder / f"index-{i}", basis=self.basis)
            self.indices.append(open_index(folder / f"index-{i}"))
        listed = [name for entries in states for e in entries for name, _ in e["names"]]
        self.names = [damaged(rng, rng.choice(listed)) for _ in range(150)]
        self.names += [invented_entry(rng, 1)["names"][0][0] for _ in range(50)]
        self.texts = [
            f"INV {rng.randrange(999)} FOR {damaged(rng, rng.choice(listed))} {rng.choice(FORMS)}"
            for _ in range(120)
        ]
        # What the changes alter is asked for as well.
        before, after = (
            {name for e in entries for name, _ in e["names"]} for entries in states[:2]
        )
        self.names += [damaged(rng, name) for name in sorted(before ^ after)]
        self.names += [damaged(rng, namesake["names"][0][0]) for _ in range(20)]
        self.texts += [f"FOR {name} ON ACCOUNT" for name in sorted(before ^ after)]

    def hits(self, state: int, answers: Path | None) -> list[tuple[Any, ...]]:
        return hits(self.lists[state], self.indices[state], self.names, self.texts, answers)


@pytest.fixture(scope="module", params=range(3))
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(request.param, tmp_path_factory.mktemp("world"))


def test_hits_are_equal_whatever_was_answered_before(world: World, tmp_path: Path) -> None:
    alone = [world.hits(state, None) for state in range(4)]
    assert alone[0] != alone[1], "the change of the lists changes nothing here"
    assert len(alone[0]) > 100
    # Forth by one change and by two, back, and again without any change.
    for state in (0, 1, 1, 2, 3, 0, 3, 2):
        assert world.hits(state, tmp_path) == alone[state], state


def test_what_was_answered_is_not_compared_again(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[int] = []

    def counting(inner: Any) -> Any:
        def counted(values: Any, *rest: Any, **named: Any) -> Any:
            compared.append(len(values))
            return inner(values, *rest, **named)

        return counted

    for module, name in ((name_answers, "_answered"), (text_answers, "answer_texts")):
        monkeypatch.setattr(module, name, counting(getattr(module, name)))
    world.hits(0, tmp_path)
    assert sum(compared) >= 300
    compared.clear()
    world.hits(0, tmp_path)
    assert sum(compared) == 0
    world.hits(1, tmp_path)
    assert 0 < sum(compared) < 200, "nearly all was compared again"


@pytest.mark.parametrize("harm", ["cut", "changed", "emptied", "removed"])
def test_a_harmed_file_is_as_good_as_none(world: World, tmp_path: Path, harm: str) -> None:
    expected = world.hits(0, tmp_path)
    for path in sorted([*tmp_path.glob("*.arrow"), *tmp_path.glob("*.hashes")]):
        if not path.exists():  # its part was found harmed, and went
            continue
        whole = path.read_bytes()
        if harm == "removed":
            path.unlink()
            assert world.hits(0, tmp_path) == expected, path.name
            continue
        middle = len(whole) // 2
        path.write_bytes(
            {
                "cut": whole[:middle],
                "changed": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
                "emptied": b"",
            }[harm]
        )
        assert world.hits(0, tmp_path) == expected, path.name


def test_few_states_are_kept_and_nothing_is_left_aside(world: World, tmp_path: Path) -> None:
    for state in (0, 1, 2):
        world.hits(state, tmp_path)
    prepare(world.lists[0], None, tmp_path / "x", basis=world.basis)
    kinds = sorted(path.name.split(".")[1] for path in tmp_path.glob("*.arrow"))
    assert kinds == sorted(["listed", "names", "texts"] * 3)
    assert not list(tmp_path.glob("*.tmp"))


def test_a_folder_that_cannot_be_written_does_not_stop_a_screening(
    world: World, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    assert world.hits(0, tmp_path / "file" / "below") == world.hits(0, None)


def test_renewed_answers_are_those_that_are_given_anew(world: World, tmp_path: Path) -> None:
    """The far candidates too, which seldom decide a hit."""

    def told(folder: Path, states: Sequence[int]) -> dict[str, list[Any]]:
        for state in states:
            index = world.indices[state]
            store = AnswerStore(folder, index)
            answer_names(sorted(set(world.names)), index, min_score=0.15, store=store)
        kept = store.of_state("names", name_answers.SCHEMA, store.state)
        assert kept is not None
        return {
            row["value"]: [
                row["nearest"][: most_of(query_of(row["value"]), CANDIDATES)], row["keys"],
                row["margins"], row["loose"], row["reasons"],
            ]
            for row in kept.to_pylist()
        }  # fmt: skip

    for number, states in enumerate([(0, 1), (0, 1, 2, 3), (3, 2), (2, 0, 3, 1)]):
        renewed = told(tmp_path / f"renewed-{number}", states)
        assert renewed == told(tmp_path / f"anew-{number}", states[-1:]), states


def test_a_screening_reads_and_writes_its_own_share_alone(world: World, tmp_path: Path) -> None:
    store = AnswerStore(tmp_path, world.indices[0])
    names = sorted(set(world.names))
    half = len(names) // 2

    def screened(asked: Sequence[str]) -> list[str]:
        before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.names.*")}
        answer_names(asked, world.indices[0], min_score=0.15, store=store)
        after = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.names.*")}
        assert before.items() <= after.items()
        return sorted(path.name.partition(".")[2] for path in after.keys() - before.keys())

    assert screened(names[:half]) == ["names.000001.arrow", "names.000001.hashes"]
    assert screened(names[:half]) == []
    assert screened(names) == ["names.000002.arrow", "names.000002.hashes"]
    kept = store.of_state("names", name_answers.SCHEMA, store.state)
    assert kept is not None
    assert sorted(kept["value"].to_pylist()) == names


def test_what_was_kept_first_goes_first_and_parts_stay_few(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_answers, "MOST_ROWS", 7)
    monkeypatch.setattr(kept_answers, "_MOST_PARTS", 3)
    store = AnswerStore(tmp_path, world.indices[0])
    names = sorted(set(world.names))[:12]
    for name in names:
        answer_names([name], world.indices[0], min_score=0.15, store=store)
        assert len(list(tmp_path.glob("*.names.*.arrow"))) <= 4
    kept = store.of_state("names", name_answers.SCHEMA, store.state)
    assert kept is not None
    values = kept["value"].to_pylist()
    assert len(values) <= 7
    assert names[-1] in values
    assert names[0] not in values

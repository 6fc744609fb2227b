"""The matcher's exam on the real list: entries that train and entries that are asked are disjoint.

Asked are listed names as families of damage write them that were made apart from
those that train. Innocents are real firms and likely persons from packages; without
them the exam is skipped. Peers answer the same questions
in the same run. The floors guard against a fall; the figures are what was measured.
"""

import hashlib
import os
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from time import process_time

import numpy as np
import pyarrow as pa
import pytest

from scanner import watchlists
from scanner.additive import PairTables
from scanner.names import name_key
from scanner.screening import Index, open_index, prepare
from scanner.screening.candidates import query_of
from scanner.screening.corruptions import FAMILIES as TRAINED
from scanner.screening.index import Lists
from scanner.screening.matcher import match
from scanner.screening.training import ListPart, train_matcher
from tests.bench.names.families import FAMILIES, TRAINED_AS, as_message
from tests.bench.names.innocents import firms, persons
from tests.bench.names.peers import folded, peers

LONG = os.environ.get("SCANNER_BENCH") == "long"
PER_FAMILY = 200 if LONG else 60
INNOCENTS = 6000 if LONG else 2000
ENTRIES = 16000 if LONG else 5000
UNFOUND = -99.0
LEAST_RECALL_AT_ONE_PERCENT = 0.80
LEAST_RECALL_AT_FIRST = 0.90

Floats = np.ndarray


def say(line: str) -> None:
    """Show a figure to who runs the exam with `-s`."""
    sys.stdout.write(line + "\n")


def is_asked(entry_id: str) -> bool:
    return hashlib.sha256(f"exam:{entry_id}".encode()).digest()[0] % 10 < 4


def training_part(lists: Lists) -> ListPart:
    """The lists without the entries that are asked."""

    def kept(table: pa.Table) -> pa.Table:
        return table.filter(pa.array([not is_asked(e) for e in table["entry_id"].to_pylist()]))

    return ListPart(kept(lists.list_entries), kept(lists.list_names), kept(lists.list_identifiers))


def questions(lists: Lists) -> list[tuple[str, str, str]]:
    """Family, damaged name and the entry that it means."""
    rng = random.Random(6)
    kinds = dict(
        zip(*(lists.list_entries[c].to_pylist() for c in ("entry_id", "entry_type")), strict=True)
    )
    rows = [
        (row["entry_id"], row["name"])
        for row in lists.list_names.to_pylist()
        if is_asked(row["entry_id"]) and len(row["name"]) >= 8 and row["quality"] != "weak"
    ]
    made = []
    for family, write in FAMILIES.items():
        found = []
        for entry_id, name in rng.sample(rows, len(rows)):
            is_person = kinds[entry_id] == "individual"
            damaged = write(as_message(name, is_person, rng), is_person, rng)
            if damaged and len(damaged) >= 5:
                found.append((family, damaged, entry_id))
            if len(found) == PER_FAMILY:
                break
        made += found
    return made


def innocents(lists: Lists) -> list[str]:
    names = [*firms(INNOCENTS // 2), *persons(INNOCENTS // 2)]
    listed = {name_key(name) for name in lists.list_names["name"].to_pylist()}
    return sorted({name for name in names if name_key(name) not in listed})


class Answers:
    """What one way of matching said: the right entry's score, whether it came first, the noise."""

    def __init__(self, right: Floats, first: Floats, noise: Floats) -> None:
        self.right, self.first, self.noise = right, first, noise

    def recall(self, innocent_share: float, chosen: Floats | slice = slice(None)) -> float:
        limit = np.quantile(self.noise, 1 - innocent_share, method="higher")
        return float((self.right[chosen] > limit).mean())

    def line(self) -> str:
        """The figures; at 0.1 percent only few innocents decide, so the short form leaves it."""
        tenth = f"at 0.1 % {self.recall(0.001):.3f}, " if LONG else ""
        return f"{tenth}at 1 % {self.recall(0.01):.3f}, recall@1 {self.first.mean():.3f}"


def ours(
    asked: Sequence[tuple[str, str, str]], wrong: Sequence[str], index: Index, tables: PairTables
) -> Answers:
    entry_ids = index.names["entry_id"].to_pylist()
    right, first = np.full(len(asked), UNFOUND), np.zeros(len(asked), np.bool_)
    seen: set[int] = set()
    queries = [query_of(name) for _, name, _ in asked]
    for found in match(queries, index, min_score=0.0, tables=tables):
        is_right = entry_ids[found.name] == asked[found.query][2]
        if found.query not in seen:
            seen.add(found.query)
            first[found.query] = is_right
        if is_right:
            right[found.query] = max(right[found.query], found.margin)
    noise = np.full(len(wrong), UNFOUND)
    for found in match([query_of(n) for n in wrong], index, min_score=0.0, tables=tables):
        noise[found.query] = max(noise[found.query], found.margin)
    return Answers(right, first, noise)


@pytest.mark.bench
def test_recall_on_entries_that_did_not_train(real_lists: Path, tmp_path: Path) -> None:
    watchlists.update(real_lists / "ofac", tmp_path / "store")
    lists = watchlists.load(tmp_path / "store")
    asked, wrong = questions(lists), innocents(lists)
    tables = train_matcher(training_part(lists), seed=1, entries=ENTRIES).tables
    prepare(lists, None, tmp_path / "index")
    index = open_index(tmp_path / "index")
    families = np.array([family for family, _, _ in asked])

    started = process_time()
    answers = ours(asked, wrong, index, tables)
    speed = (len(asked) + len(wrong)) / (process_time() - started)
    say(f"\n{len(asked)} questions, {len(wrong)} innocents, {len(index.words)} listed names")
    say(f"ours: {answers.line()}, {speed:.0f} names a CPU second")
    held_out = without_each_family(lists, asked, wrong, index) if LONG else {}
    for family in sorted(FAMILIES, key=lambda f: answers.recall(0.01, families == f)):
        chosen = families == family
        line = f"{answers.recall(0.001, chosen):.3f} {answers.recall(0.01, chosen):.3f}"
        say(f"  {family:18} {line} {held_out.get(family, '')}")
    if LONG:
        for name, line in peer_lines(asked, wrong, lists, speed):
            say(f"{name}: {line}")
    assert answers.recall(0.01) >= LEAST_RECALL_AT_ONE_PERCENT
    assert answers.first.mean() >= LEAST_RECALL_AT_FIRST


def without_each_family(
    lists: Lists, asked: Sequence[tuple[str, str, str]], wrong: Sequence[str], index: Index
) -> dict[str, str]:
    """Each family's figures where training never saw its kind of damage."""
    families = np.array([family for family, _, _ in asked])
    made = {}
    for trained_as in sorted(set(TRAINED_AS.values())):
        kept = [name for name in TRAINED if name != trained_as]
        tables = train_matcher(training_part(lists), seed=1, entries=5000, families=kept).tables
        answers = ours(asked, wrong, index, tables)
        for family, name in TRAINED_AS.items():
            if name == trained_as:
                chosen = families == family
                made[family] = (
                    f"held out: {answers.recall(0.001, chosen):.3f}"
                    f" {answers.recall(0.01, chosen):.3f}"
                )
    return made


def peer_lines(
    asked: Sequence[tuple[str, str, str]], wrong: Sequence[str], lists: Lists, our_speed: float
) -> list[tuple[str, str]]:
    """Each peer's recall, and our names per CPU second over its."""
    listed = folded(lists.list_names["name"].to_pylist())
    entry_ids = np.array(lists.list_names["entry_id"].to_pylist())
    truth = np.array([entry_id for _, _, entry_id in asked])
    made = []
    for name, peer in peers().items():
        started = process_time()
        scores, places = peer(folded([n for _, n, _ in asked]), listed)
        noise, _ = peer(folded(wrong), listed)
        speed = (len(asked) + len(wrong)) / (process_time() - started)
        first = entry_ids[places] == truth
        # Only a peer's best answer is known: the right entry counts where it is that.
        answers = Answers(np.where(first, scores, UNFOUND), first, noise)
        made.append((name, f"{answers.line()}, ours is {our_speed / speed:.0f} times as fast"))
    return made

"""The matcher's exam on the real list: entries that train and entries that are asked are disjoint.

Asked are listed names as each family of corruptions writes them. There are two kinds
of innocents. `kin` are the names of entries taken out of the index: sister firms and
relatives of listed ones, the hardest there are. `recombined` are made of halves of
two such names, so that every word is real and no firm or family is listed.
The floors guard against a fall; they are no claim that the aims are reached.
"""

import hashlib
import random
import sys
from pathlib import Path
from time import process_time

import numpy as np
import pyarrow as pa
import pytest

from scanner import watchlists
from scanner.additive import StepTables
from scanner.screening import Index, open_index, prepare
from scanner.screening.candidates import query_of
from scanner.screening.corruptions import FAMILIES, corrupted
from scanner.screening.index import Lists
from scanner.screening.matcher import Match, match
from scanner.screening.training import ListPart, train_matcher

PER_FAMILY = 150
INNOCENTS = 2000
UNFOUND = -99.0


def say(line: str) -> None:
    """Show a figure to who runs the exam with `-s`."""
    sys.stdout.write(line + "\n")


def part_of(entry_id: str) -> str:
    """Which part of the exam an entry plays: hidden, asked or trains."""
    number = hashlib.sha256(f"exam:{entry_id}".encode()).digest()[0] % 10
    return "hidden" if number < 2 else "asked" if number < 5 else "trains"


def lists_of(lists: Lists, parts: set[str]) -> ListPart:
    """The lists with the entries of these parts only."""

    def kept(table: pa.Table) -> pa.Table:
        mask = [part_of(entry_id) in parts for entry_id in table["entry_id"].to_pylist()]
        return table.filter(pa.array(mask))

    return ListPart(kept(lists.list_entries), kept(lists.list_names), kept(lists.list_identifiers))


def asked(lists: Lists) -> list[tuple[str, str, str]]:
    """Family, damaged name and the entry that it means."""
    rng = random.Random(6)
    rows = [
        (row["entry_id"], row["name"])
        for row in lists.list_names.to_pylist()
        if part_of(row["entry_id"]) == "asked" and len(row["name"]) >= 8
    ]
    return [
        (family, corrupted(name, family, rng), entry_id)
        for family in FAMILIES
        for entry_id, name in rng.sample(rows, PER_FAMILY)
    ]


def kin(lists: Lists) -> list[str]:
    """Names of entries that are not in the index, and that no entry in it bears too."""
    by_part: dict[bool, set[str]] = {True: set(), False: set()}
    for row in lists.list_names.to_pylist():
        by_part[part_of(row["entry_id"]) == "hidden"].add(row["name"])
    names = sorted(by_part[True] - by_part[False])
    return random.Random(7).sample(names, min(INNOCENTS, len(names)))


def recombined(names: list[str]) -> list[str]:
    """The first half of each name with the second half of another."""
    rng = random.Random(8)
    others = rng.sample(names, len(names))
    return [
        " ".join(a.split()[: max(1, len(a.split()) // 2)] + b.split()[len(b.split()) // 2 :])
        for a, b in zip(names, others, strict=True)
        if a != b
    ]


def best_of(names: list[str], index: Index, tables: StepTables) -> list[list[Match]]:
    """Matches of each name, the most likely first."""
    made: list[list[Match]] = [[] for _ in names]
    for found in match([query_of(name) for name in names], index, min_score=0.0, tables=tables):
        made[found.query].append(found)
    return made


@pytest.mark.bench
def test_recall_on_entries_that_did_not_train(real_lists: Path, tmp_path: Path) -> None:
    watchlists.update(real_lists / "ofac", tmp_path / "store")
    lists = watchlists.load(tmp_path / "store")
    tables = train_matcher(lists_of(lists, {"trains"}), seed=1, entries=4000).tables
    prepare(lists_of(lists, {"asked", "trains"}), None, tmp_path / "index")
    index = open_index(tmp_path / "index")
    questions = asked(lists)
    kindred = kin(lists)
    started = process_time()
    found = best_of([name for _, name, _ in questions], index, tables)
    wrong = {
        "kin": best_of(kindred, index, tables),
        "recombined": best_of(recombined(kindred), index, tables),
    }
    count = len(found) + sum(map(len, wrong.values()))
    say(f"\nnames per CPU second: {count / (process_time() - started):.0f}")
    entry_ids = index.names["entry_id"].to_pylist()
    right = np.array(
        [
            next((m.margin for m in matches if entry_ids[m.name] == entry_id), UNFOUND)
            for matches, (_, _, entry_id) in zip(found, questions, strict=True)
        ]
    )
    first = np.array(
        [
            bool(matches) and entry_ids[matches[0].name] == entry_id
            for matches, (_, _, entry_id) in zip(found, questions, strict=True)
        ]
    )
    say(f"recall@1 {first.mean():.3f}")
    families = np.array([family for family, _, _ in questions])
    recall: dict[str, float] = {}
    for kind, matches_of in wrong.items():
        noise = np.array([matches[0].margin if matches else UNFOUND for matches in matches_of])
        tenth, one = np.quantile(noise, [0.999, 0.99], method="higher")
        recall[kind] = float((right > one).mean())
        say(f"{kind}: at 0.1 % {(right > tenth).mean():.3f}, at 1 % {recall[kind]:.3f}")
        shown = sorted(
            ((right > one)[families == f].mean(), (right > tenth)[families == f].mean(), f)
            for f in FAMILIES
        )
        for at_one, at_tenth, family in shown:
            at_first = first[families == family].mean()
            say(f"  {family:14} {at_tenth:.3f} {at_one:.3f} recall@1 {at_first:.3f}")
    assert first.mean() > 0.9
    assert recall["kin"] > 0.35
    assert recall["recombined"] > recall["kin"]

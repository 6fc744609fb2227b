"""A run brought up to date with changed lists has the bytes of one made whole, whatever changed.

Two nights of an invented bank, whose payers and payees come again, are screened with a list, then
with a list in which entries came and went, were renamed, got or lost aliases, identifiers,
addresses, programs and owned firms; what is found again is compared with whole scans. The long
form (SCANNER_BENCH=long) tries many such lists.
"""

import os
import random
import shutil
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from scanner import watchlists
from scanner.pipeline.delta import UNTOUCHED
from scanner.pipeline.plan import ScanRequest
from scanner.pipeline.predecessor import SCREENED
from scanner.pipeline.publish import publish
from scanner.pipeline.rescreen import rescreen
from scanner.pipeline.run_store import StoredRun, stored_runs
from scanner.pipeline.scan import scan
from scanner.pipeline.workspace import Workspace
from scanner.settings import Settings
from scanner.simulate.world import coined_name
from tests.pipeline.conftest import TODAY, write_csv
from tests.pipeline.payments import Payment, rje
from tests.pipeline.test_end_to_end import OWNERSHIP
from tests.pipeline.test_snapshot_growth import shown

NULL = "-0- "
LONG = os.environ.get("SCANNER_BENCH") == "long"
SEEDS = range(12) if LONG else range(1)
TURNS = (1, 2, 3) if LONG else (1,)
STREETS = ("UL MIRA", "UL LENINA", "CICEK SOK", "SHEIKH ZAYED RD", "NARVA MNT")
BANKS = ("KLBRRUMM", "ZENTRUMM", *(f"QQ{letter}ATRIS" for letter in "ABCDEFGHIJKL"))
SUPPRESSION = ("name", "entry_id", "entry_hash", "owner", "reason", "valid_to")


@dataclass(frozen=True)
class Entry:
    """One entry of the invented list."""

    number: int
    name: str
    program: str = "RUSSIA-EO14024"
    remarks: tuple[str, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    address: str | None = None
    is_section_11: bool = True


@dataclass
class World:
    """Firms that pay each other, some of them listed, and what the list may say of them."""

    rng: random.Random
    firms: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.firms = [self.name() for _ in range(90)]
        self.addresses = [f"{s} {self.rng.randrange(1, 90)}" for s in STREETS for _ in range(12)]
        self.codes = [
            *(f"Registration ID {self.rng.randrange(10**9, 10**10)}" for _ in range(6)),
            *(f"SWIFT/BIC {bank}" for bank in BANKS[:3]),
            "Tax ID No. 7701234511 (Russia)", "Website www.zarvelon.ru",
        ]  # fmt: skip

    def name(self) -> str:
        words = (coined_name(self.rng) for _ in range(3))
        return "{}{} {}".format(*words).upper()

    def entry(self, number: int) -> Entry:
        name = self.rng.choice(self.firms) if self.rng.random() < 0.25 else self.name()
        return self.changed(Entry(number, name), self.rng.randrange(5))

    def changed(self, entry: Entry, what: int) -> Entry:
        rng = self.rng
        match what:
            case 0:
                codes = tuple(rng.sample(self.codes, rng.randrange(3)))
                return replace(entry, remarks=codes)
            case 1:
                quality = rng.choice(("aka", "fka"))
                alias = rng.choice((rng.choice(self.firms), coined_name(rng).upper()))
                return replace(entry, aliases=((quality, alias),) if not entry.aliases else ())
            case 2:
                place = rng.choice(self.addresses) if not entry.address else None
                return replace(entry, address=place)
            case 3:
                return replace(
                    entry, program=rng.choice(("SDGT", "RUSSIA-EO14024", "UKRAINE-EO13662"))
                )
            case 4:
                return replace(entry, is_section_11=not entry.is_section_11)
            case _:
                return replace(entry, name=entry.name.replace("A", "O", 1))

    def next(self, entries: list[Entry]) -> list[Entry]:
        made = []
        for entry in entries:
            chance = self.rng.random()
            if chance >= 0.015:
                made.append(self.changed(entry, self.rng.randrange(6)) if chance < 0.1 else entry)
        last = max(entry.number for entry in entries)
        return [*made, *(self.entry(last + n) for n in (1, 2))]

    def payments(self, first: date, count: int, prefix: str) -> list[Payment]:
        rng = self.rng
        texts = (
            "INVOICE 4711 COTTON YARN", "CONTRACT NR 77/2024 BEARINGS", "PAYMENT FOR {firm}",
            "REG {code} GOODS AS AGREED", "SEE WWW.ZARVELON.RU ORDER 12", "INN 7701234511 FOODS",
            "FFC ZENTRUMM ACC 40702810900000000001", "WHEAT AND MEDICINES FOR CLINIC",
        )  # fmt: skip
        made = []
        for n in range(count):
            debtor, creditor = rng.sample(range(len(self.firms)), 2)
            if rng.random() < 0.5:  # the same ones again and again, so that history ties them
                debtor, creditor = debtor % 8, creditor % 12 + 8
            code = rng.choice(self.codes).split()[-1]
            made.append(
                Payment(
                    f"{prefix}{n:04d}",
                    debtor=(self.firms[debtor][:35], rng.choice(self.addresses), "ISTANBUL TR"),
                    debtor_account=f"TR33000610051978645784{debtor:04d}",
                    creditor=(self.spelled(creditor), rng.choice(self.addresses), "MOSCOW RU"),
                    creditor_account=f"4070281090000000{creditor:04d}",
                    creditor_bank=f"{rng.choice(BANKS)}XXX",
                    intermediary=f"{rng.choice(BANKS)}XXX" if rng.random() < 0.2 else None,
                    text=rng.choice(texts).format(firm=rng.choice(self.firms), code=code),
                    date=f"{first + timedelta(days=rng.randrange(9)):%y%m%d}",
                    amount=f"USD{rng.randrange(900, 90000)},",
                )
            )
        return made

    def spelled(self, firm: int) -> str:
        letters = list(self.firms[firm])
        if self.rng.random() < 0.3:
            letters[self.rng.randrange(len(letters))] = self.rng.choice("AEOKLMRST")
        return "".join(letters)[:35]


def write_list(folder: Path, entries: list[Entry]) -> Path:
    folder.mkdir(parents=True)
    nothing = ",".join([NULL] * 7)
    section = "Secondary sanctions risk: See Section 11 of Executive Order 14024."
    sdn, alt, add = [], [], []
    for e in entries:
        remarks = "; ".join([*e.remarks, *([section] if e.is_section_11 else [])]) or NULL
        sdn.append(f'{e.number},"{e.name}",{NULL},"{e.program}",{nothing},"{remarks}"\r\n')
        alt += [
            f'{e.number},{i},"{q}","{name}",{NULL}\r\n' for i, (q, name) in enumerate(e.aliases)
        ]
        place = f'"{e.address}"' if e.address else NULL
        add.append(f'{e.number},1,{place},"MOSCOW","Russia",{NULL}\r\n')
    for name, rows in (("SDN.CSV", sdn), ("ALT.CSV", alt), ("ADD.CSV", add)):
        (folder / name).write_bytes("".join(rows).encode("cp1252"))
    return folder


@dataclass
class Bank:
    """A workspace, its files and its side files."""

    folder: Path
    workspace: Workspace
    sides: dict[str, Path]

    @property
    def settings(self) -> Settings:
        return Settings(workspace=str(self.workspace.root), home_bic8s=("QQBBTRIS",))

    def scan(self, name: str) -> None:
        scan(ScanRequest((str(self.folder / name),), **self.sides), self.settings, today=TODAY)  # type: ignore[arg-type]

    def whole(self, folder: Path) -> "Bank":
        """A copy in which nothing is kept of earlier screenings."""
        shutil.copytree(self.workspace.root, folder)
        copied = replace(self, workspace=Workspace(folder))
        shutil.rmtree(copied.workspace.answers)
        return copied

    def newest(self) -> list[StoredRun]:
        return stored_runs(self.workspace.runs)[-3:]


def made_bank(folder: Path, world: World, entries: list[Entry]) -> Bank:
    workspace = Workspace(folder / "w")
    workspace.create()
    watchlists.update(
        write_list(folder / "l0", entries), workspace.lists, loaded_on=date(2024, 5, 3)
    )
    for day in (1, 2, 3):
        payments = world.payments(date(2024, 8, 6 * day), 130, f"D{day}N")
        broken = b"\r\n$\r\n{1:F01BROKEN" if day == 2 else b""
        (folder / f"day{day}.fin").write_bytes(rje(payments) + broken)
    owned = [
        (e.name, f"OFAC-SDN:{e.number}", world.firms[i], "AE", share, "", "")
        for i, (e, share) in enumerate(zip(entries, (60, 30, 50), strict=False), 3)
    ]
    rule = (world.firms[0], f"OFAC-SDN:{entries[5].number}", "", "J. DOE", "another", "2027-01-01")
    sides = {
        "ownership": write_csv(folder / "shares.csv", [OWNERSHIP, *owned]),
        "suppressions": write_csv(folder / "rules.csv", [SUPPRESSION, rule]),
    }
    bank = Bank(folder, workspace, sides)
    for day in (1, 2, 3):
        bank.scan(f"day{day}.fin")
    return bank


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_brought_up_to_date_equals_what_is_made_whole(seed: int, tmp_path: Path) -> None:
    world = World(random.Random(seed))
    entries = [world.entry(92000 + i) for i in range(120)]
    bank = made_bank(tmp_path, world, entries)
    deltas: list[tuple[int, int]] = []
    for turn in TURNS:
        entries = world.next(entries)
        before = bank.newest()
        watchlists.update(
            write_list(tmp_path / f"l{turn}", entries),
            bank.workspace.lists,
            loaded_on=date(2024, 8, 20 + turn),
        )
        whole = bank.whole(tmp_path / f"whole{turn}")
        for one in (bank, whole):
            rescreen({}, one.settings, today=TODAY)
        grown = shown(bank.workspace)
        publish(bank.workspace, bank.settings, anew=True)
        assert grown == shown(bank.workspace)
        for was, made, other in zip(before, bank.newest(), whole.newest(), strict=True):
            assert made.manifest.run_id == other.manifest.run_id
            of_made, of_other = (
                {output.name: output for output in run.manifest.outputs} for run in (made, other)
            )
            differing = [name for name in of_other if of_made[name] != of_other[name]]
            assert differing == []
            assert made.manifest.sha256() == other.manifest.sha256()
            assert "affected" not in other.manifest.execution[SCREENED]
            affected = made.manifest.execution[SCREENED].get("affected")
            if affected is not None:  # else more than half of the night was touched
                deltas.append((made.place, affected))
                for name in UNTOUCHED:
                    assert made.parquet(name).samefile(was.parquet(name))
    nights = {place for place, _ in deltas}
    assert nights == {1, 2, 3} or (LONG and nights)
    assert max(affected for _, affected in deltas) > 10

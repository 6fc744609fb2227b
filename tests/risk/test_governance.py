"""Who becomes champion, and what is refused: hostile, changed, foreign and unapproved models."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skops.io
from sklearn.linear_model import LogisticRegression

from scanner.additive.artifact import CARD_FILE, MODEL_FILE, TABLES_FILE
from scanner.errors import ExitCode, IntegrityError, ScannerError, UsageError
from scanner.pipeline.simulated_world import World
from scanner.risk.features import declared
from scanner.risk.history import HISTORY_FILE, read_history
from scanner.risk.registry import (
    CHAMPION_FILE,
    faults,
    load_champion,
    load_version,
    promote,
    rollback,
    versions,
)
from scanner.risk.training import fit, write_version
from tests.risk.conftest import FACTS

ROOT = Path(__file__).parent.parent.parent
DAY = "2026-03-01"
PEOPLE = ["A. Owner", "B. Validator"]


@pytest.fixture(scope="module")
def three(world: World, small_models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry of three versions; the first is the champion."""
    folder = tmp_path_factory.mktemp("three")
    shutil.copytree(small_models / "risk", folder / "risk")
    for seed, day in ((6, "2026-02-02"), (7, "2026-02-03")):
        facts = {**FACTS, "date": day, "seed": seed}
        half = world.data.weights * np.where(np.arange(len(world.data.weights)) % seed, 1.0, 0.5)
        data = type(world.data)(
            world.data.features, world.data.labels, half, world.data.order, (), world.data.eras
        )
        write_version(folder, fit(data, seed=seed), data, facts)
    return folder


@pytest.fixture
def models(three: Path, tmp_path: Path) -> Path:
    shutil.copytree(three / "risk", tmp_path / "risk")
    return tmp_path


def _names(models: Path) -> list[str]:
    return [card["version"] for card in versions(models)]


def _won(models: Path, version: str, **change: Any) -> Path:
    champion = load_champion(models)
    verdict = {
        "champion": champion.version,
        "champion_sha256": champion.sha256,
        "challenger": version,
        "challenger_sha256": load_version(models, version).sha256,
        "passes": True,
        "because": [],
        **change,
    }
    path = models / "risk" / version / f"comparison-{champion.version}.json"
    path.write_text(json.dumps(verdict))
    return path


class _KilledError(BaseException):
    """Stands for the process's end."""


@pytest.mark.parametrize("steps", range(6))
def test_a_promotion_killed_at_any_step_was_made_or_was_not(
    models: Path, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, _ = _names(models)
    _won(models, second)
    renamed = Path.replace
    done = [0]

    def stop(path: Path, target: Path) -> Path:
        if done[0] == steps:
            raise _KilledError
        done[0] += 1
        return renamed(path, target)

    monkeypatch.setattr(Path, "replace", stop)
    with contextlib.suppress(_KilledError):
        promote(models, second, by=PEOPLE, on=DAY)
    monkeypatch.undo()
    champion = load_champion(models).version
    acts = read_history(models / "risk")
    # It is the champion as soon as the history says who made it so.
    assert champion == (second if acts else first)
    assert [c["version"] for c in versions(models) if c["champion"]] == [champion]
    if champion == first:
        promote(models, second, by=PEOPLE, on=DAY)
    assert load_champion(models).version == second
    assert rollback(models, by=PEOPLE, on=DAY) == first
    assert load_champion(models).version == first
    assert (models / "risk" / CHAMPION_FILE).read_text("utf-8").strip() == first
    assert len(read_history(models / "risk")) == 2


@pytest.mark.parametrize(
    "people",
    [[], ["A. Owner"], ["A. Owner", "A. Owner "], ["A. Owner", "a.  OWNER"], ["A. Owner", "  "]],
)
def test_one_person_is_not_two(models: Path, people: list[str]) -> None:
    second = _names(models)[1]
    _won(models, second)
    with pytest.raises(UsageError, match="two different people"):
        promote(models, second, by=people, on=DAY)
    with pytest.raises(UsageError, match="two different people"):
        rollback(models, by=people, on=DAY)


def test_a_version_that_was_not_compared_or_lost_is_not_promoted(models: Path) -> None:
    first, second, third = _names(models)
    with pytest.raises(UsageError, match="not compared"):
        promote(models, second, by=PEOPLE, on=DAY)
    for lost in ({"passes": False, "because": ["no gain"]}, {"because": ["typology T05"]}):
        _won(models, second, **lost)
        with pytest.raises(UsageError, match="not better"):
            promote(models, second, by=PEOPLE, on=DAY)
    _won(models, second, passes="yes")
    with pytest.raises(UsageError, match="not better"):
        promote(models, second, by=PEOPLE, on=DAY)
    with pytest.raises(UsageError, match="champion already"):
        promote(models, first, by=PEOPLE, on=DAY)
    # A comparison of another pair, copied under this one's name.
    _won(models, second, challenger_sha256=load_version(models, third).sha256)
    with pytest.raises(UsageError, match="other models"):
        promote(models, second, by=PEOPLE, on=DAY)
    _won(models, second).write_text("[]")
    with pytest.raises(IntegrityError, match="comparison"):
        promote(models, second, by=PEOPLE, on=DAY)
    assert load_champion(models).version == first
    assert not (models / "risk" / HISTORY_FILE).exists()


def test_rollback_goes_back_step_by_step_and_not_to_and_fro(models: Path) -> None:
    first, second, third = _names(models)
    for version in (second, third):
        _won(models, version)
        promote(models, version, by=PEOPLE, on=DAY)
        assert load_champion(models).version == version
    assert rollback(models, by=PEOPLE, on=DAY) == second
    assert rollback(models, by=PEOPLE, on=DAY) == first
    with pytest.raises(UsageError, match="no earlier champion"):
        rollback(models, by=PEOPLE, on=DAY)
    acts = read_history(models / "risk")
    assert [(act["act"], act["to"]) for act in acts] == [
        ("promote", second),
        ("promote", third),
        ("rollback", second),
        ("rollback", first),
    ]
    assert {tuple(act["by"]) for act in acts} == {tuple(PEOPLE)}
    assert [card["champion"] for card in versions(models)] == [True, False, False]
    assert set(faults(models).values()) == {""}


def test_a_champion_that_nobody_approved_is_refused(models: Path) -> None:
    _, second, third = _names(models)
    _won(models, second)
    promote(models, second, by=PEOPLE, on=DAY)
    (models / "risk" / CHAMPION_FILE).write_text(third)
    with pytest.raises(IntegrityError, match="not the one"):
        load_champion(models)


def test_a_line_moved_after_the_approval_is_refused(models: Path) -> None:
    second = _names(models)[1]
    _won(models, second)
    promote(models, second, by=PEOPLE, on=DAY)
    _edit_card(models / "risk" / second, lambda c: c["thresholds"].update(review_at=0.99))
    _edit_card(models / "risk" / second, lambda c: c["thresholds"].update(escalate_at=0.99))
    with pytest.raises(IntegrityError, match="not the one"):
        load_champion(models)


@pytest.mark.parametrize("harm", ["cut", "reorder", "rename first", "rename last"])
def test_a_changed_history_is_refused(models: Path, harm: str) -> None:
    _, second, third = _names(models)
    for version in (second, third):
        _won(models, version)
        promote(models, version, by=PEOPLE, on=DAY)
    path = models / "risk" / HISTORY_FILE
    one, two = path.read_text().splitlines()
    text = {
        "cut": two,
        "reorder": f"{two}\n{one}",
        "rename first": f"{one.replace('A. O', 'C. O')}\n{two}",
        "rename last": f"{one}\n{two.replace('A. O', 'C. O')}",
    }
    path.write_text(text[harm] + "\n")
    with pytest.raises(IntegrityError, match="history"):
        load_champion(models)
    with pytest.raises(IntegrityError, match="history"):
        rollback(models, by=PEOPLE, on=DAY)


def _edit_card(folder: Path, change: Any) -> None:
    card = json.loads((folder / CARD_FILE).read_text())
    change(card)
    (folder / CARD_FILE).write_text(json.dumps(card))


def _replace(folder: Path, name: str, data: bytes) -> None:
    """Put another file in place and let the card vouch for it."""
    (folder / name).write_bytes(data)
    _edit_card(folder, lambda card: card["files"].update({name: sha256(data).hexdigest()}))


def _edit_tables(folder: Path, change: Any) -> None:
    tables = json.loads((folder / TABLES_FILE).read_text())
    change(tables)
    _replace(folder, TABLES_FILE, json.dumps(tables).encode())


class _Hostile:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (os.system, ("touch hostile-code-has-run",))


def _hostile_type(folder: Path) -> None:
    _replace(folder, MODEL_FILE, skops.io.dumps(_Hostile()))


def _pickle(folder: Path) -> None:
    import pickle

    _replace(folder, MODEL_FILE, pickle.dumps(_Hostile()))


def _other_estimator(folder: Path) -> None:
    rng = np.random.default_rng(1)
    fitted = LogisticRegression().fit(rng.random((40, len(declared()))), np.arange(40) % 2)
    _replace(folder, MODEL_FILE, skops.io.dumps(fitted))


def _own_tables(folder: Path) -> None:
    _edit_tables(folder, lambda t: t.update(base=t["base"] - 5))


def _not_vouched(folder: Path) -> None:
    (folder / TABLES_FILE).write_text("{}")
    _edit_card(folder, lambda card: card["files"].pop(TABLES_FILE))


def _append(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


HARMS: dict[str, Any] = {
    "hostile type": _hostile_type,
    "pickle": _pickle,
    "other estimator": _other_estimator,
    "own tables": _own_tables,
    "not vouched for": _not_vouched,
    "changed tables": lambda f: _append(f / TABLES_FILE),
    "changed estimator": lambda f: _append(f / MODEL_FILE),
    "changed distribution": lambda f: _append(f / "distribution.json"),
    "no card": lambda f: (f / CARD_FILE).unlink(),
    "card is a list": lambda f: (f / CARD_FILE).write_text("[]"),
    "card is deep": lambda f: (f / CARD_FILE).write_text("[" * 100000),
    "card is huge": lambda f: (f / CARD_FILE).write_text('"' + "x" * (5 << 20) + '"'),
    "later schema": lambda f: _edit_card(f, lambda c: c.update(schema=2)),
    "no features": lambda f: _edit_card(f, lambda c: c.pop("features")),
    "other features": lambda f: _edit_card(f, lambda c: c["features"].reverse()),
    "no lines": lambda f: _edit_card(f, lambda c: c.pop("thresholds")),
    "line above one": lambda f: _edit_card(
        f, lambda c: c.update(thresholds={"review_at": 1.5, "escalate_at": 2})
    ),
    "line is no number": lambda f: _edit_card(
        f, lambda c: c["thresholds"].update(review_at=float("nan"))
    ),
    "turned sigmoid": lambda f: _edit_tables(f, lambda t: t.update(slope=-t["slope"])),
    "not finite": lambda f: _edit_tables(f, lambda t: t.update(base=float("nan"))),
    "missing not finite": lambda f: _edit_tables(
        f, lambda t: t["features"][0].update(missing=float("-inf"))
    ),
    "wrong sign": lambda f: _edit_tables(
        f,
        lambda t: [
            x.update(monotone=-x["monotone"], values=x["values"][::-1]) for x in t["features"]
        ],
    ),
}


@pytest.mark.parametrize("harm", HARMS)
def test_a_harmed_version_is_refused_and_the_others_stand(
    models: Path, harm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(models)
    first, second, third = _names(models)
    HARMS[harm](models / "risk" / second)
    found = faults(models)
    assert found[second], "it was not refused"
    assert {found[first], found[third], found[CHAMPION_FILE]} == {""}
    assert not Path("hostile-code-has-run").exists()


@pytest.mark.parametrize("harm", sorted(set(HARMS) - {"hostile type", "pickle", "other estimator"}))
def test_scoring_refuses_what_is_harmed_in_what_it_reads(models: Path, harm: str) -> None:
    """The estimator's content is not read for scoring; its hash is."""
    second = _names(models)[1]
    HARMS[harm](models / "risk" / second)
    with pytest.raises(ScannerError) as refused:
        load_version(models, second)
    assert refused.value.exit_code is ExitCode.INTEGRITY


def test_a_renamed_version_is_refused(models: Path) -> None:
    second = _names(models)[1]
    (models / "risk" / second).rename(models / "risk" / "2027-01-01-00000000")
    with pytest.raises(IntegrityError, match="name"):
        load_version(models, "2027-01-01-00000000")


@pytest.mark.parametrize("command", [["model", "verify"], ["scan", "empty.fin"]])
def test_the_command_exits_with_5(models: Path, tmp_path: Path, command: list[str]) -> None:
    first = _names(models)[0]
    _own_tables(models / "risk" / first)
    (tmp_path / "empty.fin").write_text("")
    (tmp_path / "w").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "scanner", *command, "-w", "w"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "SCANNER_MODELS": str(models)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == ExitCode.INTEGRITY, done.stderr
    assert "error:" in done.stderr

"""A small simulated world, a registry trained on it, and the demo's workspace."""

from pathlib import Path

import pytest

from scanner.pipeline.demo import run_demo, sample_settings
from scanner.pipeline.simulated_world import World, simulated_world
from scanner.risk.registry import CHAMPION_FILE
from scanner.risk.training import fit, write_version
from scanner.simulate import Plan

FACTS = {"date": "2026-01-01", "seed": 5, "label_source": "test"}


@pytest.fixture(scope="session")
def world() -> World:
    return simulated_world(Plan(seed=5, payments=3000, guilty_share=0.1))


@pytest.fixture(scope="session")
def small_models(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with one version, which is the champion; not to be changed."""
    folder = tmp_path_factory.mktemp("models")
    (folder / "risk").mkdir()
    version = write_version(folder, fit(world.data, seed=5), world.data, FACTS)
    (folder / "risk" / CHAMPION_FILE).write_text(version)
    return folder


@pytest.fixture(scope="session")
def demo_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's workspace; not to be changed."""
    folder = tmp_path_factory.mktemp("demo")
    run_demo(folder, sample_settings(folder))
    return folder

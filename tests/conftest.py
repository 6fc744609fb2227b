"""What all tests share: where the outside data lies, and how long a property may take."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"

settings.register_profile(
    "scanner",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("scanner")


@pytest.fixture(scope="session")
def real_lists() -> Path:
    """Folder of real sanctions lists, which the project does not hold."""
    folder = SHARED / "lists"
    if not folder.is_dir():
        pytest.skip("the real sanctions lists are not beside the project")
    return folder


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Folder of message files of others, which the project does not hold."""
    folder = SHARED / "corpus"
    if not folder.is_dir():
        pytest.skip("the message corpus is not beside the project")
    return folder

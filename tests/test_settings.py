"""Settings: where a value comes from, and that nothing mistyped passes."""

from pathlib import Path

import pytest

from scanner.errors import UsageError
from scanner.settings import load_settings, rejected_allowed


def test_flag_stands_above_environment_above_file(tmp_path: Path) -> None:
    (tmp_path / "scanner.toml").write_text("threads = 3\nworkers = 4\nmemory_limit_mb = 500\n")
    env = {"SCANNER_WORKERS": "5", "SCANNER_MEMORY_LIMIT_MB": "600"}
    settings, origins = load_settings(flags={"memory_limit_mb": 700}, env=env, folder=tmp_path)
    assert (settings.threads, settings.workers, settings.memory_limit_mb) == (3, 5, 700)
    source = {origin.name: origin.source for origin in origins}
    assert source["threads"] == str(tmp_path / "scanner.toml")
    assert source["workers"] == "SCANNER_WORKERS"
    assert source["memory_limit_mb"] == "command line"
    assert source["name_threshold"] == "built-in"


def test_a_mistyped_key_is_refused_with_a_suggestion(tmp_path: Path) -> None:
    (tmp_path / "scanner.toml").write_text("name_treshold = 0.4\n")
    with pytest.raises(UsageError) as refused:
        load_settings(folder=tmp_path)
    assert "name_threshold" in refused.value.hint


@pytest.mark.parametrize(
    ("text", "env"),
    [
        ("name_threshold = 'high'", {}),
        ("name_threshold = 1.5", {}),
        ("threads = 0", {}),
        ("threads = true", {}),
        ("max_rejected = 'many'", {}),
        ("max_rejected = '-1'", {}),
        ("threads = ", {}),
        ("", {"SCANNER_NAME_THRESHOLD": "0,5"}),
    ],
)
def test_a_bad_value_is_an_error_and_no_default(
    tmp_path: Path, text: str, env: dict[str, str]
) -> None:
    (tmp_path / "scanner.toml").write_text(text)
    with pytest.raises(UsageError):
        load_settings(env=env, folder=tmp_path)


def test_lists_of_codes_are_read_from_file_and_environment(tmp_path: Path) -> None:
    (tmp_path / "scanner.toml").write_text("home_bic8s = ['tstatrxx']\n")
    settings, _ = load_settings(env={"SCANNER_HOME_COUNTRIES": "tr, ae"}, folder=tmp_path)
    assert settings.home_bic8s == ("TSTATRXX",)
    assert settings.home_countries == ("TR", "AE")


def test_only_what_shapes_results_enters_the_key() -> None:
    one, _ = load_settings(flags={"threads": 1, "workspace": "a"})
    two, _ = load_settings(flags={"threads": 2, "workspace": "b"})
    three, _ = load_settings(flags={"name_threshold": 0.7})
    assert one.shaping() == two.shaping()
    assert one.shaping() != three.shaping()


@pytest.mark.parametrize(
    ("limit", "messages", "allowed"), [("1%", 250, 2), ("0", 10, 0), ("25", 3, 25), ("100%", 7, 7)]
)
def test_rejected_allowed(limit: str, messages: int, allowed: int) -> None:
    assert rejected_allowed(limit, messages) == allowed

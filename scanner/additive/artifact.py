"""A model as a folder: what it holds, and how one that is not what its card says is refused.

```
<version>/model.skops   the estimator      tables.json   its step tables
<version>/card.json     purpose, data, features, metrics, and the hashes of the other files
```
Nothing is ever unpickled: skops loads only the types named here.
"""

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from scanner.additive.pair_tables import PairTables
from scanner.additive.step_tables import StepTables
from scanner.errors import IntegrityError

TRUSTED_TYPES = (
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._SigmoidCalibration",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.frozen._frozen.FrozenEstimator",
)
"""Types beside scikit-learn's public ones that a model may hold; any other is refused."""

Tables = TypeVar("Tables", StepTables, PairTables)

MODEL_FILE, TABLES_FILE, CARD_FILE = "model.skops", "tables.json", "card.json"
CARD_SCHEMA = 1
_CARD_MAX_BYTES = 4 << 20


def save(
    folder: Path,
    estimator: Any,
    tables: StepTables | PairTables,
    card: Mapping[str, Any],
    *,
    beside: Mapping[str, str] | None = None,
    estimators: Mapping[str, Any] | None = None,
) -> None:
    """Write a model's folder, which must not exist: a version is never overwritten.

    Args:
        folder: The version's folder.
        estimator: The fitted scikit-learn estimator.
        tables: Its step tables.
        card: What the card says, besides features and hashes.
        beside: Further files of text by name; the card keeps their hashes too.
        estimators: Further estimators by the name of their file.

    Raises:
        IntegrityError: The folder exists.
    """
    import skops.io  # noqa: PLC0415 - only training needs it, scoring does not

    if folder.exists():
        raise IntegrityError("a model version is never overwritten", where=str(folder))
    aside = folder.with_name(f".{folder.name}.tmp")
    # What a killed training left behind.
    if aside.exists():
        shutil.rmtree(aside)
    aside.mkdir(parents=True)
    fitted = {MODEL_FILE: estimator, **(estimators or {})}
    for name, one in fitted.items():
        skops.io.dump(one, aside / name)
    texts = {TABLES_FILE: tables.to_json(), **(beside or {})}
    for name, text in texts.items():
        (aside / name).write_text(text + "\n", "utf-8")
    whole = {
        **card,
        "schema": CARD_SCHEMA,
        "features": list(tables.names),
        "files": {name: _sha256(aside / name) for name in (*fitted, *texts)},
    }
    (aside / CARD_FILE).write_text(json.dumps(whole, indent=1, sort_keys=True) + "\n", "utf-8")
    aside.rename(folder)


def load_card(folder: Path) -> dict[str, Any]:
    """Read a model's card and check the files that it names.

    Raises:
        IntegrityError: The card is unreadable, or a file is missing or was changed.
    """
    path = folder / CARD_FILE
    try:
        if path.stat().st_size > _CARD_MAX_BYTES:
            raise IntegrityError("a model's card is too large to be one", where=str(path))
        card: dict[str, Any] = json.loads(path.read_text("utf-8"))
        files = {str(name): str(sha256) for name, sha256 in card["files"].items()}
        card["features"] = [str(name) for name in card["features"]]
        if card["schema"] != CARD_SCHEMA:
            raise IntegrityError(f"card schema {card['schema']} is unknown", where=str(path))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise IntegrityError("a model's card cannot be read", where=f"{path}: {error}") from error
    if unnamed := {MODEL_FILE, TABLES_FILE} - set(files):
        raise IntegrityError(
            f"a model's card does not vouch for {', '.join(sorted(unnamed))}", where=str(path)
        )
    for name, expected in files.items():
        file = folder / Path(name).name
        if not file.is_file() or _sha256(file) != expected:
            raise IntegrityError(
                "a model's file is missing or was changed",
                where=str(file),
                hint="restore the version, or promote another one",
            )
    return card


def load_tables(folder: Path, features: Sequence[str] | None = None) -> StepTables:
    """Load what scoring needs, after the card's checks; neither scikit-learn nor skops.

    Raises:
        IntegrityError: The model is not what its card says, or has other features.
    """
    return _load(folder, StepTables, features)


def load_pair_tables(folder: Path, features: Sequence[str]) -> PairTables:
    """Load the tables of a model of pairs, after the same checks.

    Raises:
        IntegrityError: The model is not what its card says, or has other features.
    """
    return _load(folder, PairTables, features)


def _load(folder: Path, kind: type[Tables], features: Sequence[str] | None) -> Tables:
    card = load_card(folder)
    tables = kind.from_json((folder / TABLES_FILE).read_text("utf-8"), str(folder / TABLES_FILE))
    wanted = list(card["features"] if features is None else features)
    if list(tables.names) != wanted or list(card["features"]) != wanted:
        raise IntegrityError(
            "the model was trained on other features", where=str(folder), hint="train it again"
        )
    return tables


def load_estimator(folder: Path, name: str = MODEL_FILE) -> Any:
    """Load a scikit-learn estimator by the allow-list, after the card's checks.

    Args:
        folder: The version's folder.
        name: Its file.

    Raises:
        IntegrityError: The card does not name the file, or the file holds a type that is
            not allowed, or cannot be read.
    """
    import skops.io  # noqa: PLC0415 - only evaluation needs it

    path = folder / name
    if name not in load_card(folder)["files"]:
        raise IntegrityError("the card names no such model", where=str(path))
    try:
        unknown = set(skops.io.get_untrusted_types(file=path)) - set(TRUSTED_TYPES)
        if unknown:
            raise IntegrityError(
                f"a model holds types that are not allowed: {', '.join(sorted(unknown))}",
                where=str(path),
            )
        return skops.io.load(path, trusted=list(TRUSTED_TYPES))
    except IntegrityError:
        raise
    except Exception as error:
        raise IntegrityError("a model file cannot be read", where=f"{path}: {error}") from error


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()

"""The sample data: a small simulated world, made by one command from one seed."""

import shutil
from datetime import date
from pathlib import Path

from scanner.errors import UsageError
from scanner.simulate import Plan, simulate

SAMPLE_PLAN = Plan(
    seed=14114, payments=450, days=60, start=date(2024, 7, 1), guilty_share=0.12, dirty_share=0.3
)
README = """# Sample data

Invented by `make sample` from one seed: no firm, bank, person, account or listing here exists.
`payments/` holds SWIFT MT and ISO 20022 messages, `lists/` a sanctions list of the same world in
OFAC's CSV layout, `customers.csv` and `ownership.csv` what a bank knows beside the messages,
`dispositions.csv` an analyst's late and sometimes wrong decisions, `truth.csv` what each deal
really was (sealed: no part of the program reads it while it scans).
"""


def make_sample(folder: Path) -> None:
    """Make the sample data again; an earlier one is replaced.

    Raises:
        UsageError: The folder holds something else.
    """
    if folder.is_dir() and any(folder.iterdir()):
        if not (folder / "truth.csv").is_file():
            raise UsageError("the folder holds no sample data", where=str(folder))
        shutil.rmtree(folder)
    simulate(SAMPLE_PLAN, folder)
    (folder / "README.md").write_text(README, "utf-8")

"""The night's work as an Airflow DAG: lists, scan, proof. Copy it into the folder of DAGs.

Exit code 75 (another process works in the workspace) is retried; 3 (`--fail-on`)
marks the task as skipped, so that a person is told while the proof still runs.
"""

from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.bash import BashOperator

PLACE = "/srv/scanner"
ENVIRONMENT = {
    "PATH": f"{PLACE}/bin:/usr/bin:/bin",
    "SCANNER_WORKSPACE": f"{PLACE}/workspace",
    "SCANNER_LOG_FORMAT": "json",
}

with DAG(
    dag_id="scanner_nightly",
    schedule="0 22 * * 1-5",
    start_date=datetime(2026, 1, 1),  # noqa: DTZ001 - Airflow reads it in its own time zone
    catchup=False,
    # One at a time: a second run would only meet the lock.
    max_active_runs=1,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=10), "env": ENVIRONMENT},
) as dag:
    lists = BashOperator(
        task_id="lists",
        bash_command=f"cd {PLACE} && scanner lists update --from lists --date {{{{ ds }}}}",
    )
    scan = BashOperator(
        task_id="scan",
        bash_command=(
            f"cd {PLACE} && scanner scan in/{{{{ ds }}}} --resume --max-list-age 3"
            " --fail-on escalate --json"
        ),
        skip_on_exit_code=3,
    )
    verify = BashOperator(
        task_id="verify",
        bash_command=f"cd {PLACE} && scanner runs verify",
        trigger_rule="none_failed",
    )
    lists >> scan >> verify

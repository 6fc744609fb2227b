"""Many invented payments made inside the database, for benches of SQL."""

from scanner.warehouse import Warehouse
from tests.exposure.world import GOODS_OF_HISTORY, HASH_KEYS

_WORDS = (
    "'MICROCONTROLLERS 500 PCS INV ' || n",
    "'RENT MAY ' || n % 500",
    "'INVOICE AB-' || n % 20000 || ' TEXTILES'",
    "'SALARY'",
)


def fill(warehouse: Warehouse, payments: int, *, days: int = 90) -> None:
    """Add payments between a tenth as many parties, some with goods, Russia or a long history.

    Args:
        warehouse: Holds the empty canonical tables.
        payments: How many; every twentieth is also in the history.
        days: Over how many days they spread.
    """
    parties = max(100, payments // 10)
    warehouse.execute(
        f"""
        CREATE TABLE drawn AS
        SELECT
            n,
            't' || lpad(n::VARCHAR, 9, '0') AS transaction_id,
            DATE '2024-06-01' + (hash(n) % {days})::INTEGER AS value_date,
            hash(n, 1) % {parties} AS d,
            hash(n, 2) % {parties} AS c,
            (1000 + hash(n, 3) % 100000)::DOUBLE AS usd,
            ['DE', 'TR', 'KZ', 'AE', 'IT', 'CN', 'RU'][(hash(n, 4) % 7 + 1)::INTEGER] AS dc,
            ['DE', 'TR', 'KZ', 'AE', 'IT', 'CN', 'US'][(hash(n, 5) % 7 + 1)::INTEGER] AS cc,
            hash(n, 6) % 20 AS w
        FROM range({payments}) AS r (n)
        """
    )
    warehouse.execute(
        """
        INSERT INTO transactions BY NAME
        SELECT
            transaction_id, transaction_id AS message_id, 1 AS ordinal,
            'P-' || transaction_id AS payment_id, transaction_id AS reference,
            'MT103' AS message_type, 'customer_transfer' AS kind, value_date, 'USD' AS currency,
            usd AS amount, usd AS amount_usd, 'FIRM ' || d AS debtor_name, dc AS debtor_country,
            'ACC' || d AS debtor_account, 'FIRM ' || c AS creditor_name, cc AS creditor_country,
            'ACC' || c AS creditor_account, 'BK' || (d % 90 + 10) || dc || '22' AS debtor_agent_bic,
            'BK' || (c % 90 + 10) || cc || '22' AS creditor_agent_bic, TRUE AS is_counted
        FROM drawn
        """
    )
    warehouse.execute(
        """
        INSERT INTO messages BY NAME
        SELECT
            transaction_id AS message_id, 'f' AS source_file, 's' AS source_sha256,
            n AS byte_offset,
            1 AS byte_length, 'MT' AS format, 'MT103' AS message_type
        FROM drawn
        """
    )
    warehouse.execute(
        """
        INSERT INTO payments BY NAME
        SELECT
            payment_id, 1 AS transaction_count, ['MT103'] AS message_types, [] AS linked_by,
            transaction_id AS lead_transaction_id, 'open' AS status
        FROM transactions
        """
    )
    for role, name, country, bic in (
        ("debtor", "debtor_name", "debtor_country", "NULL"),
        ("creditor", "creditor_name", "creditor_country", "NULL"),
        ("debtor_agent", "NULL", "substr(debtor_agent_bic, 5, 2)", "debtor_agent_bic"),
        ("creditor_agent", "NULL", "substr(creditor_agent_bic, 5, 2)", "creditor_agent_bic"),
    ):
        warehouse.execute(
            f"""
            INSERT INTO parties BY NAME
            SELECT
                transaction_id, '{role}' AS role, 1 AS ordinal, {bic} IS NOT NULL AS is_agent,
                {name} AS name, {country} AS country, {bic} AS bic, '{role}' AS field_path
            FROM transactions
            """
        )
    cases = " ".join(f"WHEN w = {n} THEN {words}" for n, words in enumerate(_WORDS))
    warehouse.execute(
        f"""
        INSERT INTO texts BY NAME
        SELECT
            transaction_id, 'remittance_information' AS kind, 1 AS ordinal,
            CASE {cases} ELSE 'INVOICE ' || n || ' GOODS AND SERVICES PER CONTRACT' END AS text,
            '70' AS field_path
        FROM drawn
        """
    )
    warehouse.execute(
        """
        INSERT INTO history_transfer_facts BY NAME
        SELECT
            'h' || transaction_id AS transaction_id, 'H-' || transaction_id AS payment_id,
            value_date - 90 AS value_date, 'customer_transfer' AS kind, usd AS amount_usd,
            'ACC' || d AS debtor_key, 'ACC' || c AS creditor_key, dc AS debtor_country,
            cc AS creditor_country, ['BK' || (d % 90 + 10) || dc || '22'] AS agent_bic8s,
            CASE WHEN w = 0 THEN '1' END AS chpl_tier, dc = 'RU' AS has_russia_nexus,
            TRUE AS is_lead
        FROM drawn
        """
    )
    warehouse.execute(HASH_KEYS.format(table="history_transfer_facts"))
    warehouse.execute(GOODS_OF_HISTORY)
    warehouse.execute("DROP TABLE drawn")

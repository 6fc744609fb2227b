"""What the risk model looks at."""

from scanner.schema.declaration import Column, Table, required

FEATURES = Table(
    "features",
    "One row per transaction: what the risk model looks at; null means not known.",
    ("transaction_id",),
    (
        required("transaction_id", "VARCHAR", "Transaction concerned."),
        Column(
            "party_score",
            "DOUBLE",
            "Best score of a party's name or identifier against a blocking entry.",
        ),
        Column("party_rarity", "DOUBLE", "Uncapped evidence of that hit."),
        Column("bank_listed", "DOUBLE", "A bank of the chain is listed by its BIC or name."),
        Column("text_score", "DOUBLE", "Best score of a listed name or code inside free text."),
        Column(
            "owned_score",
            "DOUBLE",
            "Best score of a party's name against a firm with a blocked owner.",
        ),
        Column(
            "goods_rank",
            "DOUBLE",
            "Common High Priority tier of the best good found: 6 for tier 1 to 1 for tier 4.B.",
        ),
        Column("goods_confidence", "DOUBLE", "Confidence of the best good found."),
        Column("item_found", "DOUBLE", "A good of the section 11 item determination is named."),
        Column("russia_nexus", "DOUBLE", "Russia or Belarus by any signal."),
        Column(
            "russia_in_text", "DOUBLE", "Russia or Belarus in the text while no party is there."
        ),
        Column("goods_and_nexus", "DOUBLE", "Tier rank where Russia or Belarus is involved."),
        Column("goods_and_hub", "DOUBLE", "Tier rank where a party is in a diversion country."),
        Column(
            "hub_corridor", "DOUBLE", "Most naming sources of a party's country: 0 none to 3 many."
        ),
        Column(
            "days_since_incorporation",
            "DOUBLE",
            "Age of the bank's customer on the payment's date.",
        ),
        Column("founded_after_invasion", "DOUBLE", "The customer was founded after 2022-02-24."),
        Column(
            "new_and_goods", "DOUBLE", "Tier rank where the customer was founded after 2022-02-24."
        ),
        Column("first_time_pair", "DOUBLE", "No earlier payment between both parties is stored."),
        Column("pair_payments_30d", "DOUBLE", "Earlier payments of the pair within 30 days."),
        Column("pair_evenness_30d", "DOUBLE", "How alike the amounts of those payments are."),
        Column(
            "russian_inflow_30d",
            "DOUBLE",
            "The payer received from Russia or Belarus within 30 days before.",
        ),
        Column(
            "pass_through_ratio",
            "DOUBLE",
            "Likeness of amount to a payment received within 5 days before.",
        ),
        Column("chain_depth", "DOUBLE", "Different banks of the chain."),
        Column("further_bank_in_text", "DOUBLE", "The text names a bank that is no party."),
        Column("missing_fields", "DOUBLE", "Names and addresses of customers that are missing."),
        Column("hidden_payer", "DOUBLE", "The payer is called a customer of a bank or not at all."),
        Column(
            "plain_cover",
            "DOUBLE",
            "A plain bank transfer carries the reference of a customer transfer.",
        ),
        Column(
            "after_compliance_reject",
            "DOUBLE",
            "The same pair or amount was rejected for compliance within 30 days before.",
        ),
        Column("amount_log_usd", "DOUBLE", "Logarithm of the amount in US dollars."),
        Column(
            "exempt_trade",
            "DOUBLE",
            "Food or medicine or another exempt trade is named and no priority good.",
        ),
        Column("transit_words", "DOUBLE", "Words of transit, re-export or further credit."),
        Column(
            "acts_for_another", "DOUBLE", "The text says that the payer acts for somebody else."
        ),
        Column("other_and_nexus", "DOUBLE", "It does so where Russia or Belarus is involved."),
        Column("hiding_words", "DOUBLE", "Words that ask to hide, or that name no originator."),
        Column("agent_words", "DOUBLE", "Words of a payment agent."),
        Column(
            "passed_from_russia",
            "DOUBLE",
            "Likeness of amount to a payment just received, where money came from Russia.",
        ),
    ),
)

MODELS = Table(
    "models",
    "One row per model version that scored: where its log-odds begin, and its lines.",
    ("model_version",),
    (
        required("model_version", "VARCHAR", "Version of the risk model."),
        required("model_sha256", "VARCHAR", "SHA-256 of its step tables' file."),
        required("start_log_odds", "DOUBLE", "Log-odds before any feature is looked at."),
        required("review_at", "DOUBLE", "Least score of the band review."),
        required("escalate_at", "DOUBLE", "Least score of the band escalate."),
    ),
)

MODEL_STEPS = Table(
    "model_steps",
    "The whole model as a table: one row per step of a feature, with what it adds to the log-odds.",
    ("model_version", "feature", "step"),
    (
        required("model_version", "VARCHAR", "Version of the risk model."),
        required("feature", "VARCHAR", "Column of features."),
        required("step", "INTEGER", "0 where the value is not known; else from 1, ascending."),
        Column("above", "DOUBLE", "Values above this belong to the step; null = no lower end."),
        Column("up_to", "DOUBLE", "Values up to this one belong to it; null = no upper end."),
        required("contribution", "DOUBLE", "What the step adds to the log-odds, calibrated."),
        required("reason", "VARCHAR", "Code of the reason that the feature speaks for."),
        required(
            "monotone", "INTEGER", "1: more never lowers the score; -1: never raises; 0 free."
        ),
        required("value_type", "VARCHAR", "flag, share, rank, count, days, log or log_odds."),
        required("meaning", "VARCHAR", "What the feature says."),
    ),
)

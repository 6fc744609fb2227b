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
            "Best score of a party's name against a firm owned to 50 percent or more by blocked persons.",
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
            "names_differ",
            "DOUBLE",
            "How far another message of the payment names other customers.",
        ),
        Column(
            "names_differ_and_exposure",
            "DOUBLE",
            "The same where Russia, Russian money or a priority good is involved.",
        ),
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
            "agent_and_russia",
            "DOUBLE",
            "The same where Russia is involved or has paid the payer within 90 days.",
        ),
        Column(
            "passed_from_russia",
            "DOUBLE",
            "Likeness of amount to a payment just received, where money came from Russia.",
        ),
        Column(
            "russian_form_in_text",
            "DOUBLE",
            "The text names a firm in a Russian legal form, such as OOO or PAO.",
        ),
        Column(
            "newborn_and_goods",
            "DOUBLE",
            "Tier rank where the customer was founded within 180 days before.",
        ),
        Column(
            "newborn_off_line",
            "DOUBLE",
            "Tier rank where it was and its line of business deals in no such goods.",
        ),
        Column(
            "goods_off_line",
            "DOUBLE",
            "Tier rank where the customer's line of business deals in no such goods.",
        ),
        Column(
            "alike_and_exposure",
            "DOUBLE",
            "Payments of the pair within 14 days before that are alike within a tenth, where "
            "Russia, Belarus or a priority good is involved.",
        ),
        Column(
            "unit_price_ratio",
            "DOUBLE",
            "Price of a piece over the median of earlier payments for the same good.",
        ),
        Column(
            "consigned_no_end_user",
            "DOUBLE",
            "A credit consigns the goods to a bank and names no end user.",
        ),
        Column("consigned_and_goods", "DOUBLE", "Tier rank where it does so."),
        Column(
            "service_and_goods",
            "DOUBLE",
            "Tier rank where a service around goods is paid and Russia or Belarus is involved.",
        ),
        Column(
            "end_buyer_parties",
            "DOUBLE",
            "Payers or suppliers so far of the same end buyer or contract: at most 10.",
        ),
        Column("end_buyer_and_goods", "DOUBLE", "The same where a priority good is named."),
        Column(
            "pair_refused_60d",
            "DOUBLE",
            "Payments of the pair refused for compliance within 60 days before.",
        ),
        Column(
            "resent_with_less",
            "DOUBLE",
            "It comes again after such a refusal with a name shortened or a country left out.",
        ),
        Column(
            "currency_after_refusal", "DOUBLE", "It comes in another currency after such a refusal."
        ),
        Column(
            "passed_on_before",
            "DOUBLE",
            "How often the payer had passed on what came in within 3 days: at most 10.",
        ),
        Column(
            "passed_russian_on_before",
            "DOUBLE",
            "How often that had come after money from Russia: at most 10.",
        ),
        Column(
            "russian_payers_90d",
            "DOUBLE",
            "Payments from Russia to the payer before where the last was within 90 days: at most 10.",
        ),
        Column(
            "payee_passes_on",
            "DOUBLE",
            "How often the payee of money from Russia had passed on what came after such money: at most 10.",
        ),
        Column(
            "payee_russian_payers",
            "DOUBLE",
            "Payments from Russia to that payee before where the last was within 90 days: at most 10.",
        ),
        Column("value_route_words", "DOUBLE", "Words of notes, offsets, bullion or crypto."),
        Column(
            "value_route_and_russia",
            "DOUBLE",
            "The same where Russia is involved or has paid the payer within 90 days.",
        ),
        Column(
            "moved_bank",
            "DOUBLE",
            "The payer came from a bank in another country within 60 days before.",
        ),
        Column(
            "moved_together",
            "DOUBLE",
            "How many others went from that bank to the same one within the 90 days before: at most 5.",
        ),
        Column(
            "listed_evidence",
            "DOUBLE",
            "The best evidence of a listed person, bank or owner in any place.",
        ),
        Column("evasion_signs", "DOUBLE", "How many different ways of hiding are seen together."),
        Column(
            "signs_and_exposure",
            "DOUBLE",
            "The same where Russia, Russian money or a priority good is involved.",
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
